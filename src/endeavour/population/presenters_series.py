"""Words and pictures for published measures over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from endeavour.pack.definitions import Indicator
from endeavour.population.queries.series import Point, Series
from endeavour.website.charts.chart import Chart
from endeavour.website.charts.shares import amounts
from endeavour.website.charts.timeline import Limits, Moment, ticks, timeline
from endeavour.website.words import day_words, number_words

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
    """The series with natural limits where its periods are weeks or months and there are enough of them."""
    limits, marked, finding = _control(indicator, one)
    latest = one.latest
    place = f"{one.area_name}, {one.subgroup.replace('_', ' ')}" if one.subgroup else one.area_name
    places = _places(one)
    summary = "Nothing has been reported."
    if latest is not None and latest.value is not None:
        summary = f"The latest is {number_words(latest.value, places)} ({period_words(latest)}). {finding}".strip()
    return timeline(
        [
            Moment(p.start, period_words(p), p.value, number in marked)
            for number, p in enumerate(one.points)
        ],
        title=_title(indicator, one, places, finding),
        subtitle=f"{indicator.name}, {indicator.unit}, {place}, {_span(one)}",
        summary=summary,
        source=f"{indicator.publisher}: {indicator.source}.",
        unit=indicator.unit,
        limits=limits,
        places=places,
        notes=tuple(
            note
            for note in (
                "" if starts_at_zero(one, limits) else "The axis does not start at zero, so that change can be seen.",
                "Diamonds are points that chance alone would rarely give." if limits else "",
                indicator.traps or "",
            )
            if note
        ),
    )


def starts_at_zero(one: Series, limits: Limits | None) -> bool:
    """Whether the chart's axis begins at zero: where the smallest figure is near enough to it."""
    known = [p.value for p in one.points if p.value is not None] + ([limits.lower, limits.upper] if limits else [])
    return bool(known) and ticks(min(known), max(known))[0] <= 0


def _title(indicator: Indicator, one: Series, places: int, finding: str) -> str:
    """What the series says: the latest against its usual range, or from when to when it went where."""
    known = [p for p in one.points if p.value is not None]
    if len(known) < 2:
        return f"{indicator.name}: one figure only"
    first, last = known[0], known[-1]
    then, now = number_words(first.value, places), number_words(last.value, places)
    if finding:
        usual = "within its usual range" if finding.startswith("It is within") else "outside what chance would give"
        return f"{indicator.name}: {now} in the {period_words(last)}, {usual}".replace("in the", "in", 0 if "week" in period_words(last) else 1)
    if then == now:
        return f"{indicator.name} is where it was in {first.start.year}"
    went = "rose" if (last.value or 0) > (first.value or 0) else "fell"
    return f"{indicator.name} {went} from {then} in {first.start.year} to {now} in {last.start.year}"


def _control(indicator: Indicator, one: Series) -> tuple[Limits | None, frozenset[int], str]:
    """Mean and limits, the points that break a rule, and what the latest point says."""
    values = [p.value for p in one.points]
    if indicator.every not in ("week", "month") or sum(v is not None for v in values) < SHORTEST_FOR_LIMITS:
        return None, frozenset(), ""
    import numpy as np

    from endeavour.engine.statistics.spc import Rule, control_chart

    direction = {"higher_is_better": 1, "lower_is_better": -1}.get(indicator.polarity, 0)
    found = control_chart(np.array([np.nan if v is None else v for v in values], float), direction=direction)
    rules = np.ravel(found.rule)
    marked = frozenset(int(n) for n in np.flatnonzero(rules != 0))
    last = max(n for n, v in enumerate(values) if v is not None)
    mean, lower, upper = (float(np.ravel(part)[last]) for part in (found.mean, found.lower, found.upper))
    words = Rule(int(rules[last])).words
    finding = f"It is {words}." if words else "It is within what chance would give."
    floor = 0.0 if min(v for v in values if v is not None) >= 0 else lower
    return Limits(mean, max(lower, floor), upper), marked, finding


def comparison(indicator: Indicator, found: Sequence[Series]) -> Chart | None:
    """The latest figure of every area, highest first; None where there is one area or the periods differ."""
    latest = [(one, one.latest) for one in found if not one.subgroup and one.latest is not None]
    if len(latest) < 3:
        return None
    newest = max(point.end for _, point in latest if point)
    bars = [(one.area_name, point.value) for one, point in latest if point and point.end == newest and point.value is not None]
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
        headers=("Area", indicator.unit[:1].upper() + indicator.unit[1:]),
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
    return f"week from {day_words(point.start)}" if days == 7 else f"{day_words(point.start)} to {day_words(point.end)}"


def _span(one: Series) -> str:
    return f"{one.points[0].start.year} to {one.points[-1].end.year}"


def _places(one: Series) -> int:
    known = [abs(p.value) for p in one.points if p.value is not None]
    largest = max(known, default=0)
    if all(v == int(v) for v in known):
        return 0
    return 0 if largest >= 1000 else 1 if largest >= 10 else 2
