"""The people behind several cuts, by all the groups of those cuts at once: cells that no table shows, and that count.

Three cuts of the same people (by a and b, a and c, b and c) are margins of one table by a, b and c. Nobody publishes
its cells, yet none can be less than nought, and that says more of the margins than their own sums do. Where cuts hang
together like a tree it says nothing more: whatever fits every sum is then the margins of some table (Vorob'ev, 1962:
glue the cuts one to the next, spreading each group as its shared groups are spread). So a cut is taken off the pile
while it meets the others in figures that are printed and summed to; only those that stand in a ring are left. For them
every cell by all their groups is a variable, and each figure of theirs is a sum of such cells.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from endeavour.engine.disclosure.people import People as Who
from endeavour.engine.disclosure.people import is_within

MOST_CELLS: Final = 20_000_000
"""Unshown cells times the cuts they lie in; with more than this the tables are refused, not searched."""

Node = tuple[str, int | str]
"""One way of dividing people: a dimension at a depth, a group that overlaps others, or ages."""
Face = frozenset[Node]
AGES: Final[Node] = ("", "ages")
Path = tuple[str, ...]
"""A value with all it lies in, the widest first."""
Name = tuple[frozenset[tuple[str, Path]], frozenset[str], tuple[int, int]]
Alike = tuple[Face, frozenset[str], tuple[int, int]]
Kind = tuple[frozenset[str], tuple[int, int]]
"""Whom a measure counts: the conditions and ages that hold for a whole column of its figures."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed figure: `groups` are values by dimension, `marks` the overlapping groups that its people are all in.

    `conditions` and `ages` are those of its people, the marks that are conditions among them; `kind` whom its column
    counts; `has_ages` whether it is one age group of that column.
    """

    at: int
    groups: Mapping[str, Path]
    marks: frozenset[str]
    conditions: frozenset[str]
    ages: tuple[int, int]
    kind: Kind
    has_ages: bool

    @property
    def face(self) -> Face:
        """The ways in which it divides people."""
        nodes: set[Node] = {
            (dimension, depth) for dimension, path in self.groups.items() for depth in range(len(path))
        }
        nodes |= {("", mark) for mark in self.marks}
        return frozenset(nodes | {AGES} if self.has_ages else nodes)

    @property
    def name(self) -> Name:
        """What tells it from every other figure."""
        return frozenset(self.groups.items()), self.conditions | self.marks, self.ages

    def sums(self, partial: frozenset[str]) -> Iterator[Name]:
        """The names of the figures that are sums of this one and others like it, nobody left out."""
        groups, met, ages = self.name
        for dimension, path in self.groups.items():
            if dimension not in partial:
                less = groups - {(dimension, path)}
                yield less, met, ages
                for depth in range(1, len(path)):
                    yield less | {(dimension, path[:depth])}, met, ages


@dataclass(frozen=True, slots=True)
class Tie:
    """A figure (less one that counts some of the same people) is the sum of these unshown cells."""

    figure: int
    less: int | None
    cells: npt.NDArray[np.int64]


class TooMany(Exception):
    """The cuts stand in a ring with more unshown cells than can be searched."""


def unshown_cells(
    figures: Sequence[Figure], noughts: frozenset[int], partial: frozenset[str]
) -> tuple[int, list[Tie]]:
    """How many unshown cells tie figures of the same people together, and each such figure with the cells it sums.

    `noughts` are the figures that are nought; `partial` the dimensions whose values leave somebody out. Figures with
    no group in common by any sum must be given one after another. `TooMany` where there are over `MOST_CELLS`.

    Source: N. N. Vorob'ev, Consistent families of measures and their extensions, Theory Probab. Appl. 7 (1962).

    >>> def cut(at, **groups):
    ...     paths = {name: (value,) for name, value in groups.items()}
    ...     return Figure(at, paths, frozenset(), frozenset(), (0, 200), (frozenset(), (0, 200)), False)
    >>> two = [cut(0), cut(1, a="x"), cut(2, b="y"), cut(3, a="x", b="y")]
    >>> unshown_cells(two, frozenset(), frozenset())
    (0, [])
    >>> ring = [*two, cut(4, c="z"), cut(5, a="x", c="z"), cut(6, b="y", c="z")]
    >>> count, ties = unshown_cells(ring, frozenset(), frozenset())
    >>> count, [(tie.figure, tie.cells.tolist()) for tie in ties]
    (1, [(3, [0]), (5, [0]), (6, [0])])
    """
    printed: dict[Face, set[Kind]] = defaultdict(set)
    faces = [figure.face for figure in figures]
    for figure, face in zip(figures, faces, strict=True):
        printed[face].add(figure.kind)
    core = ring_of(printed, partial)
    if not core:
        return 0, []
    inside = [figure for figure, face in zip(figures, faces, strict=True) if face <= core]
    sums = {whole for figure in inside for whole in figure.sums(partial)}
    # One figure may be printed in two cuts: a band of age that all its people are in.
    needed = {figure.at: figure for figure in reversed(inside) if figure.name not in sums}
    return _cells([needed[at] for at in sorted(needed)], core, noughts, partial)


def ring_of(printed: Mapping[Face, set[Kind]], partial: frozenset[str] = frozenset()) -> Face:
    """The divisions that are left when every cut that hangs on by printed sums is taken off; none where all are.

    >>> nobody = (frozenset(), (0, 200))
    >>> def faces(*words):
    ...     return {frozenset((letter, 0) for letter in word): {nobody} for word in words}
    >>> ring_of(faces("", "a", "b", "c", "ab", "bc"))
    frozenset()
    >>> sorted(ring_of(faces("", "a", "b", "c", "d", "ab", "bc", "ac", "cd")))
    [('a', 0), ('b', 0), ('c', 0)]
    >>> sorted(ring_of(faces("ab", "bc")))  # neither cut prints the b that both sum to
    [('a', 0), ('b', 0), ('c', 0)]
    """
    core: set[Node] = set()
    left = set(printed)
    for face in printed:
        # A cell that no row shows is left out of the sums over either of its groups: one person, two remainders.
        if len({dimension for dimension, _ in face} & partial) > 1:
            core |= face
    is_changed = True
    while is_changed:
        is_changed = False
        for face in sorted(left, key=lambda one: (len(one), sorted(map(str, one)))):
            others = [other for other in left if other != face]
            wider = [other for other in others if face < other]
            if any(_is_summed(other, face, printed) for other in wider):
                left.discard(face)
                is_changed = True
                continue
            for less in _wider(face):
                if not any(face - less & other for other in others) and printed[face] <= printed.get(
                    less, set()
                ):
                    left.discard(face)
                    left.add(less)
                    is_changed = True
                    break
    if len(left) > 1:
        core = core.union(*left)
    return frozenset(core)


def _wider(face: Face) -> Iterator[Face]:
    """The cuts that a cut sums to over one dimension: to all of it, or to wider values."""
    for node in sorted(face, key=str):
        dimension, depth = node
        if isinstance(depth, str):
            yield face - {node}
        else:
            yield frozenset(n for n in face if n[0] != dimension or isinstance(n[1], str) or n[1] < depth)


def _is_summed(outer: Face, inner: Face, printed: Mapping[Face, set[Kind]]) -> bool:
    """Whether printed figures lead from one cut to a narrower one, a dimension at a time."""
    if outer == inner:
        return True
    return any(
        inner <= less
        and printed.get(outer, set()) <= printed.get(less, set())
        and _is_summed(less, inner, printed)
        for less in _wider(outer)
    )


def _cells(
    figures: Sequence[Figure], core: Face, noughts: frozenset[int], partial: frozenset[str]
) -> tuple[int, list[Tie]]:
    """Every combination of the ring's groups, those that stand in the same figures as one."""
    dimensions = sorted({name for name, depth in core if isinstance(depth, int)})
    values = [_values(figures, name, is_partial=name in partial) for name in dimensions]
    cuts = sorted({age for figure in figures for age in figure.ages})
    ages = list(itertools.pairwise(cuts))
    sorts = _sorts({figure.conditions | figure.marks for figure in figures})
    shape = (len(ages), len(sorts), *map(len, values))
    # Figures of the same sort of people, ages and divisions exclude one another: a cell is in one of them at most.
    alike: dict[Alike, list[Figure]] = defaultdict(list)
    for figure in figures:
        alike[figure.face, figure.conditions | figure.marks, figure.ages].append(figure)
    if math.prod(shape) * len(alike) > MOST_CELLS:
        raise TooMany
    held = np.full((len(alike), *shape), -1, dtype=np.int32)
    for row, ((_, met, (start, end)), group) in zip(held, alike.items(), strict=True):
        within = np.array([start <= first and last <= end for first, last in ages])
        meets = np.array([met <= sort for sort in sorts])
        of_groups = _lookup(group, dimensions, values)
        row[...] = np.where(np.multiply.outer(within, meets)[(..., *[None] * len(values))], of_groups, -1)
    cells = held.reshape(len(alike), -1).T
    cells = cells[~np.isin(cells, list(noughts)).any(axis=1) & (cells >= 0).any(axis=1)]
    cells = np.unique(cells, axis=0)
    ties = []
    names = list(alike)
    for column, name in enumerate(names):
        order = np.argsort(cells[:, column], kind="stable")
        ats, starts = np.unique(cells[order, column], return_index=True)
        inner = _next_within(name, names)
        for at, within in zip(ats.tolist(), np.split(order, starts[1:]), strict=True):
            if at < 0:
                continue
            # Less those who meet more, the cells are of one sort of people, and no sort is in another's sums.
            less = cells[within, inner] if inner is not None else np.array([-1])
            some = int(less.max())
            ties.append(Tie(at, some, within[less < 0]) if some >= 0 else Tie(at, None, within))
    return len(cells), sorted((tie for tie in ties if len(tie.cells)), key=lambda tie: tie.figure)


