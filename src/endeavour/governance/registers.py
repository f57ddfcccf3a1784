"""The registers of a partnership: what each asks of an entry, and what is true of an entry on a day; nothing is stored.

All share one shape, so that a page, a form and a file serve them all: an entry is versioned, dated, reviewed, and lies
with one body or between two.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from endeavour.governance.agreements import STATES as DATED_STATES
from endeavour.governance.agreements import standing
from endeavour.governance.escalating import agreed_time
from endeavour.governance.findings import Finding
from endeavour.governance.register_kinds import REGISTERS as REGISTERS
from endeavour.governance.register_kinds import Question as Question
from endeavour.governance.register_kinds import Register as Register

# The gravest first: what ended, what is missing, what is late.
STATES = {
    "past_its_time": "A worry is past its agreed time",
    "expired": DATED_STATES["expired"],
    "party_ended": "A body has closed",
    "no_decision": "No decision named",
    "no_route": "No agreed route between the two",
    "no_time": "No agreed time that a clock can keep",
    **{key: DATED_STATES[key] for key in ("review_missed", "review_due", "not_started", "in_force")},
}
FAULTS = frozenset({"party_ended", "past_its_time", "no_time", "no_decision", "no_route", "review_missed"})

_POUNDS = re.compile(r"([0-9]{1,3}(,[0-9]{3}){1,3}|[0-9]{1,12})(\.[0-9]{2})?", re.A)


@dataclass(frozen=True)
class Kept:
    """One version of an entry; `body` and `other` are keys of bodies, `decision` the key of what decided it."""

    register: str
    key: str
    title: str
    body: str
    other: str
    answers: Mapping[str, str]
    starts_on: date
    review_on: date
    source: str
    ends_on: date | None = None
    decision: str = ""
    is_illustrative: bool = False
    version: int = 1

    @property
    def name(self) -> str:
        """Its name as an entry."""
        return f"register:{self.register}/{self.key}"

    @property
    def pounds(self) -> str:
        """The sum that it tells, written for reading; empty in a register without one."""
        found = pounds_in(self.answers.get("pounds", ""))
        return "" if found is None else f"{found:,}"

    @property
    def everybody(self) -> tuple[str, ...]:
        """The bodies it lies with."""
        return tuple(filter(None, (self.body, self.other)))


@dataclass(frozen=True)
class Around:
    """What else is known on the day: closings of bodies, routes of the map, and how many worries are late by their route."""

    last_days: Mapping[str, date]
    routes: frozenset[tuple[str, str]] = frozenset()
    late: Mapping[str, int] = field(default_factory=dict)


def pounds_in(words: str) -> Decimal | None:
    """The sum of money that somebody wrote, to the penny; None where it is none, or below a penny.

    >>> pounds_in("£120,000"), pounds_in("1200.50"), pounds_in("much"), pounds_in("-5")
    (Decimal('120000'), Decimal('1200.50'), None, None)
    """
    plain = words.strip().removeprefix("£").strip()
    if not _POUNDS.fullmatch(plain):
        return None
    return Decimal(plain.replace(",", "")) or None


def judged(kept: Kept, around: Around, as_at: date) -> list[Finding]:
    """What is true of an entry on a day, the gravest first: never empty.

    >>> kept = Kept("risks", "r", "R", "a", "b", {}, date(2026, 1, 1), date(2027, 1, 1), "")
    >>> [f.state for f in judged(kept, Around({}), date(2026, 2, 1))]
    ['no_route']
    >>> [f.state for f in judged(kept, Around({}, frozenset({("a", "b")})), date(2026, 2, 1))]
    ['in_force']
    >>> [f.state for f in judged(kept, Around({"b": date(2026, 1, 31)}), date(2026, 2, 1))]
    ['party_ended', 'no_route']
    """
    found = standing(kept, around.last_days, as_at)
    if found[0].state in {"expired", "not_started"}:
        return found
    also = _lacking(REGISTERS[kept.register], kept, around)
    if also:
        found = [finding for finding in found if finding.state != "in_force"] + also
    order = list(STATES)
    return sorted(found, key=lambda finding: order.index(finding.state))


def _lacking(register: Register, kept: Kept, around: Around) -> list[Finding]:
    """What the register asks for beyond its questions and does not find."""
    found = []
    if register.needs_decision and not kept.decision:
        found.append(Finding(kept.name, "no_decision", "Nothing says who decided it, and where."))
    if register.needs_route and kept.other and not _joined(kept, around):
        words = "The map shows no route between the two bodies of this hand-off."
        found.append(Finding(kept.name, "no_route", words, tuple(f"body:{key}" for key in kept.everybody)))
    if register.keeps_time and not agreed_time(kept.answers.get("within", "")):
        found.append(
            Finding(kept.name, "no_time", "Its time cannot be kept by a clock: write hours or working days.")
        )
    if number := around.late.get(kept.name):
        words = f"{number} {'worry is' if number == 1 else 'worries are'} past the agreed time."
        found.append(Finding(kept.name, "past_its_time", words))
    return found


def _joined(kept: Kept, around: Around) -> bool:
    return not {(kept.body, kept.other), (kept.other, kept.body)}.isdisjoint(around.routes)
