"""The year's programme: meetings in public and conversations month by month, what came of each, and the symposium."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Count, Q

from endeavour.core.public import LONDON
from endeavour.governance.definitions import SymposiumRule, meeting_rules
from endeavour.governance.findings import in_words
from endeavour.governance.models import Meeting
from endeavour.governance.queries.registers import kept_entries
from endeavour.governance.registers import Kept

CONVERSATIONS = "conversations"
YEAR_DAYS = 366


@dataclass(frozen=True)
class ProgrammeEvent:
    """Something open to everybody: its day, what it is, and what came of it in words.

    `told` is whether that is known: true of what is still to come, and of what was cancelled with its reason.
    """

    on: date
    title: str
    kind: str
    place: str
    outcome: str
    told: bool
    see: str
    is_to_come: bool


@dataclass(frozen=True)
class Month:
    """One month of the programme; without events it says so."""

    first: date
    events: Sequence[ProgrammeEvent]


@dataclass(frozen=True)
class Symposium:
    """The yearly gathering that the year leads to and from: the last, the next, and whether a year has passed without."""

    rule: SymposiumRule
    last: ProgrammeEvent | None
    next: ProgrammeEvent | None
    as_at: date

    @property
    def is_late(self) -> bool:
        """Whether none was held within a year and none is called."""
        held = self.last is not None and (self.as_at - self.last.on).days <= YEAR_DAYS
        return not held and self.next is None

    @property
    def words(self) -> str:
        """How it stands, in a sentence or two."""
        told = f"The last was on {in_words(self.last.on)}." if self.last else "None is recorded."
        if self.next:
            return f"{told} The next is on {in_words(self.next.on)}."
        return f"{told} No day is set for the next."


@dataclass(frozen=True)
class Programme:
    """A calendar year: its twelve months, and what the conversations since the last symposium bring to the next."""

    year: int
    months: Sequence[Month]
    symposium: Symposium | None
    brings: Sequence[Kept]

    @property
    def events(self) -> list[ProgrammeEvent]:
        """Everything of the year, by day."""
        return [event for month in self.months for event in month.events]


def programme(year: int, *, as_at: date) -> Programme:
    """The programme of a calendar year as it stands on a day. What is held in private has no place in it."""
    rule = meeting_rules(settings.PACK).symposium
    talks = kept_entries(as_at, CONVERSATIONS)
    events = _meetings(Q(starts_at__year=year), as_at)
    events += [_conversation(kept, as_at) for kept in talks if kept.starts_on.year == year]
    events.sort(key=lambda event: (event.on, event.title))
    months = [
        Month(date(year, number, 1), [event for event in events if event.on.month == number])
        for number in range(1, 13)
    ]
    found = _symposium(rule, as_at) if rule else None
    since = found.last.on if found and found.last else as_at - timedelta(days=YEAR_DAYS)
    return Programme(year, months, found, [kept for kept in talks if since <= kept.starts_on <= as_at])


def _symposium(rule: SymposiumRule, as_at: date) -> Symposium:
    held = _meetings(Q(body__key=rule.body, cancelled_on__isnull=True), as_at)
    past = [event for event in held if not event.is_to_come]
    coming = [event for event in held if event.is_to_come]
    return Symposium(rule, past[-1] if past else None, coming[0] if coming else None, as_at)


def _meetings(which: Q, as_at: date) -> list[ProgrammeEvent]:
    """Meetings in public, oldest first."""
    rows = (
        Meeting.objects.filter(which, closed_ground="")
        .select_related("body")
        .annotate(
            decided=Count(
                "items__decisions", filter=Q(items__decisions__superseded_by__isnull=True), distinct=True
            ),
            minuted=Count("minutes_versions", distinct=True),
        )
        .order_by("starts_at")
    )
    return [_meeting(row, row.decided, row.minuted, as_at) for row in rows]


def _meeting(row: Meeting, decided: int, minuted: int, as_at: date) -> ProgrammeEvent:
    day = row.starts_at.astimezone(LONDON).date()
    coming = day >= as_at and not row.cancelled_on
    if row.cancelled_on:
        outcome, told = f"Cancelled on {in_words(row.cancelled_on)}: {row.cancelled_why}", True
    elif coming:
        outcome, told = "To come.", True
    else:
        decisions = (
            "1 decision is recorded." if decided == 1 else f"{decided or 'No'} decisions are recorded."
        )
        outcome = f"{decisions} {'Minutes are published.' if minuted else 'No minutes are published.'}"
        told = bool(minuted)
    return ProgrammeEvent(
        day, row.title, row.body.name, row.place, outcome, told, f"/meeting/{row.key}", coming
    )


def _conversation(kept: Kept, as_at: date) -> ProgrammeEvent:
    """A conversation: what came of it is what its keeper says happened next, or why nothing did."""
    following, coming = kept.answers.get("next", "").strip(), kept.starts_on > as_at
    days = (as_at - kept.starts_on).days
    outcome = "To come." if coming else following or f"Nobody has said what came of it, {days} days on."
    return ProgrammeEvent(
        kept.starts_on, kept.title, "Conversation", "", outcome, coming or bool(following),
        f"/registers/{CONVERSATIONS}/{kept.key}", coming,
    )  # fmt: skip
