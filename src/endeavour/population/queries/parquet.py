"""Reading a Parquet file with DuckDB: the web process has no Arrow."""

from __future__ import annotations

from pathlib import Path

from endeavour.errors import Corrupt
from endeavour.population.queries.store import Row


def rows(path: Path, sql: str = "select * from kept", *given: object, mend: str = "") -> list[Row]:
    """The rows of a question to one file, which it names `kept`; `Corrupt`, with how to mend it, where it cannot be read."""
    import duckdb

    connection = duckdb.connect(
        config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    )
    try:
        answer = connection.execute(f"with kept as (from read_parquet(?)) {sql}", [str(path), *given])
        names = [column[0] for column in answer.description or []]
        return [dict(zip(names, values, strict=True)) for values in answer.fetchall()]
    except duckdb.Error as error:
        raise Corrupt(f"{path.name} cannot be read.", hint=mend) from error
    finally:
        connection.close()
