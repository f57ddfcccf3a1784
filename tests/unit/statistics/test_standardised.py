"""Standardised rates, standard populations and life tables: edges and refusals."""

from __future__ import annotations

import numpy as np
import pytest

from endeavour.engine.statistics._shape import reason_codes
from endeavour.engine.statistics.health_expectancy import health_expectancy
from endeavour.engine.statistics.life_expectancy import ABRIDGED_AGES, life_expectancy
from endeavour.engine.statistics.standard_populations import ESP2013, ESP2013_INFANTS, standard_population
from endeavour.engine.statistics.standardisation import dsr, indirect_rate, indirect_ratio
from endeavour.engine.statistics.years_lost import arriaga, years_left, years_of_life_lost
from endeavour.errors import BadInput, NotFound

AGES = (0, 15, 50, 80)
DEATHS = [60.0, 40.0, 600.0, 1300.0]
PEOPLE = [40000.0, 80000.0, 60000.0, 9000.0]


def test_fewer_than_ten_events_is_not_shown_and_ten_is():
    made = dsr([[4, 5], [5, 5]], 100, [1, 1])
    assert reason_codes(made.reason).tolist() == ["fewer-than-10-events", ""]
    assert np.isnan(made.value).tolist() == [True, False]
    assert np.isnan(made.upper[0.95]).tolist() == [True, False]
    assert made.extra["total_count"].tolist() == [9, 10]


def test_no_events_at_all_does_not_fail_the_others():
    assert dsr([[0, 0], [50, 50]], 100, [1, 1]).value.tolist()[1] == 50_000


def test_padding_a_group_with_an_empty_band_changes_nothing():
    short, padded = dsr([20, 30], [100, 200], [1, 2]), dsr([20, 30, 0], [100, 200, 1], [1, 2, 0])
    assert float(short.value) == float(padded.value)
    assert float(short.lower[0.95]) == float(padded.lower[0.95])


def test_one_event_each_is_the_same_as_no_frequencies():
    plain = dsr([20, 30], [100, 200], [1, 2])
    made = dsr([[20, 30]], [100, 200], [1, 2], event_frequency=[1])
    assert float(plain.upper[0.95]) == float(made.upper[0.95])


def test_repeat_events_widen_the_interval_and_keep_the_value():
    once = dsr([40, 60], [100, 200], [1, 2])
    made = dsr([[0, 0], [20, 30]], [100, 200], [1, 2], event_frequency=[1, 2])
    assert float(made.value) == pytest.approx(float(once.value))
    assert float(made.upper[0.95]) > float(once.upper[0.95])


def test_a_group_expecting_nothing_has_no_ratio():
    made = indirect_ratio([[1, 2], [1, 2]], [[0, 0], [50, 50]], [3, 4], [100, 100])
    assert reason_codes(made.reason).tolist() == ["no-expected-events", ""]


def test_observed_totals_stand_in_for_events_by_age():
    by_age = indirect_rate([5, 20], [100, 200], [3, 4], [100, 100])
    total = indirect_rate(0, [100, 200], [3, 4], [100, 100], observed=25)
    assert float(by_age.value) == float(total.value)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: dsr([1, -2], 5, 1), "negative"),
        (lambda: dsr([[1, 2], [3, 4]], [[5, 5], [5, 0]], 1), "population is not above zero (row 1"),
        (lambda: dsr([1, 2], 5, [0, 0]), "nobody in it"),
        (lambda: dsr([1, 2], 5, [1, -1]), "standard population is negative"),
        (lambda: dsr([1, 2], [5, 5, 5], 1), "do not fit"),
        (lambda: dsr(1, 2, 3), "no age bands"),
        (lambda: dsr([1, 2], 5, 1, event_frequency=[1, 2]), "frequencies"),
        (lambda: dsr([[1, 2]], 5, 1, event_frequency=[0]), "above zero"),
        (lambda: indirect_ratio([1], [1], [1], [0]), "reference population is not above zero"),
        (lambda: indirect_ratio([-1], [1], [1], [1]), "negative"),
        (lambda: life_expectancy([1, 2], [3, 4], (0, 0)), "not ascending: 0 after 0"),
        (lambda: life_expectancy([1, 2], [3, 4], (5, 0)), "not ascending: 0 after 5"),
        (lambda: life_expectancy([1, 2], [3, 4], (0, 5, 10)), "2 bands but there are 3 ages"),
        (lambda: life_expectancy([1, -2], [3, 4], (0, 5)), "negative"),
        (lambda: life_expectancy([1, 2], [3, 4], (0, 5), at=3), "no band begins at age 3"),
        (lambda: life_expectancy([1, 2], [3, 4], (0, 5), lived=[0, 1]), "lived"),
        (lambda: life_expectancy([1], [3], (0,)), "two or more ages"),
        (lambda: health_expectancy(DEATHS, PEOPLE, 5, 4, AGES), "more people are healthy"),
        (lambda: years_of_life_lost(1, 2), "no age bands"),
        (lambda: years_of_life_lost([1], [2], standard=[1]), "needs the population"),
        (lambda: years_of_life_lost([1], [2], population=[0]), "a population is zero"),
        (lambda: arriaga([[1, 2]], [3, 4], [1, 2], [3, 4], (0, 5)), "same bands and causes"),
    ],
)
def test_what_cannot_be_right_is_refused(call, words):
    with pytest.raises(BadInput, match=r".") as caught:
        call()
    assert words in str(caught.value)


