"""The nine endpoints of Open Referral UK 3.0, and `/organizations`: open to all, empties left out, errors in one shape."""

from __future__ import annotations

import json
import math
import re
import uuid
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from endeavour.core.public import LONDON
from endeavour.errors import BadInput, NotFound, UserError
from endeavour.frontdoor import queries
from endeavour.frontdoor.hours import DAYS, minutes
from endeavour.frontdoor.oruk import export, reads
from endeavour.frontdoor.oruk.cleaning import is_uuid
from endeavour.frontdoor.oruk.openapi import (
    LARGEST_NUMBER,
    LARGEST_PAGE,
    NUMBERS,
    PARAMETERS,
    openapi_document,
)
from endeavour.frontdoor.search.index import miles_between

LONGEST = 300
_NUMBER = re.compile(r"-?\d{1,30}(\.\d{1,30})?([eE][+-]?\d{1,3})?", re.A)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?", re.I | re.A)
View = Callable[..., Any]


def endpoint(view: View) -> View:
    """Answer in JSON to GET (and POST of the same parameters), with open CORS and errors in one shape."""

    @csrf_exempt
    @wraps(view)
    def answer(request: HttpRequest, **path: str) -> HttpResponse:
        if request.method not in {"GET", "POST", "HEAD", "OPTIONS"}:
            response: HttpResponse = JsonResponse(
                {"error": "method", "message": "Use GET or POST.", "hint": ""}, status=405
            )
            response["Allow"] = "GET, POST, HEAD, OPTIONS"
        elif request.method == "OPTIONS":
            response = HttpResponse(status=204)
        else:
            try:
                asked = asked_of(request)
                # Every parameter is judged on every path, also where it filters nothing.
                filters(asked)
                _number(asked, "proximity")
                _stretch(asked)
                response = JsonResponse(view(asked, **path), json_dumps_params={"ensure_ascii": False})
            except UserError as error:
                body = {"error": error.kind, "message": error.message, "hint": error.hint}
                response = JsonResponse(body, status=error.http_status)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
        response["Access-Control-Allow-Headers"] = "Content-Type"
        return response

    return answer


def asked_of(request: HttpRequest) -> dict[str, str]:
    """The parameters of a request, from its address, its form or its JSON body; an unknown one is refused."""
    given: dict[str, Any] = dict(request.GET.items())
    if request.method == "POST":
        if "json" in (request.content_type or ""):
            try:
                body = json.loads(request.body or b"{}")
            except (ValueError, RecursionError) as error:
                raise BadInput("The body is not JSON.") from error
            if not isinstance(body, dict):
                raise BadInput("The body must be an object of parameters.")
            given |= {k: _text(k, v) for k, v in body.items()}
        else:
            given |= dict(request.POST.items())
    unknown = sorted(set(given) - set(PARAMETERS))
    if unknown:
        raise BadInput(
            f"'{unknown[0][:30]}' is not a parameter.", hint=f"The parameters are {', '.join(PARAMETERS)}."
        )
    long = next((k for k, v in given.items() if len(v) > LONGEST), "")
    if long:
        raise BadInput(f"{long} is too long.", hint=f"Use at most {LONGEST} letters.")
    return {k: v.replace("\x00", "") for k, v in given.items() if v != ""}


def _text(name: str, value: Any) -> str:
    """A value of a JSON body as it would stand in an address; 1.0 is the whole number 1."""
    if isinstance(value, str):
        return value
    if name in PARAMETERS and (
        name not in NUMBERS or isinstance(value, bool) or not isinstance(value, int | float)
    ):
        raise BadInput(f"{name} must be written as text.")
    return (
        str(int(value))
        if isinstance(value, float) and abs(value) < 1e15 and value.is_integer()
        else json.dumps(value)
    )


def _whole(asked: dict[str, str], name: str, default: int, most: int) -> int:
    text = asked.get(name, str(default))
    if not re.fullmatch("[1-9][0-9]{0,6}", text) or int(text) > most:
        raise BadInput(f"{name} must be a whole number from 1 to {most}.")
    return int(text)


def _number(asked: dict[str, str], name: str) -> float | None:
    if name not in asked:
        return None
    if not _NUMBER.fullmatch(asked[name]):
        raise BadInput(f"{name} must be a number.")
    number = float(asked[name])
    if not abs(number) <= LARGEST_NUMBER:
        raise BadInput(f"{name} must be a number.")
    return number


def _moment(asked: dict[str, str], name: str) -> datetime | None:
    """A day, or a moment with its zone (RFC 3339)."""
    if name not in asked:
        return None
    text = asked[name]
    try:
        if not _MOMENT.fullmatch(text):
            raise ValueError
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else moment.replace(tzinfo=LONDON)
    except (ValueError, OverflowError) as error:
        raise BadInput(f"{name} must be a moment like 2026-11-22T09:30:00Z.") from error


def _identifier(text: str) -> uuid.UUID:
    if not is_uuid(text):
        raise NotFound("There is no record with that id.", hint="An id is a UUID.")
    return uuid.UUID(text)


def _stretch(asked: dict[str, str]) -> tuple[int, int]:
    """How many records a page, and which page."""
    return _whole(asked, "per_page", 20, LARGEST_PAGE), _whole(asked, "page", 1, 1_000_000)


