"""Reading a partner's feed into the directory: again and again, record by record, losing nothing."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.db import DatabaseError, transaction

from endeavour.core.public import Person, now, require, today, write_audit
from endeavour.errors import BadInput
from endeavour.frontdoor import rules
from endeavour.frontdoor.duplicates.actions import settle_merged
from endeavour.frontdoor.duplicates.queries import find_duplicates
from endeavour.frontdoor.loading import made_id, search_text
from endeavour.frontdoor.models import (
    Feed,
    FeedRecord,
    Location,
    Organisation,
    Particular,
    Revision,
    Service,
    Taxonomy,
    TaxonomyTerm,
)
from endeavour.frontdoor.oruk.cleaning import clean, day, identifier, number, records, rest
from endeavour.frontdoor.oruk.fetching import Limits, is_address
from endeavour.frontdoor.oruk.shelf import Hours, Offer, Shelf
from endeavour.frontdoor.oruk.sources import read_source
from endeavour.frontdoor.oruk.validate import STATUS

SERVICE_TEXT = {"name": 300, "description": 20_000, "url": 500, "email": 254, "fees_description": 5000,
                "eligibility_description": 5000, "wait_time": 200}  # fmt: skip
ORGANISATION_TEXT = {"name": 300, "description": 20_000, "email": 254, "website": 500}
PARTICULARS = ("phones", "contacts", "languages", "accessibility", "cost_options", "funding", "service_areas",
               "required_documents", "attributes", "addresses", "organization_identifiers", "capacities", "units", "urls",
               "metadata", "programs")  # fmt: skip
SCHEDULE_TEXT = {"byday": 60, "opens_at": 20, "closes_at": 20}
SCHEDULE_DAYS = ("valid_from", "valid_to")


@dataclass
class Reading:
    """What became of one feed."""

    feed: str
    dry_run: bool = False
    added: int = 0
    changed: int = 0
    same: int = 0
    rejected: int = 0
    cleaned: int = 0
    closed: int = 0
    duplicates: int = 0
    report: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def as_data(self) -> dict[str, Any]:
        """The counts, a line for each record that had a problem, and what had to be done to read the feed at all."""
        return {**self.__dict__}


@dataclass(frozen=True)
class About:
    """What is said of a feed as a whole. A historic one is a record of how things stood on `as_of`: never searched."""

    name: str = ""
    licence: str = ""
    as_of: date | None = None
    is_historic: bool = False


class _Unusable(Exception):
    """A record that cannot be a service, with the reason."""


_UNREADABLE = (DatabaseError, OverflowError, RecursionError, ValueError)


def import_feed(
    *, source: str | Path, key: str, name: str = "", licence: str = "", by: Person | None = None,
    about: About | None = None, dry_run: bool = False, limits: Limits | None = None,
) -> Reading:  # fmt: skip
    """Read a feed; reading it again changes only what it changed, and `dry_run` tells what it would do.

    Each record stands alone: one that cannot be used is reported and kept whole, and the others go on. A service that
    no longer stands in the feed is made inactive, never deleted. What an editor decided here stays decided: a merged
    record stays merged, and words edited here are replaced only when the feed's own words change. `by` is None only
    for the command line.
    """
    if by is not None:
        require(by, rules.LOAD_FEED)
    about = about or About(name, licence)
    found = read_source(source, limits)
    told = str(source) if isinstance(source, str) and is_address(source) else Path(source).name
    reading = Reading(key, dry_run, notes=found.notes)
    with transaction.atomic():
        feed, _ = Feed.objects.get_or_create(
            key=key,
            defaults={"name": about.name or key, "source": told[:300], "licence": about.licence,
                      "as_of": about.as_of, "is_historic": about.is_historic},
        )  # fmt: skip
        if feed.key.startswith("pack-"):
            raise BadInput(f"'{key}' is a feed of the pack itself.", hint="Choose another --key.")
        seen: set[uuid.UUID] = set()
        given = _given(found.records)
        for at in range(0, len(given), STRETCH):
            done = _read_stretch(feed, given[at : at + STRETCH])
            _report(feed, done, reading)
            seen |= {one.service for one in done if one.service}
        gone = Service.objects.filter(feed=feed, status="active").exclude(pk__in=seen)
        reading.closed = gone.update(status="inactive")
        Feed.objects.filter(pk=feed.pk).update(read_at=now())
        write_audit(by=by, action="frontdoor.import", subject=f"feed:{key}", added=reading.added, changed=reading.changed,
                    same=reading.same, rejected=reading.rejected, closed=reading.closed)  # fmt: skip
        settle_merged()
        reading.duplicates = find_duplicates(feed)
        if dry_run:
            transaction.set_rollback(True)
    return reading


def _storable(text: str) -> str:
    """Text that a database can hold: half a character, which JSON may write and no other text can, stays an escape."""
    return text.replace("\x00", "").encode("utf-8", "backslashreplace").decode("utf-8")


def _name(record: Any, at: int) -> str:
    """What a record is called in the report: its identifier, or its place in the feed."""
    if isinstance(record, dict) and record.get("id"):
        return _storable(str(record["id"])[:100])[:100]
    return f"record {at + 1}"


def _identity(record: Any, at: int) -> str:
    """The same for two records that would be one here: a UUID may be written in capitals."""
    name = _name(record, at)
    try:
        return str(uuid.UUID(name))
    except ValueError:
        return name


STRETCH = 200
"""How many records are written together; where one of them cannot be, its stretch is read again one by one."""


@dataclass(frozen=True)
class _Given:
    """One record of a feed: its name in the report, its own words, and whether a later record has the same identifier."""

    record: Any
    named: str
    raw: str
    is_last: bool


@dataclass(frozen=True)
class _Outcome:
    given: _Given
    outcome: str
    problems: list[str]
    service: uuid.UUID | None = None


def _given(found: list[Any]) -> list[_Given]:
    last = {_identity(record, at): at for at, record in enumerate(found)}
    given = []
    for at, record in enumerate(found):
        raw = _storable(json.dumps(record, ensure_ascii=False, default=str).replace("\\u0000", ""))
        is_last = last[_identity(record, at)] == at
        # Of records with one identifier the last is read, and the others are kept under names of their own.
        named = _name(record, at) if is_last else f"{_name(record, at)} (record {at + 1})"
        given.append(_Given(record, named, raw, is_last))
    return given


def _read_stretch(feed: Feed, given: list[_Given]) -> list[_Outcome]:
    """Read some records together; where the database takes not all of them, each by itself."""
    try:
        with transaction.atomic():
            shelf = Shelf(feed)
            _look_ahead(shelf, [g.record for g in given])
            done = [_read_one(shelf, one) for one in given]
            shelf.write()
        return done
    except _UNREADABLE as error:
        if len(given) == 1:
            said = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
            return [_Outcome(given[0], FeedRecord.Outcome.REJECTED, [said])]
    return [outcome for one in given for outcome in _read_stretch(feed, [one])]


def _look_ahead(shelf: Shelf, records_given: list[Any]) -> None:
    """Fetch together what the records may already be here."""
    usable = [r for r in records_given if isinstance(r, dict)]
    shelf.look_for(Service, [_key(shelf, "service", r["id"]) for r in usable if r.get("id")])
    runs = [r["organization"] for r in usable if isinstance(r.get("organization"), dict)]
    shelf.look_for(Organisation, [_key(shelf, "organisation", o["id"]) for o in runs if o.get("id")])
    offers = [o for r in usable for o in records(r, "service_at_locations", [])]
    places = [o["location"] for o in offers if isinstance(o.get("location"), dict)]
    shelf.look_for(Location, [_key(shelf, "location", p["id"]) for p in places if p.get("id")])


def _key(shelf: Shelf, kind: str, given: Any) -> uuid.UUID:
    return identifier(shelf.feed.key, kind, given)


def _read_one(shelf: Shelf, given: _Given) -> _Outcome:
    problems: list[str] = []
    try:
        if not given.is_last:
            raise _Unusable("the same identifier stands in the feed twice; the later record was read")
        outcome, service = _save_service(shelf, given.record, problems, given.raw)
    except _Unusable as error:
        return _Outcome(given, FeedRecord.Outcome.REJECTED, [*map(_storable, problems), str(error)])
    return _Outcome(given, outcome, [*map(_storable, problems)], service.pk)


def _report(feed: Feed, done: list[_Outcome], reading: Reading) -> None:
    """Count what became of some records and write it down, whole where there was a problem."""
    for one in done:
        setattr(reading, one.outcome, getattr(reading, one.outcome) + 1)
        reading.cleaned += bool(one.problems) and one.outcome != FeedRecord.Outcome.REJECTED
        if one.problems:
            reading.report.append(
                {"record": one.given.named, "outcome": str(one.outcome), "problems": one.problems}
            )
    rows = {
        one.given.named: FeedRecord(
            feed=feed, record=one.given.named, outcome=one.outcome, problems=one.problems,
            raw=one.given.raw if one.problems else "",
        )
        for one in done
    }  # fmt: skip
    FeedRecord.objects.bulk_create(
        rows.values(), update_conflicts=True, unique_fields=["feed", "record"],
        update_fields=["outcome", "problems", "raw", "at"],
    )  # fmt: skip


def status_here(service: Service, told: str) -> str:
    """How a service stands here: what its feed says, unless it was merged or the feed is history."""
    if service.merged_into_id or (service.feed is not None and service.feed.is_historic):
        return "inactive"
    return told


def _save_service(shelf: Shelf, record: Any, problems: list[str], raw: str) -> tuple[str, Service]:
    feed = shelf.feed
    if not isinstance(record, dict):
        raise _Unusable(f"a {type(record).__name__} instead of a record")
    if not record.get("id") or not isinstance(record["id"], str | int):
        raise _Unusable("it has no id")
    texts = {k: clean(record.get(k), most, k, problems) for k, most in SERVICE_TEXT.items()}
    if not texts["name"].strip():
        raise _Unusable("it has no name")
    key = identifier(feed.key, "service", record["id"])
    mark = str(made_id("content", raw))
    held = shelf.held(Service, key)
    if held is not None and held.feed_id != feed.pk:
        raise _Unusable("another feed owns this identifier")
    if held is not None:
        held.feed = feed
        if held.extra.get("_mark") == mark and held.status == status_here(held, held.extra.get("_status")):
            problems.clear()
            return FeedRecord.Outcome.SAME, held
    organisation = _save_organisation(
        shelf, record.get("organization"), record.get("organization_id"), problems
    )
    status = record.get("status")
    if status not in STATUS:
        problems.append(f"status: '{str(status)[:20]}' is not one of {', '.join(STATUS)}; taken as active")
        status = "active"
    ages = [number(record.get(k), k, problems) for k in ("minimum_age", "maximum_age")]
    if None not in ages and ages[0] > ages[1]:  # type: ignore[operator]
        problems.append("minimum_age is above maximum_age; both left out")
        ages = [None, None]
    assured = day(record.get("assured_date"), "assured_date", problems)
    if assured and assured > today():
        problems.append("assured_date is in the future; left out")
        assured = None
    used = {*SERVICE_TEXT, "status", "minimum_age", "maximum_age", "assured_date", "organization", "schedules",
            "service_at_locations", *PARTICULARS} - {k for k in PARTICULARS if not isinstance(record.get(k), list)}  # fmt: skip
    service = held or Service(pk=key, given_id=f"{feed.key}-{str(key)[:13]}"[:80])
    marks = {k: str(made_id("text", v))[:8] for k, v in texts.items()}
    if held:
        texts = _agreed_texts(held, texts, marks, problems)
    for name, value in texts.items():
        setattr(service, name, value)
    service.organisation, service.feed = organisation, feed
    service.status = status_here(service, status)
    service.minimum_age, service.maximum_age = ages
    service.assured_on = max(filter(None, (assured, service.assured_on)), default=None)
    service.extra = {**rest(record, used), "_mark": mark, "_status": status, "_texts": marks,
                     "_keys": [k for k in SERVICE_TEXT if k in record]}  # fmt: skip
    _read_own(service, record.get("endeavour"), problems)
    service.search_text = search_text(service)
    _save_children(shelf, service, record, problems, new=held is None)
    return (FeedRecord.Outcome.CHANGED if held else FeedRecord.Outcome.ADDED), service


def _agreed_texts(
    held: Service, texts: dict[str, str], marks: dict[str, str], problems: list[str]
) -> dict[str, str]:
    """The texts to keep: the feed's where the feed changed them, else what stands here; a change joins the history."""
    before = held.extra.get("_texts", {})
    kept = {k: v if before.get(k) != marks[k] else getattr(held, k) for k, v in texts.items()}
    changed = {k: v for k, v in kept.items() if v != getattr(held, k)}
    edited = {
        k
        for after in held.revisions.filter(state="approved", by__isnull=False).values_list("after", flat=True)
        for k in after
    }
    problems += [
        f"{name}: it was edited here; the feed's newer words were taken, ours are in the history"
        for name in sorted(edited & set(changed))
    ]
    if changed:
        Revision.objects.create(
            service=held, before={k: getattr(held, k) for k in changed}, after=changed, state="approved",
            decided_at=now(), note=f"From the feed {held.feed}"[:200],
        )  # fmt: skip
    return kept


