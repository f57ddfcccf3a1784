"""Words and pictures for published measures over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.text import capfirst

from endeavour.charts.chart import Chart
from endeavour.charts.shares import amounts
from endeavour.charts.words import day_words, number_words
from endeavour.pack.definitions import Indicator
from endeavour.population.queries.series import Point, Series

FAMILIES = (
    ("Urgent and hospital care", ("ae_", "beds_", "discharge", "no_criteria", "delayed", "rtt_")),
    ("Long-term conditions on practice registers", ("qof_", "smoking")),
    ("Health, lives and places (Health Index)", ("health_index_",)),
    ("Other measures", ("",)),
)
POLARITY = {
    "higher_is_better": "Higher is better",
    "lower_is_better": "Lower is better",
    "neither": "Neither higher nor lower is better by itself",
}
SHORTEST_FOR_LIMITS = 15


@dataclass(frozen=True)
class Listed:
    """One measure in the list, with how far its figures reach."""

    id: str
    name: str
    unit: str
    first: date
    last: date


def grouped(
    indicators: Sequence[Indicator], coverage: dict[str, tuple[int, date, date]]
) -> list[tuple[str, list[Listed]]]:
    """The measures by family, each family by name."""
    groups: dict[str, list[Listed]] = {title: [] for title, _ in FAMILIES}
    for one in indicators:
        title = next(title for title, starts in FAMILIES if one.id.startswith(starts))
        _, first, last = coverage[one.id]
        groups[title].append(Listed(one.id, one.name, one.unit, first, last))
    return [(title, sorted(found, key=lambda m: m.name)) for title, found in groups.items() if found]


def choice_value(one: Series) -> str:
    """How the page's address names one series."""
    return f"{one.area_code}~{one.subgroup}" if one.subgroup else one.area_code


def choices(found: Sequence[Series], chosen: Series) -> list[dict[str, object]]:
    """The areas and subgroups to choose from, for a select."""
    return [
        {
            "value": choice_value(one),
            "text": f"{one.area_name}: {one.subgroup.replace('_', ' ')}" if one.subgroup else one.area_name,
            "selected": one is chosen,
        }
        for one in found
    ]


def time_chart(indicator: Indicator, one: Series) -> Chart:
    """A control chart where periods are weeks or months and there are enough of them, else a line over the years."""
    # The charts import NumPy; a process that shows no series need not.
    from endeavour.charts.line import Line, line_chart
    from endeavour.charts.spc import spc_chart

    place = f"{one.area_name}, {one.subgroup.replace('_', ' ')}" if one.subgroup else one.area_name
    values = [float("nan") if p.value is None else float(p.value) for p in one.points]
    labels = [period_words(p) for p in one.points]
    direction = {"higher_is_better": 1, "lower_is_better": -1}.get(indicator.polarity, 0)
    subtitle = f"{indicator.name}, {indicator.unit}, {place}, {_span(one)}"
    source = f"{indicator.publisher}: {indicator.source}."
    notes = (indicator.traps,) if indicator.traps else ()
    known = sum(p.value is not None for p in one.points)
    if indicator.every in ("week", "month") and known >= SHORTEST_FOR_LIMITS:
        return spc_chart(
            values,
            labels,
            measure=indicator.name,
            subtitle=subtitle,
            source=source,
            direction=direction,
            places=_places(one),
            notes=notes,
        )
    return line_chart(
        Line(place, values, _interval(one, "lower"), _interval(one, "upper")),
        labels,
        title=_title(indicator, one),
        subtitle=subtitle,
        source=source,
        better=direction,
        places=_places(one),
        notes=notes,
    )


def _interval(one: Series, side: str) -> list[float] | None:
    found = [getattr(p, side) for p in one.points]
    if all(value is None for value in found):
        return None
    return [float("nan") if value is None else float(value) for value in found]


def _title(indicator: Indicator, one: Series) -> str:
    """From when to when the series went where."""
    known = [p for p in one.points if p.value is not None]
    if len(known) < 2:
        return f"{indicator.name}: one figure only"
    first, last, places = known[0], known[-1], _places(one)
    then, now = number_words(first.value, places), number_words(last.value, places)
    if then == now:
        return f"{indicator.name} is where it was in {first.start.year}"
    went = "rose" if (last.value or 0) > (first.value or 0) else "fell"
    return f"{indicator.name} {went} from {then} in {first.start.year} to {now} in {last.start.year}"


def comparison(indicator: Indicator, found: Sequence[Series]) -> Chart | None:
    """The latest figure of every area, highest first; None where there is one area or the periods differ."""
    latest = [(one, one.latest) for one in found if not one.subgroup and one.latest is not None]
    if len(latest) < 3:
        return None
    newest = max(point.end for _, point in latest if point)
    bars = [
        (one.area_name, point.value)
        for one, point in latest
        if point and point.end == newest and point.value is not None
    ]
    if not 3 <= len(bars) <= 20:
        return None
    bars.sort(key=lambda bar: -bar[1])
    places = _places(found[0])
    return amounts(
        bars,
        title=f"{bars[0][0]} is highest and {bars[-1][0]} lowest",
        subtitle=f"{indicator.name}, {indicator.unit}, {newest.year}",
        summary=f"From {number_words(bars[-1][1], places)} to {number_words(bars[0][1], places)}. {POLARITY[indicator.polarity]}.",
        source=f"{indicator.publisher}: {indicator.source}.",
        headers=("Area", capfirst(indicator.unit)),
        unit="",
        places=places,
    )


def period_words(point: Point) -> str:
    """A period in words: a day, a week from its first day, a month, or a year.

    >>> period_words(Point(date(2025, 7, 1), date(2025, 7, 31), 1.0, None, None, None, None, "reported"))
    'July 2025'
    """
    days = (point.end - point.start).days + 1
    if days >= 350:
        return str(point.start.year) if point.start.month == 1 else f"{point.start.year} to {point.end.year}"
    if 28 <= days <= 31:
        return f"{point.start:%B %Y}"
    return (
        f"week from {day_words(point.start)}"
        if days == 7
        else f"{day_words(point.start)} to {day_words(point.end)}"
    )


def _span(one: Series) -> str:
    return f"{one.points[0].start.year} to {one.points[-1].end.year}"


def _places(one: Series) -> int:
    known = [abs(p.value) for p in one.points if p.value is not None]
    largest = max(known, default=0)
    if all(v == int(v) for v in known):
        return 0
    return 0 if largest >= 1000 else 1 if largest >= 10 else 2
