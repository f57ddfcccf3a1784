"""Whether some people can stand behind a table: one sort's unshown cells, each nought or more, that sum to its figures.

A linear programme answers it for any table, and at great cost. But people who are spread evenly to begin with can be
moved to the sums of another table by multiplying: what is multiplied is never less than nought, so where the sums are
met the people are the proof. Where they are not met nothing is said, and the programme is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Final

import numpy as np

from endeavour.engine.disclosure.interior import Tie
from endeavour.engine.disclosure.structure import Floats, Ints

SWEEPS: Final = 60
STEPS: Final = 20
PATIENCE: Final = 3
"""Steps that need bring the sums no nearer; after them, nobody is taken to be found where one does not."""
EXACT: Final = 1e-5
RIDGE: Final = 1e-10
FEWEST: Final = 0.02
"""The least that one step may multiply people by: a cell that must be empty is soon as good as that, and none is below nought."""
NOBODY: Final = 1e-3
"""Cells of less than this part of an even share are left empty: the sums allow nobody there, and a spread never quite says so."""


class Spread:
    """The unshown cells that some ties sum, and no others do; `values` are the true figures.

    >>> ties = [Tie(0, None, np.array([0, 1])), Tie(1, None, np.array([0])), Tie(2, None, np.array([1]))]
    >>> people = Spread(ties, np.array([90, 40, 50]))
    >>> people.can_be(np.array([92.0, 44.0, 48.0])), people.can_be(np.array([92.0, 93.0, -1.0]))
    (True, False)
    >>> people.can_be(np.array([92.0, 44.0, 44.0]))  # the parts are not the whole
    False
    """

    def __init__(self, ties: Sequence[Tie], values: Ints) -> None:
        from scipy.sparse import csr_matrix

        self._whole = np.array([tie.figure for tie in ties])
        self._less = np.array([-1 if tie.less is None else tie.less for tie in ties])
        self._true = self._sums(values)
        cells = np.concatenate([tie.cells for tie in ties])
        self.cells = np.unique(cells)
        starts = np.cumsum([0, *(len(tie.cells) for tie in ties)])
        self._matrix = csr_matrix(
            (np.ones(len(cells)), np.searchsorted(self.cells, cells), starts), (len(ties), len(self.cells))
        )
        self.crowd = float(self._true.max()) / len(self.cells)

    def can_be(self, values: Floats) -> bool:
        """Whether people were found whose sums are these figures; that none were found does not say there are none."""
        sums = self._sums(values)
        if np.abs(sums - self._true).max() <= EXACT:
            return True  # the true people
        return self._met(sums, self._people, self._solve)[1]

    def _sums(self, values: Any) -> Floats:
        less = np.where(self._less >= 0, values[self._less], 0.0)
        return np.asarray(values[self._whole] - less, dtype=np.float64)

    @cached_property
    def _people(self) -> Floats:
        """The true figures spread as evenly as they allow: by proportional fitting, then by Newton's steps."""
        people = np.ones(len(self.cells))
        owners = self._apart()
        for _ in range(SWEEPS):
            for owner in owners:
                held = np.bincount(owner + 1, people, len(self._true) + 1)[1:]
                ratio = np.divide(self._true, held, out=np.zeros(len(held)), where=held > 0)
                people = people * np.append(ratio, 1.0)[owner]
        for _ in range(STEPS):
            people[people < NOBODY * self._even] = 0.0
            people, is_met = self._met(self._true, people, None, steps=1)
            if is_met:
                break
        return people

    def _met(self, sums: Floats, people: Floats, solve: Any, *, steps: int = STEPS) -> tuple[Floats, bool]:
        """These people multiplied, sum by sum, until they come to `sums` (Newton's steps), and whether they do.

        `solve` is that of people like these, if there is one; another is made where it no longer brings them ten times
        as near.
        """
        missing = sums - self._matrix @ people
        far = np.abs(missing).max()
        for step in range(steps):
            if far <= EXACT:
                return people, True
            solve = solve or self._solver(people)
            people = people * np.maximum(1.0 + self._matrix.T @ solve(missing), FEWEST)
            missing, before = sums - self._matrix @ people, far
            far = np.abs(missing).max()
            if step >= PATIENCE and far > 0.7 * before:
                break
            if far > 0.1 * before:
                solve = None
        return people, bool(far <= EXACT)

    @cached_property
    def _even(self) -> Floats:
        """Each cell's part of the smallest of its sums, were that shared out evenly."""
        counts = np.diff(self._matrix.indptr)
        even = np.full(len(self.cells), np.inf)
        np.minimum.at(even, self._matrix.indices, np.repeat(self._true / counts, counts))
        return even

    def _apart(self) -> list[Ints]:
        """Each cell's sum (-1: none) in as many sets of sums as it takes for no cell to be twice in one."""
        found: list[Ints] = []
        for row, (start, end) in enumerate(zip(self._matrix.indptr, self._matrix.indptr[1:], strict=False)):
            cells = self._matrix.indices[start:end]
            free = next((owner for owner in found if (owner[cells] < 0).all()), None)
            if free is None:
                free = np.full(len(self.cells), -1)
                found.append(free)
            free[cells] = row
        return found

    @cached_property
    def _solve(self) -> Any:
        return self._solver(self._people)

    def _solver(self, people: Floats) -> Any:
        """What solves for how much more of each sum's people there must be, for the sums to differ by so many."""
        from scipy.sparse import diags, identity
        from scipy.sparse.linalg import splu

        met = self._matrix @ diags(people) @ self._matrix.T
        # Some sums follow from others: a hair on the diagonal, put right by going over it again.
        hair = RIDGE * max(1.0, met.diagonal().mean())
        return splu((met + hair * identity(met.shape[0])).tocsc()).solve


def sorts_of(ties: Sequence[Tie]) -> list[Ints]:
    """The ties apart by the sort of people whose cells they sum: no cell is in two of the lists, of their numbers."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    cells = np.concatenate([tie.cells for tie in ties])
    rows = np.repeat(np.arange(len(ties)), [len(tie.cells) for tie in ties])
    size = len(ties) + int(cells.max()) + 1
    _, labels = connected_components(
        csr_matrix((np.ones(len(cells)), (rows, len(ties) + cells)), (size, size)), directed=False
    )
    labels = labels[: len(ties)]
    return [np.flatnonzero(labels == label) for label in np.unique(labels)]
