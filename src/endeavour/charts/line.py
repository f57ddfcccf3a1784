"""A trend: yearly or monthly values with their intervals, and a line to compare with, each named where it
ends.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from endeavour.charts import _svg
from endeavour.charts._svg import BLUE, ORANGE, PALE, Canvas, Scale, number
from endeavour.charts.chart import Chart

_DIRECTION = {1: "rising", -1: "falling", 0: "no clear trend"}


@dataclass(frozen=True)
class Line:
    """One series: NaN is not known and leaves a gap; intervals may be left out."""

    label: str
    values: Sequence[float]
    lower: Sequence[float] | None = None
    upper: Sequence[float] | None = None


def line_chart(
    line: Line,
    periods: Sequence[str],
    *,
    title: str,
    subtitle: str,
    source: str,
    comparison: Line | None = None,
    trend: int | None = None,
    better: int = 0,
    from_zero: bool = False,
    places: int = 1,
    suffix: str = "",
    notes: tuple[str, ...] = (),
) -> Chart:
    """One series in front, with its interval as a band, and at most one behind it, dashed.

    `trend` is the marker of `engine.statistics.trend` (1, -1, 0; None when there is none) and `better` the
    direction that is welcome. The axis begins at 0 only `from_zero`, and the notes say so when it does not.
    """
    summary = _summary(line, periods, comparison, trend, better, places, suffix)
    cut = () if from_zero else ("The upright axis does not begin at 0.",)
    return Chart(
        svg=_svg.drawings(
            lambda canvas: _draw(canvas, line, periods, comparison, places, suffix, from_zero),
            wide=400,
            narrow=320,
            title=title,
            description=f"{subtitle}. {summary}",
            kind="line",
        ),
        title=title,
        subtitle=subtitle,
        summary=summary,
        headers=(
            "Period",
            line.label,
            "Lower limit",
            "Upper limit",
            *((comparison.label,) if comparison else ()),
        ),
        rows=tuple(_row(line, comparison, period, i) for i, period in enumerate(periods)),
        source=source,
        notes=(*notes, *cut),
        numeric_columns=frozenset({1, 2, 3, 4} if comparison else {1, 2, 3}),
    )


def _row(line: Line, comparison: Line | None, period: str, i: int) -> tuple[str | float | None, ...]:
    figures = [line.values[i]]
    figures += [line.lower[i] if line.lower is not None else math.nan]
    figures += [line.upper[i] if line.upper is not None else math.nan]
    figures += [comparison.values[i]] if comparison else []
    return (period, *(_svg.tidy(float(f), 4) for f in figures))


def _summary(
    line: Line,
    periods: Sequence[str],
    comparison: Line | None,
    trend: int | None,
    better: int,
    places: int,
    suffix: str,
) -> str:
    known = [i for i, value in enumerate(line.values) if not math.isnan(value)]
    if not known:
        return "No value is known yet."
    last = known[-1]
    value = line.values[last]
    where = ""
    if comparison is not None and not math.isnan(comparison.values[last]):
        where = ", " + _against(line, comparison, last)
    way = ""
    if trend is not None:
        way = f", and {_DIRECTION[trend]}"
        if trend and better:
            way = f", and getting {'better' if trend == better else 'worse'}"
    words = f"{line.label} was {number(value, places)}{suffix} in {periods[last]}{where}{way}."
    sure = _interval(line, last)
    if sure is not None:
        low, high = (f"{number(end, places)}{suffix}" for end in sure)
        words += f" We can be fairly sure it is between {low} and {high}."
    return words


def _interval(line: Line, at: int) -> tuple[float, float] | None:
    """The interval of one point, or None where it has none."""
    if line.lower is None or line.upper is None or math.isnan(line.lower[at] + line.upper[at]):
        return None
    return line.lower[at], line.upper[at]


def _against(line: Line, comparison: Line, at: int) -> str:
    other = comparison.values[at]
    low, high = _interval(line, at) or (line.values[at], line.values[at])
    if low > other:
        return f"higher than {comparison.label}"
    if high < other:
        return f"lower than {comparison.label}"
    return f"not clearly different from {comparison.label}"


def _draw(
    canvas: Canvas,
    line: Line,
    periods: Sequence[str],
    comparison: Line | None,
    places: int,
    suffix: str,
    from_zero: bool,
) -> None:
    series = [line.values, line.lower or (), line.upper or (), comparison.values if comparison else ()]
    seen = [float(v) for part in series for v in part if not math.isnan(v)] + ([0.0] if from_zero else [])
    marks = _svg.ticks(min(seen, default=0), max(seen, default=1))
    widest = max(len(number(m, _svg.places_for(marks)) + suffix) for m in marks)
    left, right = widest * 9 + 14, canvas.width - 14
    y = Scale(marks[0], marks[-1], canvas.height - 44, 30)
    x = Scale(0, max(1, len(periods) - 1), left + 12, right - 22)
    at = [x(i) for i in range(len(periods))]
    _svg.y_axis(canvas, marks, y, left=left, right=right, suffix=suffix)
    sure = [math.nan if _interval(line, i) is None else line.values[i] for i in range(len(periods))]
    for run in _runs(sure):
        _band(canvas, line, run, at, y)
    if comparison is not None:
        for run in _runs(comparison.values):
            canvas.path([(at[i], y(comparison.values[i])) for i in run], stroke=ORANGE, width=3, dash="7 5")
    for run in _runs(line.values):
        canvas.path([(at[i], y(line.values[i])) for i in run], stroke=BLUE, width=3)
        for i in run:
            canvas.mark("circle", at[i], y(line.values[i]), fill=BLUE, size=5)
    _names(canvas, line, comparison, at, y, places, suffix)
    _svg.x_labels(canvas, periods, at, y=canvas.height - 12)


def _band(canvas: Canvas, line: Line, run: list[int], at: list[int], y: Scale) -> None:
    if line.lower is None or line.upper is None:
        return
    edge = [(at[i], y(line.upper[i])) for i in run] + [(at[i], y(line.lower[i])) for i in reversed(run)]
    if len(run) > 1:
        canvas.path(edge, stroke=BLUE, width=1, dash="2 3", fill=PALE)
    else:
        canvas.line(edge[0], edge[1], stroke=BLUE, width=2)


def _names(
    canvas: Canvas, line: Line, comparison: Line | None, at: list[int], y: Scale, places: int, suffix: str
) -> None:
    """Each line's name and latest value above or below its end, whichever is the outer side."""
    ends = [(line, BLUE)] + ([(comparison, ORANGE)] if comparison else [])
    placed = []
    for one, colour in ends:
        known = [i for i, v in enumerate(one.values) if not math.isnan(v)]
        if known:
            placed.append((y(one.values[known[-1]]), one, colour, known[-1]))
    placed.sort(key=lambda p: p[0])
    for order, (end, one, colour, last) in enumerate(placed):
        height, outer = end, one.upper if order == 0 else one.lower
        if outer is not None and not math.isnan(outer[last]):
            height = y(outer[last])
        words = f"{one.label}: {number(one.values[last], places)}{suffix}"
        spot = max(18, height - 12) if order == 0 else min(canvas.height - 52, height + 24)
        canvas.text(at[-1] + 12, spot, words, anchor="end", fill=colour, bold=True, halo=True)


def _runs(values: Sequence[float]) -> list[list[int]]:
    runs: list[list[int]] = [[]]
    for i, value in enumerate(values):
        if math.isnan(value):
            runs.append([])
        else:
            runs[-1].append(i)
    return [run for run in runs if run]
