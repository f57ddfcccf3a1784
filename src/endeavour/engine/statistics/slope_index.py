"""Slope and relative index of inequality: one line through the quantiles, weighted by their people.

The most deprived quantile comes first. Quantile i holds the share a_i of the people and sits at its middle
rank x_i, so the ranks run from 0 (most deprived person) to 1 (least deprived). The slope index is the height
of the fitted line at 1 less its height at 0; the relative index is the first divided by the second.

Each limit is where the field's software would put it after endless draws of every quantile's value from a
normal distribution of its own standard error. Here it is worked out, so that it carries no simulation noise:

* untransformed: the slope is exactly normal, and the percentiles of the ratio are Fieller's limits;
* log or logit: the slope is exactly normal on the transformed scale; each of its limits is drawn as a line
  through the middle of the fitted one (mean level held) and its two ends are turned back to the indicator's
  own scale.

Only one case has no closed form: the line is fitted on the indicator's own scale but each value moves on a
transformed one (`moves="log"` or `"logit"`: the field's software does so for rates and proportions whose
index is not transformed). There the draws are made, from a fixed seed and the same for every group, so that
the answer never depends on which other groups are asked for.

Sources: Regidor E (2004) J Epidemiol Community Health 58:900; Low A, Low A (2004) J Public Health 26:387;
OHID, Public Health Technical Guide: slope index of inequality; Fieller EC (1954) J R Stat Soc B 16:175.
Agrees with PHEindicatormethods 2.1.0 `phe_sii` to 1e-9 (index) and to its own simulation error (limits).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, logit, ndtri

from endeavour.engine.statistics._shape import (
    DEFAULT_CONFIDENCE,
    Codes,
    Confidence,
    Estimate,
    Flags,
    Floats,
    Reason,
    check_multiplier,
    finish,
    floats,
    levels,
    refuse,
)
from endeavour.errors import BadInput

Transform = Literal["none", "log", "logit"]
Limits = dict[float, tuple[Floats, Floats, Floats, Floats]]
"""For each level: the slope's lower and upper limit, then the ratio's."""

_TRANSFORMS = ("none", "log", "logit")
_CHUNK = 16_384
_REPETITIONS = 100_000
_SEED = 20_040_901


@dataclass(frozen=True)
class Slope:
    """The two indices of each group and the fitted line; every array has the shape of the groups.

    `sii` and `rii` are estimates with intervals. `intercept` is the line's height at rank 0 (the most
    deprived) and `top` at rank 1, both in the indicator's own unit (not multiplied).
    """

    sii: Estimate
    rii: Estimate
    intercept: Floats
    top: Floats


def standard_error_of(
    lower: ArrayLike, upper: ArrayLike, *, transform: Transform = "none", confidence: float = 0.95
) -> Floats:
    """The standard error behind a published interval, on the scale the line is fitted on.

    Half the interval's width over the normal quantile, after the transform: (f(upper) - f(lower)) / 2z. A
    limit at the edge of the transform's range (0, or 1 for a logit) gives an infinite error, which
    `slope_index` answers with `Reason.NOT_DEFINED`. Source: OHID technical guide, as `phe_sii` does it.

    >>> standard_error_of(60.0, 64.0).round(4).item()
    1.0204
    """
    low, high = floats(lower, upper)
    refuse(low > high, "a lower limit is above its upper limit")
    (level,) = levels(confidence)
    return np.asarray((_forward(high, transform) - _forward(low, transform)) / (2 * ndtri(0.5 + level / 2)))


def slope_index(
    value: ArrayLike,
    population: ArrayLike,
    standard_error: ArrayLike,
    *,
    transform: Transform = "none",
    moves: Transform | None = None,
    multiplier: float = 1.0,
    confidence: Confidence = DEFAULT_CONFIDENCE,
    repetitions: int = _REPETITIONS,
    seed: int = _SEED,
) -> Slope:
    """Slope and relative index of inequality of each group of quantiles.

    `value`, `population` and `standard_error` broadcast; the last axis is the quantiles, most deprived
    first, and every other axis is groups. `value` is in the indicator's own unit (a proportion from 0 to 1
    for `logit`). `transform` is the scale the line is fitted on: `none`, `log` (rates) or `logit`
    (proportions). `standard_error` is on the scale each value moves on (see `standard_error_of`), which is
    the line's own unless `moves` names another for an untransformed line; its limits are then simulated, with
    at least `repetitions` draws from `seed`.

    The slope is multiplied by `multiplier` (100 for percentage points); a negative one turns the sign, for an
    indicator where low is good, and turns the ratio over. Polarity: a positive slope (positive multiplier)
    says that the value is higher among the least deprived.

    A group with an unknown value gives NaN and `Reason.MISSING`; an empty quantile `Reason.NO_POPULATION`; a
    value the transform cannot take `Reason.NOT_DEFINED`. A ratio whose interval has no end is given as -inf
    to inf. Source: see the module.

    >>> years = [71.0, 73.0, 75.0, 77.0, 79.0]
    >>> s = slope_index(years, [1000] * 5, [0.5] * 5)
    >>> s.sii.value.round(6).item(), s.sii.lower[0.95].round(4).item(), s.sii.upper[0.95].round(4).item()
    (10.0, 8.4505, 11.5495)
    >>> s.rii.value.round(6).item()
    1.142857
    """
    moves = _scale(transform, moves)
    times = check_multiplier(multiplier, negative_allowed=True)
    wanted = levels(confidence)
    y, n, s = floats(value, population, standard_error)
    if y.ndim == 0 or y.shape[-1] < 2:
        raise BadInput("an index of inequality needs at least two quantiles along the last axis")
    refuse(n < 0, "a population is negative")
    refuse(s < 0, "a standard error is negative")
    shape, width = y.shape[:-1], y.shape[-1]
    flat = [np.ascontiguousarray(a).reshape(-1, width) for a in (y, n, s)]
    groups = flat[0].shape[0]
    ends = np.empty((5, groups))
    reason = np.zeros(groups, np.uint8)
    for start in range(0, groups, _CHUNK):
        part = slice(start, start + _CHUNK)
        ends[:, part] = _line(*(a[part] for a in flat), transform=transform, reason=reason[part])
    limits = {level: _limits(ends, transform, ndtri(0.5 + level / 2)) for level in wanted}
    if moves != transform and wanted:
        limits = _simulated(flat, reason, moves=moves, wanted=wanted, draws=(repetitions, seed))
    return _indices(ends, reason, limits, shape=shape, transform=transform, times=times)


def _scale(transform: Transform, moves: Transform | None) -> Transform:
    """The scale values move on: the line's own unless it is not transformed and another is named."""
    for name in (transform, moves or transform):
        if name not in _TRANSFORMS:
            raise BadInput(f"'{name}' is not a transform", hint="Choose none, log or logit.")
    if moves not in (None, transform) and transform != "none":
        raise BadInput(f"a line on the {transform} scale cannot have values that move on the {moves} scale")
    return moves or transform


