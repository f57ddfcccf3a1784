"""Places beside their average, in words and as a funnel."""

from __future__ import annotations

from dataclasses import dataclass, replace

from endeavour.charts.chart import Chart
from endeavour.charts.words import number_words
from endeavour.population.queries.comparisons import KINDS, Comparison
from endeavour.population.queries.names import as_written

SIGNIFICANCE = {
    "High (0.001)": "higher than chance allows (beyond the 99.8% limit)",
    "High (0.025)": "a little higher (beyond the 95% limit)",
    "Not significant": "no different from the average, allowing for chance",
    "Low (0.025)": "a little lower (beyond the 95% limit)",
    "Low (0.001)": "lower than chance allows (beyond the 99.8% limit)",
}
DIRECTION = {"higher_is_better": 1, "lower_is_better": -1, "neither": 0}
METHOD = "Funnel plot with 95% and 99.8% control limits round the average of the places shown (Spiegelhalter 2005)."
HEADERS = ("Place", "Counted", "Out of", "Per cent", "Beside the average")
_SOURCES = {
    "practice": "NHS England: Quality and Outcomes Framework, practice level.",
    "pcn": "NHS England: Quality and Outcomes Framework, practice level, added up by us.",
}


@dataclass(frozen=True)
class Point:
    """One place on the funnel, with its control limits in per cent."""

    code: str
    name: str
    numerator: float
    denominator: float
    value: float
    lower_95: float
    upper_95: float
    lower_998: float
    upper_998: float
    significance: str


@dataclass(frozen=True)
class Funnel:
    """A comparison worked out: the average in per cent, each place, and the picture."""

    comparison: Comparison
    average: float
    points: tuple[Point, ...]
    chart: Chart


def place_name(name: str) -> str:
    """A name as it is written, not shouted, without the body that all of its kind belong to.

    >>> place_name("DR KHAN & PARTNERS"), place_name("Castle Point"), place_name("NHS Mid and South Essex ICB - 06Q")
    ('Dr Khan & Partners', 'Castle Point', '06Q')
    """
    return as_written(name.rpartition(" ICB - ")[2])


def source_of(found: Comparison) -> str:
    """Who published the counts."""
    indicator = found.indicator
    if found.kind in _SOURCES and indicator.id.startswith("qof_"):
        return _SOURCES[found.kind]
    return f"{indicator.publisher}: {indicator.source}."


def funnel(found: Comparison) -> Funnel:
    """The funnel of one comparison."""
    # The statistics import NumPy and SciPy; a process that shows no funnel need not.
    from endeavour.charts.funnel import Limits, Place, funnel_chart
    from endeavour.engine.statistics.funnel import funnel_limits, funnel_points

    numerators = [p.numerator for p in found.places]
    denominators = [p.denominator for p in found.places]
    lines, at = funnel_limits(numerators, denominators), funnel_points(numerators, denominators)
    points = tuple(
        Point(
            code=p.code,
            name=place_name(p.name),
            numerator=p.numerator,
            denominator=p.denominator,
            value=float(at.value[i]),
            lower_95=float(at.lower[0.95][i]),
            upper_95=float(at.upper[0.95][i]),
            lower_998=float(at.lower[0.998][i]),
            upper_998=float(at.upper[0.998][i]),
            significance=str(at.extra["significance"][i]),
        )
        for i, p in enumerate(found.places)
    )
    side = {"High (0.001)": 1, "Low (0.001)": -1}
    chart = funnel_chart(
        [Place(p.name, p.denominator, p.value, side.get(p.significance, 0)) for p in points],
        Limits(
            lines.axis.tolist(),
            lines.baseline,
            {level: (lines.lower[level].tolist(), lines.upper[level].tolist()) for level in lines.lower},
        ),
        measure=found.indicator.name,
        subtitle=f"{found.indicator.name}, per cent, {KINDS[found.kind]}, {found.period}",
        source=source_of(found),
        better=DIRECTION[found.indicator.polarity],
        size_label=found.indicator.denominator or "people",
        suffix="%",
        notes=_notes(found),
    )
    rows = tuple(
        (
            p.name,
            round(p.numerator, 1),
            round(p.denominator, 1),
            round(p.value, 2),
            SIGNIFICANCE[p.significance],
        )
        for p in sorted(points, key=lambda p: -p.value)
    )
    chart = replace(
        chart,
        summary=_summary(lines.baseline, points),
        headers=HEADERS,
        rows=rows,
        numeric_columns=frozenset({1, 2, 3}),
    )
    return Funnel(found, lines.baseline, points, chart)


def _summary(average: float, points: tuple[Point, ...]) -> str:
    """How many are where, and whether chance is the question at all."""
    kinds = [p.significance for p in points]
    high, low = kinds.count("High (0.001)"), kinds.count("Low (0.001)")
    near = kinds.count("High (0.025)") + kinds.count("Low (0.025)")
    words = (
        f"The average is {number_words(average, 1)}%. Of {len(points)} places, {high or 'none'} "
        f"{'is' if high == 1 else 'are'} higher than chance allows and {low or 'none'} lower; {near or 'none'} more "
        f"{'is' if near == 1 else 'are'} a little outside what is usual."
    )
    if high + low > len(points) / 5:
        words += (
            " So many lie outside that chance is not the main reason: who lives there, how old they are and how "
            "carefully illness is recorded all differ. Ask why before judging."
        )
    return words


def _notes(found: Comparison) -> tuple[str, ...]:
    notes = ["Not adjusted for age or deprivation."]
    if found.is_modelled:
        notes.append(
            "The counts for these places are estimates, so the limits are narrower than they should be."
        )
    if found.indicator.traps:
        notes.append(found.indicator.traps)
    return tuple(notes)
