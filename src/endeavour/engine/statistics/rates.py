"""Rates of events in a population, with Byar's interval, or the exact Poisson one under ten events."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaincinv

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

EXACT_BELOW = 10
"""Counts under this take the exact Poisson interval, because Byar's approximation is poor there."""


def rate(
    events: ArrayLike,
    population: ArrayLike,
    *,
    confidence: Confidence = DEFAULT_CONFIDENCE,
    multiplier: float = 100_000.0,
) -> Estimate:
    """Events for each `multiplier` of the population, with an interval for a Poisson count.

    Shapes: `events` and `population` broadcast; every result has that shape.
    Units: events per `multiplier` people (or person-years, when the population is).
    Edge rules: ten events or more take Byar's interval, fewer the exact Poisson one; with no events the lower
    limit is exactly 0. An unknown (NaN) input gives NaN with `missing-input` in that group only.
    `confidence=None` gives values without limits.
    Errors: `BadInput` names the rows where a count is negative or a population is zero.
    Source: Breslow and Day (1987), *Statistical Methods in Cancer Research II*; Armitage and Berry (2002),
    *Statistical Methods in Medical Research*.

    >>> result = rate([0, 20], [1000, 1000], multiplier=1000)
    >>> result.lower[0.95].round(3).tolist(), result.upper[0.95].round(3).tolist()
    ([0.0, 12.211], [3.689, 30.89])
    """
    wanted = levels(confidence)
    scale = check_multiplier(multiplier)
    x, n = floats(events, population)
    refuse_counts(x, "a number of events")
    refuse_counts(n, "a population")
    refuse(n == 0, "a population is zero")
    per = scale / n
    lower, upper = {}, {}
    for level in wanted:
        low, high = count_limits(x, level)
        lower[level], upper[level] = low * per, high * per
    reason = np.where(missing(x, n), Reason.MISSING, Reason.SHOWN).astype(np.uint8)
    return finish(x / n * scale, lower, upper, reason)


def count_limits(events: ArrayLike, level: float = 0.95) -> tuple[Floats, Floats]:
    """The interval round a count of events: exact Poisson under ten, Byar's from ten up.

    Shapes: any; both limits have the shape of `events`. Units: events.

    >>> [float(limit.round(1)) for limit in count_limits(20)]
    [12.2, 30.9]
    >>> float(count_limits(0)[0])
    0.0
    """
    (x,) = floats(events)
    refuse_counts(x, "a number of events")
    low, high = byar_limits(x, level)
    few = x < EXACT_BELOW
    if few.any():
        exact_low, exact_high = _exact_limits(x[few], level)
        low, high = np.array(low), np.array(high)
        low[few], high[few] = exact_low, exact_high
    return low, high


def byar_limits(events: ArrayLike, level: float = 0.95) -> tuple[Floats, Floats]:
    """Byar's interval round a count, whatever its size; NaN where the lower formula would fall below zero.

    >>> [float(limit.round(2)) for limit in byar_limits(20)]
    [12.21, 30.89]
    """
    (x,) = floats(events)
    z = normal_quantile(level)
    with np.errstate(divide="ignore", invalid="ignore"):
        low = x * _cube(1 - 1 / (9 * x) - z / (3 * np.sqrt(x)))
    more = x + 1
    high = more * _cube(1 - 1 / (9 * more) + z / (3 * np.sqrt(more)))
    return np.where(low < 0, np.nan, low), high


def _cube(values: Floats) -> Floats:
    return values * values * values


def _exact_limits(x: Floats, level: float) -> tuple[Floats, Floats]:
    """Solve the Poisson tails once for each distinct count: a million groups share a few small ones."""
    distinct, place = np.unique(x, return_inverse=True)
    tail = (1 - level) / 2
    with np.errstate(invalid="ignore"):
        low = np.where(distinct == 0, 0.0, gammaincinv(np.where(distinct == 0, 1.0, distinct), tail))
    high = gammaincinv(distinct + 1, level + tail)
    return low[place], high[place]
