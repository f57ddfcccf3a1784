"""Read the agencies' extracts, and refuse at once what is not what was agreed: one error with file, line and column.

Nothing is guessed and no person's data is quoted in an error. Each folder under the extracts' folder is one agency,
but `addresses`, which holds the address directory.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from endeavour.engine.linkage.cleaning import HOUSE, POSTCODE, UPRN
from endeavour.engine.linkage.extract_format import FIELDS, MOST_RECORDS, Field
from endeavour.errors import BadInput, Missing

if TYPE_CHECKING:
    import duckdb

DIRECTORY = "addresses"
SURPRISING = 3
"""How many times more records than last time an agency may give before a run asks whether that is meant."""

KINDS = {"string": "VARCHAR", "date": "DATE", "bool": "BOOLEAN", "code": "UBIGINT", "count": "BIGINT"}
MAKE = "Make synthetic ones with: endeavour linkage extracts"


def agencies_in(folder: Path) -> dict[str, list[Path]]:
    """The files of each agency, by its folder's name; Missing when there are none."""
    found = {
        one.name: sorted([*one.glob("*.parquet"), *one.glob("*.csv")])
        for one in sorted(folder.glob("*"))
        if one.is_dir() and one.name != DIRECTORY
    }
    if not found:
        raise Missing(f"There are no extracts in {folder}.", hint=MAKE)
    for agency, files in found.items():
        if not files:
            raise BadInput(
                "there is no Parquet or CSV file here", file=folder / agency, hint="Put the extract here."
            )
    return found


def read_extracts(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    *,
    most: int = MOST_RECORDS,
    before: Mapping[str, int] | None = None,
    fields: tuple[Field, ...] = FIELDS,
) -> dict[str, int]:
    """Make `given_record` from every agency's extract; give the records of each.

    `before` is how many records each agency gave last time: a far larger extract, or none at all, is an error.
    BadInput names the first thing wrong. `fields` is what was agreed that an extract holds.
    """
    rows: dict[str, int] = {}
    parts = []
    agencies = agencies_in(folder)
    gone = sorted(set(before or {}) - set(agencies))
    if gone:
        raise Missing(
            f"There is no extract of {gone[0]}, whose records are linked already.",
            hint="Give its last extract again, or start anew with --afresh.",
        )
    for number, (agency, files) in enumerate(agencies.items()):
        queries = [_read_one(connection, path, f"raw_{number}_{at}", fields) for at, path in enumerate(files)]
        table = f"checked_{number}"
        connection.execute(f"CREATE TEMP TABLE {table} AS {' UNION ALL '.join(queries)}")
        for at in range(len(files)):
            connection.execute(f"DROP TABLE IF EXISTS raw_{number}_{at}")
        rows[agency] = _check(connection, table, files, most=most, before=(before or {}).get(agency))
        parts.append(
            f"SELECT '{agency.replace(chr(39), chr(39) * 2)}' AS agency, {', '.join(f.name for f in fields)} FROM {table}"
        )
    connection.execute(f"CREATE TABLE given_record AS {' UNION ALL '.join(parts)}")
    for number in range(len(agencies)):
        connection.execute(f"DROP TABLE checked_{number}")
    return rows


def read_table(
    connection: duckdb.DuckDBPyConnection, name: str, folder: Path, fields: tuple[Field, ...]
) -> None:
    """Make the table `name` from the files of one folder, each of whose rows has a first column of its own.

    Missing where there is no file; BadInput names the first thing wrong.
    """
    files = sorted([*folder.glob("*.parquet"), *folder.glob("*.csv")])
    if not files:
        raise Missing(f"There is no Parquet or CSV file in {folder}.", hint=MAKE)
    queries = [_read_one(connection, path, f"raw_{at}", fields) for at, path in enumerate(files)]
    connection.execute(f"CREATE TABLE {name} AS {' UNION ALL '.join(queries)}")
    for at in range(len(files)):
        connection.execute(f"DROP TABLE raw_{at}")
    _check(connection, name, files, most=MOST_RECORDS, before=None, key=fields[0].name)


def _read_one(
    connection: duckdb.DuckDBPyConnection, path: Path, table: str, fields: tuple[Field, ...]
) -> str:
    """A query of the columns of the format and `line`, with every value of the right type, or BadInput."""
    import duckdb

    if path.stat().st_size == 0:
        raise BadInput("the file is empty", file=path, hint="Ask the agency to send it again.")
    names = [field.name for field in fields]
    quoted = "'" + str(path).replace("'", "''") + "'"
    if path.suffix == ".csv":
        _check_encoding(path)
        columns = ", ".join(
            f"'{name.replace(chr(39), chr(39) * 2)}': 'VARCHAR'" for name in _header(path, names)
        )
        source = (
            f"read_csv({quoted}, auto_detect = false, columns = {{{columns}}}, header = true, delim = ',', "
            "quote = '\"', escape = '\"', nullstr = '')"
        )
        first_line = 2
    else:
        source, first_line = f"read_parquet({quoted})", 1
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
        _check_columns(path, [row[0] for row in described], names)
        connection.execute(
            f"CREATE TEMP TABLE {table} AS SELECT {', '.join(names)}, row_number() OVER () + {first_line - 1} AS line "
            f"FROM {source}"
        )
    except duckdb.Error as error:
        what = str(error).splitlines()[0]
        if path.suffix == ".csv":
            raise BadInput("the file is not a table of comma-separated values: a line has too few or too many values",
                           file=path, line=_line_in(str(error)), hint="Export it again.") from error  # fmt: skip
        raise BadInput(
            f"the file is cut short or is not Parquet ({what})",
            file=path,
            hint="Ask the agency to send it again.",
        ) from error
    given = {row[0]: row[1] for row in described}
    for field in fields:
        _check_values(
            connection, table, path, field.name, given[field.name], KINDS[field.type], nullable=field.nullable
        )
    typed = ", ".join(f"CAST({f.name} AS {KINDS[f.type]}) AS {f.name}" for f in fields)
    return f"SELECT {typed}, line FROM {table}"


