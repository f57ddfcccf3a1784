"""The year's programme for everybody: a page, its CSV and a calendar to subscribe to."""

from __future__ import annotations

from datetime import UTC

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from endeavour.core.public import csv_response, now, today
from endeavour.errors import BadInput
from endeavour.governance import queries
from endeavour.governance.asking import EARLIEST

YEARS_AHEAD = 2
COLUMNS = ["on", "title", "kind", "place", "outcome", "told", "see"]


def _programme(request: HttpRequest) -> queries.Programme:
    """The year asked about, `?year=2026`, from 2017 to two years on; this year without it."""
    day = today()
    text = request.GET.get("year", "").strip() or str(day.year)
    last = day.year + YEARS_AHEAD
    if not (text.isascii() and text.isdigit() and EARLIEST.year <= int(text[:9]) <= last):
        raise BadInput(f"The programme has years from {EARLIEST.year} to {last}.", hint="Choose one of them.")
    return queries.programme(int(text), as_at=day)


@require_safe
def year(request: HttpRequest) -> HttpResponse:
    """Month by month: what is open to everybody, what came of it, and the symposium that it leads to."""
    found = _programme(request)
    events = found.events
    context = {
        "programme": found,
        "untold": sum(not event.told for event in events),
        "coming": sum(event.is_to_come for event in events),
        "empty": sum(not month.events for month in found.months),
        "earlier": found.year - 1 if found.year > EARLIEST.year else None,
        "later": found.year + 1 if found.year < today().year + YEARS_AHEAD else None,
    }
    return render(request, "governance/programme.html", context)


@require_safe
def year_csv(request: HttpRequest) -> HttpResponse:
    """The year's events with what came of each."""
    rows = ([getattr(event, name) for name in COLUMNS] for event in _programme(request).events)
    return csv_response("programme.csv", COLUMNS, rows)


@require_safe
def year_ics(request: HttpRequest) -> HttpResponse:
    """The year's events as an iCalendar feed (RFC 5545), each as a whole day; /meetings.ics has the hours of meetings."""
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//Common Endeavour//Programme//EN")
    calendar.add("version", "2.0")
    for found in _programme(request).events:
        event = Event()
        event.add("uid", f"{found.see.strip('/').replace('/', '-')}@common-endeavour")
        event.add("dtstamp", now().astimezone(UTC))
        event.add("dtstart", found.on)
        event.add("summary", found.title)
        event.add("description", found.outcome)
        if found.place:
            event.add("location", found.place)
        event.add("url", f"{settings.PUBLIC_URL}{found.see}")
        calendar.add_component(event)
    return HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")
