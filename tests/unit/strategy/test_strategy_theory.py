"""The theory of change: what makes one sound, and how it is drawn."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import yaml

from endeavour.errors import BadInput
from endeavour.strategy.theory.draw import draw, positions
from endeavour.strategy.theory.graph import checked, faults, from_content, ranks

PACK = yaml.safe_load(
    (Path(__file__).parents[3] / "packs/mse/theory-of-change.yaml").read_text(encoding="utf-8")
)


def small() -> dict[str, list[dict[str, object]]]:
    kinds = {"put": "input", "do": "activity", "make": "output", "change": "outcome", "end": "impact"}
    chain = list(kinds)
    return {
        "nodes": [{"id": i, "kind": k, "label": i.title()} for i, k in kinds.items()],
        "edges": [{"from": a, "to": b} for a, b in pairwise(chain)],
    }


def test_the_packs_draft_is_sound_and_names_real_statements() -> None:
    graph = from_content(PACK)
    assert faults(graph) == []
    statements = yaml.safe_load(
        (Path(__file__).parents[3] / "packs/mse/statements.yaml").read_text(encoding="utf-8")
    )
    known = {row["id"] for row in statements["statements"]}
    assert {ref for node in graph.nodes for ref in node.statements} <= known
    assert all(edge.evidence for edge in graph.edges if edge.grade != "untested")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (
            lambda g: g["nodes"].append({"id": "do2", "kind": "activity", "label": "Idle"}),
            "'Idle' leads to no outcome",
        ),
        (
            lambda g: g["nodes"].append({"id": "o2", "kind": "outcome", "label": "Luck"}),
            "Nothing leads to 'Luck'",
        ),
        (lambda g: g["nodes"].append({"id": "do", "kind": "activity", "label": "Twin"}), "same id"),
        (lambda g: g["nodes"].append({"id": "x", "kind": "magic", "label": "X"}), "not a kind of box"),
        (lambda g: g["edges"].append({"from": "do", "to": "nowhere"}), "which is no box"),
        (lambda g: g["edges"].append({"from": "change", "to": "do"}), "runs back"),
        (lambda g: g["edges"].append({"from": "do", "to": "make"}), "stands twice"),
        (lambda g: g["edges"].append({"from": "do", "to": "end", "grade": "strong"}), "names none"),
        (lambda g: g["edges"].append({"from": "end", "to": "put", "feedback": True}), "needs a lag"),
        (lambda g: g["edges"].append({"to": "put"}), "lacks 'from'"),
    ],
)
def test_an_unsound_theory_is_refused_with_its_reason(spoil: object, message: str) -> None:
    content = small()
    assert faults(from_content(content)) == []
    spoil(content)  # type: ignore[operator]
    with pytest.raises(BadInput, match=message):
        checked(content)


def test_a_circle_of_outcomes_is_named_and_a_lagged_feedback_is_lawful() -> None:
    content = small()
    content["nodes"].append({"id": "change2", "kind": "outcome", "label": "Change2"})
    content["edges"] += [{"from": "change", "to": "change2"}, {"from": "change2", "to": "change"}]
    with pytest.raises(BadInput, match="round in a circle: Change → Change2 → Change"):
        checked(content)
    content["edges"][-1] |= {"feedback": True, "lag_months": 12}
    assert checked(content)


def test_every_forward_link_runs_to_the_right_and_no_boxes_overlap() -> None:
    graph = from_content(PACK)
    rank = ranks(graph)
    assert all(rank[e.source] < rank[e.target] for e in graph.forward)
    place, width, height = positions(graph)
    from endeavour.strategy.theory.draw import WIDTH, height_of

    boxes = [(x, y, x + WIDTH, y + height_of(graph.names[n])) for n, (x, y) in place.items()]
    assert all(a >= 0 and b >= 0 and c <= width and d <= height for a, b, c, d in boxes)
    for i, (a, b, c, d) in enumerate(boxes):
        assert not any(a < g and e < c and b < h and f < d for e, f, g, h in boxes[i + 1 :])


def test_the_picture_is_the_same_every_time_and_well_formed() -> None:
    picture = draw(from_content(PACK))
    assert picture == draw(from_content(PACK))
    root = ET.fromstring(picture)
    assert root.find("{*}title").text == PACK["title"]  # type: ignore[union-attr]
    assert "style=" not in picture
    assert "<script" not in picture
