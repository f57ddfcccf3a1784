"""A paper before every board that sees it, whom it was put to, and what each made of it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from endeavour.core.public import may
from endeavour.governance import actions, queries
from endeavour.governance.asking import as_at_of, asked, person_for, signed_in
from endeavour.governance.choices import body_field
from endeavour.governance.definitions_consultees import consulted_topics
from endeavour.governance.forms import Answers, Field, Form
from endeavour.governance.models import Resolution


@require_safe
def consultation(request: HttpRequest) -> HttpResponse:
    """Who is always consulted on what, and the papers that it binds, on a day."""
    day = as_at_of(request)
    rows, names = queries.consultation(day), queries.body_names()
    context = {
        "as_at": day,
        "rows": rows,
        "faulty": sum(row.is_faulty for row in rows),
        "topics": [
            (topic, [(key, names.get(key, key)) for key in topic.bodies])
            for topic in consulted_topics(settings.PACK)
        ],
    }
    return render(request, "governance/consultation.html", context)


@require_safe
def paper(request: HttpRequest, sha256: str) -> HttpResponse:
    """One paper: what it recommends, what each board made of it, and who was consulted."""
    day = as_at_of(request)
    found = queries.paper_before_boards(sha256, day)
    secretary = may(signed_in(request), "governance.resolve_paper")
    context = {
        "as_at": day,
        "page": found,
        "secretary": secretary,
        "is_shown": secretary or bool(found.open_boards),
        "paper": (found.open_boards or found.boards)[0].paper,
    }
    return render(request, "governance/paper.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def consulted(request: HttpRequest, sha256: str) -> HttpResponse:
    """Record that a body was consulted on a paper."""
    person = person_for(request, "governance.record_consultation")
    row = queries.newest_paper(sha256)
    form = Form(
        title=f"Record who was consulted on: {row.title}",
        button="Record this",
        checks=True,
        back=(f"/paper/{sha256}", row.title),
        fields=(
            body_field("body", "Who was consulted?", needed="Choose who was consulted."),
            Field("day", "When?", "date", needed="Say when."),
            Field("words", "What did they say?", "area", hint="Or that they had nothing to add", needed="Say what they said, or that they had nothing to add."),
        ),
    )  # fmt: skip

    def work(values: Answers) -> HttpResponse:
        actions.record_consultation(
            by=person,
            paper=row,
            body=queries.body(values["body"]),
            happened_on=values.day("day"),
            words=values["words"],
        )
        return redirect("governance:paper_before_boards", sha256=sha256)

    return asked(request, form, work)


@require_http_methods(["GET", "HEAD", "POST"])
def carry(request: HttpRequest, sha256: str) -> HttpResponse:
    """Put the same paper before another board."""
    person = person_for(request, "governance.add_paper")
    row = queries.newest_paper(sha256)
    items = queries.items_of_meetings()
    form = Form(
        title=f"Put before another board: {row.title}",
        button="Put it before them",
        intro="The same file and the same words. Each board has an outcome of its own.",
        checks=True,
        back=(f"/paper/{sha256}", row.title),
        fields=(
            Field("item", "On which item of which meeting?", "choice", options=(("", "Choose"), *items), needed="Choose an item."),
        ),
    )  # fmt: skip

    def work(values: Answers) -> HttpResponse:
        meeting, _, number = values["item"].rpartition("/")
        actions.carry_paper(by=person, paper=row, item=queries.meeting_item(meeting, int(number)))
        return redirect("governance:paper_before_boards", sha256=sha256)

    return asked(request, form, work)


@require_http_methods(["GET", "HEAD", "POST"])
def resolve(request: HttpRequest, key: str, number: int, sha256: str) -> HttpResponse:
    """Record what one board made of a paper."""
    person = person_for(request, "governance.resolve_paper")
    row = queries.paper_of(key, number, sha256)
    decisions = {d.key: d for d in row.item.decisions.all()}
    form = Form(
        title=f"What did {row.item.meeting.body.name} make of it?",
        button="Record this outcome",
        intro=row.recommendation or row.title,
        checks=True,
        back=(f"/paper/{sha256}", row.title),
        fields=(
            Field("outcome", "Its outcome", "choice", options=(("", "Choose"), *Resolution.Outcome.choices), needed="Choose what the board made of it."),
            Field("words", "What was resolved, or why not?", "area", needed="Say what the board resolved, or why it did not."),
            Field("decision", "By which decision?", "choice", hint="Needed for what was approved, changed or refused", options=(("", "None"), *((d.key, d.title) for d in decisions.values()))),
        ),
    )  # fmt: skip

    def work(values: Answers) -> HttpResponse:
        actions.resolve_paper(
            by=person,
            paper=row,
            outcome=values["outcome"],
            words=values["words"],
            decision=decisions.get(values["decision"]),
        )
        return redirect("governance:paper_before_boards", sha256=sha256)

    return asked(request, form, work)
