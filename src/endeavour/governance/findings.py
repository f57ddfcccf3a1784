"""What is true of meetings, duties, the cycle and the map on a given day: pure functions, nothing stored.

Each takes plain facts and a day and returns `Finding`s with the ids they rest on, so that any past day can be asked
again and nobody can flatter the answer. The secretary's judgement is never replaced: a finding says what the evidence
shows, and 'unproven' is a state of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache


@dataclass(frozen=True)
class Finding:
    """One computed state of one subject, with the reason in words and the ids it rests on."""

    subject: str
    state: str
    words: str
    because: tuple[str, ...] = ()


def in_words(day: date) -> str:
    """A day as everybody writes it.

    >>> in_words(date(2026, 3, 1))
    '1 March 2026'
    """
    return f"{day.day} {day:%B %Y}"


def how_late(due: date, as_at: date) -> str:
    """How long something has been due: in days at first, and from two months on in whole months.

    >>> [how_late(date(2025, 7, 1), date(*day)) for day in ((2025, 7, 2), (2025, 8, 31), (2025, 9, 1), (2026, 11, 23))]
    ['1 day', '61 days', '2 months', '16 months']
    """
    days = (as_at - due).days
    months = 12 * (as_at.year - due.year) + as_at.month - due.month - (as_at.day < due.day)
    count, unit = (days, "day") if months < 2 else (months, "month")
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    import holidays

    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=[year]))


def is_working_day(day: date) -> bool:
    """Whether `day` is neither a weekend nor a bank holiday in England.

    >>> is_working_day(date(2026, 12, 25)), is_working_day(date(2026, 12, 24))
    (False, True)
    """
    return day.weekday() < 5 and day not in _bank_holidays(day.year)


def last_notice_day(meeting: date, clear_days: int) -> date:
    """The last day on which notice may be given: `clear_days` whole working days lie between it and the meeting.

    Neither the day of notice nor the day of the meeting counts (Local Government Act 1972, s.100A(6)).

    >>> last_notice_day(date(2026, 12, 3), 5)
    datetime.date(2026, 11, 25)
    >>> last_notice_day(date(2026, 12, 30), 2)
    datetime.date(2026, 12, 23)
    """
    day, left = meeting, clear_days
    while left:
        day -= timedelta(days=1)
        left -= is_working_day(day)
    day -= timedelta(days=1)
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def notice(subject: str, meeting: date, noticed_on: date | None, clear_days: int, as_at: date) -> Finding:
    """Whether notice of a meeting was given in time."""
    last = last_notice_day(meeting, clear_days)
    if noticed_on and noticed_on <= last:
        return Finding(subject, "met", f"Notice was given on {in_words(noticed_on)}, in time.")
    if noticed_on:
        return Finding(
            subject,
            "breached",
            f"Notice was given on {in_words(noticed_on)}; the last day was {in_words(last)}.",
        )
    if as_at <= last:
        return Finding(subject, "due", f"Notice must be given by {in_words(last)}.")
    return Finding(subject, "breached", f"No notice was given by {in_words(last)}.")


@dataclass(frozen=True)
class Quorum:
    """How many voting seats must be filled, and from which classes of partner at least one."""

    seats: int
    classes: frozenset[str] = frozenset()


def quorum(subject: str, filled: Sequence[str], rule: Quorum) -> Finding:
    """Whether the voting seats filled (each given by the class of partner it speaks for) make a quorum."""
    missing = sorted(rule.classes - set(filled))
    if len(filled) < rule.seats:
        words = f"{len(filled)} voting seats were filled; {rule.seats} are needed."
        return Finding(subject, "inquorate", words)
    if missing:
        return Finding(subject, "inquorate", f"Nobody was there for: {', '.join(missing)}.")
    return Finding(subject, "quorate", f"{len(filled)} voting seats were filled; {rule.seats} are needed.")


@dataclass(frozen=True)
class CycleItem:
    """Something the year must contain: the month it first falls due and every how many months."""

    key: str
    title: str
    first: date
    months: int
    duty: str = ""


@dataclass(frozen=True)
class Disposal:
    """A recorded decision that disposed of one occurrence of a cycle item."""

    item: str
    occurrence: date
    decision: str
    on: date


def occurrences(item: CycleItem, as_at: date) -> list[date]:
    """Every day on which the item has fallen due up to and including `as_at`.

    >>> occurrences(CycleItem("review", "Review", date(2024, 1, 1), 6), date(2025, 1, 1))
    [datetime.date(2024, 1, 1), datetime.date(2024, 7, 1), datetime.date(2025, 1, 1)]
    """
    found, step = [], 0
    while (day := add_months(item.first, step * item.months)) <= as_at:
        found.append(day)
        step += 1
        if not item.months:
            break
    return found


def cycle(items: Iterable[CycleItem], disposals: Iterable[Disposal], as_at: date) -> list[Finding]:
    """What the annual business cycle still asks for: each occurrence stays until a recorded decision disposes of it."""
    done = {(d.item, d.occurrence): d.decision for d in disposals if d.on <= as_at}
    found = []
    for item in items:
        for day in occurrences(item, as_at):
            decision = done.get((item.key, day))
            if decision:
                found.append(Finding(f"cycle:{item.key}", "met", f"{item.title}: decided.", (decision,)))
            else:
                late = (as_at - day).days
                words = f"{item.title}: due since {in_words(day)}." if late else f"{item.title}: due today."
                found.append(Finding(f"cycle:{item.key}", "overdue" if late > 31 else "due", words))
    return found


@dataclass(frozen=True)
class RouteFact:
    """A route between two bodies as far as the map needs it."""

    kind: str
    source: str
    target: str
    owner: str
    cadence_days: int | None
    last_message: date | None


def map_faults(
    bodies: Iterable[str], routes: Sequence[RouteFact], vacant: Mapping[str, str], as_at: date, hub: str
) -> list[Finding]:
    """Faults of the map of boards: no way in, no way out, silent past its cadence, nobody owning it, an empty seat."""
    heard_from = {r.target for r in routes}
    speaks_to = {r.source for r in routes}
    found = []
    for body in sorted(bodies):
        if body == hub:
            continue
        if body not in speaks_to:
            found.append(
                Finding(f"body:{body}", "no_route_out", "Nothing carries its words to another body.")
            )
        if body not in heard_from:
            found.append(
                Finding(f"body:{body}", "no_route_in", "Nothing carries another body's words to it.")
            )
    for route in routes:
        name = f"route:{route.source}/{route.kind}/{route.target}"
        if not route.owner:
            found.append(Finding(name, "no_owner", "Nobody is named as keeping this route."))
        if route.cadence_days is None:
            continue
        if route.last_message is None:
            found.append(Finding(name, "silent", "No message has been recorded on this route."))
        elif (silence := (as_at - route.last_message).days) > route.cadence_days:
            words = f"Silent for {silence} days; one was expected every {route.cadence_days}."
            found.append(Finding(name, "silent", words))
    found += [
        Finding(f"post:{post}", "vacant", f"{title} is vacant.") for post, title in sorted(vacant.items())
    ]
    return found


@dataclass(frozen=True)
class Duty:
    """One duty in law as data: when it holds, what evidence would show it met, and how long an answer may take."""

    key: str
    title: str
    act: str
    commenced: date
    repealed: date | None
    needs: str
    answers_trigger: str = ""
    within_days: int = 0
    after: date | None = None
    stale_after_days: int = 0
    optional: bool = False
    falls_short: str = ""


@dataclass(frozen=True)
class Shown:
    """One piece of evidence about a duty; `answers` names the trigger that it disposes of.

    `shows` is 'all', 'partly' or 'nothing' of what the duty needs, and `why` says what is lacking.
    """

    id: str
    duty: str
    kind: str
    on: date
    asserts_itself: bool = False
    answers: str = ""
    shows: str = "all"
    why: str = ""


def duty_state(duty: Duty, evidence: Iterable[Shown], as_at: date) -> Finding:
    """Whether a duty is met, due, breached or unproven on a day, from evidence that existed by then.

    A document that asserts its own publication proves nothing, and evidence older than the thing it should prove
    (`after`) proves nothing either; both leave the duty unproven, as does anything recorded that falls short of it. For
    a duty that answers a trigger, each trigger needs its own recorded answer within the days allowed.
    """
    subject = f"duty:{duty.key}"
    known = [e for e in evidence if e.duty == duty.key and e.on <= as_at]
    if as_at < duty.commenced:
        return Finding(subject, "not_in_force", f"In force from {in_words(duty.commenced)}.")
    if duty.repealed and as_at >= duty.repealed:
        return Finding(subject, "repealed", f"Repealed from {in_words(duty.repealed)}.")
    if duty.answers_trigger:
        return _triggered(subject, duty, known, as_at)
    short = tuple(e.id for e in known if e.kind == duty.falls_short)
    if short:
        words = (
            f"{len(short)} {'decision says' if len(short) == 1 else 'decisions say'} nothing that shows it."
        )
        return Finding(subject, "unproven", words, short)
    good = [e for e in known if not _lacking(duty, e)]
    if not good:
        weak = tuple(e.id for e in known)
        lacking = " ".join(dict.fromkeys(_lacking(duty, e) for e in known)) or "Nothing recorded shows it."
        if duty.optional:
            power = "A power, not a duty: nothing shows that it was used."
            return Finding(subject, "not_used", f"{power} {lacking}" if weak else power, weak)
        return Finding(subject, "unproven", lacking, weak)
    newest = max(good, key=lambda e: e.on)
    if duty.stale_after_days and (as_at - newest.on).days > duty.stale_after_days:
        return Finding(subject, "due", f"Last shown on {in_words(newest.on)}; due again.", (newest.id,))
    return Finding(subject, "met", f"Shown on {in_words(newest.on)}.", tuple(e.id for e in good))


def _lacking(duty: Duty, shown: Shown) -> str:
    """Why one piece of evidence does not show a duty met; empty where it does."""
    if shown.asserts_itself:
        return "A document cannot prove what it says of itself."
    if duty.after and shown.on < duty.after:
        return f"What there is came before {in_words(duty.after)}."
    if shown.shows != "all":
        return f"Partly shown. {shown.why}" if shown.shows == "partly" else shown.why
    return "" if shown.kind == duty.needs else "What is recorded is of another kind."


def _triggered(subject: str, duty: Duty, known: Sequence[Shown], as_at: date) -> Finding:
    triggers = [e for e in known if e.kind == duty.answers_trigger]
    answered = {e.answers for e in known if e.kind == duty.needs}
    open_ = [t for t in triggers if t.id not in answered]
    if not triggers:
        return Finding(subject, "not_triggered", "Nothing has happened that calls for it.")
    late = tuple(t.id for t in open_ if as_at > t.on + timedelta(days=duty.within_days))
    if late:
        return Finding(
            subject, "breached", f"{len(late)} left unanswered past {duty.within_days} days.", late
        )
    if open_:
        first = min(t.on for t in open_) + timedelta(days=duty.within_days)
        return Finding(subject, "due", f"An answer is due by {in_words(first)}.", tuple(t.id for t in open_))
    return Finding(subject, "met", "Each was answered by a recorded decision.", tuple(t.id for t in triggers))


def add_months(day: date, months: int) -> date:
    """The same day so many months on, or the 28th where the month may be too short.

    >>> add_months(date(2026, 1, 31), 13)
    datetime.date(2027, 2, 28)
    """
    whole = day.month - 1 + months
    return date(day.year + whole // 12, whole % 12 + 1, min(day.day, 28))
