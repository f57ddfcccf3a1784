"""What was known before a run, and what a run adds to it: people keep their number, links are ended, never erased."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from endeavour.engine.linkage.resolve import JOINED, TWO_KNOWN
from endeavour.engine.linkage.results import ASSERTIONS, PEOPLE, Result
from endeavour.engine.linkage.review import read_decisions

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

BY_DECISION, BY_MODEL = "decided by a person", "model"
LEFT_EXTRACT = "a record is no longer in its agency's extract"
DECIDED_APART = "somebody decided that they are different people"

EMPTY = """
CREATE TABLE before_people (agency VARCHAR, record_id VARCHAR, person_id BIGINT, counted_as BIGINT, linked_on DATE, left_on DATE);
CREATE TABLE before_assertion (left_id VARCHAR, right_id VARCHAR, "by" VARCHAR, weight DOUBLE, asserted_on DATE, ended_on DATE, ended_because VARCHAR)
"""
BEFORE = """
CREATE TABLE named AS SELECT unique_id, agency || ':' || record_id AS name FROM record;
CREATE TABLE decided AS SELECT d.verdict, d.left_id AS left_name, d.right_id AS right_name,
    least(l.unique_id, r.unique_id) AS left_id, greatest(l.unique_id, r.unique_id) AS right_id
    FROM decision AS d JOIN named AS l ON d.left_id = l.name JOIN named AS r ON d.right_id = r.name;
CREATE TABLE decided_same AS SELECT left_id, right_id FROM decided WHERE verdict = 'same';
CREATE TABLE decided_different AS SELECT left_id, right_id FROM decided WHERE verdict = 'different';
CREATE TABLE last_person AS SELECT coalesce(max(person_id), 0) AS last FROM before_people;
CREATE TABLE was AS SELECT unique_id, person_id FROM record JOIN before_people USING (agency, record_id);
CREATE TABLE parted AS SELECT DISTINCT right_id AS unique_id FROM decided_different
    JOIN was AS l ON l.unique_id = left_id JOIN was AS r ON r.unique_id = right_id WHERE l.person_id = r.person_id;
