"""The caseload: a list, one household, what was recorded of it, and who looked. For those whose work it is."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from endeavour.core.public import Body, Person, may, parse_day, today
from endeavour.errors import BadInput, Conflict, Missing, NotFound
from endeavour.population import actions, presenters_caseload, rules
from endeavour.population.models import Consent, Workstream
from endeavour.population.queries import caseload


def _person(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person), "login_required lets nobody else in"
    return request.user


def _body(key: str) -> Body:
    found = next((body for body in caseload.bodies() if body.key == key), None)
    if found is None:
        raise NotFound("There is no such body today.", hint="Choose one from the list.")
    return found


@never_cache
@login_required
@require_safe
def caseload_list(request: HttpRequest) -> HttpResponse:
    """My households: those that are late first, then those with the most need. They are there whatever became of the
    choice; without one nothing is said of how far it is.
    """
    person = _person(request)
    step, page = request.GET.get("step", ""), request.GET.get("page", "1")
    may_open = may(person, rules.OPEN_CASELOAD)
    found = actions.see_caseload(by=person, step=step, number=int(page[:9]) if page.isdecimal() else 1)
    missing = None
    try:
        is_open, progress = not may_open or caseload.is_open(), caseload.progress()
    except Missing as error:
        is_open, progress, missing = True, [], None if found.steps else error
    context = {
        "found": found, "step": step, "query": urlencode({"step": step}), "is_open": is_open, "missing": missing, "body": person.body,
        "may_open": may_open, "today": today(),
        "may_judge": may(person, rules.JUDGE_PAIR),
        "progress": progress,
    }  # fmt: skip
    return render(request, "population/caseload.html", context)


@login_required
@require_POST
def open_caseload(request: HttpRequest) -> HttpResponse:
    """Open a case for every chosen household."""
    actions.open_caseload(by=_person(request))
    return redirect("population:caseload")


@never_cache
@login_required
@require_safe
def household(request: HttpRequest, number: int) -> HttpResponse:
    """One household; opening this page is written down."""
    return _household(request, number)


def _household(request: HttpRequest, number: int, problem: str = "") -> HttpResponse:
    person = _person(request)
    row, reasons = actions.look_at_household(by=person, number=number)
    before = row.consent.state if row.consent else ""
    context = {
        "row": row, "reasons": reasons, "problem": problem, "today": today(),
        "parts": [(Workstream.Part(k).label, v) for k, v in reasons.parts.items()] if reasons else [],
        "late": row.step.days_late(today()),
        "history": caseload.history(row.case), "bodies": caseload.bodies(), "typed": request.POST,
        "consents": [(s, Consent.State(s).label) for s in rules.CONSENT_MOVES[before]],
        "hows": Consent.How.choices,
        "free_parts": [p for p in Workstream.Part.choices if p[0] not in {w.part for w in row.work if w.state in {"planned", "under_way"}}],
        "work": [(w, [(m, Workstream.State(m).label) for m in rules.WORK_MOVES[w.state]]) for w in row.work],
        "may_lead": may(person, rules.ASSIGN_LEAD), "may_work": may(person, rules.PLAN_WORK),
    }  # fmt: skip
    status = 422 if problem else 200
    return render(request, "population/household.html", context, status=status)


@never_cache
@login_required
@require_POST
def record(request: HttpRequest, number: int, kind: str) -> HttpResponse:
    """Record one thing of a household; a refusal comes back with what was typed."""
    try:
        _record(_person(request), number, kind, {k: str(v) for k, v in request.POST.items()})
    except (BadInput, Conflict) as error:
        return _household(request, number, str(error))
    return redirect("population:household", number=number)


def _record(by: Person, number: int, kind: str, given: dict[str, str]) -> None:
    said = given.get
    if kind == "consent":
        on = parse_day(said("on", ""))
        actions.record_consent(
            by=by, number=number, state=said("state", ""), how=said("how", ""), on=on, why=said("why", "")
        )
    elif kind == "work":
        actions.plan_work(
            by=by, number=number, part=said("part", ""), body=_body(said("body", "")), action=said("action", ""),
            success=said("success", ""), starts_on=parse_day(said("starts_on", "")), due_on=parse_day(said("due_on", "")),
        )  # fmt: skip
    elif kind == "move":
        actions.move_work(by=by, number=number, part=said("part", ""), to=said("to", ""), why=said("why", ""))
    elif kind == "lead":
        actions.assign_lead(by=by, number=number, body=_body(said("body", "")), why=said("why", ""))
    elif kind == "undo":
        what, _, part = said("what", "").partition(":")
        actions.undo(by=by, number=number, kind=what, part=part, why=said("why", ""))
    else:
        raise NotFound("There is nothing to record at this address.", hint="Go back to the household's page.")


@never_cache
@login_required
@require_safe
def looks(request: HttpRequest) -> HttpResponse:
    """Who looked at which household; for administrators."""
    return render(
        request,
        "population/looks.html",
        {"entries": presenters_caseload.looks(caseload.looks(_person(request)))},
    )
