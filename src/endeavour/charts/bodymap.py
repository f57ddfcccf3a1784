"""The map of bodies: who feeds whom, read from left to right, every body a link."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from textwrap import wrap

from endeavour.charts.chart import Chart

BOX, TALL, GAP, ACROSS, MARGIN = 236, 46, 12, 96, 8
FILLS = {
    "nhs": "#d5e8f6", "local_authority": "#e3e0f3", "vcse": "#d9efe6", "residents": "#fff1cc",
    "healthwatch": "#fff1cc", "partnership": "#ffffff",
}  # fmt: skip
OTHER = "#eef3f6"


@dataclass(frozen=True)
class Node:
    """A body on the map: where its page is and what kind of partner it is."""

    key: str
    name: str
    partner_class: str
    partner_words: str


@dataclass(frozen=True)
class Line:
    """One route; `kind` is in words, for the table."""

    source: str
    target: str
    kind: str


def bodymap(
    nodes: Sequence[Node], lines: Sequence[Line], *, title: str, subtitle: str, summary: str, source: str
) -> Chart:
    """Bodies in columns by how many steps they are from where the lines end; bodies without a line are left out."""
    by_key = {node.key: node for node in nodes}
    kept = [line for line in lines if line.source in by_key and line.target in by_key]
    columns = _columns(kept)
    at = _places(columns, kept)
    return Chart(
        svg=_svg(by_key, kept, at, title, summary),
        title=title,
        subtitle=subtitle,
        summary=summary,
        headers=("From", "How", "To"),
        rows=tuple((by_key[l.source].name, l.kind, by_key[l.target].name) for l in kept),  # noqa: E741
        source=source,
    )


def _columns(lines: Sequence[Line]) -> dict[str, int]:
    """Each body's distance to the last body along its shortest way; a loop changes nothing."""
    out: Mapping[str, list[str]] = _targets(lines)
    keys = {key for line in lines for key in (line.source, line.target)}
    if not keys:
        return {}
    arriving: dict[str, int] = defaultdict(int)
    for line in lines:
        arriving[line.target] += 1
    centre = max(sorted(keys), key=lambda key: arriving[key])
    steps = {centre: 0}
    ring = [centre]
    while ring:
        ring = sorted({s for s in keys if s not in steps and any(t in ring for t in out[s])})
        steps |= dict.fromkeys(ring, max(steps.values()) + 1)
    return steps


def _targets(lines: Sequence[Line]) -> Mapping[str, list[str]]:
    out: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        out[line.source].append(line.target)
    return out


def _places(columns: Mapping[str, int], lines: Sequence[Line]) -> dict[str, tuple[int, int]]:
    """The top left corner of each body's box, each column ordered by the middle of what it points to."""
    if not columns:
        return {}
    deepest = max(columns.values())
    out = _targets(lines)
    at: dict[str, tuple[int, int]] = {}
    tallest = max(sum(1 for c in columns.values() if c == step) for step in range(deepest + 1))
    for step in range(deepest + 1):
        members = [key for key, column in columns.items() if column == step]
        members.sort(key=lambda key: (_middle(out[key], at), key))
        top = MARGIN + (tallest - len(members)) * (TALL + GAP) // 2
        for row, key in enumerate(members):
            at[key] = (MARGIN + (deepest - step) * (BOX + ACROSS), top + row * (TALL + GAP))
    return at


def _middle(targets: Sequence[str], at: Mapping[str, tuple[int, int]]) -> float:
    heights = [at[target][1] for target in targets if target in at]
    return sum(heights) / len(heights) if heights else 0.0


def _svg(
    nodes: Mapping[str, Node],
    lines: Sequence[Line],
    at: Mapping[str, tuple[int, int]],
    title: str,
    summary: str,
) -> str:
    if not at:
        return '<svg viewBox="0 0 400 40" role="img"><title>No bodies</title></svg>'
    width = max(x for x, _ in at.values()) + BOX + MARGIN
    height = max(y for _, y in at.values()) + TALL + MARGIN
    drawn = "".join(
        _curve(at[line.source], at[line.target]) for line in lines if line.source in at and line.target in at
    )
    boxes = "".join(_box(nodes[key], *place) for key, place in sorted(at.items(), key=lambda item: item[1]))
    return (
        f'<svg class="ce-bodymap" viewBox="0 0 {width} {height}" role="group" aria-label="{escape(title)}" '
        f'xmlns="http://www.w3.org/2000/svg"><desc>{escape(summary)}</desc>'
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0l8 4-8 4z" fill="#4c6272"/></marker></defs>'
        f'<g fill="none" stroke="#7f95a3" stroke-width="1.5">{drawn}</g>'
        f'<g font-size="15" fill="#0f2438" text-anchor="middle">{boxes}</g></svg>'
    )


def _curve(start: tuple[int, int], end: tuple[int, int]) -> str:
    """From the right edge of one box to the left edge of another; a line back goes the other way round."""
    if start[0] > end[0]:
        x1, x2 = start[0], end[0] + BOX + 3
    else:
        x1, x2 = start[0] + BOX, end[0] - 3
    y1, y2 = start[1] + TALL // 2, end[1] + TALL // 2
    half = (x2 - x1) // 2
    return f'<path d="M{x1} {y1}c{half} 0 {half} {y2 - y1} {x2 - x1} {y2 - y1}" marker-end="url(#tip)"/>'


def _box(node: Node, x: int, y: int) -> str:
    lines = wrap(node.name, 30)[:2]
    middle, first = x + BOX // 2, y + (28 if len(lines) == 1 else 20)
    words = "".join(
        f'<tspan x="{middle}" y="{first + 18 * row}">{escape(line)}</tspan>' for row, line in enumerate(lines)
    )
    return (
        f'<a href="/body/{node.key}"><title>{escape(node.name)}, {escape(node.partner_words)}</title>'
        f'<rect x="{x}" y="{y}" width="{BOX}" height="{TALL}" rx="4" fill="{FILLS.get(node.partner_class, OTHER)}" '
        f'stroke="#17324d"/><text>{words}</text></a>'
    )
