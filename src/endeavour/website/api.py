"""The one API: every part's routers, one shape of error, its OpenAPI document at /api/openapi.json."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.openapi.docs import DocsBase

from endeavour.errors import UserError


class OwnDocs(DocsBase):
    """A page of our own: the usual one loads its script from another company's server."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **given: Any) -> HttpResponse:
        """Every address with its words and parameters."""
        schema = api.get_openapi_schema()
        found = [
            {"path": path, "method": method.upper(), "summary": does.get("summary"), "words": does.get("description"),
             "parameters": does.get("parameters", [])}
            for path, methods in schema["paths"].items()
            for method, does in methods.items()
        ]  # fmt: skip
        return render(request, "website/api.html", {"operations": found})


api = NinjaAPI(
    title="Common Endeavour",
    version="1",
    description="Published figures about areas, inequality and measures. No key is needed; nothing here is about a person.",
    docs=OwnDocs(),
    urls_namespace="api",
)
# Each part that has an API offers its `router`; website is the only one that knows them all.
for _part in ("population", "strategy", "governance", "frontdoor"):
    if find_spec(f"endeavour.{_part}.api"):
        api.add_router(f"/{_part}/", import_module(f"endeavour.{_part}.api").router)


def _answer(request: HttpRequest, kind: str, message: str, hint: str, status: int) -> HttpResponse:
    return api.create_response(request, {"error": kind, "message": message, "hint": hint}, status=status)


@api.exception_handler(UserError)
def user_error(request: HttpRequest, error: UserError) -> HttpResponse:
    """Our own errors keep their kind, words and status."""
    return _answer(request, error.kind, error.message, error.hint, error.http_status)


@api.exception_handler(ValidationError)
def bad_parameters(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """A parameter that does not fit the schema, named."""
    first = error.errors[0] if error.errors else {}
    where = ".".join(str(part) for part in first.get("loc", ()) if part not in ("query", "path"))
    return _answer(
        request, "bad-input", f"{where}: {first.get('msg', 'is not valid')}", "See /api/docs.", 422
    )


@api.exception_handler(Http404)
def not_found(request: HttpRequest, _error: Http404) -> HttpResponse:
    """An address that does not exist."""
    return _answer(request, "not-found", "There is nothing at this address.", "See /api/docs.", 404)
