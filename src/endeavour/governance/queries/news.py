"""What is new in public between two moments: for the digests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from endeavour.core.public import AuditEntry
from endeavour.errors import NotFound
from endeavour.governance.models import Decision, Meeting, Minutes, Reply, Subscription


@dataclass(frozen=True)
class News:
    """Meetings to come of which notice was given, decisions, minutes and published answers, each since a moment."""

    meetings: list[Meeting]
    decisions: list[Decision]
    minutes: list[Minutes]
    answers: list[Reply]

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened."""
        return not (self.meetings or self.decisions or self.minutes or self.answers)


def news_since(since: datetime, until: datetime) -> News:
    """What became public after `since` and up to `until`, by when it was recorded; nothing is told twice."""
    between = {"recorded_at__gt": since, "recorded_at__lte": until}
    told = AuditEntry.objects.filter(action="governance.give_notice", at__gt=since, at__lte=until)
    keys = [subject.removeprefix("meeting:") for subject in told.values_list("subject", flat=True)]
    noticed = Meeting.objects.filter(
        key__in=keys, starts_at__gt=until, closed_ground="", cancelled_on__isnull=True
    )
    decided = Decision.objects.filter(**between, item__exempt_ground="", item__meeting__closed_ground="")
    minuted = Minutes.objects.filter(**between, meeting__closed_ground="")
    answered = Reply.objects.filter(**between, contribution__may_publish=True)
    return News(
        list(noticed.order_by("starts_at").select_related("body")),
        list(decided.order_by("recorded_at").select_related("item__meeting")),
        list(minuted.order_by("recorded_at").select_related("meeting")),
        list(answered.order_by("recorded_at").select_related("contribution")),
    )


def subscription(key: str) -> Subscription:
    """One subscription by the key in its e-mail."""
    found = Subscription.objects.filter(key=key).first()
    if found is None:
        raise NotFound("This link has ended.", hint="You can ask for news again at /news.")
    return found
