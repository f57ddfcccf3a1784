"""What residents and partners said, and how far it reached."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch

from endeavour.core.public import Body, Link
from endeavour.errors import NotFound
from endeavour.governance.models import (
    Contribution,
    Reply,
)


def contribution(receipt: str) -> Contribution:
    """One contribution by its receipt, with its replies."""
    found = Contribution.objects.prefetch_related("replies").filter(receipt=receipt.strip().upper()).first()
    if found is None:
        raise NotFound(
            "No contribution has that receipt.", hint="Check the letters and numbers on your receipt."
        )
    return found


def unanswered() -> list[Contribution]:
    """Contributions without a reply, oldest first."""
    return list(Contribution.objects.filter(replies__isnull=True).order_by("recorded_at")[:200])


def public_questions() -> list[Contribution]:
    """Published contributions with their replies, newest first."""
    replies = Prefetch("replies", Reply.objects.order_by("recorded_at"))
    found = Contribution.objects.filter(may_publish=True, replies__isnull=False).distinct()
    return list(found.prefetch_related(replies).order_by("-recorded_at")[:100])


@dataclass(frozen=True)
class Influence:
    """How often one class of partner contributed, and how often that reached a decision."""

    partner_class: str
    label: str
    contributed: int
    on_agenda: int
    decided: int


def influence() -> list[Influence]:
    """Contributions by partner class and how many reached an agenda and a decision; classes with none are named."""
    rows: dict[str, list[int]] = {value: [0, 0, 0] for value in Body.PartnerClass.values}
    entries = {
        f"contribution:{receipt}": kind
        for receipt, kind in Contribution.objects.values_list("receipt", "partner_class")
    }
    reached = dict(
        Link.objects.filter(kind=Link.Kind.RESPONDS_TO, target__startswith="contribution:").values_list(
            "target", "source"
        )
    )
    decided = set(
        Link.objects.filter(kind=Link.Kind.DECIDED_BY, source__in=set(reached.values())).values_list(
            "source", flat=True
        )
    )
    for name, partner_class in entries.items():
        counts = rows[partner_class]
        counts[0] += 1
        counts[1] += name in reached
        counts[2] += reached.get(name) in decided
    labels = dict(Body.PartnerClass.choices)
    return [Influence(key, str(labels[key]), *counts) for key, counts in rows.items()]
