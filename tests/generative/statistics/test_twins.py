"""The vectorised statistics give, group by group, what the slow plain-Python ones give."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import slow_statistics as slow
from endeavour.engine.statistics.life_expectancy import life_expectancy
from endeavour.engine.statistics.proportions import proportion
from endeavour.engine.statistics.quantiles import quantile
from endeavour.engine.statistics.rates import rate
from endeavour.engine.statistics.slope_index import slope_index
from endeavour.engine.statistics.standardisation import dsr, indirect_ratio

LEVELS = st.sampled_from([0.8, 0.9, 0.95, 0.99, 0.998])
PEOPLE = st.integers(1, 10**6)
CLOSE = 1e-9
QUICK = settings(max_examples=25, deadline=None)


@st.composite
def counts_in_people(draw: st.DrawFn) -> tuple[int, int]:
    people = draw(PEOPLE)
    return draw(st.integers(0, min(people, 10**4))), people


def close(ours: tuple[float, ...], theirs: tuple[float, ...] | None) -> None:
    if theirs is None:
        assert all(np.isnan(value) for value in ours)
        return
    assert ours == pytest.approx(theirs, rel=CLOSE, abs=1e-12, nan_ok=True)


def at(made, level: float, place=()) -> tuple[float, ...]:
    return float(made.value[place]), float(made.lower[level][place]), float(made.upper[level][place])


@QUICK
@given(st.lists(counts_in_people(), min_size=1, max_size=8), LEVELS)
def test_proportion(groups: list[tuple[int, int]], level: float) -> None:
    x, n = zip(*groups, strict=True)
    made = proportion(x, n, confidence=level)
    for i, (a, b) in enumerate(groups):
        close(at(made, level, i), slow.proportion(a, b, level))


@QUICK
@given(st.lists(counts_in_people(), min_size=1, max_size=8), LEVELS)
def test_rate(groups: list[tuple[int, int]], level: float) -> None:
    x, n = zip(*groups, strict=True)
    made = rate(x, n, confidence=level)
    for i, (a, b) in enumerate(groups):
        close(at(made, level, i), slow.rate(a, b, level))


BAND = st.tuples(st.integers(0, 60), PEOPLE, st.integers(1, 9000))


@QUICK
@given(st.lists(st.lists(BAND, min_size=3, max_size=3), min_size=1, max_size=6), LEVELS)
def test_dsr(groups: list[list[tuple[int, int, int]]], level: float) -> None:
    table = np.array(groups, dtype=float)
    made = dsr(table[..., 0], table[..., 1], table[..., 2], confidence=level)
    for i, bands in enumerate(groups):
        close(at(made, level, i), slow.dsr(*zip(*bands, strict=True), level))


REFERENCE = st.tuples(st.integers(0, 60), PEOPLE, st.integers(1, 5000), st.integers(10**4, 10**6))


@QUICK
@given(st.lists(REFERENCE, min_size=1, max_size=6), LEVELS)
def test_indirect_ratio(bands: list[tuple[int, int, int, int]], level: float) -> None:
    columns = list(zip(*bands, strict=True))
    close(at(indirect_ratio(*columns, confidence=level), level), slow.indirect_ratio(*columns, level))


LIFE = st.tuples(st.integers(0, 300), st.integers(0, 5000))


@QUICK
@given(
    st.lists(st.lists(LIFE, min_size=5, max_size=5), min_size=1, max_size=5),
    st.sampled_from([(0, 1, 5, 40, 80), (0, 15, 30, 60, 75), (50, 55, 60, 65, 90)]),
    LEVELS,
)
def test_life_expectancy(groups: list[list[tuple[int, int]]], ages: tuple[int, ...], level: float) -> None:
    table = np.array(groups, dtype=float)
    made = life_expectancy(table[..., 0], table[..., 1], ages, confidence=level)
    for i, bands in enumerate(groups):
        answers = slow.life_expectancy(*zip(*bands, strict=True), ages, level)
        for band in range(len(ages)):
            ours = at(made, level, (i, band))
            if answers is None:
                close(ours, None)
                continue
            theirs = answers[band]
            wide = slow.life_expectancy(*zip(*bands, strict=True), ages, 0.95)[band]
            if wide[2] - wide[1] > 20:
                assert np.isnan(ours[0])
                ours = (theirs[0], *ours[1:])
            close(ours, theirs)


@QUICK
@given(st.lists(st.none() | st.integers(-20, 20), min_size=1, max_size=30), st.integers(2, 10), st.booleans())
def test_quantile(values: list[int | None], wanted: int, invert: bool) -> None:
    given_values = [np.nan if value is None else value for value in values]
    made = quantile(given_values, quantiles=wanted, invert=invert).value
    assert [None if np.isnan(q) else int(q) for q in made] == slow.quantiles(values, wanted, invert)


@QUICK
@given(st.lists(st.tuples(st.floats(1, 100), PEOPLE), min_size=3, max_size=10))
def test_slope(groups: list[tuple[float, int]]) -> None:
    values, people = zip(*groups, strict=True)
    made = slope_index(values, people, 1.0, confidence=None).sii.value
    assert float(made) == pytest.approx(slow.slope(values, people), rel=1e-6, abs=1e-6)
