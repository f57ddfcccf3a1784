"""Read the agencies' extracts, and refuse at once what is not what was agreed: one error with file, line and column.

Nothing is guessed and no person's data is quoted in an error. Each folder under the extracts' folder is one agency,
but `addresses`, which holds the address directory.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from endeavour.csv_rows import with_lines
from endeavour.engine.linkage.cleaning import HOUSE, POSTCODE, UPRN
from endeavour.engine.linkage.extract_format import ADDRESSES, FIELDS, MOST_RECORDS, Field
from endeavour.errors import BadInput, Missing

if TYPE_CHECKING:
    import duckdb

DIRECTORY = "addresses"
SURPRISING = 3
"""How many times more records than last time an agency may give before a run asks whether that is meant."""

KINDS = {"string": "VARCHAR", "date": "DATE", "bool": "BOOLEAN", "code": "UBIGINT", "count": "BIGINT"}
WHOLE_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
EMPTY = '"NULL"'
"""The type of a Parquet column in which nothing stands at all."""

MAKE = "Make synthetic ones with: endeavour linkage extracts"


def agencies_in(folder: Path) -> dict[str, list[Path]]:
    """The files of each agency, by its folder's name; Missing when there are none."""
    found = {
        one.name: files_in(one) for one in sorted(folder.glob("*")) if one.is_dir() and one.name != DIRECTORY
    }
    if not found:
        raise Missing(f"There are no extracts in {folder}.", hint=MAKE)
    for agency, files in found.items():
        if not re.fullmatch(r"[\w-]+", agency):
            raise BadInput(
                "a record is named by this folder and its number, so its name has letters, figures, _ and - only",
                file=folder / agency,
            )
        if not files:
            raise BadInput(
                "there is no Parquet or CSV file here", file=folder / agency, hint="Put the extract here."
            )
    return found


def files_in(folder: Path) -> list[Path]:
    """The Parquet and CSV files of one folder, in order, but hidden ones."""
    return sorted(
        path
        for path in folder.glob("*")
        if path.suffix.lower() in (".parquet", ".csv") and not path.name.startswith(".")
    )


def _is_csv(path: Path) -> bool:
    return path.suffix.lower() == ".csv"


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
        table = f"checked_{number}"
        _read_files(connection, table, files, fields)
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
    files = files_in(folder)
    if not files:
        raise Missing(f"There is no Parquet or CSV file in {folder}.", hint=MAKE)
    _read_files(connection, name, files, fields)
    _check(connection, name, files, most=MOST_RECORDS, before=None, key=fields[0].name)


def _read_files(
    connection: duckdb.DuckDBPyConnection, table: str, files: list[Path], fields: tuple[Field, ...]
) -> None:
    """Make a table of what stands in some files, with the `file` (its place in `files`) and `record` (which of the file's it is) of each row."""
    queries = [
        f"SELECT *, {at} AS file FROM ({_read_one(connection, path, f'raw_{at}', fields)})"
        for at, path in enumerate(files)
    ]
    connection.execute(f"CREATE TABLE {table} AS {' UNION ALL '.join(queries)}")
    for at in range(len(files)):
        connection.execute(f"DROP TABLE raw_{at}")


def source_sql(path: Path, names: list[str]) -> str:
    """SQL: the rows of one file; BadInput where it is empty, or a CSV whose text or columns are not as agreed."""
    try:
        if path.stat().st_size == 0:
            raise BadInput("the file is empty", file=path, hint="Ask the agency to send it again.")
        quoted = "'" + str(path).replace("'", "''") + "'"
        if not _is_csv(path):
            return f"read_parquet({quoted})"
        _check_encoding(path)
        columns = ", ".join(
            f"'{name.replace(chr(39), chr(39) * 2)}': 'VARCHAR'" for name in _header(path, names)
        )
    except OSError as error:
        raise BadInput(
            f"the file cannot be read ({error.strerror})", file=path, hint="Put it there again."
        ) from error
    return (
        f"read_csv({quoted}, auto_detect = false, columns = {{{columns}}}, header = true, delim = ',', "
        "quote = '\"', escape = '\"', nullstr = '')"
    )


def _read_one(
    connection: duckdb.DuckDBPyConnection, path: Path, table: str, fields: tuple[Field, ...]
) -> str:
    """A query of the columns of the format and `record` (which of the file's it is, from 1), with every value of the right type, or BadInput."""
    import duckdb

    names = [field.name for field in fields]
    source = source_sql(path, names)
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
        _check_columns(path, [row[0] for row in described], names)
        connection.execute(
            f"CREATE TEMP TABLE {table} AS SELECT {', '.join(names)}, row_number() OVER () AS record "
            f"FROM {source}"
        )
    except duckdb.Error as error:
        what = str(error).splitlines()[0]
        if _is_csv(path):
            raise BadInput("the file is not a table of comma-separated values: a line has too few or too many values",
                           file=path, line=_line_in(str(error)), hint="Export it again.") from error  # fmt: skip
        raise BadInput(
            f"the file is cut short or is not Parquet ({what})",
            file=path,
            hint="Ask the agency to send it again.",
        ) from error
    given = {row[0]: row[1] for row in described}
    for field in fields:
        _check_values(connection, table, path, field, given[field.name])
    typed = ", ".join(f"CAST({f.name} AS {KINDS[f.type]}) AS {f.name}" for f in fields)
    return f"SELECT {typed}, record FROM {table}"


