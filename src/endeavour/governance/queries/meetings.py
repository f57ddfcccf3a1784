"""Meetings, and what is true of their notice and quorum."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Max, Prefetch, QuerySet

from endeavour.core.public import LONDON, AuditEntry, entry
from endeavour.errors import NotFound
from endeavour.governance.agenda import agenda_out
from endeavour.governance.definitions import meeting_rules
from endeavour.governance.findings import (
    Finding,
    notice,
    quorum,
)
from endeavour.governance.models import (
    AgendaChange,
    AgendaItem,
    Attendance,
    Decision,
    Interest,
    Meeting,
)


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
    items = AgendaItem.objects.filter(place__isnull=False).prefetch_related(
        "papers",
        Prefetch(
            "decisions", Decision.objects.select_related("superseded_by").prefetch_related("actions__owner")
        ),
    )
    found = (
        Meeting.objects.select_related("body")
        .prefetch_related(
            Prefetch("items", items),
            Prefetch("items__interests", Interest.objects.select_related("post").order_by("pk")),
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


def item_to_arrange(key: str, number: int) -> AgendaItem:
    """One item of a meeting, on its agenda or off it."""
    found = AgendaItem.objects.select_related("meeting").filter(meeting__key=key, number=number).first()
    if found is None:
        raise NotFound(f"This agenda has no item {number}.", hint=f"See /meeting/{key}.")
    return found


def agenda_changes(sitting: Meeting) -> list[AgendaChange]:
    """What was moved, taken off, put back or added late, and why, the oldest first."""
    return list(AgendaChange.objects.filter(item__meeting=sitting).select_related("item").order_by("pk"))


def meeting_findings(sitting: Meeting, as_at: date) -> list[Finding]:
    """Notice, the agenda's publication and, once somebody's attendance is recorded, quorum."""
    rules = meeting_rules(settings.PACK)
    subject = f"meeting:{sitting.key}"
    day = sitting.starts_at.astimezone(LONDON).date()
    clear = rules.notice.clear_working_days
    found = [notice(subject, day, sitting.noticed_on, clear, as_at)]
    if out := agenda_out(subject, day, sitting.agenda_on, clear, as_at):
        found.append(out)
    attended = list(sitting.attendance.all())
    if attended:
        seats = [
            (a.how, a.post.votes, a.post.nominated_by.partner_class if a.post.nominated_by else None)
            for a in attended
        ]
        found.append(_quorum_of(subject, seats))
        if found[-1].state == INQUORATE and (decided := _standing_decisions(sitting)):
            many = "A decision" if decided == 1 else f"{decided} decisions"
            words = f"{many} taken here {'rests' if decided == 1 else 'rest'} on no quorum, by the attendance as corrected: see the next agenda."
            found.append(Finding(subject, WITHOUT_QUORUM, words))
    return found


INQUORATE, WITHOUT_QUORUM = "inquorate", "without_quorum"
Seat = tuple[str, bool, str | None]


def _quorum_of(subject: str, seats: Iterable[Seat]) -> Finding:
    """Whether seats, each how it was filled, whether it votes and the class that it speaks for, make a quorum."""
    there = {Attendance.How.PRESENT, Attendance.How.DEPUTY}
    filled = [kind or "partnership" for how, votes, kind in seats if votes and how in there]
    return quorum(subject, filled, meeting_rules(settings.PACK).quorum_rule())


def _standing_decisions(sitting: Meeting) -> int:
    return Decision.objects.filter(item__meeting=sitting, superseded_by__isnull=True).count()


def inquorate(among: QuerySet[Meeting] | Iterable[int]) -> dict[int, Finding]:
    """Which of these meetings had no quorum by their attendance as it stands now, and why; one query.

    A meeting whose attendance nobody recorded is none of them.
    """
    rows = Attendance.objects.filter(meeting__in=among).values_list(
        "meeting", "meeting__key", "how", "post__votes", "post__nominated_by__partner_class"
    )
    seats: dict[tuple[int, str], list[Seat]] = defaultdict(list)
    for pk, key, how, votes, kind in rows:
        seats[pk, key].append((how, votes, kind))
    found = {pk: _quorum_of(f"meeting:{key}", filled) for (pk, key), filled in seats.items()}
    return {pk: finding for pk, finding in found.items() if finding.state == INQUORATE}


def without_minutes(as_at: date) -> list[Meeting]:
    """Meetings of the last year that have no minutes yet, the oldest first."""
    end = datetime.combine(as_at, time(), tzinfo=LONDON)
    found = Meeting.objects.filter(
        starts_at__lt=end, starts_at__gte=end - timedelta(days=366), cancelled_on__isnull=True, minutes_versions__isnull=True
    )  # fmt: skip
    return list(found.select_related("body").order_by("starts_at")[:50])


def items_of_meetings() -> list[tuple[str, str]]:
    """The items of the last 40 meetings that were not cancelled, the newest first, for a choice."""
    found = Meeting.objects.filter(cancelled_on__isnull=True).select_related("body")
    standing = Prefetch("items", AgendaItem.objects.filter(place__isnull=False))
    return [
        (f"{m.key}/{item.number}", f"{m.body.name}, {m.starts_at.astimezone(LONDON):%-d %B %Y}: {item.title}"[:140])
        for m in found.prefetch_related(standing).order_by("-starts_at")[:40]
        for item in m.items.all()
    ]  # fmt: skip


def last_changes(found: Sequence[Meeting]) -> dict[str, datetime]:
    """When anything was last done about each of these meetings, by its name as an entry; in one query."""
    names = [entry("meeting", meeting.key) for meeting in found]
    rows = AuditEntry.objects.filter(subject__in=names).values_list("subject").annotate(last=Max("at"))
    return dict(rows.order_by())
