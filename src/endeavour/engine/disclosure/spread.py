"""Whether some people can stand behind a table: one sort's unshown cells, each nought or more, that sum to its figures.

A linear programme answers it for any table; but most sorts of people (those not counted, most often) are many in every
cell, and a table of theirs that differs by a few people is spread over the cells by one set of linear equations. Where
the spread is nowhere below nought it is the proof; where it is, nothing is said, and the programme is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Final

import numpy as np

from endeavour.engine.disclosure.interior import Tie
from endeavour.engine.disclosure.structure import Floats, Ints

SWEEPS: Final = 12
STEPS: Final = 8
REFINED: Final = 4
EXACT: Final = 1e-5
RIDGE: Final = 1e-10
NOBODY: Final = 0.05
"""Cells of fewer are left empty: mostly the sums allow nobody there, and an even spread never quite says so."""


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
        people, weights = self._people, self._people
        for _ in range(REFINED):
            missing = sums - self._matrix @ people
            if np.abs(missing).max() <= EXACT:
                break
            people = people + weights * (self._matrix.T @ self._solve(missing))
        return bool(np.abs(sums - self._matrix @ people).max() <= EXACT and people.min() >= 0.0)

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
            people[people < NOBODY] = 0.0
            missing = self._true - self._matrix @ people
            if np.abs(missing).max() <= EXACT:
                break
            people = people * np.exp(np.clip(self._matrix.T @ self._solver(people)(missing), -1.0, 1.0))
        return people

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
