"""How statements stood on a day, all of them or a page at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.db.models.functions import Length

from endeavour.core.public import today
from endeavour.errors import NotFound
from endeavour.strategy.findings import STANDINGS, Finding, Judgement, State, judge
from endeavour.strategy.models import Statement
from endeavour.strategy.queries.facts import facts_of
from endeavour.strategy.queries.statements import exported, statement, statements

EARLIEST = date(2017, 1, 1)


@dataclass(frozen=True)
class Judged:
    """A statement in the wording of a day, and how it stood on that day."""

    statement: Statement
    judgement: Judgement


def judged(*kinds: str, at: date | None = None, refs: Iterable[str] | None = None) -> list[Judged]:
    """Statements of these kinds and how each stood on a day."""
    day = at or today()
    return judge_all(statements(*kinds, at=day, refs=refs), day)


def judge_all(rows: list[Statement], day: date) -> list[Judged]:
    """How each of these statements stood on a day."""
    facts = facts_of(rows, at=day)
    return [Judged(row, judge(known, day)) for row, known in zip(rows, facts, strict=True)]


def judged_one(ref: str, *, at: date | None = None) -> Judged:
    """One statement and how it stood on a day."""
    statement(ref, at=at)
    return judged(at=at, refs=[ref])[0]


def standing_counts(rows: Iterable[Judged]) -> dict[State, int]:
    """How many stand in each state, worst first; states that nobody is in are left out."""
    counts = dict.fromkeys(STANDINGS, 0)
    for row in rows:
        counts[row.judgement.standing.state] += 1
    return {state: number for state, number in counts.items() if number}


PAGE = 50


@dataclass(frozen=True)
class Page:
    """A page of a long list: its rows, how many there are in all, and which page it is, counted from 1."""

    rows: list[Judged]
    total: int
    number: int
    size: int = PAGE

    @property
    def last(self) -> int:
        """The number of the last page; an empty list has one."""
        return max(1, -(-self.total // self.size))


def page_of(*kinds: str, at: date, words: str = "", number: int = 1, size: int = PAGE) -> Page:
    """One page of the statements of these kinds, or of all, that held on a day and hold these words.

    Only the rows of the page are judged, so a list of 100,000 answers as fast as one of 100. In the order of kind and
    number; `NotFound` past the end.
    """
    found = Statement.objects.filter(stated_on__lte=at).exclude(superseded_by__stated_on__lte=at)
    if kinds:
        found = found.filter(kind__in=kinds)
    if words:
        found = found.filter(Q(text__icontains=words) | Q(paraphrase__icontains=words) | Q(ref__iexact=words))
    total = found.count()
    page = Page([], total, number, size)
    if not 1 <= number <= page.last:
        raise NotFound(f"There is no page {number} of {page.last}.", hint="Start at the first page.")
    start = (number - 1) * size
    ordered = found.order_by("kind", Length("ref"), "ref").select_related("document")[start : start + size]
    return Page(judge_all(list(ordered), at), total, number, size)


def as_plain(item: Judged) -> dict[str, object]:
    """A statement and how it stood, as plain data."""

    def finding(found: Finding) -> dict[str, object]:
        since = found.since.isoformat() if found.since else None
        return {
            "state": found.state.value,
            "words": found.words,
            "because": list(found.because),
            "since": since,
        }

    return {
        **exported(item.statement),
        "as_at": item.judgement.as_at.isoformat(),
        "standing": finding(item.judgement.standing),
        "findings": [finding(found) for found in item.judgement.findings],
    }
