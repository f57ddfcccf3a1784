"""The pages a resident sees: the box, the answers, a service, the ladder, asking and following."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from endeavour.core.public import Person, may, now, today
from endeavour.errors import BadInput, NotFound, TooMany
from endeavour.frontdoor import actions, guides, hours, presenters, queries, rules

STEPS = ("need", "name", "contact", "time", "agree", "check")
ANSWERS = ("need", "language", "name", "contact_by", "contact_value", "good_time", "agreed")
TIMES = {
    "any": "Any time",
    "morning": "In the morning",
    "afternoon": "In the afternoon",
    "evening": "In the evening",
}
WAYS = {"phone": "Ring me", "text": "Send a text", "email": "Send an email", "letter": "Write me a letter"}
FEEDBACK_WORDS = [
    ("helpful", "Yes, it helped"),
    ("unhelpful", "No, it did not help"),
    ("wrong", "Something on it is wrong"),
]
HOURLY_LIMIT = 30


def signed_in(request: HttpRequest) -> Person | None:
    """The person signed in, or nobody."""
    return request.user if isinstance(request.user, Person) else None


def slow_down(request: HttpRequest, what: str) -> None:
    """Refuse the thirty-first write of an hour from one address; only a hash of the address is held, in memory."""
    address = hashlib.sha256(f"{request.META.get('REMOTE_ADDR')}{today()}".encode()).hexdigest()[:16]
    key = f"frontdoor-{what}-{address}"
    cache.add(key, 0, timeout=3600)
    if cache.incr(key) > HOURLY_LIMIT:
        raise TooMany("You have sent a lot in the last hour.", hint="Wait an hour, or ring the service.")


def _whole(text: str, what: str) -> int | None:
    if not text.strip():
        return None
    if not text.strip().isdigit() or int(text) > 120:
        raise BadInput(f"'{text[:20]}' is not {what}.", hint="Write a whole number, like 34.")
    return int(text)


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The box and the topics."""
    return render(request, "frontdoor/home.html", {"topics": presenters.topics(), "asked": {}})


def _answer(request: HttpRequest, asked: dict[str, str], heading: str, template: str) -> HttpResponse:
    found = queries.find_help(
        asked["q"],
        near=asked["near"],
        age=_whole(asked["age"], "an age"),
        free_only=asked["free"] == "yes",
        open_now=asked["open"] == "yes",
        limit=8 if template == "frontdoor/operator.html" else 5,
    )
    if asked["q"].strip():
        topic = found.topics[0].key if found.topics else found.tags or "not understood"
        weak = bool(found.answer and found.answer.weak) or not found.ranked
        actions.tally_search(
            topic="not understood" if weak and not found.topics else topic,
            district=found.place.district if found.place else "",
            language=(found.answer.language if found.answer else "") or "en",
            found=not weak,
        )
    context = {
        "asked": asked, "found": found, "heading": heading, "topics": presenters.topics(),
        "safety": queries.safety(), "lines_overdue": queries.safety().lines_overdue(today()),
        "overdue": [t.key for t in found.topics if t.overdue(today())],
    }  # fmt: skip
    response = render(request, template, context)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def _asked(request: HttpRequest) -> dict[str, str]:
    given = request.POST if request.method == "POST" else request.GET
    return {key: given.get(key, "")[:300].replace("\x00", "") for key in ("q", "near", "age", "free", "open")}


@csrf_exempt  # it changes nothing that belongs to anybody; a refused form would send a worried person away
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """The answers. By GET the address can be shared; by POST the words stay out of it."""
    asked = _asked(request)
    heading = f"Help for ‘{asked['q'].strip()}’" if asked["q"].strip() else "What do you need?"
    return _answer(request, asked, heading, "frontdoor/search.html")


