"""The choice is the best there is, keeps every limit, and says so when there is none."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endeavour.engine.cohort.choose import InfeasibleRule, Limit, Question, best_among, choose

inf = np.inf


def question(
    values: list[float], codes: list[int], flags: list[bool], *, size: int, most: float, least: int
) -> Question:
    classes = max(codes) + 1
    return Question(
        np.array(values, dtype=float),
        size,
        (np.array(codes),),
        (tuple(Limit(f"n{i}", f"at most {most} of {i}", 0, most) for i in range(classes)),),
        (np.array(flags),),
        (Limit("floor", f"at least {least} of the group", least, inf),),
    )


def every_choice(q: Question) -> float | None:
    """The best value by trying them all."""
    best = None
    for picked in itertools.combinations(range(len(q.value)), q.size):
        at = list(picked)
        counts = np.bincount(q.codes[0][at], minlength=len(q.partitions[0]))
        fits = all(c <= limit.most for c, limit in zip(counts, q.partitions[0], strict=True))
        if fits and q.flags[0][at].sum() >= q.groups[0].least:
            value = float(q.value[at].sum())
            best = value if best is None else max(best, value)
    return best


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_choice_is_better(data: st.DataObject) -> None:
    count = data.draw(st.integers(4, 11))
    draw_list = lambda of: data.draw(st.lists(of, min_size=count, max_size=count))  # noqa: E731
    q = question(
        draw_list(st.integers(1, 9)),
        draw_list(st.integers(0, 2)),
        draw_list(st.booleans()),
        size=data.draw(st.integers(1, count // 2)),
        most=data.draw(st.integers(1, 3)),
        least=data.draw(st.integers(0, 3)),
    )
    best = every_choice(q)
    if best is None:
        with pytest.raises(InfeasibleRule):
            choose(q)
        return
    found = choose(q)
    assert found.chosen.sum() == q.size
    assert found.value == pytest.approx(best)
    assert found.bound >= best - 1e-6


def many(count: int, seed: int = 0) -> Question:
    rng = np.random.default_rng(seed)
    homes = rng.integers(0, 28, count)
    value = np.round(np.clip(rng.gamma(2, 9, count) + homes % 7, 0.5, 100), 1)
    places = tuple(Limit(f"p{i}", f"place {i}", 750, 1750) for i in range(4))
    caps = tuple(Limit(f"n{i}", f"neighbourhood {i}", 0, 300) for i in range(28))
    shares, floors = (0.005, 0.12, 0.2, 0.04, 0.01), (60, 700, 1200, 300, 200)
    flags = tuple(rng.random(count) < share for share in shares)
    groups = tuple(Limit(f"g{i}", f"group {i}", floor, inf) for i, floor in enumerate(floors))
    return Question(value, 5000, (homes, homes % 4), (caps, places), flags, groups)


def test_the_gap_is_proven_and_every_limit_is_kept() -> None:
    q = many(60_000)
    found = choose(q)
    assert found.chosen.sum() == 5000
    assert found.gap <= 1e-4
    for codes, limits in zip(q.codes, q.partitions, strict=True):
        counts = np.bincount(codes[found.chosen], minlength=len(limits))
        assert all(limit.least <= n <= limit.most for n, limit in zip(counts, limits, strict=True))
    assert all((f & found.chosen).sum() >= g.least for f, g in zip(q.flags, q.groups, strict=True))


def test_the_price_of_a_floor_is_what_one_more_costs() -> None:
    values, flags = [9.0, 8.0, 7.0, 2.0, 1.0], [False, False, False, True, True]
    one = choose(question(values, [0] * 5, flags, size=3, most=5, least=1))
    two = choose(question(values, [0] * 5, flags, size=3, most=5, least=2))
    assert two.value - one.value == pytest.approx(-7.0)
    assert abs(two.prices["floor"]) == pytest.approx(7.0)
    assert choose(question(values, [0] * 5, flags, size=3, most=5, least=0)).prices["floor"] == 0


def test_an_impossible_rule_names_what_conflicts_and_the_nearest_that_does_not() -> None:
    with pytest.raises(InfeasibleRule) as refused:
        choose(question([1.0] * 6, [0, 0, 0, 1, 1, 1], [True] + [False] * 5, size=4, most=3, least=2))
    assert refused.value.conflicting == ["at least 2 of the group"]
    assert refused.value.nearest == ["at least 2 of the group: ask 1 rather than 2"]
    with pytest.raises(InfeasibleRule, match="4 households in all") as refused:
        choose(question([1.0] * 6, [0, 0, 0, 1, 1, 1], [False] * 6, size=4, most=1, least=0))
    assert set(refused.value.conflicting) == {"4 households in all", "at most 1 of 0", "at most 1 of 1"}
    assert refused.value.nearest == ["4 households in all: ask 2 rather than 4"]


@pytest.mark.parametrize(("there", "asked"), [(613, "610"), (10, "10"), (9, "0"), (3, "0")])
def test_the_nearest_rule_of_real_households_says_no_exact_count(there: int, asked: str) -> None:
    count = 700
    flags = [n < there for n in range(count)]
    q = question([1.0] * count, [0] * count, flags, size=650, most=count, least=620)
    with pytest.raises(InfeasibleRule) as refused:
        choose(q, told_in=5)
    assert refused.value.nearest == [f"at least 620 of the group: ask {asked} rather than 620"]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_the_conflict_is_the_least_there_is_and_the_nearest_rule_can_be_kept(data: st.DataObject) -> None:
    count = data.draw(st.integers(3, 9))
    draw_list = lambda of: data.draw(st.lists(of, min_size=count, max_size=count))  # noqa: E731
    q = question(
        draw_list(st.integers(1, 9)),
        draw_list(st.integers(0, 2)),
        draw_list(st.booleans()),
        size=data.draw(st.integers(1, count + 2)),
        most=data.draw(st.integers(0, 3)),
        least=data.draw(st.integers(0, 4)),
    )
    try:
        choose(q)
    except InfeasibleRule as refused:
        named = set(refused.conflicting)
        assert _can_keep(q, named) is False, "what is named conflicts by itself"
        for one in named:
            assert _can_keep(q, named - {one}), "and would not without any one of it"
        changes = dict(change.split(": ") for change in refused.nearest)
        assert _can_keep(q, {limit.words for limit in q.limits}, changes), changes
    else:
        assert _can_keep(q, {limit.words for limit in q.limits})


def _can_keep(q: Question, named: set[str], changes: dict[str, str] | None = None) -> bool:
    """Whether some choice of any size keeps the limits named, each as changed, by trying all."""
    limits = []
    for limit in q.limits:
        least, most = limit.least, limit.most
        change = (changes or {}).get(limit.words, "")
        if change.startswith("ask "):
            least = float(change.split()[1])
        elif change.startswith("allow "):
            most = float(change.split()[1])
        limits.append((least, most) if limit.words in named else (0, inf))
    for picked in itertools.product((False, True), repeat=len(q.value)):
        at = np.array(picked)
        counts = [
            at.sum(),
            *np.bincount(q.codes[0][at], minlength=len(q.partitions[0])),
            q.flags[0][at].sum(),
        ]
        if all(least <= n <= most for n, (least, most) in zip(counts, limits, strict=True)):
            return True
    return False


def test_of_equal_choices_another_preference_decides_and_no_value_is_lost() -> None:
    q = question([5.0, 3.0, 3.0, 3.0, 1.0], [0, 0, 0, 1, 1], [False] * 5, size=3, most=2, least=0)
    chosen = choose(q).chosen
    tied = np.array([1, 2, 3])
    for best in (1, 2):
        numbers = np.array([0.9, 0.9, 0.5])
        numbers[best - 1] = 0.1
        again = best_among(q, chosen, tied, -numbers)
        assert again.tolist() == [best == 1, best == 2, True]
