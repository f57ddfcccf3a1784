"""Series in time for people with a table; rules common to all of them are in `frames`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from endeavour.engine.statistics import _frames as f
from endeavour.engine.statistics._shape import Floats, reason_codes
from endeavour.engine.statistics.frames import By, grouped
from endeavour.engine.statistics.spc import Assurance, Rule, Variation, control_chart
from endeavour.engine.statistics.trend import trend_of_proportions, trend_of_values
from endeavour.errors import BadInput

DIRECTIONS = {"increase": 1, "up": 1, "decrease": -1, "down": -1, "neutral": 0}
"""Words for which way is better."""

POINT_TYPES = {
    Variation.COMMON_CAUSE: "common_cause",
    Variation.IMPROVEMENT: "special_cause_improvement",
    Variation.CONCERN: "special_cause_concern",
    Variation.NEUTRAL_HIGH: "special_cause_neutral_high",
    Variation.NEUTRAL_LOW: "special_cause_neutral_low",
}
ASSURANCES = {
    Assurance.NOT_ASKED: "",
    Assurance.CONSISTENTLY_MEETS: "consistent_pass",
    Assurance.HIT_AND_MISS: "inconsistent",
    Assurance.CONSISTENTLY_MISSES: "consistent_fail",
}
TRENDS = {1: "increasing", -1: "decreasing", 0: "no significant change"}


def spc(
    frame: Any, value: str, *, time: str | None = None, group_by: By = (), direction: str = "neutral",
    target: str | float | None = None, baseline: str | int | None = None, rebase: str | None = None,
    screen: str | bool = True,
) -> Any:  # fmt: skip
    """`spc.control_chart` of each series, a row a point, in order of `time` (or as rows stand).

    `direction` is increase, decrease or neutral: which way is better. It, `target`, `baseline` and `screen`
    may each name a column instead, the same all through a series (`target` may change by point). `rebase` is
    a column that is true (1, or TRUE) where new limits begin, or the places of those points in a series, from
    1: '13' or '13;25'.

    >>> table = pa.table({"month": [1, 2, 3, 4], "waits": [10.0, 12.0, 11.0, 13.0]})
    >>> spc(table, "waits", time="month")["mean"].to_pylist()
    [11.5, 11.5, 11.5, 11.5]
    """
    table = f.load(frame)
    y = table.numbers(value)
    groups = grouped(table, group_by)
    points = f.grid(table, groups, f.moments(table, time) if time else None, time or "row", packed=True)
    laid = points.lay(y, np.nan)
    chart = control_chart(
        laid,
        direction=_of_series(table, groups, direction, DIRECTIONS),
        target=_targets(table, points, target),
        baseline=None if baseline is None else _of_series(table, groups, baseline, {}),
        rebase=_rebases(table, points, rebase),
        screen=_of_series(table, groups, screen, {}) != 0,
    )
    order = np.lexsort((points.place, points.row))
    row, place = points.row[order], points.place[order]
    columns: dict[str, Any] = {} if time is None else {time: table.column(time).take(pa.array(order))}
    columns |= {"value": chart.values[row, place], "mean": chart.mean[row, place]}
    columns |= {"lower": chart.lower[row, place], "upper": chart.upper[row, place]}
    columns |= {"segment": chart.segment[row, place], "outside": chart.outside[row, place]}
    columns |= {"rule": _words(chart.rule[row, place], {rule: rule.words for rule in Rule})}
    columns |= {"point_type": _words(chart.point[row, place], POINT_TYPES), "short": chart.short[row, place]}
    columns |= {"variation": _words(chart.variation[row], POINT_TYPES)}
    columns |= {
        "assurance": _words(chart.assurance[row], ASSURANCES),
        "reason": reason_codes(chart.reason[row]),
    }
    return f.give(table, columns, groups.keys.take(pa.array(row)) if groups.names else None)


def trend(
    frame: Any, *, time: str, value: str | None = None, lower: str | None = None, upper: str | None = None,
    numerator: str | None = None, denominator: str | None = None, group_by: By = (),
) -> Any:  # fmt: skip
    """`trend.trend_of_proportions` (given `numerator` and `denominator`) or `trend.trend_of_values` of each series.

    A row a group: `value` is the change a year (in log odds for proportions), `trend` says increasing,
    decreasing or no significant change, and `outlier` that one odd year made it.

    >>> table = pa.table({"year": [1, 2, 3, 4, 5], "n": [100, 110, 125, 140, 160], "d": [1000] * 5})
    >>> trend(table, time="year", numerator="n", denominator="d")["trend"].to_pylist()
    ['increasing']
    """
    table = f.load(frame)
    groups = grouped(table, group_by)
    points = f.grid(table, groups, f.moments(table, time), time, packed=True, align="latest")
    when = points.lay(f.moments(table, time), np.nan)
    if numerator is not None and denominator is not None:
        x, n = table.counts(numerator), table.counts(denominator)
        table.refuse(x > n, f"'{numerator}' is above '{denominator}'")
        made = trend_of_proportions(points.lay(x, np.nan), points.lay(n, np.nan), time=when)
    elif value is not None and lower is not None and upper is not None:
        columns = (points.lay(table.numbers(name), np.nan) for name in (value, lower, upper))
        made = trend_of_values(*columns, time=when)
    else:
        raise BadInput("a trend needs a numerator and a denominator, or a value and its limits")
    shown = made.reason == 0
    answers = {
        "value": np.where(shown, made.slope, np.nan),
        "trend": np.where(shown, _words(made.direction, TRENDS), ""),
        "chi_square": np.where(shown, made.chi_square, np.nan),
        "outlier": made.outlier,
        "reason": reason_codes(made.reason),
    }
    return f.give(table, answers, groups.keys)


def _words(codes: NDArray[Any], words: dict[Any, str]) -> NDArray[np.str_]:
    out = np.empty(codes.shape, dtype=f"<U{max(map(len, words.values()))}")
    for code, text in words.items():
        out[codes == int(code)] = text
    return out


def _of_series(table: f.Table, groups: f.Groups, given: str | float | bool, words: dict[str, int]) -> Floats:
    """An option of each series: one answer for all, or a column that says the same all through a series."""
    if not isinstance(given, str):
        return np.full(groups.many, float(given))
    if given in words:
        return np.full(groups.many, float(words[given]))
    if given not in table.arrow.column_names:
        known = f" Use {', '.join(words)}, or a column." if words else ""
        raise BadInput(f"'{given}' is neither an answer nor a column.{known}")
    rows = _worded(table, given, words)
    out = np.full(groups.many, np.nan)
    out[groups.which] = rows
    same = (out[groups.which] == rows) | (np.isnan(out[groups.which]) & np.isnan(rows))
    table.refuse(~same, f"'{given}' differs within a series")
    return np.asarray(np.nan_to_num(out), dtype=np.float64)


def _worded(table: f.Table, name: str, words: dict[str, int]) -> Floats:
    """A column of numbers, of true and false, or of the words allowed."""
    known = {word.lower(): float(number) for word, number in {**words, "true": 1, "false": 0}.items()}
    column = table.column(name)
    if not (f.is_text(column.type) or pa.types.is_boolean(column.type)):
        return table.numbers(name)
    texts = [None if text is None else str(text).strip().lower() for text in column.to_pylist()]
    wrong = np.array([text is not None and text not in known for text in texts])
    table.refuse(wrong, f"'{name}' holds something other than {', '.join(known)}")
    return np.array([np.nan if text is None else known[text] for text in texts])


def _targets(table: f.Table, points: f.Grid, target: str | float | None) -> Any:
    if target is None:
        return None
    if isinstance(target, str) and target in table.arrow.column_names:
        return points.lay(table.numbers(target), np.nan)
    try:
        return np.full(points.shape, float(target))
    except ValueError:
        raise BadInput(f"'{target}' is neither a number nor a column") from None


def _rebases(table: f.Table, points: f.Grid, rebase: str | None) -> Any:
    if rebase is None:
        return None
    if rebase in table.arrow.column_names:
        return points.lay(np.nan_to_num(_worded(table, rebase, {})), 0.0) != 0
    try:
        places = [int(part) for part in rebase.replace(",", ";").split(";") if part.strip()]
    except ValueError:
        raise BadInput(f"'{rebase}' is neither places of points nor a column", hint="Write 13;25.") from None
    if any(not 1 <= place <= points.shape[1] for place in places):
        raise BadInput(f"the longest series has {points.shape[1]} points; '{rebase}' is beyond it")
    begins = np.zeros(points.shape[1], dtype=bool)
    begins[[place - 1 for place in places]] = True
    return np.broadcast_to(begins, points.shape)