def test_the_european_standard_population():
    assert sum(ESP2013) == sum(ESP2013_INFANTS) == 100_000
    assert standard_population("ESP2013", ABRIDGED_AGES).tolist() == list(ESP2013_INFANTS)
    assert standard_population("esp2013", range(0, 95, 5)).tolist() == list(ESP2013)
    assert standard_population("esp2013", [75]).tolist() == [4000 + 2500 + 1500 + 1000]
    with pytest.raises(BadInput, match="fall inside a band"):
        standard_population("esp2013", [0, 18])
    with pytest.raises(BadInput, match="ascending"):
        standard_population("esp2013", [5, 0])
    with pytest.raises(NotFound, match="no standard population"):
        standard_population("mars", [0])


@pytest.mark.parametrize(
    ("deaths", "people", "code"),
    [
        ([1, 1, 1, 0], PEOPLE, "no-deaths-in-last-band"),
        (DEATHS, [40000, 0, 60000, 9000], "no-population"),
        ([1, 1, 1, 9001], PEOPLE, "deaths-exceed-population"),
        ([1, 1, 1, 1], [1250, 1250, 1250, 1250], "population-5000-or-fewer"),
        ([1, 1, 1, np.nan], PEOPLE, "missing-input"),
        ([1, 1, 1, 0], [40000, 0, 60000, 9000], "no-population"),
    ],
)
def test_life_expectancy_is_withheld_with_its_reason(deaths, people, code):
    made = life_expectancy([deaths, DEATHS], [people, PEOPLE], AGES)
    assert set(reason_codes(made.reason[0])) == {code}
    assert np.isnan(made.value[0]).all()
    assert np.isnan(made.upper[0.95][0]).all()
    assert (made.reason[1] == 0).all()


def test_a_value_too_uncertain_is_withheld_and_its_limits_shown():
    made = life_expectancy([0, 1, 2, 1], [2000, 2000, 1500, 60], AGES, at=0)
    assert reason_codes(made.reason) == "interval-over-20-years"
    assert np.isnan(made.value)
    assert not np.isnan(made.upper[0.95])


def test_any_first_age_will_do():
    whole = life_expectancy(DEATHS, PEOPLE, AGES)
    later = life_expectancy(DEATHS[1:], PEOPLE[1:], AGES[1:], at=15)
    assert float(later.value) == pytest.approx(float(whole.value[1]))
    assert float(later.lower[0.95]) == pytest.approx(float(whole.lower[0.95][1]))


def test_results_keep_the_shape_of_the_groups():
    made = life_expectancy(np.tile(DEATHS, (2, 3, 1)), PEOPLE, AGES, totals=True)
    assert made.value.shape == made.lower[0.95].shape == made.extra["pops_used"].shape == (2, 3, 4)
    assert life_expectancy(np.tile(DEATHS, (2, 3, 1)), PEOPLE, AGES, at=50).value.shape == (2, 3)


def test_health_expectancy_is_never_above_life_expectancy():
    made = health_expectancy(DEATHS, PEOPLE, [90, 80, 60, 30], 100, AGES)
    assert float(made.value) < float(made.extra["life_expectancy"])
    assert float(made.extra["share_healthy"]) == pytest.approx(
        float(made.value) / float(made.extra["life_expectancy"])
    )
    nobody = health_expectancy(DEATHS, PEOPLE, 0, [100, 0, 100, 100], AGES)
    assert reason_codes(nobody.reason) == "no-population"


def test_years_before_75():
    assert years_left(ABRIDGED_AGES)[[0, -1]].tolist() == [74.5, 0]
    crude = years_of_life_lost([2, 3], [60.0, 30.0], population=[500, 500], multiplier=1000)
    assert float(crude.value) == pytest.approx(210)
    standardised = years_of_life_lost(
        [2, 3], [60.0, 30.0], population=[500, 500], standard=[1, 1], multiplier=1000
    )
    assert float(standardised.value) == pytest.approx(210)


def test_equal_populations_contribute_nothing():
    made = arriaga(DEATHS, PEOPLE, DEATHS, PEOPLE, AGES)
    np.testing.assert_allclose(made.by_age, 0, atol=1e-12)
