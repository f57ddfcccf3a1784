"""Linkage without names: each agency turns its records into keyed codes before it sends anything.

A code is HMAC-SHA256, cut to 64 bits, of several facts together under a secret that the agencies share and the platform's
lake never sees. Nobody without the secret can make a code from a name, and no code but those of the NHS number and of the
property is of one fact alone: single names or dates could be guessed from how common they are. Two records with any equal code are
candidates; the codes are tried from the surest to the least sure. What leaves the agency is in `KEYED_FIELDS`.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from endeavour.engine.linkage.cleaning import clean
from endeavour.engine.linkage.extract_format import Field
from endeavour.engine.linkage.households import OPTED_OUT, PLACE
from endeavour.engine.linkage.reading import DIRECTORY, read_directory, read_extracts
from endeavour.errors import BadInput, Missing
from endeavour.pack.swap import put_in_place
from endeavour.paths import room_for

if TYPE_CHECKING:
    import duckdb

SHORTEST = 32
BLOCK = 64

_SKELETON = "substr({0}, 1, 1) || regexp_replace(substr({0}, 2), '[AEIOUHWY]', '', 'g')"
_SURNAME_SOUND = _SKELETON.format("surname")
_YEAR = "CAST(year(birth_date) AS VARCHAR)"
_DAY = "strftime(birth_date, '%m%d')"
_EITHER_ORDER = (
    "CAST(year(birth_date) AS VARCHAR) || '-' || least(month(birth_date), day(birth_date)) || '-' "
    "|| greatest(month(birth_date), day(birth_date))"
)
_ADDRESS = ("postcode", "house")


@dataclass(frozen=True)
class Key:
    """One match key: the facts (SQL over `record`) that go into it together, and why it is worth having.

    `is_lone` keys say nothing of the home, so where several NHS numbers share one it decides nothing.
    """

    name: str
    facts: tuple[str, ...]
    reason: str
    is_lone: bool = False


KEYS = (
    Key(
        "number_birth",
        ("nhs_number", "birth_date", "substr(root, 1, 1)"),
        "NHS number, birth date and initial.",
    ),
    Key("name_birth_property", ("root", "surname", "birth_date", "uprn"), "Name, birth date and property."),
    Key("name_birth_address", ("root", "surname", "birth_date", *_ADDRESS), "Name, birth date and address."),
    Key("number_name", ("nhs_number", "root", "surname"), "NHS number and name: a mistyped birth date."),
    Key("name_birth", ("root", "surname", "birth_date"), "Name and birth date: a change of address.", True),
    Key(
        "forename_birth_property",
        ("root", "birth_date", "uprn"),
        "Forename, birth date, property: a changed surname.",
    ),
    Key(
        "forename_birth_address",
        ("root", "birth_date", *_ADDRESS),
        "Forename, birth date, address: a changed surname.",
    ),
    Key(
        "name_year_property",
        ("root", "surname", _YEAR, "uprn"),
        "Name, year and property: a mistyped day or month.",
    ),
    Key(
        "name_year_address",
        ("root", "surname", _YEAR, *_ADDRESS),
        "Name, year and address: a mistyped day or month.",
    ),
    Key("name_day_property", ("root", "surname", _DAY, "uprn"), "Name, day and property: a mistyped year."),
    Key("name_day_address", ("root", "surname", _DAY, *_ADDRESS), "Name, day and address: a mistyped year."),
    Key(
        "start_birth_property",
        ("substr(forename, 1, 3)", "surname", "birth_date", "uprn"),
        "Start of the forename, surname, birth date, property: a mistyped forename.",
    ),
    Key(
        "start_birth_address",
        ("substr(forename, 1, 3)", "surname", "birth_date", *_ADDRESS),
        "Start of the forename, surname, birth date, address: a mistyped forename.",
    ),
    Key(
        "swapped_birth",
        ("root", "surname", _EITHER_ORDER),
        "Name and birth date, day and month in either order.",
        True,
    ),
    Key(
        "sound_birth",
        ("root", _SURNAME_SOUND, "birth_date"),
        "Forename, birth date, surname without vowels: a mistyped surname.",
        True,
    ),
    Key(
        "start_birth",
        ("root", "substr(surname, 1, 3)", "birth_date"),
        "Forename, birth date, start of the surname: a mistyped surname.",
        True,
    ),
)
HOME_PROPERTY, HOME_ADDRESS = "home_property", "home_address"
HOMES = {HOME_PROPERTY: ("uprn",), HOME_ADDRESS: _ADDRESS}
"""What says where somebody lives, as codes; of the place itself only the neighbourhood is told."""

KEYED_FIELDS = (
    Field(
        "record_id",
        "string",
        "The agency's own number of the record; unique in its extract, and lasting",
        False,
    ),
    Field("nhs_number_code", "code", "Code of the NHS number alone"),
    *(Field(key.name, "code", f"Code of: {key.reason}") for key in KEYS),
    Field(HOME_PROPERTY, "code", "Code of the property number"),
    Field(HOME_ADDRESS, "code", "Code of postcode and house"),
    Field("lsoa21", "string", "Neighbourhood (LSOA 2021) of the record's postcode"),
    Field(
        "address_from",
        "date",
        "The latest day on which the agency knows the address was right",
        has_happened=True,
    ),
    Field(
        "opted_out",
        "bool",
        "Somebody at this home set the national data opt-out: only its codes are sent",
        False,
    ),
)
KEYED_DIRECTORY = (
    Field(HOME_PROPERTY, "code", "Code of the property number", False),
    Field(HOME_ADDRESS, "code", "Code of postcode and house"),
    Field("lsoa21", "string", "Neighbourhood (LSOA 2021)"),
    Field("imd2025_decile", "count", "Index of Multiple Deprivation 2025 decile, 1 = most deprived"),
    Field("is_communal", "bool", "A communal establishment"),
)
"""The address directory, as the holder of the secret sends it."""


def linkage_key() -> bytes:
    """The agencies' shared secret, from ENDEAVOUR_LINKAGE_KEY or the file that ENDEAVOUR_LINKAGE_KEY_FILE names."""
    path = os.environ.get("ENDEAVOUR_LINKAGE_KEY_FILE")
    try:
        key = (
            Path(path).read_text(encoding="utf-8").strip()
            if path
            else os.environ.get("ENDEAVOUR_LINKAGE_KEY", "")
        )
    except OSError as error:
        raise Missing(f"ENDEAVOUR_LINKAGE_KEY_FILE names {path}, which cannot be read.") from error
    if not key:
        raise Missing(
            "The pseudonymised mode needs the agencies' shared secret.",
            hint="Put 32 or more random characters in a file, and its path in ENDEAVOUR_LINKAGE_KEY_FILE.",
        )
    if len(key) < SHORTEST:
        raise BadInput(
            f"The shared secret has {len(key)} characters.", hint=f"Use {SHORTEST} or more random ones."
        )
    return key.encode()


