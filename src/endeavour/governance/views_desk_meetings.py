"""The desk's meetings: call one, give notice, record attendance and interests, publish minutes."""

from __future__ import annotations

from datetime import datetime, time

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from endeavour.core.public import LONDON, today
from endeavour.errors import BadInput, NotFound
from endeavour.governance import actions, queries
from endeavour.governance.asking import asked, person_for
from endeavour.governance.choices import grounds
from endeavour.governance.definitions import meeting_rules
from endeavour.governance.forms import Answers, Field, Form
from endeavour.governance.models import Attendance, Interest

UNRECORDED = "unrecorded"


@require_http_methods(["GET", "HEAD", "POST"])
def new_meeting(request: HttpRequest) -> HttpResponse:
    """Call a meeting."""
    person = person_for(request, "governance.call_meeting")
    form = Form(
        title="Call a meeting",
        button="Call this meeting",
        done="The meeting is called. Next: draft its agenda and give notice of it.",
        back=("/meetings", "Meetings"),
        fields=(
            Field("body", "Which board or forum?", "choice", options=tuple((b.key, b.name) for b in queries.boards(today())), value=meeting_rules(settings.PACK).hub, needed="Choose a board or forum."),
            Field("day", "Which day?", "date", needed="Say which day."),
            Field("time", "At what time?", "time", value="14:00", needed="Say at what time."),
            Field("minutes", "How many minutes?", "number", value="120", needed="Say how long it lasts."),
            Field("place", "Where?", hint="A building with step-free access, and its address", most=300, needed="Say where the meeting is."),
            Field("join_words", "How can people join?", "area", hint="Online link, phone number, interpreters, hearing loop"),
            Field("title", "Title, if not simply its name"),
            Field("closed_ground", "In public?", "choice", hint="Meetings are in public unless the law gives a ground, which everybody can read", options=grounds()),
        ),
    )  # fmt: skip

    def work(values: Answers) -> HttpResponse:
        meeting = actions.call_meeting(
            by=person,
            body=queries.body(values["body"]),
            title=values["title"],
            starts_at=values.moment("day", "time"),
            minutes=int(values["minutes"]),
            place=values["place"],
            join_words=values["join_words"],
            closed_ground=values["closed_ground"],
        )
        return redirect("governance:meeting", key=meeting.key)

    return asked(request, form, work)


@require_POST
def give_notice(request: HttpRequest, key: str) -> HttpResponse:
    """Give public notice of a meeting today."""
    actions.give_notice(by=person_for(request, "governance.give_notice"), meeting=queries.meeting(key))
    messages.success(request, "Notice is given.")
    return redirect("governance:meeting", key=key)


@require_http_methods(["GET", "HEAD", "POST"])
def message(request: HttpRequest) -> HttpResponse:
    """Record that a message travelled a route of the map."""
    person = person_for(request, "governance.record_message")
    routes = queries.routes(today())
    form = Form(
        title="Record a message between bodies",
        button="Record this message",
        back=("/bodies/check", "Check of the map"),
        fields=(
            Field("route", "Which route?", "choice", options=tuple((r.name, r.words) for r in routes), value=request.GET.get("route", ""), needed="Choose a route."),
            Field("day", "When?", "date", value=today().isoformat(), needed="Say when."),
            Field("words", "What was sent?", "area", needed="Say what was sent."),
        ),
    )  # fmt: skip

    def work(values: Answers) -> HttpResponse:
        source, kind, target = values["route"].split("/")
        actions.record_message(
            by=person, source=source, kind=kind, target=target, happened_at=datetime.combine(values.day("day"), time(12), tzinfo=LONDON), words=values["words"]
        )  # fmt: skip
        return redirect("governance:map_check")

    return asked(request, form, work)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, key: str) -> HttpResponse:
    """Cancel a meeting, with the reason."""
    person = person_for(request, "governance.cancel_meeting")
    meeting = queries.meeting(key)
    form = Form(
        title=f"Cancel {meeting.title}",
        button="Cancel this meeting",
        done="The meeting is cancelled. Its page says why.",
        back=(f"/meeting/{key}", meeting.title),
        fields=(
            Field("why", "Why?", hint="Everybody can read this", most=300, needed="Say why it is cancelled."),
        ),
    )

    def work(values: Answers) -> HttpResponse:
        actions.cancel_meeting(by=person, meeting=meeting, why=values["why"])
        return redirect("governance:meeting", key=key)

    return asked(request, form, work)


