"""Every point NHSRplotthedots 0.2.2 drew, of 270 series of nine kinds."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from endeavour.engine.statistics.spc import Assurance, ControlChart, Rule, Variation, control_chart

FIXTURES = Path(__file__).parent / "fixtures"
RULES = {
    "Common Cause": Rule.NONE,
    "Above UCL": Rule.ABOVE_LIMIT,
    "Below LCL": Rule.BELOW_LIMIT,
    "7 Points Above CL": Rule.SHIFT_ABOVE,
    "7 Points Below CL": Rule.SHIFT_BELOW,
    "7 Point Trend (Increasing)": Rule.RISING,
    "7 Point Trend (Decreasing)": Rule.FALLING,
    "2 in 3 Above CL": Rule.TWO_OF_THREE_HIGH,
    "2 in 3 Below CL": Rule.TWO_OF_THREE_LOW,
}
VARIATION = {
    "common_cause": Variation.COMMON_CAUSE,
    "special_cause_improvement": Variation.IMPROVEMENT,
    "special_cause_concern": Variation.CONCERN,
    "special_cause_neutral_high": Variation.NEUTRAL_HIGH,
    "special_cause_neutral_low": Variation.NEUTRAL_LOW,
}
ASSURANCE = {
    "NA": Assurance.NOT_ASKED,
    "consistent_pass": Assurance.CONSISTENTLY_MEETS,
    "inconsistent": Assurance.HIT_AND_MISS,
    "consistent_fail": Assurance.CONSISTENTLY_MISSES,
}
WAY = {"increase": 1, "decrease": -1, "neutral": 0}

Row = dict[str, str]


def _number(text: str) -> float:
    return float("nan") if text == "NA" else float(text)


def _read(name: str) -> list[Row]:
    with (FIXTURES / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def charted() -> tuple[list[Row], list[list[Row]], ControlChart]:
    cases, grouped = _read("ptd_cases.csv"), defaultdict(list)
    for row in _read("ptd_points.csv"):
        grouped[row["case"]].append(row)
    points = [grouped[case["case"]] for case in cases]
    values = np.full((len(cases), max(map(len, points))), np.nan)
    rebase = np.zeros(values.shape)
    for number, (case, rows) in enumerate(zip(cases, points, strict=True)):
        values[number, : len(rows)] = [float(row["y"]) for row in rows]
        for start in filter(None, case["rebase"].split(";")):
            rebase[number, int(start) - 1] = 1
    chart = control_chart(
        values,
        rebase=rebase,
        baseline=[_number(case["fix_after"]) for case in cases],
        screen=[case["screen_outliers"] == "TRUE" for case in cases],
        direction=[WAY[case["direction"]] for case in cases],
        target=np.array([_number(case["target"]) for case in cases])[:, None],
    )
    return cases, points, chart


def test_every_mean_and_limit(charted: tuple[list[Row], list[list[Row]], ControlChart]) -> None:
    _, points, chart = charted
    for name, ours in (("mean", chart.mean), ("lpl", chart.lower), ("upl", chart.upper)):
        for number, rows in enumerate(points):
            theirs = [_number(row[name]) for row in rows]
            np.testing.assert_allclose(ours[number, : len(rows)], theirs, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    ("column", "attribute", "meaning"),
    [
        ("rebase_group", "segment", int),
        ("rel", "side", int),
        ("outside", "outside", "TRUE".__eq__),
        ("close", "near", "TRUE".__eq__),
        ("special_cause_type", "rule", RULES.get),
        ("point_type", "point", VARIATION.get),
        ("short_group", "short", "TRUE".__eq__),
    ],
)
def test_every_point(
    charted: tuple[list[Row], list[list[Row]], ControlChart], column: str, attribute: str, meaning: type
) -> None:
    _, points, chart = charted
    ours = getattr(chart, attribute)
    for number, rows in enumerate(points):
        assert ours[number, : len(rows)].tolist() == [meaning(row[column]) for row in rows], rows[0]["case"]


def test_every_icon(charted: tuple[list[Row], list[list[Row]], ControlChart]) -> None:
    cases, _, chart = charted
    assert chart.variation.tolist() == [VARIATION[case["variation"]] for case in cases]
    assert chart.assurance.tolist() == [ASSURANCE[case["assurance"]] for case in cases]
