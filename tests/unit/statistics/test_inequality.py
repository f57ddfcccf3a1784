"""The 21 measures against slow twins written straight from their definitions."""

from __future__ import annotations

import math

import numpy as np
import pytest

from endeavour.engine.statistics._shape import Reason
from endeavour.engine.statistics.attributable import population_attributable_fraction as paf
from endeavour.engine.statistics.concentration import (
    absolute_concentration_index,
    concentration_curve,
    relative_concentration_index,
)
from endeavour.engine.statistics.inequality import difference, mean_log_deviation, ratio, theil_index
from endeavour.engine.statistics.toolkit import MEASURES, measure
from endeavour.errors import BadInput

Y = [42.0, 55.0, 61.0, 58.0, 80.0]
N = [120.0, 300.0, 80.0, 400.0, 100.0]
S = [2.0, 1.5, 3.0, 1.0, 2.5]
SHARE = [n / sum(N) for n in N]
MEAN = sum(p * y for p, y in zip(SHARE, Y, strict=True))


def _rank() -> list[float]:
    at, out = 0.0, []
    for p in SHARE:
        out.append(at + p / 2)
        at += p
    return out


def _weighted(of: list[float]) -> float:
    return sum(p * v for p, v in zip(SHARE, of, strict=True))


def _slope() -> tuple[float, float]:
    rank = _rank()
    slope = _weighted([(r - 0.5) * y for r, y in zip(rank, Y, strict=True)]) / _weighted(
        [(r - 0.5) ** 2 for r in rank]
    )
    return MEAN - slope / 2, slope


BGV = _weighted([(y - MEAN) ** 2 for y in Y])
ACI = 2 * _weighted([y * (r - 0.5) for y, r in zip(Y, _rank(), strict=True)])
TWINS = {
    "ACI": ACI,
    "BGSD": math.sqrt(BGV),
    "BGV": BGV,
    "COV": 100 * math.sqrt(BGV) / MEAN,
    "D": Y[-1] - Y[0],
    "IDISU": 100 * sum(abs(y - MEAN) for y in Y) / len(Y) / MEAN,
    "IDISW": 100 * _weighted([abs(y - MEAN) for y in Y]) / MEAN,
    "MDBU": sum(max(Y) - y for y in Y) / len(Y),
    "MDBW": _weighted([max(Y) - y for y in Y]),
    "MDMU": sum(abs(y - MEAN) for y in Y) / len(Y),
    "MDMW": _weighted([abs(y - MEAN) for y in Y]),
    "MDRU": sum(abs(y - Y[1]) for y in Y) / len(Y),
    "MDRW": _weighted([abs(y - Y[1]) for y in Y]),
    "MLD": 1000 * _weighted([-math.log(y / MEAN) for y in Y]),
    "PAF": 100 * (Y[-1] - MEAN) / MEAN,
    "PAR": Y[-1] - MEAN,
    "R": Y[-1] / Y[0],
    "RCI": ACI / MEAN,
    "RII": sum(_slope()) / _slope()[0],
    "SII": _slope()[1],
    "TI": 1000 * _weighted([y / MEAN * math.log(y / MEAN) for y in Y]),
}


def test_the_toolkit_is_complete() -> None:
    assert set(TWINS) == set(MEASURES)
    assert len(MEASURES) == 21


@pytest.mark.parametrize("code", TWINS)
def test_each_measure_is_its_definition(code: str) -> None:
    assert measure(code, Y, N, S, reference=1).value == pytest.approx(TWINS[code], rel=1e-12)


@pytest.mark.parametrize("code", TWINS)
def test_without_standard_errors_the_value_stands_and_limits_are_unknown(code: str) -> None:
    found = measure(code, Y, N, reference=1)
    assert found.value == pytest.approx(TWINS[code], rel=1e-12)
    if code not in ("ACI", "RCI"):  # these have the scatter about their own line
        assert np.isnan(found.lower[0.95])


@pytest.mark.parametrize("code", TWINS)
def test_intervals_are_the_simulated_ones(code: str) -> None:
    """A first-order interval of small errors is the spread of the measure under them."""
    rng = np.random.default_rng(5)
    errors = np.array(S) / 20
    drawn = measure(code, np.array(Y) + errors * rng.standard_normal((40_000, 5)), N, reference=1).value
    found = measure(code, Y, N, errors, reference=1)
    low, high = np.quantile(drawn, [0.025, 0.975])
    width = float(found.upper[0.95] - found.lower[0.95])
    assert found.lower[0.95] == pytest.approx(low, abs=0.05 * width)
    assert found.upper[0.95] == pytest.approx(high, abs=0.05 * width)


