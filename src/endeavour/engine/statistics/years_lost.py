"""Years of life lost, and which ages and causes make two life expectancies differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from endeavour.engine.statistics._shape import (
    DEFAULT_CONFIDENCE,
    Codes,
    Confidence,
    Estimate,
    Floats,
    Reason,
    check_multiplier,
    finish,
    floats,
    levels,
    refuse,
    refuse_counts,
)
from endeavour.engine.statistics.life_expectancy import (
    ABRIDGED_AGES,
    LifeTable,
    bands_of,
    check_ages,
    fraction_lived,
    life_table,
    refusals,
)
from endeavour.engine.statistics.standardisation import dobson_limits
from endeavour.errors import BadInput


def years_left(ages: Sequence[float], limit: float = 75) -> Floats:
    """Years between each band's middle and the age `limit`: what a death in the band costs, and 0 beyond.

    The open last band costs nothing unless it begins before `limit`, where the years are counted from its
    first age.

    >>> years_left([0, 1, 5, 70, 75]).tolist()
    [74.5, 72.0, 37.5, 2.5, 0.0]
    """
    starts = check_ages(ages)
    edges = np.array([*starts, starts[-1]])
    return np.asarray(np.maximum(0.0, limit - (edges[:-1] + edges[1:]) / 2))


def years_of_life_lost(
    deaths: ArrayLike,
    years: ArrayLike,
    *,
    population: ArrayLike | None = None,
    standard: ArrayLike | None = None,
    confidence: Confidence = DEFAULT_CONFIDENCE,
    multiplier: float = 100_000.0,
) -> Estimate:
    """Years of life lost to the deaths of each group.

    Shapes: the last axis is the age bands; all arrays broadcast and the result drops that axis. `years` is
    what a death in each band costs: `years_left(ages)` for years before 75, or a life table's remaining
    years.
    Units: years; with `population`, years for each `multiplier` people; with `standard` too, the rate a
    population of those ages would have. Low is good. `extra` holds `deaths`.
    Edge rules: an unknown (NaN) cell gives `missing-input`. With no deaths the figure is 0, without limits.
    Errors: `BadInput` names rows with negative counts or, for a rate, people of zero.
    Source: Romeder and McWhinnie (1977), Int J Epidemiol 6:143-151; interval of a weighted sum as Dobson and
    others (1991).

    >>> result = years_of_life_lost([2, 3, 20], [60.0, 30.0, 5.0])
    >>> float(result.value), float(result.lower[0.95].round(1)), float(result.upper[0.95].round(1))
    (310.0, 130.0, 552.8)
    """
    wanted = levels(confidence)
    d, cost = floats(deaths, years)
    refuse_counts(d, "a number of deaths")
    refuse_counts(cost, "a number of years")
    if d.ndim == 0:
        raise BadInput("there are no age bands", hint="The last axis holds the age bands.")
    weight, scale = cost, 1.0
    if population is None:
        if standard is not None:
            raise BadInput("a standardised rate needs the population as well as the standard")
    else:
        scale = check_multiplier(multiplier)
        d, cost, n = floats(d, cost, population)
        refuse_counts(n, "a population")
        refuse(n == 0, "a population is zero")
        if standard is None:
            weight = cost / n.sum(axis=-1)[..., None]
        else:
            d, cost, n, w = floats(d, cost, n, standard)
            weight = cost * w / n / w.sum(axis=-1)[..., None]
    value = (d * weight).sum(axis=-1) * scale
    variance = (d * weight * weight).sum(axis=-1) * scale * scale
    total = d.sum(axis=-1)
    lower, upper = dobson_limits(value, variance, total, wanted)
    reason: Codes = np.where(np.isnan(value), Reason.MISSING, Reason.SHOWN).astype(np.uint8)
    return finish(value, lower, upper, reason, {"deaths": total})


@dataclass(frozen=True)
class Contributions:
    """Years each age band adds to the second population's life expectancy over the first's.

    `by_age` has shape (..., bands) and sums to `difference`; `by_cause` has shape (..., bands, causes) and
    sums over causes to `by_age` (None when no causes were given). `reason` and `difference` have shape (...).
    """

    by_age: Floats
    by_cause: Floats | None
    difference: Floats
    reason: Codes


def arriaga(
    deaths: ArrayLike,
    population: ArrayLike,
    other_deaths: ArrayLike,
    other_population: ArrayLike,
    ages: Sequence[float] = ABRIDGED_AGES,
    *,
    lived: ArrayLike | None = None,
) -> Contributions:
    """How much each age, and each cause within it, adds to the other population's life expectancy over this one's.

    Shapes: `population` and `other_population` have shape (..., bands). Deaths have the same shape, or (...,
    bands, causes) with every death under one cause; both sets alike.
    Units: years; positive where the other population lives longer because of that age or cause.
    Edge rules: each population by the rules of `life_expectancy` (without the smallest size); a band where
    both death rates are equal gives its causes nothing. Errors: `BadInput` for negative counts or arrays that
    do not fit.
    Source: Arriaga (1984), Demography 21:83-96; causes as Arriaga (1989), in *Differential Mortality*.

    >>> change = arriaga([10, 40], [1000, 500], [5, 30], [1000, 500], [0, 60])
    >>> change.by_age.round(3).tolist(), float(change.difference.round(3))
    ([10.84, 2.543], 13.383)
    """
    first, second = floats(deaths)[0], floats(other_deaths)[0]
    if first.shape[first.ndim - 1 :] != second.shape[second.ndim - 1 :] or first.ndim != second.ndim:
        raise BadInput("both populations need deaths by the same bands and causes")
    causes = first.ndim > floats(population)[0].ndim
    totals = (first.sum(axis=-1), second.sum(axis=-1)) if causes else (first, second)
    d1, n1, starts, shape = bands_of(totals[0], population, ages)
    d2, n2, _, other_shape = bands_of(totals[1], other_population, ages)
    if shape != other_shape:
        raise BadInput(f"populations of shapes {shape} and {other_shape} do not fit together")
    share = fraction_lived(starts, lived)
    reason = np.maximum(refusals(d1.T, n1.T, 0), refusals(d2.T, n2.T, 0))
    tables = [life_table(d.T, n.T, starts, share, reason != 0) for d, n in ((d1, n1), (d2, n2))]
    by_age = _by_age(*tables).T
    died_out = (reason == 0) & np.isnan(by_age).any(axis=1)
    reason[died_out], by_age[died_out] = Reason.NOT_DEFINED, np.nan
    apart = np.where(died_out, np.nan, tables[1].remaining[0] - tables[0].remaining[0])
    difference = apart.reshape(shape[:-1])
    by_cause = None
    if causes:
        rates = [
            part / np.asarray(people, dtype=np.float64)[..., None]
            for part, people in ((first, np.reshape(n1, shape)), (second, np.reshape(n2, shape)))
        ]
        change = rates[1] - rates[0]
        whole = change.sum(axis=-1, keepdims=True)
        with np.errstate(divide="ignore", invalid="ignore"):
            part = np.where(whole == 0, 0.0, change / whole)
        by_cause = part * by_age.reshape(shape)[..., None]
    return Contributions(by_age.reshape(shape), by_cause, difference, reason.reshape(shape[:-1]))


def _by_age(one: LifeTable, two: LifeTable) -> Floats:
    """Arriaga's direct effect, and his indirect and interaction effects together, for (bands, groups)."""
    out = np.empty_like(one.alive)
    with np.errstate(divide="ignore", invalid="ignore"):
        out[:] = one.alive * (two.years / two.alive - one.years / one.alive)
        beyond = two.remaining[1:] * two.alive[1:]
        out[:-1] += beyond * (one.alive[:-1] / two.alive[:-1] - one.alive[1:] / two.alive[1:])
        return np.where(np.isfinite(out), out, np.nan)
