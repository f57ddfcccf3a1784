"""Boards, forums, their seats, and what is wrong with the map of them."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.db.models import Max

from endeavour.core.public import LONDON, Body, Event, Membership, Post, Route
from endeavour.governance.definitions import meeting_rules
from endeavour.governance.findings import (
    Finding,
    RouteFact,
    map_faults,
)
from endeavour.governance.queries.meetings import end_of

BOARDS = ("statutory_committee", "committee", "forum", "partnership")


def board_map_faults(as_at: date) -> list[Finding]:
    """Faults of the map of boards and forums on a day."""
    bodies = Body.objects.at(as_at)  # type: ignore[attr-defined]
    boards = set(bodies.filter(legal_form__in=BOARDS).values_list("key", flat=True))
    last: dict[str, datetime] = dict(
        Event.objects.filter(kind="message", happened_at__lt=end_of(as_at))
        .values_list("subject")
        .annotate(latest=Max("happened_at"))
    )
    routes = [
        RouteFact(
            route.kind,
            route.source.key,
            route.target.key,
            route.owner,
            route.cadence_days,
            latest.astimezone(LONDON).date()
            if (latest := last.get(f"route:{route.source.key}/{route.kind}/{route.target.key}"))
            else None,
        )
        for route in Route.objects.at(as_at).select_related("source", "target")  # type: ignore[attr-defined]
    ]
    held = set(Membership.objects.at(as_at).values_list("post_id", flat=True))  # type: ignore[attr-defined]
    posts = Post.objects.at(as_at).filter(body__in=bodies).select_related("body")  # type: ignore[attr-defined]
    vacant = {
        post.key: f"{post.title}, {post.body.short_name or post.body.name}"
        for post in posts
        if post.pk not in held
    }
    return map_faults(boards, routes, vacant, as_at, meeting_rules(settings.PACK).hub)


def seats(body: Body, as_at: date) -> list[Post]:
    """The seats of a body on a day."""
    return list(Post.objects.at(as_at).filter(body=body).select_related("nominated_by").order_by("pk"))  # type: ignore[attr-defined]


def boards(as_at: date) -> list[Body]:
    """Boards, committees and forums that exist on a day, by name."""
    return list(Body.objects.at(as_at).filter(legal_form__in=BOARDS).order_by("name"))  # type: ignore[attr-defined]


def all_seats(as_at: date) -> list[Post]:
    """Every seat of every body on a day."""
    return list(Post.objects.at(as_at).select_related("body").order_by("key"))  # type: ignore[attr-defined]


def bodies(as_at: date) -> list[Body]:
    """Every body that exists on a day, by name."""
    return list(Body.objects.at(as_at).order_by("name"))  # type: ignore[attr-defined]
