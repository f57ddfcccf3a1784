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
from endeavour.engine.disclosure.structure import Floats, Ints, System

LEAST, MOST = 1.0, 7.0
CHUNKS: Final = 3
CROWD: Final = 24
ROOM: Final = 1e-3


class Attacker:
    """Linear programmes over one system; `solves` counts them, `least` and `most` are the room each cell is owed."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.solves = 0
        self.least = np.full(len(system.values), LEAST)
        self.most = np.full(len(system.values), MOST)
        self._proven = {True: np.zeros(len(system.values), bool), False: np.zeros(len(system.values), bool)}
        self._sensitive = np.zeros(len(system.values), bool)
        self._sensitive[system.sensitive] = True
        self._tied = np.zeros(len(system.values), bool)
        self._tied[[at for at, _ in system.ties]] = True
        self._beside = {True: self._proven[True].copy(), False: self._proven[False].copy()}
        self._take(joined=False)

    def protect(self) -> None:
        """Hide further figures until nothing is exposed, small ones first; part by part, then what parts cannot do.

        The widest totals are spared until no hiding beneath them helps. Some limits come from what is already public
        (noughts, earlier releases) and no hiding can widen them; there the figure is given exactly the room it would
        have if this table showed nothing at all.
        """
        self._protect_figures()
        if self.system.ties:
            self._take(joined=True)
            self._proven = self._beside
            for part in self._parts_left():
                self._protect(part, is_whole=True)

    def _parts_left(self) -> list[Ints]:
        """All that hangs together with a small figure that is not yet proven."""
        left = self._unproven(self.system.sensitive)
        return [np.flatnonzero(self._labels == label) for label in np.unique(self._labels[left])]

    def _take(self, *, joined: bool) -> None:
        """Attack with the figures' own sums, or joined by the cells that no table shows."""
        self._joined = joined
        self._matrix = matrix_of(self.system, joined=joined)
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

    def exposed_by_history(self) -> int:
        """How many sensitive figures earlier releases, with this one's noughts, leave less room than noughts alone."""
        s, found = self.system, 0
        for upward, targets in ((True, self.most), (False, self.least)):
            usual = MOST if upward else LEAST
            for cell in s.sensitive[targets[s.sensitive] != usual]:
                part = np.flatnonzero(self._labels == self._labels[cell])
                programme, at = self._programme(part), int(np.searchsorted(part, cell))
                free = self._limit(programme, at, s.free_low[part], s.free_high[part], upward=upward)
                found += abs(free - targets[cell]) > 10 * TOLERANCE
        return found

    def _protect(self, part: Ints, *, is_whole: bool) -> None:
        """Prove what can be proven of the small figures within a part, hiding what must be hidden for it."""
        small = np.flatnonzero(self._sensitive[part])
        if not len(self._unproven(part[small])):
            return
        programme = self._programme(part)
        for upward in (True, False):
            self._witness(programme, small, upward=upward)
            left = small[~self._proven[upward][part[small]]]
            # Pushed together, many cells would drag their totals along: only a crowd is not taken one at a time.
            size = 1 if len(left) <= CROWD else -(-len(left) // CHUNKS)
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
        while len(left):
            cost, lows, highs = np.zeros(len(members)), low, high
            # Unequal prices: at equal ones the interior-point method shares the room out and no cell gets all the way.
            price = np.random.default_rng(programme.solves).uniform(1.0, 2.0, len(left))
            if upward:
                cost[left], highs = -price, high.copy()
                highs[left] = np.minimum(high[left], self.most[members[left]] + ROOM)
            else:
                cost[left], lows = price, low.copy()
                lows[left] = np.maximum(low[left], self.least[members[left]])
            self._learn(programme, programme.reach(lows, highs, cost))
            before, left = len(left), left[~self._proven[upward][members[left]]]
            if len(left) == before:
                return

    def _push_one(self, programme: Programme, cell: int, *, upward: bool, is_whole: bool) -> None:
        one = np.array([cell])
        if self._push(programme, one, upward=upward) or not is_whole:
            return
        members, s = programme.members, self.system
        limit = self._limit(programme, cell, s.floor[members], s.ceiling[members], upward=upward)
        targets = self.most if upward else self.least
        is_reached = abs(limit - targets[members[cell]]) <= TOLERANCE
        if is_reached and self._push(programme, one, upward=upward, sparing=False):
            return
        # A hair inside the limit, so that the solver's own tolerance cannot make it unreachable.
        targets[members[cell]] = limit - TOLERANCE if upward else limit + TOLERANCE
        pushed = self._push(programme, one, upward=upward, sparing=False)
        assert pushed, "a limit that was reached with everything hidden can be reached"

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
        low, high = self._bounds(members)
        if upward:
            low[cells] = np.maximum(low[cells], np.minimum(self.most[members[cells]], high[cells]))
        else:
            high[cells] = np.minimum(high[cells], np.maximum(self.least[members[cells]], low[cells]))
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

    def _learn(self, programme: Programme, table: Floats | None) -> None:
        """Note every cell that a table which fits all that is known has brought to either end."""
        if table is None:
            return
        members = programme.members
        ends = {
            True: members[table >= self.most[members] - 2 * TOLERANCE],
            False: members[table <= self.least[members] + 2 * TOLERANCE],
        }
        # The true people stand behind a table that leaves every tied figure as it is: it fits the unshown cells too.
        tied = self._tied[members]
        is_true = self._joined or bool(
            np.all(np.abs(table[tied] - self.system.values[members[tied]]) <= TOLERANCE)
        )
        for upward, cells in ends.items():
            self._proven[upward][cells] = True
            if is_true:
                self._beside[upward][cells] = True

    def _unproven(self, cells: Ints) -> Ints:
        return cells[~(self._proven[True][cells] & self._proven[False][cells])]

    def _bounds(self, members: Ints) -> tuple[Floats, Floats]:
        s = self.system
        hidden = s.hidden[members]
        return (
            np.where(hidden, s.floor[members], s.low[members]),
            np.where(hidden, s.ceiling[members], s.high[members]),
        )
