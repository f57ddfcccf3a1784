"""Which crossings of small areas are published: those of which two thirds at least could show their count.

Of a small register, districts by ethnicity are mostly groups of one to seven. Printed, they would be pages of 'hidden',
and every figure beside them would have to be hidden for their sake; left out, their totals can be shown instead.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from endeavour.engine.disclosure import ALL, Table
from endeavour.engine.disclosure.rules import tells_of_few

AREA: Final = "area"
DISTRICT: Final = "district:"
NEIGHBOURHOOD: Final = "neighbourhood"
JUDGED: Final = ("deprivation", "ethnicity", "sex")
"""What small areas are crossed with where that shows something; districts by age always are."""
ENOUGH: Final = 2 / 3


def mostly_shown(table: Table) -> Table:
    """An exact table without the crossings of small areas that would be mostly hidden, all its years judged as one.

    A count is taken to show where neither it, nor all it is of, nor the rest of these is 1 to 7; what must be hidden
    beside such a group is not known before the gate. Groups of nobody are not asked.

    >>> from endeavour.engine.disclosure import About, Count
    >>> cells = {("district:a", "F"): Count(3, 90), ("district:a", "M"): Count(40, 90), ("district:a", ALL): Count(43, 180)}
    >>> about = About("a measure", "somebody", "2025", ("area", "sex"))
    >>> list(mostly_shown(Table(about, cells)).cells)
    [('district:a', 'all')]
    """
    shows: dict[tuple[str, str], list[bool]] = defaultdict(list)
    crossings = {key: _crossing(dict(zip(table.about.dimensions, key, strict=True))) for key in table.cells}
    for key, count in table.cells.items():
        crossing = crossings[key]
        if crossing is not None and count.denominator != 0:
            shows[crossing].append(not tells_of_few(count.numerator, count.denominator))
    few = {crossing for crossing, of in shows.items() if sum(of) < ENOUGH * len(of)}
    if not few:
        return table
    return replace(table, cells={key: n for key, n in table.cells.items() if crossings[key] not in few})


def _crossing(groups: Mapping[str, str]) -> tuple[str, str] | None:
    """The kind of small area and what it is crossed with; None for any other figure."""
    judged = [name for name in JUDGED if groups.get(name, ALL) != ALL]
    if len(judged) != 1:
        return None
    if groups.get(AREA, ALL).startswith(DISTRICT):
        return DISTRICT, judged[0]
    return (NEIGHBOURHOOD, judged[0]) if groups.get(NEIGHBOURHOOD, ALL) != ALL else None
