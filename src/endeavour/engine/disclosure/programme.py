"""One part of a system as a linear programme that is solved many times over, each time from where it last stood.

Figures outside the part are held at their true values, so a table that fits the part's own sums fits every sum, and
what it proves is proven of the whole.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from endeavour.engine.disclosure.structure import Floats, Ints, System

LARGE: Final = 4000
TOLERANCE: Final = 1e-6


def matrix_of(system: System) -> Any:
    """The sums of a system, a row each: the total less its parts is nought."""
    from scipy.sparse import csr_matrix

    columns = [at for total, parts in system.equations for at in (total, *parts)]
    starts = np.cumsum([0] + [1 + len(parts) for _, parts in system.equations])
    signs = np.full(len(columns), -1.0)
    signs[starts[:-1]] = 1.0
    return csr_matrix((signs, columns, starts), shape=(len(system.equations), len(system.values)))


class Programme:
    """The figures `members` of a system free to move, with room for each shown one to be hidden as well.

    Each figure is x + up + down: x within what the attacker knows now, up and down the further way that hiding it
    would open. `solves` counts.
    """

    def __init__(self, system: System, matrix: Any, members: Ints) -> None:
        from scipy.sparse import hstack

        self.members = members
        self.movable = np.flatnonzero(system.hideable[members])
        inside = matrix[:, members].tocsr()
        rows = np.flatnonzero(np.diff(inside.indptr))
        inside = inside[rows]
        # What the figures outside contribute to each sum, at their true values: all of it less what is inside.
        sums = -(matrix[rows] @ system.values - inside @ system.values[members])
        inside = inside.tocsc()
        moving = inside[:, self.movable]
        self._load(hstack([inside, moving, moving], format="csc"), sums)
        self.solves = 0

    def _load(self, matrix: Any, sums: Floats) -> None:
        import highspy

        problem = highspy.HighsLp()
        self.width = matrix.shape[1]
        problem.num_col_, problem.num_row_ = self.width, matrix.shape[0]
        nothing = np.zeros(self.width)
        problem.col_cost_, problem.col_lower_, problem.col_upper_ = nothing, nothing, nothing
        problem.row_lower_ = problem.row_upper_ = sums
        problem.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        problem.a_matrix_.start_, problem.a_matrix_.index_ = matrix.indptr, matrix.indices
        problem.a_matrix_.value_ = matrix.data
        self._every = np.arange(self.width, dtype=np.int32)
        self._optimal = highspy.HighsModelStatus.kOptimal
        self._solver: Any = highspy.Highs()
        self._solver.setOptionValue("output_flag", False)
        self._solver.setOptionValue("threads", 1)
        self._solver.setOptionValue("presolve", "off" if self.width < LARGE else "on")
        self._solver.passModel(problem)

    def reach(self, low: Floats, high: Floats, cost: Floats) -> Floats | None:
        """The cheapest table of the part within the bounds, nothing more hidden; None where there is none."""
        still = np.zeros(2 * len(self.movable))
        found = self._solve(
            np.concatenate([cost, still]),
            np.concatenate([low, still]),
            np.concatenate([high, still]),
            vertex=False,
        )
        return None if found is None else found[: len(self.members)]

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
        found = self._solve(
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

    def _solve(self, cost: Floats, low: Floats, high: Floats, *, vertex: bool) -> Floats | None:
        """A solution from the last one's basis; a large part by the interior-point method, which needs none.

        On ten thousand cells the interior point took 0.6 s where the simplex took over 40; only where as few figures
        as possible must move does it walk on to a vertex.
        """
        self.solves += 1
        solver = self._solver
        if self.width >= LARGE:
            solver.clearSolver()
            solver.setOptionValue("solver", "ipm")
            solver.setOptionValue("run_crossover", "on" if vertex else "off")
        solver.changeColsBounds(self.width, self._every, low, high)
        solver.changeColsCost(self.width, self._every, cost)
        solver.run()
        if solver.getModelStatus() == self._optimal:
            return np.asarray(solver.getSolution().col_value)
        return None
