"""What residents and partners said, and how far it reached."""

from __future__ import annotations

from django.db.models import Prefetch

from endeavour.core.public import Body, Link, entry
from endeavour.errors import NotFound
from endeavour.governance.models import (
    AgendaItem,
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


def raised_gaps(body: Body) -> list[Link]:
    """Unmet needs that the front door raised with a body and that none of its agendas has taken up, oldest first."""
    taken = AgendaItem.objects.filter(meeting__body=body, subject__startswith="gap:").values("subject")
    raised = Link.objects.filter(
        kind=Link.Kind.FEEDS, target=entry("body", body.key), source__startswith="gap:"
    )
    return list(raised.exclude(source__in=taken).order_by("id")[:50])


def public_questions(most: int = 100) -> list[Contribution]:
    """Published contributions with their replies, the newest said first among those answered last.

    It starts from the replies, of which there are far fewer than of contributions.
    """
    answered = Reply.objects.filter(contribution__may_publish=True).order_by("-recorded_at")
    newest = set(answered.values_list("contribution_id", flat=True)[:most])
    replies = Prefetch("replies", Reply.objects.order_by("recorded_at"))
    found = Contribution.objects.filter(pk__in=newest).prefetch_related(replies)
    return list(found.order_by("-recorded_at"))


def themes() -> list[tuple[str, str]]:
    """The themes that people spoke of, each with its words, by name."""
    found = (
        Contribution.objects.exclude(theme="").order_by("theme").values_list("theme", flat=True).distinct()
    )
    return [(key, key.replace("-", " ").capitalize()) for key in found[:1000]]
