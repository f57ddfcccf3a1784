"""The funnel: many places against their average, inside limits that narrow as places grow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from endeavour.charts import _svg
from endeavour.charts._svg import BLUE, INK, ORANGE, PURPLE, QUIET, Canvas, Scale, number
from endeavour.charts.chart import Chart

HIGH, LOW = "higher than expected", "lower than expected"
_WITHIN = "as expected"


@dataclass(frozen=True)
class Place:
    """One point: how many people it rests on, its value, and `side` 1 above its limits, -1 below, 0
    within.
    """

    label: str
    size: float
    value: float
    side: int


@dataclass(frozen=True)
class Limits:
    """The funnel's curves at each of `sizes`; `curves` maps a confidence (0.998) to its lower and upper
    lines.
    """

    sizes: Sequence[float]
    average: float
    curves: Mapping[float, tuple[Sequence[float], Sequence[float]]]


def funnel_chart(
    places: Sequence[Place],
    limits: Limits,
    *,
    measure: str,
    subtitle: str,
    source: str,
    average_label: str = "average",
    better: int = 0,
    size_label: str = "people",
    places_shown: int = 1,
    suffix: str = "",
    notes: tuple[str, ...] = (),
) -> Chart:
    """A point a place; those outside the outer limits stand out by shape and carry their name.

    `side` is judged by the caller (see `engine.statistics.funnel`), against the outer limits. `better` is 1
    where high is good, -1 where low is, 0 where neither.
    """
    out = [place for place in places if place.side]
    high, low = sum(p.side > 0 for p in out), sum(p.side < 0 for p in out)
    title = f"{measure}: {len(out)} of {len(places)} places differ by more than chance"
    if not out:
        title = f"{measure}: every place is within what chance allows"
    summary = (
        f"{len(places) - len(out)} of {len(places)} places are within what chance allows around the "
        f"{average_label} of {number(limits.average, places_shown)}{suffix}; {high} "
        f"{'is' if high == 1 else 'are'} higher than expected and {low} lower."
    )
    return Chart(
        svg=_svg.drawings(
            lambda canvas: _draw(
                canvas, places, limits, average_label, better, size_label, places_shown, suffix
            ),
            wide=440,
            narrow=380,
            title=title,
            description=f"{subtitle}. {summary}",
            kind="funnel",
        ),
        title=title,
        subtitle=subtitle,
        summary=summary,
        headers=("Place", size_label[:1].upper() + size_label[1:], "Value", "Beside the limits"),
        rows=tuple(
            (p.label, _svg.tidy(p.size, 1), _svg.tidy(p.value, 4), {1: HIGH, -1: LOW}.get(p.side, _WITHIN))
            for p in sorted(places, key=lambda p: -p.value)
        ),
        source=source,
        notes=(
            "Triangles point the way a place differs; circles are within the limits.",
            _curve_note(sorted(limits.curves)),
            *notes,
        ),
        numeric_columns=frozenset({1, 2}),
    )


def _draw(
    canvas: Canvas,
    places: Sequence[Place],
    limits: Limits,
    average_label: str,
    better: int,
    size_label: str,
    shown: int,
    suffix: str,
) -> None:
    biggest = max([p.size for p in places] + [1.0])
    smallest = min(p.size for p in places) if places else 0.0
    inside = [i for i, s in enumerate(limits.sizes) if smallest * 0.9 <= s <= biggest * 1.05]
    heights = [p.value for p in places] + [limits.average]
    for lower, upper in limits.curves.values():
        heights += [line[i] for line in (lower, upper) for i in inside]
    marks = _svg.ticks(max(0.0, min(heights)) if min(heights) >= 0 else min(heights), max(heights))
    widest = max(len(number(m, _svg.places_for(marks)) + suffix) for m in marks)
    left, right = widest * 9 + 14, canvas.width - 56
    y = Scale(marks[0], marks[-1], canvas.height - 66, 14)
    furthest = max([biggest * 1.02, *(limits.sizes[i] for i in inside)])
    across = [value for value in _svg.ticks(0, furthest, 5 if canvas.wide else 3) if value <= furthest]
    x = Scale(0, furthest, left, right)
    _svg.y_axis(canvas, marks, y, left=left, right=right, suffix=suffix)
    dashes = {level: "" if order else "6 4" for order, level in enumerate(sorted(limits.curves))}
    curves = [
        (level, [(x(limits.sizes[i]), y(line[i])) for i in inside])
        for level, pair in limits.curves.items()
        for line in pair
    ]
    for level, points in curves:
        canvas.path(points, stroke=QUIET, width=1 if dashes[level] else 2, dash=dashes[level])
    _curve_names(canvas, limits, inside, right, y)
    middle = y(limits.average)
    canvas.line((left, middle), (right, middle), stroke=INK, width=2)
    for place in sorted(places, key=lambda p: abs(p.side)):
        _point(canvas, place, x(place.size), y(place.value), better)
    words = f"{average_label}: {number(limits.average, shown)}{suffix}"
    marked = [(x(p.size), y(p.value)) for p in places]
    box = _beside_average(
        _svg.text_width(words, canvas.size), (left, right), middle, marked, [c for _, c in curves]
    )
    _names(canvas, places, x, y, box)
    canvas.text(box[0], box[3] - 4, words, halo=True)
    canvas.line((left, canvas.height - 66), (right, canvas.height - 66), stroke=INK)
    at = [x(value) for value in across]
    _svg.x_labels(canvas, [number(v) for v in across], at, y=canvas.height - 38)
    canvas.text((left + right) // 2, canvas.height - 10, size_label, anchor="middle", fill=QUIET)


def _curve_note(levels: Sequence[float]) -> str:
    """What the curves mean, and which is which where one alone has room for its name."""
    said = "Curves: by chance alone, that share of places would lie between each pair."
    if len(levels) != 2:
        return said
    return f"{said} Dashed: {100 * levels[0]:g}%. Solid: {100 * levels[1]:g}%."


def _curve_names(canvas: Canvas, limits: Limits, inside: Sequence[int], right: int, y: Scale) -> None:
    """How sure each curve is, at its right end, where names do not run into each other."""
    taken: list[int] = []
    for level in sorted(limits.curves, reverse=True):
        for line in limits.curves[level]:
            spot = y(line[inside[-1]]) + 5 if inside else 0
            if inside and all(abs(spot - other) > 14 for other in taken):
                taken.append(spot)
                canvas.text(right + 4, spot, f"{100 * level:g}%", fill=QUIET)


def _point(canvas: Canvas, place: Place, x: int, y: int, better: int) -> None:
    if not place.side:
        canvas.mark("circle", x, y, fill=QUIET, size=4)
        return
    colour = PURPLE if not better else BLUE if place.side == better else ORANGE
    canvas.mark("up" if place.side > 0 else "down", x, y, fill=colour, size=6)


Box = tuple[int, int, int, int]
Spot = tuple[int, int]


def _beside_average(
    width: int, ends: Spot, middle: int, marked: Sequence[Spot], curves: Sequence[Sequence[Spot]]
) -> Box:
    """Where the average is named: along its line, from the left, on the first stretch where nothing else is drawn.

    Where there is none, above every curve at their right end, where they are closest together.
    """
    for start in range(ends[0] + 4, ends[1] - width, 8):
        for base in (middle - 7, middle + 19):
            box = (start, base - 16, start + width, base + 4)
            if not _hides(box, marked) and not any(_crosses(box, curve) for curve in curves):
                return box
    base = min([middle, *(curve[-1][1] for curve in curves if curve)]) - 7
    return (ends[1] - width, base - 16, ends[1], base + 4)


def _names(canvas: Canvas, places: Sequence[Place], x: Scale, y: Scale, kept: Box) -> None:
    """Names of the places outside, biggest first, each on the side where no other name or point stands.

    A name may cover a point within the limits where there is no other room, but never one outside them.
    """
    taken = [kept]
    marked = {(x(p.size), y(p.value)): p.side for p in places}
    for place in sorted((p for p in places if p.side), key=lambda p: -p.size):
        room = canvas.width // (3 if canvas.wide else 2)
        px, py = x(place.size), y(place.value)
        spellings = dict.fromkeys((place.label, _svg.shortened(place.label, room, canvas.size)))
        spots = [
            (words, anchor, (start, py - 12, start + width, py + 8))
            for words in spellings
            for width in (_svg.text_width(words, canvas.size),)
            for anchor, start in (("start", px + 10), ("end", px - width - 10))
        ]
        free = [
            (words, anchor, box)
            for words, anchor, box in spots
            if box[0] >= 0 and box[2] + 2 <= canvas.width and not any(_meet(box, other) for other in taken)
        ]
        others = [at for at in marked if at != (px, py)]
        outside = [at for at in others if marked[at]]
        found = next((s for points in (others, outside) for s in free if not _hides(s[2], points)), None)
        if found:
            words, anchor, box = found
            taken.append(box)
            canvas.text(box[0] if anchor == "start" else box[2], py + 5, words, anchor=anchor, halo=True)


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _hides(box: Box, points: Iterable[Spot]) -> bool:
    return any(box[0] - 4 < a < box[2] + 4 and box[1] - 6 < b < box[3] + 6 for a, b in points)


def _crosses(box: Box, curve: Sequence[Spot]) -> bool:
    """Whether a line through points passes behind a box."""
    for (ax, ay), (bx, by) in pairwise(curve):
        for at in range(max(ax, box[0]), min(bx, box[2]) + 1):
            if box[1] - 2 < ay + (by - ay) * (at - ax) / max(1, bx - ax) < box[3] + 2:
                return True
    return False
