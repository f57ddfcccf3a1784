"""Loading a pack's illustrative directory: whole or not at all, and twice changes nothing."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from django.db import transaction

from endeavour.core.public import Person, now, write_audit
from endeavour.frontdoor.models import (
    Feed,
    Location,
    Organisation,
    Particular,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceTerm,
    Taxonomy,
    TaxonomyTerm,
)
from endeavour.frontdoor.packfiles import (
    PackDirectory,
    PackService,
    Practice,
    read_directory,
    read_practices,
)

NAMESPACE = uuid.UUID("6f1c5a1e-0f5e-5d51-9d57-1f9c6d1a2b3c")


def made_id(*parts: str) -> uuid.UUID:
    """The identifier of a thing that has none of its own: the same parts always give the same one."""
    return uuid.uuid5(NAMESPACE, "|".join(parts))


def search_text(service: Service) -> str:
    """The words PostgreSQL searches."""
    return " ".join([service.name, service.description, service.tags, *service.says])[:100_000]


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _service(given: PackService, directory: PackDirectory, feed: Feed, runs: Organisation) -> Service:
    document = given.document
    service = Service(
        id=made_id("service", document.id),
        given_id=document.id,
        organisation=runs,
        name=document.name,
        description=document.description,
        minimum_age=document.minimum_age,
        maximum_age=document.maximum_age,
        fees_description="Free" if document.free else "There may be a charge. Ask before you book.",
        expect=given.expect,
        says=list(document.says),
        tags=document.tags,
        rung=document.rung,
        setting=given.setting,
        free=document.free,
        is_illustrative=True,
        is_crisis_line=given.crisis_line,
        assured_on=directory.assured_on,
        promise_days=30 if given.crisis_line else directory.freshness_days,
        feed=feed,
    )
    service.search_text = search_text(service)
    return service


@transaction.atomic
def load_directory(pack: Any, by: Person | None) -> int:
    """Load the directory of a pack (its name, or an open pack) and return how many services it has.

    A service that somebody has edited here keeps the edit: the pack is only the start of its story. All or nothing.
    """
    folder = getattr(pack, "folder", None)
    name = Path(folder).name if folder else str(pack)
    directory = read_directory(name)
    key = f"pack-{name}"
    feed, _ = Feed.objects.get_or_create(
        key=key, defaults={"name": directory.owner, "source": directory.notice}
    )
    Feed.objects.filter(pk=feed.pk).update(read_at=now())
    runs, _ = Organisation.objects.get_or_create(
        id=made_id("organisation", key),
        defaults={"name": directory.owner, "description": directory.notice, "feed": feed},
    )
    held = set(Service.objects.filter(feed=feed).values_list("given_id", flat=True))
    new = [s for s in directory.services if s.document.id not in held]
    Service.objects.bulk_create([_service(s, directory, feed, runs) for s in new])
    _load_places(new)
    _load_terms(new)
    if new:
        write_audit(by=by, action="frontdoor.load_directory", subject=f"feed:{key}", services=len(new))
    return len(directory.services) + load_practices(name, directory.folder, by)


def load_practices(pack: str, folder: Path, by: Person | None) -> int:
    """Load the real practices of the pack's tables: what is publicly known of each, and no more.

    Their names, places and list sizes are published; their telephones and hours are not among it, so none is given.
    """
    practices = read_practices(folder)
    key = f"pack-{pack}-practices"
    feed, _ = Feed.objects.get_or_create(
        key=key,
        defaults={"name": "NHS England, general practices", "source": "The practices of the pack's tables",
                  "licence": "Open Government Licence v3.0"},
    )  # fmt: skip
    held = set(Service.objects.filter(feed=feed).values_list("given_id", flat=True))
    new = [p for p in practices if f"practice-{p.code.lower()}" not in held]
    Organisation.objects.bulk_create(
        [
            Organisation(id=made_id("practice", p.code), name=p.name, feed=feed,
                         description=f"General practice near {p.place.name}.") for p in new
        ]
    )  # fmt: skip
    Particular.objects.bulk_create(
        [
            Particular(
                organisation_id=made_id("practice", p.code), kind="organization_identifiers",
                value={"id": str(made_id("code", p.code)), "identifier_type": "ODS", "identifier": p.code},
            )
            for p in new
        ]
    )  # fmt: skip
    Service.objects.bulk_create([_practice(p, feed) for p in new])
    Location.objects.bulk_create(
        [
            Location(
                id=made_id("location", p.code), name=p.name, place=p.place.name, district=p.place.district,
                latitude=p.latitude, longitude=p.longitude, extra={"location_type": "physical"},
            )
            for p in new
        ]
    )  # fmt: skip
    ServiceAtLocation.objects.bulk_create(
        [
            ServiceAtLocation(
                id=made_id("offer", p.code), service_id=made_id("service", p.code), location_id=made_id("location", p.code)
            )
            for p in new
        ]
    )  # fmt: skip
    if new:
        write_audit(by=by, action="frontdoor.load_practices", subject=f"feed:{key}", services=len(new))
    return len(practices)


def _practice(practice: Practice, feed: Feed) -> Service:
    listed = (
        f" {practice.registered:,} people were registered with it in 2025-26." if practice.registered else ""
    )
    return Service(
        id=made_id("service", practice.code),
        given_id=f"practice-{practice.code.lower()}",
        organisation_id=made_id("practice", practice.code),
        name=practice.name,
        description=f"A GP surgery near {practice.place.name}.{listed}",
        eligibility_description="People who live near it. Ask whether they can register you.",
        fees_description="Free",
        expect="Ring, go in or use its website. They ask what you need, so that the right person sees you.",
        tags="primary care",
        rung="gp",
        setting="surgery",
        feed=feed,
        extra={"_by_name": True},
    )


def _load_places(new: list[PackService]) -> None:
    spots = {spot.name: spot for s in new for spot in s.document.spots}
    Location.objects.bulk_create(
        [
            Location(
                id=made_id("location", name), name=name, place=spot.place, district=spot.district,
                latitude=spot.latitude, longitude=spot.longitude,
                extra={"location_type": "physical"},
            )
            for name, spot in spots.items()
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    ServiceAtLocation.objects.bulk_create(
        [
            ServiceAtLocation(
                id=made_id("offer", s.document.id, spot.name),
                service_id=made_id("service", s.document.id),
                location_id=made_id("location", spot.name),
            )
            for s in new
            for spot in s.document.spots
        ],
        batch_size=500,
    )
    Schedule.objects.bulk_create(
        [
            Schedule(
                id=made_id("schedule", s.document.id, str(at)), service_id=made_id("service", s.document.id),
                byday=o.days, opens_at=_clock(o.opens), closes_at=_clock(o.closes), extra={"freq": "WEEKLY"},
            )
            for s in new
            for at, o in enumerate(s.document.openings)
        ]
    )  # fmt: skip
    Particular.objects.bulk_create(
        [
            Particular(
                service_id=made_id("service", s.document.id),
                kind="phones",
                # Numbers that Ofcom keeps for drama, so that nobody's telephone rings.
                value={
                    "id": str(made_id("phone", s.document.id)),
                    "number": f"01632 960{at % 1000:03d}",
                    "type": "voice",
                },
            )
            for at, s in enumerate(new)
        ]
    )


def _load_terms(new: list[PackService]) -> None:
    taxonomy, _ = Taxonomy.objects.get_or_create(
        id=made_id("taxonomy", "tags"),
        defaults={
            "name": "Kinds of help",
            "description": "The partnership's own short list of kinds of help.",
        },
    )
    tags = sorted({s.document.tags for s in new if s.document.tags})
    TaxonomyTerm.objects.bulk_create(
        [
            TaxonomyTerm(id=made_id("term", tag), taxonomy=taxonomy, code=tag.replace(" ", "-"), name=tag)
            for tag in tags
        ],
        ignore_conflicts=True,
    )
    ServiceTerm.objects.bulk_create(
        [
            ServiceTerm(
                service_id=made_id("service", s.document.id), term_id=made_id("term", s.document.tags)
            )
            for s in new
            if s.document.tags
        ]
    )
