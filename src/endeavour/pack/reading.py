"""Reading one CSV table strictly: every cell typed, every fault named by file, line and column."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from endeavour.errors import BadInput, NotFound
from endeavour.pack.schema import Column, Table

_INTEGER = r"^-?(0|[1-9][0-9]{0,14})$"
_NUMBER = r"^-?[0-9]{1,15}(\.[0-9]{1,17})?([eE][-+]?[0-9]{1,2})?$"
_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_CONTROL = r"[\x00-\x1f\x7f]"
_SPACE_AT_AN_END = r"^\s|\s$"
_LONGEST = {"code": 200, "text": 300}
_TYPES = {
    "text": pa.string(),
    "code": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "date": pa.date32(),
    "boolean": pa.bool_(),
}


def arrow_schema(table: Table) -> pa.Schema:
    """The Arrow types of a table."""
    return pa.schema([(c.name, _TYPES[c.kind]) for c in table.columns])


def read_table(folder: Path, table: Table) -> pa.Table:
    """Read and check one table by itself (references to other tables are `checks.check_pack`'s work).

    Raises `BadInput` for the first fault, naming the file, the line as an editor counts it, and the column.
    """
    path = Path(table.path)
    columns = _read_cells(folder / path, path, [c.name for c in table.columns])
    arrays = [_typed(cells, column, path) for cells, column in zip(columns, table.columns, strict=True)]
    read = pa.Table.from_arrays(arrays, schema=arrow_schema(table))
    _check_key(read, table, path)
    _check_dates(read, table, path)
    return read


def _read_cells(place: Path, path: Path, names: list[str]) -> Sequence[Sequence[str]]:
    """The cells column by column, as text; the first line must name exactly these columns in this order."""
    try:
        with place.open(encoding="utf-8-sig", newline="") as stream:
            return _columns(stream, path, names)
    except FileNotFoundError:
        raise NotFound(f"{path.name} is not in the pack.", hint="Run endeavour pack compile.") from None
    except OSError as error:
        raise BadInput(f"could not be read: {error.strerror}", file=path) from None
    except UnicodeDecodeError:
        raise BadInput("is not UTF-8 text", file=path, line=_line_not_utf8(place)) from None


def _columns(stream: Any, path: Path, names: list[str]) -> Sequence[Sequence[str]]:
    reader = csv.reader(stream, strict=True)
    rows: list[list[str]] = []
    width = len(names)
    try:
        header = next(reader, [])
        if header != names:
            _refuse_header(header, names, path)
        for row in reader:
            if len(row) != width:
                raise BadInput(
                    f"has {len(row)} cells where {width} are due",
                    file=path,
                    line=reader.line_num,
                    column=names[0],
                )
            rows.append(row)
            if reader.line_num != len(rows) + 1:
                raise BadInput("a cell holds a line break", file=path, line=len(rows) + 1, column=names[0])
    except csv.Error as error:
        where = max(reader.line_num, 1)
        raise BadInput(f"is not well-formed CSV ({error})", file=path, line=where, column=names[0]) from None
    return list(zip(*rows, strict=True)) if rows else [()] * width


def _refuse_header(header: list[str], names: list[str], path: Path) -> None:
    missing = [n for n in names if n not in header]
    unknown = [h for h in header if h not in names]
    if missing:
        raise BadInput(f"the column '{missing[0]}' is missing", file=path, line=1, column=missing[0])
    if unknown:
        raise BadInput(f"'{unknown[0]}' is not a column of this table", file=path, line=1, column=unknown[0])
    wrong = next(((h, n) for h, n in zip(header, names, strict=False) if h != n), (header[-1], "nothing"))
    raise BadInput(f"'{wrong[0]}' stands where '{wrong[1]}' is due", file=path, line=1, column=wrong[0])


def _line_not_utf8(path: Path) -> int:
    for number, line in enumerate(path.read_bytes().split(b"\n"), start=1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            return number
    return 1


def _typed(cells: Sequence[str], column: Column, path: Path) -> pa.Array:
    text = pa.array(cells, pa.string())
    empty = pc.equal(text, "")
    if not column.optional:
        _refuse_where(empty, text, column, path, lambda _: "is empty; this column needs a value")
    text = pc.if_else(empty, pa.scalar(None, pa.string()), text)
    for check in (_check_form, _check_choices):
        check(text, column, path)
    typed = _converted(text, column, path)
    _check_range(typed, text, column, path)
    return typed


def _refuse_where(
    wrong: pa.Array, text: pa.Array, column: Column, path: Path, why: Callable[[str], str]
) -> None:
    """Raise for the first cell where `wrong` is true."""
    index = pc.index(pc.fill_null(wrong, fill_value=False), True).as_py()
    if index >= 0:
        value = text[index].as_py() or ""
        raise BadInput(why(_shown(value)), file=path, line=index + 2, column=column.name)


def _shown(value: str) -> str:
    short = value if len(value) <= 40 else f"{value[:37]}..."
    return short.encode("unicode_escape").decode("ascii") if not short.isprintable() else short


def _check_form(text: pa.Array, column: Column, path: Path) -> None:
    patterns = {"integer": (_INTEGER, "a whole number"), "number": (_NUMBER, "a number"), "date": (_DATE, "a date like 2022-07-01")}  # fmt: skip
    if column.kind in patterns:
        pattern, wanted = patterns[column.kind]
        wrong = pc.invert(pc.match_substring_regex(text, pattern))
        _refuse_where(wrong, text, column, path, lambda v: f"'{v}' is not {wanted}")
    elif column.kind == "boolean":
        wrong = pc.invert(pc.is_in(text, value_set=pa.array(["true", "false", None])))
        _refuse_where(wrong, text, column, path, lambda v: f"'{v}' is neither true nor false")
    else:
        longest = _LONGEST[column.kind]
        too_long = pc.greater(pc.utf8_length(text), longest)
        _refuse_where(too_long, text, column, path, lambda v: f"'{v}' is longer than {longest} characters")
        _refuse_where(
            pc.match_substring_regex(text, _CONTROL), text, column, path, lambda v: f"'{v}' holds a control character"
        )  # fmt: skip
        _refuse_where(
            pc.match_substring_regex(text, _SPACE_AT_AN_END), text, column, path, lambda v: f"'{v}' has a space at an end"
        )  # fmt: skip


def _check_choices(text: pa.Array, column: Column, path: Path) -> None:
    if column.choices:
        wrong = pc.invert(pc.is_in(text, value_set=pa.array([*column.choices, None], pa.string())))
        _refuse_where(wrong, text, column, path, lambda v: f"'{v}' is not one of {', '.join(column.choices)}")


def _converted(text: pa.Array, column: Column, path: Path) -> pa.Array:
    wanted = _TYPES[column.kind]
    try:
        return text if wanted == pa.string() else pc.cast(text, wanted)
    except pa.ArrowInvalid:
        for index, value in enumerate(text):
            try:
                pc.cast(value, wanted)
            except pa.ArrowInvalid:
                reason = "is not a day of the calendar" if column.kind == "date" else "cannot be read"
                message = f"'{_shown(value.as_py())}' {reason}"
                raise BadInput(message, file=path, line=index + 2, column=column.name) from None
        raise


def _check_range(typed: pa.Array, text: pa.Array, column: Column, path: Path) -> None:
    if column.kind == "number":
        wrong = pc.invert(pc.is_finite(typed))
        _refuse_where(wrong, text, column, path, lambda v: f"'{v}' is too large")
    if column.low is not None:
        low = column.low
        _refuse_where(pc.less(typed, low), text, column, path, lambda v: f"{v} is below {low:g}")
    if column.high is not None:
        high = column.high
        _refuse_where(pc.greater(typed, high), text, column, path, lambda v: f"{v} is above {high:g}")


def _check_key(read: pa.Table, table: Table, path: Path) -> None:
    keys = read.select(list(table.key))
    counted = keys.group_by(list(table.key)).aggregate([([], "count_all")])
    if counted.num_rows == read.num_rows:
        return
    seen: dict[tuple[Any, ...], int] = {}
    for line, key in enumerate(zip(*(keys[k].to_pylist() for k in table.key), strict=True), start=2):
        if key in seen:
            shown = ", ".join(str(part) for part in key if part is not None)
            message = (
                f"{shown} stands already on line {seen[key]}; rows must differ in {', '.join(table.key)}"
            )
            raise BadInput(message, file=path, line=line, column=table.key[0])
        seen[key] = line


def _check_dates(read: pa.Table, table: Table, path: Path) -> None:
    if table.dated is None:
        return
    start, end = table.dated
    # `valid_to` is the first day after (half-open); a period's end is its last day.
    disorder = pc.greater_equal if end == "valid_to" else pc.greater
    wrong = pc.fill_null(disorder(read[start], read[end]), fill_value=False)
    index = pc.index(wrong, True).as_py()
    if index >= 0:
        message = f"{read[end][index]} is not after {start} {read[start][index]}"
        raise BadInput(message, file=path, line=index + 2, column=end)
