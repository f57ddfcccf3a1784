"""Who may do what with the caseload, the lawful moves, and what the next step is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from endeavour.core.public import Role, allow

OPEN_CASELOAD = "population.open_caseload"
SEE_CASELOAD = "population.see_caseload"
ASSIGN_LEAD = "population.assign_lead"
SEE_HOUSEHOLD = "population.see_household"
RECORD_CONSENT = "population.record_consent"
PLAN_WORK = "population.plan_work"
SEE_LOOKS = "population.see_looks"
SEE_PAIR = "population.see_pair"
JUDGE_PAIR = "population.judge_pair"
REVIEW_PLUS_GROUP = "population.review_plus_group"

allow(OPEN_CASELOAD, [Role.SECRETARY], "open the caseload")
allow(SEE_CASELOAD, [Role.PRACTITIONER, Role.SECRETARY], "see the caseload")
allow(ASSIGN_LEAD, [Role.SECRETARY], "say who leads for a household")
allow(SEE_HOUSEHOLD, [Role.PRACTITIONER], "see why a household was chosen")
allow(RECORD_CONSENT, [Role.PRACTITIONER], "record what a household agreed to")
allow(PLAN_WORK, [Role.PRACTITIONER], "plan work with a household")
allow(SEE_LOOKS, [Role.ADMINISTRATOR], "see who looked at a household")
allow(SEE_PAIR, [Role.PRACTITIONER], "see records that may be one person")
allow(JUDGE_PAIR, [Role.PRACTITIONER], "judge whether two records are one person")
allow(REVIEW_PLUS_GROUP, [Role.SECRETARY], "record a review of PLUS groups")

# The lawful moves; '' is where nothing has been recorded yet.
CONSENT_MOVES: dict[str, tuple[str, ...]] = {
    "": ("asked", "given", "declined"),
    "asked": ("asked", "given", "declined"),
    "given": ("withdrawn",),
    "declined": ("asked", "given"),
    "withdrawn": ("asked", "given"),
}
WORK_MOVES: dict[str, tuple[str, ...]] = {
    "planned": ("under_way", "stopped"),
    "under_way": ("done", "stopped"),
    "done": (),
    "stopped": ("planned",),
}
# A household that said no is left in peace for half a year; one that did not answer is asked again after four weeks.
PEACE = timedelta(days=182)
WAIT = timedelta(days=28)


@dataclass(frozen=True)
class Work:
    """What a rule needs to know of one workstream."""

    name: str
    state: str
    starts_on: date
    due_on: date


@dataclass(frozen=True)
class Step:
    """What comes next for a household: a state to filter by, a sentence, and the day it is due where there is one."""

    state: str
    words: str
    due_on: date | None = None

    def days_late(self, as_at: date) -> int:
        """Whole days past its day; nought when it is not late or has no day."""
        return max(0, (as_at - self.due_on).days) if self.due_on else 0


STEP_WORDS = {
    "lead": "needs a lead body",
    "ask": "to be asked",
    "waiting": "asked, waiting for an answer",
    "peace": "said no: leave in peace",
    "plan": "said yes: needs a plan",
    "act": "plan to carry out",
    "close": "plan finished",
}


def next_step(
    *, has_lead: bool, consent: str, consent_on: date | None, work: Sequence[Work], as_at: date
) -> Step:
    """What comes next, from what was recorded by `as_at`; no status is stored, so any past day can be asked again.

    >>> next_step(has_lead=True, consent="", consent_on=None, work=[], as_at=date(2026, 11, 22)).words
    'Ask the household whether it wants support.'
    """
    if not has_lead:
        return Step("lead", "Agree which body leads.")
    if not consent:
        return Step("ask", "Ask the household whether it wants support.")
    assert consent_on is not None, "a consent has its day"
    if consent == "asked":
        return Step("waiting", "Wait for the answer, then ask once more.", consent_on + WAIT)
    if consent in {"declined", "withdrawn"}:
        again = consent_on + PEACE
        if as_at < again:
            return Step("peace", "The household said no. Leave it in peace.")
        return Step("ask", "Half a year has passed since the household said no. It may be asked again.")
    return _of_plan(work)


def _of_plan(work: Sequence[Work]) -> Step:
    waiting = sorted((w for w in work if w.state in {"planned", "under_way"}), key=_when)
    if waiting:
        first = waiting[0]
        verb = "Begin" if first.state == "planned" else "Finish"
        return Step("act", f"{verb}: {first.name}.", _when(first))
    if any(w.state == "done" for w in work):
        return Step("close", "Every part of the plan is finished. Ask how life is now.")
    return Step("plan", "The household said yes. Agree a plan with it.")


def _when(work: Work) -> date:
    return work.starts_on if work.state == "planned" else work.due_on


@dataclass(frozen=True)
class Due:
    """When a review is due, and in words how it stands on a day."""

    on: date | None
    state: str
    words: str


def review_due(last: date | None, first_due: date | None, as_at: date) -> Due:
    """When a group is next reviewed: a year after the last time, or by the day promised where it never was.

    >>> review_due(date(2025, 10, 1), date(2023, 9, 30), date(2026, 11, 22)).words
    'overdue by 1 month'
    """
    due = _a_year_after(last) if last else first_due
    if due is None:
        return Due(None, "never", "never reviewed")
    if as_at <= due:
        return Due(due, "current", "reviewed within the year")
    months = (as_at.year - due.year) * 12 + as_at.month - due.month
    days = (as_at - due).days
    late = (
        f"{months} month{'' if months == 1 else 's'}" if months else f"{days} day{'' if days == 1 else 's'}"
    )
    return Due(due, "overdue", f"overdue by {late}" if last else f"never reviewed, late by {late}")


def _a_year_after(day: date) -> date:
    return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