def _next_within(name: Alike, names: Sequence[Alike]) -> int | None:
    """Where the figures stand that count the most of another's people by the same divisions, if those are in a line."""
    face, met, ages = name
    inner = [n for n, (other, more, at) in enumerate(names) if (other, at) == (face, ages) and met < more]
    if not inner:
        return None
    first = min(inner, key=lambda n: len(names[n][1]))
    return first if all(names[first][1] <= names[n][1] for n in inner) else None


def _values(figures: Sequence[Figure], name: str, *, is_partial: bool) -> list[Path]:
    """The narrowest values of a dimension, and where some people have none of them a value for those."""
    paths = {figure.groups[name] for figure in figures if name in figure.groups}
    inner = {path[:depth] for path in paths for depth in range(1, len(path))}
    values = sorted(paths - inner)
    if is_partial:
        values += [(*path, "") for path in sorted(inner | {()})]
    return values


def _lookup(
    figures: Sequence[Figure], dimensions: Sequence[str], values: Sequence[Sequence[Path]]
) -> npt.NDArray[np.int32]:
    """For each combination of values the one of these figures, all of the same divisions, that its people are in."""
    first = figures[0].groups
    used = [name in first for name in dimensions]
    places = [
        {
            path: [n for n, value in enumerate(found) if value[: len(path)] == path]
            for path in {figure.groups[name] for figure in figures}
        }
        if name in first
        else {}
        for name, found in zip(dimensions, values, strict=True)
    ]
    found = np.full(
        [len(one) if is_used else 1 for one, is_used in zip(values, used, strict=True)], -1, np.int32
    )
    for figure in figures:
        where = [
            places[n][figure.groups[name]] if is_used else [0]
            for n, (name, is_used) in enumerate(zip(dimensions, used, strict=True))
        ]
        found[np.ix_(*where)] = figure.at
    return found


