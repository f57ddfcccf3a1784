"""What the Open Referral endpoints read."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from endeavour.frontdoor import queries
from endeavour.frontdoor.models import Organisation, Service, ServiceAtLocation, Taxonomy, TaxonomyTerm
from endeavour.frontdoor.oruk import export
from endeavour.frontdoor.search import Question


@dataclass(frozen=True)
class Wanted:
    """The filters of the profile; an empty one filters nothing."""

    search: str = ""
    term: uuid.UUID | None = None
    taxonomy: uuid.UUID | None = None
    organisation: uuid.UUID | None = None
    minimum_age: float | None = None
    maximum_age: float | None = None
    day: str = ""
    start: int | None = None
    end: int | None = None
    modified_after: datetime | None = None


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _filter(wanted: Wanted, prefix: str = "") -> Q:
    """The filters as one condition on services, or on what has a service at `prefix`."""
    asked = Q(**{f"{prefix}status": "active"})
    if wanted.search:
        hits = queries.index().search(Question(wanted.search, limit=50)).hits
        asked &= Q(**{f"{prefix}given_id__in": [h.id for h in hits]})
    if wanted.term:
        asked &= Q(**{f"{prefix}terms__term_id": wanted.term})
    if wanted.taxonomy:
        asked &= Q(**{f"{prefix}terms__term__taxonomy_id": wanted.taxonomy})
    if wanted.organisation:
        asked &= Q(**{f"{prefix}organisation_id": wanted.organisation})
    if wanted.minimum_age is not None:
        asked &= Q(**{f"{prefix}minimum_age__gte": wanted.minimum_age})
    if wanted.maximum_age is not None:
        asked &= Q(**{f"{prefix}maximum_age__lte": wanted.maximum_age})
    if wanted.modified_after is not None:
        asked &= Q(**{f"{prefix}modified_at__gte": wanted.modified_after})
    times = Q()
    if wanted.day:
        times &= Q(**{f"{prefix}schedules__byday__contains": wanted.day})
    if wanted.start is not None:
        times &= Q(**{f"{prefix}schedules__opens_at__gte": _clock(wanted.start)})
    if wanted.end is not None:
        # A time with seconds sorts after the same without: 18:00:00 is still within 18:00.
        times &= Q(**{f"{prefix}schedules__closes_at__lte": _clock(wanted.end) + ":59"})
        times &= ~Q(**{f"{prefix}schedules__closes_at": ""})
    return asked & times if times else asked


def wanted_services(wanted: Wanted) -> QuerySet[Service]:
    """Active services that pass the filters, by name."""
    chosen = Service.objects.filter(_filter(wanted)).values("pk")
    return (
        Service.objects.filter(pk__in=chosen)
        .select_related("organisation")
        .prefetch_related("organisation__particulars")
        .order_by("name", "pk")
    )


def wanted_offers(wanted: Wanted) -> QuerySet[ServiceAtLocation]:
    """Active services at their places, by service."""
    chosen = ServiceAtLocation.objects.filter(_filter(wanted, "service__")).values("pk")
    return (
        ServiceAtLocation.objects.filter(pk__in=chosen)
        .select_related("service__organisation", "location")
        .prefetch_related(
            "schedules", "location__particulars", "location__schedules", "service__organisation__particulars"
        )
        .order_by("service__name", "pk")
    )


def taxonomies() -> QuerySet[Taxonomy]:
    """Every taxonomy."""
    return Taxonomy.objects.order_by("name", "pk")


def taxonomy_record(taxonomy: Taxonomy) -> dict[str, Any]:
    """One taxonomy."""
    own = {k: v for k, v in taxonomy.extra.items() if not k.startswith("_")}
    return export.tidy(
        {
            "id": str(taxonomy.pk),
            "name": taxonomy.name,
            "description": taxonomy.description or taxonomy.name,
            **own,
        }
    )


def terms() -> QuerySet[TaxonomyTerm]:
    """Every term."""
    return TaxonomyTerm.objects.order_by("name", "pk")


def organisations() -> QuerySet[Organisation]:
    """Every organisation, but those known only from a record of the past."""
    offered = Organisation.objects.exclude(feed__is_historic=True)
    return offered.prefetch_related("particulars", "services").order_by("name", "pk")
