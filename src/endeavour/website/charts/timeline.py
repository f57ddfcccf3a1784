"""One series over time, with its mean and natural limits where there are enough points; a gap stays a gap."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from math import ceil, floor, log10

from endeavour.website.charts.chart import Chart
from endeavour.website.words import number_words

Across = Callable[[date], int]
Down = Callable[[float], int]
WIDTH, HEIGHT = 480, 300
LEFT, RIGHT, TOP, BOTTOM = 58, 14, 22, 34
LINE, MARKED, MEAN, LIMITS, QUIET = "#2a6ba5", "#b3430f", "#17324d", "#4c6272", "#4c6272"


@dataclass(frozen=True)
class Moment:
    """One period: its first day, its words, its value (None where it was not reported) and whether it stands out."""

    on: date
    label: str
    value: float | None
    marked: bool = False


@dataclass(frozen=True)
class Limits:
    """The mean of a steady process and the range that chance alone would keep it in."""

    mean: float
    lower: float
    upper: float


def timeline(
    moments: Sequence[Moment],
    *,
    title: str,
    subtitle: str,
    summary: str,
    source: str,
    unit: str,
    limits: Limits | None = None,
    from_zero: bool = False,
    places: int = 1,
    notes: tuple[str, ...] = (),
) -> Chart:
    """A line through `moments`, oldest first; marked points are diamonds, so that colour is not needed to see them."""
    return Chart(
        svg=_svg(moments, title, summary, limits, from_zero, places),
        title=title,
        subtitle=subtitle,
        summary=summary,
        headers=("Period", unit[:1].upper() + unit[1:], "More than chance?"),
        rows=tuple((m.label, None if m.value is None else round(m.value, places), "yes" if m.marked else "no") for m in moments)
        if limits
        else tuple((m.label, None if m.value is None else round(m.value, places), "not asked") for m in moments),
        source=source,
        notes=notes,
        numeric_columns=frozenset({1}),
    )


def ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Round numbers from at or below `low` to at or above `high`, about `count` of them.

    >>> ticks(0, 93)
    [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]
    """
    span = high - low or abs(high) or 1.0
    rough = span / count
    power = 10.0 ** floor(log10(rough))
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= rough)
    first, last = floor(low / step), ceil(high / step)
    return [round(step * n, 10) for n in range(first, last + 1)]


def _svg(
    moments: Sequence[Moment], title: str, summary: str, limits: Limits | None, from_zero: bool, places: int
) -> str:
    known = [m.value for m in moments if m.value is not None]
    if not known:
        return f'<svg viewBox="0 0 {WIDTH} 60" role="img"><title>{escape(title)}</title><text x="4" y="36">Nothing was reported.</text></svg>'
    around = [*known, *([limits.lower, limits.upper] if limits else [])]
    marks = ticks(0.0 if from_zero else min(around), max(around))
    low, high = marks[0], marks[-1]
    first, days = moments[0].on, max(1, (moments[-1].on - moments[0].on).days)

    def x(on: date) -> int:
        return LEFT + round((WIDTH - LEFT - RIGHT) * (on - first).days / days)

    def y(value: float) -> int:
        return HEIGHT - BOTTOM - round((HEIGHT - TOP - BOTTOM) * (value - low) / ((high - low) or 1))

    grid = "".join(
        f'<path d="M{LEFT} {y(m)}h{WIDTH - LEFT - RIGHT}" stroke="#d8dfe4"/>'
        f'<text x="{LEFT - 6}" y="{y(m) + 4}" text-anchor="end">{number_words(m, _places(marks))}</text>'
        for m in marks
    )
    years = _years(moments[0].on, moments[-1].on, x)
    band = _band(limits, y, places) if limits else ""
    size = 5 if len(moments) <= 80 else 3
    drawn = "".join(_point(m, x, y, size) for m in moments if m.value is not None)
    last = next(m for m in reversed(moments) if m.value is not None)
    assert last.value is not None, "chosen because it is known"
    tag = f'<text x="{x(last.on)}" y="{max(14, y(last.value) - 9)}" text-anchor="end" font-weight="700" fill="#212b32" stroke="#ffffff" stroke-width="5" paint-order="stroke">{number_words(last.value, places)}</text>'
    return (
        f'<svg class="ce-timeline" font-size="12" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" xmlns="http://www.w3.org/2000/svg">'
        f"<title>{escape(title)}</title><desc>{escape(summary)}</desc>"
        f'<g fill="{QUIET}">{grid}{years}{band}</g>'
        f'<path d="{_path(moments, x, y)}" fill="none" stroke="{LINE}" stroke-width="2" stroke-linejoin="round"/>{drawn}{tag}</svg>'
    )


def _band(limits: Limits, y: Down, places: int) -> str:
    end = WIDTH - RIGHT
    rows = ((limits.upper, "6 5", "upper limit"), (limits.mean, "", "mean"), (limits.lower, "6 5", "lower limit"))
    return "".join(
        f'<path d="M{LEFT} {y(value)}H{end}" stroke="{MEAN if not dash else LIMITS}" stroke-width="1.5"'
        f'{f" stroke-dasharray={chr(34)}{dash}{chr(34)}" if dash else ""}/>'
        f'<text x="{LEFT + 6}" y="{y(value) - 5}" stroke="#ffffff" stroke-width="4" paint-order="stroke">{name} {number_words(value, places)}</text>'
        for value, dash, name in rows
    )


def _point(moment: Moment, x: Across, y: Down, size: int) -> str:
    assert moment.value is not None, "only known points are drawn"
    px, py = x(moment.on), y(moment.value)
    if moment.marked:
        return f'<path d="M{px} {py - size}l{size} {size}-{size} {size}-{size}-{size}z" fill="{MARKED}"/>'
    return f'<circle cx="{px}" cy="{py}" r="{size / 2:g}" fill="{LINE}"/>'


def _path(moments: Sequence[Moment], x: Across, y: Down) -> str:
    parts, pen = [], "M"
    for moment in moments:
        if moment.value is None:
            pen = "M"
            continue
        parts.append(f"{pen}{x(moment.on)} {y(moment.value)}")
        pen = "L"
    return "".join(parts)


def _years(first: date, last: date, x: Across) -> str:
    starts = [date(year, 1, 1) for year in range(first.year, last.year + 1)]
    inside = [day for day in starts if first <= day <= last]
    every = max(1, ceil(len(inside) / 6))
    foot = HEIGHT - BOTTOM
    return "".join(
        f'<path d="M{x(day)} {foot}v6" stroke="{QUIET}"/><text x="{x(day)}" y="{foot + 24}" text-anchor="middle">{day.year}</text>'
        for day in inside[::every]
    )


def _places(marks: Sequence[float]) -> int:
    step = marks[1] - marks[0] if len(marks) > 1 else 1.0
    return 0 if step == int(step) else 1 if round(step * 10) == step * 10 else 2
