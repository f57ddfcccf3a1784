"""A year of people as the model sees them: its columns, the groups it is judged by, and what happened the year after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from endeavour.engine.cohort.features import LATEST_YEAR
from endeavour.engine.cohort.logistic import Matrix
from endeavour.engine.cohort.people import FIFTH, SEX_WORDS, outcomes_sql, people_sql
from endeavour.engine.cohort.terms import all_terms, matrix_columns
from endeavour.engine.cohort.texts import as_array
from endeavour.errors import Missing

if TYPE_CHECKING:
    import pyarrow as pa

    from endeavour.engine.lake.backends import Backend

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

ROWS: Final = 16_384
GROUPS: Final = {
    "deprivation": FIFTH,
    "ethnicity": "ethnicity",
    "sex": SEX_WORDS,
    "both": "concat(CASE WHEN imd2025_decile <= 4 THEN 'more deprived two fifths' ELSE 'other three fifths' END, "
    "CASE WHEN plus_minoritised_ethnic THEN ', minoritised' ELSE ', white' END)",
    "decile": "concat('decile ', CAST(imd2025_decile AS VARCHAR))",
}


@dataclass(frozen=True)
class Year:
    """People in order of `person_id` at the end of a year; `crisis` and `cost` are of the next one, False and 0 if unknown.

    `groups[kind]` is each person's group as text. `cost` is in the definition's relative units.
    """

    person: npt.NDArray[np.int64]
    household: npt.NDArray[np.int64]
    x: Matrix
    groups: dict[str, npt.NDArray[Any]]
    crisis: Bools
    cost: Floats


def years_of(backend: Backend) -> list[int]:
    """The financial years up to that of the choice, in order; `Missing` with fewer than a fair test's three.

    A later year, kept to see what came of it, is never learnt from.
    """
    read = backend.run("SELECT DISTINCT financial_year AS y FROM event")["y"].to_pylist()
    found = [year for year in read if year <= LATEST_YEAR]
    if len(found) < 3:
        raise Missing(
            f"The lake holds {len(found)} of the three years that a model needs: one to learn from, one to learn "
            "what followed, and one to test on.",
            hint="Build it again with: endeavour lake build --years 3",
        )
    return sorted(found)


def read_year(backend: Backend, year: int, costs: dict[str, float], *, among: Sequence[int] = ()) -> Year:
    """People at the end of `year` and what the next year brought; `among` keeps some of them by id."""
    groups = ", ".join(f"{sql} AS group_{kind}" for kind, sql in GROUPS.items())
    listed = ", ".join(map(str, among))
    table = backend.run(f"""WITH people AS (
{people_sql(year, among=listed)}
),
following AS (
{outcomes_sql(year + 1, costs, among=listed)}
)
SELECT p.person_id AS person_id, p.household_id AS household_id, {matrix_columns()}, {groups},
  coalesce(f.crises, 0) > 0 AS crisis, coalesce(f.cost, CAST(0 AS DOUBLE)) AS cost
FROM people AS p LEFT JOIN following AS f ON f.person_id = p.person_id ORDER BY p.person_id""")
    return Year(
        person=table["person_id"].to_numpy(),
        household=table["household_id"].to_numpy(),
        x=_matrix(table),
        groups={kind: as_array(table[f"group_{kind}"]) for kind in GROUPS},
        crisis=table["crisis"].to_numpy(zero_copy_only=False),
        cost=table["cost"].to_numpy(),
    )


def _matrix(table: pa.Table) -> Matrix:
    """The terms of each row; a slice of rows at a time stays in the processor's cache, which is seven times as fast."""
    terms = all_terms()
    x = np.empty((table.num_rows, len(terms)), np.float32)
    start = 0
    for part in table.select([term.name for term in terms]).to_batches(max_chunksize=ROWS):
        for at, column in enumerate(part.columns):
            x[start : start + part.num_rows, at] = column.to_numpy()
        start += part.num_rows
    return x
