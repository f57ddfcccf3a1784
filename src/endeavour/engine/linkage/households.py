"""Who lives together on a day: people whose newest dated address is the same home, with what speaks against it.

A household is only as good as its addresses, so each carries its doubts. Communal establishments are set apart: they
are homes, but not households. A household bears the number of its member with the lowest one, and so keeps its number
while that member stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from endeavour.engine.linkage.cleaning import HOUSE, POSTCODE, UPRN

if TYPE_CHECKING:
    import duckdb

OPTED_OUT = f"""
CREATE TABLE opted_out_address AS
SELECT DISTINCT agency, {UPRN} AS uprn, {POSTCODE} AS postcode, {HOUSE} AS house FROM given_record WHERE opted_out
"""
"""Of a record with the national data opt-out only its address is used, and only to leave that household alone."""

LARGEST = 12
"""More people than this at one private address are more likely leavers never taken off than a household."""

DOUBTS = {
    "communal": "A communal establishment, set apart",
    "size": f"More than {LARGEST} people",
    "area": "Members' records put this home in different areas",
    "deprivation": "Members' records put this home in different deprivation deciles",
    "unknown address": "The address is not in the directory",
}
"""What each doubt means. A household without any is fit to use."""

PLACE = """
CREATE TABLE place AS
SELECT postcode, mode(lsoa21) AS lsoa21, mode(imd2025_decile) AS decile FROM directory GROUP BY postcode
"""
QUERY = f"""
{PLACE};

CREATE TABLE at_address AS
SELECT postcode, house, min(uprn) AS uprn FROM directory GROUP BY postcode, house HAVING count(*) = 1;

CREATE TABLE home AS
WITH dated AS (
    SELECT person_id, unique_id, address_from, record.postcode,
        coalesce(record.uprn, at_address.uprn, record.postcode || ' ' || record.house) AS home
    FROM record JOIN person_of USING (unique_id)
    LEFT JOIN at_address ON record.postcode = at_address.postcode AND record.house = at_address.house
)
SELECT person_id, arg_max(home, rank) AS home, arg_max(postcode, rank) AS postcode,
    arg_max(address_from, rank) AS address_from
FROM (SELECT *, (coalesce(address_from, DATE '1900-01-01'), -unique_id) AS rank FROM dated WHERE home IS NOT NULL)
GROUP BY person_id;

CREATE TABLE member AS
SELECT home.*, min(person_id) OVER (PARTITION BY home) AS household_id FROM home;

CREATE TABLE opted_out_home AS
SELECT DISTINCT coalesce(o.uprn, a.uprn, o.postcode || ' ' || o.house) AS home
FROM opted_out_address AS o LEFT JOIN at_address AS a ON o.postcode = a.postcode AND o.house = a.house;

CREATE TABLE household AS
WITH counted AS (
    SELECT household_id, any_value(home) AS home, count(*) AS size, max(address_from) AS last_seen_on,
        count(DISTINCT place.lsoa21) AS areas, count(DISTINCT place.decile) AS deciles
    FROM member LEFT JOIN place USING (postcode)
    GROUP BY household_id
)
SELECT household_id, counted.home, size, last_seen_on, lsoa21, imd2025_decile,
    opted_out_home.home IS NOT NULL AS has_opted_out,
    list_filter([
        CASE WHEN is_communal THEN 'communal' END,
        CASE WHEN size > {LARGEST} AND NOT coalesce(is_communal, false) THEN 'size' END,
        CASE WHEN areas > 1 THEN 'area' END,
        CASE WHEN deciles > 1 THEN 'deprivation' END,
        CASE WHEN directory.uprn IS NULL THEN 'unknown address' END
    ], lambda doubt: doubt IS NOT NULL) AS doubts
FROM counted LEFT JOIN directory ON counted.home = directory.uprn
LEFT JOIN opted_out_home ON counted.home = opted_out_home.home
ORDER BY household_id
"""


def form_households(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Make `member` and `household` from `record`, `person_of`, `opted_out_address` and `directory`; count by doubt.

    `usable` households have no doubt. A household with several is counted once under each.
    """
    for statement in QUERY.split(";"):
        connection.execute(statement)
    counts = connection.execute(
        "SELECT count(*), count(*) FILTER (WHERE len(doubts) = 0) FROM household"
    ).fetchall()[0]
    doubtful = dict(
        connection.execute(
            "SELECT doubt, count(*) FROM (SELECT unnest(doubts) AS doubt FROM household) GROUP BY doubt"
        ).fetchall()
    )
    return {"households": counts[0], "usable": counts[1]} | {
        doubt: doubtful.get(doubt, 0) for doubt in DOUBTS
    }
