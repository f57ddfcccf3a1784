"""Recording that something happened: append-only, with both its times."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from endeavour.core.audit import write_audit
from endeavour.core.models import Event, Person
from endeavour.errors import BadInput


@transaction.atomic
def record_event(
    *, by: Person | None, kind: str, subject: str, happened_at: datetime, **detail: object
) -> Event:
    """Write an event and its audit entry; `happened_at` must be aware and may be long past, never naive."""
    if happened_at.tzinfo is None:
        raise BadInput("The time of an event needs its time zone.")
    event = Event.objects.create(kind=kind, subject=subject, happened_at=happened_at, by=by, detail=detail)
    write_audit(by=by, action=f"event.{kind}", subject=subject)
    return event
