"""Among whose households the choice is made: the lake's own, or those linked from the agencies' records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from endeavour.engine.cohort.features import LATEST_YEAR
from endeavour.engine.cohort.score import scored_households
from endeavour.engine.cohort.texts import as_array

if TYPE_CHECKING:
    import pyarrow as pa

    from endeavour.engine.cohort.fairness import Columns
    from endeavour.engine.cohort.rule import Rule
    from endeavour.engine.lake.backends import Backend

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Base:
    """Scored households, one array a column, and which of the lake's people live in each; person plane.

    `numbers` names what the household numbers belong to: a number means one household only beside it. `person` is in
    order; somebody may stand under two households where records of theirs were not brought together. `linked` are the
    linked people of each household in the same form, where people were linked. `about` is said of the base in public.
    """

    kind: Literal["lake", "linked"]
    numbers: str
    columns: Columns
    person: Ids
    household: Ids
    about: dict[str, Any]
    linked: tuple[Ids, Ids] | None = None

    @property
    def scored(self) -> tuple[Ids, Ids]:
        """Whom a model of need scores, and each one's household: linked people where there are any."""
        return self.linked or (self.person, self.household)

    def people_of(self, households: Ids) -> dict[int, list[int]]:
        """The lake's people in each of some households, by the household's number."""
        return in_each(households, self.person, self.household)


def in_each(households: Ids, person: Ids, household: Ids) -> dict[int, list[int]]:
    """Who lives in each of some households.

    >>> in_each(np.array([7]), np.array([1, 2, 3]), np.array([7, 8, 7]))
    {7: [1, 3]}
    """
    at = np.flatnonzero(np.isin(household, households))
    found: dict[int, list[int]] = {int(one): [] for one in households}
    for home, one in zip(household[at].tolist(), person[at].tolist(), strict=True):
        found[home].append(one)
    return found


def lake_base(rule: Rule, backend: Backend, *, lake_id: str, year: int = LATEST_YEAR) -> Base:
    """The lake's own households, as its maker knows them."""
    living = backend.run("SELECT person_id, household_id FROM person ORDER BY person_id")
    return Base(
        kind="lake",
        numbers=lake_id,
        columns=columns_of(scored_households(rule, backend, year=year)),
        person=living["person_id"].to_numpy(),
        household=living["household_id"].to_numpy(),
        about={"words": "the lake's own households, as its maker knows them: nobody had to be linked"},
    )


def columns_of(table: pa.Table) -> Columns:
    """A table as arrays, by column."""
    return {name: as_array(table[name]) for name in table.column_names}
