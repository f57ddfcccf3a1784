"""How promises stand: pure functions of (facts, as_at). Nothing is stored, so nobody can flatter it.

Only what had been recorded by `as_at` counts. Evidence added later never changes an earlier answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from endeavour.strategy.figures import Moved, Movement, Observed, movement, next_due


class State(StrEnum):
    """Every state a finding can name."""

    NOT_YET_SAID = "not_yet_said"
    NO_DATE = "no_date"
    ON_TIME = "on_time"
    DUE = "due"
    OVERDUE = "overdue"
    DONE = "done"
    MISSED_REVIEW = "missed_review"
    NO_EVIDENCE = "no_evidence"
    NO_OWNER = "no_owner"
    NO_MEASURE = "no_measure"
    DEPENDENCY_INVERTED = "dependency_inverted"
    EVIDENCE_PREDATES = "evidence_predates"
    EVIDENCE_ASSERTS_ITSELF = "evidence_asserts_itself"
    NO_FIGURE = "no_figure"
    EVIDENCE_STALE = "evidence_stale"
    MEASURE_BETTER = "measure_better"
    MEASURE_WORSE = "measure_worse"
    MEASURE_CHANGED = "measure_changed"
    MEASURE_STEADY = "measure_steady"
    MEASURE_UNTOLD = "measure_untold"


STANDINGS = (
    State.OVERDUE,
    State.MISSED_REVIEW,
    State.DUE,
    State.ON_TIME,
    State.DONE,
    State.NO_DATE,
    State.NOT_YET_SAID,
)
NOT_GOING_WELL = frozenset({State.OVERDUE, State.MISSED_REVIEW})
LABELS: dict[State, str] = {
    State.NOT_YET_SAID: "not yet promised",
    State.NO_DATE: "no date was given",
    State.ON_TIME: "not due yet",
    State.DUE: "due this month",
    State.OVERDUE: "late",
    State.DONE: "kept",
    State.MISSED_REVIEW: "kept once, review missed",
    State.NO_EVIDENCE: "no evidence yet",
    State.NO_OWNER: "no owner",
    State.NO_MEASURE: "no measure yet",
    State.DEPENDENCY_INVERTED: "due before what it needs",
    State.EVIDENCE_PREDATES: "evidence older than the promise",
    State.EVIDENCE_ASSERTS_ITSELF: "evidence only asserts itself",
    State.NO_FIGURE: "measured, but no figure yet",
    State.EVIDENCE_STALE: "figures out of date",
    State.MEASURE_BETTER: "a measure moved for the better",
    State.MEASURE_WORSE: "a measure moved for the worse",
    State.MEASURE_CHANGED: "a measure moved",
    State.MEASURE_STEADY: "a measure has not moved",
    State.MEASURE_UNTOLD: "too few figures to tell",
}


@dataclass(frozen=True)
class EvidenceFact:
    """One piece of evidence as the rules see it; `document_on` is the day its source document came out."""

    id: str
    happened_on: date
    recorded_on: date
    settles: bool = False
    source_document: str = ""
    document_on: date | None = None


@dataclass(frozen=True)
class MeasureFact:
    """An agreed measure and all its figures; `every` and `lag_days` say when a figure comes out.

    No movement is expected before `moves_from`.
    """

    id: str
    agreed_on: date
    polarity: str = "neither"
    every: str = "year"
    lag_days: int = 0
    moves_from: date | None = None
    figures: tuple[Observed, ...] = ()


@dataclass(frozen=True)
class Need:
    """Something that a promise depends on."""

    ref: str
    due_on: date | None


@dataclass(frozen=True)
class Facts:
    """All that the rules may know about one statement."""

    ref: str
    kind: str
    stated_on: date
    due_on: date | None = None
    recurrence: str = "none"
    review_months: int | None = None
    owner: str = ""
    document: str = ""
    about_documents: frozenset[str] = frozenset()
    evidence: tuple[EvidenceFact, ...] = ()
    measures: tuple[MeasureFact, ...] = ()
    measures_proposed: int = 0
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True)
class Finding:
    """One conclusion, in words, with the ids of what it rests on."""

    state: State
    words: str
    because: tuple[str, ...] = ()
    since: date | None = None


@dataclass(frozen=True)
class Judgement:
    """A statement's standing on one day and everything else worth saying about it."""

    ref: str
    as_at: date
    standing: Finding
    flags: tuple[Finding, ...] = field(default=())

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The standing first, then the rest."""
        return (self.standing, *self.flags)

    def has(self, state: State) -> bool:
        """Whether any finding names this state."""
        return any(finding.state == state for finding in self.findings)


def months_between(earlier: date, later: date) -> int:
    """Whole calendar months from one month to another.

    >>> months_between(date(2024, 3, 1), date(2026, 11, 22))
    32
    """
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def add_months(day: date, months: int) -> date:
    """The first day of the month that many months on.

    >>> add_months(date(2023, 11, 20), 3)
    datetime.date(2024, 2, 1)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


