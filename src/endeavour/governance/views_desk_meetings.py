"""The desk's meetings: call one, give notice, draft its agenda, add papers, record attendance, publish minutes."""

from __future__ import annotations

from datetime import datetime, time

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from endeavour.core.public import LONDON, Body, parse_day, today
from endeavour.errors import BadInput, NotFound
from endeavour.governance import actions, queries
from endeavour.governance.asking import asked, person_for
from endeavour.governance.definitions import meeting_rules
from endeavour.governance.exceptions import exceptions
from endeavour.governance.forms import Field, Form
from endeavour.governance.models import Attendance

UNRECORDED = "unrecorded"


@require_http_methods(["GET", "POST"])
def new_meeting(request: HttpRequest) -> HttpResponse:
    """Call a meeting."""
    person = person_for(request, "governance.call_meeting")
    form = Form(
        title="Call a meeting",
        button="Call this meeting",
        back=("/meetings", "Meetings"),
        fields=(
            Field("body", "Which board or forum?", "choice", options=tuple((b.key, b.name) for b in queries.boards(today())), value=meeting_rules(settings.PACK).hub, needed="Choose a board or forum."),
            Field("day", "Which day?", "date", needed="Say which day."),
            Field("time", "At what time?", "time", value="14:00", needed="Say at what time."),
            Field("minutes", "How many minutes?", "number", value="120", needed="Say how long it lasts."),
            Field("place", "Where?", hint="A building with step-free access, and its address", needed="Say where the meeting is."),
            Field("join_words", "How can people join?", "area", hint="Online link, phone number, interpreters, hearing loop"),
            Field("title", "Title, if not simply its name"),
            Field("closed_ground", "Ground for meeting in private, if any", hint="Leave empty: meetings are in public"),
        ),
    )  # fmt: skip

    def work(values: dict[str, str]) -> HttpResponse:
        body = Body.objects.get(key=values["body"])
        meeting = actions.call_meeting(
            by=person,
            body=body,
            title=values["title"],
            starts_at=_moment(values["day"], values["time"]),
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
    return redirect("governance:meeting", key=key)


@require_POST
def draft_agenda(request: HttpRequest, key: str) -> HttpResponse:
    """Draft the agenda from everything that is due by that day."""
    person = person_for(request, "governance.draft_agenda")
    meeting = queries.meeting(key)
    actions.draft_agenda(
        by=person, meeting=meeting, promises=queries.late_promises(), exceptions=exceptions(settings.PACK)
    )
    return redirect("governance:meeting", key=key)


@require_http_methods(["GET", "POST"])
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

    def work(values: dict[str, str]) -> HttpResponse:
        source, kind, target = values["route"].split("/")
        actions.record_message(
            by=person, source=source, kind=kind, target=target, happened_at=_moment(values["day"], "12:00"), words=values["words"]
        )  # fmt: skip
        return redirect("governance:map_check")

    return asked(request, form, work)


@require_http_methods(["GET", "POST"])
def new_item(request: HttpRequest, key: str) -> HttpResponse:
    """Add an item to an agenda."""
    person = person_for(request, "governance.draft_agenda")
    meeting = queries.meeting(key)
    form = Form(
        title="Add an agenda item",
        button="Add this item",
        back=(f"/meeting/{key}", meeting.title),
        fields=(
            Field("title", "Title", needed="An item needs a title."),
            Field("words", "What is it about?", "area"),
            Field("minutes", "How many minutes?", "number", value="10", needed="Say how long it takes."),
            Field("exempt_ground", "Ground for taking it in private, if any"),
        ),
    )

    def work(values: dict[str, str]) -> HttpResponse:
        actions.add_item(
            by=person,
            meeting=meeting,
            title=values["title"],
            words=values["words"],
            minutes=int(values["minutes"]),
            exempt_ground=values["exempt_ground"],
        )
        return redirect("governance:meeting", key=key)

    return asked(request, form, work)


@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, key: str) -> HttpResponse:
    """Cancel a meeting, with the reason."""
    person = person_for(request, "governance.cancel_meeting")
    meeting = queries.meeting(key)
    form = Form(
        title=f"Cancel {meeting.title}",
        button="Cancel this meeting",
        back=(f"/meeting/{key}", meeting.title),
        fields=(Field("why", "Why?", hint="Everybody can read this", needed="Say why it is cancelled."),),
    )

    def work(values: dict[str, str]) -> HttpResponse:
        actions.cancel_meeting(by=person, meeting=meeting, why=values["why"])
        return redirect("governance:meeting", key=key)

    return asked(request, form, work)


@require_http_methods(["GET", "POST"])
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

    def work(values: dict[str, str]) -> HttpResponse:
        for seat in seats:
            how = values[seat.key]
            if how == UNRECORDED:
                continue
            if how not in Attendance.How.values:
                raise BadInput(f"'{how[:20]}' is not a way of attending.")
            if how != recorded.get(seat.pk):
                actions.record_attendance(by=person, meeting=meeting, post=seat, how=how)
        return redirect("governance:meeting", key=key)

    return asked(request, form, work)


@require_http_methods(["GET", "POST"])
def minutes(request: HttpRequest, key: str) -> HttpResponse:
    """Publish minutes, or a corrected version."""
    person = person_for(request, "governance.publish_minutes")
    meeting = queries.meeting(key)
    standing = max(meeting.minutes_versions.all(), key=lambda m: m.version, default=None)
    form = Form(
        title="Publish minutes",
        button="Publish",
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

    def work(values: dict[str, str]) -> HttpResponse:
        actions.publish_minutes(by=person, meeting=meeting, words=values["words"])
        return redirect("governance:meeting", key=key)

    return asked(request, form, work)


def _moment(day: str, at: str) -> datetime:
    try:
        clock = time.fromisoformat(at.strip())
    except ValueError as error:
        raise BadInput(f"'{at[:20]}' is not a time.", hint="Write it as 14:00.") from error
    return datetime.combine(parse_day(day), clock, tzinfo=LONDON)
