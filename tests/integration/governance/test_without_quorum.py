"""A decision whose meeting turns out to have had no quorum: it stays on the record, which says so, and is taken again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from endeavour.core.models import Body, Person
from endeavour.core.public import Link, now
from endeavour.governance import actions, queries
from endeavour.governance.models import AgendaItem, Decision, Meeting
from integration.governance.conftest import WORDS

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]


@pytest.fixture
def decided(secretary: Person, held: Meeting) -> Decision:
    return actions.record_decision(by=secretary, item=held.items.all()[0], words=WORDS)


def correct(secretary: Person, meeting: Meeting, *, there: int) -> None:
    """Only the first so many seats were filled after all."""
    for place, post in enumerate(meeting.body.posts.order_by("key")):
        how = "present" if place < there else "absent"
        actions.record_attendance(by=secretary, meeting=meeting, post=post, how=how)


def next_meeting(secretary: Person, icp: Body) -> list[AgendaItem]:
    """The drafted agenda of a meeting of yesterday at which everybody was."""
    started = now().replace(hour=14, minute=0) - timedelta(days=1)
    meeting = actions.call_meeting(
        by=secretary, body=icp, title="", starts_at=started, minutes=120, place="Hall"
    )
    actions.draft_agenda(by=secretary, meeting=meeting)
    correct(secretary, meeting, there=8)
    return list(queries.meeting(meeting.key).items.all())


def test_a_decision_of_a_quorate_meeting_says_nothing_of_a_quorum(
    client: Client, secretary: Person, icp: Body, decided: Decision
) -> None:
    correct(secretary, decided.item.meeting, there=7)
    assert queries.without_quorum([decided]) == {}
    assert "quorum" not in client.get(f"/decision/{decided.key}").content.decode()
    assert "Made without a quorum" not in client.get("/decisions").content.decode()
    assert client.get(f"/api/governance/decisions/{decided.key}").json()["without_quorum"] is False
    assert [i for i in next_meeting(secretary, icp) if i.origin == "decision"] == []


def test_a_correction_that_takes_the_quorum_away_is_said_on_every_page(
    client: Client, secretary: Person, decided: Decision
) -> None:
    meeting = decided.item.meeting
    correct(secretary, meeting, there=2)
    seats = "2 voting seats were filled; 3 are needed."
    page = client.get(f"/decision/{decided.key}").content.decode()
    assert "It was made without a quorum" in page
    assert seats in page
    assert "The next agenda asks to take it again." in page
    assert WORDS.reason in page, "it stays on the record, whole"
    sitting = client.get(f"/meeting/{meeting.key}").content.decode()
    assert seats in sitting
    assert "A decision taken here rests on no quorum" in sitting
    assert "Made without a quorum." in client.get("/decisions").content.decode()
    told = client.get("/api/governance/decisions").json()
    assert [(d["key"], d["without_quorum"]) for d in told] == [(decided.key, True)]
    states = [f["state"] for f in client.get(f"/api/governance/meetings/{meeting.key}").json()["findings"]]
    assert states[-2:] == ["inquorate", "without_quorum"]


def test_the_next_agenda_takes_it_again_and_that_settles_it(
    desk: Client, secretary: Person, icp: Body, decided: Decision
) -> None:
    correct(secretary, decided.item.meeting, there=2)
    items = next_meeting(secretary, icp)
    [again] = [i for i in items if i.origin == "decision"]
    assert (again.title, again.subject) == (f"Take again: {WORDS.title}", f"decision:{decided.key}")
    meeting = desk.get(f"/meeting/{again.meeting.key}").content.decode()
    form = f"/meeting/{again.meeting.key}/item/{again.number}/decision?supersedes={decided.key}"
    assert form in meeting
    assert WORDS.reason in desk.get(form).content.decode(), "it starts with the words of the first"
    other = actions.record_decision(by=secretary, item=items[0], words=WORDS)
    assert queries.to_take_again(icp), "a decision on something else settles nothing"
    settled = actions.record_decision(by=secretary, item=again, words=WORDS)
    assert (other.supersedes, settled.supersedes) == (None, decided)
    assert Link.objects.filter(kind="supersedes", source=f"decision:{settled.key}").exists()
    assert queries.to_take_again(icp) == []
    assert "made without a quorum" not in desk.get(f"/decision/{settled.key}").content.decode()
    assert "rests on no quorum" not in desk.get(f"/meeting/{decided.item.meeting.key}").content.decode()
    amended = actions.record_decision(by=secretary, item=again, words=WORDS)
    assert amended.supersedes is None, "the first was replaced once; a second decision stands by itself"


def test_another_body_does_not_take_it_again(secretary: Person, decided: Decision) -> None:
    correct(secretary, decided.item.meeting, there=2)
    other = Body.objects.create(key="hwb", name="Board", legal_form="other", partner_class="nhs")
    assert queries.to_take_again(other) == []


def test_a_thousand_decisions_are_judged_in_one_question(secretary: Person, decided: Decision) -> None:
    correct(secretary, decided.item.meeting, there=2)
    found = queries.decisions() * 1000
    with CaptureQueriesContext(connection) as asked:
        assert list(queries.without_quorum(found)) == [decided.key]
    assert len(asked) == 1
