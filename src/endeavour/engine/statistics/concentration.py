"""Concentration indices: is health, or illness, gathered among the disadvantaged or the advantaged?

Subgroups lie along the last axis, most disadvantaged first, and each stands at the middle rank of its
people. The index is twice the covariance of value and rank: positive where the indicator is gathered among
the advantaged.

Sources: Kakwani N, Wagstaff A, van Doorslaer E (1997) J Econometrics 77:87; Schlotheuber A, Hosseinpoor AR
(2022) Int J Environ Res Public Health 19:3697; Wagstaff A (2005) Health Econ 14:429; Erreygers G (2009) J
Health Econ 28:504.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from endeavour.engine.statistics._shape import (
    DEFAULT_CONFIDENCE,
    Confidence,
    Estimate,
    Floats,
    Reason,
    floats,
    refuse,
)
from endeavour.engine.statistics._subgroups import (
    delta_interval,
    marked,
    mean_of,
    normal_interval,
    subgroups,
    total_of,
)
from endeavour.errors import BadInput

Correction = Literal["none", "wagstaff", "erreygers"]


def absolute_concentration_index(
    value: ArrayLike,
    population: ArrayLike,
    standard_error: ArrayLike | None = None,
    *,
    confidence: Confidence = DEFAULT_CONFIDENCE,
) -> Estimate:
    """Absolute concentration index (ACI), in the indicator's unit; 0 is equality.

    Positive: gathered among the advantaged. Interval: from the standard errors by the delta method (exact,
    since the index is a weighted sum); without them, from the scatter about the regression of value on rank,
    which needs three subgroups and is NaN with two. Source: Kakwani et al. (1997); Schlotheuber and
    Hosseinpoor (2022).

    >>> absolute_concentration_index([10.0, 20.0, 30.0], [1, 1, 1]).value.round(4).item()
    4.4444
    """
    y, p, s, reason = subgroups(value, population, standard_error)
    lean = _lean(p)
    out = total_of(lean * y)
    if s is None:
        return normal_interval(out, _scatter(y, p), reason, confidence)
    return delta_interval(out, lean, s, reason, confidence)


def relative_concentration_index(
    value: ArrayLike,
    population: ArrayLike,
    standard_error: ArrayLike | None = None,
    *,
    correction: Correction = "none",
    bounds: tuple[float, float] | None = None,
    confidence: Confidence = DEFAULT_CONFIDENCE,
) -> Estimate:
    """Relative concentration index (RCI): the absolute one over the mean, from -1 to 1; 0 is equality.

    An indicator that cannot leave `bounds` (0 and 100 for a percentage) may be corrected: `wagstaff` divides
    by one less the mean, `erreygers` multiplies by four means, both on the 0 to 1 scale. A mean of 0 has
    `Reason.NOT_DEFINED`. Interval: as the absolute index, with the mean's error too when standard errors are
    given. Sources: Kakwani et al. (1997); Wagstaff (2005); Erreygers (2009).

    >>> relative_concentration_index([10.0, 20.0, 30.0], [1, 1, 1]).value.round(4).item()
    0.2222
    """
    if (correction != "none") != (bounds is not None):
        raise BadInput("a correction needs bounds, and bounds a correction", hint="Give both or neither.")
    y, p, s, reason = subgroups(value, population, standard_error)
    if bounds is not None:
        low, high = bounds
        if not low < high:
            raise BadInput(f"bounds of {low:g} to {high:g} are the wrong way round")
        refuse((y < low) | (y > high), "a value is outside the bounds")
        y, s = (y - low) / (high - low), None if s is None else s / (high - low)
    lean, mean = _lean(p), mean_of(y, p)
    absolute = total_of(lean * y)
    with np.errstate(all="ignore"):
        scale, slope = _scale(mean, correction)
        reason = marked(reason, ~np.isfinite(scale), Reason.NOT_DEFINED)
        if s is None:
            return normal_interval(absolute * scale, np.abs(scale) * _scatter(y, p), reason, confidence)
        gradient = lean * scale[..., None] + p * (absolute * slope)[..., None]
        return delta_interval(absolute * scale, gradient, s, reason, confidence)


def concentration_curve(value: ArrayLike, population: ArrayLike) -> tuple[Floats, Floats]:
    """Cumulative share of people and of the indicator, each beginning with 0, for drawing the curve.

    Both have one more entry along the last axis than there are subgroups. Above the diagonal: gathered among
    the disadvantaged. Source: Kakwani et al. (1997).

    >>> people, share = concentration_curve([10.0, 30.0], [1, 1])
    >>> people.tolist(), share.tolist()
    ([0.0, 0.5, 1.0], [0.0, 0.25, 1.0])
    """
    y, p, _, _ = subgroups(value, population, None)
    with np.errstate(all="ignore"):
        held = p * y / mean_of(y, p)[..., None]
    (start,) = floats(np.zeros((*y.shape[:-1], 1)))
    people, share = (np.concatenate([start, np.cumsum(a, axis=-1)], axis=-1) for a in (p, held))
    return people, share


def _lean(p: Floats) -> Floats:
    """What each subgroup's value adds to the absolute index: twice its share times its rank less a half."""
    return np.asarray(2 * p * (np.cumsum(p, axis=-1) - p / 2 - 0.5))


def _scatter(y: Floats, p: Floats) -> Floats:
    """Standard error of the index as a regression slope, two subgroups' freedom spent on the line."""
    width = y.shape[-1]
    if width < 3:
        return np.full(y.shape[:-1], np.nan)
    x = _lean(p)
    with np.errstate(all="ignore"):
        rank = np.where(p > 0, x / (2 * p), 0)
        variance = total_of(p * rank**2)
        apart = y - mean_of(y, p)[..., None]
        slope = total_of(p * rank * apart) / variance
        left = total_of(p * (apart - slope[..., None] * rank) ** 2) / (width - 2)
        return np.asarray(2 * variance * np.sqrt(left / variance))


def _scale(mean: Floats, correction: Correction) -> tuple[Floats, Floats]:
    """What the absolute index is multiplied by, and how that changes with the mean."""
    if correction == "erreygers":
        return np.full_like(mean, 4.0), np.zeros_like(mean)
    if correction == "wagstaff":
        product = mean * (1 - mean)
        return 1 / product, (2 * mean - 1) / product**2
    if correction != "none":
        raise BadInput(f"'{correction}' is not a correction", hint="Choose none, wagstaff or erreygers.")
    return 1 / mean, -1 / mean**2
