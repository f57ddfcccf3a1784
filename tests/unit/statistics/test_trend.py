"""The recent-trend marker against sums written out by hand, and the guard against one odd year."""

from __future__ import annotations

import numpy as np
import pytest

from endeavour.engine.statistics._shape import Reason
from endeavour.engine.statistics.trend import CRITICAL, trend_of_proportions, trend_of_values
from endeavour.errors import BadInput


def _chi_square(x: list[float], n: list[float], t: list[float]) -> float:
    d, c = sum(n), sum(x)
    ct = sum(a * b for a, b in zip(x, t, strict=True))
    dt = sum(a * b for a, b in zip(n, t, strict=True))
    dtt = sum(a * b * b for a, b in zip(n, t, strict=True))
    return d * (d * ct - c * dt) ** 2 / (c * (d - c) * (d * dtt - dt**2))


def test_proportions_follow_armitage() -> None:
    x, n = [100, 110, 125, 140, 160], [1000, 1010, 990, 1020, 1005]
    years = [2019, 2020, 2021, 2022, 2023]
    found = trend_of_proportions(x, n, time=years)
    assert found.chi_square == pytest.approx(_chi_square(x, n, years), rel=1e-6)
    assert found.direction == 1
    falling = trend_of_proportions(x[::-1], n[::-1])
    assert falling.direction == -1
    assert falling.chi_square == pytest.approx(float(found.chi_square))


def test_only_the_latest_five_count() -> None:
    x = [900, 5, 100, 110, 125, 140, 160]
    assert trend_of_proportions(x, 1000).chi_square == trend_of_proportions(x[2:], 1000).chi_square


def test_values_weigh_by_their_intervals() -> None:
    y, half = np.array([10, 11, 12.5, 13, 15.0]), np.array([0.5, 0.6, 0.4, 0.7, 0.5])
    w = (1.959963984540054 / half) ** 2
    t = np.arange(5)
    design = np.column_stack([np.ones(5), t])
    inverse = np.linalg.inv(design.T @ np.diag(w) @ design)
    slope = (inverse @ design.T @ (w * y))[1]
    found = trend_of_values(y, y - half, y + half)
    assert found.slope == pytest.approx(slope)
    assert found.chi_square == pytest.approx(slope**2 / inverse[1, 1])


def test_one_odd_year_makes_no_trend() -> None:
    y = np.array([10.0, 9.9, 9.8, 9.7, 14.0])
    found = trend_of_values(y, y - 0.5, y + 0.5)
    assert found.chi_square > CRITICAL
    assert found.outlier
    assert found.direction == 0


@pytest.mark.parametrize("odd", range(5))
@pytest.mark.parametrize("level", [0.1, 1 / 3, 1e6 / 7])
def test_where_nothing_changes_but_in_one_year_it_makes_no_trend(odd: int, level: float) -> None:
    """Whether the years that are left rise by nothing must not be left to rounding."""
    y = np.full(5, level)
    y[odd] *= 2
    found = trend_of_values(y, y - level / 100, y + level / 100)
    assert found.direction == 0
    assert found.outlier == (odd != 2)  # a peak in the middle is no slope to begin with


def test_a_rise_that_is_small_beside_the_level_is_still_one() -> None:
    y = 1e6 + np.arange(5) * 1e-3
    assert trend_of_values(y, y - 1e-4, y + 1e-4).direction == 1


def test_a_count_at_the_end_of_its_range_still_has_a_direction() -> None:
    assert trend_of_proportions([0, 5, 10, 15, 20], 100).direction == 1


def test_reasons_stay_in_their_own_series() -> None:
    x = np.array([[10, 20, 30, 40, 50], [10, np.nan, 30, 40, 50], [0, 0, 0, 0, 0], [1, 1, 1, 1, 1.0]])
    n = np.full((4, 5), 100.0)
    n[3, 0] = 0
    x[3, 0] = 0
    found = trend_of_proportions(x, n)
    assert found.reason.tolist() == [Reason.SHOWN, Reason.MISSING, Reason.NO_SPREAD, Reason.NO_POPULATION]
    assert found.direction.tolist() == [1, 0, 0, 0]
    assert trend_of_proportions([1, 2, 3, 4], 10).reason == Reason.TOO_FEW_VALUES
    assert trend_of_values([1, 2, 3, 4, 5], 1, 1).reason == Reason.NO_SPREAD


def test_bad_input() -> None:
    with pytest.raises(BadInput, match="above its denominator"):
        trend_of_proportions([2, 1, 1, 1, 1], 1)
    with pytest.raises(BadInput, match="time"):
        trend_of_proportions([1] * 5, 10, time=[1, 2, 2, 3, 4])
    with pytest.raises(BadInput, match="lower limit"):
        trend_of_values([1] * 5, 2, 1)
    with pytest.raises(BadInput, match="series"):
        trend_of_proportions(1, 2)