@require_GET
def topic(request: HttpRequest, key: str) -> HttpResponse:
    """The answers of one topic."""
    chosen = next((t for t in presenters.topics() if t["key"] == key), None)
    if chosen is None:
        raise NotFound("We have no topic with that name.", hint="Choose one from the list at /find-help.")
    asked = {
        "q": chosen["words"],
        "near": request.GET.get("near", "")[:60],
        "age": "",
        "free": "",
        "open": "",
    }
    return _answer(request, asked, chosen["heading"], "frontdoor/search.html")


@csrf_exempt
@require_http_methods(["GET", "POST"])
def operator(request: HttpRequest) -> HttpResponse:
    """What somebody answering the telephone reads out: the same answers, as a script."""
    return _answer(request, _asked(request), "Telephone script", "frontdoor/operator.html")


@csrf_exempt
@require_http_methods(["GET", "POST"])
def kiosk(request: HttpRequest) -> HttpResponse:
    """A shared screen in a library: large, nothing personal, nothing kept, start again at any time."""
    return _answer(request, _asked(request), "Find help", "frontdoor/kiosk.html")


@require_GET
def ladder(request: HttpRequest) -> HttpResponse:
    """What each step of help is for, what to expect, what it cannot do and when to skip it."""
    content = queries.safety()
    return render(
        request,
        "frontdoor/ladder.html",
        {"ladder": content.ladder, "overdue": content.ladder.overdue(today())},
    )


@require_GET
def everything(request: HttpRequest) -> HttpResponse:
    """Every service in one plain list, for those who want text only and for the printer."""
    services = queries.all_services()
    return render(request, "frontdoor/list.html", {"services": services})


@require_GET
def guide(request: HttpRequest) -> HttpResponse:
    """Choose a town to print a guide for."""
    return render(request, "frontdoor/guide.html", {"places": queries.places()})


@require_GET
def guide_file(request: HttpRequest) -> HttpResponse:
    """The guide as a tagged PDF, dated, in standard or large print."""
    slow_down(request, "guide")
    large = request.GET.get("large") == "yes"
    made = guides.guide_pdf(
        place=request.GET.get("place", "")[:60], tag=request.GET.get("topic", "")[:60], large=large
    )
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="help-near-you.pdf"'
    return response


@require_GET
def service(request: HttpRequest, key: str) -> HttpResponse:
    """One service: what it is, who it is for, what to expect, when, where, how, and how fresh this is."""
    found = queries.one_service(key)
    moment = now()
    context = {
        "service": found,
        "notice": found.feed.source if found.feed and found.is_illustrative else "",
        "rung": next(r for r in queries.safety().ladder.rungs if r.key == found.rung),
        "hours": hours.in_words(queries.hours_of(found.schedules.all())),
        "open_words": queries.opening_words(found, moment),
        "phones": queries.phones_of(found),
        "offers": queries.offers_of(found),
        "fresh": queries.freshness(found),
        "feedback": queries.feedback_counts(found),
        "languages": [p.value.get("name") for p in found.particulars.all() if p.kind == "languages"],
        "access": [p.value.get("description") for p in found.particulars.all() if p.kind == "accessibility"],
        "history": queries.history(found)[:5],
        "may_edit": may(signed_in(request), rules.PROPOSE_EDIT),
        "feedback_choices": FEEDBACK_WORDS,
        "thanks": request.GET.get("thanks") == "yes",
    }
    return render(request, "frontdoor/service.html", context)


@require_http_methods(["POST"])
def feedback(request: HttpRequest, key: str) -> HttpResponse:
    """Keep what somebody said of a service's page."""
    slow_down(request, "feedback")
    found = queries.one_service(key)
    actions.give_feedback(
        service=found, kind=request.POST.get("kind", ""), words=request.POST.get("words", "")
    )
    return redirect(f"/service/{found.given_id}?thanks=yes")


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


def nothing_here(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Any other address of the front door."""
    raise NotFound("We have no page at that address.", hint="Go to /find-help and search there.")
