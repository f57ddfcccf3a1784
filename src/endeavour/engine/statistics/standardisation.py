"""Standardised rates: direct (Dobson with Byar) and indirect (Byar, or exact Poisson under ten events)."""

from __future__ import annotations

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
from endeavour.engine.statistics.rates import byar_limits, count_limits
from endeavour.errors import BadInput

FEWEST_EVENTS = 10
"""A directly standardised rate from fewer events than this is not shown."""

_CHUNK = 1 << 15


def dsr(
    events: ArrayLike,
    population: ArrayLike,
    standard: ArrayLike,
    *,
    event_frequency: ArrayLike | None = None,
    confidence: Confidence = DEFAULT_CONFIDENCE,
    multiplier: float = 100_000.0,
) -> Estimate:
    """The rate each group would have with the standard population's ages: the directly standardised rate.

    Shapes: the last axis is the age bands; `events`, `population` and `standard` broadcast and the result
    drops that axis. Groups with fewer bands can be padded with events 0, population 1, standard 0.
    Repeat events: when one person can have several, give `event_frequency` of shape (f,) and `events` of
    shape (..., f, bands) holding the number of *people* with each frequency; the variance then allows for it.
    Units: events per `multiplier`. `extra` holds `total_count` (events) and `total_population`.
    Edge rules: fewer than ten events in all is not shown (`fewer-than-10-events`); an unknown (NaN) cell
    makes its group NaN with `missing-input`. Limits may fall below 0 where age bands are tiny, as in the
    reference software.
    Errors: `BadInput` names the groups with a negative count, a population of zero or a standard of nothing.
    Source: Dobson and others (1991), Stat Med 10:457-462, with Byar's limits (Breslow and Day 1987); for
    repeat events, OHID's public health technical guidance on directly standardised rates.

    >>> result = dsr([5, 20, 60], [1000, 900, 500], [50, 30, 20], multiplier=1000)
    >>> float(result.value.round(4)), float(result.lower[0.95].round(4)), float(result.upper[0.95].round(4))
    (33.1667, 26.4579, 41.0511)
    """
    wanted = levels(confidence)
    scale = check_multiplier(multiplier)
    (x,) = floats(events)
    if x.ndim == 0:
        raise BadInput("there are no age bands", hint="The last axis holds the age bands.")
    if event_frequency is None:
        people, frequency = x[..., None, :], np.ones(1)
    else:
        people, frequency = x, _frequencies(event_frequency)
        if people.ndim < 2 or people.shape[-2] != frequency.size:
            raise BadInput("events need shape (..., frequencies, bands) when frequencies are given")
    (n,), (weights,) = floats(population), floats(standard)
    shape = _group_shape(people.shape[:-2] + people.shape[-1:], n.shape, weights.shape)
    total, exposed, value, variance = _weighted(people, n, weights, frequency, shape)
    reason = np.zeros(shape[:-1], dtype=np.uint8)
    reason[total < FEWEST_EVENTS] = Reason.FEW_EVENTS
    reason[np.isnan(value) | np.isnan(total)] = Reason.MISSING
    lower, upper = dobson_limits(value, variance, total, wanted)
    return finish(
        value * scale,
        {level: limit * scale for level, limit in lower.items()},
        {level: limit * scale for level, limit in upper.items()},
        reason,
        {"total_count": total, "total_population": exposed},
    )


