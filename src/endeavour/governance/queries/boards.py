"""Boards, forums, their seats, and what is wrong with the map of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Max

from endeavour.core.public import LONDON, Body, Event, Membership, Post, Route, end_of
from endeavour.errors import NotFound
from endeavour.governance.definitions import meeting_rules
from endeavour.governance.findings import (
    Finding,
    RouteFact,
    map_faults,
)

BOARDS = ("statutory_committee", "committee", "forum", "partnership")


@dataclass(frozen=True)
class RouteRow:
    """One route of the map: who keeps it, how often it should be used, and the last message there and back."""

    route: Route
    last: date | None
    last_back: date | None

    @property
    def name(self) -> str:
        """Its name in addresses and forms: source/kind/target."""
        return f"{self.route.source.key}/{self.route.kind}/{self.route.target.key}"

    @property
    def words(self) -> str:
        """It in a sentence."""
        return f"{self.route.source} {self.route.get_kind_display()} {self.route.target}"


def routes(as_at: date) -> list[RouteRow]:
    """Every route of a day with the last message known by then, there and back."""
    sent: dict[str, datetime] = dict(
        Event.objects.filter(kind="message", happened_at__lt=end_of(as_at), recorded_at__lt=end_of(as_at))
        .values_list("subject")
        .annotate(latest=Max("happened_at"))
    )
    newest: dict[tuple[str, str], date] = {}
    for subject, moment in sent.items():
        source, _, target = subject.removeprefix("route:").split("/")
        day = moment.astimezone(LONDON).date()
        newest[source, target] = max(day, newest.get((source, target), day))
    found = Route.objects.at(as_at).select_related("source", "target")  # type: ignore[attr-defined]
    rows = []
    for route in found.order_by("source__name", "target__name", "kind"):
        ends = (route.source.key, route.target.key)
        exact = sent.get(f"route:{ends[0]}/{route.kind}/{ends[1]}")
        last = exact.astimezone(LONDON).date() if exact else None
        rows.append(RouteRow(route, last, newest.get((ends[1], ends[0]))))
    return rows


def board_map_faults(as_at: date, known: Sequence[RouteRow] | None = None) -> list[Finding]:
    """Faults of the map of boards and forums on a day; `known` saves asking for its routes again."""
    bodies = Body.objects.at(as_at)  # type: ignore[attr-defined]
    boards = set(bodies.filter(legal_form__in=BOARDS).values_list("key", flat=True))
    facts = [
        RouteFact(
            row.route.kind, row.route.source.key, row.route.target.key, row.route.owner, row.route.cadence_days, row.last
        )
        for row in (known if known is not None else routes(as_at))
    ]  # fmt: skip
    held = set(Membership.objects.at(as_at).values_list("post_id", flat=True))  # type: ignore[attr-defined]
    posts = Post.objects.at(as_at).filter(body__in=bodies).select_related("body")  # type: ignore[attr-defined]
    vacant = {
        post.key: f"{post.title}, {post.body.short_name or post.body.name}"
        for post in posts
        if post.pk not in held
    }
    return map_faults(boards, facts, vacant, as_at, meeting_rules(settings.PACK).hub)


def seats(body: Body, as_at: date) -> list[Post]:
    """The seats of a body on a day."""
    return list(Post.objects.at(as_at).filter(body=body).select_related("nominated_by").order_by("pk"))  # type: ignore[attr-defined]


def boards(as_at: date) -> list[Body]:
    """Boards, committees and forums that exist on a day, by name."""
    return list(Body.objects.at(as_at).filter(legal_form__in=BOARDS).order_by("name"))  # type: ignore[attr-defined]


def all_holders(as_at: date) -> list[Membership]:
    """Who held which seat of which body on a day."""
    return list(Membership.objects.at(as_at).select_related("post__body").order_by("post__key"))  # type: ignore[attr-defined]


def all_seats(as_at: date) -> list[Post]:
    """Every seat of every body on a day."""
    return list(Post.objects.at(as_at).select_related("body").order_by("key"))  # type: ignore[attr-defined]


def bodies(as_at: date) -> list[Body]:
    """Every body that exists on a day, by name."""
    return list(Body.objects.at(as_at).order_by("name"))  # type: ignore[attr-defined]


def body(key: str) -> Body:
    """One body by its key, of any day."""
    found: Body | None = Body.objects.filter(key=key).first()  # type: ignore[assignment]
    if found is None:
        raise NotFound(f"There is no body '{key[:60]}'.", hint="See every body at /bodies.")
    return found


def body_names() -> dict[str, str]:
    """The name of every body that ever was, by its key."""
    return dict(Body.objects.values_list("key", "name"))


def seat(key: str) -> Post:
    """One seat by its key."""
    found: Post | None = Post.objects.select_related("body").filter(key=key).first()  # type: ignore[attr-defined]
    if found is None:
        raise NotFound(f"There is no seat '{key[:60]}'.", hint="A body's seats are on its page.")
    return found
