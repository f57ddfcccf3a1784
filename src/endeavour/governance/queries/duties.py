"""The statutory register and the annual business cycle on a day."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from endeavour.core.public import LONDON, Link, end_of, entry, today
from endeavour.governance.definitions import (
    Content,
    DutyEntry,
    meeting_rules,
    offered_evidence,
    statutory_register,
)
from endeavour.governance.findings import (
    Disposal,
    Finding,
    Shown,
    cycle,
    duty_state,
    in_words,
)
from endeavour.governance.models import Decision, DutyEvidence
from endeavour.governance.queries.registers import kept_entries
from endeavour.strategy.public import assessed_decisions, judged, statements

MOST_DECISIONS = 200
_SINCE = "due since "
# The names of silent decisions, what the others are said to do, and what the silent ones are said to lack.
Silence = tuple[frozenset[str], str, str]


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
            duty,
            duty_state(duty.as_duty(), shown, as_at),
            [words[e.id] for e in shown if e.duty == duty.key and e.on <= as_at],
        )
        for duty in statutory_register(settings.PACK).duties
    ]


def _evidence(as_at: date) -> tuple[list[Shown], dict[str, str]]:
    shown, words = [], {}
    for number, offer in enumerate(offered_evidence(settings.PACK), 1):
        key = f"offered:{number}"
        shown.append(offer.as_shown(key))
        words[key] = f"{offer.words} ({offer.source})"
    decided = _decided(as_at)
    for duty in statutory_register(settings.PACK).duties:
        if duty.falls_short:
            for said, told in _each_decision(duty, decided, as_at):
                shown.append(said)
                words[said.id] = told
        if duty.kept_in:
            for said, told in _considered(duty, as_at):
                shown.append(said)
                words[said.id] = told
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


def _decided(as_at: date) -> list[Decision]:
    """The newest decisions that stood on a day."""
    known = Decision.objects.filter(recorded_at__lt=end_of(as_at)).exclude(
        superseded_by__recorded_at__lt=end_of(as_at)
    )
    return list(known.select_related("item__meeting").order_by("-pk")[:MOST_DECISIONS])


def _each_decision(duty: DutyEntry, rows: Sequence[Decision], as_at: date) -> Iterator[tuple[Shown, str]]:
    """What each decision shows of a duty that binds every decision."""
    silent, says, lacks = _SILENCE[duty.needs](rows, as_at)
    for row in rows:
        name, day = entry("decision", row.key), row.item.meeting.starts_at.astimezone(LONDON).date()
        kind, told = (duty.falls_short, lacks) if name in silent else (duty.needs, says)
        yield Shown(name, duty.key, kind, day), f"Decision ‘{row.title}’ {told}."


def _silent_on_equality(rows: Sequence[Decision], as_at: date) -> Silence:
    """Decisions that neither say what they do to equality nor have effects by group recorded."""
    unsaid = [entry("decision", row.key) for row in rows if not row.equality_impact.strip()]
    assessed = assessed_decisions(unsaid, at=as_at) if unsaid else frozenset()
    return frozenset(unsaid) - assessed, "says what it does to equality", "says nothing of equality"


def _silent_on_aims(rows: Sequence[Decision], as_at: date) -> Silence:
    """Decisions that name no aim of care systems."""
    del as_at
    unsaid = frozenset(entry("decision", row.key) for row in rows if not row.aims)
    return unsaid, "names the aims it serves", "names no aim"


# What each kind of evidence asks of every decision.
_SILENCE: dict[str, Callable[[Sequence[Decision], date], Silence]] = {
    "equality-assessment": _silent_on_equality,
    "aim-named": _silent_on_aims,
}


def _considered(duty: DutyEntry, as_at: date) -> Iterator[tuple[Shown, str]]:
    """What each entry of a duty's register shows of it; what the pack made up shows nothing and is left out.

    An entry counts from the day it names, once it names the decision. Where the strategy lists needs by number, every
    one of them must be named in an entry before any shows the whole.
    """
    rows = [kept for kept in kept_entries(as_at, duty.kept_in) if not kept.is_illustrative]
    if not rows:
        return
    said = "\n".join(kept.answers.get("need", "") for kept in rows)
    left = [need.ref for need in statements("need", at=as_at) if not _names(said, need.ref)]
    short = f"Not yet considered: {', '.join(left)}." if left else ""
    for kept in rows:
        why = short if kept.decision else "No decision is named."
        yield (
            Shown(kept.name, duty.key, duty.needs, kept.starts_on, shows="partly" if why else "all", why=why),
            f"‘{kept.title}’ was considered on {in_words(kept.starts_on)}.",
        )


def _names(words: str, ref: str) -> bool:
    """Whether words name a statement by its number.

    >>> _names("Falls at home (N1.2).", "N1.2"), _names("Falls at home (N1.2).", "N1"), _names("See N1, N2.", "N1")
    (True, False, True)
    """
    return re.search(rf"(?<![\w.]){re.escape(ref)}(?!\w|\.\w)", words) is not None


def contents() -> tuple[Content, ...]:
    """The matters that a strategy should consider, and where this one does."""
    return statutory_register(settings.PACK).contents


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
    """Each cycle item that waits for a decision, with the occurrences that wait, oldest first and alike ones together."""
    titles = {f"cycle:{item.key}": item.title for item in meeting_rules(settings.PACK).cycle}
    waiting: dict[str, list[str]] = {}
    for finding in business_cycle(as_at):
        if finding.state != "met":
            words = finding.words.removeprefix(f"{titles[finding.subject]}: ").removesuffix(".")
            waiting.setdefault(finding.subject, []).append(words)
    return [(titles[subject], _together(occurrences)) for subject, occurrences in waiting.items()]


def _together(occurrences: list[str]) -> list[str]:
    """The same occurrences with the days that are overdue said in one.

    >>> _together(["due since 1 May 2024", "due since 1 May 2025", "due since 1 May 2026", "due today"])
    ['due since 1 May 2024, and 2 times more, last on 1 May 2026', 'due today']
    """
    first, *more = [words for words in occurrences if words.startswith(_SINCE)] or [""]
    others = [words for words in occurrences if not words.startswith(_SINCE)]
    if more:
        times = "once more" if len(more) == 1 else f"{len(more)} times more"
        first = f"{first}, and {times}, last on {more[-1].removeprefix(_SINCE)}"
    return [first, *others] if first else others


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
