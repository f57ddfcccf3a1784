"""The register of PLUS groups by place: which the strategy names, which each place decided on, and when it looked last."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.conf import settings

from endeavour.core.public import Area
from endeavour.errors import NotFound
from endeavour.pack.definitions import PlusGroup
from endeavour.pack.packs import Pack
from endeavour.population import rules
from endeavour.population.models import PlusReview
from endeavour.population.queries import store
from endeavour.population.rules import Due
from endeavour.strategy.public import statement

# The promise that a yearly review of the groups was made by; its month is the first day it was due.
PROMISE = "W13"
ORIGINS = {
    "local": "named by our strategy",
    "national": "named by Core20PLUS5 for adults",
    "national_children": "named by Core20PLUS5 for children",
}


@dataclass(frozen=True)
class Entry:
    """One group in one place on a day."""

    place: str
    group: PlusGroup
    is_included: bool
    review: PlusReview | None
    due: Due

    @property
    def origin_words(self) -> str:
        """Where the group comes from."""
        return ORIGINS[self.group.origin]


@dataclass(frozen=True)
class PlaceRegister:
    """One place with its groups: those in its register first, then those it might add."""

    code: str
    name: str
    included: tuple[Entry, ...]
    others: tuple[Entry, ...]

    @property
    def overdue(self) -> int:
        """How many of its groups were not reviewed in time."""
        return sum(e.due.state != "current" for e in self.included)


def groups() -> tuple[PlusGroup, ...]:
    """Every group that the strategy or the national guidance names."""
    return _groups(store.edition())


@lru_cache(maxsize=2)
def _groups(_edition: str) -> tuple[PlusGroup, ...]:
    return Pack.open(settings.PACK).plus_groups


def places() -> dict[str, str]:
    """Today's places by code."""
    return dict(
        Area.objects.filter(kind="place", valid_to__isnull=True).order_by("name").values_list("code", "name")
    )


def register(as_at: date) -> list[PlaceRegister]:
    """Every place's register as it stood on a day: the strategy's own groups, unless a review decided otherwise."""
    held: dict[tuple[str, str], PlusReview] = {}
    for review in PlusReview.objects.filter(reviewed_on__lte=as_at).select_related("by").order_by("id"):
        held[review.place, review.group] = review
    first_due = _first_due()
    found = []
    for code, name in places().items():
        entries = [_entry(code, group, held.get((code, group.id)), first_due, as_at) for group in groups()]
        found.append(
            PlaceRegister(
                code,
                name,
                tuple(e for e in entries if e.is_included),
                tuple(e for e in entries if not e.is_included),
            )
        )
    return found


def _entry(
    place: str, group: PlusGroup, review: PlusReview | None, first_due: date | None, as_at: date
) -> Entry:
    is_included = review.is_included if review else group.origin == "local"
    due = rules.review_due(review.reviewed_on if review else None, first_due, as_at)
    return Entry(place, group, is_included, review, due)


def _first_due() -> date | None:
    """The last day of the month by which the first review was promised; None where nobody promised one."""
    try:
        month = statement(PROMISE).due_on
    except NotFound:
        return None
    return month.replace(day=calendar.monthrange(month.year, month.month)[1]) if month else None
