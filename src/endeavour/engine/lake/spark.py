"""Spark: one session for the process, the lake's tables in it, and statements of DuckDB's dialect run on it.

`SPARK_MASTER` names the cluster; without it Spark runs in this machine's memory. Everything else about a cluster (its
memory, its executors, how many parts a shuffle has) is Spark's own to read, from spark-defaults.conf in
`SPARK_CONF_DIR`. A cluster sees the installation's folder under the same path as this machine does, and to build a lake
its workers have this package installed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from endeavour.engine.lake.engine import PARTITION, Closing, cannot_run, thread_limit, unreadable
from endeavour.engine.lake.manifest import FileEntry
from endeavour.engine.lake.writing import PART, with_empty_parts, write_parts
from endeavour.errors import BadInput, Missing

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

    from endeavour.engine.lake.engine import Source, Sources
    from endeavour.engine.lake.schema import Table

INSTALL = "Install it with: pip install 'common-endeavour[spark]', or set ENDEAVOUR_ENGINE=duckdb."
ALWAYS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    # A lake's files hold a row in a few bytes, which take some thirty times as many in memory: by their size alone Spark
    # would send each worker whole tables that do not fit.
    "spark.sql.sources.fileCompressionFactor": "30",
}
HERE = {"spark.sql.shuffle.partitions": "4"}
"""Where no cluster is named: Spark's own 200 parts are for one."""

_running: dict[str, SparkSession] = {}
"""The one session, by the master that was named for it."""


def require_spark() -> None:
    """Missing, with what to install, unless PySpark can be imported; for commands to ask before any work is done."""
    try:
        import pyspark  # noqa: F401
    except ImportError as error:
        raise Missing("Spark is not installed.", hint=INSTALL) from error


def spark_session(threads: int | None = None) -> SparkSession:
    """The process's one Spark, started when first asked for; it ends with the process, or when the master changes.

    Missing when PySpark or Java is absent, or the master that `SPARK_MASTER` names does not answer.
    """
    require_spark()
    from pyspark.errors import PySparkRuntimeError
    from pyspark.sql import SparkSession

    named = os.environ.get("SPARK_MASTER", "")
    if named in _running:
        return _running[named]
    if _running:
        _running.popitem()[1].stop()
    master = named or f"local[{threads or thread_limit() or 2}]"
    if master.startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master(master).appName("endeavour")
    for name, value in (ALWAYS if named else ALWAYS | HERE).items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except (PySparkRuntimeError, OSError) as error:
        raise Missing(
            f"Spark did not start on {master}: {str(error).splitlines()[0]}",
            hint="It needs Java 17 and, where SPARK_MASTER names a cluster, that cluster.",
        ) from error
    session.sparkContext.setLogLevel("ERROR")
    _running[named] = session
    return session


class SparkBackend(Closing):
    """The lake's tables in a Spark session of their own; statements are translated by sqlglot."""

    def __init__(self, sources: Sources, *, threads: int | None = None) -> None:
        # Views are the session's: two lakes open at once may both have a `person`.
        self.session = spark_session(threads).newSession()
        self._kept: list[DataFrame] = []
        for name, source in sources.items():
            self.add(name, source)

    def add(self, name: str, source: Source) -> None:
        """Make a view of Parquet files, or of an Arrow table; Corrupt for a file that cannot be read."""
        if not isinstance(source, Sequence):
            plain = source.cast(_without_dictionaries(source.schema))
            self.session.createDataFrame(plain).createOrReplaceTempView(name)
            return
        import pyarrow as pa
        import pyarrow.parquet as pq
        from pyspark.sql.pandas.types import from_arrow_schema

        # Told the columns, Spark need not start a job to find them.
        try:
            schema = from_arrow_schema(_without_dictionaries(pq.read_schema(source[0])))
        except (OSError, pa.ArrowInvalid) as error:
            raise unreadable(error) from error
        reader = self.session.read.schema(schema)
        parted = [path for path in source if f"{PARTITION}=" in str(path)]
        if parted:
            reader = reader.option("basePath", str(parted[0].parent.parent))
        reader.parquet(*[str(path) for path in source]).createOrReplaceTempView(name)

    def run(self, sql: str) -> pa.Table:
        """The answer as Arrow; BadInput when the statement cannot be translated or run, Corrupt for a torn file."""
        with _in_our_words():
            return self.session.sql(to_spark(sql)).toArrow()

    def keep(self, name: str, sql: str) -> None:
        """Make a view of the answer, which the workers keep from when it is first asked for."""
        with _in_our_words():
            answer = self.session.sql(to_spark(sql)).persist()
            answer.createOrReplaceTempView(name)
        self._kept.append(answer)

    def write(
        self, sql: str, table: Table, root: Path, *, order: Sequence[str], years: Sequence[int] = ()
    ) -> list[FileEntry]:
        """Write the rows as files, each by one worker, in a folder that every worker can write in."""
        by = (table.partition, PART) if table.partition else (PART,)
        only = f"WHERE {table.partition} IN ({', '.join(map(str, years))})" if table.partition else ""
        tasks = int(str(self.session.conf.get("spark.sql.shuffle.partitions")))
        with _in_our_words():
            rows = self.session.sql(to_spark(f"SELECT * FROM ({sql}) AS rows {only}"))
            written = (
                rows.repartition(tasks, *by)
                .sortWithinPartitions(*by[:-1], *order)
                .mapInArrow(partial(_write_here, table=table, root=root), WRITTEN)
                .toArrow()
            )
        entries = [FileEntry(**entry) for entry in written.to_pylist()]
        return with_empty_parts(entries, table, root, years)

    def close(self) -> None:
        """Let go of what was kept; the session ends with the process."""
        for answer in self._kept:
            answer.unpersist()


WRITTEN = "path STRING, table STRING, rows BIGINT, size BIGINT, sha256 STRING"


def _write_here(batches: Iterable[pa.RecordBatch], *, table: Table, root: Path) -> Iterator[pa.RecordBatch]:
    """Write one task's rows, on a worker; a task that Spark tries again writes over what it left."""
    import pyarrow as pa

    entries = [asdict(entry) for entry in write_parts(batches, table, root)]
    if entries:
        yield pa.RecordBatch.from_pylist(entries)


@contextmanager
def _in_our_words() -> Iterator[None]:
    """BadInput where a statement is wrong, Corrupt where a file is torn, both with Spark's own words."""
    from pyspark.errors import AnalysisException, ParseException, PySparkException

    try:
        yield
    except (AnalysisException, ParseException) as error:
        raise cannot_run(error) from error
    except PySparkException as error:
        if "FAILED_READ_FILE" in str(error) or "is not a Parquet file" in str(error):
            raise unreadable(error) from error
        raise


def _without_dictionaries(schema: pa.Schema) -> pa.Schema:
    """The same columns as plain values: Spark has no dictionaries."""
    import pyarrow as pa

    return pa.schema(
        [f.with_type(f.type.value_type) if pa.types.is_dictionary(f.type) else f for f in schema]
    )


def to_spark(sql: str) -> str:
    """A statement of DuckDB's dialect in Spark's.

    >>> to_spark("SELECT CAST(age AS DOUBLE) AS years FROM person")
    'SELECT CAST(age AS DOUBLE) AS years FROM person'
    """
    import sqlglot

    try:
        raised = sqlglot.ErrorLevel.RAISE
        return str(sqlglot.transpile(sql, read="duckdb", write="spark", unsupported_level=raised)[0])
    except sqlglot.errors.SqlglotError as error:
        raise BadInput(f"The query cannot be translated for Spark: {error}") from error
