"""The run without names: keyed codes in, the same kind of result out, and nothing a person could read in it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from endeavour.engine.linkage import history
from endeavour.engine.linkage.extract_format import MOST_RECORDS
from endeavour.engine.linkage.keys import KEYED_FIELDS, KEYS, pseudonymise_extracts
from endeavour.engine.linkage.paths import linkage_dir
from endeavour.engine.linkage.people import People, together
from endeavour.engine.linkage.reading import read_extracts
from endeavour.engine.linkage.resolve import OUTCOMES
from endeavour.engine.linkage.results import Result, before_this, finish, writing
from endeavour.engine.linkage.run import Talk, working

if TYPE_CHECKING:
    import duckdb


def keyed_dir() -> Path:
    """The pseudonymised mode's own folder: its results never stand beside those with names."""
    return linkage_dir() / "pseudonymised"


def run_keyed(
    *,
    root: Path | None = None,
    extracts: Path | None = None,
    afresh: bool = False,
    most: int = MOST_RECORDS,
    as_at: date | None = None,
    talk: Talk = lambda _what: None,
) -> Result:
    """Link keyed extracts and make the result the one in use.

    `extracts` holds what the agencies sent, made with `endeavour linkage pseudonymise`. Without it, the installation's
    own (synthetic) extracts are turned into codes first, which needs the secret. Errors as for `run_linkage`.
    """
    root = root or keyed_dir()
    if extracts is None:
        talk("turning the extracts into keyed codes")
        extracts = root / "extracts"
        pseudonymise_extracts(linkage_dir() / "extracts", extracts)
    with writing(root) as part:
        before = None if afresh else before_this(root)
        with working(part) as connection:
            summary = _run(connection, part, root, extracts, before, most=most, as_at=as_at, talk=talk)
        return finish(root, part, summary)


def _run(
    connection: duckdb.DuckDBPyConnection, part: Path, root: Path, extracts: Path, before: Result | None, *,
    most: int, as_at: date | None, talk: Talk,
) -> dict[str, Any]:  # fmt: skip
    talk("reading the codes")
    earlier = before.summary["given"] if before else None
    given = read_extracts(connection, extracts, most=most, before=earlier, fields=KEYED_FIELDS)
    day = (
        as_at
        or connection.execute(
            "SELECT coalesce(max(address_from), DATE '2000-01-01') FROM given_record"
        ).fetchall()[0][0]
    )
    connection.execute(
        "CREATE TABLE record AS SELECT row_number() OVER (ORDER BY agency, length(record_id), record_id) AS unique_id, "
        "nhs_number_code AS nhs_number, NULL::DATE AS birth_date, * EXCLUDE (nhs_number_code) FROM given_record ORDER BY unique_id"
    )
    connection.execute("DROP TABLE given_record")
    talk("comparing the codes")
    key_pairs(connection)
    connection.execute("CREATE TABLE apart (left_id BIGINT, right_id BIGINT)")
    history.read_before(connection, before, root)
    people = People(connection)
    found = people.pairs(
        "SELECT left_id, right_id, rule, NULL::DOUBLE AS weight FROM key_pair ORDER BY rule, left_id, right_id"
    )
    pairs = together(people.decided(), found)
    outcome = people.resolve(pairs)
    talk("writing people and links")
    history.write(connection, part, pairs, outcome, day, rules=[key.name for key in KEYS])
    tally = np.bincount(outcome, minlength=len(OUTCOMES))
    return {
        "as_at": day.isoformat(),
        "given": given,
        "opted_out": 0,
        "records": sum(given.values()),
        **history.counts(connection),
        "pairs": {name: int(n) for name, n in zip(OUTCOMES, tally, strict=True)},
        "to_review": {},
        "households": {},
        "is_pseudonymised": True,
    }


def key_pairs(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `key_pair` (left_id, right_id, rule): records with an equal code, each tied to the first that has it."""
    queries = []
    for number, key in enumerate(KEYS):
        lone = "AND (NOT has_many OR first_number = nhs_number)" if key.is_lone else ""
        queries.append(
            f"SELECT first_id AS left_id, unique_id AS right_id, {number} AS rule FROM (SELECT unique_id, nhs_number, "
            f"min(unique_id) OVER same AS first_id, first_value(nhs_number) OVER (same ORDER BY unique_id) AS first_number, "
            f"min(nhs_number) OVER same <> max(nhs_number) OVER same AS has_many FROM record WHERE {key.name} IS NOT NULL "
            f"WINDOW same AS (PARTITION BY {key.name})) WHERE unique_id > first_id {lone}"
        )
    connection.execute(
        "CREATE TABLE key_pair AS SELECT left_id, right_id, min(rule) AS rule FROM ("
        + " UNION ALL ".join(queries)
        + ") GROUP BY left_id, right_id"
    )
