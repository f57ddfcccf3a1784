"""Safeguarding worries on their routes: who waits for whom, since when, and which are past their agreed time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from endeavour.core.public import Body, Person, entry
from endeavour.errors import NotFound
from endeavour.governance.escalating import timed
from endeavour.governance.findings import Finding
from endeavour.governance.models import Escalation
from endeavour.governance.rules import SECRETARIAT


@dataclass(frozen=True)
class Timed:
    """One worry and how it stands against its clock at a moment."""

    escalation: Escalation
    finding: Finding

    @property
    def is_late(self) -> bool:
        """Whether nobody answered it by the agreed time."""
        return self.finding.state == "past_its_time"

    @property
    def is_open(self) -> bool:
        """Whether nobody has answered it."""
        return self.finding.state in {"past_its_time", "waiting"}


def _timed(rows: QuerySet[Escalation], moment: datetime) -> list[Timed]:
    found = []
    for row in rows.select_related("body", "other", "answer").order_by("answer_by"):
        answer = getattr(row, "answer", None)
        known = answer.answered_at if answer and answer.recorded_at <= moment else None
        found.append(Timed(row, timed(entry("escalation", row.pk), row.answer_by, known, moment)))
    return found


def escalations_for(person: Person, moment: datetime) -> list[Timed]:
    """The worries that somebody may see, those past their time first: their own body's, or all for the secretariat."""
    rows = Escalation.objects.filter(recorded_at__lte=moment)
    if person.role not in SECRETARIAT:
        rows = rows.filter(body=person.body) | rows.filter(other=person.body)
    found = _timed(rows, moment)
    return sorted(found, key=lambda row: (not row.is_late, not row.is_open))[:500]


def escalation_for(person: Person, pk: int, moment: datetime) -> Escalation:
    """One worry that somebody may see; `NotFound` for any other."""
    found = next((row.escalation for row in escalations_for(person, moment) if row.escalation.pk == pk), None)
    if found is None:
        raise NotFound("There is no such worry that you may see.", hint="See /escalations.")
    return found


def late_escalations(moment: datetime) -> list[Timed]:
    """Those that nobody answered by their agreed time, the longest late first."""
    rows = Escalation.objects.filter(recorded_at__lte=moment, answer_by__lt=moment)
    return [row for row in _timed(rows, moment) if row.is_late]


def late_by_route(moment: datetime) -> dict[str, int]:
    """How many are past their time on each route, by its name as an entry."""
    late = Counter(row.escalation.route for row in late_escalations(moment))
    return {f"register:safeguarding-routes/{route}": number for route, number in late.items()}


def open_escalations(body: Body, moment: datetime) -> list[Timed]:
    """Those of a body, on either side, that nobody has answered."""
    rows = Escalation.objects.filter(recorded_at__lte=moment)
    found = _timed(rows.filter(body=body) | rows.filter(other=body), moment)
    return [row for row in found if row.is_open]
