"""The linear structure of tables: which figures add up to which, across one table and every earlier release."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from endeavour.engine.disclosure.published import ALL, About, Key
from endeavour.engine.disclosure.rules import ROUND_TO, SMALLEST_SHOWN, interval, is_small
from endeavour.errors import BadInput

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Quantity = tuple[str, frozenset[tuple[str, str]], str]
"""(statistic, the dimension values that are not totals, layer): the same people counted in whichever table."""

COUNTED, OTHERS, BASE = "counted", "others", "base"


@dataclass(frozen=True, slots=True)
class Count:
    """An exact figure on the private side of the gate: of `denominator` people, `numerator` (None: a plain count)."""

    numerator: int
    denominator: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Exact cells with their breakdowns; `parents` nests values within a dimension, `overlapping` ones do not add."""

    about: About
    cells: Mapping[Key, Count]
    parents: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    overlapping: frozenset[str] = frozenset()
    shown: Mapping[Key, tuple[int | None, int | None]] | None = None


@dataclass(slots=True)
class System:
    """Every figure as a variable with what an attacker knows of it, and every sum as an equation.

    `low` and `high` are the attacker's bounds while a figure is shown, `floor` and `ceiling` while it is hidden;
    `free_low` and `free_high` are what the noughts alone tell, had nothing else ever been released;
    `hideable` figures are shown now and may be withheld; `places` are both figures of each cell of the last table.
    """

    values: Ints
    low: Floats
    high: Floats
    floor: Floats
    ceiling: Floats
    free_low: Floats
    free_high: Floats
    hideable: npt.NDArray[np.bool_]
    hidden: npt.NDArray[np.bool_]
    sensitive: Ints
    weights: Floats
    equations: list[tuple[int, list[int]]]
    index: dict[Quantity, int]
    places: dict[Key, tuple[int, int | None]]


def quantity(about: About, key: Key, layer: str) -> Quantity:
    """The identity of a figure whatever table it stands in."""
    named = frozenset((d, v) for d, v in zip(about.dimensions, key, strict=True) if v != ALL)
    return about.statistic, named, layer


def build(tables: Sequence[Table]) -> System:
    """Join tables into one system; those with `shown` are already public and cannot be changed."""
    builder = _Builder()
    for table in tables:
        builder.add(table)
    return builder.system()


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
            parent = parents.get(key[position], ALL)
            parts[(*key[:position], parent, *key[position + 1 :])].append(key)
        for total, children in parts.items():
            if total not in table.cells:
                continue
            if dimension in table.overlapping:
                yield from ((total, [child]) for child in children)
            else:
                yield total, children


