"""On planted effects the interval covers the truth as often as it says."""

from __future__ import annotations

import numpy as np
import pytest

from endeavour.engine.cohort.effect import Effect, estimate_effect


def followed(seed: int, effect: float, count: int = 1200) -> Effect:
    """A year of follow-up at the margin: sicker households score higher, places differ, spread grows with need."""
    rng = np.random.default_rng(seed)
    score = rng.normal(60, 3, count)
    offered = score > np.median(score)
    place = rng.integers(0, 4, count)
    before = rng.poisson(np.exp(0.05 * (score - 60)))
    spread = 0.5 + 0.3 * before
    outcome = 0.04 * score + 0.4 * before + 0.2 * place + effect * offered + rng.normal(0, spread)
    return estimate_effect(outcome, offered, score=score, before=before, place=place)


@pytest.mark.parametrize("effect", [0.0, -0.4])
def test_the_interval_covers_the_planted_effect_at_its_stated_rate(effect: float) -> None:
    found = [followed(seed, effect) for seed in range(200)]
    covered = sum(one.low <= effect <= one.high for one in found)
    assert 181 <= covered <= 198, covered  # 95% of 200, within what chance allows 999 times in 1,000
    assert np.mean([one.estimate for one in found]) == pytest.approx(effect, abs=0.05)


def test_words_say_when_it_could_be_chance() -> None:
    assert "no change at all" in Effect(-0.1, -0.4, 0.2, 100, 100).words
    assert "hardly explains" in Effect(-0.5, -0.8, -0.2, 100, 100).words


def test_too_few_on_a_side_is_refused() -> None:
    with pytest.raises(ValueError, match="ten households"):
        estimate_effect(
            [1.0] * 30, [True] * 25 + [False] * 5, score=range(30), before=[0] * 30, place=[0] * 30
        )
