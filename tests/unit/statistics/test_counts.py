"""Proportions, rates and means: edges, refusals, and what another package got wrong."""

from __future__ import annotations

import numpy as np
import pytest

from endeavour.engine.statistics._shape import Reason, levels, reason_codes
from endeavour.engine.statistics.means import mean, mean_from_summary
from endeavour.engine.statistics.proportions import proportion
from endeavour.engine.statistics.rates import byar_limits, count_limits, rate
from endeavour.errors import BadInput


def test_a_group_without_events_does_not_fail_the_others():
    made = rate([0, 20, 0], [100, 1000, 50])
    assert made.lower[0.95].tolist()[0::2] == [0, 0]
    assert (made.reason == 0).all()


def test_the_interval_round_twenty_events():
    assert [round(float(limit), 1) for limit in byar_limits(20)] == [12.2, 30.9]
    assert [round(float(limit), 1) for limit in count_limits(20)] == [12.2, 30.9]


def test_the_lower_limit_at_zero_is_exactly_zero():
    for level in (0.8, 0.95, 0.998):
        assert float(count_limits(0, level)[0]) == 0
        assert float(proportion(0, 7, confidence=level).lower[level]) == 0
        assert float(proportion(7, 7, confidence=level).upper[level]) == 1


def test_exact_limits_are_those_of_the_poisson_tables():
    low, high = count_limits([1, 5, 9])
    np.testing.assert_allclose(low, [0.0253178, 1.6234864, 4.1153731], rtol=1e-6)
    np.testing.assert_allclose(high, [5.5716434, 11.6683320, 17.0848030], rtol=1e-6)


def test_values_alone_without_intervals():
    for made in (
        proportion([1, 2], [10, 10], confidence=None),
        rate([1, 2], [10, 10], confidence=None),
        mean([[1.0, 2.0]], confidence=None),
    ):
        assert made.lower == {}
        assert not np.isnan(made.value).any()
        assert "lower_0.95" not in made.columns()


def test_several_levels_come_in_the_order_asked():
    assert proportion(1, 2, confidence=[0.998, 0.9, 0.5]).confidence == (0.998, 0.9, 0.5)


def test_shapes_broadcast():
    made = proportion(np.arange(6).reshape(2, 3), [10, 20, 30])
    assert made.value.shape == made.lower[0.95].shape == made.reason.shape == (2, 3)
    assert proportion(1, 2).value.shape == ()


def test_an_unknown_input_is_unknown_in_its_own_group():
    made = rate([1, np.nan, 3], [10, 10, np.nan])
    assert np.isnan(made.value).tolist() == [False, True, True]
    assert reason_codes(made.reason).tolist() == ["", "missing-input", "missing-input"]
    masked = proportion(np.ma.masked_array([1, 2], mask=[False, True]), 5)
    assert masked.reason.tolist() == [0, Reason.MISSING]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: proportion([1, -1], 5), "a numerator is negative (row 1"),
        (lambda: proportion([1, 9, 8], 5), "above its denominator (rows 1, 2"),
        (lambda: proportion(1, [5, 0]), "a denominator is zero (row 1"),
        (lambda: proportion(1, np.inf), "a denominator is infinite"),
        (lambda: proportion([1, 2], [3, 4, 5]), "do not fit together"),
        (lambda: proportion("many", 5), "not a number"),
        (lambda: proportion(1, 2, multiplier=0), "multiplier"),
        (lambda: proportion(1, 2, multiplier=-100), "multiplier"),
        (lambda: proportion(1, 2, confidence=95), "fraction"),
        (lambda: proportion(1, 2, confidence=[0.95, 0.95]), "twice"),
        (lambda: rate([-3], 5), "a number of events is negative"),
        (lambda: rate(3, [0, 0]), "a population is zero (rows 0, 1"),
        (lambda: mean([]), "no values"),
        (lambda: mean([1.0, 2.0], groups=[0]), "of one length"),
        (lambda: mean([1.0, 2.0], groups=[0.0, 1.0]), "whole numbers"),
        (lambda: mean([1.0, 2.0], groups=[0, -1]), "negative"),
        (lambda: mean([1.0, 2.0], groups=[0, 2]), "no values"),
        (lambda: mean_from_summary(1, 0, 1), "no values"),
        (lambda: mean_from_summary(1, 2, -1), "standard deviation"),
    ],
)
def test_what_cannot_be_right_is_refused_in_plain_words(call, words):
    with pytest.raises(BadInput, match=r".") as caught:
        call()
    assert words in str(caught.value)


def test_many_wrong_rows_are_counted_not_listed():
    with pytest.raises(BadInput, match=r"rows 0, 1, 2, 3, 4 and 95 more"):
        rate(np.full(100, -1), 5)


def test_a_mean_of_one_value_has_no_limits():
    made = mean([1.0, 3.0, 8.0], groups=[0, 0, 1])
    assert made.value.tolist() == [2, 8]
    assert np.isnan(made.lower[0.95]).tolist() == [False, True]
    assert reason_codes(made.reason).tolist() == ["", "too-few-values"]


def test_a_mean_with_an_unknown_value_is_unknown():
    assert reason_codes(mean([[1.0, np.nan], [1.0, 2.0]]).reason).tolist() == ["missing-input", ""]


def test_every_reason_has_a_code_and_words():
    assert len({reason.code for reason in Reason}) == len(Reason)
    assert all(reason.words for reason in Reason if reason)
    assert levels(()) == ()
