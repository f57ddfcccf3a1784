"""Calling meetings, their notice, agenda, attendance and minutes."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from endeavour.core.public import (
    LONDON,
    Body,
    Person,
    Post,
    entry,
    now,
    require,
    today,
    write_audit,
)
from endeavour.errors import BadInput, Conflict
from endeavour.governance.actions.lengths import whole
from endeavour.governance.definitions import meeting_rules
from endeavour.governance.findings import in_words
from endeavour.governance.models import (
    AgendaItem,
    Attendance,
    Interest,
    Meeting,
    Minutes,
)

FURTHEST_DAYS = 5 * 366


def refuse_cancelled(meeting: Meeting) -> None:
    """Raise where a meeting was cancelled: nothing more is done about it."""
    if meeting.cancelled_on:
        raise Conflict("This meeting was cancelled.", hint="Call another one instead.")


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
    return put_meeting(by, body, title, starts_at, minutes, place, join_words, closed_ground)


def meeting_key(body: Body, day: date) -> str:
    """The name of a body's meeting on a day: a body meets at most once a day.

    Short enough that its items, decisions and actions have names in the thread too.
    """
    return f"{day.isoformat()}-{slugify(body.short_name or body.key)}"[:60]


def put_meeting(
    by: Person | None, body: Body, title: str, starts_at: datetime, minutes: int, place: str, join_words: str, closed_ground: str = ""
) -> Meeting:  # fmt: skip
    """Write a meeting that the secretary calls or that an operator's file holds; the caller has asked who may."""
    day = starts_at.astimezone(LONDON).date()
    if not body.held_on(day):
        raise BadInput(
            f"{body} does not exist on {in_words(day)}.", hint="Choose its successor, or another day."
        )
    if day > today() + timedelta(days=FURTHEST_DAYS):
        raise BadInput(f"{in_words(day)} is more than five years away.", hint="Check the year.")
    if not 15 <= minutes <= 600:
        raise BadInput("A meeting lasts between 15 minutes and 10 hours.")
    if not place.strip():
        raise BadInput("Say where the meeting is.")
    ground = lawful_ground(closed_ground)
    key = meeting_key(body, day)
    if Meeting.objects.filter(key=key).exists():
        raise Conflict(f"{body} already meets on {in_words(day)}.", hint=f"See /meeting/{key}.")
    meeting = Meeting.objects.create(
        key=key,
        body=body,
        title=whole(Meeting, "title", title) or f"{body.name} meeting",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        place=whole(Meeting, "place", place),
        join_words=join_words.strip(),
        closed_ground=ground,
    )
    write_audit(by=by, action="governance.call_meeting", subject=entry("meeting", key))
    return meeting


def lawful_ground(words: str) -> str:
    """A ground for meeting in private as the rules list it, or none; anything else is refused."""
    ground = words.strip()
    if ground and ground not in meeting_rules(settings.PACK).private.grounds:
        raise BadInput(
            "That is no ground in law for meeting in private.",
            hint="Choose one of the list, or meet in public.",
        )
    return ground


@transaction.atomic
def give_notice(*, by: Person, meeting: Meeting, on: date | None = None) -> Meeting:
    """Give public notice of a meeting, once; a late notice is recorded and shown as late."""
    require(by, "governance.give_notice")
    kept = Meeting.objects.select_for_update().get(pk=meeting.pk)
    refuse_cancelled(kept)
    if kept.noticed_on:
        raise Conflict(f"Notice was already given on {in_words(kept.noticed_on)}.")
    meeting.noticed_on = on or today()
    meeting.save(update_fields=["noticed_on"])
    write_audit(by=by, action="governance.give_notice", subject=entry("meeting", meeting.key))
    return meeting


@transaction.atomic
def cancel_meeting(*, by: Person, meeting: Meeting, why: str) -> Meeting:
    """Cancel a meeting that has not taken place, with the reason; its page stays."""
    require(by, "governance.cancel_meeting")
    if Meeting.objects.select_for_update().get(pk=meeting.pk).cancelled_on:
        raise Conflict("This meeting was already cancelled.")
    if meeting.starts_at <= now():
        raise BadInput("A meeting that has begun cannot be cancelled.")
    if not why.strip():
        raise BadInput("Say why it is cancelled.")
    meeting.cancelled_on, meeting.cancelled_why = today(), whole(Meeting, "cancelled_why", why)
    meeting.save(update_fields=["cancelled_on", "cancelled_why"])
    write_audit(by=by, action="governance.cancel_meeting", subject=entry("meeting", meeting.key))
    return meeting


@transaction.atomic
def record_attendance(*, by: Person, meeting: Meeting, post: Post, how: str, name: str = "") -> Attendance:
    """Record, or correct, how one seat was filled; the audit keeps what stood before."""
    require(by, "governance.record_attendance")
    if post.body_id != meeting.body_id:
        raise BadInput(f"{post.title} is not a seat of {meeting.body}.")
    if how not in Attendance.How.values:
        raise BadInput(f"'{how[:20]}' is not a way of attending.")
    refuse_cancelled(meeting)
    if meeting.starts_at > now():
        raise BadInput("The meeting has not taken place.", hint="Record who came once it has begun.")
    before = Attendance.objects.filter(meeting=meeting, post=post).first()
    row, _ = Attendance.objects.update_or_create(
        meeting=meeting,
        post=post,
        defaults={"how": Attendance.How(how), "name": whole(Attendance, "name", name), "by": by},
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
def declare_interest(
    *,
    by: Person,
    post: Post,
    holder: str,
    words: str,
    declared_on: date,
    item: AgendaItem | None = None,
    then: str = "",
) -> Interest:
    """Record an interest that the holder of a seat declared, kept for ever; on an item, with what they then did."""
    require(by, "governance.declare_interest")
    if not holder.strip() or not words.strip():
        raise BadInput("Say who declared the interest, and what it is.")
    if declared_on > today():
        raise BadInput("An interest cannot have been declared in the future.")
    if item and item.meeting.body_id != post.body_id:
        raise BadInput(f"{post.title} is not a seat of {item.meeting.body}.")
    if item and then not in Interest.Then.values:
        raise BadInput("Say whether they stayed, spoke or left.")
    if not item and then:
        raise BadInput("What they then did belongs to an item.", hint="Choose the item.")
    row = Interest.objects.create(
        by=by,
        post=post,
        holder=whole(Interest, "holder", holder),
        words=words.strip(),
        declared_on=declared_on,
        item=item,
        then=then or None,
    )
    write_audit(by=by, action="governance.declare_interest", subject=entry("post", post.key), interest=row.pk)
    return row


@transaction.atomic
def publish_minutes(*, by: Person, meeting: Meeting, words: str) -> Minutes:
    """Publish minutes, or a corrected version of them; every version stays readable."""
    require(by, "governance.publish_minutes")
    if meeting.starts_at > now():
        raise BadInput("The meeting has not taken place.")
    if not words.strip():
        raise BadInput("The minutes are empty.")
    Meeting.objects.select_for_update().get(pk=meeting.pk)
    last = meeting.minutes_versions.aggregate(last=Max("version"))["last"] or 0
    minutes = Minutes.objects.create(by=by, meeting=meeting, version=last + 1, words=words.strip())
    write_audit(
        by=by,
        action="governance.publish_minutes",
        subject=entry("meeting", meeting.key),
        version=minutes.version,
    )
    return minutes
