"""What residents and partners said, and how far it reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from django.db.models import Count, Min, Prefetch

from endeavour.core.public import LONDON, Body, Link, end_of, entry
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


@dataclass(frozen=True)
class Answering:
    """How long people wait for an answer, on a day; None where nobody was answered, or nobody waits."""

    answered: int
    half_within_days: int | None
    waiting: int
    longest_wait_days: int | None


def answering(as_at: date) -> Answering:
    """How many first answers were given in the twelve months up to a day, half of them within how many days, who waits.

    Days are whole days begun since the words were received. It starts from the answers, of which there are far fewer
    than of words.
    """
    until = end_of(as_at)
    firsts = (
        Reply.objects.filter(recorded_at__lt=until)
        .values("contribution", "contribution__recorded_at")
        .annotate(first=Min("recorded_at"))
        .filter(first__gte=until - timedelta(days=365))
    )
    took = [(row["first"] - row["contribution__recorded_at"]).days for row in firsts]
    known = Contribution.objects.filter(recorded_at__lt=until)
    waits = known.exclude(replies__recorded_at__lt=until).aggregate(n=Count("pk"), since=Min("recorded_at"))
    since = waits["since"]
    return Answering(
        answered=len(took),
        half_within_days=round(median(took)) if took else None,
        waiting=waits["n"],
        longest_wait_days=(as_at - since.astimezone(LONDON).date()).days if since else None,
    )


def unanswered(most: int | None = 200) -> list[Contribution]:
    """Contributions without a reply, oldest first; all of them where `most` is None."""
    return list(Contribution.objects.filter(replies__isnull=True).order_by("recorded_at")[:most])


def count_unanswered() -> int:
    """How many contributions have no reply."""
    return Contribution.objects.filter(replies__isnull=True).count()


def raised_gaps(body: Body) -> list[Link]:
    """Unmet needs that the front door raised with a body and that none of its agendas has taken up, oldest first."""
    on = AgendaItem.objects.filter(meeting__body=body, place__isnull=False)
    taken = on.filter(subject__startswith="gap:").values("subject")
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
