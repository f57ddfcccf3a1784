"""What a body that ends still owes, and who could take it over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from endeavour.core.public import Body, Post, Route
from endeavour.errors import NotFound
from endeavour.governance.queries.decisions import open_actions
from endeavour.strategy.public import judged


@dataclass(frozen=True)
class Handed:
    """One open thing of an ending body and the successor proposed for it; no heir is an empty string."""

    kind: str
    subject: str
    words: str
    heir: str


@dataclass(frozen=True)
class Handover:
    """What a body that ends still owes, and who could take it over."""

    body: Body
    heirs: list[Body]
    rows: list[Handed]


def handover(key: str, as_at: date) -> Handover:
    """Everything open that belongs to a body: promises, actions, seats it holds or fills, routes, proposed heirs.

    One successor is proposed for everything; with several, or none, each line waits for a person to name its heir.
    """
    body = Body.objects.filter(key=key).first()
    if body is None:
        raise NotFound(f"There is no body '{key}'.", hint="See every body at /bodies.")
    heirs = list(Body.objects.filter(succeeds__predecessor=body).order_by("key"))
    heir = heirs[0].key if len(heirs) == 1 else ""
    rows = [
        Handed("promise", f"statement:{item.statement.ref}", item.statement.words, heir)
        for item in judged("we", "i", "duty", at=as_at)
        if item.statement.owner == key and item.judgement.standing.state != "done"
    ]
    rows += [
        Handed(
            "action",
            f"action:{action.decision.key}/{action.number}",
            f"{action.words} ({finding.words})",
            heir,
        )
        for action, finding in open_actions(as_at)
        if action.owner_id == body.pk
    ]
    posts = Post.objects.filter(Q(body=body) | Q(nominated_by=body)).select_related("body").order_by("key")
    rows += [Handed("seat", f"post:{post.key}", f"{post.title}, {post.body}", heir) for post in posts]
    routes = (
        Route.objects.filter(Q(source=body) | Q(target=body))
        .select_related("source", "target")
        .order_by("pk")
    )
    rows += [
        Handed(
            "route",
            f"route:{r.source.key}/{r.kind}/{r.target.key}",
            f"{r.source} {r.get_kind_display()} {r.target}",
            heir,
        )
        for r in routes
    ]
    return Handover(body, heirs, rows)
