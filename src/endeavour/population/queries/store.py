"""The compiled pack, opened once a process and asked with a cursor of one's own."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from endeavour.pack.store import connect, current_copy

if TYPE_CHECKING:
    import duckdb

Row = dict[str, Any]


def edition() -> str:
    """The digest of the facts now served: equal digests mean equal pages, so it is fit for an ETag."""
    return current_copy(settings.PACK).name


def rows(sql: str, *given: object) -> list[Row]:
    """Every row of a question to the pack, as dictionaries. `Missing` where no pack was loaded.

    A copy never changes, so what was asked of it before is not asked again.
    """
    # A list cannot tell one question from another; a tuple can, and is a list again when DuckDB reads it.
    told = tuple(tuple(value) if isinstance(value, list) else value for value in given)
    names, found = _answer(current_copy(settings.PACK), sql, told)
    return [dict(zip(names, values, strict=True)) for values in found]


@lru_cache(maxsize=400)
def _answer(
    copy: Path, sql: str, told: tuple[object, ...]
) -> tuple[tuple[str, ...], tuple[tuple[Any, ...], ...]]:
    answer = (
        _opened(copy)
        .cursor()
        .execute(sql, [list(value) if isinstance(value, tuple) else value for value in told])
    )
    return tuple(column[0] for column in answer.description or []), tuple(answer.fetchall())


def row(sql: str, *given: object) -> Row | None:
    """The one row of a question, or None."""
    found = rows(sql, *given)
    return found[0] if found else None


def has(table: str) -> bool:
    """Whether the pack brought this table."""
    return (current_copy(settings.PACK) / f"{table}.parquet").is_file()


HELD = ("lsoa_areas", "area_kinds")
"""Which area lies in which: a view over files that nearly every question joins, some of them four times."""


@lru_cache(maxsize=2)
def _opened(copy: Path) -> duckdb.DuckDBPyConnection:
    """One database for each copy: its views are made once, those most asked for worked out once, and a new copy is noticed by its name."""
    connection = connect(settings.PACK, copy.parents[2])
    known = {name for (name,) in connection.execute("select view_name from duckdb_views()").fetchall()}
    for view in HELD:
        if view in known:
            connection.execute(f"create table held as from {view}")
            connection.execute(f"drop view {view}")
            connection.execute(f"alter table held rename to {view}")
    return connection
