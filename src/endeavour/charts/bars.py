"""Bars from zero with their intervals, each labelled directly, against named reference lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from endeavour.charts import _svg
from endeavour.charts._svg import BLUE, INK, QUIET, Canvas, Scale, number
from endeavour.charts.chart import Chart

_ROW = 64


@dataclass(frozen=True)
class Bar:
    """One bar: `value` and its interval in the measure's unit; None is not known, `why` says why not."""

    label: str
    value: float | None
    lower: float | None = None
    upper: float | None = None
    why: str = ""


@dataclass(frozen=True)
class Reference:
    """A named line to read the bars against, such as the partnership's average."""

    label: str
    value: float


def bars_chart(
    bars: Sequence[Bar],
    *,
    title: str,
    subtitle: str,
    source: str,
    reference: Reference | None = None,
    places: int = 1,
    suffix: str = "",
    label_header: str = "Group",
    value_header: str = "Value",
    summary: str = "",
    notes: tuple[str, ...] = (),
) -> Chart:
    """Horizontal bars in the order given; the axis always begins at 0 and values below it are refused.

    Where no `summary` is given it names the highest and lowest bar and which differ from the reference by
    more than chance (interval clear of it).
    """
    if any(bar.value is not None and bar.value < 0 for bar in bars):
        raise ValueError("A bar of a negative value has no honest length; use a line or points instead.")
    words = summary or _finding(bars, reference, places, suffix)
    height = _ROW * len(bars) + (44 if reference else 8)
    return Chart(
        svg=_svg.drawings(
            lambda canvas: _draw(canvas, bars, reference, places, suffix),
            wide=height,
            narrow=height,
            title=title,
            description=f"{subtitle}. {words}",
            kind="bars",
        ),
        title=title,
        subtitle=subtitle,
        summary=words,
        headers=(
            label_header,
            value_header,
            "Lower limit",
            "Upper limit",
            *(("Beside " + reference.label,) if reference else ()),
        ),
        rows=tuple(
            (b.label, b.value, b.lower, b.upper, *((_beside(b, reference),) if reference else ()))
            for b in bars
        ),
        source=source,
        notes=notes,
        numeric_columns=frozenset({1, 2, 3}),
    )


def _beside(bar: Bar, reference: Reference) -> str:
    if bar.value is None:
        return bar.why or "not known"
    if bar.lower is not None and bar.lower > reference.value:
        return "higher"
    if bar.upper is not None and bar.upper < reference.value:
        return "lower"
    return "no clear difference" if bar.lower is not None else "no interval"


def _finding(bars: Sequence[Bar], reference: Reference | None, places: int, suffix: str) -> str:
    known = [bar for bar in bars if bar.value is not None]
    if not known:
        return "No value is known yet."
    top, bottom = (pick(known, key=lambda b: b.value or 0) for pick in (max, min))
    if len(known) > 1 and top.value == bottom.value:
        return f"Every one that can be shown is {number(top.value, places)}{suffix}."
    words = (
        f"Highest: {top.label} ({number(top.value, places)}{suffix}). "
        f"Lowest: {bottom.label} ({number(bottom.value, places)}{suffix})."
    )
    if reference is None:
        return words
    higher = sum(_beside(bar, reference) == "higher" for bar in known)
    lower = sum(_beside(bar, reference) == "lower" for bar in known)
    if not higher and not lower and all(bar.lower is not None for bar in known):
        return f"{words} None of the {len(known)} differs from {reference.label} by more than chance."
    return (
        f"{words} Of {len(known)}, {higher} {'is' if higher == 1 else 'are'} higher than {reference.label} and "
        f"{lower} lower, by more than chance."
    )


def _draw(canvas: Canvas, bars: Sequence[Bar], reference: Reference | None, places: int, suffix: str) -> None:
    reach = [v for b in bars for v in (b.value, b.upper) if v is not None]
    reach += [reference.value] if reference else []
    top = max([*reach, 0.0]) or 1.0
    room = _svg.text_width(f"{number(top, places)}{suffix}", canvas.size) + 24
    x = Scale(0, top, 2, canvas.width - room)
    bottom = _ROW * len(bars)
    for row, bar in enumerate(bars):
        _bar(canvas, bar, _ROW * row, x)
    canvas.line((2, 0), (2, bottom), stroke=INK, width=2)
    at = x(reference.value) if reference else None
    for row, bar in enumerate(bars):
        if at is not None and bar.value is not None:
            for stroke, width in (("#ffffff", 6), (INK, 2)):
                canvas.line((at, _ROW * row + 24), (at, _ROW * row + 56), stroke=stroke, width=width)
        if bar.value is not None:
            _number(canvas, bar, _ROW * row, x, at=at, words=f"{number(bar.value, places)}{suffix}")
    if reference is None or at is None:
        return
    label = f"{reference.label}: {number(reference.value, places)}{suffix}"
    half = _svg.text_width(label, canvas.size) // 2
    where = min(max(at, half), canvas.width - half)
    canvas.line((at, bottom), (at, bottom + 12), stroke=INK, width=2)
    canvas.text(where, bottom + 32, label, anchor="middle")


def _number(canvas: Canvas, bar: Bar, y: int, x: Scale, *, at: int | None, words: str) -> None:
    """The bar's number at the end of its interval, or past the reference line where the two would meet."""
    start = x(max(bar.value or 0.0, bar.upper or 0.0)) + 8
    if at is not None and start - 4 < at < start + _svg.text_width(words, canvas.size) + 4:
        start = at + 8
    canvas.text(start, y + 46, words, bold=True, halo=True)


def _bar(canvas: Canvas, bar: Bar, y: int, x: Scale) -> None:
    canvas.text(8, y + 18, _svg.shortened(bar.label, canvas.width - 12, canvas.size))
    if bar.value is None:
        for row, line in enumerate(_svg.wrapped(bar.why or "not known", canvas.width - 12, canvas.size)):
            canvas.text(8, y + 38 + 18 * row, line, fill=QUIET)
        return
    end = x(bar.value)
    canvas.rect(2, y + 28, end - 2, 24, fill=BLUE)
    if bar.lower is not None and bar.upper is not None:
        low, high = x(bar.lower), x(bar.upper)
        for stroke, width in (("#ffffff", 5), (INK, 2)):
            canvas.line((low, y + 40), (high, y + 40), stroke=stroke, width=width)
            for edge in (low, high):
                canvas.line((edge, y + 34), (edge, y + 46), stroke=stroke, width=width)
