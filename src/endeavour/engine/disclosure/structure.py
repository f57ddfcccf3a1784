"""The linear structure of tables: which figures add up to which, across tables published together or one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from endeavour.engine.disclosure.interior import Figure, Tie, unshown_cells
from endeavour.engine.disclosure.people import ANY_AGE, EVERYBODY, Nesting, People, ages_apart, of_groups
from endeavour.engine.disclosure.published import ALL, Key
from endeavour.engine.disclosure.rules import ROUND_TO, SMALLEST_SHOWN, interval, is_small
from endeavour.engine.disclosure.tables import COUNTED, Count, Groups, Paths, Table, equations_of, people_of
from endeavour.errors import BadInput

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Quantity = tuple[str, Groups, People]
"""(statistic, the groups that only have a name, who is counted): the same people in whichever table they stand."""


@dataclass(slots=True)
class System:
    """Every figure as a variable with what an attacker knows of it, and every sum as an equation.

    `low` and `high` are the attacker's bounds while a figure is shown, `floor` and `ceiling` while it is hidden;
    `free_low` and `free_high` are what the noughts alone tell, had nothing else ever been released; `past_low` and
    `past_high` what earlier tables alone told;
    `hideable` figures are shown now and may be withheld, `dear` ones only as a last resort; `names` are each figure's
    groups; `places` are both figures of each cell of each new table.
    """

    values: Ints
    low: Floats
    high: Floats
    floor: Floats
    ceiling: Floats
    free_low: Floats
    free_high: Floats
    past_low: Floats
    past_high: Floats
    hideable: npt.NDArray[np.bool_]
    dear: npt.NDArray[np.bool_]
    hidden: npt.NDArray[np.bool_]
    sensitive: Ints
    weights: Floats
    equations: list[tuple[int, list[int]]]
    names: list[Groups]
    places: list[dict[Key, tuple[int, int | None]]]
    # Whether the new tables tell of any figure that no earlier one told of.
    is_news: bool
    # The last variables are cells that no table shows; each tie is a figure and those of them it sums.
    ties: list[Tie]


def build(tables: Sequence[Table]) -> System:
    """Join tables into one system; those with `shown` are already public and cannot be changed."""
    builder = _Builder()
    for table in tables:
        builder.add_figures(table)
    for table, places in zip(tables, builder.places, strict=True):
        builder.add_sums(table, places)
    builder.add_sums_across(tables)
    builder.add_people()
    builder.add_unshown(tables)
    return builder.system(tables)


class _Builder:
    def __init__(self) -> None:
        self.index: dict[Quantity, int] = {}
        self.values: list[int] = []
        self.floor: list[float] = []
        self.ceiling: list[float] = []
        self.free: list[tuple[float, float]] = []
        self.past: list[tuple[float, float]] = []
        self.public: list[bool] = []
        self.hidden: list[bool] = []
        self.groups: list[Groups] = []
        self.equations: dict[tuple[int, tuple[int, ...]], None] = {}
        self.places: list[dict[Key, tuple[int, int | None]]] = []
        self.printed: set[int] = set()
        self.families: set[str] = set()
        self.nesting = Nesting()
        self.is_news = False
        self.partial: dict[str, set[str]] = defaultdict(set)
        self.superseded: set[int] = set()
        self.unshown = 0
        self.ties: list[Tie] = []

    def add_figures(self, table: Table) -> None:
        """Both figures of every cell; a name met before is the same figure, if its count is the same."""
        about = table.about
        places: dict[Key, tuple[int, int | None]] = {}
        before = len(self.values)
        for key, count in table.cells.items():
            groups, named, counted, base_people = people_of(table, key)
            shown = table.shown.get(key, (None, None)) if table.shown is not None else None
            name = (about.statistic, named, counted)
            top = self._figure(name, count.numerator, groups, table, shown and shown[0])
            places[key] = (top, None)
            if count.denominator is None:
                continue
            if not 0 <= count.numerator <= count.denominator:
                raise BadInput(f"{key}: {count.numerator} of {count.denominator} is not a share")
            name = (about.statistic, named, base_people)
            base = self._figure(name, count.denominator, groups, table, shown and shown[1])
            places[key] = (top, base)
            others = count.denominator - count.numerator
            if is_small(others) and not self.public[top] and count.numerator and table.shown is None:
                self.hidden[top] = True
        if about.base is not None:
            self.families.add(about.statistic)
        self.is_news |= table.shown is None and len(self.values) > before
        self.places.append(places)
        self.printed |= {at for place in places.values() for at in place if at is not None}

    def add_sums(self, table: Table, places: dict[Key, tuple[int, int | None]]) -> None:
        """What a table says by its own form: nobody counted is outside the base, and parts make their total."""
        for key, (top, base) in places.items():
            if base is not None:
                groups, named, some, whole = people_of(table, key)
                name = (table.about.statistic, named, whole.without(some))
                rest = self._unshown(name, self.values[base] - self.values[top], groups)
                self._equation(base, (top, rest))
        self._add_totals(table, places)

    def add_sums_across(self, tables: Sequence[Table]) -> None:
        """What several tables of one form say together: what one prints the parts of, another the total.

        So do areas of an earlier release and a later one, where `parents` says which lie in which. A figure that was revised is no part of such a sum.
        """
        alike: dict[tuple[object, ...], list[int]] = defaultdict(list)
        for number, table in enumerate(tables):
            about = table.about
            alike[about.statistic, about.dimensions, about.base, about.counted].append(number)
        for numbers in alike.values():
            cells: dict[Key, Count] = {}
            places: dict[Key, tuple[int, int | None]] = {}
            parents: dict[str, dict[str, str]] = defaultdict(dict)
            for number in numbers:
                for key, count in tables[number].cells.items():
                    if cells.setdefault(key, count) == count:
                        places.setdefault(key, self.places[number][key])
                for dimension, links in tables[number].parents.items():
                    parents[dimension] |= links
            if len(cells) > max(len(tables[number].cells) for number in numbers):
                first = tables[numbers[0]]
                overlapping = frozenset[str]().union(*(tables[number].overlapping for number in numbers))
                whole = replace(first, cells=cells, parents=parents, overlapping=overlapping)
                self._add_totals(whole, places, is_one=False)

    def _add_totals(
        self, table: Table, places: Mapping[Key, tuple[int, int | None]], *, is_one: bool = True
    ) -> None:
        base_of_all = table.about.base or EVERYBODY
        counted_of_all = base_of_all & (table.about.counted or COUNTED)
        for total, children in equations_of(table):
            tops, bases = zip(*[places[key] for key in (total, *children)], strict=True)
            self._sum(table, total, children, counted_of_all, tops, is_one=is_one)
            if None not in bases:
                self._sum(table, total, children, base_of_all, bases, is_one=is_one)

    def add_people(self) -> None:
        """What the people counted say by who they are, whichever tables they stand in: ages add up, some are among others."""
        together: dict[tuple[str, Groups], dict[People, int]] = defaultdict(dict)
        for (statistic, named, people), at in self.index.items():
            if statistic in self.families and at in self.printed:
                together[statistic, named][people] = at
        for (statistic, named), figures in together.items():
            if len(figures) > 2:
                self._ages(statistic, named, figures)
                self._nested(statistic, named, figures)

    def add_unshown(self, tables: Sequence[Table]) -> None:
        """The cells that no table shows, where several cuts of the same people say something of them."""
        alike: dict[str, list[int]] = defaultdict(list)
        for number, table in enumerate(tables):
            alike[table.about.statistic].append(number)
        for statistic, among in alike.items():
            # A release whose figures were revised counted other people.
            numbers = [
                n
                for n in among
                if self.superseded.isdisjoint(
                    at for place in self.places[n].values() for at in place if at is not None
                )
            ]
            for figures in self._slices([tables[n] for n in numbers], [self.places[n] for n in numbers]):
                noughts = frozenset(figure.at for figure in figures if not self.ceiling[figure.at])
                count, ties = unshown_cells(figures, noughts, frozenset(self.partial[statistic]))
                self.ties += [replace(tie, cells=tie.cells + self.unshown) for tie in ties]
                self.unshown += count

    def _slices(
        self, tables: Sequence[Table], places: Sequence[Mapping[Key, tuple[int, int | None]]]
    ) -> Iterable[list[Figure]]:
        """The printed figures of one statistic; apart by the widest value of a dimension that no figure sums over."""
        parents: dict[str, dict[str, str]] = defaultdict(dict)
        for table in tables:
            for dimension, links in table.parents.items():
                parents[dimension] |= links
        paths = Paths(parents)
        overlapping = frozenset[str]().union(*(table.overlapping for table in tables))
        if not tables:
            return []
        always = set.intersection(
            *(
                {
                    name
                    for n, name in enumerate(table.about.dimensions)
                    if all(key[n] != ALL for key in table.cells)
                }
                for table in tables
            )
        )
        found: dict[tuple[str, ...], list[Figure]] = defaultdict(list)
        for table, at_of in zip(tables, places, strict=True):
            base = table.about.base or EVERYBODY
            counted = base & (table.about.counted or COUNTED)
            for key, (top, bottom) in at_of.items():
                within, groups, marks, people = _divided(table, key, paths, always, overlapping)
                together = frozenset(marks | people.conditions)
                has_ages = people.ages != ANY_AGE
                for at, whom in ((top, counted), (bottom, base)):
                    if at is None:
                        continue
                    who, kind = people & whom, (whom.conditions, whom.ages)
                    figure = Figure(at, groups, together, who.conditions, who.ages, kind, has_ages)
                    found[within].append(figure)
        return found.values()

    def _ages(self, statistic: str, named: Groups, figures: dict[People, int]) -> None:
        by_ages: dict[frozenset[str], dict[tuple[int, int], int]] = defaultdict(dict)
        for people, at in figures.items():
            by_ages[people.conditions][people.ages] = at
        for conditions, found in by_ages.items():
            if len(found) < 2:
                continue
            parts, cuts = ages_apart({ages: self.values[at] for ages, at in found.items()})
            for (start, end), at in found.items():
                within = [ages for ages in parts if start <= ages[0] and ages[1] <= end]
                if len(within) < 2 or start not in cuts or end not in cuts:
                    continue
                pieces = []
                for ages in within:
                    people = People(conditions, ages)
                    if people not in figures:
                        figures[people] = self._unshown(
                            (statistic, named, people), parts[ages], self.groups[at]
                        )
                    pieces.append(figures[people])
                self._equation(at, tuple(pieces))

    def _nested(self, statistic: str, named: Groups, figures: dict[People, int]) -> None:
        for outer, inner in self.nesting.of(frozenset(figures)):
            whole, some = figures[outer], figures[inner]
            missing = self.values[whole] - self.values[some]
            if missing < 0:
                continue  # an earlier release counted other people under these words
            # That the remainder is nobody is told by no row, so the attacker is not taken to know it.
            rest = self._unshown((statistic, named, outer.without(inner)), missing, self.groups[some])
            self._equation(whole, (some, rest))

    def _figure(self, name: Quantity, value: int, groups: Groups, table: Table, shown: int | None) -> int:
        at = self._variable(name, value, groups)
        if table.shown is not None:
            if shown is not None:
                low, high = interval(shown)
                self.public[at], self.hidden[at] = True, False
                self.floor[at], self.ceiling[at] = max(self.floor[at], low), min(self.ceiling[at], high)
            elif not self.public[at]:
                self.hidden[at] = True
            self.past[at] = self.floor[at], self.ceiling[at]
        elif is_small(value) and not self.public[at]:
            self.hidden[at] = True
        return at

    def _variable(self, name: Quantity, value: int, groups: Groups) -> int:
        at = self.index.get(name)
        if at is not None and self.values[at] == value:
            return at
        # The same name with another value is a revision: other people, so another variable.
        if at is not None:
            self.superseded.add(at)
        at = self.index[name] = len(self.values)
        self.values.append(value)
        self.floor.append(0.0 if value == 0 else 1.0)
        self.ceiling.append(0.0 if value == 0 else np.inf)
        self.free.append((self.floor[-1], self.ceiling[-1]))
        self.past.append((0.0, np.inf))
        self.public.append(False)
        self.hidden.append(False)
        self.groups.append(groups)
        return at

    def _unshown(self, name: Quantity, value: int, groups: Groups) -> int:
        """A figure nobody prints but anybody can bound: the others, or the part of a total that no row shows.

        One that some table does print is that table's own figure.
        """
        at = self.index.get(name)
        if at is not None and self.values[at] == value:
            return at
        at = self._variable(name, value, groups)
        self.floor[at], self.ceiling[at] = self.free[at] = 0.0, np.inf
        self.hidden[at] = True
        return at

    def _equation(self, total: int, parts: tuple[int, ...]) -> None:
        self.equations[total, tuple(sorted(parts))] = None

    def _sum(
        self,
        table: Table,
        total: Key,
        children: list[Key],
        of_all: People,
        figures: tuple[int, ...],
        *,
        is_one: bool,
    ) -> None:
        at, parts = figures[0], list(figures[1:])
        missing = self.values[at] - sum(self.values[part] for part in parts)
        if missing < 0 and not is_one:
            return  # an earlier release counted other people under these words
        if missing < 0:
            raise BadInput(
                f"The parts of {total} in {table.about.measure} come to more than the total.",
                hint="Name the dimension in `overlapping` if one person may be in two of its groups.",
            )
        if missing > 0:
            position = next(i for i, v in enumerate(total) if v != children[0][i])
            dimension = table.about.dimensions[position]
            if dimension not in table.overlapping:
                self.partial[table.about.statistic].add(dimension)
            but = children[0][position] if dimension in table.overlapping else "those shown"
            groups = [(d, v) for d, v in zip(table.about.dimensions, total, strict=True) if v != ALL]
            named, people = of_groups(groups, table.meanings)
            rest = (dimension, f"under {total[position]} but {but}")
            parts.append(
                self._unshown(
                    (table.about.statistic, named | {rest}, people & of_all),
                    missing,
                    frozenset(groups) | {rest},
                )
            )
        self._equation(at, tuple(parts))

    def _worth(self) -> tuple[Floats, npt.NDArray[np.bool_]]:
        """What hiding a figure costs: eight times more for each breakdown it lacks, for the widest are the most read."""
        named = np.array([len(groups) for groups in self.groups] or [0])
        widest = min(named, default=0)
        return np.asarray(8.0 ** (named.max(initial=0) - named)), named == widest

    def system(self, tables: Sequence[Table]) -> System:
        values = np.array(self.values, dtype=np.int64)
        hidden, public = np.array(self.hidden, dtype=bool), np.array(self.public, dtype=bool)
        floor, ceiling = np.array(self.floor), np.array(self.ceiling)
        free, past = (np.array(bounds).reshape(-1, 2) for bounds in (self.free, self.past))
        hideable = ~hidden & ~public & (values > 0)
        shown = ROUND_TO * ((2 * values + ROUND_TO) // (2 * ROUND_TO))
        half = ROUND_TO // 2
        low = np.where(hideable, np.maximum(floor, np.maximum(SMALLEST_SHOWN, shown - half)), floor)
        high = np.where(hideable, np.minimum(ceiling, shown + half), ceiling)
        small = (values > 0) & (values < SMALLEST_SHOWN) & ~public & hidden
        worth, widest = self._worth()
        nobody, anybody = np.zeros(self.unshown), np.full(self.unshown, np.inf)
        none = np.zeros(self.unshown, dtype=bool)
        return System(
            values=np.concatenate([values, nobody.astype(np.int64)]),
            low=np.concatenate([low, nobody]),
            high=np.concatenate([high, anybody]),
            floor=np.concatenate([floor, nobody]),
            ceiling=np.concatenate([ceiling, anybody]),
            free_low=np.concatenate([free[:, 0], nobody]),
            free_high=np.concatenate([free[:, 1], anybody]),
            past_low=np.concatenate([past[:, 0], nobody]),
            past_high=np.concatenate([past[:, 1], anybody]),
            hideable=np.concatenate([hideable, none]),
            dear=np.concatenate([widest, none]),
            hidden=np.concatenate([hidden, ~none]),
            sensitive=np.flatnonzero(small),
            weights=np.concatenate([np.log2(2.0 + values) * worth, nobody]),
            equations=[(total, list(parts)) for total, parts in self.equations],
            names=self.groups,
            places=[places for table, places in zip(tables, self.places, strict=True) if table.shown is None],
            is_news=self.is_news,
            ties=[replace(tie, cells=tie.cells + len(values)) for tie in self.ties],
        )


def _divided(
    table: Table, key: Key, paths: Paths, always: set[str], overlapping: frozenset[str]
) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]], set[str], People]:
    """How a key divides people: what it always does, by values that exclude one another, by others, and by who they are."""
    within: list[str] = []
    groups: dict[str, tuple[str, ...]] = {}
    marks: set[str] = set()
    people = EVERYBODY
    for name, value in zip(table.about.dimensions, key, strict=True):
        if value == ALL:
            continue
        if (name, value) in table.meanings:
            people &= table.meanings[name, value]
            continue
        path = paths.of(name, value)
        if name in always:
            within.append(path[0])
            path = path[1:]
        if name in overlapping:
            marks.update(f"{name} is {one}" for one in path)
        elif path:
            groups[name] = path
    return tuple(within), groups, marks, people
