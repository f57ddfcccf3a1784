"""The desk's agendas: draft one, add to it, move its items or take them off, publish it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from endeavour.governance import actions, queries
from endeavour.governance.asking import asked, person_for
from endeavour.governance.choices import grounds
from endeavour.governance.exceptions import exceptions
from endeavour.governance.forms import Answers, Field, Form

OFF = "off"


@require_POST
def draft_agenda(request: HttpRequest, key: str) -> HttpResponse:
    """Draft the agenda from everything that is due by that day."""
    person = person_for(request, "governance.draft_agenda")
    meeting = queries.meeting(key)
    actions.draft_agenda(
        by=person, meeting=meeting, promises=queries.late_promises(), exceptions=exceptions()
    )
    return redirect("governance:meeting", key=key)


@require_POST
def publish_agenda(request: HttpRequest, key: str) -> HttpResponse:
    """Publish the agenda and its papers today."""
    person = person_for(request, "governance.publish_agenda")
    actions.publish_agenda(by=person, meeting=queries.meeting(key))
    return redirect("governance:meeting", key=key)


@require_http_methods(["GET", "HEAD", "POST"])
def new_item(request: HttpRequest, key: str) -> HttpResponse:
    """Add an item to an agenda; once it is published, with what makes the item urgent."""
    person = person_for(request, "governance.draft_agenda")
    meeting = queries.meeting(key)
    late = Field(
        "why_late", "Why can it not wait?", "area", hint="Everybody can read this", most=300, needed="Say why it cannot wait."
    )  # fmt: skip
    form = Form(
        title="Add an agenda item",
        button="Add this item",
        intro="The agenda is published. The law lets an item be added only for special circumstances." if meeting.agenda_on else "",
        back=(f"/meeting/{key}", meeting.title),
        fields=(
            Field("title", "Title", needed="An item needs a title."),
            Field("words", "What is it about?", "area"),
            Field("minutes", "How many minutes?", "number", value="10", needed="Say how long it takes."),
            Field("exempt_ground", "In public?", "choice", options=grounds()),
            *((late,) if meeting.agenda_on else ()),
        ),
    )  # fmt: skip

    def work(values: Answers) -> HttpResponse:
        actions.add_item(by=person, meeting=meeting, **{**values, "minutes": int(values["minutes"])})  # type: ignore[arg-type]
        return redirect("governance:meeting", key=key)

    return asked(request, form, work)


@require_http_methods(["GET", "HEAD", "POST"])
def arrange_item(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Move an item of an agenda, take it off or put it back, with the reason."""
    person = person_for(request, "governance.arrange_item")
    item = queries.item_to_arrange(key, number)
    others = [other for other in queries.meeting(key).items.all() if other.number != number]
    places = [
        ("1", "First"),
        *((str(n + 1), f"After: {other.title}"[:120]) for n, other in enumerate(others, 1)),
    ]
    form = Form(
        title=f"Move or take off: {item.title}",
        button="Change the agenda",
        intro="What put it on the agenda stays open, and comes back on the next one until it is decided or answered.",
        back=(f"/meeting/{key}", item.meeting.title),
        fields=(
            Field("place", "Where should it stand?", "choice", options=(*places, (OFF, "Nowhere: take it off this agenda")), value=str(item.place or OFF)),
            Field("why", "Why?", hint="Everybody can read this", most=300, needed="Say why."),
        ),
    )  # fmt: skip

    def work(values: Answers) -> HttpResponse:
        place = None if values["place"] == OFF else int(values["place"])
        actions.arrange_item(by=person, item=item, place=place, why=values["why"])
        return redirect("governance:meeting", key=key)

    return asked(request, form, work)
