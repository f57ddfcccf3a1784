"""The index of services: what goes into it from the directory, and opening it."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Prefetch

from endeavour.frontdoor import hours
from endeavour.frontdoor.models import Service, ServiceAtLocation
from endeavour.frontdoor.packfiles import folder_of
from endeavour.frontdoor.queries.services import hours_of
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


def documents() -> list[Document]:
    """Every active service as the search sees it. A confidential place has no position and no name."""
    offers = Prefetch("at", ServiceAtLocation.objects.select_related("location").order_by("location__name"))
    found = (
        Service.objects.filter(status=Service.Status.ACTIVE)
        .prefetch_related(offers, "schedules")
        .order_by("given_id")
    )
    return [
        Document(
            id=s.given_id,
            name=s.name,
            description=s.description,
            tags=s.tags,
            says=tuple(s.says),
            rung=s.rung,
            spots=tuple(
                Spot(
                    o.location.name,
                    o.location.place,
                    o.location.latitude,
                    o.location.longitude,
                    o.location.district,
                )
                for o in s.at.all()
                if not o.location.is_confidential
            ),
            openings=tuple(
                Opening(",".join(sorted(h.days, key=hours.DAYS.index)), h.opens, h.closes)
                for h in hours_of(s.schedules.all())
            ),
            minimum_age=s.minimum_age,
            maximum_age=s.maximum_age,
            free=s.free,
            remote=s.setting in {"phone", "online", "home"},
            by_name=bool(s.extra.get("_by_name")),
        )
        for s in found
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
