"""The pages on which a professional refers somebody, and a provider says how many places are free."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from endeavour.core.public import require, today
from endeavour.errors import UserError
from endeavour.frontdoor import rules
from endeavour.frontdoor.gaps.queries import NO_PLACE, districts
from endeavour.frontdoor.queries import one_service
from endeavour.frontdoor.referral import actions, capacity, fields
from endeavour.frontdoor.views import signed_in

WAYS = {"phone": "Ring them", "text": "Send a text", "email": "Send an email", "letter": "Write a letter"}
ASKED = ("name", "contact_by", "contact_value", "language", "district", "consented")


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def refer(request: HttpRequest, key: str) -> HttpResponse:
    """Refer somebody to a service: its places first, then what to tell; nothing typed is lost when something is wrong."""
    person = signed_in(request)
    require(person, rules.REFER)
    assert person is not None, "require() refuses nobody"
    found = one_service(key)
    answers = {name: request.POST.get(name, "")[:1200] for name in (*ASKED, *(f.key for f in fields.FIELDS))}
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors = _wrong(answers)
        if not errors:
            try:
                made = actions.refer(
                    service=found, name=answers["name"], contact_by=answers["contact_by"],
                    contact_value=answers["contact_value"], good_time="any", language=answers["language"],
                    district=answers["district"] if answers["district"] in districts() else "",
                    consented=answers["consented"] == "yes", told=answers, by=person,
                )  # fmt: skip
            except UserError as error:
                errors = {"name": str(error)}
            else:
                return redirect(f"/receipt/{made.request.receipt}?new=yes")
    headings: dict[str, list[dict[str, object]]] = {}
    for field in fields.FIELDS:
        row = {"field": field, "value": answers[field.key], "error": errors.get(field.key, "")}
        headings.setdefault(field.heading, []).append(row)
    context = {
        "service": found, "capacity": capacity.capacity_words(found), "full": capacity.is_full(found), "answers": answers,
        "errors": errors, "error_list": [{"href": f"#{k}", "text": v} for k, v in errors.items()], "headings": headings,
        "ways": WAYS, "districts": {k: v for k, v in districts().items() if k != NO_PLACE},
    }  # fmt: skip
    return render(request, "frontdoor/refer.html", context, status=422 if errors else 200)


def _wrong(answers: dict[str, str]) -> dict[str, str]:
    wrong = {}
    if not answers["name"].strip():
        wrong["name"] = "Write the person's name"
    if answers["contact_by"] not in WAYS:
        wrong["contact_by"] = "Choose how to contact them"
    if not answers["contact_value"].strip():
        wrong["contact_value"] = "Write the number or address to use"
    wrong |= fields.problems(answers, today())
    if answers["consented"] != "yes":
        wrong["consented"] = "They must agree before anything is passed on"
    return wrong


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def places(request: HttpRequest, key: str) -> HttpResponse:
    """Say how many places are free and how long people wait."""
    person = signed_in(request)
    require(person, rules.SET_CAPACITY)
    assert person is not None, "require() refuses nobody"
    found = one_service(key)
    if request.method == "POST":
        given = {name: request.POST.get(name, "")[:200] for name in ("available", "maximum", "unit", "wait")}
        capacity.set_capacity(service=found, by=person, **given)
        return redirect(f"/find-help/places/{found.given_id}")
    context = {"service": found, "words": capacity.capacity_words(found), "capacity": found.capacity}
    return render(request, "frontdoor/places.html", context)