def _sorts(conditions: Iterable[frozenset[str]]) -> list[frozenset[str]]:
    """Every sort of person that the conditions tell apart: who meets which of them, and nothing else.

    >>> sorted(map(sorted, _sorts({frozenset(), frozenset({"a"}), frozenset({"a", "b"})})))
    [[], ['a'], ['a', 'b']]
    >>> sorted(map(sorted, _sorts({frozenset({"a"}), frozenset({"a OR b"}), frozenset({"NOT c"})})))
    [[], ['NOT c'], ['NOT c', 'a', 'a OR b'], ['NOT c', 'a OR b'], ['a', 'a OR b'], ['a OR b']]
    """
    every = sorted(set(conditions), key=lambda one: (len(one), sorted(one)))
    texts = frozenset().union(*every)

    def closed(met: frozenset[str]) -> frozenset[str]:
        return met | {
            text for text in texts if " OR " in text and is_within(Who(met), Who(frozenset({text})))
        }

    found = {closed(frozenset())}
    for condition in every:
        found |= {closed(sort | condition) for sort in found}
        if len(found) > MOST_CELLS:
            raise TooMany
    opposites = [(text, f"NOT {text}") for text in texts if f"NOT {text}" in texts]
    return sorted(
        (sort for sort in found if not any(yes in sort and no in sort for yes, no in opposites)), key=sorted
    )
