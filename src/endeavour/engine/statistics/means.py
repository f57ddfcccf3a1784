"""Means of measured values, with Student's t interval."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit

from endeavour.engine.statistics._shape import (
    DEFAULT_CONFIDENCE,
    Confidence,
    Estimate,
    Floats,
    Reason,
    finish,
    floats,
    group_numbers,
    levels,
    refuse,
)
from endeavour.errors import BadInput


def mean(
    values: ArrayLike,
    groups: ArrayLike | None = None,
    *,
    confidence: Confidence = DEFAULT_CONFIDENCE,
) -> Estimate:
    """The mean of each group of values, with Student's t interval.

    Shapes: without `groups`, `values` has shape (..., n) and the result (...): one mean for each last axis.
    With `groups`, `values` and `groups` are one-dimensional, `groups` numbers each value's group from 0, and
    the result has one entry a group (so groups may differ in size).
    Units: those of the values. `extra` holds `value_sum`, `value_count` and `stdev` (n - 1 in the divisor).
    Edge rules: one unknown (NaN) value makes its group NaN with `missing-input`, since the mean of the others
    would be of another group. A single value is its own mean, has no limits, and carries `too-few-values`.
    Source: Student (1908), Biometrika 6:1-25; Altman and others, *Statistics with Confidence* (2000), chapter
    4.

    >>> result = mean([30, 40, 50, 60])
    >>> float(result.value), float(result.lower[0.95].round(4)), float(result.upper[0.95].round(4))
    (45.0, 24.4574, 65.5426)
    >>> mean([1.0, 3.0, 8.0], groups=[0, 0, 1]).value.tolist()
    [2.0, 8.0]
    """
    if groups is not None:
        total, count, stdev = _by_group(values, groups)
    else:
        (x,) = floats(values)
        if x.ndim == 0 or x.shape[-1] == 0:
            raise BadInput("there are no values to take a mean of")
        count = np.full(x.shape[:-1], float(x.shape[-1]))
        total = x.sum(axis=-1)
        centre = total / count
        squares = ((x - centre[..., None]) ** 2).sum(axis=-1)
        stdev = _stdev(squares, count)
    return mean_from_summary(total, count, stdev, confidence=confidence)


def mean_from_summary(
    total: ArrayLike,
    count: ArrayLike,
    stdev: ArrayLike,
    *,
    confidence: Confidence = DEFAULT_CONFIDENCE,
) -> Estimate:
    """The mean and its Student's t interval from each group's sum, number of values and standard deviation.

    Shapes: the three broadcast. Units: those of the values; `stdev` has n - 1 in its divisor.
    Edge rules: as `mean`. Errors: `BadInput` for a count under 1 or a negative standard deviation.
    Source: as `mean`.

    >>> float(mean_from_summary(180, 4, 12.909944487358056).upper[0.95].round(4))
    65.5426
    """
    wanted = levels(confidence)
    s, n, sd = floats(total, count, stdev)
    refuse(n < 1, "a group has no values")
    refuse(sd < 0, "a standard deviation is negative")
    value = s / n
    single = n == 1
    error = np.where(single, np.nan, sd) / np.sqrt(n)
    lower, upper = {}, {}
    for level in wanted:
        reach = _t_quantile(n - 1, level) * error
        lower[level], upper[level] = value - reach, value + reach
    reason = np.zeros(value.shape, dtype=np.uint8)
    unknown = np.isnan(s) | np.isnan(n) | (np.isnan(sd) & ~single)
    reason[unknown] = Reason.MISSING
    made = finish(value, lower, upper, reason, {"value_sum": s, "value_count": n, "stdev": sd})
    reason[single & ~unknown] = Reason.TOO_FEW_VALUES
    return made


def _by_group(values: ArrayLike, groups: ArrayLike) -> tuple[Floats, Floats, Floats]:
    (x,) = floats(values)
    which = group_numbers(x, groups)
    count: Floats = np.bincount(which).astype(np.float64)
    refuse(count == 0, "a group number has no values")
    total: Floats = np.bincount(which, weights=x).astype(np.float64)
    squares: Floats = np.bincount(which, weights=(x - (total / count)[which]) ** 2).astype(np.float64)
    return total, count, _stdev(squares, count)


def _stdev(squares: Floats, count: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(count > 1, np.sqrt(squares / (count - 1)), np.nan))


def _t_quantile(freedom: Floats, level: float) -> Floats:
    """Student's t for each distinct number of degrees of freedom (NaN for none)."""
    distinct, place = np.unique(freedom, return_inverse=True)
    known = distinct > 0
    quantile = np.full(distinct.shape, np.nan)
    quantile[known] = stdtrit(distinct[known], level + (1 - level) / 2)
    return quantile[place.reshape(freedom.shape)]
