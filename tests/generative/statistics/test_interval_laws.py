"""What must hold of every interval, whatever the numbers: order, nesting, scale, symmetry, and no group touching another."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from endeavour.engine.statistics._shape import Reason
from endeavour.engine.statistics.benchmark import Comparison, compare_with_benchmark
from endeavour.engine.statistics.health_expectancy import health_expectancy
from endeavour.engine.statistics.life_expectancy import ABRIDGED_AGES, life_expectancy
from endeavour.engine.statistics.means import mean
from endeavour.engine.statistics.proportions import proportion
from endeavour.engine.statistics.quantiles import quantile
from endeavour.engine.statistics.rates import rate
from endeavour.engine.statistics.standardisation import dsr, indirect_rate, indirect_ratio
from endeavour.engine.statistics.years_lost import arriaga

NARROW_AND_WIDE = (0.9, 0.95, 0.998)
BANDS = 20
QUICK = settings(max_examples=30, deadline=None)


def whole(low: int, high: int, *shape: int) -> st.SearchStrategy[np.ndarray]:
    """Whole numbers from a seed: Hypothesis draws one number, not hundreds, so a case takes a millisecond."""
    return st.integers(0, 2**32 - 1).map(
        lambda seed: np.random.default_rng(seed).integers(low, high, shape, endpoint=True).astype(np.float64)
    )


COUNTS, PEOPLE = whole(0, 5000, 6), whole(5000, 10**6, 6)
DEATHS, LIVES = whole(0, 300, 3, BANDS), whole(400, 9000, 3, BANDS)


def intervals(x, n, d, p) -> list:
    reference = np.arange(1.0, BANDS + 1), np.full(BANDS, 1e4)
    return [
        proportion(x, n, confidence=NARROW_AND_WIDE),
        rate(x, n, confidence=NARROW_AND_WIDE),
        mean(np.stack([x, n], axis=-1), confidence=NARROW_AND_WIDE),
        dsr(d, p, np.arange(1, BANDS + 1), confidence=NARROW_AND_WIDE),
        indirect_ratio(d, p, *reference, confidence=NARROW_AND_WIDE),
        indirect_rate(d, p, *reference, confidence=NARROW_AND_WIDE),
        life_expectancy(d, p, confidence=NARROW_AND_WIDE),
    ]


@QUICK
@given(COUNTS, PEOPLE, DEATHS, LIVES)
def test_bounds_are_ordered_and_widen_with_confidence(x, n, d, p) -> None:
    for made in intervals(x, n, d, p):
        shown = ~np.isnan(made.value) & ~np.isnan(made.lower[0.95])
        slack = 1e-9 * np.abs(made.value[shown]) + 1e-12
        for level in NARROW_AND_WIDE:
            assert (made.lower[level][shown] <= made.value[shown] + slack).all()
            assert (made.value[shown] <= made.upper[level][shown] + slack).all()
        for narrow, wide in ((0.9, 0.95), (0.95, 0.998)):
            assert (made.lower[wide][shown] <= made.lower[narrow][shown] + slack).all()
            assert (made.upper[wide][shown] >= made.upper[narrow][shown] - slack).all()


@QUICK
@given(COUNTS, PEOPLE, DEATHS, LIVES, st.randoms(use_true_random=False))
def test_the_order_of_groups_does_not_matter(x, n, d, p, random) -> None:
    several, few = list(range(6)), list(range(3))
    random.shuffle(several)
    random.shuffle(few)
    shuffled = intervals(x[several], n[several], d[few], p[few])
    for made, again in zip(intervals(x, n, d, p), shuffled, strict=True):
        order = several if made.value.shape[0] == 6 else few
        np.testing.assert_array_equal(made.value[order], again.value)
        np.testing.assert_array_equal(made.upper[0.95][order], again.upper[0.95])


@QUICK
@given(COUNTS, PEOPLE, DEATHS, LIVES)
def test_an_unknown_group_leaves_the_others_alone(x, n, d, p) -> None:
    spoiled_x, spoiled_d = x.copy(), d.copy()
    spoiled_x[0] = spoiled_d[0, 0] = np.nan
    spoiled = intervals(spoiled_x, n, spoiled_d, p)
    for made, again in zip(intervals(x, n, d, p), spoiled, strict=True):
        assert np.isnan(again.value[0]).all()
        assert (again.reason[0] == 1).all()
        np.testing.assert_array_equal(made.value[1:], again.value[1:])
        np.testing.assert_array_equal(made.reason[1:], again.reason[1:])


@QUICK
@given(COUNTS, PEOPLE)
def test_a_proportion_and_its_complement_mirror_each_other(x, n) -> None:
    made, other = proportion(x, n), proportion(n - x, n)
    np.testing.assert_allclose(made.lower[0.95], 1 - other.upper[0.95], atol=1e-12)
    np.testing.assert_allclose(made.value, 1 - other.value, atol=1e-12)


@QUICK
@given(COUNTS, PEOPLE, st.sampled_from([1.0, 100.0, 1e5]))
def test_the_multiplier_only_scales(x, n, multiplier) -> None:
    made, plain = rate(x, n, multiplier=multiplier), rate(x, n, multiplier=1)
    for ours, theirs in ((made.value, plain.value), (made.upper[0.95], plain.upper[0.95])):
        np.testing.assert_allclose(ours, theirs * multiplier, rtol=1e-12)


@QUICK
@given(DEATHS, LIVES, st.floats(0.5, 20))
def test_scaling_the_standard_population_changes_nothing(d, p, times) -> None:
    standard = np.arange(1.0, BANDS + 1)
    made, again = dsr(d, p, standard), dsr(d, p, standard * times)
    np.testing.assert_allclose(made.value, again.value, rtol=1e-9)
    np.testing.assert_allclose(made.upper[0.95], again.upper[0.95], rtol=1e-9)


@QUICK
@given(DEATHS, LIVES)
def test_a_standard_of_its_own_ages_gives_the_crude_rate(d, p) -> None:
    made = dsr(d, p, p)
    crude = d.sum(axis=1) / p.sum(axis=1) * 1e5
    shown = made.reason == 0
    np.testing.assert_allclose(made.value[shown], crude[shown], rtol=1e-9)


@QUICK
@given(whole(1, 300, 3, BANDS), LIVES)
def test_everybody_healthy_gives_life_expectancy_back(d, p) -> None:
    made = health_expectancy(d, p, 100, 100)
    plain = life_expectancy(d, p, at=0)
    shown = plain.reason == 0
    np.testing.assert_allclose(made.value[shown], plain.value[shown], rtol=1e-9)
    np.testing.assert_allclose(made.upper[0.95][shown], plain.upper[0.95][shown], rtol=1e-9)


@QUICK
@given(whole(1, 300, 3, BANDS), LIVES, whole(1, 300, 3, BANDS), LIVES, st.floats(0, 1))
def test_ages_and_causes_add_up_to_the_whole_difference(d1, n1, d2, n2, share) -> None:
    causes1, causes2 = (np.stack([d * share, d * (1 - share)], axis=-1) for d in (d1, d2))
    made = arriaga(causes1, n1, causes2, n2)
    whole_of = [
        life_expectancy(d, n, at=0, smallest_population=0, confidence=0.95) for d, n in ((d1, n1), (d2, n2))
    ]
    np.testing.assert_allclose(made.by_age.sum(axis=-1), made.difference, atol=1e-8)
    assert made.by_cause is not None
    np.testing.assert_allclose(made.by_cause.sum(axis=-1), made.by_age, atol=1e-8)
    both = ~np.isnan(whole_of[0].value) & ~np.isnan(whole_of[1].value) & (made.reason == 0)
    assert set(made.reason.tolist()) <= {0, Reason.NOT_DEFINED}
    apart = whole_of[1].value - whole_of[0].value
    np.testing.assert_allclose(made.difference[both], apart[both], atol=1e-9)


@QUICK
@given(arrays(np.float64, st.integers(1, 40), elements=st.integers(0, 9).map(float)), st.data())
def test_quantiles_of_groups_are_those_of_each_group_alone(values, data) -> None:
    which = np.array(data.draw(st.lists(st.integers(0, 3), min_size=values.size, max_size=values.size)))
    together = quantile(values, which, quantiles=3).value
    for group in np.unique(which):
        alone = quantile(values[which == group], quantiles=3).value
        np.testing.assert_array_equal(together[which == group], alone)


@QUICK
@given(st.floats(-100, 100), st.floats(0, 50), st.floats(0, 50), st.floats(-200, 200))
def test_a_benchmark_inside_the_interval_is_similar(centre, inner, outer, line) -> None:
    lower = {0.95: centre - inner, 0.998: centre - inner - outer}
    upper = {0.95: centre + inner, 0.998: centre + inner + outer}
    code = Comparison(int(compare_with_benchmark(lower, upper, line)))
    assert (code is Comparison.SIMILAR) == (lower[0.95] <= line <= upper[0.95])
    assert (code in {Comparison.LOWER_998, Comparison.HIGHER_998}) == (
        not lower[0.998] <= line <= upper[0.998]
    )


@pytest.mark.parametrize("ages", [ABRIDGED_AGES, tuple(range(50, 50 + BANDS))])
def test_the_last_band_lives_one_over_its_death_rate(ages: tuple[int, ...]) -> None:
    d, p = np.full(BANDS, 50.0), np.full(BANDS, 500.0)
    assert life_expectancy(d, p, ages).value[-1] == pytest.approx(10.0)