def _header(path: Path, names: list[str]) -> list[str]:
    """The columns that a CSV's first line names, checked; a byte order mark, as spreadsheets write it, is nothing."""
    import csv

    with path.open(encoding="utf-8-sig", newline="") as stream:
        found = next(csv.reader(stream), [])
    _check_columns(path, found, names)
    return found


def _line_in(message: str) -> int | None:
    import re

    found = re.search(r"Line: (\d+)", message)
    return int(found[1]) if found else None


def _check_encoding(path: Path) -> None:
    """BadInput at the first line that is not UTF-8, or that holds a null byte (UTF-16, or a damaged file)."""
    with path.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                raise BadInput(
                    "the text is not UTF-8", file=path, line=number, hint="Export it as UTF-8."
                ) from error
            if b"\0" in line:
                raise BadInput(
                    "the text holds null bytes", file=path, line=number, hint="Export it as UTF-8."
                )


def _check_columns(path: Path, found: list[str], names: list[str]) -> None:
    missing = [name for name in names if name not in found]
    if missing:
        raise BadInput(
            f"there is no column {missing[0]}", file=path, line=1 if path.suffix == ".csv" else None, column=missing[0],
            hint=f"An extract has the columns {', '.join(names)}.",
        )  # fmt: skip
    extra = [name for name in found if name not in names]
    if extra:
        raise BadInput(
            "the agreement names no such column", file=path, column=extra[0],
            hint="Leave it out: only what linkage needs may be shared.",
        )  # fmt: skip


def _check_values(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    path: Path,
    name: str,
    given: str,
    wanted: str,
    *,
    nullable: bool,
) -> None:
    wrong = [] if nullable else [f"{name} IS NULL"]
    if given != wanted:
        if given != "VARCHAR":
            raise BadInput(
                f"the values are of type {given.lower()}, not {wanted.lower()}", file=path, column=name
            )
        wrong.append(f"({name} IS NOT NULL AND TRY_CAST({name} AS {wanted}) IS NULL)")
    if wanted == KINDS["count"]:
        wrong.append(f"TRY_CAST({name} AS {wanted}) < 0")
    if not wrong:
        return
    found = connection.execute(f"SELECT min(line) FROM {table} WHERE {' OR '.join(wrong)}").fetchall()[0][0]
    if found is not None:
        kind = {
            "DATE": "a date such as 1985-03-31",
            "BOOLEAN": "true or false",
            "VARCHAR": "a value",
            "UBIGINT": "a code",
            "BIGINT": "a whole number from nought",
        }[wanted]
        raise BadInput(
            f"this is not {kind}", file=path, line=found, column=name, hint="Correct it, and run again."
        )


def _check(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    files: list[Path],
    *,
    most: int,
    before: int | None,
    key: str = "record_id",
) -> int:
    count, ids = connection.execute(f"SELECT count(*), count(DISTINCT {key}) FROM {table}").fetchall()[0]
    where = files[0] if len(files) == 1 else files[0].parent
    if count == 0:
        raise BadInput("the extract has no records", file=where, hint="Ask the agency to send it again.")
    if count > most:
        raise BadInput(f"{count:,} records are more than the {most:,} allowed", file=where,
                       hint="If that many are meant, allow them with --most.")  # fmt: skip
    if before and count > max(SURPRISING * before, 1000):
        raise BadInput(
            f"{count:,} records are over {SURPRISING} times last time's {before:,}", file=where,
            hint="If that is meant, start anew with --afresh.",
        )  # fmt: skip
    if ids < count:
        line = connection.execute(
            f"SELECT min(line) FROM (SELECT line, row_number() OVER (PARTITION BY {key} ORDER BY line) AS nth "
            f"FROM {table}) WHERE nth > 1"
        ).fetchall()[0][0]
        raise BadInput(f"this {key} stands there twice", file=where, line=line, column=key,
                       hint="Each record has a number of its own.")  # fmt: skip
    return int(count)


def read_directory(connection: duckdb.DuckDBPyConnection, folder: Path) -> bool:
    """Make `directory` (uprn, postcode, house, lsoa21, imd2025_decile, is_communal); whether there is one to read."""
    import duckdb

    files = sorted((folder / DIRECTORY).glob("*.parquet"))
    names = ", ".join("'" + str(path).replace("'", "''") + "'" for path in files)
    source = (
        f"(SELECT * FROM read_parquet([{names}]))"
        if files
        else "(SELECT '' AS uprn, '' AS address, '' AS postcode, '' AS lsoa21, 0::TINYINT AS imd2025_decile, false AS is_communal LIMIT 0)"
    )
    try:
        connection.execute(
            f"CREATE TABLE directory AS SELECT {UPRN} AS uprn, {POSTCODE} AS postcode, {HOUSE} AS house, lsoa21, "
            f"imd2025_decile, is_communal FROM {source}"
        )
    except duckdb.Error as error:
        raise BadInput(
            f"the address directory cannot be read ({str(error).splitlines()[0]})", file=folder / DIRECTORY,
            hint="It has uprn, address, postcode, lsoa21, imd2025_decile and is_communal.",
        ) from error  # fmt: skip
    return bool(files)
