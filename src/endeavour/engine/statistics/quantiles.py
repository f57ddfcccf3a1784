"""Quantiles of areas, ranked as the Office for Health Improvement and Disparities ranks them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from endeavour.engine.statistics._shape import (
    Codes,
    Estimate,
    Flags,
    Floats,
    Reason,
    floats,
    group_numbers,
    refuse,
)
from endeavour.errors import BadInput

_BLOCK = 16384
_PADDING = 8
"""Groups are ranked side by side in a grid unless it would be more than this many times the list."""


def quantile(
    values: ArrayLike,
    groups: ArrayLike | None = None,
    *,
    quantiles: int = 10,
    invert: ArrayLike = True,
) -> Estimate:
    """The quantile, from 1 to `quantiles`, that each area's value puts it in within its group.

    Shapes: without `groups`, `values` has shape (..., n) and each last axis is ranked by itself. With
    `groups`, both are one-dimensional and `groups` numbers each value's group from 0. The result has the
    shape of `values`.
    Polarity: `invert=True` puts the highest values in quantile 1 (right for a deprivation score, where
    quantile 1 is the most deprived); False puts the lowest there. It may be one answer, or one for each
    group.
    Units: a whole number held as a float, so that NaN can say 'none'; there are no limits.
    Edge rules: equal values share the best rank among them, so quantiles can differ in size; an unknown (NaN)
    value has no quantile (`missing-input`) and does not count; a group with fewer known values than quantiles
    has none (`fewer-areas-than-quantiles`).
    Errors: `BadInput` for fewer than two quantiles, infinite values, or `invert` of the wrong shape.
    Source: OHID, public health technical guidance, 'Assigning deprivation categories'.

    >>> quantile([5.0, 40.0, 20.0, 20.0], quantiles=2).value.tolist()
    [2.0, 1.0, 1.0, 1.0]
    >>> quantile([5.0, 40.0, 20.0, 20.0], quantiles=2, invert=False).value.tolist()
    [1.0, 2.0, 1.0, 1.0]
    """
    if quantiles != int(quantiles) or quantiles < 2:
        raise BadInput(
            f"{quantiles} is not a number of quantiles", hint="Ask for 2 or more, such as 5 or 10."
        )
    (x,) = floats(values)
    refuse(np.isinf(x), "a value is infinite")
    if x.ndim == 0:
        raise BadInput("a single value cannot be ranked")
    flat, which, many = _numbered(x, groups)
    inverted = _inverted(invert, many)
    tidy = bool((which[1:] >= which[:-1]).all())
    order = np.arange(0) if tidy else np.argsort(which, kind="stable")
    values, numbers = (flat, which) if tidy else (flat[order], which[order])
    ends = np.cumsum(np.bincount(which, minlength=many))
    place, reason = np.empty(flat.shape), np.empty(flat.shape, dtype=np.uint8)
    first = row = 0
    while first < many:  # whole groups, as many at a time as the processor's cache holds
        last = min(max(int(np.searchsorted(ends, row + _BLOCK)), first + 1), many)
        rows, until = slice(row, int(ends[last - 1])), int(ends[last - 1])
        place[rows], reason[rows] = _placed(
            values[rows], numbers[rows] - first, inverted[first:last], quantiles
        )
        first, row = last, until
    if not tidy:
        back = np.empty_like(order)
        back[order] = np.arange(order.size)
        place, reason = place[back], reason[back]
    return Estimate(place.reshape(x.shape), {}, {}, reason.reshape(x.shape))


def _placed(values: Floats, which: NDArray[np.intp], inverted: Flags, quantiles: int) -> tuple[Floats, Codes]:
    """Quantile and reason of each value of some whole groups, which stand in order."""
    known = ~np.isnan(values)
    size = np.bincount(which[known], minlength=inverted.size)
    widest = int(size.max())
    if widest * size.size == values.size and known.all():
        return _placed_alike(values.reshape(size.size, widest), inverted, quantiles)
    ranked = values
    if inverted.any():
        ranked = np.where(
            inverted[which], _highest(values, which, known, inverted.size)[which] - values, values
        )
    rank = _lowest_shared_rank(ranked, which, known, size)
    count = size[which].astype(np.float64)
    place = _place(rank, count, quantiles)
    reason = np.zeros(values.shape, dtype=np.uint8)
    reason[count < quantiles] = Reason.FEWER_AREAS_THAN_QUANTILES
    reason[~known] = Reason.MISSING
    place[reason != 0] = np.nan
    return place, reason


def _placed_alike(values: Floats, inverted: Flags, quantiles: int) -> tuple[Floats, Codes]:
    """`_placed` where each row is a whole group without unknown values: a rank's quantile is looked up, not computed."""
    size = values.shape[1]
    if size < quantiles:
        few = np.full(values.size, Reason.FEWER_AREAS_THAN_QUANTILES, dtype=np.uint8)
        return np.full(values.size, np.nan), few
    if inverted.any():
        values = np.where(inverted[:, None], values.max(axis=1, keepdims=True) - values, values)
    order, first = _first_of_equals(values)
    place = np.empty(values.size)
    place[order] = _place(np.arange(1.0, size + 1), np.float64(size), quantiles)[first]
    return place, np.zeros(values.size, dtype=np.uint8)