def page(
    asked: dict[str, str], found: QuerySet[Any] | list[Any], record: Callable[[Any], dict[str, Any]]
) -> dict[str, Any]:
    """One page of records, with the numbers the profile asks for."""
    size, number = _stretch(asked)
    total = len(found) if isinstance(found, list) else found.count()
    pages = max(1, math.ceil(total / size))
    contents = [record(thing) for thing in found[(number - 1) * size : number * size]]
    return {"total_items": total, "total_pages": pages, "page_number": number, "size": len(contents),
            "first_page": number == 1, "last_page": number >= pages, "empty": not contents, "contents": contents}  # fmt: skip


def filters(asked: dict[str, str]) -> reads.Wanted:
    """The filters of services and of services at places."""
    day = asked.get("day", "").upper()[:2]
    if day and day not in DAYS:
        raise BadInput("day must be one of MO, TU, WE, TH, FR, SA, SU.")
    times = {}
    for name in ("start_time", "end_time"):
        times[name] = minutes(asked[name]) if name in asked else None
        if name in asked and times[name] is None:
            raise BadInput(f"{name} must be a time like 09:30.")
    return reads.Wanted(
        search=asked.get("search", ""),
        term=_identifier(asked["taxonomy_term_id"]) if "taxonomy_term_id" in asked else None,
        taxonomy=_identifier(asked["taxonomy_id"]) if "taxonomy_id" in asked else None,
        organisation=_identifier(asked["organization_id"]) if "organization_id" in asked else None,
        minimum_age=_number(asked, "minimum_age"), maximum_age=_number(asked, "maximum_age"),
        day=day, start=times["start_time"], end=times["end_time"], modified_after=_moment(asked, "modified_after"),
    )  # fmt: skip


@endpoint
def root(asked: dict[str, str]) -> dict[str, Any]:
    """What this feed is."""
    return {
        "version": "HSDS-UK-3.0",
        "profile": "https://docs.openreferraluk.org/",
        "openapi_url": "/openreferral/v3/openapi.json",
    }


@endpoint
def services(asked: dict[str, str]) -> dict[str, Any]:
    """Services, a line each."""
    return page(asked, reads.wanted_services(filters(asked)), lambda s: export.service_record(s, full=False))


@endpoint
def service(asked: dict[str, str], key: str) -> dict[str, Any]:
    """One service, whole."""
    return export.service_record(_one(export.whole_services().filter(status="active"), key))


@endpoint
def offers(asked: dict[str, str]) -> dict[str, Any]:
    """Services at places; with a postcode, those within `proximity` metres of its town, nearest first."""
    found = reads.wanted_offers(filters(asked))
    if "postcode" not in asked:
        return page(asked, found, lambda o: export.offer_record(o, with_service=True))
    place = queries.place_named(asked["postcode"])
    if place is None:
        raise NotFound("We do not know that postcode.", hint="Give one in the area of this directory.")
    metres = _number(asked, "proximity")
    centre = (place.latitude, place.longitude)
    near = []
    for offer in found.exclude(location__is_confidential=True).exclude(location__latitude=None):
        miles = miles_between(centre, (offer.location.latitude or 0.0, offer.location.longitude or 0.0))
        if metres is None or miles * 1609.344 <= metres:
            near.append((miles, str(offer.pk), offer))
    return page(
        asked,
        [o for *_, o in sorted(near, key=lambda n: n[:2])],
        lambda o: export.offer_record(o, with_service=True),
    )


@endpoint
def offer(asked: dict[str, str], key: str) -> dict[str, Any]:
    """One service at one place."""
    return export.offer_record(_one(reads.wanted_offers(reads.Wanted()), key), with_service=True)


@endpoint
def taxonomies(asked: dict[str, str]) -> dict[str, Any]:
    """The taxonomies."""
    return page(asked, reads.taxonomies(), reads.taxonomy_record)


@endpoint
def taxonomy(asked: dict[str, str], key: str) -> dict[str, Any]:
    """One taxonomy."""
    return reads.taxonomy_record(_one(reads.taxonomies(), key))


@endpoint
def terms(asked: dict[str, str]) -> dict[str, Any]:
    """The terms, of one taxonomy where it is given."""
    found = reads.terms()
    if "taxonomy_id" in asked:
        found = found.filter(taxonomy_id=_identifier(asked["taxonomy_id"]))
    return page(asked, found, export.term_record)


@endpoint
def term(asked: dict[str, str], key: str) -> dict[str, Any]:
    """One term."""
    return export.term_record(_one(reads.terms(), key))


@endpoint
def organisations(asked: dict[str, str]) -> dict[str, Any]:
    """The organisations."""
    return page(asked, reads.organisations(), export.organisation_record)


@endpoint
def organisation(asked: dict[str, str], key: str) -> dict[str, Any]:
    """One organisation with the names of its services."""
    return export.organisation_record(_one(reads.organisations(), key), full=True)


@endpoint
def openapi(asked: dict[str, str]) -> dict[str, Any]:
    """This interface in OpenAPI 3.1."""
    return openapi_document()


def _one(found: QuerySet[Any], key: str) -> Any:
    record: Model | None = found.filter(pk=_identifier(key)).first()
    if record is None:
        raise NotFound("There is no record with that id.")
    return record
