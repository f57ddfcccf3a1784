"""The same model on Spark: the settings rebuilt in its dialect, the learnt weights copied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from endeavour.engine.linkage.model import LEAST, SCORED, quiet, settings

if TYPE_CHECKING:
    import duckdb

COLUMNS = "unique_id, forename, root, surname, birth_date, sex, postcode, house, uprn, nhs_number"


def score_on_spark(connection: duckdb.DuckDBPyConnection, weights: dict[str, Any]) -> None:
    """Make `scored` as `model.score` does, but on Spark, here or on the cluster that SPARK_MASTER names."""
    from endeavour.engine.lake.backends import SparkBackend

    records = connection.sql(f"SELECT {COLUMNS} FROM record ORDER BY unique_id").to_arrow_table()
    pairs = connection.sql("SELECT * FROM candidate ORDER BY join_key_l, join_key_r").to_arrow_table()
    spark = SparkBackend({}).session
    with quiet():
        from splink import Linker, SparkAPI
        from splink.backends.spark import similarity_jar_location

        spark.sql(f"ADD JAR '{similarity_jar_location()}'")
        api = SparkAPI(spark_session=spark, break_lineage_method="persist")
        given = api.register(spark.createDataFrame(records))
        model = Linker(given, settings(weights, dialect="spark"), log_level=None)
        model.table_management.register_blocked_pairs_for_predict(api.register(spark.createDataFrame(pairs)))
        found = model.inference.predict(threshold_match_weight=LEAST)
        scored = spark.sql(f"{SCORED} FROM {found.physical_name} ORDER BY left_id, right_id").toArrow()
    connection.register("from_spark", scored)
    connection.execute("CREATE TABLE scored AS SELECT * FROM from_spark ORDER BY left_id, right_id")
    connection.unregister("from_spark")
