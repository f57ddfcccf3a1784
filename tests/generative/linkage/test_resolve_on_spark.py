"""Spark joins records into the very people that one machine does, whatever connects them and however many parts there are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endeavour.engine.linkage.resolve import OUTCOMES, Answer, Question, join

pytestmark = [pytest.mark.spark, pytest.mark.slow, pytest.mark.filterwarnings("default")]
SIZE, WORLDS = 9, 40
records = st.integers(0, SIZE - 1)
pairs = st.lists(st.tuples(records, records).filter(lambda pair: pair[0] != pair[1]), max_size=14)
codes = st.lists(st.integers(-1, 2), min_size=SIZE, max_size=SIZE)
world = st.tuples(pairs, st.lists(st.booleans(), min_size=14, max_size=14), pairs, codes, codes, codes)


def as_one(worlds: list[Any]) -> Question:
    """Many small worlds as one: their records stand after each other, their pairs take turns."""
    found: list[tuple[int, int, int, bool]] = []
    apart: list[tuple[int, int]] = []
    for at, (joined, decided, kept, *_) in enumerate(worlds):
        start = at * SIZE
        found += [
            (turn, start + a, start + b, forced)
            for turn, ((a, b), forced) in enumerate(zip(joined, decided, strict=False))
        ]
        apart += [(start + a, start + b) for a, b in kept]
    found.sort(key=lambda one: (one[0], -one[1]))
    number, birth, person = (
        np.array([one[place] for one in worlds], np.int64).ravel() for place in (3, 4, 5)
    )
    owners = person + 3 * np.repeat(np.arange(len(worlds)), SIZE)
    return Question(
        left=np.array([one[1] for one in found], np.int64),
        right=np.array([one[2] for one in found], np.int64),
        forced=np.array([one[3] for one in found], bool),
        number=number, birth=birth, person=np.where(person > 0, owners, 0), apart=apart,
    )  # fmt: skip


def same(one: Answer, other: Answer) -> None:
    for name in ("first", "known", "outcome"):
        assert getattr(one, name).tolist() == getattr(other, name).tolist(), name


@settings(max_examples=2)
@given(st.lists(world, min_size=WORLDS, max_size=WORLDS))
def test_parts_joined_by_workers_are_the_parts_joined_here(worlds: list[Any]) -> None:
    from endeavour.engine.linkage.resolve_on_spark import join_on_spark

    asked = as_one(worlds)
    same(join_on_spark(asked), join(asked))


def a_crowd(size: int = 3000) -> Question:
    """A long chain, a crowd about one record and a tangle, in an order that helps nobody, with every guard at work."""
    rng = np.random.default_rng(1)
    order = rng.permutation(400)
    chain, crowd = (
        np.column_stack([order[:-1], order[1:]]),
        np.column_stack([np.full(99, 400), np.arange(401, 500)]),
    )
    tangle = rng.integers(500, size, (2500, 2))
    found = rng.permutation(np.concatenate([chain, crowd, crowd[:20], tangle[tangle[:, 0] != tangle[:, 1]]]))
    plain = np.arange(size) < 500
    return Question(
        left=found.min(1), right=found.max(1), forced=rng.random(len(found)) < 0.05,
        number=np.where(plain | (rng.random(size) < 0.7), -1, rng.integers(0, size, size)),
        birth=np.where(plain, 7, rng.integers(-1, 40, size)),
        person=np.where(plain | (rng.random(size) < 0.8), 0, rng.integers(1, 400, size)),
        apart=[(int(a), int(b)) for a, b in found[:300]],
    )  # fmt: skip


@pytest.mark.parametrize("master", ["", "local-cluster[2,1,2048]"])
def test_a_crowd_with_every_outcome_in_it(master: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from endeavour.engine.linkage.resolve_on_spark import join_on_spark

    monkeypatch.setenv("SPARK_MASTER", master)
    asked = a_crowd()
    here = join(asked)
    assert set(here.outcome.tolist()) == set(range(len(OUTCOMES)))
    same(join_on_spark(asked), here)


def test_nothing_to_join_is_nobody_joined() -> None:
    from endeavour.engine.linkage.resolve_on_spark import join_on_spark

    none = np.zeros(0, np.int64)
    asked = Question(
        left=none, right=none, forced=none.astype(bool), number=np.array([-1, 3]), birth=np.array([1, 1]),
        person=np.array([0, 5]), apart=[],
    )  # fmt: skip
    same(join_on_spark(asked), join(asked))
