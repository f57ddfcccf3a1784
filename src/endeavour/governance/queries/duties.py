"""The statutory register and the annual business cycle on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from endeavour.core.public import LONDON, Link, today
from endeavour.governance.definitions import DutyEntry, meeting_rules, offered_evidence, statutory_register
from endeavour.governance.findings import (
    Disposal,
    Finding,
    Shown,
    cycle,
    duty_state,
)
from endeavour.governance.models import (
    DutyEvidence,
)
from endeavour.governance.queries.meetings import end_of
from endeavour.strategy.public import judged


@dataclass(frozen=True)
class DutyRow:
    """One duty of the register with its computed state and what that rests on."""

    duty: DutyEntry
    finding: Finding
    evidence_words: Sequence[str]

    @property
    def state(self) -> str:
        """The state in words, such as 'Not used'."""
        return self.finding.state.replace("_", " ").capitalize()


def register(as_at: date) -> list[DutyRow]:
    """The statutory register on a day: every duty, its state and its evidence."""
    shown, words = _evidence(as_at)
    return [
        DutyRow(
            entry,
            duty_state(entry.as_duty(), shown, as_at),
            [words[e.id] for e in shown if e.duty == entry.key and e.on <= as_at],
        )
        for entry in statutory_register(settings.PACK).duties
    ]


def _evidence(as_at: date) -> tuple[list[Shown], dict[str, str]]:
    shown, words = [], {}
    for number, entry in enumerate(offered_evidence(settings.PACK), 1):
        key = f"offered:{number}"
        shown.append(Shown(key, entry.duty, entry.kind, entry.happened_on, entry.asserts_itself))
        words[key] = f"{entry.words} ({entry.source})"
    for row in DutyEvidence.objects.filter(recorded_at__lt=end_of(as_at)).order_by("pk"):
        key = f"evidence:{row.pk}"
        shown.append(
            Shown(
                key,
                row.duty,
                row.kind,
                row.happened_on,
                answers=f"evidence:{row.answers_id}" if row.answers_id else "",
            )
        )
        words[key] = f"{row.words} ({row.source})" if row.source else row.words
    return shown, words


def business_cycle(as_at: date) -> list[Finding]:
    """What the annual business cycle asks for on a day."""
    rules = meeting_rules(settings.PACK)
    links = Link.objects.filter(kind=Link.Kind.DECIDED_BY, source__startswith="cycle:").at(as_at)  # type: ignore[attr-defined]
    disposals = []
    for link in links:
        item, _, occurrence = link.source.removeprefix("cycle:").partition("/")
        disposals.append(
            Disposal(
                item, date.fromisoformat(occurrence), link.target, link.recorded_at.astimezone(LONDON).date()
            )
        )
    return cycle(rules.cycle_items(), disposals, as_at)


def waiting_in_cycle(as_at: date) -> list[tuple[str, list[str]]]:
    """Each cycle item that waits for a decision, with the occurrences that wait, oldest first."""
    titles = {f"cycle:{item.key}": item.title for item in meeting_rules(settings.PACK).cycle}
    waiting: dict[str, list[str]] = {}
    for finding in business_cycle(as_at):
        if finding.state != "met":
            words = finding.words.removeprefix(f"{titles[finding.subject]}: ").removesuffix(".")
            waiting.setdefault(finding.subject, []).append(words)
    return [(titles[subject], occurrences) for subject, occurrences in waiting.items()]


def late_promises() -> list[Finding]:
    """The promises of the strategy that are late today, for an agenda."""
    return [
        Finding(
            f"statement:{item.statement.ref}",
            "overdue",
            f"{item.statement.words} ({item.judgement.standing.words.capitalize()}.)",
        )
        for item in judged("we", at=today())
        if item.judgement.standing.state == "overdue"
    ]
