"""The control chart: a series, what it usually does, and which points are more than chance."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from endeavour.charts import _svg
from endeavour.charts._svg import BLUE, INK, ORANGE, PALE, PURPLE, QUIET, Canvas, Scale, number
from endeavour.charts.chart import Chart
from endeavour.charts.icons import (
    ASSURANCE_WORDS,
    SHORT_WORDS,
    VARIATION_WORDS,
    assurance_shapes,
    variation_shapes,
)
from endeavour.engine.statistics._shape import Reason
from endeavour.engine.statistics.spc import Assurance, ControlChart, Rule, Variation, control_chart

_MARKS = {
    Variation.COMMON_CAUSE: ("circle", QUIET, 4),
    Variation.IMPROVEMENT: ("diamond", BLUE, 6),
    Variation.CONCERN: ("square", ORANGE, 6),
    Variation.NEUTRAL_HIGH: ("up", PURPLE, 6),
    Variation.NEUTRAL_LOW: ("down", PURPLE, 6),
}
_POINT_WORDS = {
    Variation.COMMON_CAUSE: "chance",
    Variation.IMPROVEMENT: "better",
    Variation.CONCERN: "worse",
    Variation.NEUTRAL_HIGH: "higher",
    Variation.NEUTRAL_LOW: "lower",
}
_FINDING = {
    Variation.COMMON_CAUSE: "no clear change",
    Variation.IMPROVEMENT: "better than before",
    Variation.CONCERN: "worse than before",
    Variation.NEUTRAL_HIGH: "higher than before",
    Variation.NEUTRAL_LOW: "lower than before",
}
_ASSURED = {
    Assurance.NOT_ASKED: "",
    Assurance.CONSISTENTLY_MEETS: ", and likely to keep meeting its target",
    Assurance.HIT_AND_MISS: ", and it meets its target only by chance",
    Assurance.CONSISTENTLY_MISSES: ", and it will miss its target unless something changes",
}


def spc_chart(
    values: Sequence[float],
    labels: Sequence[str],
    *,
    measure: str,
    subtitle: str,
    source: str,
    direction: int = 0,
    target: float | None = None,
    rebase: Sequence[bool] | None = None,
    baseline: int | None = None,
    screen: bool = True,
    places: int = 0,
    suffix: str = "",
    notes: tuple[str, ...] = (),
) -> Chart:
    """The chart of one series, oldest first; NaN is a point not known and leaves a gap.

    `labels` name the periods ('March 2026'), `direction` is 1 where up is better, -1 where down is, 0 where
    neither; `suffix` follows every number ('%'). The title states the latest point's finding and the
    target's.
    """
    chart = control_chart(
        np.asarray(values, dtype=np.float64),
        rebase=rebase,
        baseline=baseline,
        screen=screen,
        direction=direction,
        target=target,
    )
    variation, assurance = Variation(int(chart.variation)), Assurance(int(chart.assurance))
    finding = _FINDING[variation] if chart.reason == Reason.SHOWN else "too little to judge"
    title = f"{measure}: {finding}{_ASSURED[assurance] if chart.reason == Reason.SHOWN else ''}"
    summary = _summary(chart, labels, target, places, suffix)
    shapes = "Shapes: " + ", ".join(f"{_SHAPE_WORDS[v]} {_POINT_WORDS[v]}" for v in _drawn(chart)) + "."
    short = ("Limits are provisional: they rest on fewer than 13 points.",) if chart.short.any() else ()
    return Chart(
        svg=_svg.drawings(
            lambda canvas: _draw(canvas, chart, labels, target, places, suffix),
            wide=450,
            narrow=390 if assurance == Assurance.NOT_ASKED else 440,
            title=title,
            description=f"{subtitle}. {summary}",
            kind="spc",
        ),
        title=title,
        subtitle=subtitle,
        summary=summary,
        headers=("Period", "Value", "Mean", "Lower limit", "Upper limit", "Reading", "Why"),
        rows=tuple(_row(chart, labels, i) for i in range(len(labels))),
        source=source,
        notes=(shapes, *notes, *short),
        numeric_columns=frozenset({1, 2, 3, 4}),
    )


_SHAPE_WORDS = {
    Variation.COMMON_CAUSE: "small circle is",
    Variation.IMPROVEMENT: "diamond is",
    Variation.CONCERN: "square is",
    Variation.NEUTRAL_HIGH: "upward triangle is",
    Variation.NEUTRAL_LOW: "downward triangle is",
}


def _drawn(chart: ControlChart) -> list[Variation]:
    return [Variation(code) for code in sorted({int(p) for p in chart.point})]


def _row(chart: ControlChart, labels: Sequence[str], i: int) -> tuple[str | float | None, ...]:
    if math.isnan(chart.values[i]):
        return (labels[i], None, None, None, None, "not known", "")
    point, rule = Variation(int(chart.point[i])), Rule(int(chart.rule[i]))
    figures = (chart.values[i], chart.mean[i], chart.lower[i], chart.upper[i])
    return (labels[i], *(_svg.tidy(float(f), 4) for f in figures), _POINT_WORDS[point], rule.words)


def _summary(
    chart: ControlChart, labels: Sequence[str], target: float | None, places: int, suffix: str
) -> str:
    known = np.flatnonzero(~np.isnan(chart.values))
    if not known.size:
        return "No value is known yet."
    last = int(known[-1])
    value = f"{number(float(chart.values[last]), places)}{suffix}"
    if chart.reason != Reason.SHOWN:
        return f"The latest value is {value} ({labels[last]}). There is too little movement to say what is usual."
    usual = (
        f"Usually between {number(float(chart.lower[last]), places)}{suffix} "
        f"and {number(float(chart.upper[last]), places)}{suffix}"
    )
    rule = Rule(int(chart.rule[last]))
    why = f": it is {rule.words}" if rule else ""
    words = VARIATION_WORDS[Variation(int(chart.variation))].split(":")[0]
    goal = ""
    if target is not None and chart.assurance != Assurance.NOT_ASKED:
        goal = (
            f" {ASSURANCE_WORDS[Assurance(int(chart.assurance))]} (target {number(target, places)}{suffix})."
        )
    return f"{words}: the latest value is {value} ({labels[last]}){why}. {usual}.{goal}"


def _draw(
    canvas: Canvas,
    chart: ControlChart,
    labels: Sequence[str],
    target: float | None,
    places: int,
    suffix: str,
) -> None:
    everything = np.concatenate(
        [chart.values, chart.lower, chart.upper, [target if target is not None else np.nan]]
    )
    seen = everything[np.isfinite(everything)]
    marks = _svg.ticks(float(seen.min()), float(seen.max())) if seen.size else (0.0, 1.0)
    widest = max(len(number(m, _svg.places_for(marks)) + suffix) for m in marks)
    left, right = widest * 9 + 14, canvas.width - (118 if canvas.wide else 52)
    y = Scale(marks[0], marks[-1], canvas.height - 44, _icons(canvas, chart) + 14)
    x = Scale(0, max(1, len(labels) - 1), left + 10, right - 10)
    at = [x(i) for i in range(len(labels))]
    _svg.y_axis(canvas, marks, y, left=left, right=right, suffix=suffix)
    for segment in range(int(chart.segment.max(initial=0)) + 1):
        _segment(canvas, chart, np.flatnonzero(chart.segment == segment), at, y)
    if target is not None:
        canvas.line((left, y(target)), (right, y(target)), stroke=INK, width=2, dash="8 5")
    for run in _unbroken(chart.values):
        canvas.path([(at[i], y(float(chart.values[i]))) for i in run], stroke=QUIET, width=2)
    for i in np.flatnonzero(~np.isnan(chart.values)):
        kind, fill, size = _MARKS[Variation(int(chart.point[i]))]
        canvas.mark(kind, at[i], y(float(chart.values[i])), fill=fill, size=size if canvas.wide else size - 1)
    _names(canvas, chart, y, (left, right), target, places, suffix)
    _svg.x_labels(canvas, labels, at, y=canvas.height - 12)


def _icons(canvas: Canvas, chart: ControlChart) -> int:
    """The two icons with their words, side by side on a page and one above the other on a phone; their
    height.
    """
    if chart.reason != Reason.SHOWN:
        return 0
    variation, assurance = Variation(int(chart.variation)), Assurance(int(chart.assurance))
    latest = chart.rule[~np.isnan(chart.values)][-1]
    drawn = [(variation_shapes(variation, rising=bool(latest % 2)), _FINDING[variation])]
    if assurance != Assurance.NOT_ASKED:
        drawn.append((assurance_shapes(assurance), SHORT_WORDS[assurance]))
    for place, (shapes, words) in enumerate(drawn):
        x, y = (place * 300, 0) if canvas.wide else (0, place * 50)
        canvas.parts.append(f'<g transform="translate({x} {y})">{shapes}</g>')
        canvas.text(x + 54, y + 28, words, bold=True)
    return 54 if canvas.wide else 50 * len(drawn) + 6


def _segment(canvas: Canvas, chart: ControlChart, points: np.ndarray, at: list[int], y: Scale) -> None:
    first, last = int(points[0]), int(points[-1])
    if math.isnan(chart.mean[first]):
        return
    left, right = at[first] - 5, at[last] + 5
    if not math.isnan(chart.lower[first]):
        top, bottom = y(float(chart.upper[first])), y(float(chart.lower[first]))
        canvas.rect(left, top, right - left, bottom - top, fill=PALE)
        for edge in (top, bottom):
            canvas.line((left, edge), (right, edge), stroke=BLUE, dash="3 3")
    mean = y(float(chart.mean[first]))
    canvas.line((left, mean), (right, mean), stroke=BLUE, width=2)


def _names(
    canvas: Canvas,
    chart: ControlChart,
    y: Scale,
    sides: tuple[int, int],
    target: float | None,
    places: int,
    suffix: str,
) -> None:
    """The lines' names at their right ends, moved apart where lines lie close."""
    right = sides[1]
    ends = [("mean", float(chart.mean[-1]), BLUE)]
    if target is not None:
        ends.insert(0, (f"target {number(target, places)}{suffix}" if canvas.wide else "target", target, INK))
    for name, limit in (("upper", float(chart.upper[-1])), ("lower", float(chart.lower[-1]))):
        ends.append((f"{name} limit" if canvas.wide else name, limit, BLUE))
    taken: list[int] = []
    for name, value, colour in ends:
        if math.isnan(value):
            continue
        line = y(value)
        near = (5, -8, 18, -22, 32)
        spot = next((line + move for move in near if all(abs(line + move - t) > 15 for t in taken)), None)
        if spot is not None:
            taken.append(spot)
            canvas.text(right + 4, spot, name, fill=colour, halo=True)


def _unbroken(values: np.ndarray) -> list[list[int]]:
    """Runs of points that are known, so that a gap is a gap."""
    runs: list[list[int]] = [[]]
    for i, value in enumerate(values):
        if math.isnan(value):
            runs.append([])
        else:
            runs[-1].append(i)
    return [run for run in runs if len(run) > 1]