def code_sql(secret: bytes, text: str) -> str:
    """SQL (DuckDB) for the first 64 bits of HMAC-SHA256 of a text, as a whole number; NULL gives NULL (RFC 2104)."""
    import hashlib

    padded = (hashlib.sha256(secret).digest() if len(secret) > BLOCK else secret).ljust(BLOCK, b"\0")
    inner, outer = (bytes(byte ^ pad for byte in padded).hex() for pad in (0x36, 0x5C))
    digest = f"sha256(unhex('{outer}') || unhex(sha256(unhex('{inner}') || encode({text}))))"
    return f"CAST('0x' || substr({digest}, 1, 16) AS UBIGINT)"


def make_codes(connection: duckdb.DuckDBPyConnection, secret: bytes) -> None:
    """Make `keyed` (agency, and KEYED_FIELDS) from `record`, `opted_out_address` and `place`."""
    codes = {"nhs_number_code": ("nhs_number",)} | {key.name: key.facts for key in KEYS}
    listed = [f"{code_sql(secret, _text(_of(name), facts))} AS {name}" for name, facts in codes.items()]
    nothing = [f"CAST(NULL AS UBIGINT) AS {name}" for name in codes]
    connection.execute(
        f"CREATE TABLE keyed AS SELECT agency, record_id, {', '.join([*listed, *_homes(secret)])}, lsoa21, "
        "address_from, false AS opted_out FROM record LEFT JOIN place USING (postcode) ORDER BY unique_id"
    )
    connection.execute(
        f"INSERT INTO keyed SELECT agency, 'opted out ' || row_number() OVER (PARTITION BY agency ORDER BY uprn, postcode, house), "
        f"{', '.join([*nothing, *_homes(secret)])}, lsoa21, NULL, true FROM opted_out_address LEFT JOIN place USING (postcode)"
    )


