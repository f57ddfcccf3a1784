"""Control charts against a slow twin that takes one series, one rule and one point at a time."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from endeavour.engine.statistics._shape import Reason
from endeavour.engine.statistics.spc import Assurance, Rule, Variation, control_chart
from endeavour.errors import BadInput


def _twin_limits(y: list[float], *, screen: bool) -> tuple[float, float, float]:
    ranges = [abs(b - a) for a, b in pairwise(y)]
    average = sum(ranges) / len(ranges)
    if screen:
        kept = [r for r in ranges if r < 3.267 * average]
        average = sum(kept) / len(kept)
    mean = sum(y) / len(y)
    return mean, mean - 2.66 * average, mean + 2.66 * average


def _twin_rule(y: list[float], at: int, limits: tuple[float, float, float]) -> Rule:
    mean, low, high = limits
    if y[at] > high:
        return Rule.ABOVE_LIMIT
    if y[at] < low:
        return Rule.BELOW_LIMIT
    windows = [range(s, s + 7) for s in range(len(y) - 6) if s <= at < s + 7]
    for window in windows:
        steps = [y[i + 1] - y[i] for i in window[:-1]]
        if all(step < 0 for step in steps):
            return Rule.FALLING
    for window in windows:
        steps = [y[i + 1] - y[i] for i in window[:-1]]
        if all(step > 0 for step in steps):
            return Rule.RISING
    near_high, near_low = mean + (high - mean) * 2 / 3, mean - (mean - low) * 2 / 3

    def near(i: int) -> bool:
        return low <= y[i] <= high and (y[i] > near_high or y[i] < near_low)

    for s in range(len(y) - 2):
        three = range(s, s + 3)
        one_side = all(y[i] > mean for i in three) or all(y[i] < mean for i in three)
        if at in three and near(at) and one_side and sum(near(i) for i in three) >= 2:
            return Rule.TWO_OF_THREE_HIGH if y[at] > mean else Rule.TWO_OF_THREE_LOW
    if any(all(y[i] > mean for i in window) for window in windows):
        return Rule.SHIFT_ABOVE
    if any(all(y[i] < mean for i in window) for window in windows):
        return Rule.SHIFT_BELOW
    return Rule.NONE


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("screen", [True, False])
def test_agrees_with_the_twin(seed: int, screen: bool) -> None:
    rng = np.random.default_rng(seed)
    y = 50 + np.cumsum(rng.normal(0, 1.5 * (seed % 3), 30)) + rng.normal(0, 2, 30)
    y[seed % 30] += 15 * (seed % 2)
    chart = control_chart(y, screen=screen)
    limits = _twin_limits(y.tolist(), screen=screen)
    assert (chart.mean[0], chart.lower[0], chart.upper[0]) == pytest.approx(limits)
    assert chart.rule.tolist() == [_twin_rule(y.tolist(), at, limits) for at in range(30)]


def test_a_trend_is_seven_points() -> None:
    noise, rise = [50.0, 0, 40, 30], [20.0, 21, 22, 23, 24, 25, 26]
    chart = control_chart([*noise, *rise, 5, 45], direction=1)
    assert np.flatnonzero(chart.rule == Rule.RISING).tolist() == list(range(4, 11))
    assert chart.point[4] == Variation.IMPROVEMENT
    assert not (control_chart([*noise, *rise[:6], 5, 45]).rule == Rule.RISING).any()


def test_rebase_begins_a_new_mean_and_breaks_runs() -> None:
    y = [10, 11, 10, 11, 10, 11, 30, 31, 30, 31, 30, 31]
    whole = control_chart(y)
    split = control_chart(y, rebase=[i == 6 for i in range(12)])
    assert whole.mean[0] == pytest.approx(20.5)
    assert split.mean[[0, 11]].tolist() == [10.5, 30.5]
    assert split.segment.tolist() == [0] * 6 + [1] * 6
    assert not split.rule.any()


def test_baseline_sets_limits_from_the_first_points_of_each_segment() -> None:
    y = [10, 12, 10, 12, 30, 30, 30, 30]
    assert control_chart(y, baseline=4).mean[0] == 11
    assert control_chart(y, baseline=2, rebase=[0, 0, 0, 0, 1, 0, 0, 0]).mean[[0, 4]].tolist() == [11, 30]


def test_a_missing_point_breaks_a_run() -> None:
    gap = np.array([10.0, 0.0] * 6 + [7, 9, 7, 9, np.nan, 7, 9, 7, 9])
    assert control_chart(gap[~np.isnan(gap)]).rule[12:].tolist() == [Rule.SHIFT_ABOVE] * 8
    assert not control_chart(gap).rule.any()


@pytest.mark.parametrize(
    ("y", "reason"),
    [([7.0] * 12, Reason.NO_SPREAD), ([7.0, np.nan], Reason.TOO_FEW_VALUES), ([np.nan] * 3, Reason.MISSING)],
)
def test_no_limits_has_a_reason(y: list[float], reason: Reason) -> None:
    chart = control_chart(y, target=8.0, direction=1)
    assert chart.reason == reason
    assert np.isnan(chart.lower).all()
    assert chart.variation == Variation.COMMON_CAUSE


def test_icons() -> None:
    y = np.tile([10.0, 12.0], 10)
    meets, misses, both, unasked = (
        control_chart(y, direction=way, target=goal).assurance
        for way, goal in ((1, 2), (-1, 2), (1, 11), (0, 2))
    )
    assert meets == Assurance.CONSISTENTLY_MEETS
    assert misses == Assurance.CONSISTENTLY_MISSES
    assert both == Assurance.HIT_AND_MISS
    assert unasked == Assurance.NOT_ASKED


def test_target_by_point_uses_the_latest() -> None:
    y = np.tile([10.0, 12.0], 10)
    goal = np.where(np.arange(20) < 10, 50.0, 2.0)
    assert control_chart(y, direction=1, target=goal).assurance == Assurance.CONSISTENTLY_MEETS


def test_every_rule_has_words() -> None:
    assert [rule for rule in Rule if rule and not rule.words] == []


@pytest.mark.parametrize(
    "bad", [{"direction": 2}, {"rebase": [1, 0]}, {"target": [[1.0], [2.0]]}, {"baseline": [1, 2, 3]}]
)
def test_bad_options(bad: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        control_chart([1.0, 2.0, 3.0], **bad)  # type: ignore[arg-type]


def test_a_value_alone_or_infinite_is_refused() -> None:
    with pytest.raises(BadInput):
        control_chart(3.0)
    with pytest.raises(BadInput, match="series"):
        control_chart([])
    with pytest.raises(BadInput, match="infinite"):
        control_chart([1.0, np.inf])
