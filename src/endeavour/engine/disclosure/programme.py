"""One part of a system as a linear programme that is solved many times over, each time from where it last stood.

Figures outside the part are held at their true values, so a table that fits the part's own sums fits every sum, and
what it proves is proven of the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Final

import numpy as np

from endeavour.engine.disclosure.interior import Tie
from endeavour.engine.disclosure.structure import Floats, Ints, System

LARGE: Final = 12_000
"""Figures and cells of a part from which each table begins afresh. One of 10,300 took 7 CPU-s walked and 14 afresh."""
TOLERANCE: Final = 1e-6
DUAL: Final = 1
PRIMAL: Final = 4
"""The solver's own numbers for its two ways of walking."""


def matrix_of(system: System, ties: Sequence[Tie] = ()) -> Any:
    """The sums of a system, a row each: the total less its parts is nought; and so a figure less its unshown cells."""
    from scipy.sparse import csr_matrix, vstack

    columns = [at for total, parts in system.equations for at in (total, *parts)]
    starts = np.cumsum([0] + [1 + len(parts) for _, parts in system.equations])
    signs = np.full(len(columns), -1.0)
    signs[starts[:-1]] = 1.0
    sums = csr_matrix((signs, columns, starts), shape=(len(system.equations), len(system.values)))
    if not ties:
        return sums
    rows = [
        np.concatenate([[tie.figure] if tie.less is None else [tie.figure, tie.less], tie.cells])
        for tie in ties
    ]
    starts = np.cumsum([0, *map(len, rows)])
    signs = np.full(starts[-1], -1.0)
    signs[starts[:-1]] = 1.0
    return vstack(
        [sums, csr_matrix((signs, np.concatenate(rows), starts), (len(rows), sums.shape[1]))], "csr"
    )


class Programme:
    """The figures `members` of a system free to move, with room for each shown one to be hidden as well.

    Two models of the same sums, each solved from where it last stood: one of the figures alone, to find tables in, and
    one, made when first needed, in which each shown figure is x + up + down: x within what the attacker knows now, up
    and down the further way that hiding it would open. `matrix` has the sums by row, `columns` the same by figure.
    `solves` counts.
    """

    def __init__(self, system: System, matrix: Any, columns: Any, members: Ints) -> None:
        self.members = members
        self.movable = np.flatnonzero(system.hideable[members])
        inside = columns[:, members]
        rows = np.unique(inside.indices)
        inside = inside.tocsr()[rows]
        # What the figures outside contribute to each sum, at their true values: all of it less what is inside.
        self._sums = -(matrix[rows] @ system.values - inside @ system.values[members])
        self._inside = inside.tocsc()
        self._found = _Model(self._inside, self._sums)

    @property
    def solves(self) -> int:
        """How many programmes were solved."""
        return self._found.solves + (self._moved.solves if "_moved" in self.__dict__ else 0)

    @cached_property
    def _moved(self) -> _Model:
        from scipy.sparse import hstack

        moving = self._inside[:, self.movable]
        return _Model(hstack([self._inside, moving, moving], format="csc"), self._sums)

    def reach(self, low: Floats, high: Floats, cost: Floats) -> Floats | None:
        """The cheapest table of the part within the bounds, nothing more hidden; None where there is none."""
        return self._found.solve(cost, low, high, vertex=False)

    @property
    def starts_where_it_stood(self) -> bool:
        """Whether a table costs the less the nearer it is to the last one; a large part begins afresh each time."""
        return len(self.members) < LARGE

    def fit(self, low: Floats, high: Floats) -> Floats | None:
        """Any table of the part within the bounds, nothing more hidden; None where there is none.

        Where nothing is to be paid, wherever the solver last stood is as good as anywhere, and the dual simplex only
        puts right what is out of bounds.
        """
        return self._found.solve(np.zeros(len(low)), low, high, vertex=True)

    def push(
        self, low: Floats, high: Floats, floor: Floats, ceiling: Floats, price: Floats
    ) -> tuple[Floats, Ints] | None:
        """A table within the bounds at the least cost in further figures moved out of theirs, and which those are."""
        movable, n = self.movable, len(self.members)
        # A figure that is hidden already has an open end and no further to go.
        high_now, nothing = high[movable], np.zeros(len(movable))
        up = np.subtract(ceiling[movable], high_now, out=nothing.copy(), where=np.isfinite(high_now))
        up = np.maximum(up, 0.0)
        down = np.maximum(low[movable] - floor[movable], 0.0)
        found = self._moved.solve(
            np.concatenate([np.zeros(n), price[movable], -price[movable]]),
            np.concatenate([low, nothing, -down]),
            np.concatenate([high, up, nothing]),
            vertex=True,
        )
        if found is None:
            return None
        ups, downs = found[n : n + len(movable)], found[n + len(movable) :]
        whole = found[:n].copy()
        whole[movable] += ups + downs
        return whole, movable[(ups > TOLERANCE) | (downs < -TOLERANCE)]