def _simulated(
    flat: list[Floats], reason: Codes, *, moves: Transform, wanted: tuple[float, ...], draws: tuple[int, int]
) -> Limits:
    """Limits of both indices from seeded draws; marks values the scale cannot take in `reason`."""
    y, n, s = flat
    from scipy.stats import qmc

    sequence = qmc.Sobol(y.shape[1], rng=np.random.default_rng(draws[1]))
    normal = ndtri(sequence.random_base2(max(8, (draws[0] - 1).bit_length())))
    probabilities = np.array([side for level in wanted for side in (0.5 - level / 2, 0.5 + level / 2)])
    found = np.full((y.shape[0], 2, probabilities.size), np.nan)
    centre = _forward(y, moves)
    reason[(reason == Reason.SHOWN) & ~np.isfinite(centre + s).all(axis=1)] = Reason.NOT_DEFINED
    for group in np.flatnonzero(reason == Reason.SHOWN):
        a = n[group] / n[group].sum()
        x = np.cumsum(a) - a / 2 - 0.5
        slopes = a * x / (a * x * x).sum()
        lines = _back(centre[group] + s[group] * normal, moves) @ np.column_stack([a, slopes])
        foot, head = lines[:, 0] - lines[:, 1] / 2, lines[:, 0] + lines[:, 1] / 2
        found[group, 0] = np.quantile(head - foot, probabilities)
        found[group, 1] = np.quantile(head / foot, probabilities)
    return {
        level: (found[:, 0, 2 * k], found[:, 0, 2 * k + 1], found[:, 1, 2 * k], found[:, 1, 2 * k + 1])
        for k, level in enumerate(wanted)
    }


def _line(y: Floats, n: Floats, s: Floats, *, transform: Transform, reason: Codes) -> Floats:
    """Heights of each fitted line at 0 and 1, their variances and covariance; writes `reason` in place."""
    usable = _reasons(y, n, s, transform=transform, reason=reason)
    with np.errstate(all="ignore"):
        a = n / n.sum(axis=1)[:, None]
        x = np.cumsum(a, axis=1)
        x -= a / 2
        x -= 0.5  # the weighted mean rank is always one half
        ax = a * x
        c = ax / np.einsum("ij,ij->i", ax, x)[:, None]
        f = y if transform == "none" else _forward(y, transform)
        level, slope = np.einsum("ij,ij->i", a, f), np.einsum("ij,ij->i", c, f)
        a *= s
        c *= s
        aa, ac = np.einsum("ij,ij->i", a, a), np.einsum("ij,ij->i", a, c)
        cc = np.einsum("ij,ij->i", c, c) / 4
        out = np.array([level - slope / 2, level + slope / 2, aa - ac + cc, aa + ac + cc, aa - cc])
    if not usable.all():
        out[:, ~usable] = np.nan
    return out


