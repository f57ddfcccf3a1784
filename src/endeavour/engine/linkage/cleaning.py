"""One shape for names, dates, numbers and addresses, so that like can be compared with like.

`record` is the table everything else works on: one row a record, numbered in an order that never depends on the
machine. What cannot be used (an NHS number with a wrong check digit, a birth date in the future) becomes empty and
is counted; what was given stays in the extract. So does what only fills a field: 'UNKNOWN' for a name, ZZ99 for a
postcode, and whatever a form puts where nothing was known, which is told by how many records bear it (`filler`).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from endeavour.engine.linkage.nhs_number import valid_sql
from endeavour.engine.linkage.nicknames import ROOTS

if TYPE_CHECKING:
    import duckdb

EARLIEST_BIRTH = "1900-01-02"
"""The first plausible birth date: computers write 1 January 1900 where none was given."""

WHOLE = r"regexp_replace({0}, '\.0$', '')"
"""A number as given, without the '.0' that spreadsheets add where a column has gaps (SQL)."""

UPRN = (
    f"CASE WHEN regexp_full_match({WHOLE.format('trim(uprn)')}, '[0-9]{{1,12}}') AND NOT regexp_full_match(uprn, '9{{6,}}') "
    f"THEN nullif(ltrim({WHOLE.format('uprn')}, '0 '), '') END"
)
_POSTCODE = "regexp_replace(upper(postcode), '[^A-Z0-9]', '', 'g')"
POSTCODE = (
    f"CASE WHEN regexp_matches({_POSTCODE}, '[0-9]') AND length({_POSTCODE}) >= 5 "
    f"AND NOT starts_with({_POSTCODE}, 'ZZ99') THEN {_POSTCODE} END"
)
NO_ADDRESS = (
    "^(N[ /]?K|N[ /]?A|NFA|NONE|NULL|UNKNOWN|HOMELESS|NO (FIXED|KNOWN|CURRENT)|NOT (KNOWN|GIVEN|STATED|PROVIDED|RECORDED)"
    "|(ADDRESS|HOME|WHEREABOUTS) (UNKNOWN|NOT|WITHHELD)|WITHHELD|CONFIDENTIAL)\\b"
)
HOUSE = (
    f"CASE WHEN NOT regexp_matches(upper(trim(address)), '{NO_ADDRESS}') THEN "
    "coalesce(nullif(array_to_string(regexp_extract_all(address, '[0-9]+'), '-'), ''), "
    "nullif(regexp_replace(upper(address), '[^A-Z]', '', 'g'), '')) END"
)
"""One shape for an address: property number, postcode, and the numbers of the house or, without any, its name (SQL).

A postcode has a figure and five characters or more; ZZ99 is the health service's area of no address."""

NO_NAME = (
    "UNKNOWN", "NOTKNOWN", "NOTGIVEN", "NOTSTATED", "NOTPROVIDED", "NOTRECORDED", "NOTAPPLICABLE", "NONE", "NULL", "NA",
    "NK", "NONAME", "NOFORENAME", "NOSURNAME", "ANON", "ANONYMOUS", "WITHHELD", "TEST", "TESTPATIENT", "ZZZTEST", "DUMMY",
    "MR", "MRS", "MISS", "MS", "MX", "DR", "MALE", "FEMALE", "BOY", "GIRL", "BABYBOY", "BABYGIRL",
)  # fmt: skip
"""What forms hold where no name was known, as cleaned letters. Losing a real name that is spelt so costs a little
evidence; keeping one that is none joins strangers."""

NO_FORENAME = "^(BABY|INFANT|NEWBORN|UNBORN|TWIN)([^A-Z]|$)"
"""How forms name a child that has no name yet; twins would share it."""

TWO_LETTERS = {"Æ": "AE", "Œ": "OE", "ẞ": "SS", "Þ": "TH"}


def _letters(column: str) -> str:
    """SQL: the letters of a name, of any script, in capitals and without accents."""
    plain = f"translate(upper(strip_accents({column})), 'ØŁĐÐĦŦ', 'OLDDHT')"
    for letter, two in TWO_LETTERS.items():
        plain = f"replace({plain}, '{letter}', '{two}')"
    return f"regexp_replace({plain}, '[^\\p{{L}}]', '', 'g')"


def _known(letters: str) -> str:
    """SQL: the letters of a name; NULL where there are none, they are a filler, or one of them again and again."""
    fillers = ", ".join(f"'{name}'" for name in NO_NAME)
    return (
        f"CASE WHEN {letters} NOT IN ('', {fillers}) AND NOT (length({letters}) > 1 "
        f"AND replace({letters}, {letters}[1], '') = '') THEN {letters} END"
    )


DIGITS = f"regexp_replace({WHOLE.format('nhs_number')}, '[^0-9]', '', 'g')"
FEWEST, SHARE = 50, 0.005
"""A birth date or property number that so many records of an agency bear, and so great a share of them, is a filler."""

