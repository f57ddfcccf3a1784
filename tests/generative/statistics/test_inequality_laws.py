"""What must hold for any groups at all: of the slope index, the 21 measures, control charts and trends."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from endeavour.engine.statistics.slope_index import slope_index
from endeavour.engine.statistics.spc import control_chart
from endeavour.engine.statistics.toolkit import MEASURES, measure
from endeavour.engine.statistics.trend import trend_of_proportions

VALUES = arrays(np.float64, (3, 6), elements=st.floats(5, 95))
PEOPLE = arrays(np.float64, (3, 6), elements=st.floats(50, 5000))
ERRORS = arrays(np.float64, (3, 6), elements=st.floats(0.01, 3))
SERIES = arrays(np.float64, (3, 20), elements=st.floats(-1000, 1000).map(lambda v: round(v, 3)))


@pytest.mark.parametrize("transform", ["none", "log", "logit"])
@given(VALUES, PEOPLE, ERRORS)
@settings(max_examples=60, deadline=None)
def test_slope_bounds_are_ordered_and_widen(
    transform: str, y: np.ndarray, n: np.ndarray, s: np.ndarray
) -> None:
    found = slope_index(y / 100, n, s / 100, transform=transform, confidence=(0.95, 0.998))
    for index in (found.sii, found.rii):
        assert (index.lower[0.998] <= index.lower[0.95] + 1e-12).all()
        assert (index.lower[0.95] <= index.value + 1e-12).all()
        assert (index.value <= index.upper[0.95] + 1e-12).all()
        assert (index.upper[0.95] <= index.upper[0.998] + 1e-12).all()


@given(VALUES, PEOPLE, ERRORS)
@settings(max_examples=60, deadline=None)
def test_slope_turned_round_is_its_negative(y: np.ndarray, n: np.ndarray, s: np.ndarray) -> None:
    found, back = slope_index(y, n, s), slope_index(y[:, ::-1], n[:, ::-1], s[:, ::-1])
    np.testing.assert_allclose(back.sii.value, -found.sii.value, atol=1e-8)
    np.testing.assert_allclose(back.sii.upper[0.95], -found.sii.lower[0.95], atol=1e-8)


@pytest.mark.parametrize("code", MEASURES)
@given(y=VALUES, n=PEOPLE, s=ERRORS)
@settings(max_examples=25, deadline=None)
def test_measures_hold_the_laws(code: str, y: np.ndarray, n: np.ndarray, s: np.ndarray) -> None:
    found = measure(code, y, n, s, reference=2)
    alone = measure(code, y[1], n[1], s[1], reference=2)
    assert found.value[1] == pytest.approx(float(alone.value), rel=1e-12, abs=1e-12)
    assert not (found.lower[0.95] > found.value).any()
    assert not (found.upper[0.95] < found.value).any()
    doubled = measure(code, 2 * y, n, 2 * s, reference=2)
    factor = {"D": 2, "BGV": 4}.get(code, 1)
    if code in ("ACI", "BGSD", "SII", "PAR") or code.startswith("MD"):
        factor = 2
    np.testing.assert_allclose(doubled.value, factor * found.value, rtol=1e-7, atol=1e-7)
    more = measure(code, y, 3 * n, s, reference=2)
    np.testing.assert_allclose(more.value, found.value, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("code", ["BGV", "BGSD", "COV", "IDISU", "IDISW", "MDBW", "MDMW", "MLD", "TI"])
@given(y=VALUES, n=PEOPLE, order=st.permutations(range(6)))
@settings(max_examples=25, deadline=None)
def test_measures_without_order_ignore_it(code: str, y: np.ndarray, n: np.ndarray, order: list[int]) -> None:
    np.testing.assert_allclose(
        measure(code, y[:, order], n[:, order]).value, measure(code, y, n).value, rtol=1e-9, atol=1e-9
    )


@pytest.mark.parametrize("code", ["BGV", "BGSD", "COV", "IDISW", "MDMW", "MLD", "TI"])
@given(y=VALUES, n=PEOPLE)
@settings(max_examples=25, deadline=None)
def test_splitting_a_subgroup_in_two_alike_changes_nothing(code: str, y: np.ndarray, n: np.ndarray) -> None:
    split_y = np.concatenate([y, y[:, -1:]], axis=1)
    split_n = np.concatenate([n[:, :-1], n[:, -1:] / 2, n[:, -1:] / 2], axis=1)
    np.testing.assert_allclose(
        measure(code, split_y, split_n).value, measure(code, y, n).value, rtol=1e-7, atol=1e-7
    )


@given(SERIES)
@settings(max_examples=80, deadline=None)
def test_charts_are_alone_and_mirror(y: np.ndarray) -> None:
    chart, upside_down = control_chart(y, direction=1), control_chart(-y, direction=-1)
    one = control_chart(y[2], direction=1)
    assert chart.rule[2].tolist() == one.rule.tolist()
    assert chart.mean[2].tolist() == one.mean.tolist()
    np.testing.assert_allclose(upside_down.mean, -chart.mean)
    assert (chart.point == upside_down.point).all()
    known = ~np.isnan(chart.lower)
    assert (chart.lower[known] <= chart.upper[known]).all()


@given(
    arrays(np.int64, (2, 5), elements=st.integers(0, 50)),
    arrays(np.int64, (2, 5), elements=st.integers(51, 90)),
)
@example(
    np.full((2, 5), 36) * [1, 0, 1, 1, 1], np.full((2, 5), 51)
)  # without one year nothing changes at all
@settings(max_examples=80, deadline=None)
def test_trend_backwards_is_the_other_way(x: np.ndarray, n: np.ndarray) -> None:
    found, back = trend_of_proportions(x, n), trend_of_proportions(x[:, ::-1], n[:, ::-1])
    np.testing.assert_allclose(back.chi_square, found.chi_square, rtol=1e-6, atol=1e-9)
    clear = np.abs(found.chi_square - 9.5495) > 1e-6
    assert (back.direction == -found.direction)[clear].all()
    assert (back.outlier == found.outlier)[clear].all()
