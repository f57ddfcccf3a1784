"""How a record is kept: how fresh it is, what waits for an editor, what was changed and what people said of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from endeavour.core.public import Person, require, today
from endeavour.frontdoor import rules
from endeavour.frontdoor.models import Feedback, Revision, Service


@dataclass(frozen=True)
class Freshness:
    """How fresh a record is: days since it was assured, the promise, and a score out of 100."""

    assured_on: date | None
    promise_days: int
    days: int | None
    score: int

    @property
    def kept(self) -> bool:
        """Whether the promise is kept."""
        return self.days is not None and self.days <= self.promise_days

    @property
    def words(self) -> str:
        """The score in words."""
        if self.days is None:
            return "Nobody has checked this record yet"
        ago = "today" if self.days == 0 else "yesterday" if self.days == 1 else f"{self.days} days ago"
        promise = f"We promise every {self.promise_days} days."
        return (
            f"Checked {ago}. {promise}"
            if self.kept
            else f"Last checked {ago}, later than we promise. {promise} Ring before you go."
        )


def freshness(service: Service, day: date | None = None) -> Freshness:
    """100 on the day it was checked, 50 when the promise falls due, 0 at twice the promise or never checked."""
    day = day or today()
    if service.assured_on is None:
        return Freshness(None, service.promise_days, None, 0)
    days = max(0, (day - service.assured_on).days)
    return Freshness(
        service.assured_on, service.promise_days, days, max(0, round(100 - 50 * days / service.promise_days))
    )


def proposals(viewer: Person | None) -> list[Revision]:
    """Changes that wait for approval, oldest first."""
    require(viewer, rules.APPROVE_EDIT)
    return list(Revision.objects.filter(state="proposed").select_related("service", "by").order_by("id"))


def history(service: Service) -> list[Revision]:
    """Every approved change of a service, newest first."""
    return list(
        Revision.objects.filter(service=service, state="approved")
        .select_related("by", "decided_by")
        .order_by("-id")
    )


def feedback_counts(service: Service) -> dict[str, int]:
    """How many people said each thing of a service's page."""
    return dict(Feedback.objects.filter(service=service).values_list("kind").annotate(n=Count("id")))
