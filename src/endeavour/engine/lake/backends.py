"""Run one SQL statement, in DuckDB's dialect, on DuckDB or on Spark, and give Arrow back.

    from endeavour.engine.lake.backends import open_backend
    with open_backend(lake.sources()) as backend:
        backend.run("SELECT sex, count(*) AS n FROM person GROUP BY sex ORDER BY sex")

`ENDEAVOUR_ENGINE` chooses: `duckdb` (the default) or `spark`, which needs the `spark` extra. Statements keep to
habits both engines share: `AS` always, explicit casts, `percentile_cont(..) WITHIN GROUP`, no date minus date.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self, cast

from endeavour.errors import BadInput, Corrupt

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    Sources = Mapping[str, "Sequence[Path] | pa.Table"]

CLOSED_WORLD = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
PARTITION = "financial_year"


class Backend(Protocol):
    """An engine with the lake's tables in it."""

    def run(self, sql: str) -> pa.Table:
        """The answer to one statement in DuckDB's dialect."""

    def close(self) -> None:
        """Let go of memory and files."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def engine_name() -> str:
    """Which engine this process uses, from `ENDEAVOUR_ENGINE`."""
    name = os.environ.get("ENDEAVOUR_ENGINE", "duckdb").lower()
    if name not in ("duckdb", "spark"):
        raise BadInput(f"ENDEAVOUR_ENGINE is '{name}'.", hint="Set it to duckdb or spark.")
    return name


def require_engine() -> None:
    """Missing, with what to install, where this process's engine is not there: to ask before long work, not after."""
    if engine_name() == "spark":
        from endeavour.engine.lake.spark import require_spark

        require_spark()


def thread_limit() -> int | None:
    """How many threads an engine may take, from `ENDEAVOUR_THREADS`; None leaves it to the engine."""
    written = os.environ.get("ENDEAVOUR_THREADS", "")
    if not written:
        return None
    if not written.isdecimal() or int(written) == 0:
        raise BadInput(
            f"ENDEAVOUR_THREADS is '{written}'.", hint="Set it to a whole number from 1, or leave it out."
        )
    return int(written)


def open_backend(sources: Sources, *, engine: str | None = None, threads: int | None = None) -> Backend:
    """The chosen engine with a view for each of `sources` (name: Parquet files, or an Arrow table)."""
    if (engine or engine_name()) == "spark":
        from endeavour.engine.lake.spark import SparkBackend

        return SparkBackend(sources, threads=threads)
    return DuckBackend(sources, threads=threads)


def by_system(sources: Mapping[str, list[Path]]) -> list[dict[str, list[Path]]]:
    """The sources of each of a lake's systems by itself, to count one at a time and add up, so that memory stays flat.

    Each system has files of its own name in every table; a table with no file for each (practices) is shared by all.
    On Spark, which spreads the work itself, all systems are one.

    >>> files = {name: [Path(name, "a"), Path(name, "b")] for name in ("person", "event")} | {"practice": [Path("p")]}
    >>> [[str(path) for path in one["event"] + one["practice"]] for one in by_system(files)]
    [['event/a', 'p'], ['event/b', 'p']]
    """
    names = {path.name for path in sources["person"]}
    if len(names) == 1 or engine_name() == "spark":
        return [dict(sources)]
    parted = {table for table, files in sources.items() if {path.name for path in files} == names}
    return [
        {
            table: [path for path in files if path.name == name] if table in parted else files
            for table, files in sources.items()
        }
        for name in sorted(names)
    ]


class Closing:
    """An engine that is let go of at the end of a `with`."""

    def close(self) -> None:
        """Let go of memory and files."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class DuckBackend(Closing):
    """DuckDB in this process. Each thread that calls `run` gets a cursor of its own."""

    def __init__(self, sources: Sources, *, threads: int | None = None) -> None:
        import duckdb

        config: dict[str, str | bool | int | float | list[str]] = dict(CLOSED_WORLD)
        threads = threads or thread_limit()
        if threads:
            config["threads"] = threads
        self.connection = duckdb.connect(":memory:", config=config)
        self._local = threading.local()
        self._in_memory: dict[str, pa.Table] = {}
        for name, source in sources.items():
            self._add(name, source)

    def _add(self, name: str, source: Sequence[Path] | pa.Table) -> None:
        if not isinstance(source, Sequence):
            self._in_memory[name] = source
            self.connection.register(name, source)
            return
        paths = ", ".join("'" + str(path).replace("'", "''") + "'" for path in source)
        parted = any(f"{PARTITION}=" in str(path) for path in source)
        hive = f", hive_partitioning = true, hive_types = {{'{PARTITION}': SMALLINT}}" if parted else ""
        import duckdb

        try:
            self.connection.execute(f'CREATE VIEW "{name}" AS SELECT * FROM read_parquet([{paths}]{hive})')
        except (duckdb.IOException, duckdb.InvalidInputException) as error:
            raise unreadable(error) from error

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """This thread's own cursor."""
        if not hasattr(self._local, "cursor"):
            cursor = self.connection.cursor()
            for (
                name,
                source,
            ) in self._in_memory.items():  # a table in memory is known only where it was registered
                cursor.register(name, source)
            self._local.cursor = cursor
        return cast("duckdb.DuckDBPyConnection", self._local.cursor)

    def run(self, sql: str) -> pa.Table:
        """The answer, complete, as Arrow. BadInput with DuckDB's own words when the statement is wrong."""
        import duckdb

        try:
            return self.cursor().sql(sql).to_arrow_table()
        except (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException) as error:
            raise BadInput(f"The query cannot be run: {error}") from error
        except (duckdb.IOException, duckdb.InvalidInputException) as error:
            raise unreadable(error) from error

    def close(self) -> None:
        """Close the database."""
        self.connection.close()


def unreadable(error: Exception) -> Corrupt:
    """A file that is cut short or is no Parquet, named in the engine's own words."""
    return Corrupt(
        f"A file of the lake cannot be read: {error}",
        hint="Nothing was published from it. Build the lake again with: endeavour lake build",
    )