def _read_own(service: Service, own: Any, problems: list[str]) -> None:
    """Our own fields, as our export writes them. A feed may not name a record, pin it or call it a crisis line."""
    if not isinstance(own, dict):
        return
    if own.get("rung") in Service.Rung.values:
        service.rung = own["rung"]
    service.expect = clean(own.get("expect"), 2000, "expect", problems)
    if isinstance(own.get("people_say"), list):
        service.says = [clean(line, 200, "people_say", problems) for line in own["people_say"][:50]]
    if isinstance(own.get("capacity"), dict):
        service.capacity = own["capacity"]


def _save_organisation(shelf: Shelf, record: Any, given: Any, problems: list[str]) -> Organisation:
    feed = shelf.feed
    if not isinstance(record, dict):
        if record is not None:
            problems.append("organization: not a record")
        record = {"id": given, "name": feed.name} if given else {"name": feed.name}
    texts = {
        k: clean(record.get(k), most, f"organization/{k}", problems) for k, most in ORGANISATION_TEXT.items()
    }
    key = identifier(feed.key, "organisation", record.get("id") or texts["name"])
    held = shelf.held(Organisation, key)
    if held is not None and held.feed_id != feed.pk:
        return held
    organisation = held or Organisation(pk=key, feed=feed)
    for name, value in texts.items():
        setattr(organisation, name, value)
    organisation.name = organisation.name or feed.name
    lists = {k for k in PARTICULARS if isinstance(record.get(k), list)}
    organisation.extra = {
        **rest(record, {*ORGANISATION_TEXT, *lists}),
        "_keys": [k for k in ORGANISATION_TEXT if k in record],
    }
    own = shelf.put(organisation, new=held is None)
    own.particulars = _particulars(record, organisation=organisation)
    return organisation


