"""The recent-trend marker: are the latest five points of a yearly series rising, falling or neither?

A chi-square for trend above 9.5495 (a one in 500 chance when nothing changes) is a trend, unless leaving any
one point out would turn its direction round, or leave none: then one odd year made it, and there is no trend.

Sources: OHID Fingertips, Recent trends technical guidance; Armitage P (1955) Biometrics 11:375 for
proportions. Points must be years, evenly defined and not overlapping: a rolling average has no marker.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from endeavour.engine.statistics._shape import Codes, Flags, Floats, Reason, floats, levels, missing, refuse
from endeavour.engine.statistics._shape import refuse_counts as no_bad_counts
from endeavour.errors import BadInput

CRITICAL = 9.5495
POINTS = 5
ROUNDING = 1e-12
"""A slope that is smaller than this beside the numbers it is summed from is nought."""


@dataclass(frozen=True)
class Trend:
    """The marker of each series; every array has the shape of the series.

    `direction` is 1 rising, -1 falling and 0 neither (also 0 where `reason` says there is none).
    `chi_square` has one degree of freedom. `slope` is the change a year: in log odds for proportions, in the
    value's own unit otherwise. `outlier` marks a trend withheld because one point made it.
    """

    direction: NDArray[np.int8]
    chi_square: Floats
    slope: Floats
    outlier: Flags
    reason: Codes


def trend_of_proportions(
    numerator: ArrayLike, denominator: ArrayLike, *, time: ArrayLike | None = None
) -> Trend:
    """The marker of each series of proportions, from the latest five points of the last axis (oldest first).

    `numerator` counts events among `denominator` people; `time` is the year (0, 1, 2, ... when left out) and
    may have gaps. Fewer than five points have `Reason.TOO_FEW_VALUES`, an unknown one among the five
    `Reason.MISSING`, an empty denominator `Reason.NO_POPULATION`, no event anywhere `Reason.NO_SPREAD`.
    Significance: chi-square for trend in proportions. Direction: the sign of the unweighted slope of the log
    odds; where a count is at an end of its range half a person is added to each side of every point for that
    purpose. Sources: see the module; Armitage (1955).

    >>> t = trend_of_proportions([100, 110, 125, 140, 160], [1000] * 5)
    >>> t.direction.item(), t.chi_square.round(3).item()
    (1, 20.294)
    """
    x, n, t = _latest(numerator, denominator, time)
    no_bad_counts(x, "a numerator")
    no_bad_counts(n, "a denominator")
    refuse(x > n, "a numerator is above its denominator")
    reason = _reasons(x, n, t)
    reason = np.where((reason == 0) & (n == 0).any(axis=-1), Reason.NO_POPULATION, reason)
    total, events = n.sum(axis=-1), x.sum(axis=-1)
    reason = np.where((reason == 0) & ((events == 0) | (events == total)), Reason.NO_SPREAD, reason)
    with np.errstate(all="ignore"):
        centred = t - ((n * t).sum(axis=-1) / total)[..., None]
        top = total**2 * (x * centred).sum(axis=-1) ** 2
        chi = top / (events * (total - events) * (n * centred**2).sum(axis=-1))
        half = np.where(((x == 0) | (x == n)).any(axis=-1), 0.5, 0.0)[..., None]
        odds = np.log((x + half) / (n - x + half))
    return _marker(odds, np.ones_like(odds), t, chi, reason)


def trend_of_values(
    value: ArrayLike,
    lower: ArrayLike,
    upper: ArrayLike,
    *,
    time: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Trend:
    """The marker of each series of rates, means, ratios or indices, from their intervals at `confidence`.

    Takes the latest five points of the last axis (oldest first). Each weighs by one over its variance, the
    interval's half width over the normal quantile, squared; an interval of no width has `Reason.NO_SPREAD`.
    Other reasons and `time` as `trend_of_proportions`. Source: see the module.

    >>> t = trend_of_values([10, 11, 12, 13, 14], [9.5, 10.5, 11.5, 12.5, 13.5], [10.5, 11.5, 12.5, 13.5, 14.5])
    >>> t.direction.item(), t.slope.round(6).item(), t.chi_square.round(2).item()
    (1, 1.0, 153.66)
    """
    (level,) = levels(confidence)
    low, high = floats(lower, upper)
    refuse(low > high, "a lower limit is above its upper limit")
    y, error, t = _latest(value, (high - low) / (2 * ndtri(0.5 + level / 2)), time)
    reason = _reasons(y, error, t)
    reason = np.where((reason == 0) & (error == 0).any(axis=-1), Reason.NO_SPREAD, reason)
    with np.errstate(all="ignore"):
        w = 1 / error**2
        slope, spread = _slope(y, w, t)
        return _marker(y, w, t, slope**2 * spread, reason)


def _latest(first: ArrayLike, second: ArrayLike, time: ArrayLike | None) -> tuple[Floats, Floats, Floats]:
    a, b = floats(first, second)
    if a.ndim == 0:
        raise BadInput("a trend needs a series of values along the last axis")
    a, b, t = floats(a, b, np.arange(a.shape[-1]) if time is None else time)
    refuse(~(np.diff(t, axis=-1) > 0) & ~np.isnan(np.diff(t, axis=-1)), "a time is not after the one before")
    a, b, t = (array[..., -POINTS:] for array in (a, b, t))
    return a, b, t - t[..., :1]


def _reasons(*arrays: Floats) -> Codes:
    lead, length = arrays[0].shape[:-1], arrays[0].shape[-1]
    if length < POINTS:
        return np.full(lead, Reason.TOO_FEW_VALUES, np.uint8)
    return np.where(missing(*arrays).any(axis=-1), Reason.MISSING, Reason.SHOWN).astype(np.uint8)


def _slope(y: Floats, w: Floats, t: Floats) -> tuple[Floats, Floats]:
    """Weighted least-squares slope, and one over its variance when `w` is one over each point's.

    Years that are all alike have a slope of nought, not of what rounding leaves, whose sign would be a direction.
    """
    total = w.sum(axis=-1)
    centred = t - ((w * t).sum(axis=-1) / total)[..., None]
    spread = (w * centred**2).sum(axis=-1)
    terms = w * centred * y
    rise = terms.sum(axis=-1)
    rise = np.where(np.abs(rise) <= ROUNDING * np.abs(terms).sum(axis=-1), 0, rise)
    return np.asarray(rise / spread), np.asarray(spread)


def _marker(y: Floats, w: Floats, t: Floats, chi: Floats, reason: Codes) -> Trend:
    with np.errstate(all="ignore"):
        slope, _ = _slope(y, w, t)
        held = [_slope(*(np.delete(a, k, axis=-1) for a in (y, w, t)))[0] for k in range(y.shape[-1])]
    shown = reason == Reason.SHOWN
    significant = shown & (chi > CRITICAL)
    turned = np.zeros(slope.shape, bool)
    for without_one in held:
        turned = turned | (np.sign(without_one) != np.sign(slope))
    direction = np.where(significant & ~turned, np.sign(np.where(shown, slope, 0)), 0).astype(np.int8)
    return Trend(
        direction,
        np.where(shown, chi, np.nan),
        np.where(shown, slope, np.nan),
        np.asarray(significant & turned),
        np.asarray(reason, np.uint8),
    )
