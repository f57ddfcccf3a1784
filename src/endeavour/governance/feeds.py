"""Governance for machines: meetings as iCalendar, decisions as Atom, the map as Popolo."""

from __future__ import annotations

import re
from datetime import UTC, date
from xml.etree.ElementTree import Element, SubElement, tostring

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from endeavour.core.public import Body, entry, now, today
from endeavour.governance import queries
from endeavour.governance.asking import as_at_of

ATOM = "http://www.w3.org/2005/Atom"
# What is pasted from elsewhere may hold them; neither XML nor iCalendar can.
_UNKEEPABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _clean(text: str) -> str:
    """Text without the characters that no feed can hold.

    >>> _clean("Page 1\x0cPage 2")
    'Page 1 Page 2'
    """
    return _UNKEEPABLE.sub(" ", text)


@require_safe
def meetings_ics(request: HttpRequest) -> HttpResponse:
    """Every public meeting as an iCalendar feed (RFC 5545)."""
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//Common Endeavour//Meetings//EN")
    calendar.add("version", "2.0")
    coming, past = queries.meetings(as_at=today())
    open_ones = [meeting for meeting in (*past, *coming) if not meeting.closed_ground]
    changed = queries.last_changes(open_ones)
    for meeting in open_ones:
        event = Event()
        event.add("uid", f"{meeting.key}@common-endeavour")
        # The moment it was last changed, so that a calendar does not take every fetch for a change.
        event.add("dtstamp", changed.get(entry("meeting", meeting.key), meeting.starts_at).astimezone(UTC))
        event.add("dtstart", meeting.starts_at.astimezone(UTC))
        event.add("dtend", meeting.ends_at.astimezone(UTC))
        event.add("summary", _clean(meeting.title))
        event.add("location", _clean(meeting.place))
        if meeting.join_words:
            event.add("description", _clean(meeting.join_words))
        event.add("url", f"{settings.PUBLIC_URL}/meeting/{meeting.key}")
        if meeting.cancelled_on:
            event.add("status", "CANCELLED")
        calendar.add_component(event)
    return HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")


@require_safe
def decisions_atom(request: HttpRequest) -> HttpResponse:
    """The latest decisions as an Atom feed (RFC 4287)."""
    feed = Element("feed", xmlns=ATOM)
    found = queries.decisions()[:50]
    updated = max((d.recorded_at for d in found), default=now())
    for tag, text in (
        ("title", "Decisions"),
        ("id", f"{settings.PUBLIC_URL}/decisions"),
        ("updated", updated.astimezone(UTC).isoformat()),
    ):
        SubElement(feed, tag).text = text
    SubElement(feed, "link", href=f"{settings.PUBLIC_URL}/decisions.atom", rel="self")
    for decision in found:
        address = f"{settings.PUBLIC_URL}/decision/{decision.key}"
        item = SubElement(feed, "entry")
        for tag, text in (
            ("title", decision.title),
            ("id", address),
            ("updated", decision.recorded_at.astimezone(UTC).isoformat()),
            (
                "summary",
                decision.decided
                if not decision.private_ground
                else f"Taken in private: {decision.private_ground}.",
            ),
        ):
            SubElement(item, tag).text = _clean(text)
        SubElement(item, "link", href=address)
        SubElement(SubElement(item, "author"), "name").text = decision.item.meeting.body.name
    return HttpResponse(
        tostring(feed, encoding="utf-8", xml_declaration=True), content_type="application/atom+xml"
    )


@require_safe
def popolo(request: HttpRequest) -> JsonResponse:
    """Bodies, posts and memberships on a day in the Popolo shape."""
    day = as_at_of(request)
    bodies = Body.objects.at(day).order_by("key")  # type: ignore[attr-defined]
    organizations = [
        {
            "id": body.key,
            "name": body.name,
            "classification": body.legal_form,
            "founding_date": _day(body.valid_from),
            "dissolution_date": _day(body.valid_to),
            "area_id": body.area_code or None,
        }
        for body in bodies
    ]
    posts = [
        {
            "id": post.key,
            "label": post.title,
            "organization_id": post.body.key,
            "start_date": _day(post.valid_from),
            "end_date": _day(post.valid_to),
        }
        for post in queries.all_seats(day)
    ]
    holding = queries.all_holders(day)
    memberships = [
        {
            "person_id": f"holder-{held.pk}",
            "post_id": held.post.key,
            "organization_id": held.post.body.key,
            "start_date": _day(held.valid_from),
            "end_date": _day(held.valid_to),
        }
        for held in holding
    ]
    persons = [{"id": f"holder-{held.pk}", "name": held.holder} for held in holding]
    routes = [
        {
            "source_id": row.route.source.key, "type": row.route.kind, "target_id": row.route.target.key,
            "owner": row.route.owner or None, "cadence_days": row.route.cadence_days,
            "last_message": _day(row.last), "last_message_back": _day(row.last_back),
        }
        for row in queries.routes(day)
    ]  # fmt: skip
    return JsonResponse(
        {
            "as_at": day.isoformat(),
            "organizations": organizations,
            "posts": posts,
            "persons": persons,
            "memberships": memberships,
            "relationships": routes,
        }
    )


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