def _particulars(record: dict[str, Any], **owner: Any) -> list[Particular]:
    return [
        Particular(kind=kind, place=place, value=value, **owner)
        for kind in PARTICULARS
        if isinstance(record.get(kind), list)
        for place, value in enumerate(record[kind])
    ]


def _save_children(
    shelf: Shelf, service: Service, record: dict[str, Any], problems: list[str], *, new: bool
) -> None:
    own = shelf.put(service, new=new)
    own.particulars = _particulars(record, service=service)
    own.hours = _hours(records(record, "schedules", problems), problems)
    own.terms = _terms(shelf, record)
    placed: set[uuid.UUID] = set()
    for offer in records(record, "service_at_locations", problems):
        place = offer.get("location")
        if not isinstance(place, dict):
            place = {"id": offer.get("location_id") or offer.get("id")}
        location = _save_location(shelf, place, problems)
        key = _key(shelf, "offer", offer.get("id") or f"{service.pk}{location.pk}")
        if location.pk in placed:
            problems.append("service_at_locations: the same place twice")
            continue
        placed.add(location.pk)
        fields = {
            "description": clean(offer.get("description"), 5000, "description", problems),
            "extra": rest(offer, {"location", "description", "schedules"})
            | {"_location": isinstance(offer.get("location"), dict)},
        }
        own.offers.append(
            Offer(key, service, location, fields, _hours(records(offer, "schedules", problems), problems))
        )


