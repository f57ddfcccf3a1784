"""Every figure as it would be with the European population's ages, over its own 19 bands of age.

The counts by band are exact and private. A standardised figure is let out by the gate as a mean is: only beside a
figure that is itself shown, never of few or where one person stands out, and only where it fits whatever the published
counts may stand for (`engine.disclosure.weighted`). Its interval rests on published figures and on how the whole
system's cases are spread over the ages, so it tells nothing more of the group.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from endeavour.engine.disclosure import Portion, interval, publish_mean, rules_nothing_out
from endeavour.engine.measures.compiler import compile_ages
from endeavour.engine.measures.groupings import AGE_BANDS, FIVE_YEARS
from endeavour.engine.measures.lake_figures import exact
from endeavour.engine.measures.rows import SYSTEM, Row, financial_year
from endeavour.engine.measures.who import meanings, people_of

if TYPE_CHECKING:
    from endeavour.engine.lake.backends import Backend
    from endeavour.engine.measures.definition import Measure

Floats = NDArray[np.float64]
Group = tuple[str, frozenset[tuple[str, str]]]
"""A financial year in words, and the groups that somebody counted belongs to."""
Ages = Mapping[Group, NDArray[np.int64]]
"""For each group its numerator and denominator by band: an array [2, 19]; private."""

COLUMNS = ("standardised", "standardised_low", "standardised_high")
HALF_STEP = 0.05
"""Half the last decimal shown: what a standardised figure leaves open."""
FEWEST_SHOWN = 15
"""Cases shown, so at least 13: a rule on the exact ten would tell 8 and 9 from 10."""


def counted_by_age(measure: Measure, systems: Sequence[Backend], years: Sequence[int]) -> Ages:
    """The exact counts by band of every group that the measure is broken down by; none unless it is standardised."""
    # The statistics bring SciPy, which the web process need not wait for to read what was measured.
    from endeavour.engine.statistics.standard_populations import ESP2013_AGES

    found: dict[Group, NDArray[np.int64]] = {}
    if measure.standardisation != "age":
        return found
    compiled = compile_ages(measure, years=years)
    for backend in systems:
        for year, counts in exact(compiled, backend).items():
            for groups, count in counts.items():
                band = ESP2013_AGES.index(int(dict(groups)[FIVE_YEARS]))
                group = financial_year(year), frozenset(groups) - {(FIVE_YEARS, str(ESP2013_AGES[band]))}
                terms = found.setdefault(group, np.zeros((2, len(ESP2013_AGES)), np.int64))
                terms[:, band] += count.numerator, count.denominator or 0
    return found


def at_the_same_ages(measure: Measure, rows: Sequence[Row], ages: Ages) -> None:
    """Give each shown figure of a year its value at the European ages, and the 95% interval of it, in per cent.

    By the direct method (`engine.statistics.standardisation`) over the bands of the European Standard Population 2013
    that the measure's own ages reach; of a band that it reaches in part, that part. A band in which a group has nobody
    is joined to the next younger one that has somebody. Where fewer than about ten cases are shown there is no figure,
    and a broad band of age is not standardised again.
    """
    from endeavour.engine.statistics.standardisation import dobson_limits

    of_year = [row for row in rows if row["period_kind"] == "year"]
    shown = [
        (row, group, ages[group])
        for row in of_year
        if row["value"] is not None and row["numerator"] >= FEWEST_SHOWN and "age_band" not in row["by"]
        if (group := (row["year"], _groups_of(row))) in ages
    ]
    if not shown:
        return
    events, people = np.stack([terms for _, _, terms in shown], axis=1).astype(np.float64)
    weights = joined(people, band_weights(*people_of(measure)[0].ages))
    each = np.where(weights > 0, 100 * weights / np.maximum(people, 1), 0) / weights.sum(
        axis=1, keepdims=True
    )
    usual = np.stack([_usual_rates(ages[group[0], frozenset()]) for _, group, _ in shown])
    spread = _spread_of(each, people * usual)
    published = {(row["year"], _groups_of(row)): row for row in of_year}
    for at, (row, group, _) in enumerate(shown):
        value = _told(measure, row, group, published, each[at], events[at], people[at])
        if value is not None:
            cases = np.array([float(row["numerator"])])
            variance = spread[at : at + 1] * value**2 / cases
            low, high = dobson_limits(np.array([value]), variance, cases, (0.95,))
            for column, end in zip(COLUMNS, (value, float(low[0.95][0]), float(high[0.95][0])), strict=True):
                row[column] = round(end, 1)


def _told(
    measure: Measure,
    row: Row,
    group: Group,
    published: Mapping[Group, Row],
    each: Floats,
    events: Floats,
    people: Floats,
) -> float | None:
    """A group's value in per cent to one decimal; None where the gate keeps it."""
    count = int(people.sum())
    largest, second = two_largest(each, events)
    told = publish_mean(float(each @ events) * count, count, largest=largest, second=second).mean
    if told is None:
        return None
    value = round(told, 1)
    # Somebody may be counted once, but may have any number of stays.
    room = people if measure.counts == "people" else np.where(people > 0, np.inf, 0.0)
    portions = _portions(row, group, published, each, room)
    return value if portions and rules_nothing_out(value, HALF_STEP, portions) else None


