"""Shares of one place beside the whole: a bar for each group, a marked line for the wider place, numbers written out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from endeavour.charts.chart import Chart
from endeavour.charts.words import number_words

WIDTH, ROW = 400, 50
BAR, MARK = "#2a6ba5", "#0f2438"
LEFT, RIGHT = 4, 318


@dataclass(frozen=True)
class Bar:
    """One group: its share here and in the wider place, 0 to 1, and the count behind it; None is not known."""

    label: str
    share: float | None
    wider: float | None
    count: int | None = None


def shares(
    bars: Sequence[Bar],
    *,
    title: str,
    subtitle: str,
    summary: str,
    source: str,
    here: str,
    wider: str,
    unit: str,
) -> Chart:
    """Horizontal bars from zero; the scale ends at the next tenth above the largest share, so that small ones show."""
    largest = max(
        (value for bar in bars for value in (bar.share, bar.wider) if value is not None), default=0.0
    )
    top = min(1.0, max(0.1, (int(largest * 10) + 1) / 10))
    height = ROW * len(bars) + 28
    drawn = "".join(
        _bar(bar, ROW * number, top, f"{number_words((bar.share or 0) * 100, 1)}%")
        for number, bar in enumerate(bars)
    )
    svg = (
        f'<svg class="ce-shares" viewBox="0 0 {WIDTH} {height}" role="img" xmlns="http://www.w3.org/2000/svg">'
        f"<title>{escape(title)}</title><desc>{escape(summary)}</desc>"
        f'<g font-size="15" fill="#212b32">{drawn}</g>'
        f'<path d="M{LEFT + 2} {height - 20}v15" stroke="{MARK}" stroke-width="3"/>'
        f'<text x="{LEFT + 14}" y="{height - 6}" font-size="14" fill="#4c6272">{escape(wider)}</text></svg>'
    )
    counted = any(bar.count is not None for bar in bars)
    headers = ("Group", f"{here}, %", f"{wider}, %") + ((f"{unit.capitalize()} here",) if counted else ())
    return Chart(
        svg=svg,
        title=title,
        subtitle=subtitle,
        summary=summary,
        headers=headers,
        rows=tuple(
            (bar.label, _percent(bar.share), _percent(bar.wider)) + ((bar.count,) if counted else ())
            for bar in bars
        ),
        source=source,
        numeric_columns=frozenset(range(1, len(headers))),
    )


def amounts(
    bars: Sequence[tuple[str, float]],
    *,
    title: str,
    subtitle: str,
    summary: str,
    source: str,
    headers: tuple[str, str],
    unit: str,
    places: int = 1,
    notes: tuple[str, ...] = (),
) -> Chart:
    """Horizontal bars of amounts from zero, each with its number and `unit` written at its end."""
    top = max((value for _, value in bars), default=1.0) * 1.12
    height = ROW * len(bars)
    drawn = "".join(
        _bar(Bar(label, value, None), ROW * number, top, f"{number_words(value, places)}{unit}")
        for number, (label, value) in enumerate(bars)
    )
    svg = (
        f'<svg class="ce-shares" viewBox="0 0 {WIDTH} {height}" role="img" xmlns="http://www.w3.org/2000/svg">'
        f"<title>{escape(title)}</title><desc>{escape(summary)}</desc>"
        f'<g font-size="15" fill="#212b32">{drawn}</g></svg>'
    )
    return Chart(
        svg=svg,
        title=title,
        subtitle=subtitle,
        summary=summary,
        headers=headers,
        rows=tuple((label, round(value, places)) for label, value in bars),
        source=source,
        notes=notes,
        numeric_columns=frozenset({1}),
    )


def _bar(bar: Bar, y: int, top: float, words: str) -> str:
    label = f'<text x="{LEFT}" y="{y + 17}">{escape(bar.label)}</text>'
    if bar.share is None:
        return f'{label}<text x="{LEFT}" y="{y + 38}" fill="#4c6272">not known</text>'
    end = LEFT + round((RIGHT - LEFT) * bar.share / top)
    mark = ""
    clear = end
    if bar.wider is not None:
        at = LEFT + round((RIGHT - LEFT) * bar.wider / top)
        mark = f'<path d="M{at} {y + 21}v24" stroke="#ffffff" stroke-width="7"/><path d="M{at} {y + 21}v24" stroke="{MARK}" stroke-width="3"/>'
        clear = max(end, at)
    return (
        f'{label}<path d="M{LEFT} {y + 24}h{end - LEFT}v18h-{end - LEFT}z" fill="{BAR}"/>{mark}'
        f'<text x="{clear + 8}" y="{y + 39}" font-weight="700">{words}</text>'
    )


def _percent(value: float | None) -> float | None:
    return None if value is None else round(value * 100, 1)
