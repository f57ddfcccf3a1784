"""What was done in the caseload, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from endeavour.core.public import AuditEntry

DEEDS = {
    "population.open_caseload": "opened the caseload",
    "population.see_caseload": "read the list or a household’s plan",
    "population.see_household": "read why a household was chosen",
    "population.refused": "was refused",
    "population.assign_lead": "changed who leads",
    "population.record_consent": "recorded an answer",
    "population.plan_work": "changed a plan",
    "population.undo": "undid something",
    "population.place_demo_practitioner": "gave the demo practitioner a body",
    "population.see_pair": "read two records that may be one person",
    "population.review_plus_group": "reviewed a PLUS group",
    "population.judge_pair": "judged whether two records are one person",
}


@dataclass(frozen=True)
class Deed:
    """One line of the audit trail: when, who (empty: the system), what and of what."""

    at: datetime
    by: str
    words: str
    subject: str


def looks(entries: Sequence[AuditEntry]) -> list[Deed]:
    """The entries in words; a household by the reference that partners use."""
    return [
        Deed(e.at, str(e.by or ""), DEEDS.get(e.action, e.action.partition(".")[2].replace("_", " ")), _subject(e.subject))
        for e in entries
    ]  # fmt: skip


def _subject(subject: str) -> str:
    """A subject for a person.

    >>> _subject("household:12")
    'household F5-00012'
    """
    kind, _, number = subject.partition(":")
    if kind == "household" and number.isdecimal():
        return f"household F5-{int(number):05d}"
    return subject.replace(":", " ")
