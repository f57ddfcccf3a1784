"""One service, what people say of its page, and how each kind of help works."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from endeavour.core.public import Person, may, now, require, slow_down, today
from endeavour.errors import NotFound
from endeavour.frontdoor import (
    actions,
    chain,
    explaining,
    hours,
    presenters,
    queries,
    renditions,
    rules,
    safety,
    wishes,
)
from endeavour.frontdoor.gaps.actions import count_opened
from endeavour.frontdoor.referral.capacity import capacity_words
from endeavour.frontdoor.safety import Topic

FEEDBACK_WORDS = [
    ("helpful", "Yes, it helped"),
    ("unhelpful", "No, it did not help"),
    ("wrong", "Something on it is wrong"),
]


def signed_in(request: HttpRequest) -> Person | None:
    """The person signed in, or nobody."""
    return request.user if isinstance(request.user, Person) else None


def other_forms(subject: str) -> dict[str, Any]:
    """A page's other forms for its template, with how many nobody who uses them has checked."""
    forms = renditions.of(subject)
    return {"forms": forms, "drafts": sum(form.draft for form in forms)}


def allowed(request: HttpRequest, action: str) -> Person:
    """The person signed in, where they may do this; refuses anybody else in words."""
    person = signed_in(request)
    require(person, action)
    assert person is not None, "require() refuses nobody"
    return person


def crisis_cards(topics: Sequence[Topic]) -> dict[str, Any]:
    """Some crisis cards for a template, with the days their numbers were checked and what of them is overdue."""
    content = queries.checked_safety() if topics else queries.safety()
    wanted = {topic.key for topic in topics}
    shown = [topic for topic in content.topics if topic.key in wanted]
    return {
        "topics_shown": shown,
        "safety": content,
        "overdue": [topic.key for topic in shown if topic.overdue(today())],
        "lines_overdue": [topic.key for topic in shown if content.numbers_overdue(topic, today())],
    }


@require_safe
def ladder(request: HttpRequest) -> HttpResponse:
    """What each step of help is for, what to expect, what it cannot do and when to skip it."""
    content = queries.safety()
    context = {
        "ladder": content.ladder,
        "overdue": content.ladder.overdue(today()),
        "kinds": explaining.kinds(),
        **other_forms("page:how-it-works"),
    }
    return render(request, "frontdoor/ladder.html", context)


@require_safe
def kind(request: HttpRequest, key: str) -> HttpResponse:
    """One kind of service: what it is for, how to get in, what to expect, and what it cannot do."""
    found = explaining.kind(key)
    context = {
        "kind": found,
        "overdue": found.overdue(today()),
        "kinds": explaining.kinds(),
        "examples": explaining.examples(found),
    }
    return render(request, "frontdoor/kind.html", context)


@require_safe
def what_shapes_health(request: HttpRequest) -> HttpResponse:
    """The chain from money to years of life, in published figures about populations, each with its source."""
    found = chain.chain()
    return render(request, "frontdoor/chain.html", {"chain": found, "overdue": found.overdue(today())})


@require_safe
def safety_case(request: HttpRequest) -> HttpResponse:
    """How this is kept safe: each hazard, what is done about it, the test that holds it, and what is due."""
    content = queries.checked_safety()
    context = {
        "log": safety.read_hazards(settings.PACK),
        "safety": content,
        "overdue": content.overdue(today()),
        "lines_overdue": content.lines_overdue(today()),
    }
    return render(request, "frontdoor/safety.html", context)


@require_safe
def service(request: HttpRequest, key: str) -> HttpResponse:
    """One service: what it is, who it is for, what to expect, when, where, how, and how fresh this is."""
    found = queries.one_service(key)
    count_opened(trace=request.GET.get("from", ""))
    moment, opening = now(), queries.hours_of(found.schedules.all())
    context = crisis_cards(queries.safety().led_to([], found.given_id)) | {
        "service": found,
        "notice": found.feed.source if found.feed and found.is_illustrative else "",
        "rung": next(r for r in queries.safety().ladder.rungs if r.key == found.rung),
        "hours": hours.in_words(opening),
        "closed_on_holidays": any(not rule.on_bank_holidays for rule in opening),
        "open_words": queries.opening_words(found, moment),
        "phones": queries.phones_of(found),
        "offers": queries.offers_of(found),
        "fresh": queries.freshness(found),
        "feedback": queries.feedback_counts(found),
        "languages": wishes.languages_of(found),
        "access": wishes.access_of([found])[found.given_id],
        **other_forms(f"service:{found.given_id}"),
        "history": [(r.decided_at, presenters.parts(r.after)) for r in queries.history(found)[:5]],
        "capacity": capacity_words(found),
        "capacity_known": bool(found.capacity),
        "may_refer": may(signed_in(request), rules.REFER),
        "may_edit": may(signed_in(request), rules.PROPOSE_EDIT),
        "may_publish": may(signed_in(request), rules.APPROVE_EDIT),
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


def nothing_here(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Any other address of the front door."""
    raise NotFound("We have no page at that address.", hint="Go to /find-help and search there.")
