"""DuckDB and Spark give one answer to every statement about people and households."""

from __future__ import annotations

import math

import pytest

from builders.lake import the_small_lake
from endeavour.engine.cohort.people import outcomes_sql, people_sql
from endeavour.engine.cohort.rule import open_rule
from endeavour.engine.cohort.score import scoring_sql
from endeavour.engine.cohort.segments import (
    frailty_sql,
    multimorbidity_sql,
    open_scores,
    open_segments,
    segments_sql,
)
from endeavour.engine.cohort.segments_release import cells_sql
from endeavour.engine.cohort.terms import matrix_columns
from endeavour.engine.lake.backends import Backend, open_backend


def statements() -> dict[str, str]:
    segments, scores = open_segments(), open_scores()
    return {
        "people": f"SELECT * FROM ({people_sql()}) AS t ORDER BY person_id",
        "outcomes": f"SELECT * FROM ({outcomes_sql(2022, {'gp_contacts': 1.0})}) AS t ORDER BY person_id",
        "the model's columns": f"SELECT person_id, {matrix_columns()} FROM ({people_sql()}) AS t ORDER BY person_id",
        "multimorbidity": f"SELECT * FROM ({multimorbidity_sql(scores)}) AS t ORDER BY person_id",
        "frailty": f"SELECT * FROM ({frailty_sql(scores)}) AS t ORDER BY person_id",
        "segments": f"SELECT person_id, segment FROM ({segments_sql(segments, scores)}) AS t ORDER BY person_id",
        "cells": f"SELECT * FROM ({cells_sql(segments, scores)}) AS t ORDER BY "
        "segment, frailty_band, in_place, in_district, in_deprivation, in_ethnicity, in_sex, in_age",
        "scored households": scoring_sql(open_rule()),
    }


def rows(backend: Backend, sql: str) -> list[tuple[object, ...]]:
    table = backend.run(sql)
    return list(zip(*(table[name].to_pylist() for name in table.column_names), strict=True))


@pytest.mark.spark
@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_every_statement_answers_alike_on_both() -> None:
    sources = the_small_lake().sources()
    with (
        open_backend(sources, engine="duckdb", threads=1) as duck,
        open_backend(sources, engine="spark", threads=2) as spark,
    ):
        for name, sql in statements().items():
            ours, theirs = rows(duck, sql), rows(spark, sql)
            assert len(ours) == len(theirs) > 0, name
            for one, other in zip(ours, theirs, strict=True):
                assert all(_alike(a, b) for a, b in zip(one, other, strict=True)), (name, one, other)


def _alike(a: object, b: object) -> bool:
    if isinstance(a, float) or isinstance(b, float):
        return math.isclose(float(str(a)), float(str(b)), rel_tol=1e-6, abs_tol=1e-9)
    return a == b
