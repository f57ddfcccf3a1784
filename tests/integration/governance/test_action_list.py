"""What is still to be done: late first, a page at a time, by owner, as it stood on any day, with the same file and API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from endeavour.core.models import Body, Person
from endeavour.core.public import today
from endeavour.errors import NotFound
from endeavour.governance import actions, queries
from endeavour.governance.models import Action, Decision, Meeting
from endeavour.governance.queries.action_list import PAGE
from integration.governance.conftest import WORDS

pytestmark = pytest.mark.django_db


@pytest.fixture
def decision(secretary: Person, held: Meeting) -> Decision:
    return actions.record_decision(by=secretary, item=held.items.all()[0], words=WORDS)


@pytest.fixture
def add(secretary: Person, decision: Decision) -> Callable[..., Action]:
    def one(words: str, days: int, owner: str = "icp") -> Action:
        return actions.add_action(
            by=secretary, decision=decision, words=words, owner=Body.objects.get(key=owner),
            due_on=today() + timedelta(days=days),
        )  # fmt: skip

    return one


def words_of(**asked: object) -> list[str]:
    return [action.words for action, _ in queries.action_list(today(), **asked).rows]  # type: ignore[arg-type]


def test_late_ones_come_first_by_how_late_and_each_list_holds_its_own(add: Callable[..., Action]) -> None:
    for words, days in (("Rails", 9), ("Staff", -3), ("Lamps", -6), ("Today", 0)):
        add(words, days)
    assert words_of() == ["Lamps", "Staff"]
    assert words_of(which="due") == ["Today", "Rails"]
    assert words_of(which="open") == ["Lamps", "Staff", "Today", "Rails"]


def test_an_owner_sees_its_own_and_owners_are_counted_most_first(add: Callable[..., Action]) -> None:
    for n in range(3):
        add(f"Ours {n}", -1 - n)
    add("Theirs", -1, "n0")
    found = queries.action_list(today(), owner="n0")
    assert [action.words for action, _ in found.rows] == ["Theirs"]
    assert [(key, number) for key, _, number in found.owners] == [("icp", 3), ("n0", 1)]
    assert words_of(owner="n1") == [], "a body with nothing to do has an empty list"
    with pytest.raises(NotFound, match="no body"):
        queries.action_list(today(), owner="nobody")


def test_done_and_superseded_actions_leave_from_that_day_and_stand_before_it(
    add: Callable[..., Action], secretary: Person, decision: Decision, monkeypatch: pytest.MonkeyPatch
) -> None:
    done, stays = add("Done", -1), add("Stays", -2)
    tomorrow = today() + timedelta(days=1)
    actions.report_action(
        by=secretary, action=done, happened_on=today(), words="Built", evidence="Photo", done=True
    )
    assert words_of() == ["Stays"]
    actions.record_decision(by=secretary, item=decision.item, words=WORDS, supersedes=decision)
    assert words_of(which="open") == []
    assert queries.action_list(today() - timedelta(days=1), which="open").rows == [], (
        "not known the day before"
    )
    assert queries.first_actions(tomorrow, "open", 5) == ([], 0)
    assert stays.words == "Stays"


@pytest.mark.slow
def test_a_long_list_is_paged_and_asks_as_often_as_a_short_one(
    add: Callable[..., Action], client: Client, decision: Decision
) -> None:
    icp = Body.objects.get(key="icp")
    Action.objects.bulk_create(
        Action(decision=decision, number=n, words=f"Do {n}", owner=icp, due_on=today() - timedelta(days=n))
        for n in range(1, 2 * PAGE + 8)
    )
    with CaptureQueriesContext(connection) as asked:
        page = client.get("/actions?page=3").content.decode()
    assert len(asked) <= 4
    assert page.count("From the decision") == 7
    assert "Page 3 of 3." in page
    assert 'rel="prev"' in page
    assert 'rel="next"' not in page
    assert client.get("/actions?page=4").status_code == 404
    for wrong in ("page=x", "page=-1", "which=soon", "owner=nobody"):
        assert client.get(f"/actions?{wrong}").status_code in {404, 422}, wrong
    assert len(client.get("/actions.csv").content.decode().splitlines()) == 2 * PAGE + 8
    told = client.get("/api/governance/actions?page=2").json()
    assert (told["total"], told["page"], told["last"], len(told["actions"])) == (2 * PAGE + 7, 2, 3, PAGE)
    assert told["actions"][0]["state"] == "overdue"
    assert client.get("/api/governance/actions?which=soon").status_code == 422
    assert client.get("/api/governance/actions?owner=n0").json()["total"] == 0


def test_the_desk_counts_all_that_are_late_shows_ten_and_leads_to_the_rest(
    desk: Client, add: Callable[..., Action]
) -> None:
    for n in range(12):
        add(f"Do {n}", -1 - n // 2)
    page = desk.get("/desk/today").content.decode()
    assert "The first 10 of 12 late actions are shown." in page
    assert 'href="/actions"' in page
    assert "Do 11" in page
    assert ">Do 0<" not in page


def test_when_nothing_is_late_the_page_says_so(client: Client, icp: Body) -> None:
    page = client.get("/actions").content.decode()
    assert "No action is late." in page
