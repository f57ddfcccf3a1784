"""Reading a partner's feed into the directory: again and again, record by record, losing nothing."""

from __future__ import annotations

import csv
import html
import json
import re
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.db import DatabaseError, transaction

from endeavour.core.public import Person, now, require, today, write_audit
from endeavour.errors import BadInput, NotFound
from endeavour.frontdoor import rules
from endeavour.frontdoor.loading import made_id, search_text
from endeavour.frontdoor.models import (
    Duplicate,
    Feed,
    FeedRecord,
    Location,
    Organisation,
    Particular,
    Schedule,
    Service,
    ServiceAtLocation,
)
from endeavour.frontdoor.oruk.validate import STATUS, records_of

SERVICE_TEXT = {"name": 300, "description": 20_000, "url": 500, "email": 254, "fees_description": 5000,
                "eligibility_description": 5000, "wait_time": 200}  # fmt: skip
ORGANISATION_TEXT = {"name": 300, "description": 20_000, "email": 254, "website": 500}
PARTICULARS = ("phones", "contacts", "languages", "accessibility", "cost_options", "funding", "service_areas",
               "required_documents", "attributes", "addresses", "organization_identifiers", "capacities", "units", "urls",
               "metadata", "programs")  # fmt: skip
SCHEDULE_TEXT = {"byday": 60, "opens_at": 20, "closes_at": 20}
SCHEDULE_DAYS = ("valid_from", "valid_to")
_TAG = re.compile(r"<[^>]{0,1000}>")
_SCRIPT = re.compile(r"<(script|style)\b.*?</\1\s*>", re.I | re.S)
LARGEST = 2_000_000


@dataclass
class Reading:
    """What became of one feed."""

    feed: str
    added: int = 0
    changed: int = 0
    same: int = 0
    rejected: int = 0
    cleaned: int = 0
    duplicates: int = 0
    report: list[dict[str, Any]] = field(default_factory=list)

    def as_data(self) -> dict[str, Any]:
        """The counts, and a line for each record that had a problem."""
        return {**self.__dict__}


class _Unusable(Exception):
    """A record that cannot be a service, with the reason."""


def _clean(value: Any, most: int, name: str, problems: list[str]) -> str:
    """Text without markup and within bounds; what was taken off is said."""
    if value is None:
        return ""
    if not isinstance(value, str):
        problems.append(f"{name}: {type(value).__name__} instead of text")
        value = "" if isinstance(value, dict | list) else str(value)
    text: str = value.replace("\x00", "")
    if "<" in text[:LARGEST] and (_SCRIPT.search(text[:LARGEST]) or _TAG.search(text[:LARGEST])):
        text = html.unescape(_TAG.sub(" ", _SCRIPT.sub(" ", text[:LARGEST])))
        text = " ".join(text.split())
        problems.append(f"{name}: markup taken out")
    if len(text) > most:
        problems.append(f"{name}: {len(text):,} letters cut to {most:,}")
        text = text[:most]
    return text


def _number(value: Any, name: str, problems: list[str]) -> float | None:
    if value is None or value == "":
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        problems.append(f"{name}: '{str(value)[:20]}' is not a number")
        return None
    return number if abs(number) < 1e6 else None


def _day(value: Any, name: str, problems: list[str]) -> date | None:
    if not value:
        return None
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        problems.append(f"{name}: '{str(value)[:20]}' is not a day")
        return None


def _identifier(feed: str, kind: str, given: Any) -> uuid.UUID:
    try:
        return uuid.UUID(str(given))
    except ValueError:
        return made_id(feed, kind, str(given)[:200])


def _rest(record: dict[str, Any], used: set[str]) -> dict[str, Any]:
    return {k: v for k, v in record.items() if k not in used}


