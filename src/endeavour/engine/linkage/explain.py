"""Why two records are, or are not, one person: what joined them, and the weight of each comparison in words."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from endeavour.engine.linkage.cleaning import clean
from endeavour.engine.linkage.extract_format import NAMES
from endeavour.engine.linkage.guard import LIKE_FORENAMES, SAME_HOME
from endeavour.engine.linkage.keys import KEYS
from endeavour.engine.linkage.paths import linkage_dir
from endeavour.engine.linkage.reading import agencies_in, source_sql
from endeavour.engine.linkage.results import ASSERTIONS, FILLERS, PEOPLE, Result, open_result
from endeavour.engine.linkage.rules import RULES
from endeavour.engine.linkage.waterfall import probability, waterfalls, weight_of
from endeavour.errors import BadInput, NotFound

if TYPE_CHECKING:
    import duckdb

REASONS = {one.name: one.reason for one in (*KEYS, *RULES)} | {
    "model": "The comparisons below add up to enough evidence.",
    "decided by a person": "Somebody looked at both records and decided so.",
}


def explain(
    left: str, right: str, *, root: Path | None = None, extracts: Path | None = None
) -> dict[str, Any]:
    """What is known about two records, named as AGENCY:RECORD (`nhs:17`); words and weights only, no personal data.

    Gives whether they count as one person, the links between them in force and ended, and, where the extracts can be
    read, the waterfall. NotFound when a record was never linked.
    """
    from endeavour.engine.linkage.run import connect

    root = root or linkage_dir()
    result = open_result(root)
    left, right = sorted((_checked(left), _checked(right)))
    if left == right:
        raise BadInput("Both ids name the same record.", hint="Give two, such as nhs:17 housing:204.")
    connection = connect()
    try:
        people = {name: _person(connection, result, name) for name in (left, right)}
        links = _path(connection, result, left, right) if people[left] == people[right] else []
        told: dict[str, Any] = {
            "left": left, "right": right, "is_one_person": people[left] == people[right],
            "person": {name: people[name] for name in (left, right)}, "links": links, "factors": [], "guard": [],
        }  # fmt: skip
        if result.summary["is_pseudonymised"]:
            return told
        _read_two(connection, extracts or root / "extracts", left, right, result)
        found = waterfalls(connection, "asked", result.weights)
        if found:
            factors = found[0][2]
            weight = weight_of(factors)
            told |= {
                "factors": [asdict(factor) for factor in factors],
                "weight": weight,
                "probability": probability(weight),
            }
        told["guard"] = _vetoes(connection)
        return told
    finally:
        connection.close()


def _checked(name: str) -> str:
    agency, _, number = name.partition(":")
    if not agency or not number:
        raise BadInput(
            f"'{name}' does not name a record.", hint="Give the agency and its record, such as nhs:17."
        )
    return name


def _person(connection: duckdb.DuckDBPyConnection, result: Result, name: str) -> int:
    agency, _, number = name.partition(":")
    found = connection.execute(
        f"SELECT counted_as FROM '{result.path(PEOPLE)}' WHERE agency = ? AND record_id = ?", [agency, number]
    ).fetchall()
    if not found:
        raise NotFound(
            f"The record {name} is not linked.", hint="It may be opted out, or its extract not given."
        )
    return int(found[0][0])


def _path(
    connection: duckdb.DuckDBPyConnection, result: Result, left: str, right: str
) -> list[dict[str, Any]]:
    """The links in force that lead from one record to the other, each with its reason."""
    columns = ("left_id", "right_id", "by", "weight", "asserted_on")
    reached: dict[str, list[dict[str, Any]]] = {left: []}
    edge = {left}
    while edge and right not in reached:
        rows = connection.execute(
            f"SELECT left_id, right_id, \"by\", weight, CAST(asserted_on AS VARCHAR) FROM '{result.path(ASSERTIONS)}' "
            "WHERE ended_on IS NULL AND (left_id IN (SELECT unnest($edge)) OR right_id IN (SELECT unnest($edge))) ORDER BY ALL",
            {"edge": sorted(edge)},
        ).fetchall()
        following = set()
        for row in rows:
            link = dict(zip(columns, row, strict=True)) | {"reason": REASONS[row[2]]}
            for here, there in ((row[0], row[1]), (row[1], row[0])):
                if here in edge and there not in reached:
                    reached[there] = [*reached[here], link]
                    following.add(there)
        edge = following
    return reached.get(right, [])


def _read_two(
    connection: duckdb.DuckDBPyConnection, folder: Path, left: str, right: str, result: Result
) -> None:
    """Make `record`, `name_share` and `asked` for just the two records."""
    from datetime import date

    agencies = agencies_in(folder)
    queries = []
    for name in (left, right):
        agency, _, number = name.partition(":")
        quoted = number.replace("'", "''")
        queries += [
            f"SELECT '{agency}' AS agency, {', '.join(NAMES)} FROM {source_sql(path, list(NAMES))} WHERE record_id = '{quoted}'"
            for path in agencies.get(agency, [])
        ]
    connection.execute(f"CREATE TABLE given_record AS {' UNION ALL '.join(queries)}")
    for column, kind in (("birth_date", "DATE"), ("address_from", "DATE"), ("opted_out", "BOOLEAN")):
        connection.execute(f"ALTER TABLE given_record ALTER {column} TYPE {kind}")
    fillers = result.path(FILLERS)
    clean(
        connection,
        as_at=date.fromisoformat(result.summary["as_at"]),
        fillers=fillers if fillers.is_file() else None,
    )
    connection.execute(f"CREATE TABLE name_share AS SELECT * FROM '{result.path('names.parquet')}'")
    connection.execute(
        "CREATE TABLE asked AS SELECT 1 AS left_id, 2 AS right_id FROM record WHERE unique_id = 2"
    )


def _vetoes(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Which of the guard's rules keep the two apart, in words."""
    found = connection.execute(
        f"SELECT l.nhs_number <> r.nhs_number, l.birth_date = r.birth_date AND ({SAME_HOME}) AND NOT {LIKE_FORENAMES} "
        "FROM asked JOIN record AS l ON l.unique_id = left_id JOIN record AS r ON r.unique_id = right_id"
    ).fetchall()
    if not found:
        return []
    words = (
        "two different valid NHS numbers",
        "the same birth date and home with dissimilar forenames: twins",
    )
    return [text for text, holds in zip(words, found[0], strict=True) if holds]
