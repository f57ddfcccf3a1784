"""An attacker that shares no code with the gate: every published figure and release, and a linear programme of its own.

Its variables are the leaves of the table, not the cells, and it builds its own sums. It may not rule out any count
from 1 to 7 for a hidden small group, except as far as the public noughts alone already would.
"""

from __future__ import annotations

import contextlib
import itertools

import highspy
import numpy as np
import pytest
from scipy.sparse import csc_matrix

from endeavour.engine.disclosure import (
    ALL,
    About,
    Count,
    Key,
    MemoryLog,
    Published,
    PublishedTable,
    Refused,
    parts,
    publish,
)

Bounds = tuple[float, float]
UNBOUNDED = (highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible)


def random_table(
    rng: np.random.Generator, shape: tuple[int, ...], *, rate: bool, means: tuple[int, ...] = (4, 9, 30)
) -> dict[Key, Count]:
    """A full cross-table with every margin, thick with small and nought cells."""
    counted = rng.negative_binomial(0.8, 0.8 / (0.8 + rng.choice(means)), size=shape)
    others = rng.negative_binomial(1.0, 1.0 / (1.0 + rng.choice([6, 40])), size=shape)
    values = [[f"{name}{i}" for i in range(size)] for name, size in zip("abcd", shape, strict=False)]
    table: dict[Key, Count] = {}
    for key in itertools.product(*[[*v, ALL] for v in values]):
        where = tuple(
            slice(None) if part == ALL else v.index(part) for part, v in zip(key, values, strict=True)
        )
        n = int(counted[where].sum())
        table[key] = Count(n, n + int(others[where].sum())) if rate else Count(n)
    return table


class Attacker:
    """Leaves as unknowns: counted first, then (for a rate) those not counted."""

    def __init__(self, shape: tuple[int, ...], *, rate: bool) -> None:
        self.leaves = [
            tuple(f"{name}{i}" for name, i in zip("abcd", index, strict=False))
            for index in np.ndindex(*shape)
        ]
        self.rate = rate
        size = len(self.leaves) * (2 if rate else 1)
        self.low, self.high = np.zeros(size), np.full(size, np.inf)
        self.rows: list[np.ndarray] = []
        self.limits: list[float] = []
        self._solver: highspy.Highs | None = None

    def row(self, key: Key, layer: str) -> np.ndarray:
        inside = np.array(
            [all(k in (ALL, part) for k, part in zip(key, leaf, strict=True)) for leaf in self.leaves], float
        )
        none = np.zeros_like(inside)
        parts = {"counted": [inside, none], "others": [none, inside], "base": [inside, inside]}[layer]
        return np.concatenate(parts) if self.rate else inside

    def between(self, row: np.ndarray, low: float, high: float) -> None:
        self.rows += [-row, row]
        self.limits += [-low, high]

    def learn_noughts(self, table: PublishedTable) -> None:
        for key, cell in table.items():
            for layer, shown in self.shown(cell):
                row = self.row(key, layer)
                if shown == 0:
                    self.between(row, 0, 0)
                else:  # noughts are always shown, so what is hidden is at least 1
                    self.between(row, 1, 1e7)

    def learn(self, table: PublishedTable) -> None:
        self.learn_noughts(table)
        for key, cell in table.items():
            for layer, shown in self.shown(cell):
                if shown:
                    self.between(self.row(key, layer), max(8, shown - 2), shown + 2)

    def shown(self, cell: Published) -> list[tuple[str, int | None]]:
        counted = 0 if cell.denominator == 0 else cell.numerator
        return [("counted", counted), ("base", cell.denominator)] if self.rate else [("counted", counted)]

    def bounds(self, key: Key, layer: str) -> Bounds:
        solver, row = self.solver(), self.row(key, layer)
        ends = []
        for sign in (1.0, -1.0):
            solver.changeColsCost(len(row), np.arange(len(row), dtype=np.int32), sign * row)
            solver.run()
            status = solver.getModelStatus()
            if status == highspy.HighsModelStatus.kOptimal:
                ends.append(float(row @ np.asarray(solver.getSolution().col_value)))
            else:
                assert status in UNBOUNDED, status
                ends.append(np.inf)
        return ends[0], ends[1]

    def solver(self) -> highspy.Highs:
        """Everything learnt so far, ready to be asked about one figure after another."""
        if self._solver is None:
            matrix = csc_matrix(np.array(self.rows))
            problem = highspy.HighsLp()
            problem.num_row_, problem.num_col_ = matrix.shape
            problem.col_lower_, problem.col_upper_ = self.low, self.high
            problem.col_cost_ = np.zeros(matrix.shape[1])
            problem.row_lower_, problem.row_upper_ = np.full(matrix.shape[0], -np.inf), np.array(self.limits)
            problem.a_matrix_.format_ = highspy.MatrixFormat.kColwise
            problem.a_matrix_.start_, problem.a_matrix_.index_ = matrix.indptr, matrix.indices
            problem.a_matrix_.value_ = matrix.data
            self._solver = highspy.Highs()
            self._solver.setOptionValue("output_flag", False)
            self._solver.passModel(problem)
        return self._solver


