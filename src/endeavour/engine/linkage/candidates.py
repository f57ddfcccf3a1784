"""The pairs that the exact rules left open and that share enough to be worth weighing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from endeavour.engine.linkage.comparisons import BLOCKS

if TYPE_CHECKING:
    import duckdb

MOST_IN_A_BLOCK = 60
"""More records than this that agree on a block agree on something that says nothing: a default date, a hostel."""


def candidate_pairs(connection: duckdb.DuckDBPyConnection) -> int:
    """Make `candidate` (match_key, join_key_l, join_key_r) from `record` and `standing`; give how many there are.

    `standing` has for each record its group so far (`person`) and the group's NHS number. At least one side of a pair
    is in a group without a number: two different numbers are kept apart anyway, and equal ones have a block of
    their own. Within each pair of groups only pairs of records from different groups are weighed. The pairs are found
    by the engine that ENDEAVOUR_ENGINE names.
    """
    from endeavour.engine.lake.backends import engine_name

    connection.execute(
        "CREATE OR REPLACE TABLE weighed AS SELECT record.*, person, number FROM record JOIN standing USING (unique_id)"
    )
    connection.execute("CREATE OR REPLACE TABLE open_record AS SELECT * FROM weighed WHERE number IS NULL")
    if engine_name() == "spark":
        from endeavour.engine.linkage.spark import pairs_on_spark

        pairs_on_spark(connection, blocking_sql())
    else:
        connection.execute(f"CREATE OR REPLACE TABLE candidate AS {blocking_sql()}")
    return int(connection.execute("SELECT count(*) FROM candidate").fetchall()[0][0])


def blocking_sql() -> str:
    """The pairs of `weighed` and `open_record` that agree on some block, each once, in order; for both engines."""
    queries = []
    for at, block in enumerate(BLOCKS):
        on = " AND ".join(f"{_of('o', column)} = {_of('w', column)}" for column in block.on)
        some = "weighed" if block.on == ("nhs_number",) else "open_record"
        source = f"(SELECT * FROM {some} QUALIFY count(*) OVER (PARTITION BY {', '.join(block.on)}) <= {MOST_IN_A_BLOCK})"
        queries.append(
            f"SELECT least(o.unique_id, w.unique_id) AS join_key_l, greatest(o.unique_id, w.unique_id) AS join_key_r, "
            f"'{at}' AS match_key FROM {source} AS o JOIN weighed AS w ON {on} AND o.person <> w.person"
        )
    return (
        "SELECT min(match_key) AS match_key, join_key_l, join_key_r FROM ("
        + " UNION ALL ".join(queries)
        + ") AS found GROUP BY join_key_l, join_key_r ORDER BY join_key_l, join_key_r"
    )


def _of(alias: str, column: str) -> str:
    """A block's column, of one of the two records."""
    return re.sub(r"\b(birth_date|root|surname|uprn|postcode|house|nhs_number)\b", rf"{alias}.\1", column)