def _header(path: Path, names: list[str]) -> list[str]:
    """The columns that a CSV's first line names, checked; a byte order mark, as spreadsheets write it, is nothing."""
    import csv

    with path.open(encoding="utf-8-sig", newline="") as stream:
        found = next(csv.reader(stream), [])
    _check_columns(path, found, names)
    return found


def _line_of(path: Path, record: int) -> int:
    """Where to look for a record: the line of a CSV on which it begins, its place among the rows of anything else."""
    import csv

    if not _is_csv(path):
        return record
    with path.open(encoding="utf-8-sig", newline="") as stream:
        begins = (line for line, cells in with_lines(csv.reader(stream)) if cells)
        return next(itertools.islice(begins, record, None))


def _line_in(message: str) -> int | None:
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
            f"there is no column {missing[0]}", file=path, line=1 if _is_csv(path) else None, column=missing[0],
            hint=f"An extract has the columns {', '.join(names)}.",
        )  # fmt: skip
    twice = [name for at, name in enumerate(found) if name in found[:at]]
    if twice:
        raise BadInput("this column stands there twice", file=path, line=1, column=twice[0])
    extra = [name for name in found if name not in names]
    if extra:
        raise BadInput(
            "the agreement names no such column", file=path, column=extra[0],
            hint="Leave it out: only what linkage needs may be shared.",
        )  # fmt: skip


def _check_values(
    connection: duckdb.DuckDBPyConnection, table: str, path: Path, field: Field, given: str
) -> None:
    name, wanted = field.name, KINDS[field.type]
    is_wide_enough = wanted == KINDS["count"] and given in WHOLE_NUMBERS
    if given not in (wanted, "VARCHAR", EMPTY) and not is_wide_enough:
        raise BadInput(
            f"the values are of type {given.lower()}, not {wanted.lower()}", file=path, column=name
        )
    value = f"TRY_CAST({name} AS {wanted})"
    wrong = [f"({name} IS NOT NULL AND {value} IS NULL)"]
    if not field.nullable:
        wrong.append(f"{name} IS NULL OR trim(CAST({name} AS VARCHAR)) = ''")
    if field.type == "date":
        wrong.append(f"isinf({value})")
    if field.type == "count":
        wrong.append(f"{value} < 0")
    found = _first(connection, table, path, wrong)
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
    if field.has_happened:
        found = _first(connection, table, path, [f"{value} > DATE '{datetime.now(UTC).date()}'"])
        if found is not None:
            raise BadInput(
                "this day is still to come", file=path, line=found, column=name, hint="Correct it, or leave it empty."
            )  # fmt: skip


def _first(connection: duckdb.DuckDBPyConnection, table: str, path: Path, wrong: list[str]) -> int | None:
    """The first line of the file on which any of these conditions holds."""
    found: int | None = connection.execute(
        f"SELECT min(record) FROM {table} WHERE {' OR '.join(wrong)}"
    ).fetchall()[0][0]
    return None if found is None else _line_of(path, found)


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
        [(file, record)] = connection.execute(
            f"SELECT file, record FROM (SELECT file, record, row_number() OVER (PARTITION BY {key} ORDER BY file, record) "
            f"AS nth FROM {table}) WHERE nth > 1 ORDER BY file, record LIMIT 1"
        ).fetchall()
        line = _line_of(files[file], record)
        raise BadInput(f"this {key} stands there twice", file=files[file], line=line, column=key,
                       hint="Each record has a number of its own.")  # fmt: skip
    return int(count)


def read_directory(connection: duckdb.DuckDBPyConnection, folder: Path) -> bool:
    """Make `directory` (uprn, postcode, house, lsoa21, imd2025_decile, is_communal); whether there is one to read."""
    is_there = (folder / DIRECTORY).is_dir()
    read_or_empty(connection, "given_address", folder / DIRECTORY, ADDRESSES)
    connection.execute(
        f"CREATE TABLE directory AS SELECT {UPRN} AS uprn, {POSTCODE} AS postcode, {HOUSE} AS house, lsoa21, "
        "CAST(imd2025_decile AS TINYINT) AS imd2025_decile, is_communal FROM given_address"
    )
    connection.execute("DROP TABLE given_address")
    return is_there


def read_or_empty(
    connection: duckdb.DuckDBPyConnection, name: str, folder: Path, fields: tuple[Field, ...]
) -> None:
    """`read_table`; an empty table where there is no such folder."""
    if folder.is_dir():
        read_table(connection, name, folder, fields)
        return
    columns = ", ".join(f"CAST(NULL AS {KINDS[f.type]}) AS {f.name}" for f in fields)
    connection.execute(f"CREATE TABLE {name} AS SELECT {columns} LIMIT 0")
