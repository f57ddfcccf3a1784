"""XmR control charts as the NHS draws them ('Making Data Count'), for many series at once.

A series has a mean and limits 2.66 average moving ranges either side of it, worked out over a baseline. Four
rules then ask of each point whether it is more than noise. In order of precedence:

1. outside a limit;
2. one of seven or more in a row that all rise or all fall (trend);
3. near a limit (beyond two thirds of the way), with another such among three in a row on that side of the
mean; 4. one of seven or more in a row on the same side of the mean (shift).

Sources: NHS England, Making Data Count: strengthening your decisions; Wheeler DJ, Understanding Variation
(1993) for 2.66 and 3.267. Agrees with NHSRplotthedots 0.2.2 on every point.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from endeavour.engine.statistics._shape import Codes, Flags, Floats, Reason, floats, refuse
from endeavour.errors import BadInput

LIMIT = 2.66
SCREEN = 3.267
RUN = 7
SHORT = 13
_NEAR = 2 * LIMIT / 3

Integers = NDArray[np.int64]


class Rule(IntEnum):
    """Which rule a point breaks; 0 is none. Where it breaks several, the first in the module's order."""

    NONE = 0
    ABOVE_LIMIT = 1
    BELOW_LIMIT = 2
    SHIFT_ABOVE = 3
    SHIFT_BELOW = 4
    RISING = 5
    FALLING = 6
    TWO_OF_THREE_HIGH = 7
    TWO_OF_THREE_LOW = 8

    @property
    def words(self) -> str:
        """The rule in plain words.

        >>> Rule.RISING.words
        'one of seven or more points in a row that rise'
        """
        return _RULE_WORDS[self]


_RULE_WORDS = {
    Rule.NONE: "",
    Rule.ABOVE_LIMIT: "above the upper limit",
    Rule.BELOW_LIMIT: "below the lower limit",
    Rule.SHIFT_ABOVE: "one of seven or more points in a row above the mean",
    Rule.SHIFT_BELOW: "one of seven or more points in a row below the mean",
    Rule.RISING: "one of seven or more points in a row that rise",
    Rule.FALLING: "one of seven or more points in a row that fall",
    Rule.TWO_OF_THREE_HIGH: "two of three points in a row near the upper limit",
    Rule.TWO_OF_THREE_LOW: "two of three points in a row near the lower limit",
}


class Variation(IntEnum):
    """What a point, or the latest point of a series, says: noise, or a change and whether it is welcome."""

    COMMON_CAUSE = 0
    IMPROVEMENT = 1
    CONCERN = 2
    NEUTRAL_HIGH = 3
    NEUTRAL_LOW = 4


class Assurance(IntEnum):
    """Whether the process will meet its target if nothing changes; 0 where no target or no good direction is
    set."""

    NOT_ASKED = 0
    CONSISTENTLY_MEETS = 1
    HIT_AND_MISS = 2
    CONSISTENTLY_MISSES = 3


@dataclass(frozen=True)
class ControlChart:
    """The chart of each series. Arrays of points have the shape of `values`; arrays of series lack its last
    axis.

    `mean`, `lower` and `upper` repeat along each segment (NaN limits where there is no spread to measure).
    `segment` counts from 0. `side` is 1 above, -1 below and 0 on the mean. `outside` and `near` are False
    where the limits are unknown. `rule` holds `Rule`, `point` and `variation` hold `Variation`, `assurance`
    holds `Assurance`. `short` marks points in a segment of fewer than 13 points, whose limits are
    provisional.
    """

    values: Floats
    mean: Floats
    lower: Floats
    upper: Floats
    segment: Integers
    side: NDArray[np.int8]
    outside: Flags
    near: Flags
    rule: Codes
    point: Codes
    short: Flags
    variation: Codes
    assurance: Codes
    reason: Codes


