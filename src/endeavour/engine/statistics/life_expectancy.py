"""Life tables: life expectancy, health expectancy, and what makes two of them differ."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from endeavour.engine.statistics._shape import (
    DEFAULT_CONFIDENCE,
    Codes,
    Confidence,
    Estimate,
    Flags,
    Floats,
    Reason,
    floats,
    levels,
    normal_quantile,
    refuse_counts,
)
from endeavour.errors import BadInput

ABRIDGED_AGES: tuple[int, ...] = (0, 1, *range(5, 95, 5))
"""The first age of each band of the usual abridged life table: under 1, 1-4, 5-9, ..., 90 and over."""

SMALLEST_POPULATION = 5000
"""A population of this size or smaller is too small for a life expectancy (Toson and Baker 2003)."""

WIDEST_INTERVAL = 20
"""A life expectancy whose 95% interval is wider than this many years is not shown, though its limits are."""

_CHUNK = 1 << 10


@dataclass(frozen=True)
class LifeTable:
    """One slice of life tables, age bands first: each array has shape (bands, groups).

    `width` is years in the band, `lived` the share of it that those who die in it live, `rate` deaths a
    person-year, `dying` the chance of dying in it, `alive` survivors to its start of one born (or of one at
    the first age), `years` person-years lived in it, `remaining` life expectancy at its start,
    `dying_variance` the variance of `dying` (and of the mean length of life, 1 / rate, in the last band).
    """

    width: Floats
    lived: Floats
    rate: Floats
    dying: Floats
    alive: Floats
    years: Floats
    remaining: Floats
    dying_variance: Floats


def life_expectancy(
    deaths: ArrayLike,
    population: ArrayLike,
    ages: Sequence[float] = ABRIDGED_AGES,
    *,
    at: float | None = None,
    lived: ArrayLike | None = None,
    totals: bool = False,
    confidence: Confidence = DEFAULT_CONFIDENCE,
    smallest_population: float = SMALLEST_POPULATION,
) -> Estimate:
    """Years a person can expect to live from the start of each age band, at today's death rates.

    Shapes: `deaths` and `population` broadcast to (..., bands); `ages` holds the first age of each band,
    ascending; the last band is open. The result has shape (..., bands), or (...) when `at` names one of the
    ages. Any bands will do, and the first need not be 0: a table from 65 gives life expectancy at 65.
    Units: years. `population` is person-years (a mid-year estimate for each year of deaths). With `totals`,
    `extra` holds `pops_used` and `dths_used`: people and deaths at that age and over. `lived` is the share of
    each band lived by those who die in it: 0.1 in a band starting at birth and 0.5 elsewhere unless given.
    Edge rules, each NaN with its reason: an age band without population; more deaths than people in a band; a
    population of `smallest_population` or fewer in all; nobody dying in the last band; an unknown (NaN) cell.
    A value whose 95% interval is wider than 20 years is withheld while its limits are shown.
    Errors: `BadInput` for ages that are not ascending, and for negative counts, naming rows.
    Source: Chiang (1968), second method; variance with Silcocks and others (2001), J Epidemiol Community
    Health 55:38-43, for the open band; suppression as Eayres and Williams (2004), J Epidemiol Community
    Health 58:243-249.

    >>> result = life_expectancy([60, 40, 600, 1300], [40000, 80000, 60000, 9000], [0, 15, 50, 80], at=0)
    >>> float(result.value.round(3)), float(result.lower[0.95].round(3)), float(result.upper[0.95].round(3))
    (78.62, 77.936, 79.304)
    """
    wanted = levels(confidence)
    d, n, starts, shape = bands_of(deaths, population, ages)
    share = fraction_lived(starts, lived)
    keep = slice(None) if at is None else slice(position_of(starts, at), position_of(starts, at) + 1)
    many, kept = len(d), len(starts) if at is None else 1
    # Bands stand first while we work, and the results are handed back as a turned view: writing a million short
    # rows takes longer than all of the arithmetic.
    value = np.empty((kept, many))
    limits = [(level, normal_quantile(level), np.empty((2, kept, many))) for level in wanted]
    used = np.empty((2, kept, many)) if totals else None
    reason = np.zeros((kept, many), dtype=np.uint8)
    for start in range(0, many, _CHUNK):
        part = slice(start, min(start + _CHUNK, many))
        ds, ns = np.ascontiguousarray(d[part].T), np.ascontiguousarray(n[part].T)
        refused = refusals(ds, ns, smallest_population)
        table = life_table(ds, ns, starts, share, refused != 0)
        remaining = table.remaining[keep]
        error = np.sqrt(_remaining_variance(table)[keep])
        for _, z, limit in limits:
            reach = z * error
            np.subtract(remaining, reach, out=limit[0, :, part])
            np.add(remaining, reach, out=limit[1, :, part])
        wide = normal_quantile(0.95) * error > WIDEST_INTERVAL / 2
        value[:, part] = np.where(wide, np.nan, remaining) if wide.any() else remaining
        reason[:, part] = np.where(wide, Reason.INTERVAL_TOO_WIDE, refused)
        if used is not None:
            used[0, :, part], used[1, :, part] = and_over(ns)[keep], and_over(ds)[keep]
    out = shape[:-1] if at is not None else shape

    def turned(values: NDArray[Any]) -> NDArray[Any]:
        return (
            values[0].reshape(out) if at is not None else np.moveaxis(values.reshape(-1, *shape[:-1]), 0, -1)
        )

    extra = {} if used is None else {"pops_used": turned(used[0]), "dths_used": turned(used[1])}
    lower = {level: turned(limit[0]) for level, _, limit in limits}
    upper = {level: turned(limit[1]) for level, _, limit in limits}
    return Estimate(turned(value), lower, upper, turned(reason), extra)


def check_ages(ages: Sequence[float]) -> tuple[float, ...]:
    """The first ages of the bands, refused unless ascending without repeats.

    >>> check_ages([0, 1, 5])
    (0.0, 1.0, 5.0)
    """
    starts = tuple(float(age) for age in ages)
    if len(starts) < 2 or any(not np.isfinite(age) or age < 0 for age in starts):
        raise BadInput("a life table needs two or more ages, each zero or above")
    wrong = [f"{b:g} after {a:g}" for a, b in itertools.pairwise(starts) if b <= a]
    if wrong:
        raise BadInput(
            f"ages are not ascending: {', '.join(wrong)}", hint="Give each band's first age once, in order."
        )
    return starts


def position_of(ages: Sequence[float], at: float) -> int:
    """Which band begins at this age; refused when none does."""
    starts = check_ages(ages)
    if at not in starts:
        known = ", ".join(f"{age:g}" for age in starts)
        raise BadInput(f"no band begins at age {at:g}", hint=f"Bands begin at {known}.")
    return starts.index(at)


def bands_of(
    deaths: ArrayLike, population: ArrayLike, ages: Sequence[float]
) -> tuple[Floats, Floats, tuple[float, ...], tuple[int, ...]]:
    """Deaths and people as (groups, bands), checked; the bands' first ages; and the shape they came in."""
    starts = check_ages(ages)
    d, n = floats(deaths, population)
    if d.ndim == 0 or d.shape[-1] != len(starts):
        have = d.shape[-1] if d.ndim else 0
        raise BadInput(f"the last axis has {have} bands but there are {len(starts)} ages")
    shape = d.shape
    d, n = d.reshape(-1, len(starts)), n.reshape(-1, len(starts))
    refuse_counts(d, "a number of deaths")
    refuse_counts(n, "a population")
    return d, n, starts, shape


