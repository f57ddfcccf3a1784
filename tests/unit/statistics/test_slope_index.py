"""The slope index against a slow twin, and its edges."""

from __future__ import annotations

import numpy as np
import pytest

from endeavour.engine.statistics._shape import Reason
from endeavour.engine.statistics.slope_index import slope_index, standard_error_of
from endeavour.errors import BadInput

YEARS = np.array([70.0, 73.0, 74.0, 78.0, 80.0])
PEOPLE = np.array([900.0, 1100.0, 1000.0, 1300.0, 700.0])
ERROR = np.array([0.5, 0.4, 0.5, 0.6, 0.7])


def _twin(y: np.ndarray, n: np.ndarray, s: np.ndarray) -> tuple[float, float, float]:
    """Intercept, slope and the slope's error, by the normal equations of the weighted line, one group."""
    share = n / n.sum()
    rank, at = [], 0.0
    for a in share:
        rank.append(at + a / 2)
        at += a
    design = np.column_stack([np.ones(len(y)), rank])
    solve = np.linalg.inv(design.T @ np.diag(share) @ design) @ design.T @ np.diag(share)
    beta = solve @ y
    return beta[0], beta[1], float(np.sqrt((solve @ np.diag(s**2) @ solve.T)[1, 1]))


def test_line_is_the_weighted_regression() -> None:
    foot, slope, error = _twin(YEARS, PEOPLE, ERROR)
    found = slope_index(YEARS, PEOPLE, ERROR)
    assert found.sii.value == pytest.approx(slope, rel=1e-12)
    assert found.intercept == pytest.approx(foot, rel=1e-12)
    assert found.sii.upper[0.95] - found.sii.value == pytest.approx(1.959963984540054 * error, rel=1e-12)
    assert found.rii.value == pytest.approx((foot + slope) / foot, rel=1e-12)


def test_fieller_limits_are_the_percentiles_of_the_ratio() -> None:
    rng = np.random.default_rng(11)
    drawn = slope_index(YEARS + ERROR * rng.standard_normal((200_000, 5)), PEOPLE, 0.0, confidence=None)
    low, high = np.quantile(drawn.rii.value, [0.025, 0.975])
    found = slope_index(YEARS, PEOPLE, ERROR).rii
    width = found.upper[0.95] - found.lower[0.95]
    assert found.lower[0.95] == pytest.approx(low, abs=0.01 * width)
    assert found.upper[0.95] == pytest.approx(high, abs=0.01 * width)


def test_relative_index_of_a_log_line_is_log_normal() -> None:
    found = slope_index(YEARS, PEOPLE, ERROR / YEARS, transform="log").rii
    assert np.log(found.value) == pytest.approx(
        (np.log(found.lower[0.95]) + np.log(found.upper[0.95])) / 2, rel=1e-9
    )


def test_simulated_limits_do_not_depend_on_the_company_kept() -> None:
    proportion = np.array([[0.02, 0.03, 0.05], [0.3, 0.2, 0.1]])
    error = np.full(3, 0.2)
    both = slope_index(proportion, [10, 20, 30], error, moves="logit", repetitions=2000).sii
    alone = slope_index(proportion[1], [10, 20, 30], error, moves="logit", repetitions=2000).sii
    assert both.lower[0.95][1] == alone.lower[0.95]


def test_a_negative_multiplier_turns_both_indices() -> None:
    up, down = (slope_index(YEARS, PEOPLE, ERROR, multiplier=m) for m in (100, -100))
    assert down.sii.value == -up.sii.value
    assert down.sii.lower[0.95] == -up.sii.upper[0.95]
    assert down.rii.value == pytest.approx(1 / up.rii.value)
    assert down.rii.lower[0.95] == pytest.approx(1 / up.rii.upper[0.95])


def test_a_ratio_to_nothing_certain_has_no_end() -> None:
    found = slope_index([0.1, 1.0, 2.0], [1, 1, 1], [1.0, 1.0, 1.0]).rii
    assert (found.lower[0.95], found.upper[0.95]) == (-np.inf, np.inf)


def test_reasons() -> None:
    values = np.array([YEARS, YEARS, YEARS])
    values[0, 2] = np.nan
    people = np.array([PEOPLE, PEOPLE, PEOPLE])
    people[1, 0] = 0
    found = slope_index(values, people, ERROR)
    assert found.sii.reason.tolist() == [Reason.MISSING, Reason.NO_POPULATION, Reason.SHOWN]
    assert np.isnan(found.sii.value[:2]).all()
    assert found.sii.value[2] == slope_index(YEARS, PEOPLE, ERROR).sii.value
    zero = slope_index([0.0, 1.0, 2.0], [1, 1, 1], 0.1, transform="log")
    assert zero.sii.reason == Reason.NOT_DEFINED


def test_no_interval_mode() -> None:
    assert slope_index(YEARS, PEOPLE, ERROR, confidence=None).sii.lower == {}


@pytest.mark.parametrize(
    "bad",
    [
        {"transform": "sqrt"},
        {"transform": "log", "moves": "logit"},
        {"multiplier": 0},
        {"confidence": 95},
        {"population": -PEOPLE},
        {"standard_error": -ERROR},
        {"value": 3.0, "population": 1.0, "standard_error": 1.0},
    ],
)
def test_bad_input_is_one_clear_error(bad: dict[str, object]) -> None:
    good = {"value": YEARS, "population": PEOPLE, "standard_error": ERROR}
    with pytest.raises(BadInput):
        slope_index(**{**good, **bad})  # type: ignore[arg-type]


def test_limits_the_wrong_way_round() -> None:
    with pytest.raises(BadInput, match="lower limit"):
        standard_error_of(2, 1)
