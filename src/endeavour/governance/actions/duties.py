"""Recording what bears on duties, and messages along the routes of the map."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.text import slugify

from endeavour.core.public import (
    LONDON,
    Event,
    Person,
    Route,
    entry,
    record_event,
    require,
    today,
    write_audit,
)
from endeavour.errors import BadInput, Forbidden
from endeavour.governance.models import (
    DutyEvidence,
)
from endeavour.governance.queries import register


@transaction.atomic
def record_duty_evidence(
    *, by: Person, duty: str, kind: str, happened_on: date, words: str, source: str = ""
) -> DutyEvidence:
    """Record something that bears on a duty: a JSNA received, a section 75 consideration, a receipt for a copy."""
    require(by, "governance.record_duty_evidence")
    bound = next((row.duty for row in register(today()) if row.duty.key == duty), None)
    if bound is None:
        raise BadInput(f"There is no duty '{duty}' in the register.")
    if bound.answers_trigger and slugify(kind) == bound.needs:
        raise BadInput(
            "Only a recorded decision disposes of it.", hint="Record the decision on its agenda item."
        )
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
    """Record that a message travelled a route of the map; a partner records those from their own body only."""
    require(by, "governance.record_message")
    day = happened_at.astimezone(LONDON).date()
    if by.role == "partner" and (by.body is None or by.body.key != source):
        raise Forbidden("You can record messages from your own body only.", hint="Ask the secretariat.")
    if not Route.objects.at(day).filter(source__key=source, kind=kind, target__key=target).exists():  # type: ignore[attr-defined]
        raise BadInput("There was no such route on that day.", hint="See /bodies/check.")
    if day > today():
        raise BadInput("What has not happened cannot be recorded.")
    if not words.strip():
        raise BadInput("Say what was sent.")
    return record_event(
        by=by, kind="message", subject=f"route:{source}/{kind}/{target}", happened_at=happened_at, words=words
    )