def assert_protected(
    shape: tuple[int, ...], exact: dict[Key, Count], released: list[PublishedTable], *, rate: bool
) -> int:
    informed, ignorant = Attacker(shape, rate=rate), Attacker(shape, rate=rate)
    for table in released:
        informed.learn(table)
        ignorant.learn_noughts(table)
    attacked = 0
    for key, count in exact.items():
        layers = {"counted": count.numerator}
        if count.denominator is not None:
            layers |= {"base": count.denominator, "others": count.denominator - count.numerator}
        for layer, truth in layers.items():
            if not 1 <= truth <= 7:
                continue
            if layer == "others" and count.numerator == 0:
                continue
            attacked += 1
            low, high = informed.bounds(key, layer)
            if low <= 1 + 1e-4 and high >= 7 - 1e-4:
                continue
            floor, ceiling = ignorant.bounds(key, layer)
            assert low <= max(1, floor) + 1e-4, (key, layer, truth, (low, high), (floor, ceiling))
            assert high >= min(7, ceiling) - 1e-4, (key, layer, truth, (low, high), (floor, ceiling))
    return attacked


SHAPES: list[tuple[int, ...]] = [(3,), (2, 3), (4, 5), (2, 2, 3)]


def attack_once(seed: int, *, rate: bool) -> int:
    rng = np.random.default_rng(seed)
    shape = SHAPES[seed % len(SHAPES)]
    exact = random_table(rng, shape, rate=rate)
    about = About("m", "p", "t", tuple("abc"[: len(shape)]))
    return assert_protected(shape, exact, [publish(about, exact)], rate=rate)


def attack_history(seed: int) -> int:
    """The same people cut three ways in turn, each cut knowing of those before it."""
    rng = np.random.default_rng(seed)
    shape = (3, 2, 3)
    exact = random_table(rng, shape, rate=False, means=(1, 2, 4))
    about, log = About("m", "p", "t", ("a", "b", "c")), MemoryLog()
    cuts = [{key: n for key, n in exact.items() if key[i] == ALL} for i in rng.permutation(3)]
    released, known = [], {}
    for cut in cuts:
        with contextlib.suppress(Refused):
            released.append(publish(about, cut, log=log))
            known |= cut
    assert released, "the first of a history is never refused"
    return assert_protected(shape, known, released, rate=False)


class RedrawnAttacker(Attacker):
    """One who knows both maps: each new area is one or more of the old."""

    def __init__(self, shape: tuple[int, ...], within: dict[str, str]) -> None:
        super().__init__(shape, rate=False)
        self.within = within

    def row(self, key: Key, layer: str) -> np.ndarray:
        if key[0] not in self.within.values():
            return super().row(key, layer)
        return np.sum(
            [
                super(RedrawnAttacker, self).row((old, *key[1:]), layer)
                for old, new in self.within.items()
                if new == key[0]
            ],
            axis=0,
        )


def attack_redrawn(seed: int) -> int:
    """The same people by the areas of one year, then by those of the next, which are the old ones joined."""
    rng = np.random.default_rng(seed)
    shape = (6, 2)
    old = random_table(rng, shape, rate=False, means=(1, 3, 9))
    within = {f"a{i}": f"new{rng.integers(3)}" for i in range(6)}
    new: dict[Key, Count] = {key: n for key, n in old.items() if key[0] == ALL}
    for (area, group), count in old.items():
        if area != ALL:
            key = within[area], group
            new[key] = Count(new.get(key, Count(0)).numerator + count.numerator)
    about, log = About("m", "p", "t", ("a", "b")), MemoryLog()
    released = [publish(about, old, log=log)]
    with contextlib.suppress(Refused):
        released.append(publish(about, new, parents={"a": within}, log=log))
    informed, ignorant = RedrawnAttacker(shape, within), RedrawnAttacker(shape, within)
    for table in released:
        informed.learn(table)
        ignorant.learn_noughts(table)
    attacked = 0
    for key, count in (old | new).items():
        if 1 <= count.numerator <= 7:
            attacked += 1
            (low, high), (floor, ceiling) = informed.bounds(key, "counted"), ignorant.bounds(key, "counted")
            assert low <= max(1, floor) + 1e-4, (key, count, low, floor)
            assert high >= min(7, ceiling) - 1e-4, (key, count, high, ceiling)
    return attacked


