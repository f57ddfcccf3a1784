"""Recording decisions, their actions and what became of those."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from endeavour.core.public import (
    LONDON,
    Body,
    Link,
    Person,
    add_link,
    entry,
    require,
    today,
    write_audit,
)
from endeavour.errors import BadInput, Conflict
from endeavour.governance.actions.agenda import item_entry, refuse_taken_off
from endeavour.governance.definitions import meeting_rules
from endeavour.governance.findings import in_words, occurrences
from endeavour.governance.models import (
    Action,
    ActionReport,
    AgendaItem,
    Decision,
    DutyEvidence,
    Level,
    Meeting,
    Reach,
)
from endeavour.governance.queries import GUIDES, Named, measure_titles, meeting_findings, register
from endeavour.strategy.public import State, guides_on, judged_one, record_evidence, statement, statements


@dataclass(frozen=True)
class DecisionWords:
    """What a decision must say before it can be recorded."""

    title: str
    options: str
    decided: str
    reason: str
    level: str
    effect_health: str
    effect_quality: str
    effect_resources: str
    effect_inequality: str
    level_reason: str = ""
    reach: str = ""
    equality_impact: str = ""
    dissent: str = ""
    aims: tuple[str, ...] = ()
    principles: tuple[str, ...] = ()

    def missing(self) -> dict[str, str]:
        """The parts still to be written, in the order of the form: the field, and what it should say."""
        needed = {
            "title": "a title",
            "options": "the options considered",
            "decided": "what was decided",
            "reason": "why",
            "level_reason": "why it is decided no more locally than this",
            "effect_health": "its effect on health and wellbeing",
            "effect_quality": "its effect on the quality of services",
            "effect_resources": "its effect on the use of resources",
            "effect_inequality": "its effect on inequalities, or why there is none",
        }
        if self.level == Level.NEIGHBOURHOOD:
            del needed["level_reason"]
        return {name: words for name, words in needed.items() if not getattr(self, name).strip()}


@transaction.atomic
def record_decision(
    *, by: Person, item: AgendaItem, words: DecisionWords, supersedes: Decision | None = None
) -> Decision:
    """Record a decision of a quorate meeting, whole; it is never edited, only superseded by another.

    It disposes of what put the item on the agenda: a cycle item's open occurrences, the triggers of a duty, a decision
    that rests on no quorum and is taken again. On an item that reviews a promise it is also recorded there, as a review;
    see `_review`.
    """
    require(by, "governance.record_decision")
    meeting = item.meeting
    day = meeting.starts_at.astimezone(LONDON).date()
    named = {guide.kind: _named(guide, getattr(words, guide.kind), day) for guide in GUIDES}
    if words.level not in Level.values:
        raise BadInput("Choose a level.", hint=f"One of {', '.join(Level.values)}.")
    if words.reach and words.reach not in Reach.values:
        raise BadInput("Say whether it is done once or varied.", hint=f"One of {', '.join(Reach.values)}.")
    if missing := words.missing():
        raise BadInput(f"The decision does not yet say {', '.join(missing.values())}.")
    if day > today():
        raise BadInput(
            f"The meeting is on {in_words(day)}.", hint="A decision is recorded when it has been made."
        )
    if meeting.cancelled_on:
        raise Conflict("This meeting was cancelled, so it decided nothing.")
    refuse_taken_off(item)
    # Two who record at once take their turn, and each decision gets a number of its own.
    Meeting.objects.select_for_update().get(pk=meeting.pk)
    seated = {f.state: f for f in meeting_findings(meeting, day)}
    if "quorate" not in seated:
        why = seated["inquorate"].words if "inquorate" in seated else "No attendance has been recorded."
        raise Conflict(
            f"A meeting without a quorum cannot decide. {why}",
            hint="Record who attended, or decide at the next meeting.",
        )
    supersedes = supersedes or _taken_again_on(item)
    if supersedes and (later := Decision.objects.filter(supersedes=supersedes).first()):
        raise Conflict("That decision was already superseded.", hint=f"See /decision/{later.key}.")
    count = Decision.objects.filter(item__meeting=meeting).count()
    decision = Decision.objects.create(
        by=by,
        item=item,
        key=f"{meeting.key}-{count + 1}",
        supersedes=supersedes,
        **{k: v.strip() for k, v in words.__dict__.items() if isinstance(v, str)}
        | {"reach": words.reach or None}
        | named,
    )
    name = entry("decision", decision.key)
    add_link(by=by, kind=Link.Kind.DECIDED_BY, source=item_entry(item), target=name)
    if supersedes:
        add_link(by=by, kind=Link.Kind.SUPERSEDES, source=name, target=entry("decision", supersedes.key))
    if item.subject.startswith(("cycle:", "duty:")):
        _dispose(by, item, name, day)
    if not supersedes:
        _review(by, item, decision, day)
    write_audit(by=by, action="governance.record_decision", subject=name)
    return decision


def _taken_again_on(item: AgendaItem) -> Decision | None:
    """The decision in whose place one on this item stands, until one does."""
    found = Decision.objects.filter(key=item.takes_again, superseded_by__isnull=True)
    return found.first() if item.takes_again else None


def _named(guide: Named, named: tuple[str, ...], day: date) -> list[str] | None:
    """The aims or principles named, in the pack's order and each once; `BadInput` for one that was none on the day."""
    held = [one.key for one in guides_on(guide.kind, day)] if named else []
    if unknown := [key for key in named if key not in held]:
        known = f"One of {', '.join(held)}." if held else f"There are no {guide.kind} for that day."
        raise BadInput(f"'{unknown[0][:40]}' is not {guide.whole} on {in_words(day)}.", hint=known)
    return [key for key in held if key in named] or None


