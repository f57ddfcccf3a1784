"""Population attributable risk and fraction: what would change if every subgroup matched the best placed one.

Subgroups lie along the last axis, most disadvantaged first where they have an order.

Sources: Schlotheuber A, Hosseinpoor AR (2022) Int J Environ Res Public Health 19:3697; Walter SD (1978) Int J
Epidemiol 7:175.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from endeavour.engine.statistics._shape import (
    DEFAULT_CONFIDENCE,
    Confidence,
    Estimate,
    Floats,
    Reason,
    floats,
)
from endeavour.engine.statistics._subgroups import (
    Group,
    Places,
    marked,
    mean_of,
    normal_interval,
    picked,
    subgroups,
    total_of,
)


def population_attributable_risk(
    value: ArrayLike,
    population: ArrayLike,
    standard_error: ArrayLike | None = None,
    *,
    ordered: bool = True,
    favourable: bool = True,
    scale: float | None = None,
    confidence: Confidence = DEFAULT_CONFIDENCE,
) -> Estimate:
    """Population attributable risk (PAR): what the mean would change by if all matched the reference
    subgroup.

    In the indicator's unit: positive for a favourable indicator, negative for an adverse one, 0 where the
    reference is no better than the mean. The reference is the most advantaged subgroup (last), or, without
    order, the best one. Interval: from standard errors by Taylor; else, given the indicator's `scale` (100
    for a percentage of people), Walter's (1978). Source: Schlotheuber and Hosseinpoor (2022).

    >>> population_attributable_risk([60.0, 70.0, 80.0], [1, 1, 2]).value.item()
    7.5
    """
    return _attributable(
        subgroups(value, population, standard_error),
        population,
        (ordered, favourable, False),
        scale=scale,
        confidence=confidence,
    )


def population_attributable_fraction(
    value: ArrayLike,
    population: ArrayLike,
    standard_error: ArrayLike | None = None,
    *,
    ordered: bool = True,
    favourable: bool = True,
    scale: float | None = None,
    confidence: Confidence = DEFAULT_CONFIDENCE,
) -> Estimate:
    """Population attributable fraction (PAF): the attributable risk as a percentage of the mean.

    Signs, reference and intervals as `population_attributable_risk`; a mean of 0 has `Reason.NOT_DEFINED`.
    Sources: Schlotheuber and Hosseinpoor (2022); Walter (1978).

    >>> round(population_attributable_fraction([60.0, 70.0, 80.0], [1, 1, 2]).value.item(), 4)
    10.3448
    """
    return _attributable(
        subgroups(value, population, standard_error),
        population,
        (ordered, favourable, True),
        scale=scale,
        confidence=confidence,
    )


def _attributable(
    group: Group,
    population: ArrayLike,
    kind: tuple[bool, bool, bool],
    *,
    scale: float | None,
    confidence: Confidence,
) -> Estimate:
    y, p, s, reason = group
    ordered, favourable, relative = kind
    best = np.nan_to_num(y if favourable else -y, nan=-np.inf).argmax(axis=-1)
    at = np.full(y.shape[:-1], y.shape[-1] - 1) if ordered else best
    mean, goal = mean_of(y, p), picked(y, at)
    gap = goal - mean
    risk = np.where((gap < 0) if favourable else (gap > 0), 0.0, gap)
    chosen = (np.arange(y.shape[-1]) == at[..., None]).astype(np.float64)
    with np.errstate(all="ignore"):
        share = p * (goal / mean if relative else 1.0)[..., None] if relative else p
        unit = 100 / mean if relative else np.ones_like(mean)
        error = None if s is None else np.abs(unit) * np.sqrt(total_of(((chosen - share) * s) ** 2))
        if error is None and scale is not None:
            people = floats(y, population)[1]
            error = np.abs(unit * mean) * _walter(y / scale, people, at)
        if relative:
            reason = marked(reason, mean == 0, Reason.NOT_DEFINED)
        return normal_interval(risk * unit, error, reason, confidence)


def _walter(share: Floats, people: Floats, at: Places) -> Floats:
    """Standard error of the attributable fraction (of one) from a two-by-two table (Walter 1978)."""
    cases = total_of(share * people)
    n, reached = total_of(people), picked(people, at)
    c = picked(share, at) * reached
    d, a = reached - c, cases - c
    b = n - a - reached
    return np.asarray(np.sqrt(c * n * (a * d * (n - c) + b * c**2) / (cases**3 * reached**3)))