def _place(rank: Floats, count: Floats | np.float64, quantiles: int) -> Floats:
    """The guidance's formula in its own order of operations: a boundary falls the same way to the last bit."""
    with np.errstate(divide="ignore", invalid="ignore"):
        place = np.floor((quantiles + 1) - np.ceil(((count + 1) - rank) / (count / quantiles)))
    place[place == 0] = 1.0
    return np.asarray(place)


def _first_of_equals(rows: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where each row's sorted values stand in the whole grid, and for each the place, from 0, of the first equal one."""
    many, width = rows.shape
    order = np.argsort(rows, axis=1)
    order += np.arange(many)[:, None] * width
    values = rows.reshape(-1)[order]
    first = np.zeros(values.shape, dtype=np.intp)
    first[:, 1:] = np.where(values[:, 1:] != values[:, :-1], np.arange(1, width), 0)
    return order, np.maximum.accumulate(first, axis=1)


def _numbered(x: Floats, groups: ArrayLike | None) -> tuple[Floats, NDArray[np.intp], int]:
    if groups is None:
        rows = x.reshape(-1, x.shape[-1])
        return x.reshape(-1), np.repeat(np.arange(len(rows)), x.shape[-1]), len(rows)
    which = group_numbers(x, groups)
    return x, which, int(which.max(initial=-1)) + 1


def _inverted(invert: ArrayLike, many: int) -> Flags:
    flags = np.asarray(invert)
    if flags.dtype != np.bool_ or flags.shape not in {(), (many,)}:
        raise BadInput("`invert` is True or False, once or for each group")
    return np.asarray(np.broadcast_to(flags, (many,)))


def _highest(flat: Floats, which: NDArray[np.intp], known: Flags, many: int) -> Floats:
    highest = np.full(many, -np.inf)
    np.maximum.at(highest, which[known], flat[known])
    return highest


def _lowest_shared_rank(
    ranked: Floats, which: NDArray[np.intp], known: Flags, size: NDArray[np.intp]
) -> Floats:
    """1 for the smallest of its group; equal values share the smallest rank among them; NaN where not known."""
    rows = np.flatnonzero(known)
    rank = np.full(ranked.shape, np.nan)
    widest = int(size.max(initial=0))
    if widest * size.size > _PADDING * rows.size:
        rank[rows] = _ranked_in_one_list(ranked[rows], which[rows])
    elif rows.size:
        rank[rows] = _ranked_in_a_grid(ranked[rows], which[rows], size, widest)
    return rank


def _ranked_in_a_grid(ranked: Floats, which: NDArray[np.intp], size: NDArray[np.intp], widest: int) -> Floats:
    """Groups of like size as the rows of a grid, each sorted by itself: several times quicker than one long sort."""
    place = np.arange(which.size) - np.repeat(np.cumsum(size) - size, size)
    values = np.full((size.size, widest), np.inf)
    values[which, place] = ranked
    order, first = _first_of_equals(values)
    shared = np.empty(values.size)
    shared[order] = first + 1.0
    return np.asarray(shared.reshape(values.shape)[which, place])


def _ranked_in_one_list(ranked: Floats, which: NDArray[np.intp]) -> Floats:
    """Groups of very unlike size: one sort by group and value."""
    order = np.lexsort((ranked, which))
    group, value = which[order], ranked[order]
    new_group = np.r_[True, group[1:] != group[:-1]]
    new_value = new_group | np.r_[True, value[1:] != value[:-1]]
    place = np.arange(order.size)
    first_of_group = np.maximum.accumulate(np.where(new_group, place, 0))
    first_of_value = np.maximum.accumulate(np.where(new_value, place, 0))
    rank = np.empty(ranked.shape)
    rank[order] = first_of_value - first_of_group + 1
    return rank
