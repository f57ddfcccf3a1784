"""Home, how we are doing, and the pages about the site itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from endeavour.core.public import Role, today
from endeavour.errors import Missing, UserError
from endeavour.frontdoor import public as frontdoor
from endeavour.population import public as population
from endeavour.strategy import public as strategy
from endeavour.website import promises, queries


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is, what you need, what was promised, how we are doing, how to join in."""
    spoken = [one for one in frontdoor.languages().values() if not one.is_english]
    return render(request, "website/home.html", _doing() | {"languages": spoken})


@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    """The ways to see how the partnership is doing, with its numbers of today."""
    return render(request, "website/progress.html", _doing() | {"notables": population.notables()})


def _doing() -> dict[str, object]:
    """Numbers for the home page; each is left out, and said to be missing, where nothing was built."""
    standings = promises.standings()
    total = promises.total(standings)
    found: dict[str, object] = {
        "today": today(), "standings": standings, "promises": total, "figures": None,
        "strategy": strategy.current_document(),
    }  # fmt: skip
    try:
        found["figures"] = population.headlines()
    except (Missing, UserError) as missing:
        found["missing"] = missing
    return found


@require_safe
def data_sources(request: HttpRequest) -> HttpResponse:
    """Every table of published data, with publisher, licence and vintage."""
    return render(request, "website/data_sources.html", {"sources": population.sources()})


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """What words mean here."""
    return render(request, "website/glossary.html", {"terms": _terms()})


def _terms() -> list[tuple[str, str, str]]:
    """Word, address on the page, meaning, from the glossary file."""
    inside = Path(__file__).parents[1] / "_glossary.md"
    path = inside if inside.is_file() else Path(__file__).parents[3] / "GLOSSARY.md"
    if not path.is_file():
        raise Missing("The glossary is not installed.", hint="Install the whole package again.")
    rows = re.findall(r"^\| ([^|]+?) \| ([^|]+?) \|$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return [
        (word, re.sub(r"[^a-z0-9]+", "-", word.lower()).strip("-"), meaning)
        for word, meaning in rows
        if word != "word"
    ]


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What this site is, what on it is real and what is not."""
    return render(request, "website/about.html", {"strategy": strategy.current_document()})


def page(name: str) -> Callable[[HttpRequest], HttpResponse]:
    """A view that shows one page of fixed words."""

    @require_safe
    def shown(request: HttpRequest) -> HttpResponse:
        return render(request, f"website/{name}.html", {"public_url": settings.PUBLIC_URL})

    return shown


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Where somebody who signed in begins; everybody else is asked to sign in."""
    if not request.user.is_authenticated:
        return redirect("/sign-in?next=/desk")
    return render(request, "website/desk.html", {"tasks": DESKS.get(Role(request.user.role), ())})


DESKS: dict[Role, tuple[tuple[str, str, str], ...]] = {
    Role.RESIDENT: (
        ("/find-help", "Find help", "Services near you, in plain words"),
        ("/have-your-say", "Have your say", "Ask a question and follow what becomes of it"),
        ("/area", "Your area", "Who lives there and what was promised"),
    ),
    Role.PRACTITIONER: (
        ("/find-help/requests", "Requests to be contacted", "People waiting to hear from you"),
        ("/find-help", "Find a service", "For somebody you are helping"),
        ("/find-help/operator", "Telephone script", "What to read out to somebody who rings"),
        ("/caseload", "Caseload", "Your households of the First 5,000"),
        ("/escalations", "Safeguarding worries", "Raise one, answer one, see what is late"),
        ("/linkage/review", "Doubtful pairs", "Are these two records one person?"),
        ("/find-help/desk", "Front door desk", "Requests, edits, freshness, and what people could not find"),
    ),
    Role.ANALYST: (
        ("/inequality", "Inequality explorer", "Every neighbourhood, with CSV"),
        ("/measure", "Measures", "Published series with control limits"),
        ("/core20", "Core20", "By edition, base and geography"),
        ("/calibration", "Calibration", "Synthetic residents beside what is published"),
        ("/promises", "Promises", "Choose what measures a promise"),
        ("/theory-of-change", "Theory of change", "Record an independent review"),
        ("/proposals", "Proposals", "What each would do to each group"),
        ("/drafts", "Drafts", "What you began and have not sent"),
        ("/tokens", "Tokens", "Let a program write in your name"),
        ("/api/docs", "API", "The same numbers for your own tools"),
    ),
    Role.SECRETARY: (
        ("/desk/today", "What is due", "Meetings, actions, questions and duties"),
        ("/meetings", "Meetings", "Draft an agenda, record a decision"),
        ("/promises", "Promises", "Record what happened"),
        ("/campaigns", "Campaigns", "Read what people promised, sign a body up"),
        ("/proposals", "Proposals", "What partners propose outside health"),
        ("/caseload", "Caseload", "The First 5,000 households: who leads, and how far we are"),
        ("/plus-groups", "PLUS groups", "Which group's review is due"),
        ("/drafts", "Drafts", "What you began and have not sent"),
        ("/tokens", "Tokens", "Let a program write in your name"),
        ("/find-help/desk", "Front door desk", "Requests, edits, freshness, and what people could not find"),
    ),
    Role.PARTNER: (
        ("/partner-plans", "Partner plans", "How your plan answers the strategy"),
        ("/promises", "Promises", "What is late and what is due"),
        ("/campaigns", "Campaigns", "Promise something, or hand in promises from paper"),
        ("/proposals", "Proposals", "List what you propose, and what it does to each group"),
        ("/meetings", "Meetings", "Papers and decisions"),
        ("/compact", "Compact", "Sign for your organisation what partners promise each other"),
        ("/escalations", "Safeguarding worries", "Raise one, answer one, see what is late"),
        ("/registers", "Registers", "List rooms and equipment you share, and what you try out"),
        ("/actions?which=open", "Actions", "What you and others still have to do, and by when"),
        ("/drafts", "Drafts", "What you began and have not sent"),
        ("/tokens", "Tokens", "Let a program write in your name"),
        ("/find-help/desk", "Front door desk", "Requests, edits, freshness, and what people could not find"),
    ),
    Role.ADMINISTRATOR: (
        ("/desk/today", "What is due", "Meetings, actions, questions and duties"),
        ("/data-sources", "Data sources", "What is loaded, and its licence"),
        ("/drafts", "Drafts", "What you began and have not sent"),
        ("/caseload/looks", "Who looked", "Every look at a household, and every refusal"),
        ("/find-help/desk", "Front door desk", "Requests, edits, freshness, and what people could not find"),
        ("/find-help/safety", "Safety of the front door", "Hazards, what holds each, and review dates"),
    ),
}


@require_safe
def healthy(request: HttpRequest) -> HttpResponse:
    """One word for a monitor: this process answers and its database does."""
    queries.is_loaded()
    return HttpResponse("ok", content_type="text/plain")
