"""How good a result is, against the truth that only a synthetic world has: every pair of records counts once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from endeavour.engine.linkage.paths import linkage_dir
from endeavour.engine.linkage.results import PEOPLE, Result
from endeavour.errors import Missing

if TYPE_CHECKING:
    import pyarrow as pa


def pairwise(found: NDArray[Any], truth: NDArray[Any]) -> dict[str, float]:
    """Precision and recall over pairs: of pairs put together, how many belong; of pairs that belong, how many were.

    Source: the usual pairwise measures of entity resolution (Christen 2012, Data Matching, chapter 7).

    >>> pairwise(np.array([1, 1, 1, 2]), np.array([5, 5, 6, 6]))
    {'precision': 0.3333333333333333, 'recall': 0.5, 'pairs_found': 3, 'pairs_true': 2}
    """

    def pairs(*labels: NDArray[Any]) -> int:
        order = np.lexsort(labels)
        new = np.any([np.diff(label[order], prepend=label[order[:1]]) != 0 for label in labels], axis=0)
        sizes = np.bincount(np.cumsum(new))
        return int((sizes * (sizes - 1) // 2).sum())

    together, belong, both = pairs(found), pairs(truth), pairs(found, truth)
    return {
        "precision": both / together if together else 1.0,
        "recall": both / belong if belong else 1.0,
        "pairs_found": together,
        "pairs_true": belong,
    }


def evaluate(result: Result, root: Path | None = None) -> dict[str, Any]:
    """Pairwise precision and recall of people, and of households without doubts; Missing where there is no truth."""
    from endeavour.engine.linkage.run import connect

    truth = (root or linkage_dir()) / "truth"
    if not (truth / "records.parquet").is_file():
        raise Missing(
            "There is no truth to judge by: real extracts have none.", hint="It comes with synthetic ones."
        )
    connection = connect()
    try:
        people = connection.sql(
            f"SELECT p.agency, p.counted_as, t.person_id FROM '{result.path(PEOPLE)}' AS p "
            f"JOIN '{truth / 'records.parquet'}' AS t USING (agency, record_id) WHERE p.left_on IS NULL ORDER BY ALL"
        ).to_arrow_table()
        told: dict[str, Any] = {"people": _numbers(people, "counted_as", "person_id")}
        told["by_agency"] = {
            agency: _numbers(people.filter(_is(people, agency)), "counted_as", "person_id")
            for agency in sorted(set(people.column("agency").to_pylist()))
        }
        if result.path("homes.parquet").is_file():
            homes = connection.sql(
                f"WITH who AS (SELECT counted_as, mode(person_id ORDER BY person_id) AS person_id FROM people GROUP BY 1) "
                f"SELECT h.household_id, t.uprn FROM '{result.path('homes.parquet')}' AS h "
                f"JOIN '{result.path('households.parquet')}' AS k USING (household_id) "
                f"JOIN who ON who.counted_as = h.person_id JOIN '{truth / 'homes.parquet'}' AS t "
                "ON t.person_id = who.person_id WHERE len(k.doubts) = 0"
            ).to_arrow_table()
            codes = homes.column("uprn").combine_chunks().dictionary_encode().indices.to_numpy()
            told["households"] = pairwise(homes.column("household_id").to_numpy(), codes)
    finally:
        connection.close()
    return told


def _is(table: pa.Table, agency: str) -> Any:
    import pyarrow.compute as pc

    return pc.equal(table.column("agency"), agency)


def _numbers(table: pa.Table, found: str, truth: str) -> dict[str, float]:
    return pairwise(table.column(found).to_numpy(), table.column(truth).to_numpy())
