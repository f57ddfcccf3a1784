"""The pages on which a professional refers somebody, and a provider says how many places are free."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from endeavour.core.public import Person
from endeavour.errors import BadInput, UserError
from endeavour.frontdoor import rules
from endeavour.frontdoor.models import Service
from endeavour.frontdoor.paged import Answers, take_turn
from endeavour.frontdoor.presenters import TIMES
from endeavour.frontdoor.queries import one_service
from endeavour.frontdoor.referral import actions, capacity, pages
from endeavour.frontdoor.views import allowed


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def refer(request: HttpRequest, key: str) -> HttpResponse:
    """Refer somebody to a service: its places first, then a tight group a page, a check, and a receipt."""
    person = allowed(request, rules.REFER)
    found = one_service(key)
    turn = take_turn(pages.FORM, request.POST.dict() if request.method == "POST" else None)
    status = 422 if turn.errors else 200
    if turn.ready:
        try:
            return _send(found, turn.answers, person)
        except UserError as error:
            turn, status = turn.stopped(str(error)), error.http_status
    context = turn.context | {
        "service": found, "capacity": capacity.capacity_words(found), "full": capacity.is_full(found),
        "page": pages.PAGES.get(turn.step), "first": next(iter(pages.PAGES)),
        "rows": pages.rows(turn.step, turn.answers, turn.errors) if turn.step in pages.PAGES else [],
        "summary": pages.summary(turn.answers),
    }  # fmt: skip
    return render(request, "frontdoor/refer.html", context, status=status)


def _send(found: Service, answers: Answers, person: Person) -> HttpResponse:
    made = actions.refer(
        service=found, name=answers["name"], contact_by=answers["contact_by"], contact_value=answers["contact_value"],
        good_time=answers["good_time"] if answers["good_time"] in TIMES else "any", language=answers["language"],
        district=answers["district"] if answers["district"] in pages.choices("district") else "",
        consented=answers["consented"] == "yes", told=answers, by=person,
    )  # fmt: skip
    return redirect(f"/receipt/{made.request.receipt}?new=yes")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def places(request: HttpRequest, key: str) -> HttpResponse:
    """Say how many places are free and how long people wait."""
    person = allowed(request, rules.SET_CAPACITY)
    found = one_service(key)
    held, error = found.capacity, ""
    given = {
        "available": held.get("available"), "maximum": held.get("maximum"), "unit": held.get("unit") or "places",
        "wait": found.wait_time,
    }  # fmt: skip
    if request.method == "POST":
        given = {name: request.POST.get(name, "")[:200] for name in given}
        try:
            capacity.set_capacity(service=found, by=person, **given)
        except BadInput as wrong:
            error = str(wrong)
        else:
            return redirect(f"/find-help/places/{found.given_id}")
    context = {"service": found, "words": capacity.capacity_words(found), "given": given, "error": error}
    return render(request, "frontdoor/places.html", context, status=422 if error else 200)
