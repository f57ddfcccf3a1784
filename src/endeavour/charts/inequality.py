"""The slope of inequality: each quantile of deprivation, its interval, and the line from worst off to best
off.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from endeavour.charts import _svg
from endeavour.charts._svg import BLUE, INK, ORANGE, QUIET, Canvas, Scale, number
from endeavour.charts.chart import Chart
from endeavour.engine.statistics._shape import Reason
from endeavour.engine.statistics.slope_index import Slope, Transform, slope_index, standard_error_of


@dataclass(frozen=True)
class Quantile:
    """One quantile of people, most deprived first: its people, value and 95% interval."""

    label: str
    people: float
    value: float
    lower: float
    upper: float


def inequality_chart(
    quantiles: Sequence[Quantile],
    *,
    measure: str,
    subtitle: str,
    source: str,
    higher_is_better: bool | None,
    transform: Transform = "none",
    percent: bool = False,
    unit: str = "",
    places: int = 1,
    suffix: str = "",
    notes: tuple[str, ...] = (),
) -> Chart:
    """Points with intervals at the middle rank of their people, and the fitted line with its height at each
    end.

    `unit` follows the gap in words ('years', 'percentage points'); `suffix` follows numbers ('%'). A
    proportion with `transform='logit'` must be given as 0 to 1. `higher_is_better` is None where neither high nor
    low is good by itself.
    """
    per = 100.0 if percent else 1.0
    value, lower, upper = (
        np.array([getattr(q, of) for q in quantiles]) / per for of in ("value", "lower", "upper")
    )
    error = standard_error_of(lower, upper, transform=transform)
    people = [q.people for q in quantiles]
    slope = slope_index(value, people, error, transform=transform, multiplier=per)
    if percent:
        unit, suffix = unit or "percentage points", suffix or "%"
    title, summary = _words(slope, measure, higher_is_better, unit, places)
    return Chart(
        svg=_svg.drawings(
            lambda canvas: _draw(
                canvas, quantiles, slope, transform, per, lambda v: f"{number(v, places)}{suffix}"
            ),
            wide=420,
            narrow=360,
            title=title,
            description=f"{subtitle}. {summary}",
            kind="inequality",
        ),
        title=title,
        subtitle=subtitle,
        summary=summary,
        headers=("Group", "People", "Value", "Lower limit", "Upper limit"),
        rows=tuple((q.label, q.people, q.value, q.lower, q.upper) for q in quantiles),
        source=source,
        notes=("Each dot stands above the middle of its people; the line is weighted by people.", *notes),
        numeric_columns=frozenset({1, 2, 3, 4}),
    )


def _words(
    slope: Slope, measure: str, higher_is_better: bool | None, unit: str, places: int
) -> tuple[str, str]:
    if slope.sii.reason != Reason.SHOWN:
        return f"{measure}: the gap cannot be worked out", Reason(int(slope.sii.reason)).words
    gap, low, high = (float(v) for v in (slope.sii.value, slope.sii.lower[0.95], slope.sii.upper[0.95]))
    after = f" {unit}" if unit else ""
    size = f"{number(abs(gap), places)}{after}"
    between = sorted((abs(low), abs(high)))
    sure = f"between {number(between[0], places)} and {number(between[1], places)}{after}"
    if low <= 0 <= high:
        title = f"{measure}: no clear gap between the most and least deprived"
        return title, (
            f"The line runs {size} {'up' if gap > 0 else 'down'} from the most to the least deprived, but it could be "
            f"no gap at all (from {number(low, places)} to {number(high, places)}{after})."
        )
    way = "lower" if gap > 0 else "higher"
    title = f"{measure}: {size} {way} for the most deprived than for the least deprived"
    finding = f"Across everyone from the most to the least deprived, the gap is {size} ({sure})"
    if higher_is_better is None:
        return title, f"{finding}."
    worse = "worse" if (gap > 0) == higher_is_better else "better"
    return title, f"{finding}; the most deprived fare {worse}."


def _draw(
    canvas: Canvas,
    quantiles: Sequence[Quantile],
    slope: Slope,
    transform: Transform,
    per: float,
    words: Callable[[float], str],
) -> None:
    foot, head = per * float(slope.intercept), per * float(slope.top)
    seen = np.array([v for q in quantiles for v in (q.value, q.lower, q.upper)] + [foot, head])
    seen = seen[np.isfinite(seen)]
    marks = _svg.ticks(float(seen.min()), float(seen.max())) if seen.size else (0.0, 1.0)
    suffix = words(0.0).lstrip("0.")
    widest = max(len(number(m, _svg.places_for(marks)) + suffix) for m in marks)
    left, right = widest * 9 + 14, canvas.width - 14
    y = Scale(marks[0], marks[-1], canvas.height - 60, 26)
    x = Scale(0, 1, left, right)
    people = np.array([q.people for q in quantiles], dtype=np.float64)
    known = np.isfinite(people).all() and people.sum() > 0
    share = people / people.sum() if known else np.full(len(quantiles), 1 / len(quantiles))
    reached = np.cumsum(share)
    for index in range(0, len(quantiles), 2):
        begin = x(float(reached[index] - share[index]))
        canvas.rect(begin, 20, x(float(reached[index])) - begin, canvas.height - 80, fill="#f4f7fa")
    _svg.y_axis(canvas, marks, y, left=left, right=right, suffix=suffix)
    line: list[tuple[int, int]] = []
    if np.isfinite([foot, head]).all():
        line = _line(canvas, (foot / per, head / per), transform, x, lambda v: y(per * v))
    marked: list[tuple[int, int]] = []
    for q, a, b in zip(quantiles, share, reached, strict=True):
        _point(canvas, q, x(float(b - a / 2)), y)
        marked += [(x(float(b - a / 2)), y(v)) for v in (q.value, q.lower, q.upper) if np.isfinite(v)]
    for end, anchor in ((foot, "start"), (head, "end")):
        if np.isfinite(end):
            at = left + 4 if anchor == "start" else right - 4
            width = _svg.text_width(words(end), canvas.size) + 6
            span = (at, at + width) if anchor == "start" else (at - width, at)
            spot = _clear(y(end), span, [*line, *marked], canvas.height - 66)
            canvas.text(at, spot, words(end), anchor=anchor, bold=True, halo=True, fill=ORANGE)
    base = canvas.height - 60
    canvas.line((left, base), (right, base), stroke=INK)
    canvas.text(left, base + 22, "most deprived", fill=INK)
    canvas.text(right, base + 22, "least deprived", anchor="end", fill=INK)
    canvas.text(
        (left + right) // 2, base + 46, "everyone, in order of deprivation", anchor="middle", fill=QUIET
    )


def _line(
    canvas: Canvas, ends: tuple[float, float], transform: Transform, x: Scale, y: Callable[[float], int]
) -> list[tuple[int, int]]:
    """Draw the fitted line; gives the points it runs through, close together."""
    into = {"none": float, "log": np.log, "logit": logit}[transform]
    back = {"none": float, "log": np.exp, "logit": expit}[transform]
    a, b = (float(into(end)) for end in ends)
    steps = 40
    points = [(x(k / steps), y(float(back(a + (b - a) * k / steps)))) for k in range(steps + 1)]
    canvas.path([points[0], points[-1]] if transform == "none" else points, stroke=ORANGE, width=4)
    return points


def _clear(end: int, span: tuple[int, int], drawn: Sequence[tuple[int, int]], floor: int) -> int:
    """The baseline nearest to the line's end at which words across `span` cover nothing drawn."""
    near = [py for px, py in drawn if span[0] - 8 <= px <= span[1] + 8]
    tried = [end + step for gap in range(12, 80, 4) for step in (-gap, gap + 14)]
    inside = [spot for spot in tried if 18 <= spot <= floor] or [min(max(end, 18), floor)]
    return next((s for s in inside if not any(s - 22 < py < s + 9 for py in near)), inside[0])


def _point(canvas: Canvas, q: Quantile, at: int, y: Scale) -> None:
    if np.isfinite([q.lower, q.upper]).all():
        low, high = y(q.lower), y(q.upper)
        canvas.line((at, low), (at, high), stroke=BLUE, width=2)
        for edge in (low, high):
            canvas.line((at - 5, edge), (at + 5, edge), stroke=BLUE, width=2)
    if np.isfinite(q.value):
        canvas.mark("circle", at, y(q.value), fill=BLUE, size=6)
