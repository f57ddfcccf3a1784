"""Reading a Parquet file with DuckDB: the web process has no Arrow."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from endeavour.errors import Corrupt
from endeavour.population.queries.store import Row

if TYPE_CHECKING:
    import duckdb


def rows(path: Path, sql: str = "select * from kept", *given: object, mend: str = "") -> list[Row]:
    """The rows of a question to one file, which it names `kept`; `Corrupt`, with how to mend it, where it cannot be read."""
    import duckdb

    cursor = _database().cursor()
    try:
        answer = cursor.execute(f"with kept as (from read_parquet(?)) {sql}", [str(path), *given])
        names = [column[0] for column in answer.description or []]
        return [dict(zip(names, values, strict=True)) for values in answer.fetchall()]
    except duckdb.Error as error:
        raise Corrupt(f"{path.name} cannot be read.", hint=mend) from error
    finally:
        cursor.close()


@lru_cache(maxsize=1)
def _database() -> duckdb.DuckDBPyConnection:
    """One empty database a process, for cursors of its own a question: to open one costs more than most questions."""
    import duckdb

    return duckdb.connect(
        config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    )
