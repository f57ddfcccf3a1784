"""The attacker: every published figure and sum as a linear programme, and the fewest further figures that stop it.

A small group is protected when the attacker cannot rule out any count from 1 to 7 for it: the least the figure could
be is 1 and the most is at least 7. Proving it needs a table that fits everything published and holds a large value in
that cell, and another that holds a small one. One table can prove many cells at once, and it stays a proof whatever
else is hidden later, so most cells are settled by a few programmes and only the rest are attacked one by one (Fischetti
and Salazar's cell suppression problem; protection in the sense of Willenborg and de Waal, *Elements of Statistical
Disclosure Control*).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from endeavour.engine.disclosure.parts import components, parts_of
from endeavour.engine.disclosure.programme import TOLERANCE, Programme, matrix_of
from endeavour.engine.disclosure.spread import Spread, sorts_of
from endeavour.engine.disclosure.structure import Floats, Ints, System

LEAST, MOST = 1.0, 7.0
CHUNKS: Final = 3
CROWD: Final = 24
ROOM: Final = 1e-3
CROWDED: Final = 20.0
"""People a cell from which a sort is spread over its unshown cells first, and joined only where that proves too little."""
PATIENCE: Final = 8
"""Tables in a row with nobody behind them after which a sort of few is joined to the programme instead."""
TOGETHER: Final = (16, 4, 1)
"""Cells that are tried for one table, fewer each time. 64 at first took a tenth longer than 16, and 1 at first a third."""


class Attacker:
    """Linear programmes over one system; `solves` counts them, `least` and `most` are the room each cell is owed."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.solves = 0
        self.least = np.full(len(system.values), LEAST)
        self.most = np.full(len(system.values), MOST)
        # The true table is itself a proof of the counts that are 7 and 1.
        self._proven = {True: system.values >= MOST, False: system.values <= LEAST}
        self._sensitive = np.zeros(len(system.values), bool)
        self._sensitive[system.sensitive] = True
        self._beside = {end: proven.copy() for end, proven in self._proven.items()}
        self._sorts = (
            [[system.ties[n] for n in sort] for sort in sorts_of(system.ties)] if system.ties else []
        )
        self._people = [Spread(sort, system.values) for sort in self._sorts]
        self._are_asked = False
        self._take(set())

    def protect(self) -> None:
        """Hide further figures until nothing is exposed, small ones first; part by part, then what parts cannot do.

        The widest totals are spared until no hiding beneath them helps. Some limits come from what is already public
        (noughts, earlier releases) and no hiding can widen them; there the figure is given exactly the room it would
        have if this table showed nothing at all.
        """
        self._protect_figures()
        if not self._people:
            return
        # From here on, what nobody is known to stand behind is no proof.
        self._are_asked = True
        self._forget()
        for part in self._parts_left():
            self._look(part)
        few = {n for n, people in enumerate(self._people) if people.crowd < CROWDED}
        for joined in (few, set(range(len(self._people)))):
            self._forget()
            if joined and len(self._unproven(self.system.sensitive)):
                self._take(joined)
                for part in self._parts_left():
                    self._protect(part, is_whole=True)

    def _forget(self) -> None:
        """Take back the proofs that nobody is known to stand behind."""
        self._proven = {end: proven.copy() for end, proven in self._beside.items()}

    def _look(self, part: Ints) -> None:
        """Prove what people behind the figures' own sums prove, hiding nothing; given up where nobody is found."""
        programme = self._programme(part)
        if not programme.starts_where_it_stood:
            return
        small = np.flatnonzero(self._sensitive[part])
        for upward in (True, False):
            self._fit_together(programme, small, upward=upward, patience=PATIENCE)
        self.solves += programme.solves

    def _parts_left(self) -> list[Ints]:
        """All that hangs together with a small figure that is not yet proven."""
        left = self._unproven(self.system.sensitive)
        return [np.flatnonzero(self._labels == label) for label in np.unique(self._labels[left])]

    def _take(self, joined: set[int]) -> None:
        """Attack with the figures' own sums, joined by the unshown cells of some sorts of people."""
        self._joined = joined
        self._matrix = matrix_of(self.system, [tie for n in sorted(joined) for tie in self._sorts[n]])
        self._columns = self._matrix.tocsc()
        self._labels = components(self._matrix)

    def _protect_figures(self) -> None:
        """Prove what the sums of the figures themselves allow; part by part, then what parts cannot do."""
        sizes = np.bincount(self._labels)
        for part in parts_of(self.system, self._labels):
            is_whole = len(part) == sizes[np.unique(self._labels[part])].sum()
            self._protect(part, is_whole=is_whole)
        for part in self._parts_left():
            self._protect(part, is_whole=True)

    def _programme(self, part: Ints) -> Programme:
        return Programme(self.system, self._matrix, self._columns, part)

    def known_before(self) -> int:
        """How many sensitive figures have less room than 1 to 7 for reasons outside this table."""
        cells = self.system.sensitive
        return int(np.sum((self.least[cells] > LEAST) | (self.most[cells] < MOST)))

    def exposed_by_history(self) -> tuple[int, int]:
        """How many sensitive figures earlier releases leave less room than noughts alone, and how many others still less.

        The first had as little before: nothing that is let out or kept back now changes it. The others would lose room
        by what these tables add, which are their noughts.
        """
        left, lost = set[int](), set[int]()
        few = self.system.sensitive
        for label in np.unique(self._labels[few]):
            part = np.flatnonzero(self._labels == label)
            programme = self._programme(part)
            for upward in (True, False):
                narrowed = self._narrowed(programme, part[self._sensitive[part]], "free", upward=upward)
                more = self._narrowed(programme, narrowed, "past", upward=upward)
                left.update(narrowed.tolist())
                lost.update(more.tolist())
        return len(left - lost), len(lost)

    def _narrowed(self, programme: Programme, cells: Ints, knowing: str, *, upward: bool) -> Ints:
        """Those cells that have less room than somebody would leave them who knew no more than this."""
        s, part = self.system, programme.members
        targets, usual = (self.most, MOST) if upward else (self.least, LEAST)
        low, high = (
            (s.free_low[part], s.free_high[part])
            if knowing == "free"
            else (s.past_low[part], s.past_high[part])
        )
        cells = cells[targets[cells] != usual]
        limits = [
            self._limit(programme, int(np.searchsorted(part, cell)), low, high, upward=upward)
            for cell in cells
        ]
        is_less = np.abs(np.array(limits) - targets[cells]) > 10 * TOLERANCE
        return cells[np.flatnonzero(is_less)]

    def _protect(self, part: Ints, *, is_whole: bool) -> None:
        """Prove what can be proven of the small figures within a part, hiding what must be hidden for it."""
        small = np.flatnonzero(self._sensitive[part])
        if not len(self._unproven(part[small])):
            return
        programme = self._programme(part)
        are_walked = self._joined and programme.starts_where_it_stood
        for upward in (True, False):
            if are_walked:
                self._fit_together(programme, small, upward=upward)
            else:
                self._witness(programme, small, upward=upward)
            left = small[~self._proven[upward][part[small]]]
            # Pushed together, many cells would drag their totals along: only a crowd is not taken one at a time.
            is_crowd = len(left) > CROWD and not self._joined
            size = -(-len(left) // CHUNKS) if is_crowd else 1
            for start in range(0, len(left), size):
                chunk = left[start : start + size]
                chunk = chunk[~self._proven[upward][part[chunk]]]
                if len(chunk) > 1 and self._push(programme, chunk, upward=upward):
                    continue
                for cell in chunk:
                    if not self._proven[upward][part[cell]]:
                        self._push_one(programme, int(cell), upward=upward, is_whole=is_whole)
        self.solves += programme.solves

    def _witness(self, programme: Programme, small: Ints, *, upward: bool) -> None:
        """Tables that bring as many cells as they can to the far end, until one brings no more."""
        members = programme.members
        low, high = self._bounds(members)
        left = small[~self._proven[upward][members[small]]]
        ends = self.most[members] + ROOM if upward else self.least[members]
        while len(left):
            cost = np.zeros(len(members))
            # Unequal prices: at equal ones the interior-point method shares the room out and no cell gets all the way.
            price = np.random.default_rng(programme.solves).uniform(1.0, 2.0, len(left))
            cost[left] = -price if upward else price
            lows, highs = self._held(left, low, high, ends, upward=upward)
            self._learn(programme, programme.reach(lows, highs, cost))
            before, left = len(left), left[~self._proven[upward][members[left]]]
            if len(left) == before:
                return

    def _fit_together(
        self, programme: Programme, small: Ints, *, upward: bool, patience: int | None = None
    ) -> None:
        """Tables with some cells at the far end, nothing more hidden: what the figures' own sums let out, people mostly do.

        Cells are drawn at random, for those beside each other would have to share what room there is. After so many
        tables in a row that nobody was found to stand behind, no more are tried.
        """
        members = programme.members
        in_vain = 0
        order = np.random.default_rng(len(small)).permutation(small)
        for size in TOGETHER:
            left = order[~self._proven[upward][members[order]]]
            for start in range(0, len(left), size):
                cells = left[start : start + size]
                cells = cells[~self._proven[upward][members[cells]]]
                if not len(cells):
                    continue
                table = programme.fit(*self._at_ends(members, cells, upward=upward))
                in_vain = 0 if self._learn(programme, table) else in_vain + 1
                if in_vain == patience:
                    return

    @staticmethod
    def _held(cells: Ints, low: Floats, high: Floats, ends: Floats, *, upward: bool) -> tuple[Floats, Floats]:
        """The bounds with some cells going no further than their far end."""
        low, high = low.copy(), high.copy()
        if upward:
            high[cells] = np.minimum(high[cells], ends[cells])
        else:
            low[cells] = np.maximum(low[cells], ends[cells])
        return low, high

    def _push_one(self, programme: Programme, cell: int, *, upward: bool, is_whole: bool) -> None:
        one = np.array([cell])
        if self._push(programme, one, upward=upward) or not is_whole:
            return
        members, s = programme.members, self.system
        if self._joined and not self._are_people(programme):
            # An earlier release counted other people under these words: no one table stands behind both.
            self._beside[upward][members[one]] = self._proven[upward][members[one]] = True
            return
        limit = self._limit(programme, cell, s.floor[members], s.ceiling[members], upward=upward)
        targets = self.most if upward else self.least
        is_reached = abs(limit - targets[members[cell]]) <= TOLERANCE
        if is_reached and self._push(programme, one, upward=upward, sparing=False):
            return
        # A hair inside the limit, so that the solver's own tolerance cannot make it unreachable.
        targets[members[cell]] = limit - TOLERANCE if upward else limit + TOLERANCE
        pushed = self._push(programme, one, upward=upward, sparing=False)
        assert pushed, "a limit that was reached with everything hidden can be reached"

    def _are_people(self, programme: Programme) -> bool:
        """Whether any people at all can stand behind the true figures."""
        values = self.system.values[programme.members].astype(np.float64)
        low, high = values.copy(), values.copy()
        unshown = programme.members >= len(self.system.names)
        low[unshown], high[unshown] = 0.0, np.inf
        return programme.reach(low, high, np.zeros(len(values))) is not None

    def _limit(self, programme: Programme, cell: int, low: Floats, high: Floats, *, upward: bool) -> float:
        """How far towards its end a cell can go within the bounds, at most to 7 or 1."""
        cost = np.zeros(len(low))
        cost[cell] = -1.0 if upward else 1.0
        low, high = low.copy(), high.copy()
        if upward:
            high[cell] = min(high[cell], MOST)
        else:
            low[cell] = max(low[cell], LEAST)
        found = programme.reach(low, high, cost)
        assert found is not None, "the true table always fits its own noughts"
        return float(found[cell])

    def _push(self, programme: Programme, cells: Ints, *, upward: bool, sparing: bool = True) -> bool:
        """Hide what must move for these cells to go to their far end together; whether that can be done."""
        s, members = self.system, programme.members
        low, high = self._at_ends(members, cells, upward=upward)
        # A figure hidden in an earlier part has no further to go.
        price = np.where(s.hidden[members], 0.0, s.weights[members])
        fixed = s.dear[members] & ~s.hidden[members] & sparing
        floor, ceiling = np.where(fixed, low, s.floor[members]), np.where(fixed, high, s.ceiling[members])
        found = programme.push(low, high, floor, ceiling, price)
        if found is None:
            return False
        table, moved = found
        s.hidden[members[moved]] = True
        self._learn(programme, table)
        self._proven[upward][members[cells]] = True
        return True

    def _at_ends(self, members: Ints, cells: Ints, *, upward: bool) -> tuple[Floats, Floats]:
        """What the attacker knows, with some cells at their far end or as near as they can be shown to be."""
        low, high = self._bounds(members)
        if upward:
            low[cells] = np.maximum(low[cells], np.minimum(self.most[members[cells]], high[cells]))
        else:
            high[cells] = np.minimum(high[cells], np.maximum(self.least[members[cells]], low[cells]))
        return low, high

    def _learn(self, programme: Programme, table: Floats | None) -> bool:
        """Note every cell that a table which fits all that is known has brought to either end; whether people stand behind it."""
        if table is None:
            return False
        members = programme.members
        ends = {
            True: members[table >= self.most[members] - 2 * TOLERANCE],
            False: members[table <= self.least[members] + 2 * TOLERANCE],
        }
        for upward, cells in ends.items():
            self._proven[upward][cells] = True
        if not self._are_asked:
            return False
        whole = self.system.values.astype(np.float64)
        whole[members] = table
        are_people = all(
            people.can_be(whole) for n, people in enumerate(self._people) if n not in self._joined
        )
        if are_people:
            for upward, cells in ends.items():
                self._beside[upward][cells] = True
        return are_people

    def _unproven(self, cells: Ints) -> Ints:
        return cells[~(self._proven[True][cells] & self._proven[False][cells])]

    def _bounds(self, members: Ints) -> tuple[Floats, Floats]:
        s = self.system
        hidden = s.hidden[members]
        return (
            np.where(hidden, s.floor[members], s.low[members]),
            np.where(hidden, s.ceiling[members], s.high[members]),
        )
