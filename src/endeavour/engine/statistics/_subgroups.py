"""What the measures of inequality share: subgroups along the last axis, their shares, and intervals."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from endeavour.engine.statistics._shape import (
    Codes,
    Confidence,
    Estimate,
    Flags,
    Floats,
    Reason,
    finish,
    floats,
    levels,
    missing,
    refuse,
)
from endeavour.errors import BadInput

Places = NDArray[np.intp]
Group = tuple[Floats, Floats, Floats | None, Codes]
"""Value, population share, standard error (or None) of each subgroup, and each group's reason."""


def subgroups(value: ArrayLike, population: ArrayLike | None, standard_error: ArrayLike | None) -> Group:
    y, n, s = floats(
        value,
        1.0 if population is None else population,
        np.nan if standard_error is None else standard_error,
    )
    if y.ndim == 0 or y.shape[-1] < 2:
        raise BadInput("a measure of inequality needs at least two subgroups along the last axis")
    refuse(n < 0, "a population is negative")
    refuse(s < 0, "a standard error is negative")
    refuse(np.isinf(y) | np.isinf(n), "a value or population is infinite")
    total = n.sum(axis=-1)
    reason = np.zeros(total.shape, np.uint8)
    reason = marked(reason, total == 0, Reason.NO_POPULATION)
    unknown = missing(y, n) if standard_error is None else missing(y, n, s)
    reason = np.where(unknown.any(axis=-1), Reason.MISSING, reason).astype(np.uint8)
    with np.errstate(all="ignore"):
        return y, n / total[..., None], None if standard_error is None else s, reason


def two_ends(
    value: ArrayLike,
    standard_error: ArrayLike | None,
    ordered: bool,
    favourable: bool,
    reference: int | None,
) -> tuple[Floats, Floats, tuple[Floats, Floats] | None, Codes]:
    y, _, s, reason = subgroups(value, None, standard_error)
    lead, last = y.shape[:-1], y.shape[-1] - 1
    if ordered:
        pair = (last, 0) if favourable else (0, last)
        first, second = (np.full(lead, place) for place in pair)
    else:
        sure = np.where(np.isnan(y), 0, y)
        first, second = sure.argmax(axis=-1), sure.argmin(axis=-1)
        if reference is not None:
            place = np.full(lead, place_of(reference, last + 1))
            first, second = (place, second) if favourable else (first, place)
    errors = None if s is None else (picked(s, first), picked(s, second))
    return picked(y, first), picked(y, second), errors, reason


def place_of(reference: int, width: int) -> int:
    if not -width <= reference < width:
        raise BadInput(f"there is no subgroup {reference}; they are counted 0 to {width - 1}")
    return reference % width


def picked(values: Floats, at: Places) -> Floats:
    return np.asarray(np.take_along_axis(values, at[..., None], axis=-1)[..., 0])


def marked(reason: Codes, wrong: Flags, code: Reason) -> Codes:
    return np.where((reason == Reason.SHOWN) & wrong, code, reason).astype(np.uint8)


def total_of(values: Floats) -> Floats:
    return np.asarray(values.sum(axis=-1))


def mean_of(y: Floats, p: Floats) -> Floats:
    return total_of(p * y)


def divided(top: Floats | None, bottom: Floats) -> Floats | None:
    if top is None:
        return None
    with np.errstate(all="ignore"):
        return np.asarray(np.where(bottom > 0, top / bottom, np.nan))


def variance_error(apart: Floats, p: Floats, s: Floats | None) -> Floats | None:
    """Standard error of the between-group variance (Ahn et al. 2018)."""
    if s is None:
        return None
    v = p**2 * s**2
    first = 4 * total_of(v * apart**2)
    second = total_of(v) ** 2 - total_of(v**2) + total_of(p**2 * (1 - p) ** 2 * s**4)
    return np.sqrt(first + 2 * second)


def from_mean(y: Floats, p: Floats, weight: Floats) -> tuple[Floats, Floats]:
    apart = y - mean_of(y, p)[..., None]
    lean = weight * np.sign(apart)
    return total_of(weight * np.abs(apart)), lean - p * total_of(lean)[..., None]


def distance_from(
    y: Floats, p: Floats, s: Floats | None, reason: Codes, *, at: Places, confidence: Confidence
) -> Estimate:
    apart = y - picked(y, at)[..., None]
    lean = p * np.sign(apart)
    gradient = lean - (np.arange(y.shape[-1]) == at[..., None]) * total_of(lean)[..., None]
    return delta_interval(total_of(p * np.abs(apart)), gradient, s, reason, confidence, floor=0.0)


def delta_interval(
    out: Floats,
    gradient: Floats,
    s: Floats | None,
    reason: Codes,
    confidence: Confidence,
    *,
    floor: float | None = None,
) -> Estimate:
    error = None if s is None else np.sqrt(total_of((gradient * s) ** 2))
    return normal_interval(out, error, reason, confidence, floor=floor)


def normal_interval(
    out: Floats,
    error: Floats | None,
    reason: Codes,
    confidence: Confidence,
    *,
    floor: float | None = None,
) -> Estimate:
    spread = np.full_like(out, np.nan) if error is None else error
    out = out if floor is None else np.maximum(out, floor)  # rounding can leave equality a hair below
    lower: dict[float, Floats] = {}
    upper: dict[float, Floats] = {}
    for level in levels(confidence):
        half = ndtri(0.5 + level / 2) * spread
        lower[level] = out - half if floor is None else np.maximum(out - half, floor)
        upper[level] = out + half
    return finish(np.asarray(out), lower, upper, reason, {"standard_error": spread})
