"""The graph itself, and what makes one sound: pure, no Django.

Causes run one way. A feedback is lawful only as a lagged link, marked so; it takes no part in the order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from endeavour.errors import BadInput

KINDS = ("input", "activity", "output", "outcome", "impact", "assumption", "external")
CAUSAL = ("input", "activity", "output", "outcome", "impact")
GRADES = {
    "strong": "strong evidence",
    "some": "some evidence",
    "weak": "weak evidence",
    "untested": "untested assumption",
}
SIGNS = {
    "more": "more of one leads to more of the other",
    "less": "more of one leads to less of the other",
    "either": "can help or harm",
}


@dataclass(frozen=True)
class Node:
    """One box: something put in, done, produced, changed, assumed or beyond our reach."""

    id: str
    kind: str
    label: str
    priority: str = "all"
    statements: tuple[str, ...] = ()


@dataclass(frozen=True)
class Edge:
    """One arrow, with how sure we are of it. `lag_months` above 0 with `feedback` closes a loop in time."""

    source: str
    target: str
    grade: str = "untested"
    sign: str = "more"
    evidence: str = ""
    feedback: bool = False
    lag_months: int = 0


@dataclass(frozen=True)
class Graph:
    """One version of the theory."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    title: str = ""
    version: int = 1
    names: Mapping[str, Node] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", {node.id: node for node in self.nodes})

    @cached_property
    def forward(self) -> tuple[Edge, ...]:
        """The edges that carry the order: all but feedback."""
        return tuple(edge for edge in self.edges if not edge.feedback)

    def into(self, node: str) -> list[Edge]:
        """Edges that end at a node."""
        return [edge for edge in self.edges if edge.target == node]

    def out_of(self, node: str) -> list[Edge]:
        """Edges that start at a node."""
        return [edge for edge in self.edges if edge.source == node]


def from_content(content: Mapping[str, Any]) -> Graph:
    """The graph written as plain data; raises `BadInput` naming what is unknown or missing."""
    try:
        nodes = tuple(
            Node(n["id"], n["kind"], n["label"], n.get("priority", "all"), tuple(n.get("statements", ())))
            for n in content["nodes"]
        )
        edges = tuple(
            Edge(
                e["from"],
                e["to"],
                e.get("grade", "untested"),
                e.get("sign", "more"),
                e.get("source", ""),
                bool(e.get("feedback", False)),
                int(e.get("lag_months", 0)),
            )
            for e in content["edges"]
        )
        return Graph(nodes, edges, str(content.get("title", "")), int(content.get("version", 1)))
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(
            f"The theory of change lacks {error}.",
            hint="It needs nodes (id, kind, label) and edges (from, to).",
        ) from None


def checked(content: Mapping[str, Any]) -> Graph:
    """The graph, or `BadInput` with its first fault."""
    graph = from_content(content)
    if found := faults(graph):
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise BadInput(f"{found[0]}{more}", hint="Mend the theory of change; nothing was stored.")
    return graph


def faults(graph: Graph) -> list[str]:
    """Everything wrong with a graph, in words; empty when it is sound.

    >>> faults(Graph((Node("a", "activity", "A"),), ()))
    ["'A' leads to no outcome.", 'There is no impact: nothing says what all this is for.']
    """
    found = _shape(graph)
    if found:
        return found
    if loop := cycle(graph):
        words = " → ".join(graph.names[n].label for n in loop)
        return [f"This goes round in a circle: {words}. Mark one link as a feedback with its lag."]
    reach = _reaching(graph, {n.id for n in graph.nodes if n.kind in {"outcome", "impact"}})
    for node in graph.nodes:
        ins, outs = graph.into(node.id), graph.out_of(node.id)
        if node.kind in {"activity", "output", "input"} and node.id not in reach:
            found.append(f"'{node.label}' leads to no outcome.")
        if node.kind in {"outcome", "impact", "output"} and not any(not e.feedback for e in ins):
            found.append(f"Nothing leads to '{node.label}'.")
        if node.kind in {"assumption", "external"} and not outs:
            found.append(f"'{node.label}' touches nothing.")
    if not any(node.kind == "impact" for node in graph.nodes):
        found.append("There is no impact: nothing says what all this is for.")
    return found