def _portions(
    row: Row, group: Group, published: Mapping[Group, Row], each: Floats, room: Floats
) -> list[Portion] | None:
    """A group's cases as the broad bands of age show them, or as one; None where the people of a band are hidden."""
    year, groups = group
    bands = {band: published.get((year, groups | {("age_band", band)})) for band in AGE_BANDS}
    told = {band: found for band, found in bands.items() if found is not None}
    whole = interval(row["numerator"])
    if not told:
        return [Portion(*whole, each.tolist(), room.tolist())]
    if any(found["denominator"] is None for found in told.values()):
        return None
    known = {b: interval(f["numerator"]) for b, f in told.items() if f["numerator"] is not None}
    left = whole[1] - sum(least for least, _ in known.values())
    portions = []
    for band, at in _bands_within(tuple(told)).items():
        least, most = known.get(band, (1, max(1, left)))
        portions.append(Portion(least, most, each[at].tolist(), room[at].tolist()))
    return portions


@cache
def _bands_within(broad: tuple[str, ...]) -> dict[str, NDArray[np.int64]]:
    """Which of the 19 bands lie in each broad one, by most of their years; a broad band not there is no home."""
    from endeavour.engine.statistics.standard_populations import ESP2013_AGES

    spans = {band: meanings()["age_band", f"age_band:{band}"].ages for band in broad}
    home = [
        max(spans, key=lambda band: min(start + 5, spans[band][1]) - max(start, spans[band][0]))
        for start in ESP2013_AGES
    ]
    return {band: np.array([at for at, name in enumerate(home) if name == band], np.int64) for band in broad}


def _usual_rates(terms: NDArray[np.int64]) -> Floats:
    """The share of each band's people who are cases, in the whole system."""
    return np.asarray(terms[0] / np.maximum(terms[1], 1), np.float64)


def _spread_of(each: Floats, expected: Floats) -> Floats:
    """How much wider than a plain count's the interval of each group is, when cases fall as the system's do; squared.

    One where every case weighs alike (the design effect of weighting, Kish 1965).
    """
    weighed = (each * expected).sum(axis=1)
    safe = np.where(weighed > 0, weighed, 1.0)
    found = (each**2 * expected).sum(axis=1) * expected.sum(axis=1) / safe**2
    return np.where(weighed > 0, found, 1.0)


def band_weights(youngest: int, beyond: int) -> Floats:
    """The European weights of the 19 bands for ages from `youngest` to just under `beyond`.

    >>> band_weights(18, 200)[2:6].tolist(), band_weights(0, 200).sum()
    ([0.0, 2200.0, 6000.0, 6000.0], np.float64(100000.0))
    """
    from endeavour.engine.statistics.standard_populations import ESP2013, ESP2013_AGES

    starts = np.array(ESP2013_AGES, np.float64)
    ends = np.append(starts[1:], np.inf)
    whole = np.where(np.isfinite(ends), ends - starts, 1.0)
    inside = np.clip(np.minimum(ends, beyond) - np.maximum(starts, youngest), 0.0, whole)
    return np.asarray(np.array(ESP2013, np.float64) * inside / whole)


def joined(people: Floats, weights: Floats) -> Floats:
    """Each group's weights [groups, bands], those of a band with nobody in it moved to the next younger with somebody.

    Where none is younger, to the next older.

    >>> joined(np.array([[0, 9, 0, 4]]), np.array([1.0, 2, 3, 4])).tolist()
    [[0.0, 6.0, 0.0, 4.0]]
    """
    groups, bands = people.shape
    at = np.where(people > 0, np.arange(bands), -1)
    home = np.maximum.accumulate(at, axis=1)
    first = np.argmax(people > 0, axis=1)
    home = np.where(home < 0, first[:, None], home)
    moved = np.zeros((groups, bands))
    np.add.at(moved, (np.arange(groups)[:, None], home), np.broadcast_to(weights, (groups, bands)))
    return moved


def two_largest(each: Floats, events: Floats) -> tuple[float, float]:
    """What the two cases that weigh most add to a rate, given what one case of each band adds.

    >>> two_largest(np.array([0.5, 2.0, 1.0]), np.array([9.0, 1.0, 3.0]))
    (2.0, 1.0)
    """
    cases: list[float] = []
    for band in np.argsort(-each):
        cases += [float(each[band])] * min(2, int(events[band]))
        if len(cases) >= 2:
            break
    first, second, *_ = [*cases, 0.0, 0.0]
    return first, second


def _groups_of(row: Row) -> frozenset[tuple[str, str]]:
    people: list[Any] = (
        list(zip(row["by"].split(" by "), row["subgroup"].split(", "), strict=True)) if row["by"] else []
    )
    area = [] if row["area_kind"] == SYSTEM else [(row["area_kind"], row["area"])]
    return frozenset([*people, *area])
