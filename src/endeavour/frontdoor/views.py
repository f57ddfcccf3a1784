"""One service, what people say of its page, and how each kind of help works."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from endeavour.core.public import Person, may, now, today
from endeavour.errors import NotFound, TooMany
from endeavour.frontdoor import actions, chain, explaining, hours, queries, renditions, rules, safety, wishes
from endeavour.frontdoor.gaps.actions import count_opened

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


@require_GET
def ladder(request: HttpRequest) -> HttpResponse:
    """What each step of help is for, what to expect, what it cannot do and when to skip it."""
    content = queries.safety()
    context = {
        "ladder": content.ladder,
        "overdue": content.ladder.overdue(today()),
        "kinds": explaining.kinds(),
        "forms": renditions.of("page:how-it-works"),
    }
    return render(request, "frontdoor/ladder.html", context)


@require_GET
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


@require_GET
def what_shapes_health(request: HttpRequest) -> HttpResponse:
    """The chain from money to years of life, in published figures about populations, each with its source."""
    found = chain.chain()
    return render(request, "frontdoor/chain.html", {"chain": found, "overdue": found.overdue(today())})


@require_GET
def safety_case(request: HttpRequest) -> HttpResponse:
    """How this is kept safe: each hazard, what is done about it, the test that holds it, and what is due."""
    content = queries.safety()
    context = {
        "log": safety.read_hazards(settings.PACK),
        "safety": content,
        "overdue": content.overdue(today()),
        "lines_overdue": content.lines_overdue(today()),
    }
    return render(request, "frontdoor/safety.html", context)


@require_GET
def service(request: HttpRequest, key: str) -> HttpResponse:
    """One service: what it is, who it is for, what to expect, when, where, how, and how fresh this is."""
    found = queries.one_service(key)
    count_opened(trace=request.GET.get("from", ""))
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
        "languages": wishes.languages_of(found),
        "access": wishes.access_of([found])[found.given_id],
        "forms": renditions.of(f"service:{found.given_id}"),
        "history": queries.history(found)[:5],
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
