"""Linkage on Spark: the same blocks and, by the same settings with the learnt weights, the same model.

What comes after, from pairs to people, is in `resolve_on_spark.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from endeavour.engine.linkage.model import LEAST, LIKENESS, SCORED, quiet, settings

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa
    from pyspark.sql import SparkSession

LIKENESS_HERE = "likeness_as_in_duckdb"
COLUMNS = "unique_id, forename, root, surname, birth_date, sex, postcode, house, uprn, nhs_number"


def pairs_on_spark(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Make `candidate` of the pairs that the blocking statement finds, on Spark."""
    from endeavour.engine.lake.spark import SparkBackend

    columns = f"{COLUMNS}, person, number"
    tables = {
        name: connection.sql(f"SELECT {columns} FROM {name} ORDER BY unique_id").to_arrow_table()
        for name in ("weighed", "open_record")
    }
    with SparkBackend(tables) as backend:
        _keep(connection, "candidate", backend.run(sql), "join_key_l, join_key_r")


def score_on_spark(connection: duckdb.DuckDBPyConnection, weights: dict[str, Any]) -> None:
    """Make `scored` as `model.score` does, but on Spark, here or on the cluster that SPARK_MASTER names."""
    from endeavour.engine.lake.spark import spark_session

    records = connection.sql(f"SELECT {COLUMNS} FROM record ORDER BY unique_id").to_arrow_table()
    pairs = connection.sql("SELECT * FROM candidate ORDER BY join_key_l, join_key_r").to_arrow_table()
    spark = spark_session()
    with quiet():
        from splink import Linker, SparkAPI

        teach_likeness(spark)
        api = SparkAPI(spark_session=spark, break_lineage_method="persist", register_udfs_automatically=False)
        given = api.register(spark.createDataFrame(records))
        model = Linker(given, settings(weights, likeness=LIKENESS_HERE), log_level=None)
        model.table_management.register_blocked_pairs_for_predict(api.register(spark.createDataFrame(pairs)))
        found = model.inference.predict(threshold_match_weight=LEAST)
        scored = spark.sql(f"{SCORED} FROM {found.physical_name} ORDER BY left_id, right_id").toArrow()
    _keep(connection, "scored", scored, "left_id, right_id")


def teach_likeness(spark: SparkSession) -> None:
    """Give Spark DuckDB's own likeness of two words, under a name that Spark does not have.

    Spark's and Splink's likenesses judge letters in another order now and then (Johnson and Johson), so that a pair
    would fall on another level.
    """
    from pyspark.sql.functions import ArrowUDFType, arrow_udf

    spark.udf.register(LIKENESS_HERE, arrow_udf(_likeness, "double", ArrowUDFType.SCALAR))


def _likeness(left: pa.Array, right: pa.Array) -> pa.Array:
    """The likeness of each two words, on a worker."""
    import duckdb
    import pyarrow as pa

    from endeavour.engine.lake.backends import CLOSED_WORLD

    with duckdb.connect(":memory:", config={**CLOSED_WORLD, "threads": 1}) as connection:
        connection.register("words", pa.table({"one": left, "other": right}))
        found = connection.sql(f"SELECT CAST({LIKENESS}(one, other) AS DOUBLE) AS likeness FROM words")
        return found.to_arrow_table().column("likeness").combine_chunks()


def _keep(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.Table, order: str) -> None:
    """Make a table of what Spark gave."""
    connection.register("from_spark", rows)
    connection.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM from_spark ORDER BY {order}")
    connection.unregister("from_spark")