def test_nor_where_areas_were_redrawn_between_releases() -> None:
    assert sum(attack_redrawn(seed) for seed in range(12)) > 40


@pytest.mark.parametrize("batch", range(4))
@pytest.mark.parametrize("rate", [False, True])
def test_no_small_group_can_be_worked_out(batch: int, rate: bool) -> None:
    assert sum(attack_once(1000 * batch + i, rate=rate) for i in range(8)) > 20


@pytest.mark.parametrize("rate", [False, True])
def test_nor_where_the_table_is_worked_on_in_parts(rate: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "SIZE", 8)
    assert sum(attack_once(3000 + i, rate=rate) for i in range(12)) > 30


def overlapping_groups(rng: np.random.Generator) -> tuple[list[int], dict[str, int]]:
    """How many people are in each combination of three groups that overlap, and each group's size."""
    cells = [int(n) for n in rng.negative_binomial(0.8, 0.1, size=8)]
    return cells, {f"g{g}": sum(n for at, n in enumerate(cells) if at >> g & 1) for g in range(3)}


@pytest.mark.parametrize("seed", range(40))
def test_nor_from_groups_that_overlap(seed: int) -> None:
    """Neither a small group nor the few who are not in one: the total less the group."""
    cells, groups = overlapping_groups(np.random.default_rng(seed))
    counts = {(ALL,): Count(sum(cells))} | {(g,): Count(n) for g, n in groups.items()}
    table = publish(About("m", "p", "t", ("group",)), counts, overlapping=frozenset({"group"}))
    whole = table[(ALL,)].numerator
    for name, size in groups.items():
        shown = table[(name,)].numerator
        assert (shown is None) >= (1 <= size <= 7)
        if 1 <= sum(cells) - size <= 7 and shown and whole:
            least, most = max(8, whole - 2) - (shown + 2), whole + 2 - max(8, shown - 2)
            assert least <= 1, (name, whole, shown)
            assert most >= 7, (name, whole, shown)


def test_nor_from_a_history_of_releases() -> None:
    assert sum(attack_history(seed) for seed in range(6)) > 20


CLOSE_CALL = 20_183
"""A history in which only the cells that no cut shows tell a count of 1 from 7."""


def test_nor_from_cells_that_no_cut_shows() -> None:
    assert attack_history(CLOSE_CALL) > 0


def attack_ring(seed: int) -> int:
    """Cuts of four groups by pairs and one by three, without some of their totals, together or one after another."""
    rng = np.random.default_rng(seed)
    shape = (2, 3, 2, 2)
    exact = random_table(rng, shape, rate=bool(seed % 2), means=(1, 2, 4))
    pairs = [pair for pair in itertools.combinations(range(4), 2) if rng.random() < 0.8]
    faces = {(), *((n,) for n in range(4) if rng.random() < 0.8), *pairs, (0, 1, 2)[: rng.integers(2, 4)]}
    cells = {key: n for key, n in exact.items() if tuple(i for i, v in enumerate(key) if v != ALL) in faces}
    about, log = About("m", "p", "t", tuple("abcd")), MemoryLog()
    if seed % 3:
        return assert_protected(shape, cells, [publish(about, cells)], rate=bool(seed % 2))
    released, known = [], {}
    for first in (True, False):
        cut = {key: n for key, n in cells.items() if (key[3] == ALL) == first}
        with contextlib.suppress(Refused):
            released.append(publish(about, cut, log=log))
            known |= cut
    return assert_protected(shape, known, released, rate=bool(seed % 2))


def test_nor_from_cuts_that_stand_in_a_ring() -> None:
    assert sum(attack_ring(seed) for seed in range(24)) > 200


@pytest.mark.slow
def test_nor_from_thousands() -> None:
    attacked = sum(attack_once(seed, rate=bool(seed % 2)) for seed in range(10_000, 12_000))
    histories = range(20_000, 20_200)
    attacked += sum(map(attack_history, histories)) + sum(map(attack_redrawn, histories))
    attacked += sum(attack_ring(seed) for seed in range(30_000, 30_400))
    assert attacked > 10_000
