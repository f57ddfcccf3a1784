"""Whatever is drawn: a circle is found if and only if there is one, and no unsound theory is stored."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from endeavour.strategy.theory.graph import Edge, Graph, Node, cycle, faults, ranks

NAMES = [f"n{number}" for number in range(7)]
NODES = tuple(Node(name, "activity", name) for name in NAMES)
PAIRS = st.sets(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).filter(lambda p: p[0] != p[1]), max_size=14
)


def can_reach(pairs: set[tuple[str, str]], start: str, goal: str) -> bool:
    """The slow, obvious way: widen until nothing is added."""
    met = {b for a, b in pairs if a == start}
    while True:
        wider = met | {b for a, b in pairs if a in met}
        if wider == met:
            return goal in met
        met = wider


@given(PAIRS)
def test_a_circle_is_found_exactly_when_there_is_one(pairs: set[tuple[str, str]]) -> None:
    graph = Graph(NODES, tuple(Edge(a, b) for a, b in sorted(pairs)))
    found = cycle(graph)
    assert bool(found) is any(can_reach(pairs, name, name) for name in NAMES)
    if found:
        assert found[0] == found[-1]
        assert all(step in pairs for step in pairwise(found))
        assert any("circle" in fault for fault in faults(graph))
    else:
        rank = ranks(graph)
        assert all(rank[a] < rank[b] for a, b in pairs)


@given(PAIRS)
def test_a_feedback_takes_no_part_in_the_order_but_needs_its_lag(pairs: set[tuple[str, str]]) -> None:
    later = Graph(NODES, tuple(Edge(a, b, feedback=True, lag_months=12) for a, b in sorted(pairs)))
    assert cycle(later) == []
    at_once = Graph(NODES, tuple(Edge(a, b, feedback=True) for a, b in sorted(pairs)))
    assert not pairs or any("needs a lag" in fault for fault in faults(at_once))
