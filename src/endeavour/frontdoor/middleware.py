"""Puts the emergency card first in every page of the front door, whatever made the page."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from endeavour.frontdoor.safety import numbers_apart

PREFIXES = ("/find-help", "/service", "/receipt", "/openreferral", "/strengths")
# Somebody who must leave quickly lands on a page that everybody reads; on a shared screen, on its own start.
ELSEWHERE = "https://www.bbc.co.uk/weather"
KIOSK = "/find-help/kiosk"
MARK = 'id="emergency-card"'
_BODY = re.compile(r"<body[^>]*>")


class EmergencyCardMiddleware:
    """Adds the card at the head of the body of each HTML response: pages, empty pages, errors, refused forms.

    It stands in one place so that no page can forget it. It must run inside the compressing middleware.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith(PREFIXES) or response.streaming:
            return response
        if response.status_code == 204 or not response.get("Content-Type", "").startswith("text/html"):
            return response
        page = response.content.decode(response.charset or "utf-8")
        if MARK in page:
            return response
        if not _BODY.search(page):
            page = f'<!DOCTYPE html><html lang="en-GB"><head><title>Find help</title></head><body>{page}</body></html>'
        leave = KIOSK if request.path.startswith(KIOSK) else ELSEWHERE
        card = emergency_card(request.GET.get("lang", ""), leave=leave)
        response.content = _BODY.sub(lambda found: found.group() + card, page, count=1)
        if response.has_header("Content-Length"):
            response["Content-Length"] = str(len(response.content))
        return response


def emergency_card(asked: str = "", *, leave: str = ELSEWHERE) -> str:
    """The card as markup, with the words of the language asked for above the English ones and a link to leave by.

    Where the pack cannot be read, the few words that hold everywhere.
    """
    from endeavour.core.public import today
    from endeavour.errors import UserError
    from endeavour.frontdoor.languages import language_of
    from endeavour.frontdoor.queries import safety

    try:
        content, language = safety(), language_of(asked)
        context = {
            "card": content.emergency,
            "overdue": content.emergency.overdue(today()),
            "language": None if language.is_english else language,
            "said": numbers_apart(language.labels["emergency_words"]),
            "leave": leave,
        }
        return render_to_string("frontdoor/emergency.html", context)
    except (UserError, OSError):
        return render_to_string("frontdoor/emergency.html", {"card": None, "leave": leave})