def control_chart(
    values: ArrayLike,
    *,
    rebase: ArrayLike | None = None,
    baseline: ArrayLike | None = None,
    screen: ArrayLike = True,
    direction: ArrayLike = 0,
    target: ArrayLike | None = None,
) -> ControlChart:
    """The XmR chart of each series in `values`, whose last axis is time, in order and evenly spaced.

    `values` are in the measure's own unit. NaN at the end pads a short series; NaN elsewhere is a missing
    point, which breaks a run. `rebase` is true at each point where a new segment (new mean and limits)
    begins. `baseline` is how many points at the start of each segment set its mean and limits (0 or NaN: all
    of them). `screen` leaves out of the average any moving range of 3.267 averages or more, once.
    `direction` says which way is better: 1 up, -1 down, 0 neither. `target` may differ by series or by
    point; NaN is none. `rebase` and `target` broadcast against the points; `baseline`, `screen` and
    `direction` against the series.

    A series with a single point, or one that never moves, has a mean and no limits (`Reason.TOO_FEW_VALUES`,
    `Reason.NO_SPREAD`); an empty one has `Reason.MISSING`. Source: see the module.

    >>> chart = control_chart([10, 12, 11, 13, 12, 11, 30], direction=-1, target=[20.0] * 7)
    >>> chart.mean[0].round(3).item(), chart.upper[0].round(3).item()
    (14.143, 17.867)
    >>> Rule(chart.rule[-1]).name, Variation(chart.variation.item()).name, Assurance(chart.assurance.item()).name
    ('ABOVE_LIMIT', 'CONCERN', 'CONSISTENTLY_MEETS')
    """
    (y,) = floats(values)
    if y.ndim == 0 or not y.shape[-1]:
        raise BadInput("a control chart needs a series of values along the last axis")
    refuse(np.isinf(y), "a value is infinite")
    lead, length = y.shape[:-1], y.shape[-1]
    series = y.reshape(-1, length)
    starts = _points(rebase, y.shape, False).astype(bool)
    starts[:, :1] = False
    segment = np.cumsum(starts, axis=1)
    first = int(segment.max(initial=0)) + 1
    key = segment + first * np.arange(series.shape[0])[:, None]
    mean, spread, size = _centre(
        series, starts, key, _series(baseline, lead, 0), _series(screen, lead, 1) != 0
    )
    lower, upper = mean - LIMIT * spread, mean + LIMIT * spread
    with np.errstate(invalid="ignore"):
        side = np.nan_to_num(np.sign(series - mean)).astype(np.int8)
        outside = (series > upper) | (series < lower)
        near = ~outside & ((series < mean - _NEAR * spread) | (series > mean + _NEAR * spread))
    rule = _rules(series, side, outside, near, starts)
    way = _series(direction, lead, 0)
    refuse(~np.isin(way, (-1, 0, 1)), "a direction is not 1 (up is better), -1 (down is better) or 0")
    point = _kinds(rule, way[:, None])
    known = ~np.isnan(series)
    last = np.where(known.any(axis=1), length - 1 - np.argmax(known[:, ::-1], axis=1), 0)
    rows = np.arange(series.shape[0])
    goal = _points(target, y.shape, np.nan)[rows, last]
    assurance = _assurance(goal, lower[rows, last], upper[rows, last], way)
    shape = y.shape
    return ControlChart(
        y,
        mean.reshape(shape),
        lower.reshape(shape),
        upper.reshape(shape),
        segment.reshape(shape),
        side.reshape(shape),
        outside.reshape(shape),
        near.reshape(shape),
        rule.reshape(shape),
        point.reshape(shape),
        (known & (size < SHORT)).reshape(shape),
        point[rows, last].reshape(lead),
        assurance.reshape(lead),
        _reason(known, spread[rows, last]).reshape(lead),
    )


def _points(given: ArrayLike | None, shape: tuple[int, ...], default: float) -> Floats:
    """The option at every point, series flattened."""
    (array,) = floats(default if given is None else given)
    if given is not None and array.ndim and array.shape[-1] not in (1, shape[-1]):
        array = array[..., None]
    try:
        return np.array(np.broadcast_to(array, shape)).reshape(-1, shape[-1])
    except ValueError:
        raise BadInput(f"an option of shape {array.shape} does not fit points of shape {shape}") from None


def _series(given: ArrayLike | None, lead: tuple[int, ...], default: float) -> Floats:
    """The option of every series, flattened; NaN becomes the default."""
    (array,) = floats(default if given is None else given)
    try:
        flat = np.array(np.broadcast_to(array, lead)).reshape(-1)
    except ValueError:
        raise BadInput(f"an option of shape {array.shape} does not fit series of shape {lead}") from None
    return np.where(np.isnan(flat), default, flat)


def _centre(
    series: Floats, starts: Flags, key: Integers, baseline: Floats, screen: Flags
) -> tuple[Floats, Floats, Integers]:
    """Mean, average moving range and number of points of each point's segment."""
    where = np.arange(series.shape[1])
    begun = np.maximum.accumulate(np.where(starts, where, 0), axis=1)
    known = ~np.isnan(series)
    used = known & (where - begun < np.where(baseline > 0, baseline, np.inf)[:, None])
    cells, slots = key.ravel(), int(key.max(initial=-1)) + 1

    def average(of: Floats, at: Flags) -> Floats:
        """Mean by segment, spread back over its points; a second pass takes out the rounding of the first."""
        picked, values = cells[at.ravel()], of[at]
        count = np.bincount(picked, minlength=slots)
        with np.errstate(invalid="ignore", divide="ignore"):
            rough = np.bincount(picked, values, slots) / count
            fine = rough + np.bincount(picked, values - rough[picked], slots) / count
        return np.asarray(fine[key])

    mean = average(series, used)
    moved = np.zeros_like(series)
    moved[:, 1:] = np.abs(np.diff(series, axis=1))
    ranges = used & ~starts
    ranges[:, :1] = False
    ranges[:, 1:] &= used[:, :-1]
    spread = average(moved, ranges)
    with np.errstate(invalid="ignore"):
        kept = ranges & ((moved < SCREEN * spread) | ~screen[:, None])
    size = np.asarray(np.bincount(cells[known.ravel()], minlength=slots)[key], np.int64)
    return mean, average(moved, kept), size


