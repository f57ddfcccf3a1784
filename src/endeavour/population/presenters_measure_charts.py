"""The pictures of one measure: groups, deprivation, years, months, neighbourhoods on the map and beside one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.utils.text import capfirst

from endeavour.charts.bars import Bar, Reference, bars_chart
from endeavour.charts.chart import Chart
from endeavour.charts.hexmap import Band, Hex, hexmap
from endeavour.engine.measures.definition import Measure
from endeavour.population import explorer
from endeavour.population.presenters_measures import (
    decimals,
    grouping_words,
    nobody_note,
    unit_of,
    value_words,
    why_words,
)
from endeavour.population.queries import neighbourhoods
from endeavour.population.queries.figures import Figure

WAYS = {"higher is better": 1, "lower is better": -1, "neither": 0}
MOST_BARS = 12
# Beside a year's share a month's looks like a fault, unless it is said of what.
_BY_MONTH = {True: "those seen in each month, of everybody counted in the year", False: "by month"}
FEWEST_MONTHS = 12


def groups_chart(measure: Measure, of: Figure, groups: Sequence[Figure]) -> Chart | None:
    """A bar a group beside everybody of the area; None where there is nothing to draw."""
    if not groups or len(groups) > MOST_BARS or all(g.value is None for g in groups):
        return None
    by = groups[0].by
    chart = bars_chart(
        [Bar(capfirst(g.subgroup_words), g.value, g.low, g.high, why=why_words(g.reason)) for g in groups],
        title=_groups_title(measure, groups),
        subtitle=_subtitle(measure, of, f"by {grouping_words(by).lower()}"),
        source=_source(measure),
        reference=Reference(of.area_name, of.value) if of.value is not None else None,
        places=_places(groups),
        suffix=_suffix(measure),
    )
    return _with_terms(chart, groups)


def _groups_title(measure: Measure, groups: Sequence[Figure]) -> str:
    known = sorted((g for g in groups if g.value is not None), key=lambda g: g.value or 0.0)
    if len(known) < 2:
        return f"{measure.title}: too few groups can be shown to compare them"
    low, high = known[0], known[-1]
    if low.value == high.value:
        return f"The same in every group that can be shown: {value_words(measure, low.value, '')}"
    return (
        f"From {value_words(measure, low.value, '')} ({low.subgroup_words}) to "
        f"{value_words(measure, high.value, '')} ({high.subgroup_words})"
    )


def _with_terms(chart: Chart, groups: Sequence[Figure]) -> Chart:
    """The same picture; its table also has both terms, and says why a figure is hidden."""
    rows = tuple(
        (capfirst(g.subgroup_words or g.area_name), g.numerator, g.denominator, g.value, g.low, g.high, g.reason)
        for g in groups
    )  # fmt: skip
    headers = ("Group", "Counted", "Out of", "Value", "Lower limit", "Upper limit", "Shown or hidden")
    return replace(chart, headers=headers, rows=rows, numeric_columns=frozenset({1, 2, 3, 4, 5}))


def deprivation_chart(measure: Measure, of: Figure, parts: Sequence[Figure]) -> Chart | None:
    """The tenths or fifths that an area's published slope rests on, with the line through them; None where it has none."""
    shown = [p for p in parts if p.value is not None]
    if of.sii is None or not shown:
        return None
    from endeavour.charts.inequality import Quantile, inequality_chart

    return inequality_chart(
        [
            Quantile(capfirst(p.subgroup_words), p.denominator or 0, p.value or 0.0, p.low or 0.0, p.high or 0.0)
            for p in shown
        ],
        measure=measure.title,
        subtitle=_subtitle(measure, of, "by deprivation of the neighbourhood"),
        source=_source(measure),
        higher_is_better={1: True, -1: False, 0: None}[WAYS[measure.polarity]],
        unit="percentage points" if measure.unit == "per cent" else measure.unit,
        places=_places(shown),
        suffix=_suffix(measure),
        notes=tuple(filter(None, [nobody_note(of)])),
    )  # fmt: skip