def _terms(shelf: Shelf, record: dict[str, Any]) -> list[TaxonomyTerm]:
    """The terms that a service's attributes name, so that it is found by them; the attributes stay as they came."""
    found = {}
    for attribute in records(record, "attributes", []):
        told = attribute.get("taxonomy_term")
        if not isinstance(told, dict) or not told.get("id"):
            continue
        name = clean(told.get("name"), 200, "name", [])
        if not name:
            continue
        key = _key(shelf, "term", told["id"])
        found[key] = TaxonomyTerm(
            pk=key, name=name, code=clean(told.get("code"), 200, "code", []),
            description=clean(told.get("description"), 20_000, "description", []),
            taxonomy=_taxonomy(shelf, told.get("taxonomy_detail")),
            extra=rest(told, {"name", "code", "description", "taxonomy_detail"}),
        )  # fmt: skip
    return list(found.values())


def _taxonomy(shelf: Shelf, told: Any) -> Taxonomy | None:
    if not isinstance(told, dict) or not told.get("id"):
        return None
    name = clean(told.get("name"), 200, "name", [])
    key = _key(shelf, "taxonomy", told["id"])
    return Taxonomy(pk=key, name=name or str(key), description=clean(told.get("description"), 20_000, "", []))


def _says_confidential(record: dict[str, Any]) -> bool:
    own = record.get("endeavour")
    return isinstance(own, dict) and own.get("confidential") is True


