"""Every page of governance asks the database a fixed number of times, however much there is to show."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from endeavour.core.models import Body, Person
from endeavour.core.public import now, today
from endeavour.governance import actions, queries
from endeavour.governance.models import Paper
from integration.governance.conftest import WORDS

pytestmark = pytest.mark.django_db
MOST = {
    "/meetings": 2, "/meetings.ics": 3, "/meeting/{m}": 10, "/decisions": 4, "/actions": 2, "/actions?which=open": 2, "/decisions.atom": 1, "/decision/{d}": 7,
    "/register": 5, "/aims": 2, "/principles": 3, "/programme": 4, "/programme.csv": 4, "/programme.ics": 4, "/bodies/check": 6, "/bodies.json": 5, "/body/icp/ways": 5, "/body/icp/handover": 44, "/partners": 11,
    "/partner/schools": 6, "/ways-of-working": 1, "/news": 1, "/have-your-say": 7, "/question": 1, "/question/{q}": 15,
    "/thread/contribution/{q}": 15, "/thread/decision/{d}": 16, "/thread/theme/falls": 18, "/influence": 14,
    "/data-agreements": 2, "/data-agreement/shared-care-record": 2, "/attendance": 2, "/interests": 1, "/consultation": 5, "/paper/{s}": 5,
    "/body/icp/membership": 8, "/compact": 8, "/registers": 5, "/registers/risks": 5, "/registers/risks/home-from-hospital": 5,
    "/meetings/new": 4, "/escalations": 6, "/desk/today": 42,
}  # fmt: skip


def furnish(secretary: Person, icp: Body, weeks: range) -> tuple[str, str, str]:
    """A meeting a week, each with a decision on words that somebody said, and two actions."""
    for week in weeks:
        said = actions.contribute(by=None, words=f"Said {week}", theme="falls")
        meeting = actions.call_meeting(
            by=secretary,
            body=icp,
            title="",
            starts_at=now() - timedelta(weeks=week + 1),
            minutes=60,
            place="Hall",
        )
        actions.draft_agenda(by=secretary, meeting=meeting)
        for post in icp.posts.all()[:3]:
            actions.record_attendance(by=secretary, meeting=meeting, post=post, how="present")
        item = next(i for i in queries.meeting(meeting.key).items.all() if i.subject.endswith(said.receipt))
        decision = actions.record_decision(by=secretary, item=item, words=WORDS)
        paper = Paper.objects.create(
            item=item, title="Safeguarding", media_type="application/pdf", bytes=1, sha256="a", topics=["safeguarding"]
        )  # fmt: skip
        actions.record_consultation(by=secretary, paper=paper, body=icp, happened_on=today(), words="Yes")
        actions.keep_register(
            by=secretary, register="stop-list", title=f"Stop {week}", body=icp, decision=decision, starts_on=today(),
            review_on=today() + timedelta(9), source="Minutes",
            answers={"what": "Leaflets", "evidence": "Nobody read them", "instead": "Calls", "people": "Nothing"},
        )  # fmt: skip
        actions.resolve_paper(by=secretary, paper=paper, outcome="approved", words="Yes", decision=decision)
        for _ in range(2):
            actions.add_action(
                by=secretary, decision=decision, words="Do", owner=icp, due_on=today(), promise=""
            )
        actions.reply(by=secretary, contribution=said, outcome="answered", words="Yes")
        actions.record_outreach(by=secretary, group="schools", happened_on=today(), words="Wrote")
        actions.agree_document(
            by=secretary, body=icp, kind="compact", words="We listen", agreed_on=today(), review_on=today() + timedelta(9)
        )  # fmt: skip
    return meeting.key, decision.key, said.receipt


def counted(client: Client, keys: tuple[str, str, str]) -> dict[str, int]:
    """How often each page asks, without the two questions of who is signed in."""
    found = {}
    for page in MOST:
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page.format(m=keys[0], d=keys[1], q=keys[2], s="a")).status_code == 200, page
        found[page] = len(asked) - 2
    return found


@pytest.mark.slow
def test_no_page_asks_more_when_there_is_more(desk: Client, secretary: Person, icp: Body) -> None:
    keys = furnish(secretary, icp, range(1))
    desk.get("/meetings")
    few = counted(desk, keys)
    furnish(secretary, icp, range(1, 5))
    many = counted(desk, keys)
    assert {page: (few[page], many[page]) for page in MOST if many[page] > few[page]} == {}
    assert {page: many[page] for page in MOST if many[page] > MOST[page]} == {}


def test_every_page_answers_a_question_about_its_headers_without_its_body(
    desk: Client, secretary: Person, icp: Body
) -> None:
    """Calendars, monitors and checkers of links ask with HEAD first."""
    keys = furnish(secretary, icp, range(1))
    for page in MOST:
        answer = desk.head(page.format(m=keys[0], d=keys[1], q=keys[2], s="a"))
        assert (page, answer.status_code, answer.content) == (page, 200, b"")