def _shape(graph: Graph) -> list[str]:
    found = []
    if len(graph.names) != len(graph.nodes):
        found.append("Two boxes have the same id.")
    found += [
        f"'{n.kind}' is not a kind of box ({', '.join(KINDS)})." for n in graph.nodes if n.kind not in KINDS
    ]
    seen = set()
    for edge in graph.edges:
        for end in (edge.source, edge.target):
            if end not in graph.names:
                found.append(f"A link names '{end}', which is no box.")
        if (edge.source, edge.target) in seen:
            found.append(f"The link from '{edge.source}' to '{edge.target}' stands twice.")
        seen.add((edge.source, edge.target))
        if edge.grade not in GRADES or edge.sign not in SIGNS:
            found.append(f"The link from '{edge.source}' has an unknown grade or sign.")
        if edge.grade in {"strong", "some", "weak"} and not edge.evidence:
            found.append(f"The link from '{edge.source}' to '{edge.target}' claims evidence and names none.")
        if edge.feedback and edge.lag_months <= 0:
            found.append(f"The feedback from '{edge.source}' to '{edge.target}' needs a lag in months.")
    if found:
        return found
    order = {kind: number for number, kind in enumerate(CAUSAL)}
    for edge in graph.forward:
        start, end = graph.names[edge.source].kind, graph.names[edge.target].kind
        if start in order and end in order and order[start] > order[end]:
            found.append(
                f"The link from '{edge.source}' to '{edge.target}' runs back, from {start} to {end}."
            )
    return found


def cycle(graph: Graph) -> list[str]:
    """The ids of one circle among the forward links, or nothing."""
    after: dict[str, list[str]] = defaultdict(list)
    for edge in graph.forward:
        after[edge.source].append(edge.target)
    done: set[str] = set()
    for root in graph.names:
        if root in done:
            continue
        path: list[str] = [root]
        on_path = {root}
        stack = [iter(after[root])]
        while stack:
            following = next(stack[-1], None)
            if following is None:
                stack.pop()
                left = path.pop()
                on_path.discard(left)
                done.add(left)
            elif following in on_path:
                return [*path[path.index(following) :], following]
            elif following not in done:
                path.append(following)
                on_path.add(following)
                stack.append(iter(after[following]))
    return []


def _reaching(graph: Graph, goals: Iterable[str]) -> set[str]:
    before: dict[str, list[str]] = defaultdict(list)
    for edge in graph.forward:
        before[edge.target].append(edge.source)
    reached, frontier = set(goals), list(goals)
    while frontier:
        for previous in before[frontier.pop()]:
            if previous not in reached:
                reached.add(previous)
                frontier.append(previous)
    return reached


def ranks(graph: Graph) -> dict[str, int]:
    """The column of each box: after everything that leads to it, and never before its kind's place."""
    floor = {
        "input": 0,
        "assumption": 0,
        "external": 0,
        "activity": 1,
        "output": 3,
        "outcome": 4,
        "impact": 6,
    }
    waiting = {node.id: 0 for node in graph.nodes}
    after: dict[str, list[str]] = defaultdict(list)
    for edge in graph.forward:
        after[edge.source].append(edge.target)
        waiting[edge.target] += 1
    rank = {node.id: floor[node.kind] for node in graph.nodes}
    ready = [node.id for node in graph.nodes if not waiting[node.id]]
    while ready:
        current = ready.pop(0)
        for following in after[current]:
            rank[following] = max(rank[following], rank[current] + 1)
            waiting[following] -= 1
            if not waiting[following]:
                ready.append(following)
    used = {old: new for new, old in enumerate(sorted(set(rank.values())))}
    return {name: used[value] for name, value in rank.items()}