def _dispose(by: Person, item: AgendaItem, decision: str, day: date) -> None:
    kind, _, key = item.subject.partition(":")
    if kind == "cycle":
        for cycle_item in meeting_rules(settings.PACK).cycle_items():
            if cycle_item.key == key:
                for due in occurrences(cycle_item, day):
                    add_link(
                        by=by,
                        kind=Link.Kind.DECIDED_BY,
                        source=entry("cycle", f"{key}/{due}"),
                        target=decision,
                    )
        return
    row = next((r for r in register(today()) if r.duty.key == key), None)
    if row is None or not row.duty.answers_trigger:
        return
    for trigger in row.finding.because:
        if trigger.startswith("evidence:"):
            DutyEvidence.objects.create(
                by=by,
                duty=key,
                kind=row.duty.needs,
                happened_on=day,
                words=f"Decided: {decision.partition(':')[2]}",
                answers_id=int(trigger.partition(":")[2]),
            )


def _review(by: Person, item: AgendaItem, decision: Decision, day: date) -> None:
    """Show a decision on a promise's review, as evidence at the promise.

    A review keeps a kept promise kept until the next one is due. It does not keep a promise that never was: there it is
    only told. What was taken in private is told by its title alone.
    """
    key = item.subject.removeprefix("cycle:")
    ref = next((e.promise for e in meeting_rules(settings.PACK).cycle if e.key == key), "")
    known = statements(refs=[ref]) if ref and item.subject == f"cycle:{key}" else []
    if not known or known[0].stated_on > day:
        return
    name = entry("decision", decision.key)
    add_link(by=by, kind=Link.Kind.CONTRIBUTES_TO, source=name, target=entry("statement", ref))
    kept = judged_one(ref, at=today()).judgement.standing.state in {State.DONE, State.MISSED_REVIEW}
    record_evidence(
        by=by,
        ref=ref,
        title=f"Reviewed by decision: {decision.title}"[:300],
        happened_on=day,
        source=f"Decision {decision.key}, {item.meeting.title}"[:200],
        settles=kept,
    )


@transaction.atomic
def add_action(
    *,
    by: Person,
    decision: Decision,
    words: str,
    owner: Body,
    due_on: date,
    promise: str = "",
    measure: str = "",
) -> Action:
    """Give a body something to do because of a decision.

    `promise` (such as W16) and `measure` (its id) tie the action on to what it serves and what will show it.
    """
    require(by, "governance.record_decision")
    if not words.strip():
        raise BadInput("Say what is to be done.")
    if not owner.held_on(today()):
        raise BadInput(f"{owner} does not exist today.", hint="Choose its successor.")
    if due_on < (decided_on := _decided_on(decision)):
        raise BadInput(f"It cannot be due before it was decided, on {in_words(decided_on)}.")
    if measure and measure not in measure_titles():
        raise BadInput(f"There is no measure '{measure[:40]}'.", hint="See /measure.")
    Decision.objects.select_for_update().get(pk=decision.pk)
    last = decision.actions.aggregate(last=Max("number"))["last"] or 0
    action = Action.objects.create(
        by=by, decision=decision, number=last + 1, words=words.strip(), owner=owner, due_on=due_on
    )
    name = entry("action", f"{decision.key}/{action.number}")
    add_link(by=by, kind=Link.Kind.DELIVERS, source=name, target=entry("decision", decision.key))
    if promise:
        kept = entry("statement", statement(promise).ref)
        add_link(by=by, kind=Link.Kind.CONTRIBUTES_TO, source=name, target=kept)
    if measure:
        add_link(by=by, kind=Link.Kind.MEASURED_BY, source=name, target=entry("measure", measure))
    write_audit(by=by, action="governance.add_action", subject=name)
    return action


def _decided_on(decision: Decision) -> date:
    """The day of the meeting that decided."""
    return decision.item.meeting.starts_at.astimezone(LONDON).date()


@transaction.atomic
def report_action(
    *, by: Person, action: Action, happened_on: date, words: str, evidence: str = "", done: bool = False
) -> ActionReport:
    """Say what became of an action; 'done' needs evidence and cannot lie in the future. Partners report on their own."""
    require(by, "governance.report_action")
    if by.role == "partner" and by.body_id != action.owner_id:
        raise BadInput(
            f"This action belongs to {action.owner}.", hint="Only they or the secretariat report on it."
        )
    if happened_on > today():
        raise BadInput("What has not happened cannot be reported.")
    if happened_on < (decided_on := _decided_on(action.decision)):
        raise BadInput(
            f"It was decided on {in_words(decided_on)}: what came before shows nothing of it.",
            hint="Check the day.",
        )
    if done and not evidence.strip():
        raise BadInput("Say where it can be seen that it is done.")
    report = ActionReport.objects.create(
        by=by,
        action=action,
        happened_on=happened_on,
        words=words.strip(),
        evidence=evidence.strip(),
        done=done,
    )
    subject = entry("action", f"{action.decision.key}/{action.number}")
    write_audit(by=by, action="governance.report_action", subject=subject, done=done)
    return report
