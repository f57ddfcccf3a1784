"""The one API: every part's routers, one shape of error, its OpenAPI document at /api/openapi.json."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.docs import DocsBase

from endeavour.core.api_shapes import Problem
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


_PROBLEM = {"$ref": f"#/components/schemas/{Problem.__name__}"}
_PROBLEMS = {"404": "Nothing has that name", "422": "A parameter cannot be used", "503": "Not built yet"}


class OneShape(NinjaAPI):
    """An API whose document says of every address that it may answer with our one shape of error."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self._documents: dict[str, Any] = {}

    def get_openapi_schema(self, **given: Any) -> Any:
        """The document, made once: nothing in it changes while the process lives, and making it takes half a second.

        What an address tells of its own errors stays as it is.
        """
        asked = repr(sorted(given.items()))
        if asked not in self._documents:
            self._documents[asked] = self._document(**given)
        return self._documents[asked]

    def _document(self, **given: Any) -> Any:
        schema = super().get_openapi_schema(**given)
        for methods in schema["paths"].values():
            for operation in methods.values():
                told = {str(code) for code in operation["responses"]}
                for code in _PROBLEMS.keys() - told:
                    content = {"application/json": {"schema": _PROBLEM}}
                    operation["responses"][code] = {"description": _PROBLEMS[code], "content": content}
        return schema


api = OneShape(
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


@api.exception_handler(HttpError)
def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the framework refuses before our code runs: a body that is not JSON."""
    status = 422 if error.status_code == 400 else error.status_code
    return _answer(request, "bad-input", f"{error.message}.", "See /api/docs.", status)


@api.exception_handler(Http404)
def not_found(request: HttpRequest, _error: Http404) -> HttpResponse:
    """An address that does not exist."""
    return _answer(request, "not-found", "There is nothing at this address.", "See /api/docs.", 404)