def read_source(source: Path) -> list[Any]:
    """The service records of a JSON file, or of a folder of JSON or CSV files; raises where there are none."""
    if source.is_dir():
        if (source / "services.csv").is_file():
            return read_tables(source)
        pages = [p for p in sorted(source.glob("service*.json")) if "at_location" not in p.name]
        found: dict[str, Any] = {}
        for page in pages:
            for record in _json_records(page):
                key = str(record.get("id")) if isinstance(record, dict) else f"{page.name}-{len(found)}"
                # The full record of a service knows more than its line in the list.
                if key not in found or len(str(record)) > len(str(found[key])):
                    found[key] = record
        if not found:
            raise NotFound(
                f"There are no services in {source}.",
                hint="Give a folder with services.csv or service_list.json.",
            )
        return list(found.values())
    if source.suffix.lower() == ".json" and source.is_file():
        return _json_records(source)
    raise NotFound(
        f"There is no feed at {source}.", hint="Give a JSON file, or a folder of JSON or CSV files."
    )


def _json_records(path: Path) -> list[Any]:
    try:
        found = records_of(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, RecursionError) as error:
        raise BadInput(
            f"This is not JSON: {error}", file=path.name, line=getattr(error, "lineno", None)
        ) from error
    if found is None:
        raise BadInput("There are no records in this file.", file=path.name)
    return found


_TABLES = {"phones": "phones", "contacts": "contacts", "languages": "languages", "cost_options": "cost_options",
           "funding": "funding", "service_areas": "service_areas", "required_documents": "required_documents",
           "schedules": "schedules"}  # fmt: skip


def _table(folder: Path, name: str) -> list[dict[str, str]]:
    path = folder / f"{name}.csv"
    if not path.is_file():
        return []
    csv.field_size_limit(LARGEST)
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return [{k: v for k, v in row.items() if k and v not in (None, "")} for row in csv.DictReader(handle)]


def read_tables(folder: Path) -> list[dict[str, Any]]:
    """An HSDS folder of CSV tables as nested records, joined by their identifiers."""
    organisations = {row.get("id"): row for row in _table(folder, "organizations")}
    offers = _offers(folder)
    children: dict[tuple[str | None, str], list[dict[str, str]]] = defaultdict(list)
    for name in _TABLES:
        for row in _table(folder, name):
            children[row.get("service_id"), name].append(row)
    records = []
    for row in _table(folder, "services"):
        record: dict[str, Any] = dict(row)
        key = row.get("id")
        if row.get("organization_id") in organisations:
            record["organization"] = organisations[row["organization_id"]]
        if offers.get(key):
            record["service_at_locations"] = offers[key]
        for name in _TABLES:
            if children.get((key, name)):
                record[name] = children[key, name]
        records.append(record)
    return records


def _offers(folder: Path) -> dict[str | None, list[dict[str, Any]]]:
    """The places of each service, with their addresses and access."""
    locations: dict[str | None, dict[str, Any]] = {
        row.get("id"): dict(row) for row in _table(folder, "locations")
    }
    for name in ("addresses", "accessibility"):
        for row in _table(folder, name):
            if row.get("location_id") in locations:
                locations[row["location_id"]].setdefault(name, []).append(row)
    offers: dict[str | None, list[dict[str, Any]]] = defaultdict(list)
    for row in _table(folder, "service_at_location") or _table(folder, "service_at_locations"):
        offer: dict[str, Any] = dict(row)
        if row.get("location_id") in locations:
            offer["location"] = locations[row["location_id"]]
        offers[row.get("service_id")].append(offer)
    return offers


def import_feed(
    *, source: Path, key: str, name: str = "", licence: str = "", by: Person | None = None
) -> Reading:
    """Read a feed; reading it again changes only what it changed.

    Each record stands alone: one that cannot be used is reported and kept whole, and the others go on. A service that
    no longer stands in the feed is made inactive, never deleted. `by` is None only for the command line.
    """
    if by is not None:
        require(by, rules.LOAD_FEED)
    records = read_source(source)
    feed, _ = Feed.objects.get_or_create(
        key=key, defaults={"name": name or key, "source": source.name, "licence": licence}
    )
    reading = Reading(key)
    seen: set[uuid.UUID] = set()
    for at, record in enumerate(records):
        _read_one(feed, record, at, reading, seen)
    with transaction.atomic():
        gone = Service.objects.filter(feed=feed, status="active").exclude(pk__in=seen)
        gone.update(status="inactive")
        Feed.objects.filter(pk=feed.pk).update(read_at=now())
        write_audit(by=by, action="frontdoor.import", subject=f"feed:{key}", added=reading.added, changed=reading.changed,
                    same=reading.same, rejected=reading.rejected)  # fmt: skip
    reading.duplicates = find_duplicates(feed)
    return reading


