"""All that the secretariat's desk shows of a day: what waits, what is late, what is due, and the year's cycle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from endeavour.core.public import now
from endeavour.governance.findings import Finding
from endeavour.governance.models import Action, Contribution, Meeting
from endeavour.governance.queries.action_list import first_actions
from endeavour.governance.queries.agreements import AgreementRow, faulty_agreements
from endeavour.governance.queries.boards import board_map_faults
from endeavour.governance.queries.compact import SignerRow, compact
from endeavour.governance.queries.duties import DutyRow, register, waiting_in_cycle
from endeavour.governance.queries.escalations import Timed, late_escalations
from endeavour.governance.queries.meetings import meeting_findings, meetings, without_minutes
from endeavour.governance.queries.papers import Before, consultation
from endeavour.governance.queries.partners import Practice, late_reviews, partners
from endeavour.governance.queries.registers import EntryRow, entries
from endeavour.governance.queries.voices import count_unanswered, unanswered

MOST, MOST_MEETINGS, MOST_PAPERS = 10, 5, 20


@dataclass(frozen=True)
class Desk:
    """A day at the desk. Of people who wait and of actions it holds the first few, with how many there are in all."""

    as_at: date
    waiting: list[Contribution]
    waiting_count: int
    notices: list[tuple[Meeting, Finding]]
    unminuted: list[Meeting]
    late: list[tuple[Action, Finding]]
    late_actions: int
    due: list[tuple[Action, Finding]]
    due_actions: int
    worries: list[Timed]
    reviews: list[Practice]
    agreements: list[AgreementRow]
    unconsulted: list[Before]
    registers: list[EntryRow]
    unsigned: list[SignerRow]
    duties: list[DutyRow]
    coming: list[tuple[Meeting, Finding]]
    cycle: list[tuple[str, list[str]]]
    faults: int
    unengaged: int

    @property
    def late_count(self) -> int:
        """How many things are late, of every kind."""
        kinds = (self.reviews, self.agreements, self.unconsulted, self.registers, self.worries)
        breached = sum(row.finding.state == "breached" for row in self.duties)
        return self.late_actions + breached + sum(len(kind) for kind in kinds)


def desk_on(day: date) -> Desk:
    """The desk of a day."""
    coming, _ = meetings(as_at=day)
    called = [(m, meeting_findings(m, day)[0]) for m in coming[:MOST_MEETINGS]]
    waiting, signing = unanswered(MOST), compact(day)
    late, late_actions = first_actions(day, "late", MOST)
    due, due_actions = first_actions(day, "due", MOST)
    return Desk(
        as_at=day,
        waiting=waiting,
        waiting_count=count_unanswered() if len(waiting) == MOST else len(waiting),
        notices=[(m, finding) for m, finding in called if not m.noticed_on],
        unminuted=without_minutes(day),
        late=late,
        late_actions=late_actions,
        due=due,
        due_actions=due_actions,
        worries=late_escalations(now()),
        reviews=late_reviews(day),
        agreements=faulty_agreements(day),
        unconsulted=[row for row in consultation(day) if row.is_faulty][:MOST_PAPERS],
        registers=[row for row in entries(day) if row.is_faulty],
        unsigned=signing.unsigned if signing.practice else [],
        duties=[row for row in register(day) if row.finding.state in {"due", "breached", "unproven"}],
        coming=called,
        cycle=waiting_in_cycle(day),
        faults=len(board_map_faults(day)),
        unengaged=sum(row.finding.state == "not_engaged" for row in partners(day)),
    )
