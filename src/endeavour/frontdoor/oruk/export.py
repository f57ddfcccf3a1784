"""The directory as Open Referral UK 3.0: what a feed brought goes out again as it came."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet

from endeavour.frontdoor.models import (
    Location,
    Organisation,
    Schedule,
    Service,
    ServiceAtLocation,
    TaxonomyTerm,
)
from endeavour.frontdoor.oruk.cleaning import is_uuid
from endeavour.frontdoor.oruk.feed import ORGANISATION_TEXT, SCHEDULE_TEXT, SERVICE_TEXT

Record = dict[str, Any]


def tidy(record: Record) -> Record:
    """Without empties, as the profile asks: no nulls, no empty texts, no empty lists."""
    return {k: v for k, v in record.items() if v not in (None, "", [], {})}


def _own(extra: Record) -> Record:
    # An identifier that is no UUID stays in its feed: here, and in what goes out, a record has ours.
    kept = {k: v for k, v in extra.items() if not k.startswith("_")}
    if "id" in kept and not is_uuid(kept["id"]):
        del kept["id"]
    return kept


def _texts(thing: Any, names: dict[str, int]) -> Record:
    return {name: getattr(thing, name) for name in names}


def _whole(number: float | None) -> float | int | None:
    return int(number) if number is not None and number == int(number) else number


def _particulars(thing: Any) -> Record:
    found: dict[str, list[Any]] = {}
    for particular in thing.particulars.all():
        found.setdefault(particular.kind, []).append(particular.value)
    return found


def schedule_record(schedule: Schedule) -> Record:
    """One schedule."""
    days = {k: v.isoformat() for k in ("valid_from", "valid_to") if (v := getattr(schedule, k))}
    return tidy({"id": str(schedule.pk), **_texts(schedule, SCHEDULE_TEXT), **days, **_own(schedule.extra)})


def location_record(location: Location) -> Record:
    """One place. A confidential one has neither name, address nor position."""
    if location.is_confidential:
        return {
            "id": str(location.pk),
            "location_type": "virtual",
            "description": "The address is kept private for safety.",
            "endeavour": {"confidential": True},
        }
    return tidy(
        {
            "id": str(location.pk), "location_type": "physical", "name": location.name,
            "latitude": _whole(location.latitude), "longitude": _whole(location.longitude),
            **_own(location.extra), **_particulars(location),
            "schedules": [schedule_record(s) for s in location.schedules.all()],
        }
    )  # fmt: skip


def organisation_record(organisation: Organisation, *, full: bool = False) -> Record:
    """One organisation; `full` with its services' names."""
    record = tidy({"id": str(organisation.pk), **_texts(organisation, ORGANISATION_TEXT), **_own(organisation.extra),
                   **_particulars(organisation)})  # fmt: skip
    record.setdefault("description", organisation.name)
    if full:
        shown = [s for s in organisation.services.all() if s.status == "active"]
        record |= tidy({"services": [{"id": str(s.pk), "name": s.name, "status": s.status} for s in shown]})
    return record


def offer_record(offer: ServiceAtLocation, *, with_service: bool = False) -> Record:
    """One service at one place."""
    record: Record = {"id": str(offer.pk), "description": offer.description, **_own(offer.extra)}
    if offer.extra.get("_location", True):
        record["location"] = location_record(offer.location)
    record["schedules"] = [schedule_record(s) for s in offer.schedules.all()]
    if with_service:
        record["service"] = service_record(offer.service, full=False)
    return tidy(record)


def term_record(term: TaxonomyTerm) -> Record:
    """One term."""
    return tidy({"id": str(term.pk), "code": term.code, "name": term.name, "description": term.description or term.name,
                 "taxonomy_id": str(term.taxonomy_id) if term.taxonomy_id else None, **_own(term.extra)})  # fmt: skip


def service_record(service: Service, *, full: bool = True) -> Record:
    """One service: whole, or its line in a list. Our own fields stand under `endeavour`."""
    record: Record = {
        "id": str(service.pk), **_texts(service, SERVICE_TEXT), "status": service.status,
        "minimum_age": _whole(service.minimum_age), "maximum_age": _whole(service.maximum_age),
        "assured_date": service.assured_on.isoformat() if service.assured_on else None,
        "last_modified": service.modified_at.isoformat(), **_own(service.extra),
        "organization": organisation_record(service.organisation),
    }  # fmt: skip
    own = _own_fields(service)
    if own:
        record["endeavour"] = own
    if not full:
        return tidy(record)
    record |= _particulars(service)
    record["schedules"] = [schedule_record(s) for s in service.schedules.all()]
    record["service_at_locations"] = [offer_record(o) for o in service.at.all()]
    ours = [
        {
            "id": str(h.term_id),
            "link_id": str(service.pk),
            "link_entity": "service",
            "taxonomy_term": term_record(h.term),
        }
        for h in service.terms.all()
        if not h.attribute.get("told")
    ]
    told = record.get("attributes")
    if ours:
        record["attributes"] = [*(told if isinstance(told, list) else []), *ours]
    return tidy(record)


def _own_fields(service: Service) -> Record:
    """What the standard has no place for: our own fields, beside what came under the same name from elsewhere."""
    came = service.extra.get("endeavour")
    own: Record = dict(came) if isinstance(came, dict) else {}
    if service.says or service.is_illustrative:
        own |= {
            "given_id": service.given_id,
            "rung": service.rung,
            "illustrative": service.is_illustrative or None,
        }
    own |= {"expect": service.expect, "people_say": service.says, "capacity": service.capacity}
    given = service.extra.get("id")
    if given is not None and not is_uuid(given):
        own["given_by_feed"] = str(given)
    if service.merged_into_id:
        own["merged_into"] = str(service.merged_into_id)
    return tidy(own)


def whole_services() -> QuerySet[Service]:
    """Services with all that `service_record` reads, in a fixed number of queries."""
    offers = Prefetch(
        "at",
        ServiceAtLocation.objects.select_related("location")
        .prefetch_related("schedules", "location__particulars", "location__schedules").order_by("pk"),
    )  # fmt: skip
    return (
        Service.objects.select_related("organisation")
        .prefetch_related(offers, "schedules", "particulars", "terms__term", "organisation__particulars")
        .order_by("name", "pk")
    )  # fmt: skip


def export_services(feed: str = "") -> Record:
    """Every service, or one feed's, as one page that `import_feed` reads back."""
    found = whole_services()
    if feed:
        found = found.filter(feed__key=feed)
    contents = [service_record(s) for s in found]
    return {"total_items": len(contents), "total_pages": 1, "page_number": 1, "size": len(contents),
            "first_page": True, "last_page": True, "empty": not contents, "contents": contents}  # fmt: skip