CREATE TABLE known AS SELECT unique_id, person_id FROM was ANTI JOIN parted USING (unique_id)
"""


def read_before(connection: duckdb.DuckDBPyConnection, before: Result | None, root: Path) -> None:
    """Make `known`, `last_person` and the tables of decisions from the result in use and what people decided.

    Where two records of one known person were decided to be different, the later of the two is known no longer.
    """
    import pyarrow as pa

    if before is None:
        _each(connection, EMPTY)
    else:
        for table, name in (("before_people", PEOPLE), ("before_assertion", ASSERTIONS)):
            path = str(before.path(name)).replace("'", "''")
            connection.execute(f"CREATE TABLE {table} AS SELECT * FROM read_parquet('{path}')")
    decisions = read_decisions(root)
    columns = {
        name: pa.array([getattr(one, name) for one in decisions], pa.string())
        for name in ("left_id", "right_id", "verdict")
    }
    connection.register("decision_given", pa.table(columns))
    connection.execute("CREATE TABLE decision AS SELECT * FROM decision_given")
    connection.unregister("decision_given")
    _each(connection, BEFORE)


def _each(connection: duckdb.DuckDBPyConnection, statements: str) -> None:
    for statement in statements.split(";"):
        connection.execute(statement)


def write(
    connection: duckdb.DuckDBPyConnection,
    part: Path,
    pairs: dict[str, Any],
    outcome: Any,
    day: date,
    *,
    rules: list[str],
) -> None:
    """Write people and assertions (`rules` names what a pair's `rule` counts); make `person_of` (unique_id, person_id), with decided equals counted as one."""
    connection.register("same_as", _same_as(connection, pairs, outcome))
    connection.execute(
        "CREATE TABLE person_of AS SELECT unique_id, person AS given_id, coalesce(counted_as, person) AS person_id "
        "FROM standing LEFT JOIN same_as ON person = same_as.person_id"
    )
    people = connection.sql(
        "SELECT agency, record_id, coalesce(given_id, b.person_id) AS person_id, "
        "coalesce(p.person_id, b.counted_as) AS counted_as, coalesce(b.linked_on, $day) AS linked_on, "
        "CASE WHEN given_id IS NULL THEN coalesce(b.left_on, $day) END AS left_on "
        "FROM (SELECT agency, record_id, given_id, person_id FROM record JOIN person_of USING (unique_id)) AS p "
        "FULL JOIN before_people AS b USING (agency, record_id) ORDER BY agency, length(record_id), record_id",
        params={"day": day},
    ).to_arrow_table()
    _write(people, part / PEOPLE)
    connection.register("joined", _joined(pairs, outcome, rules))
    assertions = connection.sql(
        'SELECT b.left_id, b.right_id, "by", weight, asserted_on, coalesce(ended_on, CASE WHEN l.unique_id IS NULL OR '
        "r.unique_id IS NULL OR lp.given_id <> rp.given_id THEN $day END) AS ended_on, coalesce(ended_because, CASE "
        "WHEN l.unique_id IS NULL OR r.unique_id IS NULL THEN $gone WHEN lp.given_id <> rp.given_id THEN $apart END) "
        "AS ended_because FROM before_assertion AS b LEFT JOIN named AS l ON b.left_id = l.name "
        "LEFT JOIN named AS r ON b.right_id = r.name LEFT JOIN person_of AS lp ON lp.unique_id = l.unique_id "
        "LEFT JOIN person_of AS rp ON rp.unique_id = r.unique_id "
        'UNION ALL SELECT l.name, r.name, "by", weight, $day, NULL, NULL FROM joined '
        "JOIN named AS l ON l.unique_id = left_id JOIN named AS r ON r.unique_id = right_id "
        "ORDER BY asserted_on, left_id, right_id",
        params={"day": day, "gone": LEFT_EXTRACT, "apart": DECIDED_APART},
    ).to_arrow_table()
    _write(assertions, part / ASSERTIONS)


def _write(table: pa.Table, path: Path) -> None:
    import pyarrow.parquet as pq

    pq.write_table(table, path, compression="zstd")


def _joined(pairs: dict[str, Any], outcome: Any, rules: list[str]) -> pa.Table:
    """The pairs that were joined, with who or what says so."""
    import pyarrow as pa

    at = np.flatnonzero(outcome == JOINED)
    names = np.array([BY_DECISION, *rules])
    return pa.table(
        {
            "left_id": pairs["left_id"][at] + 1,
            "right_id": pairs["right_id"][at] + 1,
            "by": names[pairs["rule"][at] + 1],
            "weight": pa.array(np.round(pairs["weight"][at], 4), from_pandas=True),
        }
    )


def _same_as(connection: duckdb.DuckDBPyConnection, pairs: dict[str, Any], outcome: Any) -> pa.Table:
    """Known people whom somebody decided to be one: each counted as the one with the lowest number."""
    import pyarrow as pa

    at = np.flatnonzero((outcome == TWO_KNOWN) & (pairs["rule"] < 0))
    connection.register(
        "equal", pa.table({"left_id": pairs["left_id"][at] + 1, "right_id": pairs["right_id"][at] + 1})
    )
    rows = connection.execute(
        "SELECT l.person, r.person FROM equal JOIN standing AS l ON l.unique_id = left_id "
        "JOIN standing AS r ON r.unique_id = right_id ORDER BY 1, 2"
    ).fetchall()
    connection.unregister("equal")
    counted: dict[int, int] = {}

    def lowest(person: int) -> int:
        while counted.get(person, person) != person:
            person = counted[person]
        return person

    for one, other in rows:
        first, second = sorted((lowest(one), lowest(other)))
        counted[second] = first
        counted.setdefault(first, first)
    people = sorted(counted)
    return pa.table(
        {
            "person_id": pa.array(people, pa.int64()),
            "counted_as": pa.array([lowest(one) for one in people], pa.int64()),
        }
    )


def series(before: Result | None, given: dict[str, int], day: date) -> str:
    """A name for the numbers that people and households bear: kept by every later run, new when one begins afresh."""
    if before is not None and "series" in before.summary:
        return str(before.summary["series"])
    text = json.dumps([given, day.isoformat()], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def counts(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """How many people there are, how many of them new, and how many links each rule made in this run."""
    found = connection.execute(
        "SELECT count(DISTINCT person_id), count(DISTINCT given_id) FILTER (WHERE given_id > last) FROM person_of, last_person"
    ).fetchall()[0]
    by = connection.execute('SELECT "by", count(*) FROM joined GROUP BY 1 ORDER BY 1').fetchall()
    return {"people": found[0], "new_people": found[1], "links_made": dict(by)}
