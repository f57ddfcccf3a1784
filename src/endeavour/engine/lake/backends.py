"""Run one SQL statement, in DuckDB's dialect, on DuckDB or on Spark: give Arrow back, or write a table of a lake.

    from endeavour.engine.lake.backends import open_backend
    with open_backend(lake.sources()) as backend:
        backend.run("SELECT sex, count(*) AS n FROM person GROUP BY sex ORDER BY sex")

`ENDEAVOUR_ENGINE` chooses: `duckdb` (the default) or `spark`, which needs the `spark` extra. Statements keep to
habits both engines share: `AS` always, explicit casts, `percentile_cont(..) WITHIN GROUP`, no date minus date.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self, cast

from endeavour.engine.lake.engine import PARTITION, Closing, cannot_run, thread_limit, unreadable
from endeavour.engine.lake.writing import ROWS_A_GROUP, with_empty_parts, write_parts
from endeavour.errors import BadInput

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from endeavour.engine.lake.engine import Source, Sources
    from endeavour.engine.lake.manifest import FileEntry
    from endeavour.engine.lake.schema import Table

CLOSED_WORLD = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}


class Backend(Protocol):
    """An engine with the lake's tables in it."""

    def run(self, sql: str) -> pa.Table:
        """The answer to one statement in DuckDB's dialect."""

    def add(self, name: str, source: Source) -> None:
        """Give Parquet files, or an Arrow table, a name in statements."""

    def keep(self, name: str, sql: str) -> None:
        """Give the answer to a statement a name in later statements; it is worked out once."""

    def write(
        self, sql: str, table: Table, root: Path, *, order: Sequence[str], years: Sequence[int] = ()
    ) -> list[FileEntry]:
        """Write the rows of a statement as a table of the lake in the making at `root`: the same bytes on any engine.

        The statement gives the table's columns, `part` (the number, from 1, of the file that a row is in) and whatever
        else `order` names. In that order a file's rows stand together, and rows that it does not tell apart are equal.
        A table that is parted by year is written for `years`, and has a file for each.
        """

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


class DuckBackend(Closing):
    """DuckDB in this process, in a database of its own or the one given. Each thread that asks gets its own cursor."""

    def __init__(
        self,
        sources: Sources,
        *,
        threads: int | None = None,
        connection: duckdb.DuckDBPyConnection | None = None,
    ) -> None:
        self.connection = connection or _database(threads)
        self._local = threading.local()
        self._in_memory: dict[str, pa.Table] = {}
        for name, source in sources.items():
            self.add(name, source)

    def add(self, name: str, source: Source) -> None:
        """Make a view of Parquet files, or of an Arrow table; Corrupt for a file that cannot be read."""
        if not isinstance(source, Sequence):
            self._in_memory[name] = source
            self.connection.register(name, source)
            self._local = threading.local()  # cursors made before do not know it
            return
        paths = ", ".join("'" + str(path).replace("'", "''") + "'" for path in source)
        parted = any(f"{PARTITION}=" in str(path) for path in source)
        hive = f", hive_partitioning = true, hive_types = {{'{PARTITION}': SMALLINT}}" if parted else ""
        with _in_our_words():
            self.connection.execute(f'CREATE VIEW "{name}" AS SELECT * FROM read_parquet([{paths}]{hive})')

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
        with _in_our_words():
            return self.cursor().sql(sql).to_arrow_table()

    def keep(self, name: str, sql: str) -> None:
        """Make a table of the answer."""
        with _in_our_words():
            self.cursor().execute(f'CREATE TABLE "{name}" AS {sql}')

    def write(
        self, sql: str, table: Table, root: Path, *, order: Sequence[str], years: Sequence[int] = ()
    ) -> list[FileEntry]:
        """Write the rows as files, a year at a time, so that no more than a year is sorted at once."""
        wanted = [f"WHERE {table.partition} = {year}" for year in years] if table.partition else [""]
        entries: list[FileEntry] = []
        with _in_our_words(), self._joined_as_written():
            for where in wanted:
                rows = self.cursor().sql(f"SELECT * FROM ({sql}) AS rows {where} ORDER BY {', '.join(order)}")
                entries += write_parts(rows.to_arrow_reader(ROWS_A_GROUP), table, root)
        return with_empty_parts(entries, table, root, years)

    @contextmanager
    def _joined_as_written(self) -> Iterator[None]:
        """Tables are joined in the order of the statement, the largest first: how many rows a year's folder has is not
        known beforehand, and a year of contacts taken for the smaller table fills the memory.
        """
        self.connection.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
        try:
            yield
        finally:
            self.connection.execute("RESET disabled_optimizers")

    def close(self) -> None:
        """Close the database."""
        self.connection.close()


def _database(threads: int | None) -> duckdb.DuckDBPyConnection:
    import duckdb

    config: dict[str, str | bool | int | float | list[str]] = dict(CLOSED_WORLD)
    threads = threads or thread_limit()
    if threads:
        config["threads"] = threads
    return duckdb.connect(":memory:", config=config)


@contextmanager
def _in_our_words() -> Iterator[None]:
    """BadInput where a statement is wrong, Corrupt where a file cannot be read, both with DuckDB's own words."""
    import duckdb

    try:
        yield
    except (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException) as error:
        raise cannot_run(error) from error
    except (duckdb.IOException, duckdb.InvalidInputException) as error:
        raise unreadable(error) from error
