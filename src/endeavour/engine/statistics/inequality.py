"""Summary measures of inequality between the subgroups of a population: the World Health Organization's
toolkit.

Every function takes arrays whose last axis is the subgroups (most disadvantaged first where they have an
order) and whose other axes are groups; a group with any unknown input is NaN with `Reason.MISSING`.
Intervals come from the subgroups' standard errors by the delta method (first-order Taylor), symmetric and
cut off at zero for a measure that cannot be negative; without standard errors every limit is NaN. Near
perfect equality such an interval is too narrow for measures of absolute differences, as its source says.

Sources: Schlotheuber A, Hosseinpoor AR (2022) Int J Environ Res Public Health 19:3697 (the measures); Ahn J
et al. (2018) JCO Clin Cancer Inform 2:1-19 (their variances); Walter SD (1978) Int J Epidemiol 7:175
(attributable risk). Where an interval is scaled (per 100 or per 1,000) it is scaled like its measure.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from endeavour.engine.statistics._shape import (
    DEFAULT_CONFIDENCE,
    Confidence,
    Estimate,
    Reason,
    finish,
    levels,
)
from endeavour.engine.statistics._subgroups import (
    delta_interval,
    distance_from,
    divided,
    from_mean,
    marked,
    mean_of,
    normal_interval,
    place_of,
    subgroups,
    total_of,
    two_ends,
    variance_error,
)


def difference(
    value: ArrayLike,
    standard_error: ArrayLike | None = None,
    *,
    ordered: bool = True,
    favourable: bool = True,
    reference: int | None = None,
    confidence: Confidence = DEFAULT_CONFIDENCE,
) -> Estimate:
    """Difference (D) between the two subgroups at the ends, in the indicator's unit.

    Ordered subgroups: the most advantaged less the most disadvantaged for a favourable indicator, the other
    way round for an adverse one. Without order: highest less lowest, or, against a `reference` subgroup,
    reference less lowest (favourable) or highest less reference (adverse). 0 is equality. Interval: the two
    errors added in squares, times the normal quantile. Source: Schlotheuber and Hosseinpoor (2022).

    >>> d = difference([62.0, 70.0, 81.0], [1.0, 1.0, 1.0])
    >>> d.value.item(), d.lower[0.95].round(3).item(), d.upper[0.95].round(3).item()
    (19.0, 16.228, 21.772)
    """
    first, second, errors, reason = two_ends(value, standard_error, ordered, favourable, reference)
    out = first - second
    spread = None if errors is None else np.hypot(*errors)
    return normal_interval(out, spread, reason, confidence)


def ratio(
    value: ArrayLike,
    standard_error: ArrayLike | None = None,
    *,
    ordered: bool = True,
    favourable: bool = True,
    reference: int | None = None,
    confidence: Confidence = DEFAULT_CONFIDENCE,
) -> Estimate:
    """Ratio (R) of the two subgroups `difference` compares, without unit; 1 is equality.

    Interval: log-normal, by the delta method on the logarithm. A ratio to zero, or of values below zero, has
    `Reason.NOT_DEFINED`. Source: Ahn et al. (2018).

    >>> r = ratio([50.0, 70.0, 80.0], [1.0, 1.0, 2.0])
    >>> r.value.item(), r.lower[0.95].round(4).item(), r.upper[0.95].round(4).item()
    (1.6, 1.5027, 1.7036)
    """
    first, second, errors, reason = two_ends(value, standard_error, ordered, favourable, reference)
    with np.errstate(all="ignore"):
        out = first / second
        reason = marked(reason, ~((second > 0) & (first >= 0)), Reason.NOT_DEFINED)
        spread = np.full_like(out, np.nan)
        if errors is not None:
            spread = np.hypot(errors[0] / first, errors[1] / second)
        spread = np.where(first == 0, np.nan, spread)
        limits = {level: ndtri(0.5 + level / 2) * spread for level in levels(confidence)}
        lower = {level: out * np.exp(-half) for level, half in limits.items()}
        upper = {level: out * np.exp(half) for level, half in limits.items()}
    return finish(out, lower, upper, reason)


def between_group_variance(
    value: ArrayLike,
    population: ArrayLike,
    standard_error: ArrayLike | None = None,
    *,
    confidence: Confidence = DEFAULT_CONFIDENCE,
) -> Estimate:
    """Between-group variance (BGV): the people-weighted mean square distance from the mean, in squared units.

    0 is equality. Interval: normal, with a second-order variance, not below 0. Source: Ahn et al. (2018).

    >>> between_group_variance([10.0, 20.0], [1, 1]).value.item()
    25.0
    """
    y, p, s, reason = subgroups(value, population, standard_error)
    apart = y - mean_of(y, p)[..., None]
    out = total_of(p * apart**2)
    return normal_interval(out, variance_error(apart, p, s), reason, confidence, floor=0.0)


def between_group_sd(
    value: ArrayLike,
    population: ArrayLike,
    standard_error: ArrayLike | None = None,
    *,
    confidence: Confidence = DEFAULT_CONFIDENCE,
) -> Estimate:
    """Between-group standard deviation (BGSD): the square root of the variance, in the indicator's unit.

    0 is equality, where its interval is not defined and is NaN. Source: Schlotheuber and Hosseinpoor (2022);
    Taylor interval from the variance's own.

    >>> between_group_sd([10.0, 20.0], [1, 1]).value.item()
    5.0
    """
    y, p, s, reason = subgroups(value, population, standard_error)
    apart = y - mean_of(y, p)[..., None]
    out = np.sqrt(total_of(p * apart**2))
    return normal_interval(out, divided(variance_error(apart, p, s), 2 * out), reason, confidence, floor=0.0)


def coefficient_of_variation(
    value: ArrayLike,
    population: ArrayLike,
    standard_error: ArrayLike | None = None,
    *,
    confidence: Confidence = DEFAULT_CONFIDENCE,
) -> Estimate:
    """Coefficient of variation (COV): the between-group standard deviation as a percentage of the mean.

    0 is equality. A mean of 0 has `Reason.NOT_DEFINED`. Source: Schlotheuber and Hosseinpoor (2022); Taylor
    interval with the mean's own error.

    >>> round(coefficient_of_variation([10.0, 20.0], [1, 1]).value.item(), 4)
    33.3333
    """
    y, p, s, reason = subgroups(value, population, standard_error)
    mean = mean_of(y, p)
    apart = y - mean[..., None]
    spread = np.sqrt(total_of(p * apart**2))
    with np.errstate(all="ignore"):
        gradient = p * (apart / (spread * mean)[..., None] - (spread / mean**2)[..., None])
        out = 100 * spread / mean
    reason = marked(reason, mean == 0, Reason.NOT_DEFINED)
    return delta_interval(out, 100 * gradient, s, reason, confidence, floor=0.0)


def mean_difference_from_best(
    value: ArrayLike,
    population: ArrayLike | None = None,
    standard_error: ArrayLike | None = None,
    *,
    favourable: bool = True,
    confidence: Confidence = DEFAULT_CONFIDENCE,
) -> Estimate:
    """Mean difference from the best-performing subgroup, in the indicator's unit; 0 is equality.

    With `population` each subgroup weighs by its people (MDBW); without, all weigh the same (MDBU). Best is
    the highest value of a favourable indicator and the lowest of an adverse one. Sources: Schlotheuber and
    Hosseinpoor (2022); Ahn et al. (2018).

    >>> mean_difference_from_best([10.0, 20.0, 30.0]).value.item()
    10.0
    """
    y, p, s, reason = subgroups(value, population, standard_error)
    at = np.argmax(np.nan_to_num(y if favourable else -y, nan=-np.inf), axis=-1)
    return distance_from(y, p, s, reason, at=at, confidence=confidence)


def mean_difference_from_reference(
    value: ArrayLike,
    population: ArrayLike | None = None,
    standard_error: ArrayLike | None = None,
    *,
    reference: int,
    confidence: Confidence = DEFAULT_CONFIDENCE,
) -> Estimate:
    """Mean difference from one named subgroup (its place along the last axis), in the indicator's unit.

    Weighted by people (MDRW) with `population`, unweighted (MDRU) without; 0 is equality. Sources: as
    `mean_difference_from_best`.

    >>> mean_difference_from_reference([10.0, 20.0, 30.0], [1, 1, 2], reference=0).value.item()
    12.5
    """
    y, p, s, reason = subgroups(value, population, standard_error)
    at = np.full(y.shape[:-1], place_of(reference, y.shape[-1]))
    return distance_from(y, p, s, reason, at=at, confidence=confidence)


def mean_difference_from_mean(
    value: ArrayLike,
    population: ArrayLike,
    standard_error: ArrayLike | None = None,
    *,
    weighted: bool = True,
    confidence: Confidence = DEFAULT_CONFIDENCE,
) -> Estimate:
    """Mean difference from the population's mean, in the indicator's unit; 0 is equality.

    The mean is always weighted by people; the differences are too (MDMW) unless `weighted` is False (MDMU).
    Sources: as `mean_difference_from_best`.

    >>> mean_difference_from_mean([10.0, 20.0], [3, 1]).value.item()
    3.75
    """
    y, p, s, reason = subgroups(value, population, standard_error)
    out, gradient = from_mean(y, p, p if weighted else np.full_like(p, 1 / y.shape[-1]))
    return delta_interval(out, gradient, s, reason, confidence, floor=0.0)


def index_of_disparity(
    value: ArrayLike,
    population: ArrayLike,
    standard_error: ArrayLike | None = None,
    *,
    weighted: bool = True,
    confidence: Confidence = DEFAULT_CONFIDENCE,
) -> Estimate:
    """Index of disparity: the mean difference from the mean as a percentage of the mean; 0 is equality.

    Weighted by people (IDISW) or, with `weighted=False`, not (IDISU; the mean still is). A mean of 0 has
    `Reason.NOT_DEFINED`. Sources: as `mean_difference_from_best`.

    >>> index_of_disparity([10.0, 20.0], [3, 1]).value.item()
    30.0
    """
    y, p, s, reason = subgroups(value, population, standard_error)
    mean = mean_of(y, p)
    apart, gradient = from_mean(y, p, p if weighted else np.full_like(p, 1 / y.shape[-1]))
    with np.errstate(all="ignore"):
        out = 100 * apart / mean
        gradient = 100 * (gradient / mean[..., None] - p * (apart / mean**2)[..., None])
    return delta_interval(
        out, gradient, s, marked(reason, mean == 0, Reason.NOT_DEFINED), confidence, floor=0.0
    )


def theil_index(
    value: ArrayLike,
    population: ArrayLike,
    standard_error: ArrayLike | None = None,
    *,
    multiplier: float = 1000.0,
    confidence: Confidence = DEFAULT_CONFIDENCE,
) -> Estimate:
    """Theil index (TI), times 1,000 as the toolkit prints it; 0 is equality, and it has no unit.

    The people-weighted mean of r log r, where r is a subgroup's value over the mean; a value of 0 adds
    nothing. A value below 0, or a mean of 0, has `Reason.NOT_DEFINED`. Source: Ahn et al. (2018).

    >>> theil_index([10.0, 20.0], [1, 1]).value.round(4).item()
    56.633
    """
    y, p, s, reason = subgroups(value, population, standard_error)
    mean = mean_of(y, p)
    with np.errstate(all="ignore"):
        r = y / mean[..., None]
        log = np.where(r > 0, np.log(np.where(r > 0, r, 1)), 0)
        out = total_of(p * r * log)
        inner = 1 + log
        gradient = p / mean[..., None] * (inner - total_of(p * r * inner)[..., None])
    reason = marked(reason, np.asarray((y < 0).any(axis=-1) | (mean == 0)), Reason.NOT_DEFINED)
    return delta_interval(multiplier * out, multiplier * gradient, s, reason, confidence, floor=0.0)


def mean_log_deviation(
    value: ArrayLike,
    population: ArrayLike,
    standard_error: ArrayLike | None = None,
    *,
    multiplier: float = 1000.0,
    confidence: Confidence = DEFAULT_CONFIDENCE,
) -> Estimate:
    """Mean log deviation (MLD), times 1,000 as the toolkit prints it; 0 is equality, and it has no unit.

    The people-weighted mean of -log r, where r is a subgroup's value over the mean. A value of 0 or less has
    `Reason.NOT_DEFINED`. Source: Ahn et al. (2018).

    >>> mean_log_deviation([10.0, 20.0], [1, 1]).value.round(4).item()
    58.8915
    """
    y, p, s, reason = subgroups(value, population, standard_error)
    mean = mean_of(y, p)
    with np.errstate(all="ignore"):
        r = y / mean[..., None]
        out = -total_of(p * np.log(r))
        gradient = p / mean[..., None] * (1 - 1 / r)
    reason = marked(reason, np.asarray((y <= 0).any(axis=-1)), Reason.NOT_DEFINED)
    return delta_interval(multiplier * out, multiplier * gradient, s, reason, confidence, floor=0.0)
