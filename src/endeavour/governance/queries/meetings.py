"""Meetings, and what is true of their notice and quorum."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Prefetch

from endeavour.core.public import LONDON
from endeavour.errors import NotFound
from endeavour.governance.definitions import meeting_rules
from endeavour.governance.findings import (
    Finding,
    notice,
    quorum,
)
from endeavour.governance.models import (
    AgendaItem,
    Attendance,
    Decision,
    Meeting,
)


def end_of(day: date) -> datetime:
    """The first moment after `day` in England: what was recorded before it was known on that day."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=LONDON)


def meetings(*, as_at: date, body: str = "") -> tuple[list[Meeting], list[Meeting]]:
    """Meetings to come (soonest first) and past ones (newest first), with their body."""
    found = Meeting.objects.select_related("body")
    if body:
        found = found.filter(body__key=body)
    start = datetime.combine(as_at, time(), tzinfo=LONDON)
    return (
        list(found.filter(starts_at__gte=start).order_by("starts_at")[:100]),
        list(found.filter(starts_at__lt=start).order_by("-starts_at")[:200]),
    )


def meeting(key: str) -> Meeting:
    """One meeting with everything its page shows."""
    items = AgendaItem.objects.prefetch_related(
        "papers",
        Prefetch(
            "decisions", Decision.objects.select_related("superseded_by").prefetch_related("actions__owner")
        ),
    )
    found = (
        Meeting.objects.select_related("body")
        .prefetch_related(
            Prefetch("items", items),
            Prefetch("attendance", Attendance.objects.select_related("post", "post__nominated_by")),
            "minutes_versions",
        )
        .filter(key=key)
        .first()
    )
    if found is None:
        raise NotFound(f"There is no meeting '{key}'.", hint="See every meeting at /meetings.")
    return found


def meeting_item(key: str, number: int) -> AgendaItem:
    """One item of an agenda."""
    item = next((i for i in meeting(key).items.all() if i.number == number), None)
    if item is None:
        raise NotFound(f"This agenda has no item {number}.", hint=f"See /meeting/{key}.")
    return item


def meeting_findings(sitting: Meeting, as_at: date) -> list[Finding]:
    """Notice and, once somebody's attendance is recorded, quorum."""
    rules = meeting_rules(settings.PACK)
    subject = f"meeting:{sitting.key}"
    day = sitting.starts_at.astimezone(LONDON).date()
    found = [notice(subject, day, sitting.noticed_on, rules.notice.clear_working_days, as_at)]
    attended = list(sitting.attendance.all())
    if attended:
        filled = [
            a.post.nominated_by.partner_class if a.post.nominated_by else "partnership"
            for a in attended
            if a.post.votes and a.how in {Attendance.How.PRESENT, Attendance.How.DEPUTY}
        ]
        found.append(quorum(subject, filled, rules.quorum_rule()))
    return found


def without_minutes(as_at: date) -> list[Meeting]:
    """Meetings of the last year that have no minutes yet, the oldest first."""
    end = datetime.combine(as_at, time(), tzinfo=LONDON)
    found = Meeting.objects.filter(
        starts_at__lt=end, starts_at__gte=end - timedelta(days=366), cancelled_on__isnull=True, minutes_versions__isnull=True
    )  # fmt: skip
    return list(found.select_related("body").order_by("starts_at")[:50])