def _reasons(y: Floats, n: Floats, s: Floats, *, transform: Transform, reason: Codes) -> Flags:
    if transform == "none":
        undefined = np.isinf(y.sum(axis=1) + s.sum(axis=1))
    else:
        inside = (y > 0) & ((y < 1) | (transform == "log"))
        undefined = ~(inside | np.isnan(y)).all(axis=1) | np.isinf(s).any(axis=1)
    reason[undefined] = Reason.NOT_DEFINED
    reason[(n.min(axis=1) <= 0)] = Reason.NO_POPULATION
    reason[np.isnan(y.sum(axis=1) + s.sum(axis=1) + n.sum(axis=1))] = Reason.MISSING
    return np.asarray(reason == Reason.SHOWN)


def _indices(
    ends: Floats,
    reason: Codes,
    limits: Limits,
    *,
    shape: tuple[int, ...],
    transform: Transform,
    times: float,
) -> Slope:
    foot, head = _back(ends[0], transform), _back(ends[1], transform)
    with np.errstate(all="ignore"):
        sii, rii = (head - foot) * times, head / foot if times > 0 else foot / head
    lower_s: dict[float, Floats] = {}
    upper_s: dict[float, Floats] = {}
    lower_r: dict[float, Floats] = {}
    upper_r: dict[float, Floats] = {}
    for level, (low, high, low_r, high_r) in limits.items():
        pair = (low * times, high * times)
        lower_s[level], upper_s[level] = pair if times > 0 else pair[::-1]
        lower_r[level], upper_r[level] = (low_r, high_r) if times > 0 else _turned_over(low_r, high_r)
    ratio_reason = np.where((reason == Reason.SHOWN) & ~np.isfinite(rii), Reason.NOT_DEFINED, reason)

    def shaped(values: dict[float, Floats]) -> dict[float, Floats]:
        return {level: array.reshape(shape) for level, array in values.items()}

    return Slope(
        finish(sii.reshape(shape), shaped(lower_s), shaped(upper_s), reason.reshape(shape)),
        finish(
            rii.reshape(shape), shaped(lower_r), shaped(upper_r), ratio_reason.astype(np.uint8).reshape(shape)
        ),
        foot.reshape(shape),
        head.reshape(shape),
    )


def _turned_over(low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """The interval of one over a ratio; one that holds zero has no end when turned over."""
    with np.errstate(all="ignore"):
        endless = (low <= 0) & (high >= 0)
        return np.where(endless, -np.inf, 1 / high), np.where(endless, np.inf, 1 / low)


def _forward(y: Floats, transform: Transform) -> Floats:
    if transform == "none":
        return y
    with np.errstate(all="ignore"):
        return np.asarray(np.log(y) if transform == "log" else logit(y))


def _back(f: Floats, transform: Transform) -> Floats:
    if transform == "none":
        return f
    with np.errstate(over="ignore"):
        return np.asarray(np.exp(f) if transform == "log" else expit(f))


def _limits(ends: Floats, transform: Transform, z: float) -> tuple[Floats, Floats, Floats, Floats]:
    """Lower and upper limits of the slope index, then of the relative index, not multiplied."""
    foot, head, vf, vh, cov = ends
    slope = head - foot
    half = z * np.sqrt(np.maximum(vh + vf - 2 * cov, 0))
    if transform == "none":
        return slope - half, slope + half, *_fieller(ends, z)
    middle = (foot + head) / 2
    (low_s, low_r), (high_s, high_r) = (
        _turned(middle, tilt, transform) for tilt in (slope - half, slope + half)
    )
    return low_s, high_s, low_r, high_r


def _turned(middle: Floats, tilt: Floats, transform: Transform) -> tuple[Floats, Floats]:
    """Difference and ratio of the ends of a line of this slope through the fitted line's middle."""
    foot, head = _back(middle - tilt / 2, transform), _back(middle + tilt / 2, transform)
    with np.errstate(all="ignore"):
        return head - foot, head / foot


def _fieller(ends: Floats, z: float) -> tuple[Floats, Floats]:
    """Fieller's limits of head / foot: where (head - r foot) is z standard errors from zero."""
    foot, head, vf, vh, cov = ends
    with np.errstate(all="ignore"):
        a = foot**2 - z**2 * vf
        b = foot * head - z**2 * cov
        root = np.sqrt(np.maximum(b**2 - a * (head**2 - z**2 * vh), 0))
        endless = a <= 0
        low, high = (b - root) / a, (b + root) / a
    return np.where(endless, -np.inf, low), np.where(endless, np.inf, high)
