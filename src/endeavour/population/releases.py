"""What every download of published figures has in common: an ETag made of the release, and metadata for its columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.http import condition

from endeavour.population.queries import figures, store

OGL = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"


def tag(request: HttpRequest, *_given: object, **_named: object) -> str:
    """The ETag of an answer: the release and the facts it rests on; the address says the rest.

    Not for pages: each of those carries a nonce of its own.
    """
    return f'"{figures.release()}-{store.edition()[:12]}"'


def etag(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponse]:
    """A view whose answer changes only with the release: an unchanged one costs nothing to ask for again."""

    @wraps(view)
    @condition(etag_func=tag)
    def answered(request: HttpRequest, *given: Any, **named: Any) -> HttpResponseBase:
        response = view(request, *given, **named)
        response["Cache-Control"] = "public, no-cache"
        return response

    return answered  # type: ignore[return-value]


def csvw(address: str, title: str, columns: Mapping[str, str], **more: Any) -> JsonResponse:
    """Metadata of a CSV by the W3C's 'CSV on the Web' vocabulary."""
    return JsonResponse(
        {
            "@context": "http://www.w3.org/ns/csvw",
            "url": address,
            "dc:title": title,
            "dc:publisher": "Common Endeavour",
            "dc:license": OGL,
            "dc:source": "Synthetic residents; every count passed the disclosure gate.",
            "dc:identifier": figures.release(),
            "tableSchema": {
                "columns": [
                    {"name": name, "titles": name, "dc:description": words} for name, words in columns.items()
                ]
            },
        }
        | more
    )
