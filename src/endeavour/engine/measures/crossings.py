"""Which crossings of districts are published: those of which two thirds at least could show their count.

Of a small register, districts by ethnicity are mostly groups of one to seven. Printed, they would be pages of 'hidden',
and every figure beside them would have to be hidden for their sake; left out, their totals can be shown instead.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Final

from endeavour.engine.disclosure import ALL, Table
from endeavour.engine.disclosure.rules import tells_of_few

AREA: Final = "area"
DISTRICT: Final = "district:"
JUDGED: Final = ("deprivation", "ethnicity", "sex")
"""What districts are crossed with where that shows something; by age they always are."""
ENOUGH: Final = 2 / 3


def mostly_shown(table: Table) -> Table:
    """An exact table without the crossings of districts that would be mostly hidden, all its years judged as one.

    A count is taken to show where neither it, nor all it is of, nor the rest of these is 1 to 7; what must be hidden
    beside such a group is not known before the gate. Groups of nobody are not asked.

    >>> from endeavour.engine.disclosure import About, Count
    >>> cells = {("district:a", "F"): Count(3, 90), ("district:a", "M"): Count(40, 90), ("district:a", ALL): Count(43, 180)}
    >>> about = About("a measure", "somebody", "2025", ("area", "sex"))
    >>> list(mostly_shown(Table(about, cells)).cells)
    [('district:a', 'all')]
    """
    dimensions = table.about.dimensions
    if AREA not in dimensions:
        return table
    shows: dict[str, list[bool]] = defaultdict(list)
    crossed: dict[tuple[str, ...], str] = {}
    for key, count in table.cells.items():
        groups = dict(zip(dimensions, key, strict=True))
        if not groups[AREA].startswith(DISTRICT):
            continue
        judged = [name for name in JUDGED if groups.get(name, ALL) != ALL]
        if len(judged) == 1:
            crossed[key] = judged[0]
            if count.denominator != 0:
                shows[judged[0]].append(not tells_of_few(count.numerator, count.denominator))
    few = {name for name, of in shows.items() if sum(of) < ENOUGH * len(of)}
    if not few:
        return table
    return replace(table, cells={key: n for key, n in table.cells.items() if crossed.get(key) not in few})
