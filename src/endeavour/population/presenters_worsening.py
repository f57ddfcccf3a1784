"""Areas and groups that stand out and where they are going, by measure, the farthest from the whole first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.utils.text import capfirst

from endeavour.engine.measures.definition import Measure
from endeavour.population.presenters_measures import interval_words, value_words
from endeavour.population.queries import figures
from endeavour.population.queries.figures import Figure

FIRST = "worse and worsening"
_BESIDE = "Areas and groups whose figure is {} than the whole system’s"
_BOTH = _BESIDE + ", and {} than a year before, both by more than chance."
VERDICTS = {
    FIRST: ("Worse and getting worse", _BOTH.format("worse", "worse")),
    "worse but improving": ("Worse but getting better", _BOTH.format("worse", "better")),
    "worse": (
        "Worse, with no clear change",
        f"{_BESIDE.format('worse')} by more than chance, with no clear change from a year before.",
    ),
    "better but worsening": ("Better but getting worse", _BOTH.format("better", "worse")),
    "better and improving": ("Better and getting better", _BOTH.format("better", "better")),
}
"""Each list with its title, and what its figures have in common."""
KINDS = {
    "": "Areas and groups of people",
    "place": "Places (Alliances)",
    "district": "Districts",
    "neighbourhood": "Neighbourhoods (primary care networks)",
    "system": "Groups across the whole system",
}


@dataclass(frozen=True)
class Row:
    """One area or group with its figure, the year before's and the whole system's, in words."""

    figure: Figure
    name: str
    value: str
    interval: str
    previous: str
    whole: str
    address: str


def by_measure(verdict: str, kind: str = "", measure: str = "") -> list[tuple[Measure, list[Row]]]:
    """The list for one verdict, measures with the most rows first; within one, the farthest from the whole system.

    `measure` keeps that measure alone; `NotFound` where there is none of that name.
    """
    if measure:
        figures.definition(measure)
    wholes = {f.measure: f for f in figures.wholes()}
    grouped: dict[str, list[Figure]] = {}
    for figure in figures.standing_out(verdict, kind):
        if measure not in ("", figure.measure):
            continue
        grouped.setdefault(figure.measure, []).append(figure)
    found = []
    for identity, rows in grouped.items():
        one, whole = figures.definition(identity), wholes[identity]
        rows.sort(key=lambda f, whole=whole: -abs((f.value or 0.0) - (whole.value or 0.0)))  # type: ignore[misc]
        kinds = {(f.area_name, f.area_kind) for f in rows}
        names = Counter(name for name, _ in kinds)
        twice = {name for name, count in names.items() if count > 1}
        found.append((one, [_row(one, f, whole, twice) for f in rows]))
    return sorted(found, key=lambda pair: (-len(pair[1]), pair[0].title))


@dataclass(frozen=True)
class Notable:
    """What stands out most of one measure: its title, and the area or group it is farthest from the whole system in."""

    title: str
    row: Row


def by_chance(verdict: str) -> str:
    """How often chance alone would put a figure in a list that does not truly belong there, as a sentence.

    Two tests at 95%, one side each, of a figure against a known whole and against a year before as uncertain as itself:
    both share the figure's own error, so that 8 in 1,000 pass both, where one test alone is passed by 25 in 1,000.

    >>> by_chance("worse")
    'Of figures that do not truly differ, chance alone would put about 1 in 40 here.'
    """
    share = "1 in 40" if verdict == "worse" else "1 in 120"
    return f"Of figures that do not truly differ, chance alone would put about {share} here."


def most_notable(verdict: str, most: int = 3) -> list[Notable]:
    """The few measures of a list that concern the most areas and groups, each with the farthest of them."""
    return [Notable(measure.title, rows[0]) for measure, rows in by_measure(verdict)[:most]]


def _row(measure: Measure, figure: Figure, whole: Figure, twice: set[str]) -> Row:
    # A place and a district may bear one name.
    area = f"{figure.area_name} ({figure.area_kind})" if figure.area_name in twice else figure.area_name
    parts = [area] if figure.area_kind != "system" or not figure.by else []
    if figure.by:
        parts.append(figure.subgroup_words)
    name = ": ".join(parts)
    by = f"&by={figure.by.replace(' ', '+')}" if figure.by else ""
    return Row(
        figure=figure,
        name=capfirst(name),
        value=value_words(measure, figure.value, figure.reason),
        interval=interval_words(measure, figure, "{} to {}"),
        previous=value_words(measure, figure.previous, "not known"),
        whole=value_words(measure, whole.value, whole.reason),
        address=f"/measure/{figure.measure}?area={figure.area}{by}",
    )
