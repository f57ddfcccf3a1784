"""Drawing the theory of change as SVG: columns by cause and effect, rows ordered so that few lines cross.

The picture has a title, a description and a list twin on the page. How sure we are is told by the line's dashes and
its width, not by colour alone.
"""

from __future__ import annotations

import textwrap
from collections import defaultdict
from html import escape

from endeavour.strategy.theory.graph import GRADES, Graph, Node, ranks

WIDTH, GAP_X, GAP_Y, MARGIN, LINE = 184, 56, 16, 12, 17
FILL = {
    "input": "#eef3f6",
    "activity": "#ffffff",
    "output": "#ffffff",
    "outcome": "#e3f2f0",
    "impact": "#17324d",
    "assumption": "#fff4d6",
    "external": "#fff4d6",
}
DASHES = {"strong": "", "some": "", "weak": "8 4", "untested": "3 4"}
STROKE = {"strong": 3, "some": 2, "weak": 2, "untested": 1}
HEADS = {
    "input": "What we put in",
    "activity": "What we do",
    "output": "What that produces",
    "outcome": "What changes",
    "impact": "What it is for",
    "assumption": "What we assume",
    "external": "What we cannot control",
}


def lines_of(node: Node) -> list[str]:
    """The label broken to fit its box."""
    return textwrap.wrap(node.label, width=22) or [""]


def height_of(node: Node) -> int:
    """How tall a box is."""
    return len(lines_of(node)) * LINE + 32


def columns(graph: Graph) -> list[list[str]]:
    """Boxes in columns, each ordered by where its neighbours stand (eight passes of the barycentre rule)."""
    rank = ranks(graph)
    count = max(rank.values(), default=0) + 1
    found: list[list[str]] = [[] for _ in range(count)]
    for node in graph.nodes:
        found[rank[node.id]].append(node.id)
    near: dict[str, list[str]] = defaultdict(list)
    for edge in graph.forward:
        near[edge.source].append(edge.target)
        near[edge.target].append(edge.source)
    for turn in range(8):
        order = found if turn % 2 == 0 else found[::-1]
        for column in order:
            place = {name: i / max(1, len(c) - 1) for c in found for i, name in enumerate(c)}
            column.sort(key=lambda n: sum(place[m] for m in near[n]) / len(near[n]) if near[n] else place[n])
    return found


def positions(graph: Graph) -> tuple[dict[str, tuple[int, int]], int, int]:
    """The top left corner of each box, and the size of the whole; whole numbers, so the same graph draws the same."""
    laid = columns(graph)
    heights = [sum(height_of(graph.names[n]) + GAP_Y for n in column) for column in laid]
    tall = max(heights, default=0)
    found: dict[str, tuple[int, int]] = {}
    for number, column in enumerate(laid):
        free = (tall - heights[number]) // (len(column) + 1)
        y = MARGIN + free
        for name in column:
            found[name] = (MARGIN + number * (WIDTH + GAP_X), y)
            y += height_of(graph.names[name]) + GAP_Y + free
    return found, MARGIN * 2 + len(laid) * (WIDTH + GAP_X) - GAP_X, tall + MARGIN * 2


def draw(graph: Graph, *, link: str = "#box-") -> str:
    """The whole graph as one SVG; each box links to its entry in the list below the picture."""
    place, width, height = positions(graph)
    untested = sum(edge.grade == "untested" for edge in graph.edges)
    about = (
        f"{len(graph.nodes)} boxes and {len(graph.edges)} links from what we put in, on the left, to what it is for, "
        f"on the right. {untested} links are untested assumptions, drawn dotted. The same is written as a list below."
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="group" aria-labelledby="toc-title toc-about" font-family="Arial, sans-serif" font-size="14">',
        f'<title id="toc-title">{escape(graph.title or "Theory of change")}</title>',
        f'<desc id="toc-about">{escape(about)}</desc>',
        '<defs><marker id="toc-arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" '
        'markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z" fill="#4c6272"/></marker></defs>',
    ]
    parts += [_edge(graph, place, edge.source, edge.target, edge.grade) for edge in graph.forward]
    parts += [_box(node, place[node.id], link) for node in graph.nodes]
    return "".join([*parts, "</svg>"])


def _edge(graph: Graph, place: dict[str, tuple[int, int]], source: str, target: str, grade: str) -> str:
    (x1, y1), (x2, y2) = place[source], place[target]
    x1 += WIDTH
    y1 += height_of(graph.names[source]) // 2
    y2 += height_of(graph.names[target]) // 2
    bend = max(GAP_X // 2, (x2 - x1) // 3)
    dashes = f' stroke-dasharray="{DASHES[grade]}"' if DASHES[grade] else ""
    return (
        f'<path d="M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}" fill="none" stroke="#4c6272" '
        f'stroke-width="{STROKE[grade]}"{dashes} marker-end="url(#toc-arrow)"/>'
    )


def _box(node: Node, at: tuple[int, int], link: str) -> str:
    x, y = at
    height = height_of(node)
    ink = "#ffffff" if node.kind == "impact" else "#212b32"
    dashes = ' stroke-dasharray="6 3"' if node.kind in {"assumption", "external"} else ""
    words = "".join(
        f'<tspan x="{x + 10}" y="{y + 36 + i * LINE}">{escape(text)}</tspan>'
        for i, text in enumerate(lines_of(node))
    )
    return (
        f'<a href="{escape(link)}{escape(node.id)}"><rect x="{x}" y="{y}" width="{WIDTH}" height="{height}" rx="4" '
        f'fill="{FILL[node.kind]}" stroke="#17324d" stroke-width="1.5"{dashes}/>'
        f'<text fill="{ink}"><tspan x="{x + 10}" y="{y + 17}" font-size="11">{escape(HEADS[node.kind])}</tspan>{words}</text></a>'
    )


def grade_words(grade: str) -> str:
    """How sure we are, in words."""
    return GRADES[grade]
