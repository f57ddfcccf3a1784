"""Areas and groups that stand out and where they are going, by measure, the farthest from the whole first."""

from __future__ import annotations

from dataclasses import dataclass

from endeavour.engine.measures.definition import Measure
from endeavour.population.presenters_measures import value_words
from endeavour.population.queries import figures
from endeavour.population.queries.figures import Figure

FIRST = "worse and worsening"
VERDICTS = (FIRST, "worse but improving", "worse", "better but worsening", "better and improving")
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
    previous: str
    whole: str
    address: str


def by_measure(verdict: str, kind: str = "") -> list[tuple[Measure, list[Row]]]:
    """The list for one verdict, measures with the most rows first; within one, the farthest from the whole system."""
    wholes = {f.measure: f for f in figures.wholes()}
    grouped: dict[str, list[Figure]] = {}
    for figure in figures.standing_out(verdict, kind):
        grouped.setdefault(figure.measure, []).append(figure)
    found = []
    for identity, rows in grouped.items():
        measure, whole = figures.definition(identity), wholes[identity]
        rows.sort(key=lambda f, whole=whole: -abs((f.value or 0.0) - (whole.value or 0.0)))  # type: ignore[misc]
        found.append((measure, [_row(measure, f, whole) for f in rows]))
    return sorted(found, key=lambda pair: (-len(pair[1]), pair[0].title))


def _row(measure: Measure, figure: Figure, whole: Figure) -> Row:
    parts = [figure.area_name] if figure.area_kind != "system" or not figure.by else []
    if figure.by:
        parts.append(figure.subgroup_words)
    name = ", ".join(parts)
    by = f"&by={figure.by.replace(' ', '+')}" if figure.by else ""
    return Row(
        figure=figure,
        name=name[:1].upper() + name[1:],
        value=value_words(measure, figure.value, figure.reason),
        previous=value_words(measure, figure.previous, "not known"),
        whole=value_words(measure, whole.value, whole.reason),
        address=f"/measure/{figure.measure}?area={figure.area}{by}",
    )
