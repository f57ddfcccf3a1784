"""Every write of governance, each with its audit entry in the same transaction."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from endeavour.core.public import (
    LONDON,
    Body,
    Event,
    Link,
    Person,
    Post,
    add_link,
    entry,
    now,
    record_event,
    require,
    today,
    write_audit,
)
from endeavour.errors import BadInput, Conflict
from endeavour.governance.definitions import meeting_rules
from endeavour.governance.findings import Finding
from endeavour.governance.models import (
    Action,
    ActionReport,
    AgendaItem,
    Attendance,
    Contribution,
    Decision,
    DutyEvidence,
    Level,
    Meeting,
    Minutes,
    Paper,
    Reply,
)
from endeavour.governance.queries import business_cycle, meeting_findings, open_actions, register, unanswered
from endeavour.paths import var_dir, write_atomically

# Letters and digits that cannot be taken for one another when read aloud or copied by hand.
RECEIPT_LETTERS = "ABCDEFGHJKMNPQRTUVWXY346789"
PAPER_TYPES = {
    b"%PDF-": "application/pdf",
    b"PK\x03\x04": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
LARGEST_PAPER = 25 * 1024 * 1024


@transaction.atomic
def call_meeting(
    *,
    by: Person,
    body: Body,
    title: str,
    starts_at: datetime,
    minutes: int,
    place: str,
    join_words: str = "",
    closed_ground: str = "",
) -> Meeting:
    """Call a meeting of a body that exists on that day; in public unless a ground for closing it is given."""
    require(by, "governance.call_meeting")
    day = starts_at.astimezone(LONDON).date()
    if not body.held_on(day):
        raise BadInput(
            f"{body} does not exist on {day.day} {day:%B %Y}.", hint="Choose its successor, or another day."
        )
    if not 15 <= minutes <= 600:
        raise BadInput("A meeting lasts between 15 minutes and 10 hours.")
    key = f"{day.isoformat()}-{slugify(body.short_name or body.key)}"[:80]
    if Meeting.objects.filter(key=key).exists():
        raise Conflict(f"{body} already meets on {day.day} {day:%B %Y}.", hint=f"See /meeting/{key}.")
    meeting = Meeting.objects.create(
        key=key,
        body=body,
        title=title.strip() or f"{body.name} meeting",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        place=place.strip(),
        join_words=join_words.strip(),
        closed_ground=closed_ground.strip(),
    )
    write_audit(by=by, action="governance.call_meeting", subject=entry("meeting", key))
    return meeting


@transaction.atomic
def give_notice(*, by: Person, meeting: Meeting, on: date | None = None) -> Meeting:
    """Give public notice of a meeting, once; a late notice is recorded and shown as late."""
    require(by, "governance.give_notice")
    if meeting.noticed_on:
        raise Conflict(f"Notice was already given on {meeting.noticed_on.day} {meeting.noticed_on:%B %Y}.")
    meeting.noticed_on = on or today()
    meeting.save(update_fields=["noticed_on"])
    write_audit(by=by, action="governance.give_notice", subject=entry("meeting", meeting.key))
    return meeting


@transaction.atomic
def draft_agenda(
    *, by: Person, meeting: Meeting, promises: Sequence[Finding] = (), exceptions: Sequence[Finding] = ()
) -> list[AgendaItem]:
    """Build the agenda from standing items, the business cycle, duties, promises, measures, actions and contributions.

    Each item keeps what put it there. An agenda is drafted once; after that items are added one by one.
    """
    require(by, "governance.draft_agenda")
    if meeting.items.exists():
        raise Conflict("This meeting already has an agenda.", hint="Add items to it instead.")
    # A future meeting takes up what will be due by then; one entered afterwards what is known today.
    day = max(meeting.starts_at.astimezone(LONDON).date(), today())
    rules = meeting_rules(settings.PACK)
    origin = AgendaItem.Origin
    drafted: list[tuple[str, str, str, str, int]] = [
        (slot.title, origin.STANDING, "", "", slot.minutes) for slot in rules.agenda.opening
    ]
    asked = {f.subject: f for f in business_cycle(day) if f.state in {"due", "overdue"}}
    titles = {f"cycle:{item.key}": item.title for item in rules.cycle}
    drafted += [(titles[subject], origin.CYCLE, subject, f.words, 10) for subject, f in asked.items()]
    drafted += [
        (row.duty.title, origin.DUTY, row.finding.subject, row.finding.words, 10)
        for row in register(day)
        if row.finding.state in {"due", "breached", "unproven"}
    ]
    drafted += [
        (f"Promise {f.subject.partition(':')[2]}", origin.PROMISE, f.subject, f.words, 5) for f in promises
    ]
    drafted += [(f.words, origin.EXCEPTION, f.subject, f.words, 5) for f in exceptions]
    drafted += [
        (
            f"Action: {action.words}",
            origin.ACTION,
            entry("action", f"{action.decision.key}/{action.number}"),
            f.words,
            5,
        )
        for action, f in open_actions(day)
    ]
    drafted += [
        (f"Contribution {c.receipt}", origin.CONTRIBUTION, entry("contribution", c.receipt), c.words, 5)
        for c in unanswered()
    ]
    drafted += [(slot.title, origin.STANDING, "", "", slot.minutes) for slot in rules.agenda.closing]
    items = [
        AgendaItem(
            meeting=meeting,
            number=number,
            title=title[:200],
            origin=kind,
            subject=subject,
            words=words,
            minutes=minutes,
        )
        for number, (title, kind, subject, words, minutes) in enumerate(drafted, 1)
    ]
    AgendaItem.objects.bulk_create(items)
    for item in items:
        if item.origin == origin.CONTRIBUTION:
            add_link(by=by, kind=Link.Kind.RESPONDS_TO, source=item_entry(item), target=item.subject)
    write_audit(
        by=by, action="governance.draft_agenda", subject=entry("meeting", meeting.key), items=len(items)
    )
    return list(meeting.items.all())


def item_entry(item: AgendaItem) -> str:
    """The name of an agenda item in the thread."""
    return entry("item", f"{item.meeting.key}/{item.number}")


@transaction.atomic
def add_item(
    *, by: Person, meeting: Meeting, title: str, words: str = "", minutes: int = 10, exempt_ground: str = ""
) -> AgendaItem:
    """Add an item at the end of an agenda."""
    require(by, "governance.draft_agenda")
    if not title.strip():
        raise BadInput("An item needs a title.")
    last = meeting.items.aggregate(last=Max("number"))["last"] or 0
    item = AgendaItem.objects.create(
        meeting=meeting,
        number=last + 1,
        title=title.strip()[:200],
        words=words.strip(),
        minutes=minutes,
        origin=AgendaItem.Origin.OTHER,
        exempt_ground=exempt_ground.strip(),
    )
    write_audit(by=by, action="governance.add_item", subject=item_entry(item))
    return item


@transaction.atomic
def add_paper(
    *, by: Person, item: AgendaItem, title: str, content: bytes, author_body: Body | None = None
) -> Paper:
    """Keep a paper by its checksum: a PDF or Word document of at most 25 MB, with no active content."""
    require(by, "governance.add_paper")
    if not title.strip() or "." in title.strip()[-5:]:
        raise BadInput(
            "Give the paper a title in words, not a file name.", hint="A screen reader reads it aloud."
        )
    if len(content) > LARGEST_PAPER:
        raise BadInput(
            f"The paper is {len(content) / 1e6:,.0f} MB; at most 25 MB is taken.",
            hint="Make its pictures smaller.",
        )
    media_type = next((kind for magic, kind in PAPER_TYPES.items() if content.startswith(magic)), "")
    if not media_type:
        raise BadInput("A paper must be a PDF or a Word document.", hint="Save it as PDF and try again.")
    if any(
        mark in content for mark in (b"/JavaScript", b"/JS ", b"/Launch", b"vbaProject.bin", b"/EmbeddedFile")
    ):
        raise BadInput(
            "The paper holds a script or an attached file.", hint="Save a copy without it and try again."
        )
    digest = hashlib.sha256(content).hexdigest()
    with write_atomically(var_dir() / "papers" / digest[:2] / digest) as part:
        part.write_bytes(content)
    paper = Paper.objects.create(
        by=by,
        item=item,
        title=title.strip()[:200],
        author_body=author_body,
        media_type=media_type,
        bytes=len(content),
        sha256=digest,
    )
    write_audit(by=by, action="governance.add_paper", subject=item_entry(item), sha256=digest)
    return paper


@transaction.atomic
def record_attendance(*, by: Person, meeting: Meeting, post: Post, how: str, name: str = "") -> Attendance:
    """Record, or correct, how one seat was filled; the audit keeps what stood before."""
    require(by, "governance.record_attendance")
    if post.body_id != meeting.body_id:
        raise BadInput(f"{post.title} is not a seat of {meeting.body}.")
    before = Attendance.objects.filter(meeting=meeting, post=post).first()
    row, _ = Attendance.objects.update_or_create(
        meeting=meeting, post=post, defaults={"how": Attendance.How(how), "name": name.strip(), "by": by}
    )
    was = before.how if before else ""
    write_audit(
        by=by,
        action="governance.record_attendance",
        subject=entry("meeting", meeting.key),
        seat=post.key,
        how=how,
        was=was,
    )
    return row


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
    equality_impact: str = ""
    dissent: str = ""

    def missing(self) -> list[str]:
        """The parts still to be written, in the order of the form."""
        needed = {
            "title": "a title",
            "options": "the options considered",
            "decided": "what was decided",
            "reason": "why",
            "effect_health": "its effect on health and wellbeing",
            "effect_quality": "its effect on the quality of services",
            "effect_resources": "its effect on the use of resources",
            "effect_inequality": "its effect on inequalities, or why there is none",
        }
        found = [words for name, words in needed.items() if not getattr(self, name).strip()]
        if self.level != Level.NEIGHBOURHOOD and not self.level_reason.strip():
            found.append("why it is decided no more locally than this")
        return found


@transaction.atomic
def record_decision(
    *, by: Person, item: AgendaItem, words: DecisionWords, supersedes: Decision | None = None
) -> Decision:
    """Record a decision of a quorate meeting, whole; it is never edited, only superseded by another.

    It disposes of what put the item on the agenda: a cycle item's open occurrences, a contribution.
    """
    require(by, "governance.record_decision")
    meeting = item.meeting
    day = meeting.starts_at.astimezone(LONDON).date()
    if missing := words.missing():
        raise BadInput(f"The decision does not yet say {', '.join(missing)}.")
    if day > today():
        raise BadInput(
            f"The meeting is on {day.day} {day:%B %Y}.", hint="A decision is recorded when it has been made."
        )
    seated = {f.state: f for f in meeting_findings(meeting, day)}
    if "quorate" not in seated:
        why = seated["inquorate"].words if "inquorate" in seated else "No attendance has been recorded."
        raise Conflict(
            f"A meeting without a quorum cannot decide. {why}",
            hint="Record who attended, or decide at the next meeting.",
        )
    if supersedes and hasattr(supersedes, "superseded_by"):
        raise Conflict(
            "That decision was already superseded.", hint=f"See /decision/{supersedes.superseded_by.key}."
        )
    count = Decision.objects.filter(item__meeting=meeting).count()
    decision = Decision.objects.create(
        by=by,
        item=item,
        key=f"{meeting.key}-{count + 1}",
        supersedes=supersedes,
        **{k: v.strip() for k, v in words.__dict__.items()},
    )
    name = entry("decision", decision.key)
    add_link(by=by, kind=Link.Kind.DECIDED_BY, source=item_entry(item), target=name)
    if supersedes:
        add_link(by=by, kind=Link.Kind.SUPERSEDES, source=name, target=entry("decision", supersedes.key))
    if item.subject.startswith(("cycle:", "duty:")):
        _dispose(by, item, name, day)
    write_audit(by=by, action="governance.record_decision", subject=name)
    return decision


def _dispose(by: Person, item: AgendaItem, decision: str, day: date) -> None:
    from endeavour.governance.findings import occurrences

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


@transaction.atomic
def add_action(*, by: Person, decision: Decision, words: str, owner: Body, due_on: date) -> Action:
    """Give a body something to do because of a decision."""
    require(by, "governance.record_decision")
    if not words.strip():
        raise BadInput("Say what is to be done.")
    last = decision.actions.aggregate(last=Max("number"))["last"] or 0
    action = Action.objects.create(
        by=by, decision=decision, number=last + 1, words=words.strip(), owner=owner, due_on=due_on
    )
    name = entry("action", f"{decision.key}/{action.number}")
    add_link(by=by, kind=Link.Kind.DELIVERS, source=name, target=entry("decision", decision.key))
    write_audit(by=by, action="governance.add_action", subject=name)
    return action


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


@transaction.atomic
def publish_minutes(*, by: Person, meeting: Meeting, words: str) -> Minutes:
    """Publish minutes, or a corrected version of them; every version stays readable."""
    require(by, "governance.publish_minutes")
    if meeting.starts_at > now():
        raise BadInput("The meeting has not taken place.")
    if not words.strip():
        raise BadInput("The minutes are empty.")
    last = meeting.minutes_versions.aggregate(last=Max("version"))["last"] or 0
    minutes = Minutes.objects.create(by=by, meeting=meeting, version=last + 1, words=words.strip())
    write_audit(
        by=by,
        action="governance.publish_minutes",
        subject=entry("meeting", meeting.key),
        version=minutes.version,
    )
    return minutes


@transaction.atomic
def contribute(
    *, by: Person | None, words: str, kind: str = "question", area_code: str = "", partner_class: str = "residents", group: str = "",
    theme: str = "", body: Body | None = None, may_publish: bool = True,
) -> Contribution:  # fmt: skip
    """Take what somebody said or asked, and give a receipt by which they can follow it. No name is asked for."""
    if not words.strip():
        raise BadInput("Write your question first.")
    if len(words) > 4000:
        raise BadInput("Please keep it under 4,000 characters.", hint="You can send more than one.")
    receipt = "-".join("".join(secrets.choice(RECEIPT_LETTERS) for _ in range(4)) for _ in range(2))
    taken = Contribution.objects.create(
        by=by,
        receipt=receipt,
        kind=Contribution.Kind(kind),
        words=words.strip(),
        area_code=area_code,
        partner_class=Body.PartnerClass(partner_class),
        group=group,
        theme=slugify(theme)[:60],
        body=body,
        may_publish=may_publish,
    )
    if taken.theme:
        add_link(
            by=by,
            kind=Link.Kind.HEARD_IN,
            source=entry("contribution", receipt),
            target=entry("theme", taken.theme),
        )
    write_audit(by=by, action="governance.contribute", subject=entry("contribution", receipt))
    return taken


@transaction.atomic
def reply(*, by: Person, contribution: Contribution, outcome: str, words: str) -> Reply:
    """Publish the answer to a contribution, or the reason why it is not taken up."""
    require(by, "governance.reply")
    if not words.strip():
        raise BadInput("Write the answer, or the reason, first.")
    row = Reply.objects.create(
        by=by, contribution=contribution, outcome=Reply.Outcome(outcome), words=words.strip()
    )
    write_audit(
        by=by, action="governance.reply", subject=entry("contribution", contribution.receipt), outcome=outcome
    )
    return row


@transaction.atomic
def record_duty_evidence(
    *, by: Person, duty: str, kind: str, happened_on: date, words: str, source: str = ""
) -> DutyEvidence:
    """Record something that bears on a duty: a JSNA received, a section 75 consideration, a receipt for a copy."""
    require(by, "governance.record_duty_evidence")
    if duty not in {row.duty.key for row in register(today())}:
        raise BadInput(f"There is no duty '{duty}' in the register.")
    if happened_on > today():
        raise BadInput("What has not happened is no evidence.")
    if not words.strip():
        raise BadInput("Say what happened.")
    row = DutyEvidence.objects.create(
        by=by,
        duty=duty,
        kind=slugify(kind),
        happened_on=happened_on,
        words=words.strip(),
        source=source.strip(),
    )
    write_audit(by=by, action="governance.record_duty_evidence", subject=entry("duty", duty), evidence=row.pk)
    return row


@transaction.atomic
def record_message(
    *, by: Person, source: str, kind: str, target: str, happened_at: datetime, words: str
) -> Event:
    """Record that a message travelled a route of the map."""
    require(by, "governance.record_message")
    return record_event(
        by=by, kind="message", subject=f"route:{source}/{kind}/{target}", happened_at=happened_at, words=words
    )
