"""Asking to be contacted, one question a page, and following it by its receipt."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from endeavour.frontdoor import actions, presenters, queries
from endeavour.frontdoor.views import signed_in, slow_down

STEPS = ("need", "name", "contact", "time", "agree", "check")
ANSWERS = ("need", "language", "name", "contact_by", "contact_value", "good_time", "agreed")
TIMES = {
    "any": "Any time",
    "morning": "In the morning",
    "afternoon": "In the afternoon",
    "evening": "In the evening",
}
WAYS = {"phone": "Ring me", "text": "Send a text", "email": "Send an email", "letter": "Write me a letter"}


def _wrong(step: str, answers: dict[str, str]) -> dict[str, str]:
    """What is missing in one step, by field."""
    if step == "name" and not answers["name"].strip():
        return {"name": "Write what they should call you"}
    if step == "contact":
        if answers["contact_by"] not in WAYS:
            return {"contact_by": "Choose how they should contact you"}
        if not answers["contact_value"].strip():
            return {"contact_value": "Write the number or address they should use"}
    if step == "time" and answers["good_time"] not in TIMES:
        return {"good_time": "Choose a time"}
    if step == "agree" and answers["agreed"] != "yes":
        return {"agreed": "Tick the box if you agree, or ring the service yourself"}
    if step == "need" and len(answers["need"]) > 1000:
        return {"need": "Use at most 1,000 letters"}
    return {}


@never_cache
@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest, key: str) -> HttpResponse:
    """Ask to be contacted: one question a page, then check your answers, then a receipt.

    The answers so far travel in the form itself: nothing is kept until the last button.
    """
    found = queries.one_service(key)
    answers = {name: request.POST.get(name, "")[:1200] for name in ANSWERS}
    at = request.POST.get("step", "")
    step, errors = STEPS[0], {}
    if request.method == "POST":
        asked_for = request.POST.get("go", "")
        if asked_for in STEPS:
            step = asked_for
        elif at == "check":
            errors = {k: v for s in STEPS for k, v in _wrong(s, answers).items()}
            if not errors:
                return _send(request, found, answers)
            step = next(s for s in STEPS if _wrong(s, answers))
        elif at in STEPS:
            errors = _wrong(at, answers)
            step = at if errors else _next_step(at, answers)
    context = {
        "service": found, "step": step, "answers": answers, "errors": errors, "times": TIMES, "ways": WAYS,
        "error_list": [{"text": text, "href": f"#{field}"} for field, text in errors.items()],
        "number": STEPS.index(step) + 1, "of": len(STEPS), "hidden": presenters.carried(step, answers),
        "way": WAYS.get(answers["contact_by"], ""), "when": TIMES.get(answers["good_time"], ""),
    }  # fmt: skip
    return render(request, "frontdoor/contact.html", context)


def _next_step(at: str, answers: dict[str, str]) -> str:
    """The first later step that still needs an answer; after a change this leads straight back to the check."""
    later = STEPS[STEPS.index(at) + 1 :]
    return next((s for s in later if _wrong(s, answers)), "check")


def _send(request: HttpRequest, found: Any, answers: dict[str, str]) -> HttpResponse:
    slow_down(request, "contact")
    made = actions.ask_to_be_contacted(
        service=found, name=answers["name"], contact_by=answers["contact_by"], contact_value=answers["contact_value"],
        good_time=answers["good_time"], need=answers["need"], language=answers["language"], consented=answers["agreed"] == "yes",
        by=signed_in(request),
    )  # fmt: skip
    return redirect(f"/receipt/{made.receipt}?new=yes")


@never_cache
@require_GET
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


@require_GET
def follow(request: HttpRequest) -> HttpResponse:
    """Write a receipt number to follow it."""
    number = request.GET.get("number", "").strip().upper()[:20]
    if number:
        queries.request_with_receipt(number)
        return redirect(f"/receipt/{number}")
    return render(request, "frontdoor/follow.html", {})