def years_chart(measure: Measure, years: Sequence[Figure]) -> Chart | None:
    """The area's years with their intervals; None where there is one year only."""
    if sum(y.value is not None for y in years) < 2:
        return None
    from endeavour.charts.line import Line, line_chart

    first, last = ([y for y in years if y.value is not None][n] for n in (0, -1))
    then, now = (value_words(measure, y.value, "") for y in (first, last))
    line = f"from {then} in {first.period} to {now} in {last.period}"
    if then == now:
        title = f"It is where it was in {first.period}: {now}"
    elif _overlap(first, last):
        title = f"No clear change: {line}"
    else:
        title = f"It {'rose' if (last.value or 0) > (first.value or 0) else 'fell'} {line}"
    return line_chart(
        Line(last.area_name, *([float("nan") if v is None else v for v in values] for values in zip(*((y.value, y.low, y.high) for y in years), strict=True))),
        [y.period for y in years],
        title=title,
        subtitle=_subtitle(measure, last, "by year", period=f"{years[0].period} to {last.period}"),
        source=_source(measure),
        better=WAYS[measure.polarity],
        places=_places(years),
        suffix=_suffix(measure),
    )  # fmt: skip


def _overlap(one: Figure, other: Figure) -> bool:
    """Whether two intervals share a value, so that the two may be the same; those without one are told apart as they are."""
    if None in (one.low, one.high, other.low, other.high):
        return False
    return (one.low or 0) <= (other.high or 0) and (other.low or 0) <= (one.high or 0)


def months_chart(measure: Measure, months: Sequence[Figure]) -> Chart | None:
    """The control chart of the area's months; None where there are too few, or nobody was counted in any."""
    if sum(m.value is not None for m in months) < FEWEST_MONTHS or not any(m.value for m in months):
        return None
    from endeavour.charts.spc import spc_chart

    return spc_chart(
        [float("nan") if m.value is None else m.value for m in months],
        [_month(m.period) for m in months],
        measure=measure.title,
        subtitle=_subtitle(measure, months[-1], _BY_MONTH[measure.counts == "people"], period=f"{_month(months[0].period)} to {_month(months[-1].period)}"),
        source=_source(measure),
        direction=WAYS[measure.polarity],
        target=measure.target.value if measure.target and measure.counts == "events" else None,
        places=2 if max(m.value or 0 for m in months) < 10 else 1,
        suffix=_suffix(measure),
    )  # fmt: skip


def neighbourhood_map(
    measure: Measure, areas: Sequence[Figure]
) -> tuple[Chart, tuple[Band, ...], list[Hex]] | None:
    """One hexagon a primary care network; None where they have no place on the map, no figure or all the same."""
    by_code = {a.area: a for a in areas}
    spots = [c for c in neighbourhoods.cells() if c.code in by_code]
    known = [by_code[c.code].value for c in spots if by_code[c.code].value is not None]
    if len(known) < 5 or len(set(known)) == 1:
        return None
    cells = [
        Hex(c.code, c.name, c.place, c.q, c.r, by_code[c.code].value,
            value_words(measure, by_code[c.code].value, by_code[c.code].reason))
        for c in spots
    ]  # fmt: skip
    unit = unit_of(measure)
    bands = explorer.fifths([v for v in known if v is not None]) if unit == "%" else ()
    if not bands:
        return None
    low, high = (
        pick((c for c in cells if c.value is not None), key=lambda c: c.value or 0.0) for pick in (min, max)
    )
    chart = hexmap(
        cells,
        bands,
        title=f"From {low.words} in {low.name} to {high.words} in {high.name}",
        subtitle=_subtitle(measure, areas[0], "by neighbourhood (primary care network of the patient’s practice)", area=""),
        summary="Each hexagon is one primary care network, as near as can be to its practices. Each shade holds about a fifth of them.",
        source=_source(measure),
        value_header="Value",
        href=f"/measure/{measure.id}?area={{code}}",
        notes=("Small differences may be chance: see which differ by more than that below.",),
    )  # fmt: skip
    rows = tuple(
        (a.area_name, by_place.get(a.area, ""), a.area, a.value)
        for by_place in [{c.code: c.place for c in spots}]
        for a in areas
    )
    return replace(chart, headers=("Neighbourhood", "Place", "Code", "Value"), rows=rows), bands, cells