class _Builder:
    def __init__(self) -> None:
        self.index: dict[Quantity, int] = {}
        self.values: list[int] = []
        self.floor: list[float] = []
        self.ceiling: list[float] = []
        self.free: list[tuple[float, float]] = []
        self.public: list[bool] = []
        self.hidden: list[bool] = []
        self.equations: dict[tuple[int, tuple[int, ...]], None] = {}
        self.places: dict[Key, tuple[int, int | None]] = {}

    def add(self, table: Table) -> None:
        self.places = {}
        for key, count in table.cells.items():
            shown = table.shown.get(key, (None, None)) if table.shown is not None else None
            statistic, named, _ = quantity(table.about, key, COUNTED)
            top = self._figure((statistic, named, COUNTED), count.numerator, table, shown and shown[0])
            self.places[key] = (top, None)
            if count.denominator is None:
                continue
            if not 0 <= count.numerator <= count.denominator:
                raise BadInput(f"{key}: {count.numerator} of {count.denominator} is not a share")
            base = self._figure((statistic, named, BASE), count.denominator, table, shown and shown[1])
            self.places[key] = (top, base)
            others = count.denominator - count.numerator
            # Nobody in the numerator is outside the denominator.
            rest = self._unshown((statistic, named, OTHERS), others)
            self.equations[base, (top, rest)] = None
            if is_small(others) and not self.public[top] and count.numerator:
                self.hidden[top] = True
        for total, children in equations_of(table):
            tops, bases = zip(*[self.places[key] for key in (total, *children)], strict=True)
            self._sum(table, total, children, COUNTED, tops)
            if None not in bases:
                self._sum(table, total, children, BASE, bases)

    def _figure(self, name: Quantity, value: int, table: Table, shown: int | None) -> int:
        at = self._variable(name, value)
        if table.shown is not None:
            if shown is not None:
                low, high = interval(shown)
                self.public[at], self.hidden[at] = True, False
                self.floor[at], self.ceiling[at] = max(self.floor[at], low), min(self.ceiling[at], high)
            elif not self.public[at]:
                self.hidden[at] = True
        elif is_small(value) and not self.public[at]:
            self.hidden[at] = True
        return at

    def _variable(self, name: Quantity, value: int) -> int:
        at = self.index.get(name)
        if at is not None and self.values[at] == value:
            return at
        # The same name with another value is a revision: other people, so another variable.
        at = self.index[name] = len(self.values)
        self.values.append(value)
        self.floor.append(0.0 if value == 0 else 1.0)
        self.ceiling.append(0.0 if value == 0 else np.inf)
        self.free.append((self.floor[-1], self.ceiling[-1]))
        self.public.append(False)
        self.hidden.append(False)
        return at

    def _unshown(self, name: Quantity, value: int) -> int:
        """A figure nobody prints but anybody can bound: the others, or the part of a total that no row shows."""
        at = self._variable(name, value)
        self.floor[at], self.ceiling[at] = self.free[at] = 0.0, np.inf
        self.hidden[at] = True
        return at

    def _sum(
        self, table: Table, total: Key, children: list[Key], layer: str, figures: tuple[int, ...]
    ) -> None:
        at, parts = figures[0], list(figures[1:])
        missing = self.values[at] - sum(self.values[part] for part in parts)
        if missing < 0:
            raise BadInput(
                f"The parts of {total} in {table.about.measure} come to more than the total.",
                hint="Name the dimension in `overlapping` if one person may be in two of its groups.",
            )
        if missing > 0:
            statistic, named, _ = quantity(table.about, total, layer)
            position = next(i for i, v in enumerate(total) if v != children[0][i])
            dimension = table.about.dimensions[position]
            but = children[0][position] if dimension in table.overlapping else "those shown"
            rest = named | {(dimension, f"under {total[position]} but {but}")}
            parts.append(self._unshown((statistic, rest, layer), missing))
        self.equations[at, tuple(parts)] = None

    def _worth(self) -> Floats:
        """What hiding a figure costs: eight times more for each breakdown it lacks, for the widest are the most read."""
        named = np.ones(len(self.values))
        for (_, names, _), at in self.index.items():
            named[at] = len(names)
        return np.asarray(8.0 ** (named.max(initial=0) - named))

    def system(self) -> System:
        values = np.array(self.values, dtype=np.int64)
        hidden, public = np.array(self.hidden, dtype=bool), np.array(self.public, dtype=bool)
        floor, ceiling = np.array(self.floor), np.array(self.ceiling)
        free = np.array(self.free).reshape(-1, 2)
        hideable = ~hidden & ~public & (values > 0)
        shown = ROUND_TO * ((2 * values + ROUND_TO) // (2 * ROUND_TO))
        half = ROUND_TO // 2
        low = np.where(hideable, np.maximum(floor, np.maximum(SMALLEST_SHOWN, shown - half)), floor)
        high = np.where(hideable, np.minimum(ceiling, shown + half), ceiling)
        small = (values > 0) & (values < SMALLEST_SHOWN) & ~public & hidden
        return System(
            values=values,
            low=low,
            high=high,
            floor=floor,
            ceiling=ceiling,
            free_low=free[:, 0],
            free_high=free[:, 1],
            hideable=hideable,
            hidden=hidden,
            sensitive=np.flatnonzero(small),
            weights=np.log2(2.0 + values) * self._worth(),
            equations=[(total, list(parts)) for total, parts in self.equations],
            index=self.index,
            places=self.places,
        )
