"""Rounding and choosing keep totals: what all of the generator rests on."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from endeavour.engine.synthetic.sampling import (
    choose,
    choose_rare,
    evenly,
    rank_within,
    round_rows,
    segments,
    share_out,
)

CELLS = arrays(np.float64, (7, 4), elements=st.floats(0, 500))


@settings(deadline=None)
@given(cells=CELLS, totals=arrays(np.int64, 7, elements=st.integers(0, 2000)))
def test_rounded_rows_sum_to_their_totals_and_stay_within_one(cells: np.ndarray, totals: np.ndarray) -> None:
    rounded = round_rows(cells, totals)
    some = cells.sum(axis=1) > 1e-6
    assert (rounded.sum(axis=1)[some] == totals[some]).all()
    exact = cells[some] * (totals[some] / cells[some].sum(axis=1))[:, None]
    assert (np.abs(rounded[some] - exact) < 1 + 1e-6).all()
    assert (rounded >= 0).all()


@settings(deadline=None)
@given(arrays(np.int64, (5, 6), elements=st.integers(0, 900)))
def test_whole_rows_that_agree_with_their_totals_are_left_alone(cells: np.ndarray) -> None:
    assert (round_rows(cells, cells.sum(axis=1)) == cells).all()


def test_rounding_small_cells_does_not_lose_them() -> None:
    """Largest remainders would give every row's rarest column nothing; over many rows it must get its share."""
    cells = np.tile([9.5, 0.3, 0.2], (1000, 1))
    assert round_rows(cells, np.full(1000, 10)).sum(axis=0) == pytest.approx([9500, 300, 200], abs=3)


@settings(deadline=None)
@given(arrays(np.float64, st.integers(1, 40), elements=st.floats(0.001, 10)), st.integers(0, 5000))
def test_shares_sum_and_stay_within_one(weights: np.ndarray, total: int) -> None:
    shared = share_out(weights, total)
    assert shared.sum() == total
    assert (np.abs(shared - weights / weights.sum() * total) < 1 + 1e-6).all()


def test_offsets_fill_the_unit_interval() -> None:
    counts = np.histogram(evenly(1000), bins=10, range=(0, 1))[0]
    assert counts.min() >= 98
    assert counts.max() <= 102


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), arrays(np.int64, 60, elements=st.integers(0, 5)))
def test_choosing_gives_each_group_its_count_or_all_it_has(seed: int, group: np.ndarray) -> None:
    rng = np.random.default_rng(seed)
    wanted = rng.integers(0, 15, 6)
    held = np.bincount(group, minlength=6)
    chosen = choose(group, rng.random(60), wanted, rng)
    assert (np.bincount(group[chosen], minlength=6) == np.minimum(wanted, held)).all()
    rare = choose_rare(group, rng.random(60) + 0.01, wanted, rng)
    assert len(set(rare.tolist())) == len(rare)
    assert (np.bincount(group[rare], minlength=6) == np.minimum(wanted, held)).all()


def test_weights_of_nought_are_never_chosen_while_others_are_left() -> None:
    rng = np.random.default_rng(1)
    group = np.zeros(100, np.int64)
    weight = np.r_[np.ones(50), np.zeros(50)]
    assert choose(group, weight, np.array([50]), rng)[:50].all()
    assert choose_rare(group, weight, np.array([80]), rng).max() < 50


@pytest.mark.parametrize("drawn", ["all", "rare"])
def test_twice_the_weight_is_chosen_about_twice_as_often(drawn: str) -> None:
    rng = np.random.default_rng(3)
    group = np.zeros(20_000, np.int64)
    weight = np.tile([1.0, 2.0], 10_000)
    wanted = np.array([600])
    draw = choose_rare if drawn == "rare" else lambda *a: np.flatnonzero(choose(*a))
    chosen = draw(group, weight, wanted, rng)
    assert (chosen % 2).mean() == pytest.approx(2 / 3, abs=0.06)


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_segments_meet_every_count(seed: int) -> None:
    rng = np.random.default_rng(seed)
    counts = rng.integers(0, 9, (4, 3))
    group = rng.permutation(np.repeat(np.arange(4), counts.sum(axis=1)))
    classes = segments(group, rng.random(len(group)), counts)
    got = np.bincount(group * 3 + classes, minlength=12).reshape(4, 3)
    assert (got == counts).all()


def test_ranks_follow_the_key_inside_each_group() -> None:
    group, key = np.array([2, 0, 2, 0]), np.array([0.2, 0.9, 0.1, 0.3])
    order, rank = rank_within(group, key)
    assert order.tolist() == [3, 1, 2, 0]
    assert rank.tolist() == [1, 1, 0, 0]