def _read_one(feed: Feed, record: Any, at: int, reading: Reading, seen: set[uuid.UUID]) -> None:
    problems: list[str] = []
    raw = json.dumps(record, ensure_ascii=False, default=str).replace("\\u0000", "")
    named = (
        str(record.get("id"))[:120] if isinstance(record, dict) and record.get("id") else f"record {at + 1}"
    )
    try:
        with transaction.atomic():
            outcome, service = _save_service(feed, record, problems, raw)
            if service.pk in seen:
                problems.append("the same identifier stands in the feed twice; the later record was kept")
            seen.add(service.pk)
    except (_Unusable, DatabaseError, OverflowError, RecursionError) as error:
        outcome = FeedRecord.Outcome.REJECTED
        problems.append(str(error).splitlines()[0][:200] if str(error) else type(error).__name__)
    setattr(reading, outcome, getattr(reading, outcome) + 1)
    reading.cleaned += bool(problems) and outcome != FeedRecord.Outcome.REJECTED
    if problems:
        reading.report.append({"record": named, "outcome": str(outcome), "problems": problems})
    FeedRecord.objects.update_or_create(
        feed=feed,
        record=named,
        defaults={"outcome": outcome, "problems": problems, "raw": raw if problems else ""},
    )


def _save_service(feed: Feed, record: Any, problems: list[str], raw: str) -> tuple[str, Service]:
    if not isinstance(record, dict):
        raise _Unusable(f"a {type(record).__name__} instead of a record")
    if not record.get("id") or not isinstance(record["id"], str | int):
        raise _Unusable("it has no id")
    texts = {k: _clean(record.get(k), most, k, problems) for k, most in SERVICE_TEXT.items()}
    if not texts["name"].strip():
        raise _Unusable("it has no name")
    key = _identifier(feed.key, "service", record["id"])
    mark = str(made_id("content", raw))
    held = Service.objects.filter(pk=key).first()
    if held is not None and held.feed_id != feed.pk:
        raise _Unusable("another feed owns this identifier")
    if held is not None and held.extra.get("_mark") == mark and held.status != "inactive":
        return FeedRecord.Outcome.SAME, held
    organisation = _save_organisation(
        feed, record.get("organization"), record.get("organization_id"), problems
    )
    status = record.get("status")
    if status not in STATUS:
        problems.append(f"status: '{str(status)[:20]}' is not one of {', '.join(STATUS)}; taken as active")
        status = "active"
    ages = [_number(record.get(k), k, problems) for k in ("minimum_age", "maximum_age")]
    if None not in ages and ages[0] > ages[1]:  # type: ignore[operator]
        problems.append("minimum_age is above maximum_age; both left out")
        ages = [None, None]
    assured = _day(record.get("assured_date"), "assured_date", problems)
    if assured and assured > today():
        problems.append("assured_date is in the future; left out")
        assured = None
    used = {*SERVICE_TEXT, "status", "minimum_age", "maximum_age", "assured_date", "organization", "schedules",
            "service_at_locations", *PARTICULARS} - {k for k in PARTICULARS if not isinstance(record.get(k), list)}  # fmt: skip
    service = held or Service(pk=key, given_id=f"{feed.key}-{str(key)[:13]}"[:80])
    for name, value in texts.items():
        setattr(service, name, value)
    service.organisation, service.feed, service.status = organisation, feed, status
    service.minimum_age, service.maximum_age, service.assured_on = ages[0], ages[1], assured
    service.extra = {**_rest(record, used), "_mark": mark, "_keys": [k for k in SERVICE_TEXT if k in record]}
    service.search_text = search_text(service)
    service.save()
    _save_children(feed, service, record, problems)
    return (FeedRecord.Outcome.CHANGED if held else FeedRecord.Outcome.ADDED), service


