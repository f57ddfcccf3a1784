"""From pairs to people: the strongest pair first, each joined only where nothing forbids it.

Pure functions of their arguments, the same on every machine. People who already have a number keep it: a pair that
would join two of them is not joined but handed to a reviewer, and everybody new is numbered after the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from endeavour.engine.linkage.guard import MOST_BIRTH_DATES, MOST_RECORDS, is_slip

Ints = NDArray[np.int64]
JOINED, KNOWN_ALREADY, TWO_NUMBERS, APART, TOO_MANY_BIRTHS, TOO_MANY_RECORDS, TWO_KNOWN = range(7)
OUTCOMES = (
    "joined",
    "joined already by stronger pairs",
    "kept apart: different NHS numbers",
    "kept apart: same birth date and home, other forename; or somebody decided so",
    "kept apart: too many birth dates for one person, or two that are unlike",
    "kept apart: too many records for one person",
    "not joined: each belongs to a known person",
)


@dataclass
class _Group:
    """What the guard must know of the records joined so far. `single` groups are made only when first met."""

    records: list[int]
    person: int
    numbers: set[int]
    births: set[int]
    marked: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Question:
    """Pairs of records, strongest first, and what the guard must know of the records, which count from nought.

    `forced` pairs were decided by a person: only a decision to keep apart or two known people stop them. `number` and
    `birth` are codes of the NHS number and birth date by record, -1 where unknown; `person` the number a record already
    has, 0 where it is new; `apart` pairs that must not share a person.
    """

    left: Ints
    right: Ints
    forced: NDArray[np.bool_]
    number: Ints
    birth: Ints
    person: Ints
    apart: Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Answer:
    """By record the lowest record of its group and the number the group has already, or 0; each pair's outcome."""

    first: Ints
    known: Ints
    outcome: NDArray[np.int8]


def join(asked: Question) -> Answer:
    """Walk through the pairs and join what nothing forbids; an outcome is an index into OUTCOMES.

    Records that neither pairs nor known people connect do not touch each other: joined apart, in whatever parts, they
    give the same (`resolve_on_spark.py`).

    >>> found = join(Question(left=np.array([0, 1]), right=np.array([1, 2]), forced=np.array([False, False]),
    ...     number=np.array([7, -1, 8]), birth=np.array([1, 1, 1]), person=np.array([0, 0, 0]), apart=[]))
    >>> found.first.tolist(), [OUTCOMES[one] for one in found.outcome]
    ([0, 0, 2], ['joined', 'kept apart: different NHS numbers'])
    """
    groups, group_of = _known_groups(asked.number, asked.birth, asked.person)
    enemies: dict[int, set[int]] = {}
    for one, other in asked.apart:
        enemies.setdefault(one, set()).add(other)
        enemies.setdefault(other, set()).add(one)
    numbers, births = asked.number.tolist(), asked.birth.tolist()

    def group(record: int) -> _Group:
        found = group_of.get(record)
        if found is None:
            found = _Group([record], 0, _known(numbers[record]), _known(births[record]))
            if record in enemies:
                found.marked.append(record)
            group_of[record] = found
        return found

    for found in groups:
        found.marked = [record for record in found.records if record in enemies]
    outcome = np.zeros(len(asked.left), np.int8)
    for at, (one, other, decided) in enumerate(
        zip(asked.left.tolist(), asked.right.tolist(), asked.forced.tolist(), strict=True)
    ):
        a, b = group(one), group(other)
        if a is b:
            outcome[at] = KNOWN_ALREADY
            continue
        verdict = _verdict(a, b, enemies, decided=decided)
        outcome[at] = verdict
        if verdict == JOINED:
            if len(a.records) < len(b.records):
                a, b = b, a
            a.records += b.records
            a.person = a.person or b.person
            a.numbers |= b.numbers
            a.births |= b.births
            a.marked += b.marked
            for record in b.records:
                group_of[record] = a
    return Answer(*_settled(asked.person, group_of), outcome)


def _known(code: int) -> set[int]:
    return {code} if code >= 0 else set()


def _known_groups(number: Ints, birth: Ints, person: Ints) -> tuple[list[_Group], dict[int, _Group]]:
    """Records that share a person already, as groups."""
    groups: list[_Group] = []
    group_of: dict[int, _Group] = {}
    known = np.flatnonzero(person > 0)
    order = known[np.argsort(person[known], kind="stable")]
    rows: Sequence[Any] = list(
        zip(
            order.tolist(), person[order].tolist(), number[order].tolist(), birth[order].tolist(), strict=True
        )
    )
    for record, owner, nhs, born in rows:
        if not groups or groups[-1].person != owner:
            groups.append(_Group([], owner, set(), set()))
        last = groups[-1]
        last.records.append(record)
        last.numbers |= _known(nhs)
        last.births |= _known(born)
        group_of[record] = last
    return groups, group_of


def _verdict(a: _Group, b: _Group, enemies: dict[int, set[int]], *, decided: bool) -> int:
    """Whether two groups may be one person, and if not, why not."""
    if a.marked and b.marked and any(enemies[one].intersection(b.marked) for one in a.marked):
        return APART
    if not decided:
        if a.numbers and b.numbers and a.numbers != b.numbers:
            return TWO_NUMBERS
        if not _may_share_births(a, b):
            return TOO_MANY_BIRTHS
        if len(a.records) + len(b.records) > MOST_RECORDS:
            return TOO_MANY_RECORDS
    return TWO_KNOWN if a.person and b.person else JOINED


def _may_share_births(a: _Group, b: _Group) -> bool:
    """Whether the birth dates of both may be one person's; an equal NHS number answers for two that are unlike."""
    births = a.births | b.births
    if len(births) > MOST_BIRTH_DATES:
        return False
    is_known = births in (a.births, b.births) or bool(a.numbers & b.numbers)
    return is_known or is_slip(*births)


def _settled(person: Ints, group_of: dict[int, _Group]) -> tuple[Ints, Ints]:
    """The lowest record of each record's group, and the number that the group has already or 0."""
    first, known = np.arange(len(person)), person.copy()
    done: set[int] = set()
    for found in group_of.values():
        if id(found) in done:
            continue
        done.add(id(found))
        if len(found.records) > 1:
            first[found.records] = min(found.records)
        if found.person:
            known[found.records] = found.person
    return first, known


def numbered(found: Answer, last: int = 0) -> Ints:
    """Every record's person: the known number, or the next free one in order of a group's first record.

    `last` is the highest number ever given, so that a number is never given again.

    >>> nothing = np.zeros(0, np.int8)
    >>> numbered(Answer(np.array([0, 1, 0, 3]), np.array([0, 7, 0, 0]), nothing), last=5).tolist()
    [8, 7, 8, 9]
    """
    starts = (found.known == 0) & (found.first == np.arange(len(found.first)))
    numbers = np.zeros(len(found.first), np.int64)
    numbers[starts] = max(last, int(found.known.max(initial=0))) + 1 + np.arange(int(starts.sum()))
    return np.where(found.known == 0, numbers[found.first], found.known)
