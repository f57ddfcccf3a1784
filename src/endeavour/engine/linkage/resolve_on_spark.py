"""From pairs to people on Spark: connected records are found together, and each such part is joined by one worker.

What joins, and why not, is `resolve.join` here as there. Pairs in order matter only among records that some chain of
pairs or a known person connects, so parts that nothing connects can be joined by different workers, in any order, and
the answer is the same to the last record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from endeavour.engine.linkage.resolve import Answer, Question, join

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

LARGE_STAR = """
SELECT DISTINCT other AS record, lowest AS root FROM (
    SELECT one, other, least(one, min(other) OVER (PARTITION BY one)) AS lowest
    FROM (SELECT record AS one, root AS other FROM {edges} UNION ALL SELECT root, record FROM {edges}))
WHERE other > one
"""
SMALL_STAR = """
WITH star AS (SELECT record, root, min(root) OVER (PARTITION BY record) AS lowest FROM {edges})
SELECT record, lowest AS root FROM star UNION SELECT root, lowest FROM star WHERE root > lowest
"""
UNSETTLED = """
SELECT record FROM {edges} GROUP BY record HAVING count(*) > 1
UNION ALL SELECT e.record FROM {edges} AS e LEFT SEMI JOIN {edges} AS f ON e.root = f.record
LIMIT 1
"""
"""A record with two roots, or a root that has one itself: until there is none, the stars are not yet the parts."""

PART = "SELECT record, root AS part FROM {edges} UNION SELECT root, root FROM {edges}"
BUCKET = "pmod(part, {buckets})"
RECORDS = (
    f"SELECT {BUCKET} AS bucket, record, number, birth, person FROM {{facts}} JOIN {{parts}} USING (record)"
)
PAIRS = f"""
SELECT {BUCKET} AS bucket, at, one, other, forced FROM {{pairs}} JOIN {{parts}} ON one = record
"""
JOINED = "record BIGINT, first BIGINT, known BIGINT, at BIGINT, outcome BIGINT"
NONE = -1


def join_on_spark(asked: Question) -> Answer:
    """What `join` gives, found on Spark, here or on the cluster that SPARK_MASTER names."""
    import pyarrow as pa

    from endeavour.engine.lake.spark import spark_session

    spark = spark_session()
    buckets = int(str(spark.conf.get("spark.sql.shuffle.partitions")))
    parts = spark.sql(PART, edges=stars(spark, spark.createDataFrame(_edges(asked))))
    facts = spark.createDataFrame(
        pa.table(
            {
                "record": np.arange(len(asked.number)),
                "number": asked.number,
                "birth": asked.birth,
                "person": asked.person,
            }
        )
    )
    records = spark.sql(RECORDS, facts=facts, parts=parts, buckets=buckets)
    pairs = spark.sql(PAIRS, pairs=spark.createDataFrame(_pairs(asked)), parts=parts, buckets=buckets)
    answered = records.groupBy("bucket").cogroup(pairs.groupBy("bucket")).applyInArrow(_join_bucket, JOINED)
    return _answer(asked, answered.toArrow())


def stars(spark: SparkSession, edges: DataFrame) -> DataFrame:
    """The connected parts of a graph: every record but the lowest of its part, with that lowest one as its root.

    `edges` has record and root, the higher id first. Each round makes the stars about every record point lower; rounds
    grow with the logarithm of a part, not its length. Source: Kiveris and others 2014, Connected Components in
    MapReduce and Beyond, the alternating algorithm.
    """
    while spark.sql(UNSETTLED, edges=edges).take(1):
        # What was found is kept, and how it was found forgotten: else each round would do all before it again.
        edges = spark.sql(SMALL_STAR, edges=spark.sql(LARGE_STAR, edges=edges)).localCheckpoint()
    return edges


def _edges(asked: Question) -> pa.Table:
    """What connects records: a pair, or a person they are known to share; the higher id first."""
    import pyarrow as pa

    known = np.flatnonzero(asked.person > 0)
    people, first, whose = np.unique(asked.person[known], return_index=True, return_inverse=True)
    one = np.concatenate([asked.left, known])
    other = np.concatenate([asked.right, known[first][whose] if len(people) else known])
    apart = one != other
    return pa.table({"record": np.maximum(one, other)[apart], "root": np.minimum(one, other)[apart]})


def _pairs(asked: Question) -> pa.Table:
    """The pairs, `at` counting them in order, and those to keep apart, whose `at` is NONE."""
    import pyarrow as pa

    kept = np.array(asked.apart, np.int64).reshape(-1, 2)
    return pa.table(
        {
            "at": np.concatenate([np.arange(len(asked.left)), np.full(len(kept), NONE)]),
            "one": np.concatenate([asked.left, kept[:, 0]]),
            "other": np.concatenate([asked.right, kept[:, 1]]),
            "forced": np.concatenate([asked.forced, np.zeros(len(kept), bool)]),
        }
    )


def _join_bucket(records: pa.Table, pairs: pa.Table) -> pa.Table:
    """Join some parts, whole, on a worker: rows of records (`at` NONE) and of pairs (`record` NONE)."""
    import pyarrow as pa

    records, pairs = records.sort_by("record"), pairs.sort_by("at")
    record, at, one, other = (
        _column(*named) for named in ((records, "record"), (pairs, "at"), (pairs, "one"), (pairs, "other"))
    )
    # Two to keep apart need not be connected: then they are apart already, perhaps in another worker's parts.
    to_join, to_keep = at != NONE, (at == NONE) & np.isin(other, record)
    left, right = np.searchsorted(record, one), np.searchsorted(record, other)
    found = join(
        Question(
            left=left[to_join], right=right[to_join], forced=_column(pairs, "forced")[to_join],
            number=_column(records, "number"), birth=_column(records, "birth"), person=_column(records, "person"),
            apart=list(zip(left[to_keep].tolist(), right[to_keep].tolist(), strict=True)),
        )
    )  # fmt: skip
    no_record, no_pair = np.full(len(found.outcome), NONE), np.full(len(record), NONE)
    return pa.table(
        {
            "record": np.concatenate([record, no_record]),
            "first": np.concatenate([record[found.first], no_record]),
            "known": np.concatenate([found.known, no_record]),
            "at": np.concatenate([no_pair, at[to_join]]),
            "outcome": np.concatenate([no_pair, found.outcome.astype(np.int64)]),
        }
    )


def _answer(asked: Question, rows: pa.Table) -> Answer:
    """Every record's and every pair's answer in order; a record of no part is a group by itself."""
    first, known = np.arange(len(asked.number)), asked.person.copy()
    outcome = np.zeros(len(asked.left), np.int8)
    record, at = _column(rows, "record"), _column(rows, "at")
    is_record, is_pair = record != NONE, at != NONE
    first[record[is_record]] = _column(rows, "first")[is_record]
    known[record[is_record]] = _column(rows, "known")[is_record]
    outcome[at[is_pair]] = _column(rows, "outcome")[is_pair]
    return Answer(first, known, outcome)


def _column(table: pa.Table, name: str) -> Any:
    return table.column(name).to_numpy()