def places_chart(measure: Measure, of: Figure | None, areas: Sequence[Figure]) -> Chart | None:
    """Places or districts as bars beside the whole system."""
    if len(areas) < 2 or all(a.value is None for a in areas):
        return None
    known = sorted(areas, key=lambda a: -(a.value if a.value is not None else -1))
    chart = bars_chart(
        [Bar(a.area_name, a.value, a.low, a.high, why=why_words(a.reason)) for a in known],
        title=_places_title(measure, of, known),
        subtitle=_subtitle(measure, known[0], f"by {known[0].area_kind}", area=""),
        source=_source(measure),
        reference=Reference(of.area_name, of.value) if of and of.value is not None else None,
        places=_places(known),
        suffix=_suffix(measure),
    )
    return _with_terms(chart, known)


def _places_title(measure: Measure, of: Figure | None, areas: Sequence[Figure]) -> str:
    """The finding: whoever is highest by more than chance, else those clear of the whole system, else that nobody is."""
    known = [a for a in areas if a.value is not None]
    high, low = known[0], known[-1]
    if high.value == low.value:
        return f"The same wherever it can be shown: {value_words(measure, high.value, '')}"
    if not _overlap(high, low):
        return f"{high.area_name} is highest ({value_words(measure, high.value, '')})"
    apart = [(a, side) for a in known for side in [_beside(a, of)] if side]
    if of is None or not apart:
        most, least = (value_words(measure, one.value, "") for one in (high, low))
        return f"No clear difference: from {least} in {low.area_name} to {most} in {high.area_name}"
    if len(apart) == 1:
        [(one, side)] = apart
        return f"{one.area_name} is {side} than {of.area_name} ({value_words(measure, one.value, '')})"
    return f"{len(apart)} of {len(known)} differ from {of.area_name} by more than chance"


def _beside(one: Figure, of: Figure | None) -> str:
    """On which side of the whole system a figure is by more than chance; empty where it is on neither."""
    if of is None or of.value is None or one.low is None or one.high is None:
        return ""
    return "higher" if one.low > of.value else "lower" if one.high < of.value else ""


def funnel(measure: Measure, areas: Sequence[Figure]) -> Chart | None:
    """Neighbourhoods beside their average, with what chance allows; None where there are too few, or all have none."""
    known = [a for a in areas if a.numerator is not None and a.denominator]
    if len(known) < 5 or not any(a.numerator for a in known) or measure.unit != "per cent":
        return None
    from endeavour.charts.funnel import Limits, Place, funnel_chart
    from endeavour.engine.statistics.funnel import funnel_limits, funnel_points

    numerators = [min(a.numerator or 0, a.denominator or 0) for a in known]
    denominators = [a.denominator or 0 for a in known]
    lines, at = funnel_limits(numerators, denominators), funnel_points(numerators, denominators)
    side = {"High (0.001)": 1, "Low (0.001)": -1}
    return funnel_chart(
        [
            Place(a.area_name, n, float(v), side.get(str(s), 0))
            for a, n, v, s in zip(known, denominators, at.value, at.extra["significance"], strict=True)
        ],
        Limits(lines.axis.tolist(), lines.baseline, {level: (lines.lower[level].tolist(), lines.upper[level].tolist()) for level in lines.lower}),
        measure=measure.title,
        subtitle=_subtitle(measure, known[0], "neighbourhoods beside their average", area=""),
        source=_source(measure),
        better=WAYS[measure.polarity],
        suffix="%",
    )  # fmt: skip


def _places(figures: Sequence[Figure]) -> int:
    """How many decimals the numbers of one picture have: those its biggest needs."""
    return decimals(max((f.value for f in figures if f.value is not None), default=None))


def _subtitle(measure: Measure, of: Figure, by: str, *, period: str = "", area: str | None = None) -> str:
    parts = (
        measure.title,
        measure.unit,
        of.area_name if area is None else area,
        period or of.period,
        by,
        "synthetic residents" if measure.reads == "lake" else "",
    )
    return ", ".join(p for p in parts if p)  # fmt: skip


def _suffix(measure: Measure) -> str:
    """What follows a number on a chart: a long unit stands in the subtitle instead."""
    return "%" if measure.unit == "per cent" else ""


def _source(measure: Measure) -> str:
    return f"{measure.source}."


def _month(period: str) -> str:
    """A month in words.

    >>> _month("2023-07")
    'July 2023'
    """
    from datetime import date

    return f"{date.fromisoformat(f'{period}-01'):%B %Y}"