def _save_organisation(feed: Feed, record: Any, given: Any, problems: list[str]) -> Organisation:
    if not isinstance(record, dict):
        if record is not None:
            problems.append("organization: not a record")
        record = {"id": given, "name": feed.name} if given else {"name": feed.name}
    texts = {
        k: _clean(record.get(k), most, f"organization/{k}", problems) for k, most in ORGANISATION_TEXT.items()
    }
    key = _identifier(feed.key, "organisation", record.get("id") or texts["name"])
    held = Organisation.objects.filter(pk=key).first()
    if held is not None and held.feed_id != feed.pk:
        return held
    organisation = held or Organisation(pk=key, feed=feed)
    for name, value in texts.items():
        setattr(organisation, name, value)
    organisation.name = organisation.name or feed.name
    lists = {k for k in PARTICULARS if isinstance(record.get(k), list)}
    organisation.extra = {
        **_rest(record, {*ORGANISATION_TEXT, *lists}),
        "_keys": [k for k in ORGANISATION_TEXT if k in record],
    }
    organisation.save()
    organisation.particulars.all().delete()
    _save_particulars(record, organisation=organisation)
    return organisation


def _save_particulars(record: dict[str, Any], **owner: Any) -> None:
    Particular.objects.bulk_create(
        [
            Particular(kind=kind, place=place, value=value, **owner)
            for kind in PARTICULARS
            if isinstance(record.get(kind), list)
            for place, value in enumerate(record[kind])
        ]
    )


def _records(record: dict[str, Any], name: str, problems: list[str]) -> list[dict[str, Any]]:
    given = record.get(name)
    if given is None:
        return []
    if not isinstance(given, list):
        problems.append(f"{name}: not a list")
        return []
    good = [g for g in given if isinstance(g, dict)]
    if len(good) < len(given):
        problems.append(f"{name}: {len(given) - len(good)} entries are not records")
    return good


def _save_children(feed: Feed, service: Service, record: dict[str, Any], problems: list[str]) -> None:
    service.particulars.all().delete()
    service.schedules.all().delete()
    service.at.all().delete()
    _save_particulars(record, service=service)
    _save_schedules(feed, _records(record, "schedules", problems), problems, service=service)
    for offer in _records(record, "service_at_locations", problems):
        place = offer.get("location")
        if not isinstance(place, dict):
            place = {"id": offer.get("location_id") or offer.get("id")}
        location = _save_location(feed, place, problems)
        key = _identifier(feed.key, "offer", offer.get("id") or f"{service.pk}{location.pk}")
        if ServiceAtLocation.objects.filter(service=service, location=location).exists():
            problems.append("service_at_locations: the same place twice")
            continue
        if ServiceAtLocation.objects.filter(pk=key).exists():
            key = made_id(feed.key, "offer", str(service.pk), str(location.pk))
        made = ServiceAtLocation.objects.create(
            pk=key, service=service, location=location, description=_clean(offer.get("description"), 5000, "description", problems),
            extra=_rest(offer, {"location", "description", "schedules"}) | {"_location": isinstance(offer.get("location"), dict)},
        )  # fmt: skip
        _save_schedules(feed, _records(offer, "schedules", problems), problems, offer=made)


