"""Whether an agreement to share data holds on a day, and what is wrong with it: pure functions, nothing stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from endeavour.governance.findings import Finding, how_late, in_words

# The gravest first: what a reader must know before anything else.
STATES = {
    "expired": "Ended",
    "party_ended": "A party has closed",
    "review_missed": "Review late",
    "review_due": "Review due",
    "not_started": "Not started",
    "in_force": "In force",
}
REVIEW_SOON_DAYS = 60


@dataclass(frozen=True)
class Terms:
    """One version of an agreement: who shares which data, in which form, what for, on what basis in law, how long.

    `controller` and `parties` are keys of bodies; `ends_on` is the last day, and empty means until it is ended.
    """

    key: str
    title: str
    controller: str
    parties: tuple[str, ...]
    purpose: str
    lawful_basis: str
    data: str
    mode: str
    starts_on: date
    ends_on: date | None
    review_on: date
    source: str
    is_illustrative: bool
    version: int = 1

    @property
    def name(self) -> str:
        """Its name as an entry."""
        return f"agreement:{self.key}"

    @property
    def everybody(self) -> tuple[str, ...]:
        """The controller and the other parties, each once."""
        return tuple(dict.fromkeys((self.controller, *self.parties)))


class Dated(Protocol):
    """What any entry of a dated register has: its name, the bodies it binds, when it holds, when it is looked at again."""

    @property
    def name(self) -> str: ...
    @property
    def everybody(self) -> tuple[str, ...]: ...
    @property
    def starts_on(self) -> date: ...
    @property
    def ends_on(self) -> date | None: ...
    @property
    def review_on(self) -> date: ...


D = TypeVar("D", bound=Dated)


def in_force(versions: Sequence[D], as_at: date) -> D:
    """The newest version that has started; before any has, the first."""
    return next((terms for terms in reversed(versions) if terms.starts_on <= as_at), versions[0])


def standing(terms: Dated, last_days: Mapping[str, date], as_at: date) -> list[Finding]:
    """What is true of an agreement, or of any dated entry, on a day, the gravest first: never empty.

    `last_days` gives the last day of each party that closes. An agreement whose party has closed needs an heir for that
    party; one past its review is still in force, and says that nobody looked at it again.

    >>> terms = Terms("a", "A", "icb", ("cc",), "", "", "", "named", date(2024, 1, 1), None, date(2025, 1, 1), "", True)
    >>> [found.state for found in standing(terms, {"icb": date(2026, 3, 31)}, date(2026, 4, 1))]
    ['party_ended', 'review_missed']
    >>> [found.state for found in standing(terms, {}, date(2024, 2, 1))]
    ['in_force']
    """
    if as_at < terms.starts_on:
        return [Finding(terms.name, "not_started", f"It starts on {in_words(terms.starts_on)}.")]
    if terms.ends_on and as_at > terms.ends_on:
        return [Finding(terms.name, "expired", f"It ended on {in_words(terms.ends_on)}.")]
    found = [
        Finding(terms.name, "party_ended", f"A party closed on {in_words(last_days[key])}.", (f"body:{key}",))
        for key in terms.everybody
        if key in last_days and last_days[key] < as_at
    ]
    left = (terms.review_on - as_at).days
    if left < 0:
        words = f"Its review was due on {in_words(terms.review_on)} and is late by {how_late(terms.review_on, as_at)}."
        found.append(Finding(terms.name, "review_missed", words))
    elif left <= REVIEW_SOON_DAYS:
        found.append(Finding(terms.name, "review_due", f"To be reviewed by {in_words(terms.review_on)}."))
    return found or [
        Finding(terms.name, "in_force", f"In force; to be reviewed by {in_words(terms.review_on)}.")
    ]
