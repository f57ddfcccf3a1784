"""One shape for names, dates, numbers and addresses, so that like can be compared with like.

`record` is the table everything else works on: one row a record, numbered in an order that never depends on the
machine. What cannot be used (an NHS number with a wrong check digit, a birth date in the future) becomes empty and
is counted; what was given stays in the extract.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from endeavour.engine.linkage.nhs_number import valid_sql
from endeavour.engine.linkage.nicknames import ROOTS

if TYPE_CHECKING:
    import duckdb

EARLIEST_BIRTH = "1900-01-02"
"""The first plausible birth date: computers write 1 January 1900 where none was given."""

UPRN = "nullif(ltrim(uprn, '0 '), '')"
POSTCODE = "nullif(regexp_replace(upper(postcode), '[^A-Z0-9]', '', 'g'), '')"
HOUSE = (
    "coalesce(nullif(array_to_string(regexp_extract_all(address, '[0-9]+'), '-'), ''), "
    "nullif(regexp_replace(upper(address), '[^A-Z]', '', 'g'), ''))"
)
"""One shape for an address: property number, postcode, and the numbers of the house or, without any, its name (SQL)."""

RECORD = f"""
CREATE OR REPLACE TABLE record AS
WITH given AS (
    SELECT
        agency, record_id, birth_date AS given_birth,
        regexp_replace(nhs_number, '[^0-9]', '', 'g') AS digits,
        nullif(regexp_replace(upper(strip_accents(forename)), '[^A-Z]', '', 'g'), '') AS forename,
        nullif(regexp_replace(upper(strip_accents(surname)), '[^A-Z]', '', 'g'), '') AS surname,
        CASE upper(substr(sex, 1, 1)) WHEN 'F' THEN 'F' WHEN 'M' THEN 'M' END AS sex,
        CASE WHEN birth_date BETWEEN DATE '{EARLIEST_BIRTH}' AND $as_at THEN birth_date END AS birth_date,
        {POSTCODE} AS postcode, {HOUSE} AS house, {UPRN} AS uprn,
        address_from
    FROM given_record
    WHERE NOT opted_out
)
SELECT
    row_number() OVER (ORDER BY agency, length(record_id), record_id) AS unique_id,
    agency, record_id, forename, coalesce(nickname.root, forename) AS root, surname, sex, birth_date,
    CASE WHEN length(digits) = 10 AND {valid_sql("digits")} THEN digits END AS nhs_number,
    postcode, house, uprn, address_from,
    digits <> '' AND NOT coalesce(length(digits) = 10 AND {valid_sql("digits")}, false) AS has_wrong_number,
    given_birth IS NOT NULL AND birth_date IS NULL AS has_wrong_birth
FROM given LEFT JOIN nickname ON given.forename = nickname.form
ORDER BY unique_id
"""


def clean(connection: duckdb.DuckDBPyConnection, *, as_at: date) -> dict[str, int]:
    """Make `record` from `given_record`; give the records used, and how many values could not be.

    Nobody is born after `as_at`, the day the extracts speak of.
    """
    import pyarrow as pa

    connection.register("nickname", pa.table({"form": list(ROOTS), "root": list(ROOTS.values())}))
    connection.execute(RECORD, {"as_at": as_at})
    connection.unregister("nickname")
    names = ("records", "invalid_nhs_numbers", "impossible_birth_dates")
    found = connection.execute(
        "SELECT count(*), count(*) FILTER (WHERE has_wrong_number), count(*) FILTER (WHERE has_wrong_birth) FROM record"
    ).fetchall()
    return dict(zip(names, found[0], strict=True))
