"""Rounding and choosing that keep totals exact: the few tools every step of the generator shares.

Everything works on flat arrays of items (people, households) that each belong to a group (an area, or a cell of a
table), for all groups at once.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Curve = tuple[tuple[int, float], ...]

GOLDEN = 0.6180339887498949
"""Fractional part of the golden ratio: its multiples fill the unit interval evenly, so errors cancel over rows."""


def round_rows(cells: NDArray[Any], totals: NDArray[Any], start: float = 0.5) -> Ints:
    """Whole numbers near `cells` [rows, columns], rescaled so that each row sums exactly to its total.

    Each cell is within one of its rescaled value. The starting point of the rounding moves evenly from row to row,
    so that a small cell is rounded up in its due share of the rows and column sums stay near theirs. Rows of
    zeros stay zero, whatever their total.

    >>> round_rows(np.array([[1.2, 2.8], [30, 10]]), np.array([4, 8])).tolist()
    [[1, 3], [6, 2]]
    """
    cells = np.asarray(cells, dtype=np.float64)
    sums = cells.sum(axis=1)
    shares = np.divide(cells, sums[:, None], out=np.zeros_like(cells), where=sums[:, None] > 0)
    ends = np.cumsum(shares * np.asarray(totals)[:, None], axis=1)
    steps = np.floor(ends + evenly(len(cells), start)[:, None] + 1e-9)
    steps[:, -1] = np.where(sums > 0, totals, 0)
    steps = np.minimum.accumulate(steps[:, ::-1], axis=1)[:, ::-1]
    return np.diff(steps, axis=1, prepend=0).astype(np.int64)


def evenly(rows: int, start: float = 0.5) -> Floats:
    """Numbers in (0, 1) that fill it evenly, one a row: added before `floor`, they round without bias.

    >>> evenly(3).round(3).tolist()
    [0.5, 0.118, 0.736]
    """
    return np.asarray(np.clip(np.mod(start + GOLDEN * np.arange(rows), 1.0), 1e-6, 1 - 1e-6), np.float64)


def along(curve: Curve, at: NDArray[Any]) -> Floats:
    """The height of a curve, given as (age, height) points, at each age; flat outside them.

    >>> along(((0, 1.0), (10, 2.0)), np.array([5, 20])).tolist()
    [1.5, 2.0]
    """
    ages, heights = zip(*curve, strict=True)
    return np.asarray(np.interp(at, ages, heights), np.float64)


def share_out(weights: NDArray[Any], total: int) -> Ints:
    """Split `total` over `weights` in whole numbers, by largest remainder; ties go to the first.

    >>> share_out(np.array([1.0, 1.0, 2.0]), 5).tolist()
    [1, 1, 3]
    """
    exact = np.asarray(weights, dtype=np.float64) * (total / np.sum(weights))
    whole: Ints = np.floor(exact).astype(np.int64)
    short = int(total - whole.sum())
    whole[np.argsort(-np.round(exact - whole, 9), kind="stable")[:short]] += 1
    return whole


def rank_within(group: Ints, key: NDArray[Any]) -> tuple[Ints, Ints]:
    """Order items by group and key; return that order, and each item's rank (from 0) inside its group.

    `key` must lie in [0, 1), so that one sort of one number does the work.

    >>> order, rank = rank_within(np.array([1, 0, 1]), np.array([0.9, 0.5, 0.1]))
    >>> order.tolist(), rank.tolist()
    ([1, 2, 0], [1, 0, 0])
    """
    order = np.argsort(group + key)
    sizes = np.bincount(group) if len(group) else np.zeros(0, np.int64)
    starts = np.cumsum(sizes) - sizes
    rank = np.empty(len(group), np.int64)
    rank[order] = np.arange(len(group)) - starts[group[order]]
    return order, rank


def squash(score: Floats) -> Floats:
    """Map scores of 0 or more onto [0, 1), keeping their order, for `rank_within`."""
    return np.minimum(score / (1.0 + score), 1 - 1e-9)


def unit(values: NDArray[Any]) -> Floats:
    """Map any numbers linearly onto [0, 1), keeping their order, for `rank_within`."""
    if not len(values):
        return np.zeros(0)
    low, high = float(np.min(values)), float(np.max(values))
    return (np.asarray(values, np.float64) - low) / ((high - low) * (1 + 1e-9) + 1e-9)


def choose(group: Ints, weight: NDArray[Any], count: Ints, rng: np.random.Generator) -> Bools:
    """Mark exactly `count[g]` items of each group g, an item being likelier the greater its weight.

    A race of exponential clocks: equal to drawing without replacement in proportion to weight. Where a group has
    fewer items than its count, all are marked. Weights of nought are chosen last.
    """
    clock = rng.standard_exponential(len(group)) / np.maximum(weight, 1e-12)
    _, rank = rank_within(group, squash(clock))
    return rank < count[group]


def choose_rare(group: Ints, chance: NDArray[Any], count: Ints, rng: np.random.Generator) -> Ints:
    """Indices of exactly `count[g]` items of each group, in proportion to `chance`, when few are wanted.

    The same promise as `choose`, made cheap by sorting only the likely winners: the items whose clock, on the
    scale where the wanted number run out at about 1, is well ahead. Falls back on more items when a group has too
    few, so the counts are exact unless a group lacks items with a chance above nought.
    """
    chance = np.asarray(chance, np.float64)
    total = np.bincount(group, weights=chance, minlength=len(count))
    expected = np.divide(count, total, out=np.zeros(len(count)), where=total > 0)
    scaled = chance * expected[group]
    with np.errstate(divide="ignore", invalid="ignore"):
        clock = np.where(scaled > 0, rng.standard_exponential(len(group)) / scaled, np.inf)
    limit = 1.5
    while True:
        likely = np.flatnonzero(clock < limit)
        found = np.bincount(group[likely], minlength=len(count))
        if np.all(found >= count) or len(likely) == np.isfinite(clock).sum():
            break
        limit *= 4
    _, rank = rank_within(group[likely], squash(clock[likely]))
    return np.sort(likely[rank < count[group[likely]]])


def segments(group: Ints, key: NDArray[Any], counts: Ints) -> Ints:
    """Give each item a class so that group g holds exactly `counts[g, c]` of class c, low keys first.

    Each row of `counts` must sum to the number of items in its group. `key` lies in [0, 1).

    >>> segments(np.array([0, 0, 0]), np.array([0.3, 0.1, 0.2]), np.array([[2, 1]])).tolist()
    [1, 0, 0]
    """
    order, _ = rank_within(group, key)
    classes = np.tile(np.arange(counts.shape[1]), len(counts))
    out = np.empty(len(group), np.int64)
    out[order] = np.repeat(classes, counts.ravel())
    return out
