"""Calling meetings, their notice, agenda, attendance and minutes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from endeavour.core.public import (
    LONDON,
    Body,
    Link,
    Person,
    Post,
    add_link,
    entry,
    now,
    require,
    today,
    write_audit,
)
from endeavour.errors import BadInput, Conflict
from endeavour.governance.definitions import meeting_rules
from endeavour.governance.findings import Finding
from endeavour.governance.models import (
    AgendaItem,
    Attendance,
    Meeting,
    Minutes,
)
from endeavour.governance.queries import business_cycle, open_actions, register, unanswered


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
