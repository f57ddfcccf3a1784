"""Quantiles, funnels and benchmarks: edges and refusals."""

from __future__ import annotations

import numpy as np
import pytest

from endeavour.engine.statistics._shape import reason_codes
from endeavour.engine.statistics.benchmark import Comparison, compare_with_benchmark
from endeavour.engine.statistics.funnel import (
    NOT_APPLICABLE,
    funnel_limits,
    funnel_points,
    funnel_significance,
)
from endeavour.engine.statistics.quantiles import quantile
from endeavour.errors import BadInput


def test_too_few_areas_have_no_quantile_and_say_so():
    made = quantile([1.0, np.nan, 3.0], quantiles=3)
    assert reason_codes(made.reason).tolist() == [
        "fewer-areas-than-quantiles", "missing-input", "fewer-areas-than-quantiles",
    ]  # fmt: skip
    assert np.isnan(made.value).all()


def test_each_last_axis_is_ranked_by_itself():
    values = np.array([[1.0, 2.0, 3.0], [30.0, 20.0, 10.0]])
    assert quantile(values, quantiles=3, invert=False).value.tolist() == [[1, 2, 3], [3, 2, 1]]


def test_groups_of_very_unlike_size_rank_as_like_ones_do():
    draw = np.random.default_rng(3)
    values = draw.integers(0, 50, 4000).astype(float)
    which = np.r_[np.zeros(3000, int), np.arange(1, 1001)]
    draw.shuffle(which)
    made = quantile(values, which, quantiles=5).value
    alone = quantile(values[which == 0], quantiles=5).value
    np.testing.assert_array_equal(made[which == 0], alone)
    assert np.isnan(made[which > 0]).all()


def test_polarity_may_differ_by_group():
    made = quantile([1.0, 2.0, 1.0, 2.0], [0, 0, 1, 1], quantiles=2, invert=[True, False]).value
    assert made.tolist() == [2, 1, 1, 2]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: quantile([1.0, 2.0], quantiles=1), "number of quantiles"),
        (lambda: quantile([1.0, np.inf]), "infinite"),
        (lambda: quantile(1.0), "single value"),
        (lambda: quantile([1.0], [0, 1]), "one length"),
        (lambda: quantile([1.0], [0.5]), "whole numbers"),
        (lambda: quantile([1.0], [-1]), "negative"),
        (lambda: quantile([1.0], invert=[True, False]), "invert"),
        (lambda: funnel_limits([1], [2], statistic="median"), "not a funnel statistic"),
        (lambda: funnel_limits([1]), "needs a denominator"),
        (lambda: funnel_limits([3], [2]), "above its denominator"),
        (lambda: funnel_limits([1], [0]), "not above zero"),
        (lambda: funnel_limits([np.nan], [2]), "no area has both"),
        (lambda: funnel_limits([1], statistic="rate", rate=[0]), "zero where there were events"),
        (lambda: funnel_limits([0], statistic="rate", rate=[0]), "needs its denominator"),
        (lambda: funnel_limits([1], statistic="rate", rate=[-1]), "a rate is negative"),
        (lambda: compare_with_benchmark({0.9: 1}, {0.9: 2}, 1), "compared at 0.95"),
        (lambda: compare_with_benchmark({0.95: 3}, {0.95: 2}, 1), "above its upper limit"),
        (lambda: Comparison.HIGHER_95.label("good"), "not a polarity"),
    ],
)
def test_what_cannot_be_right_is_refused(call, words):
    with pytest.raises(BadInput, match=r".") as caught:
        call()
    assert words in str(caught.value)


def test_a_funnel_of_like_sizes_starts_near_the_smallest():
    assert funnel_limits([30, 45], [100, 150]).axis[0] == 90
    assert funnel_limits([30, 45], [100, 250]).axis[0] == 1


def test_the_axis_rounds_by_the_figures_the_reference_prints():
    # 12,000,000 is printed there as 1.2e+07: seven characters, not eight, so it is rounded to a million, not to ten.
    assert funnel_limits([10, 10], [12_631_579, 13_000_000]).axis[0] == 12_000_000
    assert funnel_limits([10, 10], [12_631_589, 13_000_000]).axis[0] == 10_000_000


def test_funnels_of_ratios():
    lines = funnel_limits([8, 20, 35], [10.0, 20.0, 30.0], statistic="ratio")
    isr = funnel_limits([8, 20, 35], [10.0, 20.0, 30.0], statistic="ratio", ratio_type="isr")
    assert lines.axis_name == "observed_events"
    np.testing.assert_allclose(isr.upper[0.95], (lines.upper[0.95] + 1) * 100)
    assert (lines.baseline, isr.baseline) == (0, 100)
    assert (lines.lower[0.998] < lines.lower[0.95]).all()
    assert list(lines.columns())[:3] == ["observed_events", "lower_0.95_expected_events", "lower_0.95"]
    made = funnel_significance([1, 10, 40], [20.0, 10.0, 15.0], statistic="ratio")
    assert made.tolist() == ["Low (0.001)", "Not significant", "High (0.001)"]


def test_a_standardised_rate_of_few_events_is_not_judged():
    options = {"statistic": "rate", "rate": [50.0, 120.0, 0.0], "rate_type": "dsr", "multiplier": 1000}
    assert funnel_significance([5, 60, 0], [100, 500, 50], **options).tolist()[0::2] == [NOT_APPLICABLE] * 2
    points = funnel_points([5, 60, 0], [100, 500, 50], **options)
    assert reason_codes(points.reason).tolist()[0] == "fewer-than-10-events"
    assert points.extra["denominator_derived"][1] == 500


def test_control_limits_hold_the_average_between_them():
    for statistic in ("proportion", "rate", "ratio"):
        made = funnel_points([3, 40, 90], [10, 120, 300], statistic=statistic)
        baseline = made.extra["baseline"]
        assert (made.lower[0.95] <= baseline).all()
        assert (made.upper[0.998] >= baseline).all()


def test_words_of_a_comparison():
    codes = compare_with_benchmark(
        {0.95: [1, 1, 5, 11, 12, np.nan], 0.998: [0, 0, 4, 9, 11, np.nan]},
        {0.95: [9, 9, 15, 13, 14, np.nan], 0.998: [11, 9.5, 16, 14, 15, np.nan]},
        10,
    )
    words = [Comparison(code).label("high-is-good") for code in codes]
    assert words == [
        "worse (95%)", "worse (99.8%)", "similar", "better (95%)", "better (99.8%)", "not compared",
    ]  # fmt: skip
    assert Comparison.LOWER_95.label("low-is-good") == "better (95%)"


def test_a_benchmark_with_its_own_interval_must_lie_clear():
    limits = {0.95: [8.0]}, {0.95: [9.0]}
    assert compare_with_benchmark(*limits, 10).tolist() == [Comparison.LOWER_95]
    touching = compare_with_benchmark(*limits, 10, benchmark_lower=9.0, benchmark_upper=11.0)
    assert touching.tolist() == [Comparison.SIMILAR]
