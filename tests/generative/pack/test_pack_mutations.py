"""Whatever is done to a table's bytes, it is read as lawful or refused by file, line and column; never a traceback."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from endeavour.errors import BadInput
from endeavour.pack.reading import read_table
from endeavour.pack.schema import TABLES, Column, Table

MSE = Path(__file__).parents[3] / "packs" / "mse"
RELAXED = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
SMALL = [t for t in TABLES if (MSE / t.path).is_file()]
WRONG = {
    "integer": ["", "x", "1.5", "1e3", "--1", "0x10", " 1", "99999999999999999999", "NaN"],
    "number": ["", "x", "1,5", "1.2.3", "inf", "nan", " 1", "1e999", "٣"],
    "date": ["", "2020-13-01", "2020-02-30", "20-1-1", "tomorrow", "2020-01-01T00:00"],
    "boolean": ["", "yes", "True", "0", "1"],
}


def fault_of(read: Callable[[], object]) -> BadInput | None:
    """The fault that reading finds; anything but a `BadInput` is a failure of the test."""
    try:
        read()
    except BadInput as fault:
        return fault
    return None


def lines_of(table: Table, limit: int = 40) -> list[str]:
    return (MSE / table.path).read_text(encoding="utf-8").splitlines()[:limit]


def write(folder: Path, table: Table, content: bytes) -> None:
    path = folder / table.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


@RELAXED
@given(st.data())
def test_any_bytes_are_read_or_refused_by_line(tmp_path: Path, data: st.DataObject) -> None:
    table = data.draw(st.sampled_from(SMALL))
    content = bytearray("\n".join(lines_of(table)).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content)))
        content[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    write(tmp_path, table, bytes(content))
    fault = fault_of(lambda: read_table(tmp_path, table))
    if fault is not None:
        assert str(fault.file) == table.path
        assert fault.line is not None
        assert 1 <= fault.line <= bytes(content).count(b"\n") + bytes(content).count(b"\r") + 2


def strict(column: Column) -> bool:
    return column.kind in WRONG or bool(column.choices)


@RELAXED
@given(st.data())
def test_a_wrong_cell_is_refused_by_its_own_line_and_column(tmp_path: Path, data: st.DataObject) -> None:
    import csv
    import io

    table = data.draw(st.sampled_from([t for t in SMALL if any(strict(c) for c in t.columns)]))
    rows = list(csv.reader(lines_of(table)))
    column = data.draw(st.sampled_from([c for c in table.columns if strict(c)]))
    wrong = data.draw(
        st.sampled_from([w for w in WRONG.get(column.kind, ["no such choice"]) if w or not column.optional])
    )
    line = data.draw(st.integers(2, len(rows)))
    rows[line - 1][table.columns.index(column)] = wrong
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    write(tmp_path, table, stream.getvalue().encode())
    with pytest.raises(BadInput) as raised:
        read_table(tmp_path, table)
    assert (raised.value.line, raised.value.column) == (line, column.name)


@RELAXED
@given(st.data())
def test_a_row_written_twice_names_the_second(tmp_path: Path, data: st.DataObject) -> None:
    table = data.draw(st.sampled_from(SMALL))
    lines = lines_of(table)
    first = data.draw(st.integers(2, len(lines)))
    write(tmp_path, table, "\n".join([*lines, lines[first - 1]]).encode())
    with pytest.raises(BadInput, match=f"already on line {first}") as raised:
        read_table(tmp_path, table)
    assert raised.value.line == len(lines) + 1


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_change_of_the_yaml_is_read_or_refused_by_line(tmp_path: Path, data: st.DataObject) -> None:
    from endeavour.pack.definitions import read_plus_groups
    from endeavour.pack.meta import read_meta

    for name in ("pack.yaml", "plus_groups.yaml"):
        content = bytearray((MSE / name).read_bytes())
        place = data.draw(st.integers(0, len(content)))
        content[place : place + data.draw(st.integers(0, 5))] = data.draw(st.binary(max_size=5))
        (tmp_path / name).write_bytes(bytes(content))
    for read in (read_meta, read_plus_groups):
        fault = fault_of(partial(read, tmp_path))
        assert fault is None or fault.line is not None
    shutil.rmtree(tmp_path, ignore_errors=True)
    tmp_path.mkdir()
