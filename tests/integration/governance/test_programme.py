"""The year's programme: every month, what came of each event, and whether the symposium was held."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from endeavour.core.models import Body, Person
from endeavour.core.public import LONDON
from endeavour.governance import actions, queries
from endeavour.governance.models import Meeting

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def _today_is_fixed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENDEAVOUR_TODAY", TODAY.isoformat())


def called(by: Person, body: Body, day: date, **other: object) -> Meeting:
    starts = datetime(day.year, day.month, day.day, 14, tzinfo=LONDON)
    given = {"title": f"{body.name} {day}", "minutes": 60, "place": "Library"} | other
    return actions.call_meeting(by=by, body=body, starts_at=starts, **given)  # type: ignore[arg-type]


def talked(by: Person, body: Body, day: date, title: str, **answers: str) -> None:
    actions.keep_register(
        by=by, register="conversations", title=title, body=body, starts_on=day, review_on=day + timedelta(days=400),
        source="Flyer", answers={"open_to": "Anybody", "came": "", "missing": "", "heard": "", "next": ""} | answers,
    )  # fmt: skip


@pytest.fixture
def symposium(icp: Body) -> Body:
    return Body.objects.create(
        key="symposium", name="Annual symposium", legal_form="forum", partner_class="partnership"
    )


def test_each_month_stands_there_and_each_event_says_what_came_of_it(
    client: Client, secretary: Person, icp: Body
) -> None:
    called(secretary, icp, date(2026, 10, 8))
    dropped = called(secretary, icp, date(2026, 12, 17))
    # The day it was cancelled is given: `cancel_meeting` goes by the clock on the wall, and this test by a fixed day.
    Meeting.objects.filter(pk=dropped.pk).update(cancelled_on=TODAY, cancelled_why="The hall was flooded")
    called(secretary, icp, date(2026, 12, 3))
    talked(secretary, icp, date(2026, 11, 1), "Tea in Grays", heard="Buses stop at six")
    talked(secretary, icp, date(2026, 11, 2), "Tea in Laindon", next="A later bus was asked for")
    talked(secretary, icp, date(2026, 12, 9), "Tea in Tilbury")
    found = queries.programme(2026, as_at=TODAY)
    assert len(found.months) == 12
    assert found.symposium is not None
    told = {event.title: (event.outcome, event.told, event.is_to_come) for event in found.events}
    assert told["Tea in Grays"] == ("Nobody has said what came of it, 21 days on.", False, False)
    assert told["Tea in Laindon"] == ("A later bus was asked for", True, False)
    assert told["Tea in Tilbury"] == ("To come.", True, True)
    outcomes = {event.on: event.outcome for event in found.events}
    assert outcomes[date(2026, 10, 8)] == "No decisions are recorded. No minutes are published."
    assert outcomes[date(2026, 12, 17)] == "Cancelled on 22 November 2026: The hall was flooded"
    assert outcomes[date(2026, 12, 3)] == "To come."
    page = client.get("/programme?year=2026").content.decode()
    assert "6 events, 2 to come. For 2, nobody has said what came of it." in page
    assert "9 months have nothing open to everybody." in page
    rows = list(
        csv.DictReader(client.get("/programme.csv?year=2026").content.decode("utf-8-sig").splitlines())
    )
    assert [row["title"] for row in rows] == [event.title for event in found.events]
    said = client.get("/api/governance/programme?year=2026").json()
    assert [event["title"] for event in said["events"]] == [event.title for event in found.events]
    assert (said["symposium"], said["symposium_is_late"]) == (found.symposium.words, True)
    assert client.get("/api/governance/programme?year=22").status_code == 422
    calendar = Calendar.from_ical(client.get("/programme.ics?year=2026").content)
    assert {str(event["summary"]) for event in calendar.walk("VEVENT")} == set(told)


def test_what_is_held_in_private_has_no_place_in_it(client: Client, secretary: Person, icp: Body) -> None:
    ground = "Information about an individual (paragraph 1)"
    called(secretary, icp, date(2026, 10, 8), title="A closed sitting", closed_ground=ground)
    for address in ("/programme?year=2026", "/programme.csv?year=2026", "/programme.ics?year=2026"):
        assert b"closed sitting" not in client.get(address).content


def test_the_symposium_is_late_until_one_is_called_and_again_a_year_after_it(
    client: Client, secretary: Person, symposium: Body
) -> None:
    def how(day: date) -> tuple[str, bool]:
        found = queries.programme(2026, as_at=day).symposium
        assert found is not None
        return found.words, found.is_late

    assert how(TODAY) == ("None is recorded. No day is set for the next.", True)
    assert "A year has passed without one." in client.get("/programme").content.decode()
    called(secretary, symposium, date(2026, 12, 1))
    assert how(TODAY) == ("None is recorded. The next is on 1 December 2026.", False)
    assert how(date(2027, 6, 1)) == ("The last was on 1 December 2026. No day is set for the next.", False)
    assert how(date(2027, 12, 2)) == ("The last was on 1 December 2026. No day is set for the next.", False)
    assert how(date(2027, 12, 3)) == ("The last was on 1 December 2026. No day is set for the next.", True)


def test_what_was_heard_since_the_last_one_goes_into_the_next(secretary: Person, symposium: Body) -> None:
    called(secretary, symposium, date(2026, 6, 1))
    talked(secretary, symposium, date(2026, 5, 1), "Before it")
    talked(secretary, symposium, date(2026, 9, 1), "After it", heard="Buses")
    talked(secretary, symposium, date(2027, 9, 1), "To come")
    assert [kept.title for kept in queries.programme(2026, as_at=TODAY).brings] == ["After it"]


def test_the_symposium_is_on_the_years_cycle() -> None:
    waiting = dict(queries.waiting_in_cycle(TODAY))
    assert any("Annual symposium" in title for title in waiting)


@pytest.mark.parametrize("year", ["2016", "0022", "2029", "soon", "²026", "-1", "9" * 400])
def test_a_year_that_is_none_is_refused_in_words(client: Client, year: str) -> None:
    answer = client.get("/programme", {"year": year})
    assert answer.status_code == 422
    assert b"The programme has years from 2017 to 2028." in answer.content


def test_it_asks_the_same_number_of_questions_however_full_the_year(
    client: Client, secretary: Person, icp: Body, symposium: Body
) -> None:
    counts = []
    for month in (3, 7):
        for n in range(month, month + 3):
            called(secretary, icp, date(2026, n, 8))
            called(secretary, symposium, date(2026, n, 9))
            talked(secretary, icp, date(2026, n, 10), f"Tea {n}")
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/programme?year=2026").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 4