MOST_BEARERS = 4
"""An NHS number with more birth dates than this is nobody's."""

FILLER = f"""
CREATE OR REPLACE TABLE filler AS
WITH total AS (SELECT agency, count(*) AS records FROM given_record GROUP BY agency),
numbered AS (SELECT {DIGITS} AS digits, birth_date FROM given_record WHERE nhs_number IS NOT NULL),
often AS (SELECT digits FROM numbered WHERE length(digits) = 10 GROUP BY digits HAVING count(*) > {MOST_BEARERS})
SELECT agency, birth_date, NULL::VARCHAR AS uprn, NULL::VARCHAR AS digits
FROM (SELECT agency, birth_date, count(*) AS n FROM given_record GROUP BY agency, birth_date) JOIN total USING (agency)
WHERE birth_date IS NOT NULL AND n >= {FEWEST} AND n > {SHARE} * records
UNION ALL SELECT agency, NULL, uprn, NULL
FROM (SELECT agency, {UPRN} AS uprn, count(*) AS n FROM given_record GROUP BY 1, 2) JOIN total USING (agency)
WHERE uprn IS NOT NULL AND n >= {FEWEST} AND n > {SHARE} * records
UNION ALL SELECT NULL, NULL, NULL, digits FROM numbered SEMI JOIN often USING (digits)
GROUP BY digits HAVING count(DISTINCT birth_date) > {MOST_BEARERS}
"""
RECORD = f"""
CREATE OR REPLACE TABLE record AS
WITH shaped AS (
    SELECT
        agency, record_id, birth_date AS given_birth, {DIGITS} AS digits, {UPRN} AS given_uprn,
        CASE WHEN NOT regexp_matches(upper(trim(forename)), '{NO_FORENAME}') THEN {_letters("forename")} END
            AS first_letters,
        {_letters("string_split(trim(forename), ' ')[1]")} AS first_word,
        nullif({_letters("regexp_extract(trim(forename), ' +(.*)', 1)")}[1], '') AS middle,
        {_letters("surname")} AS last_letters,
        CASE upper(substr(sex, 1, 1)) WHEN 'F' THEN 'F' WHEN 'M' THEN 'M' END AS sex,
        {POSTCODE} AS postcode, {HOUSE} AS house, address_from
    FROM given_record
    WHERE NOT opted_out
),
given AS (
    SELECT shaped.*, {_known("first_letters")} AS forename, {_known("last_letters")} AS surname,
        length(shaped.digits) = 10 AND {valid_sql("shaped.digits")} AND number.digits IS NULL AS is_number,
        CASE WHEN given_birth BETWEEN DATE '{EARLIEST_BIRTH}' AND $as_at AND birth.agency IS NULL THEN given_birth END
            AS birth_date,
        CASE WHEN property.agency IS NULL THEN given_uprn END AS uprn
    FROM shaped
    LEFT JOIN filler AS birth ON shaped.agency = birth.agency AND given_birth = birth.birth_date
    LEFT JOIN filler AS property ON shaped.agency = property.agency AND given_uprn = property.uprn
    LEFT JOIN filler AS number ON shaped.digits = number.digits
)
SELECT
    row_number() OVER (ORDER BY agency, length(record_id), record_id) AS unique_id,
    agency, record_id, forename, CASE WHEN forename IS NOT NULL THEN coalesce(nickname.root, {_known("first_word")}, forename) END
        AS root, middle, surname, sex, birth_date,
    CASE WHEN is_number THEN digits END AS nhs_number,
    postcode, house, uprn, address_from,
    digits <> '' AND NOT coalesce(is_number, false) AS has_wrong_number,
    given_birth IS NOT NULL AND birth_date IS NULL AS has_wrong_birth
FROM given LEFT JOIN nickname ON given.first_word = nickname.form
ORDER BY unique_id
"""


def clean(
    connection: duckdb.DuckDBPyConnection, *, as_at: date, fillers: Path | None = None
) -> dict[str, int]:
    """Make `filler` and `record` from `given_record`; give the records used, and how many values could not be.

    Nobody is born after `as_at`, the day the extracts speak of. `fillers` is what a run found to be fillers, for records
    too few to tell.
    """
    import pyarrow as pa

    if fillers is None:
        connection.execute(FILLER)
    else:
        connection.execute("CREATE TABLE filler AS SELECT * FROM read_parquet($path)", {"path": str(fillers)})
    connection.register("nickname", pa.table({"form": list(ROOTS), "root": list(ROOTS.values())}))
    connection.execute(RECORD, {"as_at": as_at})
    connection.unregister("nickname")
    names = ("records", "invalid_nhs_numbers", "impossible_birth_dates")
    found = connection.execute(
        "SELECT count(*), count(*) FILTER (WHERE has_wrong_number), count(*) FILTER (WHERE has_wrong_birth) FROM record"
    ).fetchall()
    return dict(zip(names, found[0], strict=True))
