"""What a body that ends still owes, and who takes it over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Q

from endeavour.core.public import Body, Post, Route, Succession
from endeavour.errors import NotFound
from endeavour.governance.definitions import meeting_rules
from endeavour.governance.models import Heir
from endeavour.governance.queries.decisions import open_actions
from endeavour.governance.queries.duties import register
from endeavour.governance.queries.meetings import end_of
from endeavour.strategy.public import judged

OPEN_DUTY = {"due", "breached", "unproven", "met", "not_triggered"}


@dataclass(frozen=True)
class Handed:
    """One open thing of an ending body and who takes it over; no heir is an empty string.

    `settled` says how that is known: 'named' by a person, 'nobody' by a person, 'proposed' from the one succession
    recorded, 'open' while it waits for a person.
    """

    kind: str
    subject: str
    words: str
    heir: str
    settled: str = "open"
    why: str = ""


@dataclass(frozen=True)
class Handover:
    """What a body that ends still owes on a day, and who could take it over."""

    body: Body
    as_at: date
    heirs: list[Body]
    successions: list[Succession]
    rows: list[Handed]

    @property
    def last_day(self) -> date | None:
        """The last day of the body; its dates are half-open."""
        return self.body.valid_to - timedelta(days=1) if self.body.valid_to else None

    @property
    def without_heir(self) -> list[Handed]:
        """What nobody takes over as things stand."""
        return [row for row in self.rows if not row.heir]


def handover(key: str, as_at: date) -> Handover:
    """Everything open that belongs to a body on a day: promises, duties, actions, seats, routes, each with its heir.

    One successor is proposed for everything; with several, or none, each line waits for a person to name its heir. Of
    a body that has ended by that day, seats and routes are those of its last day. What was recorded later is unknown.
    """
    body = Body.objects.filter(key=key).first()
    if body is None:
        raise NotFound(f"There is no body '{key[:60]}'.", hint="See every body at /bodies.")
    successions = list(
        Succession.objects.filter(predecessor=body).select_related("successor").order_by("on", "pk")
    )
    heirs = [step.successor for step in successions]
    proposed = heirs[0].key if len(heirs) == 1 else ""
    named = {
        row.subject: row
        for row in Heir.objects.filter(body=body, recorded_at__lt=end_of(as_at))
        .select_related("heir")
        .order_by("pk")
    }
    rows = [
        _handed(kind, subject, words, named.get(subject), proposed)
        for kind, subject, words in _open(body, as_at)
    ]
    return Handover(body, as_at, heirs, successions, rows)


def _handed(kind: str, subject: str, words: str, named: Heir | None, proposed: str) -> Handed:
    if named is None:
        return Handed(kind, subject, words, proposed, "proposed" if proposed else "open")
    if named.heir is None:
        return Handed(kind, subject, words, "", "nobody", named.words)
    return Handed(kind, subject, words, named.heir.key, "named", named.words)


def _open(body: Body, as_at: date) -> list[tuple[str, str, str]]:
    found = [
        ("promise", f"statement:{item.statement.ref}", item.statement.words)
        for item in judged("we", "i", "duty", at=as_at)
        if item.statement.owner == body.key and item.judgement.standing.state != "done"
    ]
    hub = meeting_rules(settings.PACK).hub
    found += [
        ("duty", row.finding.subject, f"{row.duty.title} ({row.finding.words})")
        for row in register(as_at)
        if (row.duty.owner or hub) == body.key and row.finding.state in OPEN_DUTY
    ]
    found += [
        ("action", f"action:{action.decision.key}/{action.number}", f"{action.words} ({finding.words})")
        for action, finding in open_actions(as_at)
        if action.owner_id == body.pk
    ]
    standing = as_at if body.held_on(as_at) or not body.valid_to else body.valid_to - timedelta(days=1)
    posts = Post.objects.at(standing).filter(Q(body=body) | Q(nominated_by=body))  # type: ignore[attr-defined]
    found += [
        ("seat", f"post:{post.key}", f"{post.title}, {post.body}")
        for post in posts.select_related("body").order_by("key")
    ]
    routes = Route.objects.at(standing).filter(Q(source=body) | Q(target=body))  # type: ignore[attr-defined]
    found += [
        (
            "route",
            f"route:{r.source.key}/{r.kind}/{r.target.key}",
            f"{r.source} {r.get_kind_display()} {r.target}",
        )
        for r in routes.select_related("source", "target").order_by("pk")
    ]
    return found
