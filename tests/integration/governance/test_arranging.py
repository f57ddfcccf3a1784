"""An agenda is rearranged in the open until it is published; what put an item there is never lost by taking it off."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from endeavour.core.models import AuditEntry, Body, Link, Person
from endeavour.core.public import now, today
from endeavour.errors import BadInput, Conflict, NotFound
from endeavour.governance import actions, queries
from endeavour.governance.models import AgendaChange, AgendaItem, Meeting, Paper
from integration.governance.conftest import WORDS

pytestmark = pytest.mark.django_db


@pytest.fixture
def coming(secretary: Person, icp: Body) -> Meeting:
    """A meeting in a month with three items."""
    meeting = actions.call_meeting(
        by=secretary, body=icp, title="", starts_at=now() + timedelta(days=30), minutes=60, place="Hall"
    )
    for title in ("Falls", "Homes", "Work"):
        actions.add_item(by=secretary, meeting=meeting, title=title)
    return meeting


def titles(meeting: Meeting) -> list[str]:
    return [item.title for item in queries.meeting(meeting.key).items.all()]


def item(meeting: Meeting, title: str) -> AgendaItem:
    return AgendaItem.objects.get(meeting=meeting, title=title)


def test_items_move_and_leave_with_a_reason_and_the_history_is_kept(
    secretary: Person, coming: Meeting
) -> None:
    actions.arrange_item(by=secretary, item=item(coming, "Work"), place=1, why="The guest leaves early")
    assert titles(coming) == ["Work", "Falls", "Homes"]
    actions.arrange_item(by=secretary, item=item(coming, "Falls"), place=None, why="The paper is late")
    assert titles(coming) == ["Work", "Homes"]
    actions.arrange_item(by=secretary, item=item(coming, "Falls"), place=9, why="It came")
    assert titles(coming) == ["Work", "Homes", "Falls"]
    assert [(c.deed, c.why) for c in queries.agenda_changes(coming)] == [
        ("moved from item 3 to item 1", "The guest leaves early"),
        ("taken off", "The paper is late"),
        ("put on as item 3", "It came"),
    ]
    assert [i.number for i in queries.meeting(coming.key).items.all()] == [3, 2, 1], "its name never changes"
    assert AuditEntry.objects.filter(action="governance.arrange_item").count() == 3
    with pytest.raises(DatabaseError), transaction.atomic():
        AgendaChange.objects.update(why="Nothing happened")


def test_a_change_without_a_reason_or_without_a_change_is_refused(secretary: Person, coming: Meeting) -> None:
    falls = item(coming, "Falls")
    for place, why, words in ((2, " ", "Say why"), (1, "Why", "there already"), (0, "Why", "from 1")):
        with pytest.raises(BadInput, match=words):
            actions.arrange_item(by=secretary, item=falls, place=place, why=why)
    actions.arrange_item(by=secretary, item=falls, place=None, why="Off")
    with pytest.raises(BadInput, match="off the agenda already"):
        actions.arrange_item(by=secretary, item=falls, place=None, why="Off")
    assert AgendaChange.objects.count() == 1


def test_once_published_nothing_moves_and_a_late_item_says_why(secretary: Person, coming: Meeting) -> None:
    actions.publish_agenda(by=secretary, meeting=coming)
    with pytest.raises(Conflict, match="stays as it is"):
        actions.arrange_item(by=secretary, item=item(coming, "Falls"), place=None, why="Off")
    with pytest.raises(Conflict, match="stays as it is"):
        actions.publish_agenda(by=secretary, meeting=coming)
    fresh = Meeting.objects.get(pk=coming.pk)
    with pytest.raises(BadInput, match="cannot wait"):
        actions.add_item(by=secretary, meeting=fresh, title="Flood")
    actions.add_item(by=secretary, meeting=fresh, title="Flood", why_late="It came yesterday")
    assert [c.why for c in queries.agenda_changes(fresh)] == ["It came yesterday"]
    found = {f.state for f in queries.meeting_findings(queries.meeting(coming.key), today())}
    assert "agenda_in_time" in found
    with pytest.raises(DatabaseError), transaction.atomic():
        Meeting.objects.filter(pk=coming.pk).update(agenda_on=today() - timedelta(days=9))


def test_an_agenda_that_is_empty_past_or_cancelled_is_not_published(
    secretary: Person, icp: Body, held: Meeting
) -> None:
    with pytest.raises(Conflict, match="has begun"):
        actions.publish_agenda(by=secretary, meeting=held)
    with pytest.raises(Conflict, match="has begun"):
        actions.arrange_item(by=secretary, item=held.items.all()[0], place=None, why="Off")
    bare = actions.call_meeting(
        by=secretary, body=icp, title="", starts_at=now() + timedelta(days=5), minutes=60, place="Hall"
    )
    with pytest.raises(BadInput, match="empty"):
        actions.publish_agenda(by=secretary, meeting=bare)
    actions.add_item(by=secretary, meeting=bare, title="Falls")
    actions.cancel_meeting(by=secretary, meeting=bare, why="Snow")
    with pytest.raises(Conflict, match="cancelled"):
        actions.publish_agenda(by=secretary, meeting=bare)


def test_what_somebody_said_comes_back_on_the_next_agenda(secretary: Person, icp: Body) -> None:
    said = actions.contribute(by=None, words="Mum falls", theme="falls")
    name = f"contribution:{said.receipt}"

    def drafted(days: int) -> tuple[Meeting, AgendaItem]:
        starts = now() + timedelta(days=days)
        meeting = actions.call_meeting(
            by=secretary, body=icp, title="", starts_at=starts, minutes=60, place="Hall"
        )
        actions.draft_agenda(by=secretary, meeting=meeting)
        return meeting, meeting.items.get(subject=name)

    _, first = drafted(20)
    assert [row.on_agenda for row in queries.influence() if row.partner_class == "residents"] == [1]
    actions.arrange_item(by=secretary, item=first, place=None, why="Too full")
    assert [row.on_agenda for row in queries.influence() if row.partner_class == "residents"] == [0]
    assert not any(
        k.through == name and k.entry.stage == "Agenda item" for k in queries.thread_of(name).onward
    )
    assert drafted(50)[1].place is not None
    actions.arrange_item(by=secretary, item=first, place=1, why="There is room")
    assert Link.objects.filter(source__startswith="item:", target=name, valid_to__isnull=True).count() == 2


def test_nothing_is_decided_or_put_on_an_item_that_is_off(
    secretary: Person, coming: Meeting, held: Meeting
) -> None:
    falls = item(coming, "Falls")
    paper = Paper.objects.create(
        item=held.items.all()[2], title="A paper", media_type="application/pdf", bytes=1, sha256="a"
    )
    actions.arrange_item(by=secretary, item=falls, place=None, why="Off")
    falls.refresh_from_db()
    with pytest.raises(Conflict, match="taken off"):
        actions.carry_paper(by=secretary, paper=paper, item=falls)
    with pytest.raises(NotFound):
        queries.meeting_item(coming.key, falls.number)
    Meeting.objects.filter(pk=coming.pk).update(starts_at=now() - timedelta(hours=1))
    falls.meeting.refresh_from_db()
    with pytest.raises(Conflict, match="taken off"):
        actions.record_decision(by=secretary, item=falls, words=WORDS)


def test_the_desk_moves_an_item_without_script(desk: Client, coming: Meeting) -> None:
    page = desk.get(f"/meeting/{coming.key}").content.decode()
    assert "This is a draft. It can change until it is published." in page
    at = f"/meeting/{coming.key}/item/3/arrange"
    assert "After: Falls" in desk.get(at).content.decode()
    assert desk.post(at, {"place": "1", "why": ""}).status_code == 422
    assert desk.post(at, {"place": "1", "why": "A guest"}).status_code == 302
    assert (
        desk.post(f"/meeting/{coming.key}/item/1/arrange", {"place": "off", "why": "Late"}).status_code == 302
    )
    page = desk.get(f"/meeting/{coming.key}").content.decode()
    assert "moved from item 3 to item 1" in page
    assert "Put it back" in page
    assert desk.post(f"/meeting/{coming.key}/agenda/publish").status_code == 302
    page = desk.get(f"/meeting/{coming.key}").content.decode()
    assert "Move or take off" not in page
    assert "The agenda was published on" in page
    assert "special circumstances" in desk.get(f"/meeting/{coming.key}/items/new").content.decode()
    assert desk.get(f"/meeting/{coming.key}/item/99/arrange").status_code == 404
