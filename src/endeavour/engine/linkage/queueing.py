"""Put the doubtful pairs of a run before people: one pair for each two people, with its waterfall."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from endeavour.engine.linkage.resolve import TWO_KNOWN
from endeavour.engine.linkage.results import REVIEW
from endeavour.engine.linkage.review import AGREE, DIFFER, FIELDS, UNKNOWN, Factor
from endeavour.engine.linkage.waterfall import probability, waterfalls, weight_of

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

GREY, BRIDGE, QUARREL = "grey zone", "joins two known people", "disagrees with itself"
MOST = 5000
"""More pairs than a team can judge help nobody: the likeliest are kept."""

CHOOSE = f"""
CREATE TABLE review_pair AS
WITH possible AS (
    SELECT left_id, right_id, weight, '{GREY}' AS reason FROM scored WHERE weight >= $grey AND weight < $join
    UNION ALL SELECT left_id, right_id, 1000 AS weight, '{BRIDGE}' AS reason FROM bridge
),
counted AS (
    SELECT unique_id, person_id AS person, max(nhs_number) OVER (PARTITION BY person_id) AS number
    FROM person_of JOIN record USING (unique_id)
),
apart_people AS (
    SELECT possible.*, least(l.person, r.person) AS one, greatest(l.person, r.person) AS other
    FROM possible JOIN counted AS l ON l.unique_id = left_id JOIN counted AS r ON r.unique_id = right_id
    WHERE l.person <> r.person AND (l.number IS NULL OR r.number IS NULL OR l.number = r.number)
),
chosen AS (
    SELECT * FROM apart_people ANTI JOIN apart USING (left_id, right_id)
    QUALIFY row_number() OVER (PARTITION BY one, other ORDER BY weight DESC, left_id, right_id) = 1
),
quarrel AS (
    SELECT min(unique_id) AS left_id, max(unique_id) AS right_id, 2000 AS weight, '{QUARREL}' AS reason FROM (
        SELECT person, nhs_number, min(unique_id) AS unique_id FROM standing JOIN record USING (unique_id)
        WHERE nhs_number IS NOT NULL GROUP BY person, nhs_number)
    GROUP BY person HAVING count(*) > 1
)
SELECT left_id, right_id, reason FROM (
    SELECT left_id, right_id, weight, reason FROM chosen UNION ALL SELECT * FROM quarrel
) ANTI JOIN decided USING (left_id, right_id)
ORDER BY weight DESC, left_id, right_id LIMIT {MOST}
"""


def write(
    connection: duckdb.DuckDBPyConnection, part: Path, pairs: dict[str, Any], outcome: Any, weights: dict[str, Any], *,
    grey_from: float, join_at: float,
) -> None:  # fmt: skip
    """Write `review.parquet` in the shape that `review.py` reads, the most doubtful pairs first."""
    _choose(connection, pairs, outcome, grey_from=grey_from, join_at=join_at)
    told = {(left, right): factors for left, right, factors in waterfalls(connection, "review_pair", weights)}
    shown = {name: _shown(connection, name) for name in ("left_id", "right_id")}
    rows = []
    for left, right, reason in connection.execute(
        "SELECT left_id, right_id, reason FROM review_pair"
    ).fetchall():
        factors = told[left, right]
        weight = round(weight_of(factors), 4)
        rows.append(_row(shown["left_id"][left], shown["right_id"][right], factors, weight, reason))
    rows.sort(key=lambda row: (abs(row["probability"] - 0.5), row["left_id"], row["right_id"]))
    _write_rows(rows, part)


def write_patterns(
    connection: duckdb.DuckDBPyConnection, part: Path, pairs: dict[str, Any], outcome: Any, codes: dict[str, str]
) -> None:  # fmt: skip
    """The same without names: of each doubtful pair only which codes (`record`'s column: words) agree and which do not.

    `scored` holds the doubtful pairs, its weight the number of codes that agree.
    """
    _choose(connection, pairs, outcome, grey_from=0, join_at=len(codes) + 1)
    patterns = ", ".join(
        f"CASE WHEN l.{name} = r.{name} THEN '{AGREE}' WHEN l.{name} <> r.{name} THEN '{DIFFER}' ELSE '{UNKNOWN}' END"
        for name in codes
    )
    sides = ", ".join(f"{side}.agency, {side}.agency || ':' || {side}.record_id" for side in "lr")
    found = connection.execute(
        f"SELECT reason, {sides}, {patterns} FROM review_pair JOIN record AS l ON l.unique_id = left_id "
        "JOIN record AS r ON r.unique_id = right_id"
    ).fetchall()
    rows = []
    for reason, left_agency, left_id, right_agency, right_id, *pattern in found:
        left, right = (
            dict.fromkeys(FIELDS, "") | {"agency": agency, "id": name}
            for agency, name in ((left_agency, left_id), (right_agency, right_id))
        )
        factors = [Factor(words, said, 0.0) for words, said in zip(codes.values(), pattern, strict=True)]
        rows.append(_row(left, right, factors, 0.0, reason))
    # A pattern has no chance: the more that agrees, the sooner it is looked at.
    rows.sort(key=lambda row: (-_agreeing(row), row["left_id"], row["right_id"]))
    _write_rows(rows, part)


def _agreeing(row: dict[str, Any]) -> int:
    return sum(factor["words"] == AGREE for factor in row["factors"])


def _choose(
    connection: duckdb.DuckDBPyConnection, pairs: dict[str, Any], outcome: Any, *, grey_from: float, join_at: float
) -> None:  # fmt: skip
    """Make `review_pair` from `scored`, the pairs that would have joined two known people, and quarrels."""
    import pyarrow as pa

    at = np.flatnonzero((outcome == TWO_KNOWN) & (pairs["rule"] >= 0))
    connection.register(
        "bridge", pa.table({"left_id": pairs["left_id"][at] + 1, "right_id": pairs["right_id"][at] + 1})
    )
    connection.execute(CHOOSE, {"grey": grey_from, "join": join_at})
    connection.unregister("bridge")


def _write_rows(rows: list[dict[str, Any]], part: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.Table.from_pylist(rows, schema=schema()), part / REVIEW, compression="zstd")


def _row(
    left: dict[str, str], right: dict[str, str], factors: Any, weight: float, reason: str
) -> dict[str, Any]:
    """One pair, the records in order of their ids' text, as decisions name them."""
    left, right = sorted((left, right), key=lambda one: one["id"])
    return {
        "left_id": left["id"], "right_id": right["id"], "weight": weight, "probability": probability(weight),
        "reason": reason, "left": {n: left[n] for n in FIELDS}, "right": {n: right[n] for n in FIELDS},
        "factors": [{"field": f.field, "words": f.words, "weight": round(f.weight, 4)} for f in factors],
    }  # fmt: skip


def _shown(connection: duckdb.DuckDBPyConnection, side: str) -> dict[int, dict[str, str]]:
    """What the agency wrote, by record, for one side of the chosen pairs."""
    fields = ", ".join(f"coalesce(CAST(g.{name} AS VARCHAR), '') AS {name}" for name in FIELDS)
    rows = connection.execute(
        f"SELECT DISTINCT unique_id, r.agency || ':' || r.record_id AS id, {fields} FROM review_pair "
        f"JOIN record AS r ON unique_id = {side} JOIN given_record AS g USING (agency, record_id)"
    ).fetchall()
    return {row[0]: dict(zip(("id", *FIELDS), row[1:], strict=True)) for row in rows}


def schema() -> pa.Schema:
    """The shape of `review.parquet`."""
    import pyarrow as pa

    side = pa.struct([pa.field(name, pa.string()) for name in FIELDS])
    factor = pa.struct([("field", pa.string()), ("words", pa.string()), ("weight", pa.float64())])
    return pa.schema(
        [("left_id", pa.string()), ("right_id", pa.string()), ("weight", pa.float64()), ("probability", pa.float64()),
         ("reason", pa.string()), ("left", side), ("right", side), ("factors", pa.list_(factor))]
    )  # fmt: skip


def count(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """How many pairs wait, by reason."""
    return dict(
        connection.execute("SELECT reason, count(*) FROM review_pair GROUP BY 1 ORDER BY 1").fetchall()
    )
