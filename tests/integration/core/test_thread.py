"""Walking the golden thread both ways."""

from __future__ import annotations

from datetime import date

import pytest

from endeavour.core.models import AuditEntry, Link
from endeavour.core.thread import add_link, entry, links_of, walk
from endeavour.errors import BadInput

pytestmark = pytest.mark.django_db

CHAIN = [
    ("heard_in", "contribution:R-7", "theme:falls"),
    ("responds_to", "paper:p1", "theme:falls"),
    ("decided_by", "paper:p1", "decision:d1"),
    ("delivers", "action:a1", "decision:d1"),
    ("measured_by", "action:a1", "measure:falls"),
]


@pytest.fixture
def chain() -> None:
    for kind, source, target in CHAIN:
        add_link(by=None, kind=kind, source=source, target=target)


@pytest.mark.usefixtures("chain")
def test_a_residents_words_lead_to_a_measure_and_back() -> None:
    there = walk("contribution:R-7", depth=9)
    assert [step.distance for step in there] == [1, 2, 3, 4, 5]
    assert there[-1].target == "measure:falls"
    assert walk("measure:falls", depth=9)[-1].source == "contribution:R-7"


@pytest.mark.usefixtures("chain")
def test_a_walk_is_one_query_each_way(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len(walk("contribution:R-7", way="onward", depth=3)) == 3
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert len(walk("paper:p1", depth=3)) == len(CHAIN)


@pytest.mark.usefixtures("chain")
def test_a_walk_never_turns_round_into_what_others_said() -> None:
    add_link(by=None, kind="heard_in", source="contribution:R-8", target="theme:falls")
    names = {name for step in walk("contribution:R-7", depth=9) for name in (step.source, step.target)}
    assert "measure:falls" in names
    assert "contribution:R-8" not in names
    back = {step.source for step in walk("theme:falls", way="back")}
    assert back == {"contribution:R-7", "contribution:R-8"}
    assert [s.target for s in walk("contribution:R-7", way="onward", depth=1)] == ["theme:falls"]


def test_a_ring_of_links_ends_and_a_walk_keeps_to_its_day() -> None:
    add_link(by=None, kind="feeds", source="body:a", target="body:b", valid_from=date(2024, 1, 1))
    add_link(by=None, kind="feeds", source="body:b", target="body:a")
    assert len(walk("body:a", depth=50)) == 2
    assert walk("body:a", way="onward", at=date(2023, 12, 31)) == []


@pytest.mark.usefixtures("chain")
def test_a_walk_stops_at_its_limit_and_can_follow_some_kinds_only() -> None:
    assert len(walk("contribution:R-7", limit=2)) == 2
    assert [s.kind for s in walk("contribution:R-7", kinds=["heard_in"])] == ["heard_in"]


def test_linking_twice_changes_nothing() -> None:
    first = add_link(by=None, kind="feeds", source="body:a", target="body:b")
    assert add_link(by=None, kind="feeds", source="body:a", target="body:b") == first
    assert Link.objects.count() == AuditEntry.objects.count() == 1


def test_a_link_holds_between_its_dates() -> None:
    add_link(by=None, kind="feeds", source="body:a", target="body:b", valid_from=date(2024, 1, 1))
    assert links_of("body:b", at=date(2023, 12, 31)) == []
    assert len(links_of("body:b", at=date(2024, 1, 1))) == 1


@pytest.mark.parametrize("name", ["", "W16", "statement:", "Statement:W16", "statement:a b", "a:" + "x" * 99])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(BadInput):
        add_link(by=None, kind="feeds", source=name, target="body:b")
    assert not Link.objects.exists()


def test_names_are_made_one_way() -> None:
    assert entry("decision", "2026-12-03-icp/4") == "decision:2026-12-03-icp/4"
    with pytest.raises(BadInput):
        entry("decision", "two words")