@require_http_methods(["GET", "HEAD", "POST"])
def attendance(request: HttpRequest, key: str) -> HttpResponse:
    """Record how each seat was filled."""
    person = person_for(request, "governance.record_attendance")
    meeting = queries.meeting(key)
    seats = queries.seats(meeting.body, meeting.starts_at.astimezone(LONDON).date())
    if not seats:
        raise NotFound(
            f"{meeting.body} has no seats recorded.", hint="Add its posts to the pack and load it again."
        )
    recorded = {a.post_id: a.how for a in meeting.attendance.all()}
    form = Form(
        title="Who attended?",
        button="Record attendance",
        done="Attendance is recorded.",
        back=(f"/meeting/{key}", meeting.title),
        fields=tuple(
            Field(
                s.key,
                s.title,
                "choice",
                options=((UNRECORDED, "Not recorded"), *Attendance.How.choices),
                value=recorded.get(s.pk, UNRECORDED),
            )
            for s in seats
        ),
    )

    def work(values: Answers) -> HttpResponse:
        for seat in seats:
            how = values[seat.key]
            if how == UNRECORDED:
                continue
            if how != recorded.get(seat.pk):
                actions.record_attendance(by=person, meeting=meeting, post=seat, how=how)
        return redirect("governance:meeting", key=key)

    return asked(request, form, work)


@require_http_methods(["GET", "HEAD", "POST"])
def minutes(request: HttpRequest, key: str) -> HttpResponse:
    """Publish minutes, or a corrected version."""
    person = person_for(request, "governance.publish_minutes")
    meeting = queries.meeting(key)
    standing = max(meeting.minutes_versions.all(), key=lambda m: m.version, default=None)
    form = Form(
        title="Publish minutes",
        button="Publish",
        done="The minutes are published.",
        checks=True,
        intro="Earlier versions stay readable beside this one." if standing else "",
        back=(f"/meeting/{key}", meeting.title),
        fields=(
            Field(
                "words",
                "The minutes",
                "area",
                value=standing.words if standing else "",
                needed="The minutes are empty.",
                rows=20,
            ),
        ),
    )

    def work(values: Answers) -> HttpResponse:
        actions.publish_minutes(by=person, meeting=meeting, words=values["words"])
        return redirect("governance:meeting", key=key)

    return asked(request, form, work)


@require_http_methods(["GET", "HEAD", "POST"])
def interest(request: HttpRequest, key: str) -> HttpResponse:
    """Record an interest that somebody declared at a meeting, on one item or in general."""
    person = person_for(request, "governance.declare_interest")
    meeting = queries.meeting(key)
    day = meeting.starts_at.astimezone(LONDON).date()
    seats = {seat.key: seat for seat in queries.seats(meeting.body, day)}
    items = {str(item.number): item for item in meeting.items.all()}
    form = Form(
        title="Record an interest",
        button="Record this interest",
        back=(f"/meeting/{key}", meeting.title),
        fields=(
            Field("seat", "Whose seat?", "choice", options=(("", "Choose"), *((s.key, s.title + (f", {s.nominated_by.name}" if s.nominated_by else "")) for s in seats.values())), needed="Choose the seat."),
            Field("holder", "Their name, as published", most=160, needed="Give their name."),
            Field("words", "What is the interest?", "area", needed="Say what the interest is."),
            Field("item", "On which item?", "choice", options=(("", "None: a standing interest"), *((n, f"{n}. {i.title}") for n, i in items.items()))),
            Field("then", "What did they then do?", "choice", hint="Needed for an interest on an item", options=(("", "Not about one item"), *Interest.Then.choices)),
        ),
    )  # fmt: skip

    def work(values: Answers) -> HttpResponse:
        if values["seat"] not in seats:
            raise BadInput("Choose the seat.")
        actions.declare_interest(
            by=person,
            post=seats[values["seat"]],
            holder=values["holder"],
            words=values["words"],
            declared_on=min(day, today()),
            item=items.get(values["item"]),
            then=values["then"],
        )
        return redirect("governance:meeting", key=key)

    def check(values: Answers) -> dict[str, str]:
        if values["item"] and not values["then"]:
            return {"then": "Say whether they stayed, spoke or left."}
        return {"item": "Choose the item."} if values["then"] and not values["item"] else {}

    return asked(request, form, work, check)
