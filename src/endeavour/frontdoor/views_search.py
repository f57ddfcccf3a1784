"""The box and its answers: for a resident, for somebody answering the telephone, and on a library's screen."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from endeavour.core.public import today
from endeavour.errors import NotFound
from endeavour.frontdoor import presenters, queries, renditions
from endeavour.frontdoor.counting import count_search
from endeavour.frontdoor.gaps.actions import trace_of
from endeavour.frontdoor.languages import Language, language_of
from endeavour.frontdoor.views import crisis_cards
from endeavour.frontdoor.wishes import WIDE, Asked, narrowed

# A shared screen goes back to its start by itself, so that the next person does not read the last one's words.
KIOSK_SECONDS = 180
HANDFUL = 5
FOR_A_TELEPHONE = 8


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The box and the topics."""
    asked = Asked.read(request.GET)
    language = language_of(asked.lang)
    context = _words(language) | {
        "asked": asked,
        "topics": presenters.topics_in(language),
        "choices": presenters.choices(asked, language),
    }
    return render(request, "frontdoor/home.html", context)


@csrf_exempt  # it changes nothing that belongs to anybody; a refused form would send a worried person away
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """The answers. By GET the address can be shared; by POST the words stay out of it."""
    return _answer(request, _asked(request), "frontdoor/search.html")


@require_safe
def topic(request: HttpRequest, key: str) -> HttpResponse:
    """The answers of one topic."""
    chosen = next((t for t in presenters.topics() if t["key"] == key), None)
    if chosen is None:
        raise NotFound("We have no topic with that name.", hint="Choose one from the list at /find-help.")
    asked = Asked(q=chosen["words"], near=request.GET.get("near", "")[:60], lang=request.GET.get("lang", ""))
    heading = presenters.topic_heading(chosen, language_of(asked.lang))
    return _answer(request, asked, "frontdoor/search.html", heading, forms=renditions.of(f"topic:{key}"))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def operator(request: HttpRequest) -> HttpResponse:
    """What somebody answering the telephone reads out: the same answers, as a script."""
    return _answer(request, _asked(request), "frontdoor/operator.html", limit=FOR_A_TELEPHONE)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def kiosk(request: HttpRequest) -> HttpResponse:
    """A shared screen in a library: large, nothing kept, and back to its start when nobody touches it.

    The start page never moves. The answers do, by a header that needs no script; a button gives more time.
    """
    response = _answer(request, _asked(request), "frontdoor/kiosk.html")
    if request.method == "POST":
        response["Refresh"] = f"{KIOSK_SECONDS}; url=/find-help/kiosk"
    return response


def _asked(request: HttpRequest) -> Asked:
    return Asked.read(request.POST if request.method == "POST" else request.GET)


def _words(language: Language) -> dict[str, Any]:
    return {"language": language, "t": language.labels, "languages": presenters.languages_offered(language)}


def _answer(
    request: HttpRequest, asked: Asked, template: str, heading: str = "", *, limit: int = HANDFUL, **more: Any
) -> HttpResponse:
    language = language_of(asked.lang)
    found = queries.find_help(
        asked.q,
        near=asked.near,
        age=asked.years,
        free_only=asked.free == "yes",
        open_now=asked.open == "yes",
        limit=WIDE if asked.access or asked.language or asked.miles else limit,
    )
    found, unsaid = narrowed(found, asked, limit=limit)
    trace = _tally(found) if asked.q.strip() else ""
    cards = crisis_cards(found.topics)
    nothing_fits = found.answer is not None and not found.topics and (found.answer.weak or not found.ranked)
    said = "" if nothing_fits else asked.q.strip()
    context = _words(language) | more | cards | {
        "asked": asked, "found": found, "trace": trace, "unsaid": unsaid, "topics": presenters.topics_in(language),
        "heading": heading or (f"{language.labels['help_for']} ‘{said}’" if said else language.labels["need"]),
        "nothing_fits": nothing_fits, "rungs": presenters.rungs_in(found, language),
        "pinned": presenters.results(found.pinned, language),
        "unsaid_words": language.labels["unsaid"].replace("{n}", str(unsaid)),
        "choices": presenters.choices(asked, language),
        "ladder_overdue": cards["safety"].ladder.overdue(today()), "kiosk_minutes": KIOSK_SECONDS // 60,
    }  # fmt: skip
    response = render(request, template, context)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def _tally(found: queries.Found) -> str:
    """Count the search, and return what its links carry so that opening an answer is counted beside it."""
    topic = found.topics[0].key if found.topics else found.tags or "not understood"
    weak = bool(found.answer and found.answer.weak) or not found.ranked
    district = found.place.district if found.place else ""
    language = (found.answer.language if found.answer else "") or "en"
    topic = "not understood" if weak and not found.topics else topic
    count_search(topic=topic, district=district, language=language, found=not weak)
    return "" if weak else trace_of(topic=topic, district=district, language=language)
