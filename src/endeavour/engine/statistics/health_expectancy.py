"""Health expectancy: how many of the years to come are healthy, by Sullivan's method."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from endeavour.engine.statistics._shape import (
    DEFAULT_CONFIDENCE,
    Codes,
    Confidence,
    Estimate,
    Floats,
    Reason,
    finish,
    floats,
    levels,
    normal_quantile,
    refuse,
    refuse_counts,
)
from endeavour.engine.statistics.life_expectancy import (
    ABRIDGED_AGES,
    SMALLEST_POPULATION,
    LifeTable,
    and_over,
    bands_of,
    fraction_lived,
    life_table,
    position_of,
    refusals,
)

_CHUNK = 1 << 10


def health_expectancy(
    deaths: ArrayLike,
    population: ArrayLike,
    healthy: ArrayLike,
    surveyed: ArrayLike,
    ages: Sequence[float] = ABRIDGED_AGES,
    *,
    at: float = 0,
    lived: ArrayLike | None = None,
    confidence: Confidence = DEFAULT_CONFIDENCE,
    smallest_population: float = SMALLEST_POPULATION,
) -> Estimate:
    """Years a person can expect to live in good health (or free of disability) from the age `at`.

    Shapes: `deaths`, `population`, `healthy` and `surveyed` broadcast to (..., bands); the result has shape
    (...).
    Units: years. `healthy` of the `surveyed` people in each band said their health was good (the effective
    number, where a survey is weighted). `extra` holds `life_expectancy`, `share_healthy` (of the years to
    come) and `years_not_healthy`. High is good.
    The interval allows for both chances: that the survey met these people, and that these deaths happened.
    Edge rules: as `life_expectancy`; a band where nobody was surveyed gives `no-population`.
    Errors: `BadInput` names rows with negative counts or more healthy people than were surveyed.
    Source: Sullivan (1971), HSMHA Health Rep 86:347-354; variance as Jagger, Van Oyen and Robine (2014),
    *Health Expectancy Calculation by the Sullivan Method*, with Silcocks's term for the open band.

    >>> result = health_expectancy(
    ...     [60, 40, 600, 1300], [40000, 80000, 60000, 9000], [95, 180, 140, 40], [100, 200, 200, 100], [0, 15, 50, 80]
    ... )
    >>> float(result.value.round(2)), float(result.extra["life_expectancy"].round(2))
    (64.02, 78.62)
    """
    wanted = levels(confidence)
    position = position_of(ages, at)
    d, n, starts, shape = bands_of(deaths, population, ages)
    h, s = floats(healthy, surveyed)
    refuse_counts(h, "a number of healthy people")
    refuse_counts(s, "a number of people surveyed")
    refuse(h > s, "more people are healthy than were surveyed")
    h, s = (np.broadcast_to(part, shape).reshape(d.shape) for part in (h, s))
    share = fraction_lived(starts, lived)
    value, error, whole = (np.empty(len(d)) for _ in range(3))
    reason: Codes = np.zeros(len(d), dtype=np.uint8)
    for start in range(0, len(d), _CHUNK):
        part = slice(start, start + _CHUNK)
        ds, ns, hs, ss = (np.ascontiguousarray(array[part].T) for array in (d, n, h, s))
        refused = refusals(ds, ns, smallest_population)
        refused[(ss == 0).any(axis=0)] = Reason.NO_POPULATION
        refused[np.isnan(hs).any(axis=0) | np.isnan(ss).any(axis=0)] = Reason.MISSING
        table = life_table(ds, ns, starts, share, refused != 0)
        years, variance = _sullivan(table, hs, ss)
        value[part], error[part] = years[position], np.sqrt(variance[position])
        whole[part], reason[part] = table.remaining[position], refused
    lower = {level: (value - normal_quantile(level) * error).reshape(shape[:-1]) for level in wanted}
    upper = {level: (value + normal_quantile(level) * error).reshape(shape[:-1]) for level in wanted}
    value, whole = value.reshape(shape[:-1]), whole.reshape(shape[:-1])
    extra = {"life_expectancy": whole, "share_healthy": value / whole, "years_not_healthy": whole - value}
    return finish(value, lower, upper, reason.reshape(shape[:-1]), extra)


def _sullivan(table: LifeTable, healthy: Floats, surveyed: Floats) -> tuple[Floats, Floats]:
    """Healthy years at each age and their variance, for arrays of shape (bands, groups)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        p = healthy / surveyed
        well = table.years * p
        expected = np.where(table.alive == 0, 0.0, and_over(well) / table.alive)
        from_survey = table.years**2 * p * (1 - p) / surveyed
        squared = table.alive**2
        after = (1 - table.lived[:-1]) * table.width[:-1] * p[:-1] + expected[1:]
        from_deaths = np.empty_like(well)
        from_deaths[:-1] = squared[:-1] * table.dying_variance[:-1] * after**2
        from_deaths[-1] = squared[-1] * table.dying_variance[-1] * p[-1] ** 2
        return expected, np.where(squared == 0, np.nan, and_over(from_survey + from_deaths) / squared)
