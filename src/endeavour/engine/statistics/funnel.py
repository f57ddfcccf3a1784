"""Funnel plots: how far an area may stray from the average before chance is a poor explanation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammainc, gammaincc, pdtr, pdtrik

from endeavour.engine.statistics._shape import (
    BOTH,
    Confidence,
    Estimate,
    Floats,
    Reason,
    check_multiplier,
    finish,
    floats,
    levels,
    missing,
    normal_quantile,
    refuse,
    refuse_counts,
)
from endeavour.engine.statistics.rates import count_limits
from endeavour.errors import BadInput

Statistic = Literal["proportion", "rate", "ratio"]
RateType = Literal["crude", "dsr"]
RatioType = Literal["count", "isr"]

POINTS = 100
FEWEST_EVENTS_DSR = 10
NOT_APPLICABLE = "Not applicable for events less than 10 for dsrs"


@dataclass(frozen=True)
class FunnelLimits:
    """The lines of a funnel at `axis`: `lower[level]` and `upper[level]`, and the flat `baseline` between them.

    `axis_name` is population, events or observed_events. `lower_at` and `upper_at` (rates and ratios only)
    hold the population for one year, or the expected events, at which each limit is crossed: the chart's
    other axis.
    """

    axis_name: str
    axis: Floats
    baseline: float
    lower: Mapping[float, Floats]
    upper: Mapping[float, Floats]
    lower_at: Mapping[float, Floats]
    upper_at: Mapping[float, Floats]

    def columns(self) -> dict[str, NDArray[Any]]:
        """Name to array, in printing order."""
        columns: dict[str, NDArray[Any]] = {self.axis_name: self.axis}
        at = "population_1_year" if self.axis_name == "events" else "expected_events"
        for level in self.lower:
            sides = (("lower", self.lower, self.lower_at), ("upper", self.upper, self.upper_at))
            for side, limit, where in sides:
                if where:
                    columns[f"{side}_{level:g}_{at}"] = where[level]
                columns[f"{side}_{level:g}"] = limit[level]
        columns["baseline"] = np.full(self.axis.shape, self.baseline)
        return columns


def funnel_limits(
    numerator: ArrayLike,
    denominator: ArrayLike | None = None,
    *,
    statistic: Statistic = "proportion",
    rate: ArrayLike | None = None,
    rate_type: RateType = "crude",
    ratio_type: RatioType = "count",
    years: float = 1.0,
    multiplier: float | None = None,
    confidence: Confidence = BOTH,
) -> FunnelLimits:
    """The lines of a funnel plot, at 100 points spaced more closely where they bend most.

    Shapes: `numerator`, `denominator` and `rate` are one row of areas; each line has 100 points.
    Units: proportions and rates per `multiplier` (100 and 100,000 unless given). A ratio's lines are the
    ratio less 1 for `ratio_type="count"` and the ratio times 100 for `"isr"`, as the field draws them.
    `denominator` is the population, or expected events for a ratio. For a rate give the published `rate` (or
    leave it out and it is `numerator / denominator`) and the `years` of data behind it; the line's points are
    events, and `lower_at`/`upper_at` give them as a population for one year.
    Edge rules: areas with an unknown number are left out of the average and the axis; a directly standardised
    rate (`rate_type="dsr"`) with no events has no population of its own and is left out too.
    Errors: `BadInput` names rows with a negative count, a denominator of zero, or a numerator above its
    denominator for a proportion.
    Source: OHID, public health technical guidance, 'Funnel plots'; Spiegelhalter (2005), Stat Med
    24:1185-1202.

    >>> lines = funnel_limits([30, 45, 60], [100, 150, 180])
    >>> lines.axis[:3].tolist(), float(lines.axis[-1]), round(lines.baseline, 3)
    ([90.0, 91.0, 92.0], 190.0, 31.395)
    >>> float(lines.lower[0.95][0].round(3)), float(lines.upper[0.95][0].round(3))
    (21.807, 40.984)
    """
    wanted = levels(confidence)
    scale = _multiplier(statistic, multiplier)
    x, derived = _areas(numerator, denominator, statistic, rate, rate_type, scale)
    known = ~np.isnan(x) & ~np.isnan(derived)
    if not known.any():
        raise BadInput("no area has both a numerator and a denominator")
    average = float(_average(x, derived))
    axis = _axis(derived[known], statistic, years, average)
    if statistic == "proportion":
        lower, upper = _proportion_lines(axis, average, scale, wanted)
        return FunnelLimits("population", axis, average * scale, lower, upper, {}, {})
    lower_at = {level: _expected_where(axis, (1 - level) / 2, "high") for level in wanted}
    upper_at = {level: _expected_where(axis, (1 - level) / 2, "low") for level in wanted}
    if statistic == "ratio":
        shift, times = (1.0, 1.0) if ratio_type == "count" else (0.0, 100.0)
        lower = {level: (axis / at - shift) * times for level, at in lower_at.items()}
        upper = {level: (axis / at - shift) * times for level, at in upper_at.items()}
        return FunnelLimits("observed_events", axis, (1 - shift) * times, lower, upper, lower_at, upper_at)
    lower = {level: axis / (at / average) * scale for level, at in lower_at.items()}
    upper = {level: axis / (at / average) * scale for level, at in upper_at.items()}
    one_year = 1 / average / years
    return FunnelLimits(
        "events", axis, average * scale, lower, upper,
        {level: at * one_year for level, at in lower_at.items()},
        {level: at * one_year for level, at in upper_at.items()},
    )  # fmt: skip


def funnel_significance(
    numerator: ArrayLike,
    denominator: ArrayLike | None = None,
    *,
    statistic: Statistic = "proportion",
    rate: ArrayLike | None = None,
    rate_type: RateType = "crude",
    multiplier: float | None = None,
) -> NDArray[np.str_]:
    """Whether each area lies outside the funnel, and beyond which line.

    Shapes: one row of areas in, one label each out: 'Low (0.001)', 'Low (0.025)', 'Not significant',
    'High (0.025)' or 'High (0.001)', the numbers being the chance of straying that far on that side alone.
    Arguments, errors and source: as `funnel_limits`. Polarity: none; high may be good or bad.
    Edge rules: an area with an unknown number is ''. A directly standardised rate from fewer than ten events
    is 'Not applicable for events less than 10 for dsrs'.

    >>> funnel_significance([10, 45, 90], [100, 150, 180]).tolist()
    ['Low (0.001)', 'Not significant', 'High (0.001)']
    """
    scale = _multiplier(statistic, multiplier)
    x, derived = _areas(numerator, denominator, statistic, rate, rate_type, scale)
    average = 1.0 if statistic == "ratio" else _average(x, derived)
    label = np.full(x.shape, "Not significant", dtype="<U48")
    for level, tail in ((0.95, "0.025"), (0.998, "0.001")):
        low, high = _beyond(x, derived, average, statistic, level)
        label[low] = f"Low ({tail})"
        label[high] = f"High ({tail})"
    label[missing(x, derived)] = ""
    if statistic == "rate" and rate_type == "dsr":
        label[x < FEWEST_EVENTS_DSR] = NOT_APPLICABLE
    return label


def funnel_points(
    numerator: ArrayLike,
    denominator: ArrayLike | None = None,
    *,
    statistic: Statistic = "proportion",
    rate: ArrayLike | None = None,
    rate_type: RateType = "crude",
    years: float = 1.0,
    multiplier: float | None = None,
    confidence: Confidence = BOTH,
) -> Estimate:
    """Each area's own point on the funnel: its value, and the control limits at its own denominator.

    Shapes: one row of areas; results have one entry an area. `lower` and `upper` are control limits: the
    values between which chance alone would leave an area of this size, not an interval round the area's own
    value. `extra` holds `denominator_derived` (the population for one year, for a rate), `baseline` and
    `significance`. Units, arguments, errors and source: as `funnel_limits`.
    Edge rules: an unknown number gives `missing-input`; a directly standardised rate from fewer than ten
    events has `fewer-than-10-events`.

    >>> point = funnel_points([0, 4], [33065, 38532], statistic="rate", years=3)
    >>> point.value.round(4).tolist(), point.extra["denominator_derived"].round(1).tolist()
    ([0.0, 10.381], [11021.7, 12844.0])
    """
    wanted = levels(confidence)
    scale = _multiplier(statistic, multiplier)
    x, derived = _areas(numerator, denominator, statistic, rate, rate_type, scale)
    average = 1.0 if statistic == "ratio" else _average(x, derived)
    value = _published(x, derived, rate) if statistic == "rate" and rate is not None else x / derived * scale
    lower, upper = {}, {}
    for level in wanted:
        if statistic == "proportion":
            reach = normal_quantile(level) * np.sqrt(average * (1 - average) / derived)
            lower[level] = np.maximum(0.0, average - reach) * scale
            upper[level] = np.minimum(1.0, average + reach) * scale
        else:
            low, high = _count_control_limits(derived * average, level)
            lower[level], upper[level] = low / derived * scale, high / derived * scale
    reason = np.where(missing(x, derived), Reason.MISSING, Reason.SHOWN).astype(np.uint8)
    if statistic == "rate" and rate_type == "dsr":
        reason[x < FEWEST_EVENTS_DSR] = Reason.FEW_EVENTS
    shown = derived / years if statistic == "rate" else derived
    extra: dict[str, NDArray[Any]] = {
        "denominator_derived": np.where(reason == Reason.FEW_EVENTS, np.nan, shown),
        "baseline": np.full(x.shape, float(average) * scale),
        "significance": funnel_significance(
            numerator, denominator, statistic=statistic, rate=rate, rate_type=rate_type, multiplier=scale
        ),
    }
    return finish(value, lower, upper, reason, extra)


def _published(x: Floats, derived: Floats, rate: ArrayLike) -> Floats:
    return np.where(missing(x, derived), np.nan, floats(rate)[0])


def _multiplier(statistic: Statistic, multiplier: float | None) -> float:
    usual = {"proportion": 100.0, "rate": 100_000.0, "ratio": 1.0}
    if statistic not in usual:
        raise BadInput(f"{statistic!r} is not a funnel statistic", hint=f"Use one of {', '.join(usual)}.")
    return usual[statistic] if multiplier is None else check_multiplier(multiplier)


def _areas(
    numerator: ArrayLike,
    denominator: ArrayLike | None,
    statistic: Statistic,
    rate: ArrayLike | None,
    rate_type: RateType,
    scale: float,
) -> tuple[Floats, Floats]:
    """Each area's events and the denominator that its published value implies."""
    (x,) = floats(numerator)
    x = np.atleast_1d(x)
    refuse_counts(x, "a numerator")
    if denominator is not None:
        x, n = floats(x, denominator)
        refuse(n <= 0, "a denominator is not above zero")
    else:
        n = np.full(x.shape, np.nan)
    if statistic != "rate" or rate is None:
        if denominator is None:
            raise BadInput(f"a funnel of a {statistic} needs a denominator")
        if statistic == "proportion":
            refuse(x > n, "a numerator is above its denominator", hint="Use a rate for repeat events.")
        return x, np.where((x == 0) & (rate_type == "dsr") & (statistic == "rate"), np.nan, n)
    x, n, r = floats(x, n, rate)
    refuse(r < 0, "a rate is negative")
    refuse((r == 0) & (x > 0), "a rate is zero where there were events")
    if rate_type == "crude":
        refuse((x == 0) & np.isnan(n), "an area without events needs its denominator")
    with np.errstate(divide="ignore", invalid="ignore"):
        return x, np.where(x == 0, np.nan if rate_type == "dsr" else n, scale * x / r)


