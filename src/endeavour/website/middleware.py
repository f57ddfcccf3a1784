"""Turns our own errors into a page in plain words, and everything the API answers into one shape; a slash too many leads on."""

from __future__ import annotations

from collections.abc import Callable

from django.db import DataError
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.shortcuts import render
from django.urls import is_valid_path

from endeavour.errors import BadInput, UserError, missing_part

# What PostgreSQL and its driver say of a character that they cannot keep, in text and in JSON.
UNKEEPABLE = ("NUL (0x00)", "\\u0000 cannot be converted to text")

# Programs are told what is wrong with an address rather than led to another.
STRICT = ("/api/", "/openreferral/", "/static/")


class UserErrorMiddleware:
    """A `UserError` becomes its own status and words; anything else stays a fault for the log."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 404 and (bare := _without_slash(request)):
            return HttpResponsePermanentRedirect(bare)
        if response.status_code == 405 and not request.path.startswith("/api/") and not response.content:
            # Django refuses a method with an empty page, which tells whoever opened the address nothing.
            said = {
                "message": "This address takes what a form sends; it is no page to open.",
                "hint": "Go back to the page with the form.",
            }
            page = render(request, "website/error.html", {"error": said}, status=405)
            page["Allow"] = response["Allow"]
            return page
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, ModuleNotFoundError):
            exception = missing_part(exception) or exception
        if isinstance(exception, ValueError | DataError) and any(
            said in str(exception) for said in UNKEEPABLE
        ):
            # PostgreSQL keeps no such character, and nobody types one: it is refused like anything else that does not fit.
            exception = BadInput("The text holds a character that cannot be kept.", hint="Type it again.")
        if not isinstance(exception, UserError):
            return None
        if request.path.startswith("/api/"):
            body = {"error": exception.kind, "message": exception.message, "hint": exception.hint}
            return JsonResponse(body, status=exception.http_status)
        return render(request, "website/error.html", {"error": exception}, status=exception.http_status)


def _without_slash(request: HttpRequest) -> str:
    """The address without the one slash at its end where that is a page of the site; otherwise empty."""
    path = request.path_info
    bare = path.removesuffix("/")
    if request.method not in {"GET", "HEAD"} or bare == path or bare.endswith("/") or path.startswith(STRICT):
        return ""
    if not is_valid_path(bare):
        return ""
    query = request.META.get("QUERY_STRING", "")
    return request.path.removesuffix("/") + (f"?{query}" if query else "")
