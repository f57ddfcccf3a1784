"""Reads for the shell's own pages: bodies as they stood on a day, and the home page's few numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from endeavour.core.public import Area, Body, Person, Post, Route, Succession
from endeavour.errors import NotFound


def bodies_on(day: date) -> list[Body]:
    """Every body that stood on a day, by name."""
    return list(Body.objects.at(day).order_by("name"))  # type: ignore[attr-defined]


def routes_on(day: date) -> list[Route]:
    """Every route that held on a day between bodies that stood, with both ends."""
    found = Route.objects.at(day).select_related("source", "target").order_by("source__name", "target__name")  # type: ignore[attr-defined]
    return [r for r in found if r.source.held_on(day) and r.target.held_on(day)]


@dataclass(frozen=True)
class BodyOnDay:
    """One body as it stood on a day: its routes both ways, its family over time, its seats."""

    body: Body
    day: date
    routes_in: Sequence[Route]
    routes_out: Sequence[Route]
    before: Sequence[Succession]
    after: Sequence[Succession]
    posts: Sequence[Post]
    area: Area | None

    @property
    def stands(self) -> bool:
        """Whether the body stood on that day."""
        return self.body.held_on(self.day)

    @property
    def last_day(self) -> date | None:
        """The last day it stood; dates in the database are half-open."""
        return self.body.valid_to - timedelta(days=1) if self.body.valid_to else None


def body_on(key: str, day: date) -> BodyOnDay:
    """A body by its key, with what held on `day`."""
    body = Body.objects.filter(key=key).first()
    if body is None:
        raise NotFound(f"There is no body '{key[:60]}'.", hint="The list of bodies is at /bodies.")
    routes = list(
        Route.objects.at(day)  # type: ignore[attr-defined]
        .filter(Q(source=body) | Q(target=body))
        .select_related("source", "target")
        .order_by("kind", "source__name", "target__name")
    )
    family = list(
        Succession.objects.filter(Q(predecessor=body) | Q(successor=body)).select_related(
            "predecessor", "successor"
        )
    )
    area = Area.objects.filter(code=body.area_code).order_by("kind").first() if body.area_code else None
    return BodyOnDay(
        body=body,
        day=day,
        routes_in=[r for r in routes if r.target_id == body.pk],
        routes_out=[r for r in routes if r.source_id == body.pk],
        before=[s for s in family if s.successor_id == body.pk],
        after=[s for s in family if s.predecessor_id == body.pk],
        posts=list(Post.objects.at(day).filter(body=body).select_related("nominated_by").order_by("title")),  # type: ignore[attr-defined]
        area=area,
    )


def demo_people() -> list[Person]:
    """The demonstration's sign-ins, one for each role."""
    return list(Person.objects.filter(is_demo=True, is_active=True).order_by("pk"))


def is_loaded() -> bool:
    """Whether the pack's bodies are in the database."""
    return Body.objects.exists()