def property_code_sql(secret: bytes) -> str:
    """SQL for the code of a home, over a cleaned property number called `uprn`."""
    return code_sql(secret, _text(HOME_PROPERTY, HOMES[HOME_PROPERTY]))


def _of(name: str) -> str:
    """The name that goes into a code; the NHS number's is older than the rest."""
    return name.removesuffix("_code")


def _homes(secret: bytes) -> list[str]:
    return [f"{code_sql(secret, _text(name, facts))} AS {name}" for name, facts in HOMES.items()]


def _text(name: str, facts: tuple[str, ...]) -> str:
    """The text that is coded: the key's name, so that no two keys share codes, and its facts; NULL when one is."""
    return " || '|' || ".join([f"'{name}'", *(f"CAST({fact} AS VARCHAR)" for fact in facts)])


def pseudonymise_extracts(extracts: Path, to: Path) -> dict[str, int]:
    """Write keyed extracts of every agency in `extracts` under `to`; give the records of each.

    Of records with the national data opt-out only the home's codes are sent, so that their household is left alone.
    The address directory, where there is one, is sent as codes too. `to` is replaced whole, and must be new, empty or
    hold codes already.
    """
    secret, to = linkage_key(), may_replace(to)
    part = to.with_name(to.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        with room_for("the codes", hint="Free some space and make them again."):
            rows = _write_codes(extracts, part, secret)
            put_in_place(part, to)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return rows


def _write_codes(extracts: Path, part: Path, secret: bytes) -> dict[str, int]:
    """Write the codes of every agency, and of the address directory, into `part`; the records of each agency."""
    import pyarrow.parquet as pq

    from endeavour.engine.linkage.run import day_of, working

    rows: dict[str, int] = {}
    with working(part) as connection:
        read_extracts(connection, extracts)
        clean(connection, as_at=day_of(connection))
        connection.execute(OPTED_OUT)
        connection.execute("DROP TABLE given_record")
        has_directory = read_directory(connection, extracts)
        connection.execute(PLACE)
        make_codes(connection, secret)
        for (agency,) in connection.execute("SELECT DISTINCT agency FROM keyed ORDER BY 1").fetchall():
            folder = part / agency
            folder.mkdir(parents=True)
            table = connection.sql(
                "SELECT * EXCLUDE (agency) FROM keyed WHERE agency = $agency ORDER BY length(record_id), record_id",
                params={"agency": agency},
            ).to_arrow_table()
            pq.write_table(table, folder / "part-0001.parquet", compression="zstd", use_dictionary=False)
            rows[agency] = table.num_rows
        if has_directory:
            (part / DIRECTORY).mkdir(parents=True)
            homes = connection.sql(
                f"SELECT {', '.join(_homes(secret))}, lsoa21, CAST(imd2025_decile AS BIGINT) AS imd2025_decile, is_communal "
                "FROM directory WHERE uprn IS NOT NULL ORDER BY 1"
            ).to_arrow_table()
            pq.write_table(homes, part / DIRECTORY / "part-0001.parquet", compression="zstd")
    return rows


def may_replace(to: Path) -> Path:
    """The whole path of a folder that codes may replace; BadInput where it holds anything that is no codes."""
    to = to.resolve()
    if to.exists() and not (to.is_dir() and (not any(to.iterdir()) or _holds_codes(to))):
        raise BadInput(
            "something else than codes stands here, and would be lost", file=to, hint="Name a new folder."
        )
    return to


def _holds_codes(folder: Path) -> bool:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return any(HOME_PROPERTY in pq.read_schema(path).names for path in folder.glob("*/part-0001.parquet"))
    except (OSError, pa.ArrowInvalid):
        return False
