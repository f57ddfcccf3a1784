"""What was offered as evidence, what was taken back, and what owners said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from endeavour.strategy.models import Evidence, Explanation


@dataclass(frozen=True)
class Offered:
    """One piece of evidence, and the row that took it back where one did."""

    evidence: Evidence
    withdrawn: Evidence | None


def evidence_of(ref: str, *, at: date | None = None) -> list[Offered]:
    """Evidence recorded by a day, newest happening first, with what was taken back."""
    found = Evidence.objects.filter(ref=ref).order_by("-happened_on", "-id")
    rows = [e for e in found if at is None or timezone.localdate(e.recorded_at) <= at]
    back = {e.withdraws_id: e for e in rows if e.withdraws_id}
    return [Offered(e, back.get(e.pk)) for e in rows if not e.withdraws_id]


def explanations(
    *, at: date | None = None, refs: Iterable[str] | None = None
) -> dict[str, list[Explanation]]:
    """What owners said about each statement by a day, newest first."""
    found = Explanation.objects.order_by("-recorded_at", "-id").select_related("by")
    if refs is not None:
        found = found.filter(ref__in=list(refs))
    grouped: dict[str, list[Explanation]] = defaultdict(list)
    for item in found:
        if at is None or timezone.localdate(item.recorded_at) <= at:
            grouped[item.ref].append(item)
    return dict(grouped)


def owner_spoke(said: Iterable[Explanation]) -> bool:
    """Whether any of these words are the owner's own; the secretariat's are not."""
    return any(item.voice == Explanation.Voice.OWNER for item in said)