def _average(x: Floats, derived: Floats) -> np.float64:
    known = ~missing(x, derived)
    return np.float64(x[known].sum() / derived[known].sum())


def _beyond(
    x: Floats, derived: Floats, average: np.float64 | float, statistic: Statistic, level: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    with np.errstate(invalid="ignore"):
        if statistic == "proportion":
            reach = normal_quantile(level) * np.sqrt(average * (1 - average) / derived)
            return x / derived < average - reach, x / derived > average + reach
        low, high = count_limits(x, level)
        return average > high / derived, average < low / derived


def _proportion_lines(
    axis: Floats, average: float, scale: float, wanted: tuple[float, ...]
) -> tuple[dict[float, Floats], dict[float, Floats]]:
    """Where Wilson's interval round a proportion just touches the average: z standard errors of the average away."""
    lower, upper = {}, {}
    for level in wanted:
        reach = normal_quantile(level) * np.sqrt(average * (1 - average) / axis)
        lower[level] = np.maximum(0.0, average - reach) * scale
        upper[level] = np.minimum(1.0, average + reach) * scale
    return lower, upper


def _count_control_limits(expected: Floats, level: float) -> tuple[Floats, Floats]:
    """The counts (as a continuous scale) that chance alone would stray beyond with half of `1 - level` each side."""
    tail = (1 - level) / 2
    with np.errstate(invalid="ignore"):
        low = np.where(pdtr(0, expected) >= tail, 0.0, pdtrik(tail, expected))
        return low, pdtrik(1 - tail, expected) + 1


def _expected_where(observed: Floats, tail: float, side: Literal["low", "high"]) -> Floats:
    """The expected events at which `observed` is only as likely as `tail`, by the guidance's own bisection.

    The published lines carry that search's last step (about a ten-millionth), so the search is made, not the
    exact inverse, or the sixth figure would differ.
    """
    place, step = np.full(observed.shape, 0.5), 0.5
    while step > 1e-7:
        step /= 2
        expected = (1 + observed) * place / (1 - place)
        if side == "low":
            too_far = gammainc(observed, expected) > tail
        else:
            too_far = gammaincc(observed + 1, expected) < tail
        place = np.where(too_far, place - step, place + step)
    return np.asarray((1 + observed) * place / (1 - place))


def _axis(denominators: Floats, statistic: Statistic, years: float, average: float) -> Floats:
    """The guidance's 100 points from the smallest area, or from nearly nothing where sizes differ twofold."""
    smallest, largest = float(denominators.min()), float(denominators.max())
    per = years if statistic == "rate" else 1.0
    first = 0.0 if largest > 2 * smallest else _rounded_down(smallest / per) * per
    last = _rounded_up(largest / per) * per
    if statistic == "rate":
        first, last = np.floor(first * average), np.ceil(last * average)
    steps = POINTS + 2 if statistic == "ratio" else POINTS + 1
    axis = [max(1.0, first)]
    for point in range(2, POINTS + 1):
        before = axis[-1]
        axis.append(max(float(np.round((last / before) ** (1 / (steps - point)) * before)), before + 1))
    return np.array(axis)


def _rounded_down(number: float) -> float:
    down = np.floor(number * 0.95)
    unit = 10.0 ** (_printed_length(down) - 1)
    return float(np.floor(number * 0.95 / unit) * unit)


def _rounded_up(number: float) -> float:
    up = np.ceil(number * 1.05)
    unit = 10.0 ** (_printed_length(up) - 2)
    return float(np.ceil(number * 1.05 / unit) * unit)


def _printed_length(whole: float) -> int:
    """How many characters the reference software prints a whole number with: it writes 100000 as 1e+05."""
    plain = f"{whole:.0f}"
    digits = plain.rstrip("0") or "0"
    scientific = len(digits) + (1 if len(digits) > 1 else 0) + len("e+05")
    return min(len(plain), scientific)
