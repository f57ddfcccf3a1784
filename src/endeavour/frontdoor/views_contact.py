"""Asking to be contacted, one question a page, and following it by its receipt."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from endeavour.core.public import slow_down
from endeavour.errors import UserError
from endeavour.frontdoor import actions, queries
from endeavour.frontdoor.models import Service
from endeavour.frontdoor.paged import Answers, PagedForm, take_turn
from endeavour.frontdoor.presenters import TIMES
from endeavour.frontdoor.views import crisis_cards, signed_in

WAYS = {"phone": "Ring me", "text": "Send a text", "email": "Send an email", "letter": "Write me a letter"}
MOST = {"need": 1000, "language": 60, "name": 120, "contact_value": 200}


def _wrong(step: str, answers: Answers) -> dict[str, str]:
    """What is missing or too long on one page, by field."""
    asked = FORM.pages[step]
    found = {
        field: f"Use at most {most:,} letters. You have written {len(answers[field]):,}"
        for field, most in MOST.items()
        if field in asked and len(answers[field]) > most
    }
    if step == "name" and not answers["name"].strip():
        found["name"] = "Write what they should call you"
    if step == "contact" and answers["contact_by"] not in WAYS:
        found["contact_by"] = "Choose how they should contact you"
    if step == "contact" and not answers["contact_value"].strip():
        found["contact_value"] = "Write the number or address they should use"
    if step == "time" and answers["good_time"] not in TIMES:
        found["good_time"] = "Choose a time"
    if step == "agree" and answers["agreed"] != "yes":
        found["agreed"] = "Tick the box if you agree, or ring the service yourself"
    return found


FORM = PagedForm(
    {
        "need": ("need", "language"),
        "name": ("name",),
        "contact": ("contact_by", "contact_value"),
        "time": ("good_time",),
        "agree": ("agreed",),
    },
    _wrong,
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, key: str) -> HttpResponse:
    """Ask to be contacted: one question a page, then check your answers, then a receipt."""
    found = queries.one_service(key)
    turn = take_turn(FORM, request.POST.dict() if request.method == "POST" else None)
    status = 422 if turn.errors else 200
    if turn.ready:
        try:
            return _send(request, found, turn.answers)
        except UserError as error:
            turn, status = turn.stopped(str(error)), error.http_status
    # Nothing is sent yet, and a request waits for a person: what cannot wait is answered here and now.
    context = turn.context | crisis_cards(queries.safety().topics_in(turn.answers["need"])) | {
        "service": found, "times": TIMES, "ways": WAYS, "way": WAYS.get(turn.answers["contact_by"], ""),
        "when": TIMES.get(turn.answers["good_time"], ""),
    }  # fmt: skip
    return render(request, "frontdoor/contact.html", context, status=status)


def _send(request: HttpRequest, found: Service, answers: Answers) -> HttpResponse:
    slow_down(request, "contact")
    made = actions.ask_to_be_contacted(
        service=found, name=answers["name"], contact_by=answers["contact_by"], contact_value=answers["contact_value"],
        good_time=answers["good_time"], need=answers["need"], language=answers["language"], consented=answers["agreed"] == "yes",
        by=signed_in(request),
    )  # fmt: skip
    return redirect(f"/receipt/{made.receipt}?new=yes")


@never_cache
@require_safe
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """Where a request stands: its steps, never the name or what was written."""
    found = queries.request_with_receipt(number)
    steps = sorted(found.steps.all(), key=lambda s: s.pk)
    context = {
        "request_made": found,
        "steps": steps,
        "last": steps[-1],
        "new": request.GET.get("new") == "yes",
    }
    return render(request, "frontdoor/receipt.html", context)


@require_safe
def follow(request: HttpRequest) -> HttpResponse:
    """Write a receipt number to follow it."""
    number = request.GET.get("number", "").strip().upper()[:20]
    if number:
        queries.request_with_receipt(number)
        return redirect(f"/receipt/{number}")
    return render(request, "frontdoor/follow.html", {})
