"""A dashboard at a glance: each measure in the most and the least deprived fifth, the widest gap first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from endeavour.charts.words import number_words
from endeavour.engine.measures.definition import Measure
from endeavour.population.presenters_measures import (
    Standing,
    aim_value,
    decimals,
    is_ceiling,
    points_words,
    short_of,
    times_apart,
    value_words,
)
from endeavour.population.queries.figures import Figure

MOST, LEAST = "1", "5"
Ends = Mapping[tuple[str, str], Figure]
"""The newest figure of a measure in a fifth of deprivation, by (measure, fifth)."""


@dataclass(frozen=True)
class Row:
    """One measure in words: everybody, both ends of deprivation, the gap between them and the way to its target."""

    measure: Measure
    value: str
    most: str
    least: str
    gap: str
    times: str
    aim: str


def glance(standings: Sequence[Standing], ends: Ends) -> list[Row]:
    """The measures of a dashboard, the widest clear gap first, as the ratio of the ends; those with none come last."""
    return [_row(one, ends) for one in sorted(standings, key=lambda one: -times_apart(one.figure))]


def widest(rows: Sequence[Row]) -> str:
    """The first row's gap as a sentence; empty where no gap is clear."""
    first = rows[0] if rows else None
    if first is None or not first.times:
        return ""
    title = first.measure.title[:1].lower() + first.measure.title[1:]
    gap = first.gap.replace(" points ", " percentage points ")
    return f"The widest gap is in {title}: {gap} for the most deprived than for the least ({first.times})."


def _row(one: Standing, ends: Ends) -> Row:
    measure, figure = one.measure, one.figure
    most, least = (ends.get((measure.id, fifth)) for fifth in (MOST, LEAST))
    times = times_apart(figure)
    if figure.sii is None:
        gap = "not known"
    elif not times:
        gap = "no clear gap"
    else:
        gap = points_words(figure.sii)
    return Row(
        measure, value_words(measure, figure.value, "hidden"), _end(measure, most), _end(measure, least),
        gap, f"{number_words(times, 2)} times" if times else "", _aim(measure, figure),
    )  # fmt: skip


def _end(measure: Measure, figure: Figure | None) -> str:
    return "not known" if figure is None else value_words(measure, figure.value, "hidden")


def _aim(measure: Measure, figure: Figure) -> str:
    target = measure.target
    if target is None or figure.value is None:
        return "none set" if target is None else "not known"
    short, aim = short_of(measure, target, figure.value), aim_value(measure, target)
    if short <= 0:
        return f"meets {aim}"
    return f"{number_words(short, decimals(short))} points {'above' if is_ceiling(measure) else 'short of'} {aim}"
