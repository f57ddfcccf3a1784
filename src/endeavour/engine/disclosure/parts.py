"""A system cut into parts small enough to attack one at a time, so that the work grows with the table and no faster.

A part is any set of figures; the rest are held at their true values while it is worked on. Figures that hang together
by no sum are natural parts. What hangs together and is too large is cut across its widest dimension (areas, most
often), and every slice takes the totals over that dimension with it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

import numpy as np

from endeavour.engine.disclosure.structure import Ints, System

SIZE: Final = 250
"""Dense tables of three dimensions took 0.8 and 1.0 CPU-s at 250 figures, 1.4 and 2.6 at 500, 2.9 and 18 at 1,000."""


def components(matrix: Any) -> Ints:
    """For each figure, the number of the group of figures that sums tie it to."""
    from scipy.sparse import bmat
    from scipy.sparse.csgraph import connected_components

    _, labels = connected_components(bmat([[None, matrix], [matrix.T, None]]), directed=False)
    return np.asarray(labels[matrix.shape[0] :], dtype=np.int64)


def parts_of(system: System, labels: Ints) -> list[Ints]:
    """The parts of a system that hold a small figure, each near `SIZE` figures or as few as hang together."""
    order = np.argsort(labels, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(labels[order])) + 1)
    small = np.zeros(len(labels), dtype=bool)
    small[system.sensitive] = True
    groups = [group for group in groups if small[group].any()]
    found: list[Ints] = []
    waiting: list[Ints] = []
    for group in groups:
        if len(group) > 2 * SIZE:
            found += _slices(system, group)
            continue
        waiting.append(group)
        if sum(map(len, waiting)) >= SIZE:
            found.append(np.concatenate(waiting))
            waiting = []
    if waiting:
        found.append(np.concatenate(waiting))
    return [part for part in found if small[part].any()]


def _slices(system: System, group: Ints) -> list[Ints]:
    values: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for at in group.tolist():
        for dimension, value in system.names[at]:
            values[dimension][value].append(at)
    if not values:
        return [group]
    widest = max(values, key=lambda name: (len(values[name]), name))
    totals = np.setdiff1d(group, [at for members in values[widest].values() for at in members])
    size = max(SIZE, len(totals))
    found, part = [], []
    for members in values[widest].values():
        part += members
        if len(part) >= size:
            found.append(np.concatenate([totals, np.array(part, dtype=np.int64)]))
            part = []
    if part or not found:
        found.append(np.concatenate([totals, np.array(part, dtype=np.int64)]))
    return found