def _save_location(feed: Feed, record: dict[str, Any], problems: list[str]) -> Location:
    key = _identifier(
        feed.key, "location", record.get("id") or json.dumps(record, sort_keys=True, default=str)
    )
    latitude, longitude = (_number(record.get(k), k, problems) for k in ("latitude", "longitude"))
    on_earth = (
        latitude is not None and longitude is not None and abs(latitude) <= 90 and abs(longitude) <= 180
    )
    if not on_earth and (latitude is not None or longitude is not None):
        problems.append(f"location: {latitude}, {longitude} is not a position on Earth")
    addresses = record.get("addresses")
    city = (
        addresses[0].get("city", "")
        if isinstance(addresses, list) and addresses and isinstance(addresses[0], dict)
        else ""
    )
    lists = {k for k in PARTICULARS if isinstance(record.get(k), list)}
    position = {"latitude", "longitude"} if on_earth else set()
    location, _ = Location.objects.update_or_create(
        pk=key,
        defaults={
            "name": _clean(record.get("name"), 300, "location/name", problems),
            "place": _clean(city, 120, "city", problems),
            "latitude": latitude if on_earth else None,
            "longitude": longitude if on_earth else None,
            "extra": {
                **_rest(record, {"name", "schedules", *lists, *position}),
                "_keys": [k for k in ("name",) if k in record],
            },
        },
    )
    location.particulars.all().delete()
    _save_particulars(record, location=location)
    location.schedules.all().delete()
    _save_schedules(feed, _records(record, "schedules", problems), problems, location=location)
    return location


def _save_schedules(feed: Feed, given: list[dict[str, Any]], problems: list[str], **owner: Any) -> None:
    for at, record in enumerate(given):
        days = {k: _day(record.get(k), k, problems) for k in SCHEDULE_DAYS}
        texts = {k: _clean(record.get(k), most, k, problems) for k, most in SCHEDULE_TEXT.items()}
        used = {*SCHEDULE_TEXT, *(k for k in SCHEDULE_DAYS if days[k] and str(days[k]) == record.get(k))}
        key = _identifier(feed.key, "schedule", record.get("id") or f"{next(iter(owner.values())).pk}{at}")
        if Schedule.objects.filter(pk=key).exists():
            key = made_id(feed.key, "schedule", str(next(iter(owner.values())).pk), str(at), str(key))
        Schedule.objects.create(
            pk=key,
            **days,
            **texts,
            **owner,
            extra={**_rest(record, used), "_keys": [k for k in SCHEDULE_TEXT if k in record]},
        )


def _plain_name(text: str) -> str:
    return " ".join(
        sorted(
            set(re.findall(r"[a-z0-9]+", text.casefold())) - {"the", "of", "and", "service", "services", "in"}
        )
    )


def _telling(service: Service) -> dict[str, set[str]]:
    """The keys that, shared beside the name, tell that two records are one service."""
    phones = {re.sub(r"\D", "", str(p.value.get("number", "")))[-10:] for p in service.particulars.all()
              if p.kind == "phones" and isinstance(p.value, dict)}  # fmt: skip
    return {
        "the same telephone": phones - {""},
        "the same web address": {
            service.url.casefold().removeprefix("https://").removeprefix("http://").strip("/")
        }
        - {""},
        "the same email": {service.email.casefold()} - {""},
        "the same organisation": {_plain_name(service.organisation.name)} - {""},
        "the same place": {o.location.name.casefold() for o in service.at.all() if o.location.name},
    }


def find_duplicates(feed: Feed) -> int:
    """Put pairs that look like one service, from this feed and any other, before a person; the number of new pairs.

    The names must hold the same words and one more key must be shared: a name alone ('Lunch club') is no proof.
    """
    every = (
        Service.objects.filter(status="active")
        .select_related("organisation")
        .prefetch_related("particulars", "at__location")
    )
    by_name: dict[str, list[Service]] = defaultdict(list)
    for service in every.exclude(feed=feed):
        by_name[_plain_name(service.name)].append(service)
    found = 0
    for mine in every.filter(feed=feed):
        for other in by_name.get(_plain_name(mine.name), ()):
            ours, theirs = _telling(mine), _telling(other)
            shared = [words for words, values in ours.items() if values & theirs[words]]
            if shared:
                _, new = Duplicate.objects.get_or_create(
                    left=other, right=mine, defaults={"because": ["the same name", *shared]}
                )
                found += new
    return found
