"""Reading any dataframe into the arrays the statistics take, and writing their results back as the same kind."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from endeavour.engine.statistics._shape import Flags, Floats
from endeavour.errors import BadInput

Numbers = NDArray[np.intp]
_NAMED = 5
_FIRST_NUMBER = re.compile(r"\d+")
_BAND = re.compile(r"^\s*(\d+)\s*(?:-|–|to)\s*(\d+)\b")
_FROM_BIRTH = re.compile(r"^\s*(<|under|less than)", re.IGNORECASE)


@dataclass(frozen=True)
class Table:
    """A dataframe held as Arrow, with what it was and, when it came from a text file, where its first row stood."""

    arrow: pa.Table
    backend: str
    first_line: int | None = None

    @property
    def rows(self) -> int:
        return int(self.arrow.num_rows)

    def column(self, name: str) -> pa.ChunkedArray:
        """The column of this name, or an error that lists the names there are."""
        if name not in self.arrow.column_names:
            known = ", ".join(self.arrow.column_names)
            raise BadInput(f"there is no column '{name}'", hint=f"The columns are: {known}.")
        return self.arrow.column(name)

    def numbers(self, name: str) -> Floats:
        """The column as floats, NaN where it is empty; anything else that is not a number is refused by row."""
        column = self.column(name)
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            self._refuse_text(name, column)
        try:
            values = column.cast(pa.float64())
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            raise BadInput(f"column '{name}' does not hold numbers") from None
        return np.asarray(values.to_numpy(), dtype=np.float64)

    def _refuse_text(self, name: str, column: pa.ChunkedArray) -> None:
        for row, text in enumerate(column.to_pylist()):
            if text is not None:
                try:
                    float(text)
                except ValueError:
                    where = self.place(np.array([row]))
                    raise BadInput(f"'{text}' in column '{name}' is not a number ({where})") from None

    def flags(self, name: str) -> Flags:
        """The column as true or false; empty cells are refused."""
        column = self.column(name)
        if column.null_count or not pa.types.is_boolean(column.type):
            raise BadInput(f"column '{name}' must hold true or false in every row")
        return np.asarray(column.to_numpy(), dtype=np.bool_)

    def place(self, rows: Numbers) -> str:
        """Rows named for a person: lines of the file, or rows counted from 0."""
        offset = self.first_line or 0
        named = ", ".join(str(row + offset) for row in rows[:_NAMED].tolist())
        more = f" and {rows.size - _NAMED} more" if rows.size > _NAMED else ""
        word = "line" if self.first_line else "row"
        note = "" if self.first_line else "; rows are counted from 0"
        return f"{word}{'' if rows.size == 1 else 's'} {named}{more}{note}"

    def refuse(self, wrong: Flags, message: str, *, hint: str = "") -> None:
        """Raise `BadInput` naming the rows where `wrong` is true."""
        if wrong.any():
            raise BadInput(f"{message} ({self.place(np.flatnonzero(wrong))})", hint=hint)

    def counts(self, name: str, *, above_zero: bool = False) -> Floats:
        """A column of counts, refused where negative or infinite (and where zero, if that makes no sense)."""
        values = self.numbers(name)
        self.refuse(values < 0, f"'{name}' is negative")
        self.refuse(np.isinf(values), f"'{name}' is infinite")
        if above_zero:
            self.refuse(values == 0, f"'{name}' is zero")
        return values


@dataclass(frozen=True)
class Groups:
    """Which group each row is in, numbered in order of first appearance, and the columns that tell them apart."""

    which: Numbers
    many: int
    keys: pa.Table
    names: tuple[str, ...] = field(default=())


def load(frame: Any) -> Table:
    """Any frame Narwhals knows (Polars, pandas, Arrow, a DuckDB relation) as a `Table`; a `Table` passes through."""
    if isinstance(frame, Table):
        return frame
    if isinstance(frame, pa.Table):
        return Table(frame, "pyarrow")
    import narwhals as nw

    try:
        known = nw.from_native(frame)
    except TypeError:
        kind = type(frame).__name__
        raise BadInput(f"a {kind} is not a dataframe", hint="Give Polars, pandas, Arrow or DuckDB.") from None
    if isinstance(known, nw.LazyFrame):
        polars = known.implementation.is_polars()
        return Table(known.collect(backend="pyarrow").to_arrow(), "polars" if polars else "pyarrow")
    return Table(known.to_arrow(), str(known.implementation.value))


def give(table: Table, columns: Mapping[str, Any], base: pa.Table | None = None) -> Any:
    """A frame of the caller's kind: the base columns, then the results (an unknown number is null).

    A lazy relation, which has no home outside its own connection, comes back as Arrow.
    """
    arrays = {}
    if base is not None:
        arrays = {name: base.column(name) for name in base.column_names if name not in columns}
    for name, values in columns.items():
        arrays[name] = values if isinstance(values, (pa.Array, pa.ChunkedArray)) else _array(values)
    made = pa.table(arrays)
    if table.backend == "pyarrow":
        return made
    import narwhals as nw

    backend: Any = table.backend
    return nw.from_arrow(made, backend=backend).to_native()


def _array(values: Any) -> pa.Array:
    flat = np.asarray(values).reshape(-1)
    if flat.dtype.kind == "f":
        return pa.array(flat, from_pandas=True)
    return pa.array(flat.tolist() if flat.dtype.kind in "UO" else flat)


def group_rows(table: Table, by: Sequence[str]) -> Groups:
    """Rows grouped by the columns named; an empty key is refused, never dropped. No columns: one group of all."""
    if not by:
        return Groups(np.zeros(table.rows, dtype=np.intp), min(table.rows, 1), pa.table({}))
    repeated = {name for name in by if list(by).count(name) > 1}
    if repeated:
        raise BadInput(f"column '{min(repeated)}' is named twice in the grouping")
    code = np.zeros(table.rows, dtype=np.int64)
    for name in by:
        encoded, known = _encoded(table, name)
        code = code * len(known) + encoded
    _, first, which = np.unique(code, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    renumber = np.empty_like(order)
    renumber[order] = np.arange(order.size)
    keys = table.arrow.select(list(by)).take(pa.array(first[order]))
    return Groups(renumber[which.reshape(-1)], order.size, keys, tuple(by))


def _encoded(table: Table, name: str) -> tuple[Numbers, pa.Array]:
    """Each row's place in a dictionary of the column's values, and the dictionary."""
    column = table.column(name)
    empty = np.asarray(pc.is_null(column, nan_is_null=True).to_numpy(), dtype=np.bool_)
    table.refuse(empty, f"'{name}', which rows are told apart by, is empty")
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    chunks = column.unify_dictionaries().chunks
    codes = [np.asarray(chunk.indices.to_numpy(zero_copy_only=False), dtype=np.intp) for chunk in chunks]
    return np.concatenate(codes), chunks[0].dictionary


def add_up(values: Floats, groups: Groups) -> Floats:
    """The sum of each group; NaN where any of its values is."""
    return np.bincount(groups.which, weights=values, minlength=groups.many).astype(np.float64)


def start_ages(table: Table, name: str) -> Floats:
    """The first age of each row's band: the number itself, or the first in '0-4', '5 to 9', '90+' or '<1' (which is 0).

    Errors: `BadInput` for a band without a number, and for two that overlap ('0-4' beside '3-7').
    """
    column = table.column(name)
    empty = np.asarray(pc.is_null(column, nan_is_null=True).to_numpy(), dtype=np.bool_)
    table.refuse(empty, f"'{name}' is empty")
    if not is_text(column.type):
        return table.counts(name)
    encoded, known = _encoded(table, name)
    words = known.to_pylist()
    starts = np.array([_first_age(word) for word in words], dtype=np.float64)
    table.refuse(np.isnan(starts)[encoded], f"a band in '{name}' has no age in it", hint="Write 0-4 or 90+.")
    _refuse_overlaps(words, starts)
    return starts[encoded]


def is_text(kind: pa.DataType) -> bool:
    """Whether a column of this type holds text."""
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _first_age(text: str) -> float:
    if _FROM_BIRTH.match(text):
        return 0.0
    found = _FIRST_NUMBER.search(text)
    return float(found.group()) if found else float("nan")


def _refuse_overlaps(words: Sequence[str], starts: Floats) -> None:
    order = np.argsort(starts, kind="stable")
    for one, other in itertools.pairwise(order):
        band = _BAND.match(words[one])
        if band and starts[other] <= float(band.group(2)):
            raise BadInput(f"age bands '{words[one]}' and '{words[other]}' overlap")


@dataclass(frozen=True)
class Grid:
    """Where each row sits in a table of groups by strata, and how to lay a column out on it.

    `labels` are the strata in order and `first` a row that holds each.
    """

    row: Numbers
    place: Numbers
    shape: tuple[int, int]
    filled: Flags
    labels: Floats
    first: Numbers

    def lay(self, values: Floats, empty: float) -> Floats:
        """The column as an array of groups by strata, `empty` where a group has no such row."""
        out = np.full(self.shape, empty)
        out[self.row, self.place] = values
        return out


def grid(
    table: Table,
    groups: Groups,
    labels: Floats | None,
    name: str,
    *,
    packed: bool = False,
    align: Literal["first", "latest"] = "first",
) -> Grid:
    """Rows laid out as groups by labelled strata; a stratum met twice in a group is refused.

    Without labels the rows of each group are its strata in the order they stand. `packed` closes the gaps: a
    group's labels become 0, 1, 2, ... in order, counted so that the first (or the latest) of all groups stand
    together.
    """
    if labels is None:
        order = np.argsort(groups.which, kind="stable")
        size = np.bincount(groups.which, minlength=groups.many)
        place = np.empty(table.rows, dtype=np.intp)
        place[order] = np.arange(table.rows) - np.repeat(np.cumsum(size) - size, size)
        known = np.arange(int(size.max(initial=0)), dtype=np.float64)
        first = np.zeros(0, dtype=np.intp)
    else:
        known, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
        place = inverse.reshape(-1).astype(np.intp)
    shape = (groups.many, known.size)
    seen = np.bincount(groups.which * known.size + place, minlength=groups.many * known.size)
    twice = seen[groups.which * known.size + place] > 1
    table.refuse(twice, f"the same '{name}' comes twice in a group", hint="Group by the other columns too.")
    if packed:
        place = _packed(groups, place, align)
        shape = (groups.many, int(place.max(initial=-1)) + 1)
        filled = np.zeros(shape, dtype=np.bool_)
        filled[groups.which, place] = True
        return Grid(groups.which, place, shape, filled, np.arange(shape[1], dtype=np.float64), first)
    return Grid(groups.which, place, shape, seen.reshape(shape) > 0, known, first)


def _packed(groups: Groups, place: Numbers, align: str) -> Numbers:
    order = np.lexsort((place, groups.which))
    size = np.bincount(groups.which, minlength=groups.many)
    out = np.empty_like(place)
    out[order] = np.arange(place.size) - np.repeat(np.cumsum(size) - size, size)
    if align == "latest":
        out += (size.max(initial=0) - size)[groups.which]
    return out


def moments(table: Table, name: str) -> Floats:
    """A column of times as numbers that keep their order: numbers as they are, dates as days, text by its order."""
    column = table.column(name)
    empty = np.asarray(pc.is_null(column, nan_is_null=True).to_numpy(), dtype=np.bool_)
    table.refuse(empty, f"'{name}' is empty")
    if pa.types.is_date(column.type) or pa.types.is_timestamp(column.type):
        stamps = column.cast(pa.timestamp("ms")).cast(pa.int64())
        return np.asarray(stamps.to_numpy(), dtype=np.float64) / 86_400_000
    if is_text(column.type):
        encoded, known = _encoded(table, name)
        words = np.asarray(known.to_pylist())
        rank = np.empty(words.size)
        rank[np.argsort(words)] = np.arange(words.size)
        return np.asarray(rank[encoded])
    return table.numbers(name)


def first_seen(table: Table, name: str) -> Floats:
    """Each row's label numbered by when the column first had it."""
    encoded, _ = _encoded(table, name)
    return encoded.astype(np.float64)
