"""What machines read: a calendar and a feed that hold to their standards, whatever was typed."""

from __future__ import annotations

import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client
from icalendar import Calendar

from endeavour.core.models import Body, Person
from endeavour.core.public import now
from endeavour.governance import actions
from endeavour.governance.actions import DecisionWords
from endeavour.governance.models import Meeting
from integration.governance.conftest import WORDS

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
LONG = "Ein sehr langer Ort, mit Umlauten: Gemeindehaus Üxheim; Saal 2, \\ links\x0b" * 4


@pytest.fixture
def coming(secretary: Person, icp: Body) -> list[Meeting]:
    """Three meetings: one with awkward words, one cancelled, one closed."""
    made = [
        actions.call_meeting(
            by=secretary, body=icp, title=title, starts_at=now() + timedelta(days=30 + n), minutes=60, place=place,
            join_words="Line one\nLine two\x0c", closed_ground=ground,
        )
        for n, (title, place, ground) in enumerate((
            ("Falls; and, more", LONG[:300], ""), ("Off", "Hall", ""),
            ("Closed", "Hall", "Information about an individual (paragraph 1)"),
        ))
    ]  # fmt: skip
    actions.cancel_meeting(by=secretary, meeting=made[1], why="Snow")
    return made


def test_the_calendar_holds_to_rfc_5545_and_says_what_is_cancelled(
    client: Client, coming: list[Meeting]
) -> None:
    answer = client.get("/meetings.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    raw = answer.content
    assert not re.search(rb"(?<!\r)\n", raw), "every line ends with CRLF"
    assert max(map(len, raw.split(b"\r\n"))) <= 75, "lines are folded at 75 octets"
    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", raw)
    events = {str(e["UID"]): e for e in Calendar.from_ical(raw).walk("VEVENT")}
    assert set(events) == {f"{m.key}@common-endeavour" for m in coming[:2]}, "a closed one is left out"
    first, off = (events[f"{m.key}@common-endeavour"] for m in coming[:2])
    assert str(first["SUMMARY"]) == "Falls; and, more"
    assert str(first["LOCATION"]) == LONG[:300].replace("\x0b", " ").strip()
    assert first["DTSTART"].dt == coming[0].starts_at.replace(microsecond=0)
    assert str(off["STATUS"]) == "CANCELLED"
    assert "STATUS" not in first


def test_a_calendar_that_did_not_change_is_the_same_twice_and_a_change_is_seen(
    client: Client, coming: list[Meeting], secretary: Person
) -> None:
    before = client.get("/meetings.ics").content
    assert client.get("/meetings.ics").content == before
    stamp = {str(e["UID"]): e["DTSTAMP"].dt for e in Calendar.from_ical(before).walk("VEVENT")}
    actions.give_notice(by=secretary, meeting=coming[0])
    after = {
        str(e["UID"]): e["DTSTAMP"].dt
        for e in Calendar.from_ical(client.get("/meetings.ics").content).walk("VEVENT")
    }
    key = f"{coming[0].key}@common-endeavour"
    assert after[key] >= stamp[key]
    assert all(after[other] == stamp[other] for other in stamp if other != key)


def test_the_feed_of_decisions_holds_to_rfc_4287(client: Client, secretary: Person, held: Meeting) -> None:
    assert ElementTree.fromstring(client.get("/decisions.atom").content).find(f"{ATOM}entry") is None
    awkward = {**WORDS.__dict__, "title": "Falls\x0c & <rails>", "decided": "Buy\x0b them"}
    made = [
        actions.record_decision(by=secretary, item=item, words=DecisionWords(**words))
        for item, words in zip(held.items.all(), (WORDS.__dict__, awkward), strict=False)
    ]
    answer = client.get("/decisions.atom")
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.content)
    assert [feed.findtext(f"{ATOM}{tag}") is not None for tag in ("id", "title", "updated")] == [True] * 3
    entries = feed.findall(f"{ATOM}entry")
    assert len({e.findtext(f"{ATOM}id") for e in entries}) == len(entries) == len(made)
    stamp = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
    for entry in entries:
        assert stamp.fullmatch(entry.findtext(f"{ATOM}updated") or "")
        assert entry.findtext(f"{ATOM}author/{ATOM}name")
        assert entry.find(f"{ATOM}link") is not None
    assert entries[0].findtext(f"{ATOM}title") == "Falls  & <rails>"
