"""The index of services: what goes into it from the directory, and opening it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import astuple
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection

from endeavour.frontdoor import hours
from endeavour.frontdoor.models import Location, Schedule, Service, ServiceAtLocation
from endeavour.frontdoor.packfiles import folder_of
from endeavour.frontdoor.search import Document, Opening, SearchIndex, Spot, build_index, open_index
from endeavour.frontdoor.search.building import OldIndex
from endeavour.frontdoor.search.words import weight_of
from endeavour.paths import var_dir


def search_root() -> Path:
    """Where the index is built."""
    return var_dir() / "search"


class Tsvector:
    """Words against words in PostgreSQL; see `search.lexical.Lexical`."""

    def rank(self, words: list[str]) -> list[tuple[str, float]]:
        """Up to 60 services, those with most of the words first."""
        if not words:
            return []
        asked = " | ".join("'" + w.replace("'", "") + "'" for w in words[:12])
        with connection.cursor() as cursor:
            cursor.execute(
                "select given_id, search_text, ts_rank_cd(to_tsvector('english', search_text), q) as r"
                " from frontdoor_service, to_tsquery('english', %s) q"
                " where to_tsvector('english', search_text) @@ q and status = 'active' order by r desc, given_id limit 60",
                [asked],
            )
            rows = cursor.fetchall()
        whole = sum(map(weight_of, words))
        scored = [
            (key, sum(weight_of(w) for w in words if w in text.casefold()) / whole) for key, text, _ in rows
        ]
        return sorted(scored, key=lambda pair: -pair[1])


def _spots() -> dict[UUID, list[Spot]]:
    """Where every service can be met, by the names of the places; a confidential place is left out."""
    open_to_all = Location.objects.filter(is_confidential=False).order_by("name", "pk")
    rows = open_to_all.values_list("pk", "name", "place", "latitude", "longitude", "district")
    spots = {
        pk: (at, Spot(name, place, latitude, longitude, district))
        for at, (pk, name, place, latitude, longitude, district) in enumerate(rows)
    }
    found: dict[UUID, list[tuple[int, Spot]]] = defaultdict(list)
    for service, location in ServiceAtLocation.objects.values_list("service_id", "location_id"):
        if location in spots:
            found[service].append(spots[location])
    return {
        service: [spot for _, spot in sorted(met, key=lambda pair: pair[0])] for service, met in found.items()
    }


def _openings() -> dict[UUID, list[Opening]]:
    """When every service is open in the week, in order; a rule that cannot be read is left out."""
    found: dict[UUID, list[Opening]] = defaultdict(list)
    rules = Schedule.objects.filter(service__isnull=False)
    for service, *rule in rules.values_list("service_id", "byday", "opens_at", "closes_at"):
        opening = _opening(*rule)
        if opening and service:
            found[service].append(opening)
    return {service: sorted(rules, key=astuple) for service, rules in found.items()}


@lru_cache(maxsize=1000)
def _opening(byday: str, opens: str, closes: str) -> Opening | None:
    made = hours.make_hours(byday, opens, closes)
    return (
        Opening(",".join(sorted(made.days, key=hours.DAYS.index)), made.opens, made.closes) if made else None
    )


def documents() -> list[Document]:
    """Every active service as the search sees it. A confidential place has no position and no name.

    Read as plain rows: five thousand services as models, each with its places, cost ten times as much.
    """
    spots, openings = _spots(), _openings()
    active = Service.objects.filter(status=Service.Status.ACTIVE)
    by_name = set(active.filter(extra___by_name=True).values_list("pk", flat=True))
    rows = active.order_by("given_id").values_list(
        "pk", "given_id", "name", "description", "tags", "says", "rung", "minimum_age", "maximum_age", "free", "setting"
    )  # fmt: skip
    return [
        Document(
            id=key,
            name=name,
            description=description,
            tags=tags,
            says=tuple(says),
            rung=rung,
            spots=tuple(spots.get(pk, ())),
            openings=tuple(openings.get(pk, ())),
            minimum_age=minimum_age,
            maximum_age=maximum_age,
            free=free,
            remote=setting in {"phone", "online", "home"},
            by_name=pk in by_name,
        )
        for pk, key, name, description, tags, says, rung, minimum_age, maximum_age, free, setting in rows
    ]


def rebuild_index() -> dict[str, object]:
    """Bring the index up to date with the directory; texts met before are not encoded again."""
    return build_index(search_root(), documents())


def index() -> SearchIndex:
    """The index in use, with this database's own full-text search; one that an earlier release made is made anew."""
    lexical = Tsvector() if connection.vendor == "postgresql" else None
    glossary = folder_of(settings.PACK) / "everyday_words.psv"
    try:
        return open_index(search_root(), glossary, lexical)
    except OldIndex:
        rebuild_index()
        return open_index(search_root(), glossary, lexical)