def month_words(day: date) -> str:
    """The month as people write it.

    >>> month_words(date(2023, 4, 1))
    'April 2023'
    """
    names = "January February March April May June July August September October November December".split()  # noqa: SIM905
    return f"{names[day.month - 1]} {day.year}"


def count_months(number: int) -> str:
    """A number of months in words: '1 month', '32 months'."""
    return f"{number} month{'' if number == 1 else 's'}"


def judge(facts: Facts, as_at: date) -> Judgement:
    """How one statement stood on one day, from what was recorded by then.

    >>> judge(Facts("W8", "we", date(2022, 12, 31), due_on=date(2023, 4, 1)), date(2026, 11, 22)).standing.words
    'late by 43 months'
    """
    if as_at < facts.stated_on:
        words = f"first said on {facts.stated_on.day} {month_words(facts.stated_on)}"
        return Judgement(
            facts.ref, as_at, Finding(State.NOT_YET_SAID, words, (_statement(facts),), facts.stated_on)
        )
    known = tuple(e for e in facts.evidence if e.recorded_on <= as_at and e.happened_on <= as_at)
    weak = {e.id: state for e in known if (state := weakness(facts, e))}
    sound = tuple(e for e in known if e.id not in weak)
    flags = [
        *_weak_evidence(known, weak),
        *_missing(facts, sound, as_at),
        *_inverted(facts),
        *(found for measure in facts.measures for found in _measured(facts, measure, as_at)),
    ]
    return Judgement(facts.ref, as_at, _standing(facts, sound, as_at), tuple(flags))


def weakness(facts: Facts, evidence: EvidenceFact) -> State | None:
    """Why a piece of evidence does not count, if it does not.

    A document may tell of what happened before it came out; it cannot prove what it says of its own day or later.
    """
    own = {facts.document, *facts.about_documents} - {""}
    if (
        evidence.source_document in own
        and evidence.document_on
        and evidence.happened_on >= evidence.document_on
    ):
        return State.EVIDENCE_ASSERTS_ITSELF
    if evidence.happened_on < facts.stated_on:
        return State.EVIDENCE_PREDATES
    return None


def _standing(facts: Facts, sound: Iterable[EvidenceFact], as_at: date) -> Finding:
    settled = sorted((e for e in sound if e.settles), key=lambda e: (e.happened_on, e.id))
    if settled:
        return _kept(facts, settled, as_at)
    because = (_statement(facts),)
    if facts.due_on is None:
        return Finding(State.NO_DATE, "no date was given", because)
    months = months_between(facts.due_on, as_at)
    if months < 0:
        return Finding(State.ON_TIME, f"due in {count_months(-months)}", because)
    if months == 0:
        return Finding(State.DUE, "due this month", because, facts.due_on)
    return Finding(State.OVERDUE, f"late by {count_months(months)}", because, add_months(facts.due_on, 1))


def _kept(facts: Facts, settled: list[EvidenceFact], as_at: date) -> Finding:
    first, last = settled[0], settled[-1]
    late = months_between(facts.due_on, first.happened_on) if facts.due_on else 0
    kept = f"kept in {month_words(first.happened_on)}" + (f", {count_months(late)} late" if late > 0 else "")
    because = (_statement(facts), *(e.id for e in settled))
    cadence = review_cadence(facts)
    if cadence and months_between(last.happened_on, as_at) > cadence:
        due = add_months(last.happened_on, cadence)
        words = f"{kept}; a review was due by {month_words(due)} and none is recorded"
        return Finding(State.MISSED_REVIEW, words, because, add_months(due, 1))
    return Finding(State.DONE, kept, because, first.happened_on)


