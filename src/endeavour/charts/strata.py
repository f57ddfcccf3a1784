"""Intersections in order: each stratum's predicted proportion and interval, those unlike the rest named."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from endeavour.charts import _svg
from endeavour.charts._svg import BLUE, INK, ORANGE, PURPLE, QUIET, Canvas, Scale, number
from endeavour.charts.chart import Chart
from endeavour.engine.statistics._shape import Reason
from endeavour.engine.statistics.maihda import maihda, proportional_change_in_variance

_ROW = {True: 20, False: 22}
# On a phone a name stands on a line of its own, because whole names have no room beside their interval.
_NAMED = {True: 20, False: 42}


def strata_chart(
    labels: Sequence[str],
    events: Sequence[int],
    people: Sequence[int],
    *,
    measure: str,
    subtitle: str,
    source: str,
    main_effects: Sequence[Sequence[float]] | None = None,
    better: int = 0,
    notes: tuple[str, ...] = (),
) -> Chart:
    """The strata from highest to lowest predicted percentage, against the average stratum.

    `labels` name the strata ('women, 65 and over, most deprived'); `main_effects` are the columns of
    `maihda.indicators`, from which the share of the difference that each characteristic explains by itself is
    reported. `better` is 1 where high is good, -1 where low is.
    """
    null = maihda(events, people, confidence=0.95)
    low, high = null.probability.lower[0.95], null.probability.upper[0.95]
    middle = float(1 / (1 + np.exp(-null.coefficients[0])))
    side = np.where(null.distinct, np.sign(null.effect.value), 0).astype(int)
    count = int(np.count_nonzero(side))
    title = f"{measure}: {count} of {len(labels)} groups of people differ clearly from the average group"
    summary = (
        f"{number(float(null.vpc), 1)}% of the difference between people lies between these groups "
        f"(the average group is {number(100 * middle, 1)}%)."
    )
    if null.reason != Reason.SHOWN:
        title, summary = f"{measure}: nothing can be said of these groups", null.reason.words
    elif main_effects is not None:
        main = maihda(events, people, main_effects)
        explained = proportional_change_in_variance(null, main)
        if np.isfinite(explained):
            alone = number(max(0.0, min(100.0, explained)), 1)
            summary += (
                f" {alone}% of that is explained by each characteristic alone; the rest is particular to combinations."
                if alone != "100.0"
                else " All of that is explained by each characteristic alone."
            )
    order = [int(i) for i in np.argsort(-np.nan_to_num(null.probability.value), kind="stable")]
    share = [
        (100 * float(null.probability.value[i]), 100 * float(low[i]), 100 * float(high[i])) for i in order
    ]
    names = [labels[i] for i in order]
    sides = [int(side[i]) for i in order]
    return Chart(
        svg=_svg.drawings(
            lambda canvas: _draw(canvas, names, share, sides, 100 * middle, better),
            wide=_tops(sides, is_wide=True)[-1] + 60,
            narrow=_tops(sides, is_wide=False)[-1] + 60,
            title=title,
            description=f"{subtitle}. {summary}",
            kind="strata",
        ),
        title=title,
        subtitle=subtitle,
        summary=summary,
        headers=(
            "Group",
            "People",
            "Events",
            "Predicted %",
            "Lower limit",
            "Upper limit",
            "Beside the average",
        ),
        rows=tuple(
            (
                labels[i],
                int(people[i]),
                int(events[i]),
                *(_svg.tidy(v, 2) for v in figures),
                {1: "higher", -1: "lower"}.get(int(side[i]), "no clear difference"),
            )
            for i, figures in zip(order, share, strict=True)
        ),
        source=source,
        notes=(
            "Small groups are drawn towards the average, because chance moves them most.",
            "Triangles point the way a group differs. Circles do not clearly differ: the table below names them.",
            *notes,
        ),
        numeric_columns=frozenset({1, 2, 3, 4, 5}),
    )


def _draw(
    canvas: Canvas,
    names: Sequence[str],
    share: Sequence[tuple[float, float, float]],
    sides: Sequence[int],
    middle: float,
    better: int,
) -> None:
    seen = [v for figures in share for v in figures if np.isfinite(v)]
    marks = _svg.ticks(min(seen, default=0.0), max(seen, default=1.0), 5 if canvas.wide else 3)
    tops = _tops(sides, is_wide=canvas.wide)
    bottom = tops[-1] + 6
    x = Scale(marks[0], marks[-1], 22, canvas.width - 26)
    places = _svg.places_for(marks)
    for value in marks:
        canvas.line((x(value), 0), (x(value), bottom), stroke="#d8dde0")
        canvas.text(x(value), bottom + 20, f"{number(value, places)}%", anchor="middle", fill=QUIET)
    if np.isfinite(middle):
        canvas.line((x(middle), 0), (x(middle), bottom + 26), stroke=INK, width=2)
        words = f"average group {number(middle, 1)}%"
        half = _svg.text_width(words, canvas.size) // 2
        canvas.text(min(max(x(middle), half), canvas.width - half), bottom + 44, words, anchor="middle")
    for index, (name, (value, low, high), side) in enumerate(zip(names, share, sides, strict=True)):
        y = tops[index + 1] - _ROW[canvas.wide] // 2 + 2
        if not np.isfinite(value):
            continue
        colour = QUIET if not side else PURPLE if not better else BLUE if side == better else ORANGE
        canvas.line((x(low), y), (x(high), y), stroke=colour, width=2)
        canvas.mark(
            {1: "up", -1: "down"}.get(side, "circle"), x(value), y, fill=colour, size=5 if side else 4
        )
        if side and canvas.wide:
            _name(canvas, name, (x(low), x(high)), y)
        elif side:
            canvas.text(
                x(marks[0]), y - 13, _svg.shortened(name, canvas.width - x(marks[0]), canvas.size), halo=True
            )


def _tops(sides: Sequence[int], *, is_wide: bool) -> list[int]:
    """Where each row begins, and after the last where it ends."""
    heights = (_NAMED[is_wide] if side else _ROW[is_wide] for side in sides)
    return list(accumulate(heights, initial=0))


def _name(canvas: Canvas, name: str, ends: tuple[int, int], y: int) -> None:
    """The name on whichever side of the interval has more room."""
    before, after = ends[0] - 8, canvas.width - ends[1] - 8
    words = _svg.shortened(name, max(before, after), canvas.size)
    if after >= before:
        canvas.text(ends[1] + 8, y + 5, words, halo=True)
    else:
        canvas.text(ends[0] - 8, y + 5, words, anchor="end", halo=True)
