"""What is brought to the gate: exact counts by several breakdowns, who they count, and how their parts add up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from endeavour.engine.disclosure.people import EVERYBODY, People, of_groups
from endeavour.engine.disclosure.published import ALL, About, Key

Groups = frozenset[tuple[str, str]]

COUNTED = People(frozenset({"counted"}))


@dataclass(frozen=True, slots=True)
class Count:
    """An exact figure on the private side of the gate: of `denominator` people, `numerator` (None: a plain count)."""

    numerator: int
    denominator: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Exact cells with their breakdowns; `parents` nests values within a dimension, `overlapping` ones do not add.

    `meanings` says who is in a group, for groups (dimension, value) that other measures may name another way. A table
    that was let out `by_older_gate` may tell more than this one would have let it.
    """

    about: About
    cells: Mapping[Key, Count]
    parents: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    overlapping: frozenset[str] = frozenset()
    meanings: Mapping[tuple[str, str], People] = field(default_factory=dict)
    shown: Mapping[Key, tuple[int | None, int | None]] | None = None
    by_older_gate: bool = False


def people_of(table: Table, key: Key) -> tuple[Groups, frozenset[tuple[str, str]], People, People]:
    """A cell's groups, those of them that only have a name, and whom it counts: the counted, and the base they are of."""
    about = table.about
    groups = [(d, v) for d, v in zip(about.dimensions, key, strict=True) if v != ALL]
    named, people = of_groups(groups, table.meanings)
    base = about.base or EVERYBODY
    return frozenset(groups), named, people & base & (about.counted or COUNTED), people & base


def breakdowns(table: Table) -> dict[Key, frozenset[tuple[str, int]]]:
    """How each cell divides people: the dimensions that it is of one value of, each with how deep that value lies.

    >>> cells = {("district:a", "F"): Count(9), ("place:b", ALL): Count(20)}
    >>> table = Table(About("m", "p", "t", ("area", "sex")), cells, {"area": {"district:a": "place:b"}})
    >>> [sorted(one) for one in breakdowns(table).values()]
    [[('area', 2), ('sex', 1)], [('area', 1)]]
    """
    paths, dimensions = Paths(table.parents), table.about.dimensions
    return {
        key: frozenset(
            (name, len(paths.of(name, value)))
            for name, value in zip(dimensions, key, strict=True)
            if value != ALL
        )
        for key in table.cells
    }


def equations_of(table: Table) -> Iterable[tuple[Key, list[Key]]]:
    """Each total with its parts: for every dimension, a value is the sum of the values directly under it.

    Where groups overlap each stands alone under the total: it and everybody not in it make the whole.
    """
    for position, dimension in enumerate(table.about.dimensions):
        parents = table.parents.get(dimension, {})
        parts: dict[Key, list[Key]] = defaultdict(list)
        for key in table.cells:
            if key[position] == ALL:
                continue
            total = key
            # A cut need not print every level: the parts of one that it leaves out are parts of the next above.
            while total[position] != ALL and (total is key or total not in table.cells):
                parent = parents.get(total[position], ALL)
                total = (*key[:position], parent, *key[position + 1 :])
            parts[total].append(key)
        for total, children in parts.items():
            if total not in table.cells:
                continue
            if dimension in table.overlapping:
                yield from ((total, [child]) for child in children)
            else:
                yield total, children


class Paths:
    """Each value of a dimension with all it lies in, the widest first."""

    def __init__(self, parents: Mapping[str, Mapping[str, str]]) -> None:
        self._parents = parents
        self._found: dict[tuple[str, str], tuple[str, ...]] = {}

    def of(self, dimension: str, value: str) -> tuple[str, ...]:
        name = dimension, value
        if name not in self._found:
            parent = self._parents[dimension].get(value) if dimension in self._parents else None
            self._found[name] = (*(self.of(dimension, parent) if parent else ()), value)
        return self._found[name]
