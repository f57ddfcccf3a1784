"""How long the answers of this part may be kept: until the next release, asked each time by their ETag."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

API = "/api/population/"
PERSONAL = ("caseload", "linkage")


class AskAgainMiddleware:
    """Published figures may be kept by anybody who asks whether they still stand; what one person may see, by nobody.

    The ETag is made of the releases where a view says so, else of the answer itself; either way an unchanged answer is
    a 304. `no-cache` means 'ask before use', so that a hidden figure is not handed out from an old copy.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code in (200, 304) and is_ours(request) and "Cache-Control" not in response:
            response["Cache-Control"] = "private, no-cache" if is_personal(request) else "public, no-cache"
        return response


def is_ours(request: HttpRequest) -> bool:
    """Whether one of this part's views answered."""
    match = request.resolver_match
    return match is not None and (match.namespace == "population" or request.path.startswith(API))


def is_personal(request: HttpRequest) -> bool:
    """Whether the answer may hang on who asks."""
    first = request.path.strip("/").partition("/")[0]
    signed_in = hasattr(request, "user") and request.user.is_authenticated
    return first in PERSONAL or signed_in or "Authorization" in request.headers
