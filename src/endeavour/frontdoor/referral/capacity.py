"""How many places a service has, so that nobody is referred to a closed door."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from endeavour.core.public import Person, require, today, write_audit
from endeavour.errors import BadInput, Forbidden
from endeavour.frontdoor import rules
from endeavour.frontdoor.models import Service

STALE_DAYS = 31


def _told(service: Service) -> dict[str, Any]:
    """What is known: what was said here, else what the feed's HSDS 3.1 `capacities` say."""
    if service.capacity:
        return dict(service.capacity)
    for particular in service.particulars.all():
        if particular.kind == "capacities" and isinstance(particular.value, dict):
            value = particular.value
            unit = value.get("unit")
            return {
                "available": value.get("available"), "maximum": value.get("maximum"),
                "unit": unit.get("name", "") if isinstance(unit, dict) else "", "updated_on": str(value.get("updated", ""))[:10],
            }  # fmt: skip
    return {}


def capacity_words(service: Service, day: date | None = None) -> str:
    """The places in a sentence; an old figure says how old it is, and none known is said.

    >>> capacity_words(Service(capacity={"available": 4, "maximum": 20, "unit": "places", "updated_on": "2026-11-01"}), date(2026, 11, 22))
    '4 of 20 places free on 1 November 2026'
    """
    told = _told(service)
    available, maximum = told.get("available"), told.get("maximum")
    if not isinstance(available, int | float):
        return "How many places are free is not known"
    unit = str(told.get("unit") or "places")[:40]
    of = f" of {maximum:g}" if isinstance(maximum, int | float) else ""
    words = f"{available:g}{of} {unit} free" if available > 0 else f"No {unit} free"
    try:
        updated = date.fromisoformat(str(told.get("updated_on", "")))
    except ValueError:
        return f"{words}; when that was told is not known"
    old = ((day or today()) - updated).days > STALE_DAYS
    return f"{words} on {updated.day} {updated:%B %Y}{', which is long ago: ring first' if old else ''}"


def is_full(service: Service) -> bool:
    """Whether a service said that it has no place free."""
    available = _told(service).get("available")
    return isinstance(available, int | float) and available <= 0


@transaction.atomic
def set_capacity(
    *, service: Service, available: str, maximum: str, unit: str, wait: str, by: Person
) -> Service:
    """Say how many places are free and how long people wait. A partner may speak for their own body's services only."""
    require(by, rules.SET_CAPACITY)
    runs = service.organisation.body_key
    if by.role == "partner" and (by.body is None or (runs and by.body.key != runs)):
        raise Forbidden("Only the organisation that runs this service may say how many places it has.")
    numbers = {}
    for name, text in (("available", available.strip()), ("maximum", maximum.strip())):
        if text and not (text.isascii() and text.isdigit() and int(text) < 1_000_000):
            raise BadInput(f"'{text[:20]}' is not a number of places.", hint="Write a whole number, like 12.")
        if text:
            numbers[name] = int(text)
    if "available" not in numbers:
        raise BadInput("Say how many places are free.", hint="Write 0 where there is none.")
    if numbers.get("maximum", numbers["available"]) < numbers["available"]:
        raise BadInput("There cannot be more places free than there are.")
    service.capacity = {**numbers, "unit": unit.strip()[:40], "updated_on": today().isoformat()}
    service.wait_time = wait.strip()[:200] or service.wait_time
    service.save(update_fields=["capacity", "wait_time", "modified_at"])
    write_audit(by=by, action="frontdoor.capacity", subject=f"service:{service.given_id}", **numbers)
    return service