@pytest.mark.parametrize("code", sorted(set(TWINS) - {"PAF", "PAR"}))
def test_equality_is_zero_or_one(code: str) -> None:
    found = measure(code, [7.0] * 5, N, [1.0] * 5, reference=0)
    assert found.value == pytest.approx(1 if code in ("R", "RII") else 0, abs=1e-9)


def test_walter_interval_from_the_two_by_two_table() -> None:
    found = paf([20.0, 12.0, 5.0], [100, 100, 100], favourable=False, scale=100)
    a, b, c, d = 32.0, 168.0, 5.0, 95.0
    n = a + b + c + d
    error = math.sqrt(c * n * (a * d * (n - c) + b * c**2) / ((a + c) ** 3 * (c + d) ** 3))
    assert found.value == pytest.approx(100 * (5 - 37 / 3) / (37 / 3))
    assert found.extra["standard_error"] == pytest.approx(100 * error)


def test_no_room_to_improve_is_zero() -> None:
    assert measure("PAR", [5.0, 4.0, 3.0], [1, 1, 1]).value == 0
    assert measure("PAR", [3.0, 4.0, 5.0], [1, 1, 1], favourable=False).value == 0


def test_ends_without_order() -> None:
    assert difference([5.0, 9.0, 2.0], ordered=False).value == 7
    assert difference([5.0, 9.0, 2.0], ordered=False, reference=0).value == 3
    assert difference([5.0, 9.0, 2.0], ordered=False, reference=0, favourable=False).value == 4
    assert ratio([5.0, 9.0, 2.0], favourable=False).value == 2.5


def test_concentration_by_regression() -> None:
    """The scatter interval is that of least squares with weights (people), two freedoms spent."""
    design = np.column_stack([np.ones(5), _rank()]) * np.sqrt(SHARE)[:, None]
    variance = _weighted([(r - 0.5) ** 2 for r in _rank()])
    target = 2 * variance * np.array(Y) * np.sqrt(SHARE)
    beta, left, *_ = np.linalg.lstsq(design, target, rcond=None)
    error = np.sqrt(left[0] / 3 * np.linalg.inv(design.T @ design)[1, 1])
    found = absolute_concentration_index(Y, N)
    assert found.value == pytest.approx(beta[1])
    assert found.extra["standard_error"] == pytest.approx(error)


def test_bounded_corrections() -> None:
    plain = relative_concentration_index(Y, N).value
    mean = MEAN / 100
    bounded = {"bounds": (0, 100)}
    assert relative_concentration_index(Y, N, correction="wagstaff", **bounded).value == pytest.approx(
        plain / (1 - mean)
    )
    assert relative_concentration_index(Y, N, correction="erreygers", **bounded).value == pytest.approx(
        plain * 4 * mean
    )


def test_curve_ends_where_everyone_is_counted() -> None:
    people, share = concentration_curve(Y, N)
    assert people[0] == share[0] == 0
    assert people[-1] == pytest.approx(1)
    assert share[-1] == pytest.approx(1)


def test_reasons_stay_in_their_own_group() -> None:
    y = np.array([Y, Y, Y])
    y[0, 1], y[1, 1] = np.nan, 0.0
    found = mean_log_deviation(y, N)
    assert found.reason.tolist() == [Reason.MISSING, Reason.NOT_DEFINED, Reason.SHOWN]
    assert found.value[2] == mean_log_deviation(Y, N).value
    assert theil_index(y, N).reason.tolist() == [Reason.MISSING, Reason.SHOWN, Reason.SHOWN]
    assert ratio([0.0, 1.0, 2.0]).reason == Reason.NOT_DEFINED
    assert measure("BGV", Y, [0.0] * 5).reason == Reason.NO_POPULATION


@pytest.mark.parametrize(
    ("code", "more"),
    [("XYZ", {}), ("MDRW", {}), ("MDRU", {"reference": 9}), ("BGV", {"standard_error": [-1.0] * 5})],
)
def test_bad_input(code: str, more: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        measure(code, Y, N, **more)  # type: ignore[arg-type]


def test_concentration_refusals_and_two_subgroups() -> None:
    with pytest.raises(BadInput, match="needs bounds"):
        relative_concentration_index(Y, N, correction="wagstaff")
    with pytest.raises(BadInput, match="wrong way round"):
        relative_concentration_index(Y, N, correction="wagstaff", bounds=(9, 1))
    with pytest.raises(BadInput, match="outside the bounds"):
        relative_concentration_index(Y, N, correction="wagstaff", bounds=(0, 50))
    with pytest.raises(BadInput, match="not a correction"):
        relative_concentration_index(Y, N, correction="other", bounds=(0, 100))  # type: ignore[arg-type]
    assert np.isnan(absolute_concentration_index([1.0, 2.0], [1, 1]).lower[0.95])
    with pytest.raises(BadInput, match="at least two"):
        absolute_concentration_index([1.0], [1])
