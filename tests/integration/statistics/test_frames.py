"""One answer from Polars, pandas, Arrow and DuckDB, given back in the caller's own kind."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from endeavour.engine.statistics import frames, frames_inequality, frames_series
from endeavour.engine.statistics.proportions import proportion
from endeavour.errors import BadInput

ARROW = pa.table(
    {
        "area": ["B", "A", "B", "C"],
        "sex": ["f", "f", "m", "m"],
        "smokers": [3, 4, 5, None],
        "adults": [10, 20, 30, 40],
    }
)
KINDS = ["arrow", "pandas", "polars", "lazy", "duckdb"]


def as_kind(kind: str, table: pa.Table) -> Any:
    if kind == "duckdb":
        return duckdb.connect().from_arrow(table)
    made = {"arrow": lambda: table, "pandas": table.to_pandas, "polars": lambda: pl.from_arrow(table)}
    return pl.from_arrow(table).lazy() if kind == "lazy" else made[kind]()


def rows(frame: Any) -> list[dict[str, Any]]:
    if isinstance(frame, pd.DataFrame):
        return pa.Table.from_pandas(frame, preserve_index=False).to_pylist()
    return frame.to_pylist() if isinstance(frame, pa.Table) else frame.to_dicts()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_gives_one_answer_and_comes_back_as_itself(kind):
    made = frames.proportion(as_kind(kind, ARROW), "smokers", "adults", group_by="area")
    kinds = {"pandas": pd.DataFrame, "polars": pl.DataFrame, "lazy": pl.DataFrame}
    assert isinstance(made, kinds.get(kind, pa.Table))
    expected = proportion([8, 4], [40, 20])
    found = {row["area"]: row for row in rows(made)}
    assert list(found) == ["B", "A", "C"]
    assert found["B"]["value"] == float(expected.value[0])
    assert found["A"]["upper_0.95"] == float(expected.upper[0.95][1])
    assert found["C"]["value"] is None
    assert found["C"]["reason"] == "missing-input"


def test_pandas_keeps_rows_right_whatever_its_index():
    frame = ARROW.to_pandas().iloc[::-1]
    made = frames.proportion(frame, "smokers", "adults", group_by=["area", "sex"])
    assert made["area"].tolist() == ["C", "B", "A", "B"]
    assert made["value"].tolist()[2] == 0.2


def test_without_grouping_each_row_is_a_group_and_keeps_its_columns():
    made = frames.rate(ARROW, "smokers", "adults", multiplier=1)
    assert made.column_names[:4] == ["area", "sex", "smokers", "adults"]
    assert made["value"].to_pylist()[:2] == [0.3, 0.2]


@pytest.mark.parametrize("kind", ["arrow", "pandas", "polars"])
def test_an_empty_key_is_an_error_and_never_dropped(kind):
    table = as_kind(kind, pa.table({"area": ["A", None], "n": [1, 2], "d": [3, 4]}))
    with pytest.raises(BadInput, match=r"'area'.*is empty \(row 1"):
        frames.proportion(table, "n", "d", group_by="area")
    keys = as_kind(kind, pa.table({"area": [1.0, float("nan")], "n": [1, 2], "d": [3, 4]}))
    with pytest.raises(BadInput, match="is empty"):
        frames.rate(keys, "n", "d", group_by="area")


AGES = pa.table(
    {
        "area": ["A", "A", "A", "B", "B", "B"],
        "age": ["65+", "0-14", "15 to 64", "0-14", "15 to 64", "65+"],
        "deaths": [900, 20, 100, 10, 200, 700],
        "people": [9000, 20000, 50000, 10000, 70000, 9000],
    }
)


def test_bands_may_stand_in_any_order():
    made = frames.life_expectancy(AGES, "deaths", "people", "age", group_by="area").to_pylist()
    assert [row["age"] for row in made[:3]] == ["0-14", "15 to 64", "65+"]
    assert made[0]["value"] > made[1]["value"] > made[2]["value"] == 10
    first = frames.life_expectancy(AGES, "deaths", "people", "age", group_by="area", at=0).to_pylist()
    assert first[0]["value"] == made[0]["value"]


def test_a_missing_band_withholds_its_group_alone():
    made = frames.life_expectancy(
        AGES.slice(0, 5), "deaths", "people", "age", group_by="area", at=0
    ).to_pylist()
    assert [row["reason"] for row in made] == ["", "missing-age-bands"]


@pytest.mark.parametrize(
    ("ages", "words"),
    [
        (["0-14", "0-14", "15+"], "comes twice"),
        (["0-14", "10-19", "20+"], "overlap"),
        (["all", "0-14", "15+"], "has no age"),
        (["0-14", None, "15+"], "is empty"),
    ],
)
def test_bands_that_cannot_be_right_are_refused(ages, words):
    table = pa.table({"age": ages, "d": [1, 2, 3], "n": [10, 20, 30]})
    for call in (
        lambda: frames.life_expectancy(table, "d", "n", "age"),
        lambda: frames.dsr(table, "d", "n", "n", age="age"),
    ):
        with pytest.raises(BadInput, match=words):
            call()


def test_under_one_starts_at_birth():
    table = pa.table({"age": ["<1", "1-64", "65+"], "d": [5, 50, 300], "n": [900, 50000, 4000]})
    assert frames.life_expectancy(table, "d", "n", "age")["age"].to_pylist() == ["<1", "1-64", "65+"]


def test_a_named_standard_population_fits_the_bands():
    table = pa.table({"age": [0, 65], "d": [12, 40], "n": [900, 100]})
    made = frames.dsr(table, "d", "n", "esp2013", age="age", multiplier=1000)
    assert made["value"][0].as_py() == pytest.approx(0.805 * 12 / 0.9 + 0.195 * 400)
    with pytest.raises(BadInput, match="needs ages"):
        frames.dsr(table, "d", "n", "esp2013")


def test_groups_may_have_different_bands():
    table = pa.table({"g": ["A", "A", "B"], "d": [20, 30, 50], "n": [100, 200, 500], "w": [1, 1, 1]})
    made = frames.dsr(table, "d", "n", "w", group_by="g", multiplier=1)
    assert made["value"].to_pylist() == pytest.approx([0.175, 0.1])
    assert made["total_population"].to_pylist() == [300, 500]
    reference = table.append_column("rd", pa.array([1000, 1000, 1000])).append_column(
        "rn", pa.array([100, 50, 100])
    )
    ratio = frames.indirect_ratio(reference, "d", "n", "rn", "rd", group_by="g")
    assert ratio["expected"].to_pylist() == pytest.approx([20, 50])
    rate = frames.indirect_rate(reference, "d", "n", "rn", "rd", group_by="g", multiplier=1)
    assert rate["ref_rate"].to_pylist() == pytest.approx([0.075, 0.1])


def test_refusals_name_the_column_and_the_row():
    table = pa.table({"n": [1, -2], "d": [3, 0], "t": ["1", "two"]})
    for call, words in (
        (lambda: frames.rate(table, "n", "d"), "'n' is negative (row 1"),
        (lambda: frames.rate(table, "d", "d"), "'d' is zero (row 1"),
        (lambda: frames.rate(table, "t", "d"), "'two' in column 't' is not a number (row 1"),
        (lambda: frames.rate(table, "x", "d"), "there is no column 'x'"),
        (lambda: frames.rate(table.slice(0, 0), "n", "d"), "no rows"),
        (lambda: frames.rate({"n": [1]}, "n", "d"), "not a dataframe"),
        (lambda: frames.rate(table, "d", "n", group_by=["d", "d"]), "negative"),
        (
            lambda: frames.funnel(pa.table({"a": [1, 1], "n": [1, 1], "d": [2, 2]}), "n", "d", group_by="a"),
            "twice",
        ),
    ):
        with pytest.raises(BadInput) as caught:
            call()
        assert words in str(caught.value)


def test_quantiles_keep_the_table_and_its_order():
    table = pa.table({"g": ["x", "y", "x", "y"], "v": [1.0, 5.0, 2.0, 4.0], "up": [True, False, True, False]})
    made = frames.quantile(table, "v", quantiles_wanted=2, invert="up", group_by="g")
    assert made["quantile"].to_pylist() == [2, 2, 1, 1]
    assert made["v"].to_pylist() == [1, 5, 2, 4]


def test_subgroups_come_in_the_order_named_and_groups_may_differ_in_size():
    table = pa.table(
        {
            "area": ["A", "A", "A", "B", "B"],
            "fifth": [3, 1, 2, 1, 2],
            "rate": [80.0, 70.0, 75.0, 10.0, 30.0],
            "n": [1, 1, 1, 1, 1],
            "se": [0.5] * 5,
        }
    )
    made = frames_inequality.sii(table, "rate", "n", standard_error="se", order="fifth", group_by="area")
    assert made["value"].to_pylist() == pytest.approx([15, 40])
    gap = frames_inequality.inequality(table, "D", "rate", "n", order="fifth", group_by="area")
    assert gap["value"].to_pylist() == [10, 20]
    against = frames_inequality.inequality(
        table, "MDRU", "rate", "n", order="fifth", reference="2", group_by="area"
    )
    assert against["value"].to_pylist() == pytest.approx([10 / 3, 10])
    with pytest.raises(BadInput, match="no subgroup '9'"):
        frames_inequality.inequality(
            table, "MDRU", "rate", "n", order="fifth", reference="9", group_by="area"
        )


def test_a_control_chart_has_a_row_a_point_in_time_order():
    table = pa.table(
        {
            "ward": ["X"] * 3 + ["Y"] * 4,
            "month": ["2024-03", "2024-01", "2024-02", "2024-01", "2024-02", "2024-03", "2024-04"],
            "waits": [12.0, 10.0, 11.0, 5.0, 6.0, 5.0, 60.0],
            "better": ["down"] * 7,
        }
    )
    made = frames_series.spc(table, "waits", time="month", group_by="ward", direction="better", target=20)
    assert made["month"].to_pylist()[:3] == ["2024-01", "2024-02", "2024-03"]
    assert made["value"].to_pylist()[:3] == [10, 11, 12]
    assert made["assurance"].to_pylist()[0] == "consistent_pass"
    with pytest.raises(BadInput, match="neither"):
        frames_series.spc(table, "waits", direction="sideways")


def test_a_trend_needs_its_columns():
    table = pa.table(
        {
            "year": range(5),
            "v": np.arange(5.0) * 9,
            "lo": np.arange(5.0) * 9 - 1,
            "hi": np.arange(5.0) * 9 + 1,
        }
    )
    made = frames_series.trend(table, time="year", value="v", lower="lo", upper="hi")
    assert made["trend"].to_pylist() == ["increasing"]
    with pytest.raises(BadInput, match="a trend needs"):
        frames_series.trend(table, time="year", value="v")


def test_strata_of_people():
    table = pa.table(
        {
            "sex": ["f", "f", "m", "m"] * 2,
            "age": ["old", "young"] * 4,
            "income": ["low"] * 4 + ["high"] * 4,
            "ill": [30, 20, 40, 25, 12, 10, 20, 9],
            "people": [100] * 8,
        }
    )
    made = frames_inequality.maihda(table, "ill", "people", group_by=["sex", "age", "income"]).to_pylist()
    assert len(made) == 8
    assert all(0 < row["lower_0.95"] < row["value"] < row["upper_0.95"] < 1 for row in made)
    assert made[0]["pcv"] > 50
