"""The thread as a small picture: a tree from what was said down to what came of it, drawn for a page and for a phone."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from textwrap import shorten

from endeavour.charts.chart import Chart
from endeavour.governance.queries.threads import Entry, Knot, Thread

ROW, INDENT, DOT, MOST = 58, 22, 7, 12


def picture(thread: Thread) -> Chart:
    """The nearest entries each way as one chart, with every link in its table."""
    shown = len(thread.back[:MOST]) + len(thread.onward[:MOST])
    total = len(thread.back) + len(thread.onward)
    summary = f"{shown} of {total} linked entries are drawn; the lists below hold the rest." if total > shown else (
        f"{total} linked {'entry' if total == 1 else 'entries'}. Every one is a link."
    )  # fmt: skip
    names = {knot.entry.name: knot.entry for knot in (*thread.back, *thread.onward)} | {
        thread.entry.name: thread.entry
    }
    return Chart(
        svg=_svg(thread, 760, 70, "wide", summary) + _svg(thread, 360, 34, "narrow", summary),
        title="From words to a difference",
        subtitle="What led to it stands above, what came of it below",
        summary=summary,
        headers=("What", "Words", "Linked to", "How"),
        rows=tuple(
            (k.entry.stage, k.entry.words, names[k.through].words if k.through in names else k.through, k.how)
            for k in (*thread.back, *thread.onward)
        ),
        source="The public thread of links kept by the secretariat.",
    )


def _svg(thread: Thread, width: int, letters: int, size: str, summary: str) -> str:
    """One tree: what led to the entry in reverse, the entry itself, what came of it."""
    above, below = list(reversed(thread.back[:MOST])), list(thread.onward[:MOST])
    rows: list[tuple[Entry, int]] = [(k.entry, k.distance) for k in above]
    middle = len(rows)
    rows += [(thread.entry, 0), *((k.entry, k.distance) for k in below)]
    at = {
        entry.name: (14 + min(step, 6) * INDENT, 14 + place * ROW) for place, (entry, step) in enumerate(rows)
    }
    lines = "".join(_line(at[k.through], at[k.entry.name]) for k in _drawn([*above, *below], at))
    boxes = "".join(
        _row(entry, *at[entry.name], letters - min(step, 6) * 2, place == middle)
        for place, (entry, step) in enumerate(rows)
    )
    return (
        f'<svg class="ce-svg--{size} ce-thread" viewBox="0 0 {width} {len(rows) * ROW}" role="group" '
        f'aria-label="The thread from {escape(thread.entry.stage.lower(), quote=True)}" xmlns="http://www.w3.org/2000/svg">'
        f"<desc>{escape(summary)}</desc>"
        f'<g fill="none" stroke="#7f95a3" stroke-width="2">{lines}</g>{boxes}</svg>'
    )


def _drawn(knots: Sequence[Knot], at: dict[str, tuple[int, int]]) -> list[Knot]:
    return [knot for knot in knots if knot.through in at and knot.entry.name in at]


def _line(start: tuple[int, int], end: tuple[int, int]) -> str:
    """Straight down from the parent, then across to the child."""
    return f'<path d="M{start[0]} {start[1]}V{end[1]}H{end[0]}"/>'


def _row(entry: Entry, x: int, y: int, letters: int, is_start: bool) -> str:
    fill = "#ffc94d" if is_start else "#00695c"
    words = escape(shorten(entry.words, letters, placeholder="…") or entry.words[: letters - 1] + "…")
    stage = escape(entry.stage + (": you are here" if is_start else ""))
    drawn = (
        f"<title>{stage}: {escape(entry.words)}</title>"
        f'<circle cx="{x}" cy="{y}" r="{DOT}" fill="{fill}" stroke="#17324d" stroke-width="2"/>'
        f'<text x="{x + 18}" y="{y + 1}" font-size="14" fill="#4c6272">{stage}</text>'
        f'<text x="{x + 18}" y="{y + 21}" font-size="17" fill="{"#005eb8" if entry.href and not is_start else "#212b32"}">{words}</text>'
    )
    if not entry.href or is_start:
        return f"<g>{drawn}</g>"
    return f'<a href="{escape(entry.href, quote=True)}">{drawn}</a>'
