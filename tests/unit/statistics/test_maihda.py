"""MAIHDA against dense integration of the likelihood and an independent mixed model (statsmodels)."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from endeavour.engine.statistics._shape import Reason
from endeavour.engine.statistics.maihda import indicators, maihda, proportional_change_in_variance
from endeavour.errors import BadInput

Counts = tuple[np.ndarray, np.ndarray, np.ndarray]


def _strata(seed: int = 2, most: int = 400) -> Counts:
    rng = np.random.default_rng(seed)
    sex, age = np.repeat([0, 1], 12), np.tile(np.repeat(range(3), 4), 2)
    people = rng.integers(20, most, 24)
    odds = -1.5 + 0.3 * sex + 0.3 * age + 0.3 * rng.normal(size=24)
    return rng.binomial(people, 1 / (1 + np.exp(-odds))), people, indicators(sex, age)


def _minus_log_likelihood(theta: np.ndarray, x: np.ndarray, n: np.ndarray) -> float:
    z = np.linspace(-8, 8, 2001)
    weight = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi) * (z[1] - z[0])
    eta = theta[0] + np.exp(theta[1]) * z
    log = x[:, None] * eta - n[:, None] * np.logaddexp(0, eta)
    top = log.max(1, keepdims=True)
    return float(-(top[:, 0] + np.log((np.exp(log - top) * weight).sum(1))).sum())


def test_maximum_likelihood_by_dense_integration() -> None:
    x, n, _ = _strata()
    found = maihda(x, n)
    slow = minimize(
        _minus_log_likelihood,
        [-1.0, -1.0],
        args=(x, n),
        method="Nelder-Mead",
        options={"xatol": 1e-7, "fatol": 1e-8},
    )
    assert found.reason == Reason.SHOWN
    assert found.coefficients[0] == pytest.approx(slow.x[0], abs=1e-5)
    assert found.variance == pytest.approx(np.exp(2 * slow.x[1]), rel=1e-4)
    assert found.log_likelihood == pytest.approx(-slow.fun, abs=1e-6)


@pytest.mark.slow
def test_effects_agree_with_statsmodels() -> None:
    """Its variational fit has priors of its own, so variance agrees loosely and effects closely."""
    from scipy.sparse import csr_matrix
    from statsmodels.genmod.bayes_mixed_glm import BinomialBayesMixedGLM

    x, n, _ = _strata(most=150)
    row = np.repeat(np.arange(24), n)
    outcome = np.concatenate([np.r_[np.ones(a), np.zeros(b - a)] for a, b in zip(x, n, strict=True)])
    design = csr_matrix((np.ones(len(row)), (np.arange(len(row)), row)))
    model = BinomialBayesMixedGLM(
        outcome, np.ones((len(row), 1)), design, np.zeros(24, int), vcp_p=2, fe_p=10
    )
    other = model.fit_vb()
    found = maihda(x, n)
    assert found.coefficients[0] == pytest.approx(other.params[0], abs=0.05)
    assert found.variance == pytest.approx(np.exp(2 * other.params[1]), rel=0.15)
    assert found.effect.value == pytest.approx(other.params[2:], abs=0.02)
    assert np.corrcoef(found.effect.value, other.params[2:])[0, 1] > 0.995


def test_main_effects_explain_what_they_made() -> None:
    x, n, columns = _strata()
    null, main = maihda(x, n), maihda(x, n, columns)
    assert main.variance < null.variance
    assert main.log_likelihood > null.log_likelihood
    assert 0 < proportional_change_in_variance(null, main) <= 100
    assert null.vpc == pytest.approx(100 * null.variance / (null.variance + np.pi**2 / 3))
    assert main.coefficient_errors.shape == (4,)


def test_no_difference_is_no_variance() -> None:
    found = maihda([20, 40, 60, 80], [100, 200, 300, 400])
    assert found.reason == Reason.SHOWN
    assert found.variance == 0
    assert not found.distinct.any()
    assert found.probability.value == pytest.approx([0.2] * 4, abs=1e-4)
    assert np.isnan(proportional_change_in_variance(found, found))


def test_effects_shrink_towards_the_mean_and_more_so_for_few_people() -> None:
    found = maihda([4, 400, 100, 300, 200, 250], [10, 1000, 1000, 1000, 1000, 1000])
    small, large = found.probability.value[:2]
    assert small < large < 0.4
    assert found.effect.upper[0.95][0] - found.effect.lower[0.95][0] > 0.5


def test_an_empty_stratum_keeps_the_prediction_and_changes_nothing() -> None:
    x, n, _ = _strata()
    with_empty = maihda(np.append(x, 0), np.append(n, 0))
    assert with_empty.variance == pytest.approx(maihda(x, n).variance, rel=1e-5)
    assert with_empty.effect.value[-1] == pytest.approx(0, abs=1e-6)


def test_order_does_not_matter() -> None:
    x, n, _ = _strata()
    back = maihda(x[::-1], n[::-1])
    assert back.effect.value[::-1] == pytest.approx(maihda(x, n).effect.value, abs=1e-6)


def test_nothing_varies_is_a_reason() -> None:
    found = maihda([0, 0, 0], [10, 10, 10])
    assert found.reason == Reason.NO_SPREAD
    assert np.isnan(found.vpc)


@pytest.mark.parametrize(
    ("events", "people", "columns"),
    [
        ([1, 2], [3, 3], None),
        ([4, 1, 1], [3, 3, 3], None),
        ([-1, 1, 1], [3, 3, 3], None),
        ([np.nan, 1, 1], [3, 3, 3], None),
        ([1, 1, 1], [3, 3, 3], [[1, 1], [1, 1], [1, 1]]),
        ([1, 1, 1], [3, 3, 3], [[1, 1]]),
    ],
)
def test_bad_input(events: list[float], people: list[float], columns: list[list[float]] | None) -> None:
    with pytest.raises(BadInput):
        maihda(events, people, columns)


def test_bad_characteristics() -> None:
    with pytest.raises(BadInput):
        indicators()
    with pytest.raises(BadInput):
        indicators([1, 2], [1, 2, 3])


SEPARATED = {
    "all of one group": ([0, 33, 48], [1, 37, 48], [1, 1, 0]),
    "none of one group": ([0, 30, 3, 4], [41, 46, 7, 7], [0, 1, 1, 1]),
    "none of one group, all of the other": ([0, 11, 0, 7], [9, 11, 29, 7], [0, 1, 0, 1]),
    "none of one group, and the rest unlike": (
        [4, 19, 0, 7, 0, 1],
        [32, 49, 19, 27, 47, 7],
        [1, 1, 0, 1, 0, 1],
    ),
}


@pytest.mark.parametrize(("events", "people", "group"), SEPARATED.values(), ids=SEPARATED)
def test_a_group_of_whom_all_or_none_are_counted_has_no_effect_to_fit(
    events: list[int], people: list[int], group: list[int]
) -> None:
    """Its odds are nought or endless, so the likelihood has no top (Albert and Anderson 1984): said at once."""
    with pytest.raises(BadInput, match="all or none"):
        maihda(events, people, indicators(group))
    assert maihda(events, people).probability.value[0] >= 0


def test_a_group_with_nobody_in_it_cannot_be_told_from_the_others() -> None:
    with pytest.raises(BadInput, match="nobody"):
        maihda([5, 9, 0, 0], [40, 30, 0, 0], indicators(["a", "a", "b", "b"]))
    with pytest.raises(BadInput, match="nobody"):
        maihda([5, 9, 4, 0], [40, 30, 9, 0], indicators(["a", "a", "b", "c"]))


def test_strata_of_whom_none_are_counted_are_fitted_where_their_groups_also_hold_others() -> None:
    """The likelihood has a top as soon as each characteristic holds somebody counted and somebody not."""
    x, n, columns = _strata()
    x[[0, 7, 13]] = 0
    x[4] = n[4]
    found = maihda(x, n, columns)
    assert found.reason == Reason.SHOWN
    assert np.abs(found.coefficients).max() < 5