def _save_location(shelf: Shelf, record: dict[str, Any], problems: list[str]) -> Location:
    key = _key(shelf, "location", record.get("id") or json.dumps(record, sort_keys=True, default=str))
    held = shelf.held(Location, key)
    if held is not None and held.is_confidential and _says_confidential(record) and not record.get("name"):
        return held  # our own masked record, come back: what we keep says more
    latitude, longitude = (number(record.get(k), k, problems) for k in ("latitude", "longitude"))
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
    location = held or Location(pk=key)
    location.name = clean(record.get("name"), 300, "location/name", problems)
    location.place = clean(city, 120, "city", problems)
    location.latitude, location.longitude = (latitude, longitude) if on_earth else (None, None)
    # Once confidential, only a person can make a place public again.
    location.is_confidential = location.is_confidential or _says_confidential(record)
    location.extra = {
        **rest(record, {"name", "schedules", *lists, *position}),
        "_keys": [k for k in ("name",) if k in record],
    }
    own = shelf.put(location, new=held is None)
    own.particulars = _particulars(record, location=location)
    own.hours = _hours(records(record, "schedules", problems), problems)
    return location


def _hours(given: list[dict[str, Any]], problems: list[str]) -> list[Hours]:
    found = []
    for at, record in enumerate(given):
        days = {k: day(record.get(k), k, problems) for k in SCHEDULE_DAYS}
        texts = {k: clean(record.get(k), most, k, problems) for k, most in SCHEDULE_TEXT.items()}
        used = {*SCHEDULE_TEXT, *(k for k in SCHEDULE_DAYS if days[k] and str(days[k]) == record.get(k))}
        extra = {**rest(record, used), "_keys": [k for k in SCHEDULE_TEXT if k in record]}
        found.append(Hours(record.get("id"), at, {**days, **texts, "extra": extra}))
    return found
