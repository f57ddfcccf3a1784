"""Figures as rows and columns: two groupings of people at once, areas by one of them, and each area's own gap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from endeavour.charts.words import number_words
from endeavour.engine.measures.definition import Measure
from endeavour.errors import Missing
from endeavour.population.presenters_measures import (
    decimals,
    no_slope_words,
    nobody_note,
    points_words,
    widest_gaps,
)
from endeavour.population.queries import figures
from endeavour.population.queries.figures import Figure

MOST_COLUMNS = 10
MOST_GAPS = 3
"""How many gaps an area's own page names."""


@dataclass(frozen=True)
class Row:
    """One row: its name, the address that asks for it alone, and a figure a column; None where nobody is counted."""

    name: str
    address: str
    cells: tuple[Figure | None, ...]


@dataclass(frozen=True)
class Crossed:
    """A table of figures with its columns' names."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Gap:
    """One area's gap between its own most and least deprived, in words."""

    figure: Figure
    gap: str
    between: str
    note: str


def of_groups(groups: Sequence[Figure]) -> Crossed | None:
    """Two groupings of people at once; None where there is one, or three."""
    if not groups or groups[0].by.count(" by ") != 1:
        return None
    halves = [figure.subgroup_words.partition(", ") for figure in groups]
    return _crossed(
        (first, "", second, figure) for (first, _, second), figure in zip(halves, groups, strict=True)
    )


def of_areas(found: Sequence[Figure]) -> Crossed | None:
    """Areas of one kind by one grouping of people; None where they are not crossed, or most of what it would hold is hidden.

    None too where there are too many groups.
    """
    counted = [figure for figure in found if figure.denominator != 0]
    if len({figure.area for figure in found}) < 2 or 2 * sum(f.value is not None for f in counted) < len(
        counted
    ):
        return None
    table = _crossed(
        (f.area_name, f"?area={f.area}&by={f.by.replace(' ', '+')}#groups", f.subgroup_words, f)
        for f in found
    )
    return table if len(table.columns) <= MOST_COLUMNS else None


def _crossed(cells: Iterable[tuple[str, str, str, Figure]]) -> Crossed:
    rows: dict[tuple[str, str], dict[str, Figure]] = {}
    codes: dict[str, str] = {}
    for name, address, column, figure in cells:
        rows.setdefault((name, address), {})[column] = figure
        codes.setdefault(column, figure.subgroup.rpartition(", ")[2])
    # A row may lack a group that another has: the order is the groups' own, and not that of the first row.
    names = tuple(sorted(codes, key=lambda name: figures.in_order(codes[name])))
    return Crossed(
        names,
        tuple(
            Row(name, address, tuple(row.get(column) for column in names))
            for (name, address), row in rows.items()
        ),
    )


def widest_of_area(code: str) -> list[tuple[Measure, Figure]]:
    """The measures with the widest clear gap within one area; none where nothing was published of it."""
    try:
        found = figures.with_slope(code)
    except Missing:
        return []
    return [(figures.definition(f.measure), f) for f in widest_gaps(found)[:MOST_GAPS]]


def gaps(measure: Measure, areas: Iterable[Figure]) -> list[Gap]:
    """Each area's gap by deprivation, where any but the whole system's is known."""
    found = [_gap(measure, figure) for figure in areas]
    return (
        found if any(one.figure.sii is not None and one.figure.area_kind != "system" for one in found) else []
    )


def widest_first(found: Iterable[Gap]) -> list[Gap]:
    """The clear gaps, the widest first, then those that are not clear, then those that are not known."""

    def order(one: Gap) -> tuple[int, float]:
        figure = one.figure
        if figure.sii is None or figure.sii_low is None or figure.sii_high is None:
            return 2, 0.0
        return int(figure.sii_low <= 0 <= figure.sii_high), -abs(figure.sii)

    return sorted(found, key=order)


def _gap(measure: Measure, figure: Figure) -> Gap:
    low, high = figure.sii_low, figure.sii_high
    if figure.sii is None or low is None or high is None:
        return Gap(figure, "not known", "", no_slope_words(measure, figure))
    places = decimals(figure.sii)
    ends = sorted((low, high) if low <= 0 <= high else (abs(low), abs(high)))
    between = " to ".join(number_words(end, places) for end in ends)
    if low <= 0 <= high:
        return Gap(figure, "no clear gap", between, nobody_note(figure))
    return Gap(figure, points_words(figure.sii), between, nobody_note(figure))
