"""The attacker: every published figure and sum as a linear programme, and the fewest further figures that stop it.

A small group is protected when the attacker cannot rule out any count from 1 to 7 for it: the least the figure could
be is 1 and the most is at least 7. Proving it needs a table that fits everything published and holds a large value in
that cell, and another that holds a small one. One table can prove many cells at once, so two linear programmes settle
most cells together and only the rest are attacked one by one (Fischetti and Salazar's cell suppression problem;
protection in the sense of Willenborg and de Waal, *Elements of Statistical Disclosure Control*).
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from endeavour.engine.disclosure.structure import Floats, Ints, System

LEAST, MOST = 1.0, 7.0
TOLERANCE: Final = 1e-6
CHUNKS: Final = 8
LARGE: Final = 3000
ONE_BY_ONE: Final = 4
ROOM: Final = 1e-3


class Attacker:
    """Linear programmes over one system; `solves` counts them."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.solves = 0
        self.least = np.full(len(system.values), LEAST)
        self.most = np.full(len(system.values), MOST)
        self._matrix = _Matrix(system)

    def bounds(self, cell: int) -> tuple[float, float]:
        """The least and the most the attacker can prove of one figure (counts of people)."""
        low, high = self._attacker_bounds()
        cost = np.zeros(len(low))
        cost[cell] = 1.0
        least = self._solve(cost, low, high)
        most = self._solve(-cost, low, high)
        return (
            0.0 if least is None else float(least[cell]),
            np.inf if most is None else float(most[cell]),
        )

    def exposed(self) -> tuple[Ints, Ints]:
        """The sensitive figures the attacker can prove to be under 7, and those it can prove to be over 1."""
        cells = self.system.sensitive
        return self._failing(cells, upward=True), self._failing(cells, upward=False)

    def protect(self) -> None:
        """Hide further figures until nothing is exposed, small ones first.

        Some limits come from what is already public (noughts, earlier releases) and no hiding can widen them; there
        the figure is given exactly the room it would have if this table showed nothing at all.
        """
        for upward in (True, False):
            left = self._failing(self.system.sensitive, upward=upward)
            size = len(left) if self._is_large else max(1, -(-len(left) // CHUNKS))
            while len(left):
                chunk, left = left[:size], left[size:]
                self._hide_for(chunk, upward=upward)
                if len(left):
                    left = self._failing(left, upward=upward)

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
                one = np.array([cell])
                told, targets[cell] = targets[cell], usual
                free = self._reach(one, s.free_low, s.free_high, upward=upward)
                targets[cell] = told
                assert free is not None, "the true table always fits its own noughts"
                best = min(MOST, float(free[cell])) if upward else max(LEAST, float(free[cell]))
                found += abs(best - targets[cell]) > 10 * TOLERANCE
        return found

    def _attacker_bounds(self) -> tuple[Floats, Floats]:
        s = self.system
        return np.where(s.hidden, s.floor, s.low), np.where(s.hidden, s.ceiling, s.high)

    def _failing(self, cells: Ints, *, upward: bool) -> Ints:
        """Which of the cells cannot reach the far end of 1 to 7; many at a time, then one at a time."""
        low, high = self._attacker_bounds()
        left = np.asarray(cells, dtype=np.int64)
        while len(left) > 1:
            found = self._reach(left, low, high, upward=upward)
            proven = (
                np.zeros(len(left), dtype=bool)
                if found is None
                else self._reached(found, left, upward=upward)
            )
            if not proven.any():
                break
            left = left[~proven]
        if len(left) > ONE_BY_ONE and self._is_large:
            return left
        failing = []
        for cell in left:
            one = np.array([cell])
            found = self._reach(one, low, high, upward=upward)
            if found is None or not self._reached(found, one, upward=upward).all():
                failing.append(int(cell))
        return np.array(failing, dtype=np.int64)

    def _reach(self, cells: Ints, low: Floats, high: Floats, *, upward: bool) -> Floats | None:
        """A table that fits what is known and brings as many of the cells as possible to the far end."""
        n = len(low)
        target = self.most[cells] + ROOM if upward else self.least[cells]
        cuts = np.clip(target, low[cells], high[cells])
        cost = np.zeros(n + len(cells))
        lows, highs = np.concatenate([low, np.zeros(len(cells))]), np.concatenate([high, high[cells] - cuts])
        highs[cells] = cuts
        # Unequal prices: at equal ones the interior-point method shares the room out and no cell gets all the way.
        price = np.random.default_rng(self.solves).uniform(1.0, 2.0, len(cells))
        if upward:
            cost[cells] = -price
        else:
            cost[n:] = price
        found = self._solve(cost, lows, highs, copies=cells)
        if found is None:
            return None
        whole = found[:n].copy()
        whole[cells] += found[n:]
        return whole

    def _hide_for(self, cells: Ints, *, upward: bool) -> None:
        """Hide what must move for these cells to be safe, together if that can be done, else one at a time."""
        if len(cells) > 1 and self._push(cells, upward=upward):
            return
        for cell in cells:
            one = np.array([cell])
            if self._push(one, upward=upward):
                continue
            found = self._reach(one, self.system.floor, self.system.ceiling, upward=upward)
            assert found is not None, "the true table always fits its own noughts"
            limit, targets = float(found[cell]), self.most if upward else self.least
            # A hair inside the limit, so that the solver's own tolerance cannot make it unreachable.
            targets[cell] = limit - TOLERANCE if upward else limit + TOLERANCE
            pushed = self._push(one, upward=upward)
            assert pushed, "a limit that was reached with everything hidden can be reached"

    def _push(self, cells: Ints, *, upward: bool) -> bool:
        s = self.system
        low, high = self._attacker_bounds()
        if upward:
            low = low.copy()
            low[cells] = np.maximum(low[cells], np.minimum(self.most[cells], high[cells]))
        else:
            high = high.copy()
            high[cells] = np.minimum(high[cells], np.maximum(self.least[cells], low[cells]))
        movable = np.flatnonzero(s.hideable & ~s.hidden)
        up, down = s.ceiling[movable] - high[movable], low[movable] - s.floor[movable]
        cost = np.concatenate([np.zeros(len(low)), s.weights[movable], s.weights[movable]])
        lows = np.concatenate([low, np.zeros(len(movable)), -np.maximum(down, 0.0)])
        highs = np.concatenate([high, np.maximum(up, 0.0), np.zeros(len(movable))])
        cost[len(low) + len(movable) :] *= -1.0
        found = self._solve(cost, lows, highs, copies=np.concatenate([movable, movable]), vertex=True)
        if found is None:
            return False
        extra = found[len(low) :]
        moved = (extra[: len(movable)] > TOLERANCE) | (extra[len(movable) :] < -TOLERANCE)
        s.hidden[movable[moved]] = True
        return True

    def _reached(self, found: Floats, cells: Ints, *, upward: bool) -> npt.NDArray[np.bool_]:
        if upward:
            return found[cells] >= self.most[cells] - 2 * TOLERANCE
        return found[cells] <= self.least[cells] + 2 * TOLERANCE

    @property
    def _is_large(self) -> bool:
        return len(self.system.values) > LARGE

    def _solve(
        self, cost: Floats, low: Floats, high: Floats, copies: Ints | None = None, *, vertex: bool = False
    ) -> Floats | None:
        self.solves += 1
        method = "simplex" if not self._is_large else "corner" if vertex else "inside"
        return self._matrix.solve(cost, low, high, copies, method)


class _Matrix:
    """The equations by column, ready to hand to the solver; extra columns are copies of given ones."""

    def __init__(self, system: System) -> None:
        from scipy.sparse import csc_matrix

        rows, columns, signs = [], [], []
        for row, (total, parts) in enumerate(system.equations):
            rows += [row] * (1 + len(parts))
            columns += [total, *parts]
            signs += [1.0] + [-1.0] * len(parts)
        shape = (len(system.equations), len(system.values))
        self._by_column: Any = csc_matrix((signs, (rows, columns)), shape=shape)

    def solve(
        self, cost: Floats, low: Floats, high: Floats, copies: Ints | None, method: str = "simplex"
    ) -> Floats | None:
        """The cheapest point within the bounds and equations, or None where there is none.

        `inside` and `corner` are the interior-point method, which on ten thousand cells took 0.6 s where the simplex
        took over 40; `corner` walks on to a vertex, where as few figures as possible move.
        """
        import highspy
        from scipy.sparse import hstack

        matrix = self._by_column
        if copies is not None and len(copies):
            matrix = hstack([matrix, matrix[:, copies]], format="csc")
        problem = highspy.HighsLp()
        problem.num_col_, problem.num_row_ = matrix.shape[1], matrix.shape[0]
        problem.col_cost_, problem.col_lower_, problem.col_upper_ = cost, low, high
        problem.row_lower_ = problem.row_upper_ = np.zeros(matrix.shape[0])
        problem.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        problem.a_matrix_.start_, problem.a_matrix_.index_ = matrix.indptr, matrix.indices
        problem.a_matrix_.value_ = matrix.data
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        solver.setOptionValue("solver", "simplex" if method == "simplex" else "ipm")
        if method == "inside":
            solver.setOptionValue("run_crossover", "off")
        solver.passModel(problem)
        solver.run()
        status = solver.getModelStatus()
        if status == highspy.HighsModelStatus.kOptimal:
            return np.asarray(solver.getSolution().col_value)
        return None