def _runs(state: NDArray[np.int8], breaks: Flags) -> Integers:
    """How long the unbroken run of equal states is that each cell stands in."""
    length = state.shape[1]
    where = np.arange(length)
    new = breaks.copy()
    new[:, :1] = True
    new[:, 1:] |= state[:, 1:] != state[:, :-1]
    begun = np.maximum.accumulate(np.where(new, where, 0), axis=1)
    ends = np.full_like(begun, length)
    ends[:, :-1] = np.where(new[:, 1:], where[1:], length)
    ended = np.minimum.accumulate(ends[:, ::-1], axis=1)[:, ::-1]
    return np.asarray(ended - begun)


def _rules(series: Floats, side: NDArray[np.int8], outside: Flags, near: Flags, starts: Flags) -> Codes:
    weakest_first: list[tuple[Flags, ArrayLike]] = [
        (
            (side != 0) & (_runs(side, starts) >= RUN),
            np.where(side > 0, Rule.SHIFT_ABOVE, Rule.SHIFT_BELOW),
        ),
        (
            _two_of_three(side, near, starts),
            np.where(side > 0, Rule.TWO_OF_THREE_HIGH, Rule.TWO_OF_THREE_LOW),
        ),
        *_trends(series, starts),
        (outside, np.where(side > 0, Rule.ABOVE_LIMIT, Rule.BELOW_LIMIT)),
    ]
    rule = np.zeros(series.shape, np.uint8)
    for found, code in weakest_first:
        rule = np.where(found, code, rule).astype(np.uint8)
    return rule


def _trends(series: Floats, starts: Flags) -> list[tuple[Flags, int]]:
    """Points of a rise, then of a fall, of seven or more; the turning point of two belongs to the second."""
    if series.shape[1] < RUN:
        return []
    with np.errstate(invalid="ignore"):
        step = np.nan_to_num(np.sign(np.diff(series, axis=1))).astype(np.int8)
    step[starts[:, 1:]] = 0
    long = (step != 0) & (_runs(step, np.zeros(step.shape, bool)) >= RUN - 1)
    found = []
    for way, code in ((1, Rule.RISING), (-1, Rule.FALLING)):
        at = np.zeros(series.shape, bool)
        at[:, :-1] |= long & (step == way)
        at[:, 1:] |= long & (step == way)
        found.append((at, int(code)))
    return found


def _two_of_three(side: NDArray[np.int8], near: Flags, starts: Flags) -> Flags:
    found = np.zeros(side.shape, bool)
    if side.shape[1] < 3:
        return found
    three = near[:, :-2].astype(np.int8) + near[:, 1:-1] + near[:, 2:]
    one_side = np.abs(side[:, :-2] + side[:, 1:-1] + side[:, 2:]) == 3
    window = (three >= 2) & one_side & ~starts[:, 1:-1] & ~starts[:, 2:]
    for offset in range(3):
        found[:, offset : offset + window.shape[1]] |= window
    return found & near


_UP = np.array([0, 1, -1, 1, -1, 1, -1, 1, -1], np.int8)
"""Which way each rule points."""


def _kinds(rule: Codes, way: Floats) -> Codes:
    points = _UP[rule]
    kind = np.where(points == way, Variation.IMPROVEMENT, Variation.CONCERN)
    neutral = np.where(points > 0, Variation.NEUTRAL_HIGH, Variation.NEUTRAL_LOW)
    return np.where(rule == 0, 0, np.where(way == 0, neutral, kind)).astype(np.uint8)


def _assurance(goal: Floats, lower: Floats, upper: Floats, way: Floats) -> Codes:
    with np.errstate(invalid="ignore"):
        ahead = np.where(goal > upper, 1, np.where(goal < lower, -1, 0))
    state = np.where(
        ahead == 0,
        Assurance.HIT_AND_MISS,
        np.where(ahead == way, Assurance.CONSISTENTLY_MISSES, Assurance.CONSISTENTLY_MEETS),
    )
    return np.where(np.isnan(goal) | (way == 0), Assurance.NOT_ASKED, state).astype(np.uint8)


def _reason(known: Flags, spread: Floats) -> Codes:
    count = known.sum(axis=1)
    reason = np.where(np.isnan(spread), Reason.NO_SPREAD, Reason.SHOWN)
    reason = np.where(count < 2, Reason.TOO_FEW_VALUES, reason)
    return np.where(count == 0, Reason.MISSING, reason).astype(np.uint8)
