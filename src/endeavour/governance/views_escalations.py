"""Safeguarding worries against their clocks, for those on either side of a route and for the secretariat."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from endeavour.core.public import LONDON, now, today
from endeavour.governance import actions, queries
from endeavour.governance.asking import asked, person_for
from endeavour.governance.forms import Answers, Field, Form

REGISTER = "safeguarding-routes"


@require_safe
def escalations(request: HttpRequest) -> HttpResponse:
    """The worries that somebody may see, those past their time first."""
    person = person_for(request, "governance.raise_escalation")
    rows = queries.escalations_for(person, now())
    context = {"rows": rows, "late": sum(row.is_late for row in rows), "routes": _routes()}
    return render(request, "governance/escalations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def raise_escalation(request: HttpRequest) -> HttpResponse:
    """Record that a worry went up a route."""
    person = person_for(request, "governance.raise_escalation")
    form = Form(
        title="Record a safeguarding worry",
        button="Start its clock",
        intro="If somebody is in danger now, call 999. Write nothing here about the person: only your own number for the case.",
        back=("/escalations", "Worries"),
        fields=(
            Field("route", "By which route?", "choice", options=(("", "Choose"), *_routes()), value=request.GET.get("route", ""), needed="Choose a route."),
            Field("reference", "Your own number for the case", hint="Such as 2026-114. Never a name or a date of birth", most=40, needed="Give your number for the case."),
            *_moment_fields("When was it raised?"),
        ),
    )  # fmt: skip

    def work(values: Answers) -> HttpResponse:
        actions.raise_escalation(
            by=person, route=values["route"], reference=values["reference"], raised_at=values.moment("day", "time")
        )  # fmt: skip
        return redirect("governance:escalations")

    return asked(request, form, work)


@require_http_methods(["GET", "HEAD", "POST"])
def answer_escalation(request: HttpRequest, number: int) -> HttpResponse:
    """Record that somebody took a worry up."""
    person = person_for(request, "governance.answer_escalation")
    found = queries.escalation_for(person, number, now())
    form = Form(
        title=f"Record the answer to {found.reference}",
        button="Stop its clock",
        intro=f"{found.body} raised it with {found.other}. Write nothing about the person.",
        back=("/escalations", "Worries"),
        fields=(
            Field("words", "What is done next?", hint="Such as: taken up by the duty team", most=300, needed="Say what is done next."),
            *_moment_fields("When was it answered?"),
        ),
    )  # fmt: skip

    def work(values: Answers) -> HttpResponse:
        actions.answer_escalation(
            by=person, escalation=found, answered_at=values.moment("day", "time"), words=values["words"]
        )
        return redirect("governance:escalations")

    return asked(request, form, work)


def _moment_fields(label: str) -> tuple[Field, Field]:
    moment = now().astimezone(LONDON)
    return (
        Field("day", label, "date", value=moment.date().isoformat(), needed="Say on which day."),
        Field("time", "At what time?", "time", value=f"{moment:%H:%M}", needed="Say at what time."),
    )


def _routes() -> tuple[tuple[str, str], ...]:
    rows = queries.entries(today(), REGISTER)
    return tuple((row.kept.key, f"{row.kept.title}: {row.kept.answers['within']}") for row in rows)
