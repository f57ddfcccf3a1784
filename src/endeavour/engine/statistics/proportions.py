"""Proportions of a population, with Wilson's interval."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from endeavour.engine.statistics._shape import (
    DEFAULT_CONFIDENCE,
    Confidence,
    Estimate,
    Floats,
    Reason,
    check_multiplier,
    finish,
    floats,
    levels,
    missing,
    normal_quantile,
    refuse,
    refuse_counts,
)


def proportion(
    numerator: ArrayLike,
    denominator: ArrayLike,
    *,
    confidence: Confidence = DEFAULT_CONFIDENCE,
    multiplier: float = 1.0,
) -> Estimate:
    """The share of each denominator that its numerator is, with Wilson's score interval.

    Shapes: `numerator` and `denominator` broadcast; every result has that shape.
    Units: the share times `multiplier` (1 for a fraction, 100 for a percentage).
    Edge rules: a numerator of zero has a lower limit of exactly 0, and a numerator equal to its denominator
    an upper limit of exactly `multiplier`. An unknown (NaN) input gives NaN with `missing-input` in that
    group only. `confidence=None` gives values without limits.
    Errors: `BadInput` names the rows where a count is negative, a denominator is zero or a numerator is above
    its denominator.
    Source: Wilson EB (1927), J Am Stat Assoc 22:209-212; Newcombe and Altman in *Statistics with Confidence*
    (2000).

    >>> result = proportion([0, 65], [10, 100], multiplier=100, confidence=[0.95, 0.998])
    >>> result.value.round(4).tolist(), result.lower[0.95].round(4).tolist()
    ([0.0, 65.0], [0.0, 55.2544])
    >>> result.upper[0.998].round(4).tolist()
    [48.8479, 77.8354]
    """
    wanted = levels(confidence)
    scale = check_multiplier(multiplier)
    x, n = floats(numerator, denominator)
    refuse_counts(x, "a numerator")
    refuse_counts(n, "a denominator")
    refuse(n == 0, "a denominator is zero")
    refuse(x > n, "a numerator is above its denominator", hint="For events that can repeat, use a rate.")
    share = x / n
    lower, upper = {}, {}
    for level in wanted:
        low, high = wilson_limits(x, n, share, level)
        lower[level], upper[level] = low * scale, high * scale
    reason = np.where(missing(x, n), Reason.MISSING, Reason.SHOWN).astype(np.uint8)
    return finish(share * scale, lower, upper, reason)


def wilson_limits(x: Floats, n: Floats, share: Floats, level: float) -> tuple[Floats, Floats]:
    """Wilson's limits as fractions, for counts already checked; `share` is `x / n`."""
    z = normal_quantile(level)
    centre = 2 * x + z * z
    spread = z * np.sqrt(z * z + 4 * x * (1 - share))
    width = 2 * (n + z * z)
    low = np.where(x == 0, 0.0, (centre - spread) / width)
    high = np.where(x == n, 1.0, (centre + spread) / width)
    return low, high
