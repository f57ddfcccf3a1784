"""The strategy in words that a resident reads: no colours, no codes, no blame and no cheer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from endeavour.charts.words import number_words
from endeavour.core.public import today
from endeavour.errors import BadInput
from endeavour.strategy.findings import (
    LABELS,
    STANDINGS,
    Finding,
    State,
    add_months,
    month_words,
    months_between,
)
from endeavour.strategy.models import Statement
from endeavour.strategy.outline import outline
from endeavour.strategy.queries import EARLIEST, Judged

LEVELS = {"system": "whole system", "place": "place", "neighbourhood": "neighbourhood", "all": "every level"}
STANDING_WORDS = {
    State.OVERDUE: "late",
    State.MISSED_REVIEW: "kept once, but a review was missed",
    State.DUE: "due this month",
    State.ON_TIME: "not due yet",
    State.DONE: "kept",
    State.NO_DATE: "without a date",
    State.NOT_YET_SAID: "not yet said",
}


@dataclass(frozen=True)
class Row:
    """One statement as a list shows it."""

    ref: str
    kind: str
    words: str
    verbatim: bool
    section: str
    level: str
    owner: str
    due: str
    standing: Finding
    flags: tuple[Finding, ...]
    note: str
    judged: Judged

    @property
    def flag_words(self) -> str:
        """Everything else worth saying, in one line."""
        return "; ".join(flags_in_short(self.flags))


def row(judged: Judged, names: dict[str, str] | None = None) -> Row:
    """One statement and how it stood, in words."""
    said = judged.statement
    return Row(
        ref=said.ref,
        kind=said.get_kind_display(),
        words=said.words,
        verbatim=said.is_verbatim,
        section=said.section,
        level=LEVELS.get(said.level, said.level),
        owner=owner_words(said, names or {}),
        due=due_words(said),
        standing=judged.judgement.standing,
        flags=judged.judgement.flags,
        note=said.note,
        judged=judged,
    )


OF_MEASURES = frozenset(
    {
        State.NO_FIGURE, State.EVIDENCE_STALE, State.MEASURE_BETTER, State.MEASURE_WORSE, State.MEASURE_CHANGED,
        State.MEASURE_STEADY, State.MEASURE_UNTOLD,
    }
)  # fmt: skip


def flags_in_short(flags: Iterable[Finding]) -> list[str]:
    """What to say beside a standing, each thing once; what concerns one measure of several is said of them together."""
    words = ((LABELS[flag.state] if flag.state in OF_MEASURES else flag.words) for flag in flags)
    return list(dict.fromkeys(words))


def places_for(value: float) -> int:
    """With how many decimals a figure is read: none for large ones, one as a rule, two for very small ones.

    >>> [places_for(v) for v in (106950.0, 76.62, 0.031, 0.0)]
    [0, 1, 2, 1]
    """
    return 0 if abs(value) >= 1_000 else 2 if 0 < abs(value) < 0.1 else 1


def figure_words(value: float | None) -> str:
    """A figure as people read it, or 'not known'."""
    return number_words(value, 1 if value is None else places_for(value))


def owner_words(said: Statement, names: dict[str, str]) -> str:
    """The owner's name; 'nobody is named' when there is none."""
    if not said.owner:
        return "nobody is named"
    known = {"icp": "the integrated care partnership"}
    return names.get(said.owner) or known.get(said.owner) or said.owner.replace("-", " ")


def who_must_name(said: Statement, names: dict[str, str], day: date) -> str:
    """Who must name how a promise is measured, and by when: its owner, by the day on which it falls due.

    Nothing is chosen here: where the strategy names nobody or gives no date, the words say so.
    """
    who = owner_words(said, names) if said.owner else ""
    who = who[:1].upper() + who[1:] if who else "Nobody is named who"
    if said.due_on is None:
        return f"{who} must name them; no date was given."
    by, late = month_words(said.due_on), months_between(said.due_on, day)
    if late <= 0:
        return f"{who} must name them by {by}."
    ago = "1 month ago" if late == 1 else f"{late} months ago"
    return f"{who} was to name them by {by}, {ago}."


def due_words(said: Statement) -> str:
    """When it was to be done, as 'April 2023, and from then on'."""
    if said.due_on is None:
        return "no date was given"
    again = {"ongoing": ", and from then on", "annual": ", and every year"}.get(said.recurrence, "")
    return f"{month_words(said.due_on)}{again}"


def headline(counts: dict[State, int], as_at: date) -> str:
    """The finding in a sentence: 'All 26 are late' or '20 of 26 are late, 4 are kept and 2 are not due yet'."""
    total = sum(counts.values())
    if not total:
        return "Nothing had been promised yet."
    parts = []
    for state in STANDINGS:
        if number := counts.get(state, 0):
            if number == total:
                whole = "The one is" if total == 1 else f"All {total} are"
                return f"{whole} {STANDING_WORDS[state]}."
            verb = "is" if number == 1 else "are"
            parts.append(f"{number} {verb} {STANDING_WORDS[state]}")
    del as_at
    return f"Of {total}, {', '.join(parts[:-1])} and {parts[-1]}."


def standing_choices(rows: Iterable[Judged]) -> list[dict[str, object]]:
    """The states there are, for a filter."""
    present = {item.judgement.standing.state for item in rows}
    return [{"value": state.value, "text": LABELS[state]} for state in STANDINGS if state in present]


@dataclass(frozen=True)
class Stop:
    """One day on the way back in time."""

    day: date
    words: str
    current: bool


def stops(chosen: date) -> list[Stop]:
    """Days worth looking at, as the pack names them, and today."""
    days = [(moment.day, moment.words) for moment in outline().moments]
    found = [Stop(day, words, day == chosen) for day, words in days if EARLIEST <= day <= today()]
    return [*found, Stop(today(), "today", chosen == today())]


@dataclass(frozen=True)
class Slider:
    """Looking back by months: how many lie between the first day we know and today, and which is shown."""

    last: int
    value: int
    words: str
    years: tuple[tuple[int, int], ...]


def slider(chosen: date) -> Slider:
    """The slider for a day; its marks are the Januaries.

    >>> slider(date(2017, 3, 14)).value, slider(date(2017, 3, 14)).words
    (2, 'March 2017')
    """
    last = months_between(EARLIEST, today())
    years = tuple(
        (months_between(EARLIEST, date(y, 1, 1)), y) for y in range(EARLIEST.year, today().year + 1)
    )
    return Slider(last, months_between(EARLIEST, chosen), month_words(chosen), years)


def day_of_month(text: str) -> date:
    """The day that a place of the slider means: the first of its month, or today in this one."""
    if not text.isdecimal() or len(text) > 4:
        raise BadInput(f"'{text[:10]}' is not a place on the slider.", hint="Give a day instead.")
    return min(add_months(EARLIEST, int(text)), today())


def step(chosen: date, months: int) -> date | None:
    """The same place in time some months away, where there is something to see."""
    moved = add_months(chosen, months)
    return moved if EARLIEST <= moved <= today() else None


def section_group(section: str) -> str:
    """The number of the chapter a section belongs to."""
    return section.split(".", maxsplit=1)[0]


DEEDS = {
    "strategy.evidence": "evidence was recorded",
    "strategy.explain": "a reason was given",
    "strategy.measure": "a measure was set",
    "strategy.align": "a partner's objective was looked at",
    "strategy.variant": "a version for another audience was published",
    "thread.link": "a tie to something else was made",
}


def deed_words(action: str) -> str:
    """What was done, in words; an action without words is named as it is."""
    return DEEDS.get(action, action.replace(".", ": "))