def review_cadence(facts: Facts) -> int | None:
    """After how many months a kept promise must be shown again; None for one that is kept once."""
    if facts.review_months:
        return facts.review_months
    return {"annual": 12, "ongoing": 12}.get(facts.recurrence)


def _weak_evidence(known: Iterable[EvidenceFact], weak: dict[str, State]) -> list[Finding]:
    words = {
        State.EVIDENCE_ASSERTS_ITSELF: "a document cannot prove what it says of itself",
        State.EVIDENCE_PREDATES: "this happened before the promise was made",
    }
    return [Finding(weak[e.id], words[weak[e.id]], (e.id,), e.happened_on) for e in known if e.id in weak]


def _missing(facts: Facts, sound: tuple[EvidenceFact, ...], as_at: date) -> list[Finding]:
    because, found = (_statement(facts),), []
    if not sound:
        found.append(Finding(State.NO_EVIDENCE, "no evidence yet", because))
    if facts.kind in {"we", "duty"} and not facts.owner:
        found.append(Finding(State.NO_OWNER, "nobody is named as owner", because))
    if facts.kind in {"we", "i"} and not any(m.agreed_on <= as_at for m in facts.measures):
        found.append(Finding(State.NO_MEASURE, _unmeasured(facts.measures_proposed), because))
    return found


def _measured(facts: Facts, measure: MeasureFact, as_at: date) -> list[Finding]:
    """What the figures of one agreed measure that had come out by a day say of the promise."""
    if measure.agreed_on > as_at:
        return []
    because, late = (measure.id,), timedelta(days=measure.lag_days)
    known = [o for o in measure.figures if o.value is not None and o.end + late <= as_at]
    if not known:
        return [Finding(State.NO_FIGURE, "no figure of an agreed measure is out yet", because)]
    newest = known[-1]
    if newest.end < facts.stated_on:
        words = f"the newest figure of a measure ({newest.period}) is older than the promise"
        return [Finding(State.EVIDENCE_PREDATES, words, because, newest.end)]
    found = [_movement(measure, movement(known, measure.polarity), newest, as_at)]
    due = next_due(newest, measure.every, measure.lag_days)
    if due < as_at:
        words = f"the newest figure of a measure is for {newest.period}, and a newer one was due"
        found.append(Finding(State.EVIDENCE_STALE, words, because, due))
    return found


def _movement(measure: MeasureFact, moved: Moved, newest: Observed, as_at: date) -> Finding:
    because = (measure.id,)
    if moved.movement == Movement.TOO_FEW:
        return Finding(
            State.MEASURE_UNTOLD, "too few figures of a measure to tell a change from chance", because
        )
    if moved.movement == Movement.NONE:
        words = "a measure has not moved by more than chance"
        if measure.moves_from and as_at < measure.moves_from:
            words += f"; none was expected before {month_words(measure.moves_from)}"
        return Finding(State.MEASURE_STEADY, words, because)
    state, way = {
        Movement.BETTER: (State.MEASURE_BETTER, " for the better"),
        Movement.WORSE: (State.MEASURE_WORSE, " for the worse"),
    }.get(moved.movement, (State.MEASURE_CHANGED, ""))
    return Finding(state, f"a measure moved{way} by more than chance ({newest.period})", because)


def _unmeasured(proposed: int) -> str:
    return f"no measure yet ({proposed} proposed)" if proposed else "no measure yet"


def _inverted(facts: Facts) -> list[Finding]:
    return [
        Finding(
            State.DEPENDENCY_INVERTED,
            f"due {month_words(facts.due_on)}, but it needs {need.ref}, which was due {month_words(need.due_on)}",
            (_statement(facts), f"statement:{need.ref}"),
        )
        for need in facts.needs
        if facts.due_on and need.due_on and facts.due_on < need.due_on
    ]


def _statement(facts: Facts) -> str:
    return f"statement:{facts.ref}"
