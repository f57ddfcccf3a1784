"""The register of PLUS groups: public to read, recorded by the secretariat."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from endeavour.charts.words import day_words
from endeavour.core.public import Person, may, parse_day, today
from endeavour.errors import BadInput
from endeavour.population import actions, presenters_plus, rules
from endeavour.population.downloads import Table
from endeavour.population.queries import plus


@require_safe
def plus_groups(request: HttpRequest) -> HttpResponse:
    """Which groups each place looks after first, when it last asked itself, and how many people that is."""
    return _page(request)


def _page(request: HttpRequest, problem: str = "") -> HttpResponse:
    day, is_past = _day(request)
    person = request.user if isinstance(request.user, Person) else None
    registers = plus.register(day)
    included = [entry for place in registers for entry in place.included]
    context = {
        "registers": registers, "entries": len(included), "overdue": sum(place.overdue for place in registers),
        "never": sum(entry.review is None for entry in included), "as_at": day, "is_past": is_past, "groups": plus.groups(),
        "counts": presenters_plus.counts(plus.groups()), "may_review": may(person, rules.REVIEW_PLUS_GROUP),
        "today": today(), "problem": problem, "csv": f"/plus-groups.csv?as_at={day}", "typed": request.POST,
    }  # fmt: skip
    return render(request, "population/plus_groups.html", context, status=422 if problem else 200)


def _day(request: HttpRequest) -> tuple[date, bool]:
    """The day asked about, and whether it is another than today."""
    asked = request.GET.get("as_at", "")
    return (parse_day(asked), True) if asked else (today(), False)


COLUMNS = {
    "place": "the place's code",
    "place_name": "its name",
    "group": "the group's id",
    "name": "the group in words",
    "origin": "local: named by the strategy; national or national_children: by Core20PLUS5",
    "in_register": "whether the place looks after it first",
    "reviewed_on": "when the place last asked itself; empty where it has not",
    "next_review_on": "the day by which it must again",
    "state": "whether the review is current, due or overdue on the day asked about",
    "evidence": "what the last review rests on",
    "decision": "the decision's number, where there is one",
}


def table(request: HttpRequest) -> Table:
    """One place and group a line."""
    day, _ = _day(request)
    rows = []
    for place in plus.register(day):
        for e in (*place.included, *place.others):
            seen = (e.review.reviewed_on, e.due.on, e.due.state, e.review.why, e.review.decision) if e.review else (
                "", e.due.on or "", e.due.state, "", "")  # fmt: skip
            rows.append(
                [place.code, place.name, e.group.id, e.group.name, e.group.origin, e.is_included, *seen]
            )
    return Table(
        f"plus-groups-{day}",
        f"PLUS groups by place, as on {day_words(day)}",
        COLUMNS,
        rows,
        source="The partnership's own register.",
        method="A group named by the strategy is in every place's list until a review decides otherwise.",
    )


@login_required
@require_POST
def review(request: HttpRequest) -> HttpResponse:
    """Record a review of one group in one place."""
    assert isinstance(request.user, Person), "login_required lets nobody else in"
    given = request.POST
    try:
        actions.review_plus_group(
            by=request.user, place=given.get("place", ""), group=given.get("group", ""),
            is_included=given.get("is_included") == "yes", on=parse_day(given.get("on", "")),
            evidence=given.get("evidence", ""), decision=given.get("decision", ""),
        )  # fmt: skip
    except BadInput as error:
        return _page(request, str(error))
    return redirect("population:plus-groups")