def fraction_lived(starts: Sequence[float], lived: ArrayLike | None) -> Floats:
    """The share of each band lived by those who die in it: 0.1 from birth, 0.5 elsewhere, unless given."""
    if lived is None:
        return np.array([0.1 if start == 0 else 0.5 for start in starts])
    (given,) = floats(lived)
    if given.shape != (len(starts),) or not ((given > 0) & (given <= 1)).all():
        raise BadInput("`lived` needs one share above 0 and up to 1 for each age band")
    return given


def refusals(deaths: Floats, population: Floats, smallest: float) -> Codes:
    """Why each group has no life table; where several hold, the first in this order."""
    total = population.sum(axis=0)
    reason = np.zeros(deaths.shape[1], dtype=np.uint8)
    reason[deaths[-1] == 0] = Reason.NO_DEATHS_IN_LAST_BAND
    reason[total <= smallest] = Reason.SMALL_POPULATION
    reason[(deaths > population).any(axis=0)] = Reason.DEATHS_EXCEED_POPULATION
    reason[(population == 0).any(axis=0)] = Reason.NO_POPULATION
    reason[np.isnan(total) | np.isnan(deaths.sum(axis=0))] = Reason.MISSING
    return reason


def life_table(
    deaths: Floats, population: Floats, starts: Sequence[float], lived: Floats, blank: Flags | None = None
) -> LifeTable:
    """The columns of Chiang's table for arrays of shape (bands, groups); groups in `blank` come out as NaN.

    >>> deaths, people = np.array([[1.0], [10.0]]), np.array([[100.0], [100.0]])
    >>> table = life_table(deaths, people, (0, 60), np.array([0.5, 0.5]))
    >>> table.alive.round(4).ravel().tolist(), table.remaining.round(4).ravel().tolist()
    ([1.0, 0.5385], [51.5385, 10.0])
    """
    bands, groups = deaths.shape
    a = lived[:, None]
    width = np.diff(np.asarray(starts, dtype=np.float64))[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = deaths / population
        if blank is not None and blank.any():
            rate[:, blank] = np.nan
        hazard = rate[:-1] * width
        dying = np.ones((bands, groups))
        dying[:-1] = np.where(rate[:-1] * width * a[:-1] <= 1, hazard / (1 + hazard * (1 - a[:-1])), 1.0)
        dying[:, np.isnan(rate[0])] = np.nan
        alive = np.ones((bands, groups))
        np.cumprod(1 - dying[:-1], axis=0, out=alive[1:])
        alive[:, np.isnan(rate[0])] = np.nan
        years = np.empty((bands, groups))
        years[:-1] = width * (alive[1:] + a[:-1] * (alive[:-1] - alive[1:]))
        years[-1] = alive[-1] / rate[-1]
        remaining = np.where(alive == 0, 0.0, and_over(years) / alive)
        variance = np.where((dying == 0) | (alive == 0), 0.0, dying * dying * (1 - dying) / deaths)
        variance[-1] = 1 / (deaths[-1] * rate[-1] * rate[-1])
    return LifeTable(
        np.broadcast_to(np.append(width, [[np.inf]], axis=0), (bands, groups)),
        np.broadcast_to(a, (bands, groups)), rate, dying, alive, years, remaining, variance,
    )  # fmt: skip


def _remaining_variance(table: LifeTable) -> Floats:
    """The variance of life expectancy at each age: Chiang's sum with Silcocks's term for the open band."""
    part = np.empty_like(table.alive)
    squared = table.alive * table.alive
    with np.errstate(divide="ignore", invalid="ignore"):
        after = (1 - table.lived[:-1]) * table.width[:-1] + table.remaining[1:]
        part[:-1] = table.dying_variance[:-1] * squared[:-1] * after * after
        part[-1] = squared[-1] * table.dying_variance[-1]
        return np.asarray(np.where(squared == 0, np.nan, and_over(part) / squared))


def and_over(values: Floats) -> Floats:
    """Sums from each band to the last, over the first axis."""
    return np.asarray(np.cumsum(values[::-1], axis=0)[::-1])
