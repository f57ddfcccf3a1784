"""The three numbers at the head of a measure: where it stands, for whom it is worse, how far it has to go."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.text import capfirst

from endeavour.charts.words import day_words, number_words
from endeavour.engine.measures.definition import Measure
from endeavour.population.presenters_measures import (
    aim_value,
    decimals,
    here,
    interval_words,
    is_ceiling,
    no_slope_words,
    nobody_note,
    ratio_words,
    short_of,
    value_words,
    way,
)
from endeavour.population.queries.figures import Figure


@dataclass(frozen=True)
class Tile:
    """One number with what it is of, and what to know beside it; `is_words` where there is no number to show."""

    value: str
    label: str
    note: str = ""
    is_words: bool = False


def headline(measure: Measure, figure: Figure, beside: str = "") -> tuple[Tile, Tile, Tile]:
    """Where a measure stands, its gap by deprivation and its distance from the target, in that order."""
    return _value(measure, figure, beside), _gap(measure, figure), _aim(measure, figure)


def _value(measure: Measure, figure: Figure, beside: str) -> Tile:
    counted = "" if figure.numerator is None else f": {figure.numerator:,} of {figure.denominator:,}"
    sure = f"{interval_words(measure, figure)}{counted}"
    note = "; ".join(part for part in (sure, beside) if part)
    value = value_words(measure, figure.value, figure.reason)
    label = f"{figure.area_name}, {figure.period}"
    return Tile(capfirst(value), label, f"{capfirst(note)}." if note else "", figure.value is None)


def _gap(measure: Measure, figure: Figure) -> Tile:
    if figure.sii is None or figure.sii_low is None or figure.sii_high is None:
        return Tile(
            "Gap not known",
            "between the most and the least deprived",
            no_slope_words(measure, figure),
            is_words=True,
        )
    ends = sorted(abs(end) for end in (figure.sii_low, figure.sii_high))
    if figure.sii_low <= 0 <= figure.sii_high:
        note = f"Any difference between them may be chance. {nobody_note(figure)}".strip()
        return Tile(
            "No clear gap", f"between the most and the least deprived{here(figure)}", note, is_words=True
        )
    places = decimals(figure.sii)
    between = f"Between {number_words(ends[0], places)} and {number_words(ends[1], places)}."
    return Tile(
        f"{number_words(abs(figure.sii), places)} percentage points",
        f"{way(figure.sii)} for the most deprived{here(figure)} than for the least",
        " ".join(filter(None, (between, ratio_words(figure), nobody_note(figure)))),
    )


def _aim(measure: Measure, figure: Figure) -> Tile:
    target = measure.target
    if target is None:
        return Tile("No target yet", "has been set here", measure.no_target, is_words=True)
    by = f" by {day_words(target.by)}" if target.by else ""
    aim = f"the target of {aim_value(measure, target)}{by}"
    who = f"{capfirst(target.set_by)}."
    if figure.value is None:
        return Tile("Not known", f"how far it is from {aim}", who, is_words=True)
    short = short_of(measure, target, figure.value)
    if short <= 0:
        return Tile("Met", aim, who, is_words=True)
    points = "percentage points" if measure.unit == "per cent" else measure.unit
    return Tile(
        f"{number_words(short, decimals(short))} {points}",
        f"{'above' if is_ceiling(measure) else 'short of'} {aim}",
        f"{figure.gap_words or ''} {who}".strip(),
    )


def lag_words(measure: Measure) -> str:
    """How long after a period its figures come, in the widest unit that fits.

    >>> from types import SimpleNamespace
    >>> lag_words(SimpleNamespace(expected_lag_days=400))
    'Figures come about 13 months after the period ends.'
    """
    days = measure.expected_lag_days
    if not days:
        return "Figures come as soon as the period ends."
    length, name = next(
        (length, name)
        for least, length, name in ((700, 365, "year"), (45, 30, "month"), (0, 1, "day"))
        if days >= least
    )
    count = max(1, round(days / length))
    return f"Figures come about {count} {name}{'s' if count > 1 else ''} after the period ends."
