"""Records as arrays for the resolver, and where each stands after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from endeavour.engine.linkage.guard import FIRST_DAY
from endeavour.engine.linkage.resolve import Answer, Question, join, numbered

if TYPE_CHECKING:
    import duckdb
    from numpy.typing import NDArray

Pairs = dict[str, Any]
"""left_id and right_id (from nought), rule (-1: decided by a person) and weight (NaN: no model) as arrays."""

DECIDED = "SELECT left_id, right_id, -1 AS rule, NULL::DOUBLE AS weight FROM decided_same ORDER BY left_id, right_id"
FACTS = f"""
SELECT coalesce(n.code, -1) AS number, coalesce(date_diff('day', DATE '{FIRST_DAY}', birth_date), -1) AS birth,
    coalesce(known.person_id, 0) AS person
FROM record LEFT JOIN known USING (unique_id) LEFT JOIN (
    SELECT nhs_number, row_number() OVER (ORDER BY nhs_number) - 1 AS code
    FROM (SELECT DISTINCT nhs_number FROM record WHERE nhs_number IS NOT NULL)) AS n USING (nhs_number)
ORDER BY unique_id
"""
APART = """
SELECT left_id - 1, right_id - 1 FROM apart ANTI JOIN decided_same USING (left_id, right_id)
UNION SELECT left_id - 1, right_id - 1 FROM decided_different ORDER BY 1, 2
"""
STAND = """
CREATE OR REPLACE TABLE standing AS
SELECT unique_id, person, max(nhs_number) OVER (PARTITION BY person) AS number
FROM resolved JOIN record USING (unique_id)
"""


class People:
    """What the resolver needs of `record`, `known`, `apart` and the decisions, read once."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        found = connection.execute(FACTS).fetchnumpy()
        self.number, self.birth, self.person = (
            np.asarray(found[n], np.int64) for n in ("number", "birth", "person")
        )
        self.apart = connection.execute(APART).fetchall()
        self.last = int(connection.execute("SELECT last FROM last_person").fetchall()[0][0])

    def decided(self) -> Pairs:
        """The pairs that people decided to be the same."""
        return self.pairs(DECIDED)

    def pairs(self, sql: str) -> Pairs:
        """The pairs of a query of left_id, right_id, rule and weight."""
        found = self.connection.execute(sql).fetchnumpy()
        ids = {name: np.asarray(found[name], np.int64) - 1 for name in ("left_id", "right_id")}
        weight = np.ma.filled(np.ma.asarray(found["weight"], dtype=np.float64), np.nan)
        return ids | {"rule": np.asarray(found["rule"], np.int64), "weight": np.asarray(weight, np.float64)}

    def resolve(self, pairs: Pairs) -> NDArray[np.int8]:
        """Join the pairs, strongest first; make `standing` (unique_id, person, number); what became of each pair."""
        import pyarrow as pa

        found = joined(
            Question(
                left=pairs["left_id"], right=pairs["right_id"], forced=pairs["rule"] < 0, number=self.number,
                birth=self.birth, person=self.person, apart=self.apart,
            )
        )  # fmt: skip
        people = numbered(found, self.last)
        self.connection.register(
            "resolved", pa.table({"unique_id": np.arange(1, len(people) + 1), "person": people})
        )
        self.connection.execute(STAND)
        self.connection.unregister("resolved")
        return found.outcome


def joined(asked: Question) -> Answer:
    """The answer, by the engine that ENDEAVOUR_ENGINE names."""
    from endeavour.engine.lake.backends import engine_name

    if engine_name() == "spark":
        from endeavour.engine.linkage.resolve_on_spark import join_on_spark

        return join_on_spark(asked)
    return join(asked)


def together(first: Pairs, second: Pairs) -> Pairs:
    """Two lists of pairs as one, the first before the second."""
    return {name: np.concatenate([first[name], second[name]]) for name in first}
