"""A wrong row names file, line, column and reason."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from endeavour.errors import BadInput, NotFound
from endeavour.pack.reading import read_table
from endeavour.pack.schema import Column, Table

TABLE = Table(
    "made_up",
    "A table for tests.",
    (
        Column("code", "code", "a code"),
        Column("kind", "code", "a kind", choices=("big", "small")),
        Column("persons", "integer", "people", low=0, high=1000),
        Column("share", "number", "a share", optional=True, low=0, high=1),
        Column("valid_from", "date", "start", optional=True),
        Column("valid_to", "date", "end", optional=True),
        Column("open", "boolean", "whether"),
        Column("note", "text", "words", optional=True),
    ),
    key=("code", "kind"),
    dated=("valid_from", "valid_to"),
)
HEADER = "code,kind,persons,share,valid_from,valid_to,open,note"
GOOD = "a,big,12,0.5,2020-01-01,2021-01-01,true,some words"


def write(folder: Path, *lines: str, ending: str = "\n") -> Path:
    path = folder / TABLE.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((ending.join(lines) + ending).encode())
    return folder


def test_a_good_table_is_typed(tmp_path: Path) -> None:
    read = read_table(write(tmp_path, HEADER, GOOD, "b,small,0,,,,false,"), TABLE)
    assert read.schema.field("persons").type == pa.int64()
    assert read.schema.field("valid_from").type == pa.date32()
    assert read["share"].to_pylist() == [0.5, None]
    assert read["open"].to_pylist() == [True, False]
    assert read["note"].to_pylist() == ["some words", None]


def test_a_table_with_no_rows_has_its_types(tmp_path: Path) -> None:
    read = read_table(write(tmp_path, HEADER), TABLE)
    assert read.num_rows == 0
    assert read.schema.field("share").type == pa.float64()


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_line_endings_and_a_byte_order_mark_do_not_matter(tmp_path: Path, ending: str) -> None:
    write(tmp_path, "\ufeff" + HEADER, GOOD, ending=ending)
    assert read_table(tmp_path, TABLE).num_rows == 1


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (",big,1,,,,true,", "code", "is empty; this column needs a value"),
        ("b,medium,1,,,,true,", "kind", "'medium' is not one of big, small"),
        ("b,big,1.5,,,,true,", "persons", "'1.5' is not a whole number"),
        ("b,big,01,,,,true,", "persons", "'01' is not a whole number"),
        ("b,big,-1,,,,true,", "persons", "-1 is below 0"),
        ("b,big,1001,,,,true,", "persons", "1001 is above 1000"),
        ("b,big,9999999999999999999,,,,true,", "persons", "is not a whole number"),
        ("b,big,1,half,,,true,", "share", "'half' is not a number"),
        ("b,big,1,nan,,,true,", "share", "'nan' is not a number"),
        ("b,big,1,1e99,,,true,", "share", "1e99 is above 1"),
        ("b,big,1,,2020-02-30,,true,", "valid_from", "'2020-02-30' is not a day of the calendar"),
        ("b,big,1,,30/02/2020,,true,", "valid_from", "is not a date like 2022-07-01"),
        ("b,big,1,,2021-01-01,2020-01-01,true,", "valid_to", "2020-01-01 is not after valid_from 2021-01-01"),
        ("b,big,1,,,,yes,", "open", "'yes' is neither true nor false"),
        ("b,big,1,,,,true, padded", "note", "' padded' has a space at an end"),
        ("b,big,1,,,,true,bell\x07", "note", "holds a control character"),
        ("b,big,1,,,,true", "code", "has 7 cells where 8 are due"),
        ('b,big,1,,,,true,"two\nlines"', "code", "a cell holds a line break"),
        ('b,big,1,,,,true,"open', "code", "is not well-formed CSV"),
        ("a,big,1,,,,true,", "code", "a, big stands already on line 2; rows must differ in code, kind"),
        ("", "code", "has 0 cells where 8 are due"),
    ],
)
def test_a_wrong_row_names_line_column_and_reason(tmp_path: Path, row: str, column: str, reason: str) -> None:
    with pytest.raises(BadInput) as raised:
        read_table(write(tmp_path, HEADER, GOOD, row), TABLE)
    assert (str(raised.value.file), raised.value.line) == ("tables/made_up.csv", 3)
    assert raised.value.column == column
    assert reason in str(raised.value)


@pytest.mark.parametrize(
    ("header", "column", "reason"),
    [
        (HEADER.replace("persons,", ""), "persons", "the column 'persons' is missing"),
        (HEADER + ",extra", "extra", "'extra' is not a column of this table"),
        (HEADER.replace("code,kind", "kind,code"), "kind", "'kind' stands where 'code' is due"),
    ],
)
def test_a_wrong_header_names_the_column(tmp_path: Path, header: str, column: str, reason: str) -> None:
    with pytest.raises(BadInput, match=reason) as raised:
        read_table(write(tmp_path, header, GOOD), TABLE)
    assert (raised.value.line, raised.value.column) == (1, column)


def test_an_empty_file_lacks_its_header(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="the column 'code' is missing"):
        read_table(write(tmp_path), TABLE)


def test_text_that_is_not_utf8_names_its_line(tmp_path: Path) -> None:
    write(tmp_path, HEADER, GOOD)
    path = tmp_path / TABLE.path
    path.write_bytes(path.read_bytes() + b"b,big,1,,,,true,caf\xe9\n")
    with pytest.raises(BadInput, match="not UTF-8") as raised:
        read_table(tmp_path, TABLE)
    assert raised.value.line == 3


def test_an_absent_file_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="endeavour pack compile"):
        read_table(tmp_path, TABLE)
