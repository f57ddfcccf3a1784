"""Whatever the pairs: nobody known is renumbered, nothing forbidden is joined, and the order of input decides nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from endeavour.engine.linkage.guard import MOST_BIRTH_DATES, is_slip
from endeavour.engine.linkage.resolve import JOINED, TWO_KNOWN, Question, join, numbered

SIZE = 12
BORN_LATER = 40_000
"""A day that nobody mistypes for one of the first days."""
records = st.integers(0, SIZE - 1)
pairs = st.lists(st.tuples(records, records).filter(lambda pair: pair[0] < pair[1]), max_size=30, unique=True)


def solve(
    given_pairs: list[tuple[int, int]], facts: dict[str, Any], apart: list[tuple[int, int]]
) -> tuple[Any, Any]:
    """Resolve pairs that come strongest first, none of them decided by a person."""
    return resolve(given_pairs, facts, apart, forced=0)


def resolve(
    given_pairs: list[tuple[int, int]], facts: dict[str, Any], apart: list[tuple[int, int]], *, forced: int
) -> tuple[Any, Any]:
    """The same with the first so many of them decided by a person."""
    left, right = (np.array([pair[side] for pair in given_pairs], np.int64) for side in (0, 1))
    last = facts.get("last", 0)
    known = {name: values for name, values in facts.items() if name != "last"}
    found = join(Question(left=left, right=right, forced=np.arange(len(left)) < forced, apart=apart, **known))
    return numbered(found, last), found.outcome


@st.composite
def facts(draw: st.DrawFn) -> dict[str, Any]:
    """NHS numbers and birth dates (some unknown) of a dozen new records."""
    births = st.sampled_from([-1, 0, 1, 2, BORN_LATER, BORN_LATER + 1])
    return {
        "number": np.array(draw(st.lists(st.integers(-1, 3), min_size=SIZE, max_size=SIZE))),
        "birth": np.array(draw(st.lists(births, min_size=SIZE, max_size=SIZE))),
        "person": np.zeros(SIZE, np.int64),
    }


@given(pairs, facts(), pairs)
def test_the_guard_holds_for_whole_people_and_numbers_have_no_gaps(
    found: list[tuple[int, int]], known: dict[str, Any], apart: list[tuple[int, int]]
) -> None:
    people, outcome = solve(found, known, apart)
    for person in set(people.tolist()):
        members = np.flatnonzero(people == person)
        assert len(set(known["number"][members].tolist()) - {-1}) <= 1
        births = set(known["birth"][members].tolist()) - {-1}
        assert len(births) <= MOST_BIRTH_DATES
        # Strangers to the register have nothing but a slip to explain a second birth date.
        is_numbered = bool((known["number"][members] >= 0).any())
        assert len(births) < 2 or is_numbered or is_slip(*births)
    assert all(people[one] != people[other] for one, other in apart)
    assert sorted(set(people.tolist())) == list(range(1, people.max() + 1))
    joined = [pair for pair, became in zip(found, outcome, strict=True) if became == JOINED]
    assert all(people[one] == people[other] for one, other in joined)
    assert len(set(people.tolist())) == SIZE - len(joined), "each join makes one person fewer"


@given(pairs, pairs, facts(), st.integers(1, SIZE))
def test_a_later_extract_never_renumbers_anybody(
    first: list[tuple[int, int]], second: list[tuple[int, int]], known: dict[str, Any], early: int
) -> None:
    """The first `early` records come first; then all of them with other pairs."""
    start = {name: values[:early] for name, values in known.items()}
    before, _ = solve([pair for pair in first if max(pair) < early], start, [])
    person = np.concatenate([before, np.zeros(SIZE - early, np.int64)])
    last = int(before.max())
    after, outcome = solve(second, known | {"person": person, "last": last}, [])
    assert after[:early].tolist() == before.tolist()
    fresh = {int(one) for one in after[early:]} - set(before.tolist())
    assert fresh == set(range(last + 1, last + 1 + len(fresh)))
    for pair, became in zip(second, outcome, strict=True):
        if became == TWO_KNOWN:
            assert after[pair[0]] != after[pair[1]]
    again, _ = solve(second, known | {"person": after, "last": int(after.max())}, [])
    assert again.tolist() == after.tolist()


@settings(max_examples=30)
@given(pairs, facts(), st.integers(100, 200))
def test_a_number_once_given_is_never_given_again(
    found: list[tuple[int, int]], known: dict[str, Any], last: int
) -> None:
    people, _ = solve(found, known | {"last": last}, [])
    assert people.min() == last + 1


@given(pairs, facts())
def test_a_decision_overrules_everything_but_another_decision(
    found: list[tuple[int, int]], known: dict[str, Any]
) -> None:
    if not found:
        return
    one, other = found[0]
    people, _ = resolve(found, known, [], forced=1)
    assert people[one] == people[other]
    people, _ = resolve(found, known, [(one, other)], forced=1)
    assert people[one] != people[other]
