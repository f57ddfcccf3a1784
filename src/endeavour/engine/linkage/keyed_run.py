"""The run without names: keyed codes in, the same kind of result out, and nothing a person could read in it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from endeavour.engine.linkage import history, queueing
from endeavour.engine.linkage.extract_format import MOST_RECORDS
from endeavour.engine.linkage.households import form_households
from endeavour.engine.linkage.keys import (
    HOME_ADDRESS,
    HOME_PROPERTY,
    KEYED_DIRECTORY,
    KEYED_FIELDS,
    KEYS,
    pseudonymise_extracts,
)
from endeavour.engine.linkage.paths import keyed_dir, linkage_dir
from endeavour.engine.linkage.people import People, together
from endeavour.engine.linkage.reading import DIRECTORY, read_extracts, read_or_empty
from endeavour.engine.linkage.results import Result
from endeavour.engine.linkage.run import Talk, carry_out, day_of, plain_pairs, summary_of, write_homes

if TYPE_CHECKING:
    import duckdb

HOME = (
    f"CAST({HOME_PROPERTY} AS VARCHAR) AS uprn, coalesce(lsoa21, 'not known') AS postcode, "
    f"CAST({HOME_ADDRESS} AS VARCHAR) AS house"
)
"""Codes in the place of an address: the neighbourhood stands for the postcode, the address's code for the house."""


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
    folder = extracts or root / "extracts"

    def work(connection: duckdb.DuckDBPyConnection, part: Path, before: Result | None) -> dict[str, Any]:
        if extracts is None:
            talk("turning the extracts into keyed codes")
            pseudonymise_extracts(linkage_dir() / "extracts", folder)
        return _run(connection, part, root, folder, before, most=most, as_at=as_at, talk=talk)

    return carry_out(work, root, afresh=afresh, talk=talk)


def _run(
    connection: duckdb.DuckDBPyConnection, part: Path, root: Path, extracts: Path, before: Result | None, *,
    most: int, as_at: date | None, talk: Talk,
) -> dict[str, Any]:  # fmt: skip
    talk("reading the codes")
    earlier = before.summary["given"] if before else None
    given = read_extracts(connection, extracts, most=most, before=earlier, fields=KEYED_FIELDS)
    day = as_at or day_of(connection)
    connection.execute(
        "CREATE TABLE record AS SELECT row_number() OVER (ORDER BY agency, length(record_id), record_id) AS unique_id, "
        "nhs_number_code AS nhs_number, NULL::DATE AS birth_date, * EXCLUDE (nhs_number_code, opted_out), "
        f"{HOME} FROM given_record WHERE NOT opted_out ORDER BY unique_id"
    )
    connection.execute(
        f"CREATE TABLE opted_out_address AS SELECT DISTINCT {HOME} FROM given_record WHERE opted_out"
    )
    connection.execute("DROP TABLE given_record")
    talk("comparing the codes")
    key_pairs(connection)
    connection.execute("CREATE TABLE apart (left_id BIGINT, right_id BIGINT)")
    history.read_before(connection, before, root)
    people = People(connection)
    pairs = together(people.decided(), people.pairs(plain_pairs("key_pair")))
    outcome = people.resolve(pairs)
    talk("writing people, links and households")
    history.write(connection, part, pairs, outcome, day, rules=[key.name for key in KEYS])
    grey_pairs(connection)
    codes = {"nhs_number": "NHS number"} | {key.name: key.reason.split(":")[0].rstrip(".") for key in KEYS}
    queueing.write_patterns(connection, part, pairs, outcome, codes)
    _read_homes(connection, extracts)
    households = form_households(connection)
    write_homes(connection, part)
    records = connection.execute("SELECT count(*) FROM record").fetchall()[0][0]
    return summary_of(connection, before, given, day, outcome, households, {"records": records}) | {
        "is_pseudonymised": True
    }


def grey_pairs(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `scored`: a record without a number, beside each of several people with one whose lone code it shares.

    Name and birth date speak of more than one person there, so that nothing says whose the record is. The weight is
    how many codes agree.
    """
    agreeing = " + ".join(f"CASE WHEN l.{key.name} = r.{key.name} THEN 1 ELSE 0 END" for key in KEYS)
    shared = " UNION ".join(
        f"SELECT least(n.unique_id, k.unique_id) AS left_id, greatest(n.unique_id, k.unique_id) AS right_id "
        f"FROM record AS n JOIN (SELECT {key.name}, nhs_number, min(unique_id) AS unique_id FROM record "
        f"WHERE nhs_number IS NOT NULL AND {key.name} IS NOT NULL GROUP BY {key.name}, nhs_number "
        f"QUALIFY count(*) OVER (PARTITION BY {key.name}) > 1) AS k USING ({key.name}) WHERE n.nhs_number IS NULL"
        for key in KEYS
        if key.is_lone
    )
    connection.execute(
        f"CREATE TABLE scored AS SELECT left_id, right_id, {agreeing} AS weight FROM ({shared}) "
        "JOIN record AS l ON l.unique_id = left_id JOIN record AS r ON r.unique_id = right_id"
    )


def _read_homes(connection: duckdb.DuckDBPyConnection, extracts: Path) -> None:
    """Make `directory` from the directory of codes; an empty one where none was sent."""
    read_or_empty(connection, "keyed_directory", extracts / DIRECTORY, KEYED_DIRECTORY)
    connection.execute(
        f"CREATE TABLE directory AS SELECT {HOME}, lsoa21, CAST(imd2025_decile AS TINYINT) AS imd2025_decile, is_communal "
        "FROM keyed_directory"
    )


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