def dobson_limits(
    value: Floats, variance: Floats, events: Floats, wanted: tuple[float, ...]
) -> tuple[dict[float, Floats], dict[float, Floats]]:
    """Dobson's limits round a weighted sum: Byar's interval for the count, rescaled to the sum's variance.

    Source: Dobson and others (1991), Stat Med 10:457-462.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        stretch = np.sqrt(variance / events)
    lower, upper = {}, {}
    for level in wanted:
        low, high = byar_limits(events, level)
        lower[level] = value + stretch * (low - events)
        upper[level] = value + stretch * (high - events)
    return lower, upper


def indirect_ratio(
    events: ArrayLike,
    population: ArrayLike,
    reference_events: ArrayLike,
    reference_population: ArrayLike,
    *,
    observed: ArrayLike | None = None,
    confidence: Confidence = DEFAULT_CONFIDENCE,
    multiplier: float = 1.0,
) -> Estimate:
    """Events seen over events expected at the reference population's rates: the standardised ratio.

    Shapes: the last axis is the age bands; all four broadcast and the result drops that axis. When events are
    known only in total, pass `observed` with the shape of the groups and any `events` (they are not read).
    Units: the ratio times `multiplier` (1, or 100 as older reports print it). Above `multiplier` means more
    events than expected. `extra` holds `observed` and `expected`.
    Edge rules: ten events or more take Byar's interval, fewer the exact Poisson one. No expected events gives
    NaN with `no-expected-events`; an unknown (NaN) cell gives NaN with `missing-input`.
    Errors: `BadInput` names groups with a negative count and bands whose reference population is not above
    zero.
    Source: Breslow and Day (1987), *Statistical Methods in Cancer Research II*, chapter 2.

    >>> result = indirect_ratio([5, 20, 60], [1000, 900, 500], [40, 160, 700], [10000, 9000, 5000])
    >>> float(result.value.round(4)), result.extra["expected"].tolist()
    (0.9444, 90.0)
    """
    wanted = levels(confidence)
    scale = check_multiplier(multiplier)
    seen, expected, _ = _expected(events, population, reference_events, reference_population, observed)
    return _indirect(
        seen, expected, np.full(seen.shape, scale), wanted, {"observed": seen, "expected": expected}
    )


def indirect_rate(
    events: ArrayLike,
    population: ArrayLike,
    reference_events: ArrayLike,
    reference_population: ArrayLike,
    *,
    observed: ArrayLike | None = None,
    confidence: Confidence = DEFAULT_CONFIDENCE,
    multiplier: float = 100_000.0,
) -> Estimate:
    """The indirectly standardised rate: the reference's crude rate times each group's standardised ratio.

    Shapes, edge rules, errors and source: as `indirect_ratio`. Units: events per `multiplier`. `extra` holds
    `observed`, `expected` and `ref_rate` (the reference's crude rate per `multiplier`).

    >>> reference_events, reference_people = [40, 160, 700], [10000, 9000, 5000]
    >>> result = indirect_rate(
    ...     [5, 20, 60], [1000, 900, 500], reference_events, reference_people, multiplier=1000
    ... )
    >>> float(result.value.round(4)), float(result.extra["ref_rate"].round(4))
    (35.4167, 37.5)
    """
    wanted = levels(confidence)
    scale = check_multiplier(multiplier)
    seen, expected, crude = _expected(events, population, reference_events, reference_population, observed)
    extra = {"observed": seen, "expected": expected, "ref_rate": crude * scale}
    return _indirect(seen, expected, crude * scale, wanted, extra)


def _indirect(
    seen: Floats, expected: Floats, per: Floats, wanted: tuple[float, ...], extra: dict[str, Floats]
) -> Estimate:
    reason: Codes = np.zeros(seen.shape, dtype=np.uint8)
    reason[expected == 0] = Reason.NO_EXPECTED_EVENTS
    reason[np.isnan(seen) | np.isnan(expected) | np.isnan(per)] = Reason.MISSING
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = per / expected
        value = seen * factor
        lower, upper = {}, {}
        for level in wanted:
            low, high = count_limits(seen, level)
            lower[level], upper[level] = low * factor, high * factor
    return finish(value, lower, upper, reason, extra)


def _expected(
    events: ArrayLike,
    population: ArrayLike,
    reference_events: ArrayLike,
    reference_population: ArrayLike,
    observed: ArrayLike | None,
) -> tuple[Floats, Floats, Floats]:
    (n,), (xr,), (nr,) = floats(population), floats(reference_events), floats(reference_population)
    refuse_counts(n, "a population")
    refuse_counts(xr, "a number of reference events")
    refuse(~(nr > 0) & ~np.isnan(nr), "a reference population is not above zero")
    shape = _group_shape(n.shape, xr.shape, nr.shape)
    expected = np.broadcast_to((n * (xr / nr)).sum(axis=-1), shape[:-1])
    both = np.broadcast_arrays(xr, nr)
    crude = np.broadcast_to(both[0].sum(axis=-1) / both[1].sum(axis=-1), shape[:-1])
    if observed is None:
        (x,) = floats(events)
        refuse_counts(x, "a number of events")
        seen = np.broadcast_to(x, _group_shape(shape, x.shape)).sum(axis=-1)
    else:
        (seen,) = floats(observed)
        refuse_counts(seen, "a number of events")
    seen, expected, crude = floats(seen, expected, crude)
    return seen, expected, crude


def _frequencies(event_frequency: ArrayLike) -> Floats:
    (frequency,) = floats(event_frequency)
    if frequency.ndim != 1 or not (frequency > 0).all():
        raise BadInput("event frequencies must be one row of numbers above zero")
    return frequency


def _group_shape(*shapes: tuple[int, ...]) -> tuple[int, ...]:
    try:
        shape = np.broadcast_shapes(*shapes)
    except ValueError:
        raise BadInput(f"arrays of shapes {', '.join(map(str, shapes))} do not fit together") from None
    if not shape:
        raise BadInput("there are no age bands", hint="The last axis holds the age bands.")
    return shape


def _weighted(
    people: Floats, population: Floats, standard: Floats, frequency: Floats, shape: tuple[int, ...]
) -> tuple[Floats, Floats, Floats, Floats]:
    """Each group's events, population, weighted rate and its variance, a slice of groups at a time.

    Slices keep the working arrays inside the processor's cache: a million groups of 19 bands would otherwise
    need several copies of 150 MB.
    """
    groups, bands = shape[:-1], shape[-1]
    many = int(np.prod(groups))
    x = np.broadcast_to(people, (*groups, frequency.size, bands)).reshape(many, frequency.size, bands)
    n = np.broadcast_to(population, shape).reshape(many, bands)
    shared = standard.ndim == 1
    w = standard if shared else np.broadcast_to(standard, shape).reshape(many, bands)
    out = np.empty((4, many))
    wrong_events, wrong_people = np.zeros(many, dtype=bool), np.zeros(many, dtype=bool)
    refuse((w < 0) | np.isinf(w), "a standard population is negative or infinite")
    for start in range(0, many, _CHUNK):
        part = slice(start, min(start + _CHUNK, many))
        xs, ns, ws = x[part], n[part], w if shared else w[part]
        wrong_events[part] = ((xs < 0) | np.isinf(xs)).any(axis=(1, 2))
        wrong_people[part] = ((ns <= 0) | np.isinf(ns)).any(axis=1)
        _slice(out[:, part], xs, ns, ws, frequency)
    refuse(wrong_events, "a number of events is negative or infinite")
    refuse(wrong_people, "a population is not above zero")
    refuse(out[3] < 0, "a standard population has nobody in it")
    return tuple(row.reshape(groups) for row in out)  # type: ignore[return-value]


def _slice(out: Floats, x: Floats, n: Floats, standard: Floats, frequency: Floats) -> None:
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = standard / n
        whole = standard.sum(axis=-1)
        out[0] = out[2] = out[3] = 0.0
        for index, times in enumerate(frequency):
            people = x[:, index]
            weighted = people * weight
            out[0] += times * people.sum(axis=-1)
            out[2] += times * weighted.sum(axis=-1)
            out[3] += times * times * np.einsum("ij,ij->i", weighted, weight)
        out[1] = n.sum(axis=-1)
        out[2] /= whole
        out[3] /= whole * whole
        out[3][np.broadcast_to(whole == 0, out[3].shape)] = -1.0