class _Model:
    """A matrix and what its rows come to, held by the solver; only costs and bounds change."""

    def __init__(self, matrix: Any, sums: Floats) -> None:
        import highspy

        problem = highspy.HighsLp()
        self.solves = 0
        self.width = matrix.shape[1]
        problem.num_col_, problem.num_row_ = self.width, matrix.shape[0]
        nothing = np.zeros(self.width)
        problem.col_cost_, problem.col_lower_, problem.col_upper_ = nothing, nothing, nothing
        problem.row_lower_ = problem.row_upper_ = sums
        problem.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        problem.a_matrix_.start_, problem.a_matrix_.index_ = matrix.indptr, matrix.indices
        problem.a_matrix_.value_ = matrix.data
        self._cost, self._low, self._high = nothing, nothing, nothing
        self._optimal = highspy.HighsModelStatus.kOptimal
        self._settled = self._optimal, highspy.HighsModelStatus.kInfeasible
        self._solver: Any = highspy.Highs()
        self._solver.setOptionValue("output_flag", False)
        self._solver.setOptionValue("threads", 1)
        self._solver.setOptionValue("presolve", "off" if self.width < LARGE else "on")
        self._solver.passModel(problem)

    def solve(self, cost: Floats, low: Floats, high: Floats, *, vertex: bool) -> Floats | None:
        """A solution from the last one's basis; a large part by the interior-point method, which needs none.

        On ten thousand cells the interior point took 0.6 s where the simplex took over 40; on two thousand the
        simplex, which starts where it last stood, takes a seventh of the interior point's time. Only where as few
        figures as possible must move does the interior point walk on to a vertex.
        """
        self.solves += 1
        solver = self._solver
        if self.width >= LARGE:
            solver.clearSolver()
            solver.setOptionValue("solver", "ipm")
            solver.setOptionValue("run_crossover", "on" if vertex else "off")
        moved = np.flatnonzero((low != self._low) | (high != self._high)).astype(np.int32)
        solver.changeColsBounds(len(moved), moved, low[moved], high[moved])
        priced = np.flatnonzero(cost != self._cost).astype(np.int32)
        solver.changeColsCost(len(priced), priced, cost[priced])
        self._cost, self._low, self._high = cost, low, high
        # A table found before still fits when other cells are priced, so the primal simplex walks on from it, five
        # times as fast as the dual; where bounds have moved, and at first, the dual is the faster.
        solver.setOptionValue("simplex_strategy", DUAL if vertex or self.solves == 1 else PRIMAL)
        solver.run()
        is_sure = vertex or (self.solves == 1 and self.width < LARGE)
        if solver.getModelStatus() not in (self._settled if is_sure else (self._optimal,)):
            # Lost its way from where it last stood: even a table that there is it may then call impossible.
            solver.clearSolver()
            solver.setOptionValue("solver", "simplex")
            solver.setOptionValue("simplex_strategy", DUAL)
            solver.run()
        if solver.getModelStatus() == self._optimal:
            return np.asarray(solver.getSolution().col_value)
        return None
