"""What a feed's records become, held together and written in a few statements instead of a dozen a record."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db.models import Model, Q

from endeavour.frontdoor.loading import made_id
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
from endeavour.frontdoor.oruk.cleaning import identifier

Thing = TypeVar("Thing", Organisation, Location, Service)
Owner = Organisation | Location | Service
MADE_IN_ONE_STATEMENT = 500


@dataclass
class Hours:
    """One schedule that waits for its identifier: it needs its owner's."""

    given: Any
    at: int
    fields: dict[str, Any]


@dataclass
class Offer:
    """One service at one place that waits for its identifier: another record may hold the one it was given."""

    key: uuid.UUID
    service: Service
    location: Location
    fields: dict[str, Any]
    hours: list[Hours]


@dataclass
class Belongings:
    """What belongs to one record and is replaced whole when that record is read again."""

    particulars: list[Particular] = field(default_factory=list)
    hours: list[Hours] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    terms: list[TaxonomyTerm] = field(default_factory=list)


class Shelf:
    """The records of one stretch of a feed, until they are written.

    What is read again is found here whether it is written yet or not, so that a stretch ends as it would one by one.
    """

    def __init__(self, feed: Feed) -> None:
        self.feed = feed
        self._held: dict[tuple[type[Model], uuid.UUID], Any] = {}
        self._looked_for: set[tuple[type[Model], uuid.UUID]] = set()
        self._new: dict[type[Model], dict[uuid.UUID, Any]] = defaultdict(dict)
        self._changed: dict[tuple[type[Model], uuid.UUID], Owner] = {}
        self._belongings: dict[tuple[type[Model], uuid.UUID], Belongings] = {}

    def look_for(self, model: type[Thing], keys: Iterable[uuid.UUID]) -> None:
        """Fetch what is kept under these identifiers in one question."""
        wanted = set(keys)
        self._looked_for |= {(model, key) for key in wanted}
        for thing in model._default_manager.filter(pk__in=wanted):
            self._held[model, thing.pk] = thing

    def held(self, model: type[Thing], key: uuid.UUID) -> Thing | None:
        """What is kept under an identifier, written or not."""
        if (model, key) not in self._looked_for:
            self.look_for(model, [key])
        found: Thing | None = self._held.get((model, key))
        return found

    def put(self, thing: Owner, *, new: bool) -> Belongings:
        """Keep a record, and give what will replace everything that belonged to it."""
        at = (type(thing), thing.pk)
        if new:
            self._new[type(thing)][thing.pk] = thing
        elif thing.pk not in self._new[type(thing)]:
            self._changed[at] = thing
        self._held[at] = thing
        self._looked_for.add(at)
        self._belongings[at] = Belongings()
        return self._belongings[at]

    def write(self) -> None:
        """Write everything, owners first. An identifier that somebody else holds is replaced by one of our own."""
        for model in (Organisation, Location, Service):
            model._default_manager.bulk_create(self._new[model].values(), batch_size=MADE_IN_ONE_STATEMENT)
        for thing in self._changed.values():
            thing.save(force_update=True)
        self._clear()
        offers = [offer for b in self._belongings.values() for offer in b.offers]
        placed = self._write_offers(offers)
        timed: list[tuple[str, Model, Hours]] = [
            (self._owner_name(thing), thing, hours)
            for at, b in self._belongings.items()
            for thing in [self._held[at]]
            for hours in b.hours
        ]
        timed += [("offer", made, h) for offer, made in zip(offers, placed, strict=True) for h in offer.hours]
        self._write_hours(timed)
        self._write_terms()
        Particular.objects.bulk_create(
            [p for b in self._belongings.values() for p in b.particulars], batch_size=MADE_IN_ONE_STATEMENT
        )

    @staticmethod
    def _owner_name(thing: Owner) -> str:
        return type(thing).__name__.lower()

    def _clear(self) -> None:
        """Take away what belonged to the records that were here before."""
        again: dict[type[Model], list[uuid.UUID]] = defaultdict(list)
        for model, key in self._changed:
            again[model].append(key)
        services, locations = again[Service], again[Location]
        if not any(again.values()):
            return
        Particular.objects.filter(
            Q(service__in=services) | Q(location__in=locations) | Q(organisation__in=again[Organisation])
        ).delete()
        Schedule.objects.filter(Q(service__in=services) | Q(location__in=locations)).delete()
        ServiceAtLocation.objects.filter(service__in=services).delete()
        ServiceTerm.objects.filter(service__in=services).delete()

    def _write_offers(self, offers: list[Offer]) -> list[ServiceAtLocation]:
        taken = _kept(ServiceAtLocation, [offer.key for offer in offers])
        made = []
        for offer in offers:
            key = offer.key
            if key in taken:
                key = made_id(self.feed.key, "offer", str(offer.service.pk), str(offer.location.pk))
            taken.add(key)
            made.append(
                ServiceAtLocation(pk=key, service=offer.service, location=offer.location, **offer.fields)
            )
        return ServiceAtLocation.objects.bulk_create(made, batch_size=MADE_IN_ONE_STATEMENT)

    def _write_terms(self) -> None:
        """Write the terms that services are sorted by; one that is here already stays as it was first told."""
        terms = {term.pk: term for b in self._belongings.values() for term in b.terms}
        if not terms:
            return
        lists = {term.taxonomy.pk: term.taxonomy for term in terms.values() if term.taxonomy is not None}
        Taxonomy.objects.bulk_create(lists.values(), ignore_conflicts=True)
        TaxonomyTerm.objects.bulk_create(terms.values(), ignore_conflicts=True)
        ServiceTerm.objects.bulk_create(
            [
                ServiceTerm(service_id=key, term_id=term.pk, attribute={"told": True})
                for (_, key), b in self._belongings.items()
                for term in b.terms
            ],
            batch_size=MADE_IN_ONE_STATEMENT,
        )

    def _write_hours(self, timed: list[tuple[str, Model, Hours]]) -> None:
        keys = [
            identifier(self.feed.key, "schedule", hours.given or f"{thing.pk}{hours.at}")
            for _, thing, hours in timed
        ]
        taken = _kept(Schedule, keys)
        made = []
        for key, (owner, thing, hours) in zip(keys, timed, strict=True):
            free = key
            if key in taken:
                free = made_id(self.feed.key, "schedule", str(thing.pk), str(hours.at), str(key))
            taken.add(free)
            made.append(Schedule(pk=free, **{owner: thing}, **hours.fields))
        Schedule.objects.bulk_create(made, batch_size=MADE_IN_ONE_STATEMENT)


def _kept(model: type[ServiceAtLocation] | type[Schedule], keys: list[uuid.UUID]) -> set[uuid.UUID]:
    return set(model._default_manager.filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()
