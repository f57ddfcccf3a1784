"""Examples a reader can check by hand: the slope of inequality, the control chart's rules, the trend marker."""

from __future__ import annotations

import pytest

from endeavour.engine.statistics.slope_index import slope_index
from endeavour.engine.statistics.spc import Assurance, Rule, Variation, control_chart
from endeavour.engine.statistics.toolkit import measure
from endeavour.engine.statistics.trend import trend_of_values


def test_two_halves_ten_years_apart_are_twenty_years_apart_from_end_to_end() -> None:
    """Each half stands at its middle, a quarter and three quarters of the way, so the whole way is twice as far."""
    line = slope_index([70.0, 80.0], [500, 500], [0.0, 0.0])
    assert line.sii.value == pytest.approx(20)
    assert (line.intercept, line.top) == (pytest.approx(65), pytest.approx(85))
    assert line.rii.value == pytest.approx(85 / 65)


def test_where_low_is_good_a_negative_multiplier_makes_a_gap_positive() -> None:
    smoking = slope_index([0.25, 0.15], [500, 500], [0.0, 0.0], multiplier=-100)
    assert smoking.sii.value == pytest.approx(20)
    assert smoking.rii.value == pytest.approx(0.30 / 0.10)


@pytest.mark.parametrize(
    ("code", "answer"),
    [("D", 20), ("R", 2), ("MDBU", 10), ("MDMU", 20 / 3), ("BGV", 200 / 3), ("PAR", 10), ("PAF", 100 / 3)],
)
def test_three_equal_groups_at_20_30_and_40_percent(code: str, answer: float) -> None:
    assert measure(code, [20.0, 30.0, 40.0], [1, 1, 1]).value == pytest.approx(answer)


def test_limits_are_the_mean_and_2_66_average_moves() -> None:
    """Up 2, down 2, up 2: the average move is 2, so limits are 5.32 either side of 11."""
    chart = control_chart([10.0, 12.0, 10.0, 12.0])
    assert chart.mean[0] == 11
    assert (chart.lower[0], chart.upper[0]) == (pytest.approx(5.68), pytest.approx(16.32))


def test_waits_that_jump_out_of_their_limits_are_a_concern_and_miss_their_target() -> None:
    waits = [20.0, 22, 21, 20, 22, 21, 20, 22, 21, 20, 22, 40]
    chart = control_chart(waits, direction=-1, target=4.0)
    assert chart.rule[-1] == Rule.ABOVE_LIMIT
    assert chart.variation == Variation.CONCERN
    assert chart.assurance == Assurance.CONSISTENTLY_MISSES


def test_seven_in_a_row_above_the_mean_is_a_shift_and_six_is_not() -> None:
    before = [10.0, 30.0] * 6
    seven = control_chart([*before, *[24.0, 27.0, 24.0, 27.0, 24.0, 27.0, 24.0]])
    six = control_chart([10.0, *before[:-1], 10.0, *[24.0, 27.0, 24.0, 27.0, 24.0, 27.0]])
    assert seven.rule[-1] == Rule.SHIFT_ABOVE
    assert six.rule[-1] == Rule.NONE


def test_five_years_each_clear_of_the_last_are_a_trend() -> None:
    rate = [100.0, 104.0, 108.0, 112.0, 116.0]
    marker = trend_of_values(rate, [r - 3 for r in rate], [r + 3 for r in rate])
    assert marker.direction == 1
    assert marker.slope == pytest.approx(4)
