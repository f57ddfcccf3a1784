"""Two measures of the same people, each cut by pairs of three groups: the cells behind them are nobody's table.

Every other time they are also cut by a fourth group and one of the three, which hangs on the ring by that one alone.
The attacker's unknowns are the people by place, age, sex and what is true of them; it shares no code with the gate.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.optimize import linprog

from endeavour.engine.disclosure import (
    ALL,
    About,
    Count,
    Key,
    People,
    PublishedTable,
    Table,
    publish_together,
)

GROUPS = (("p0", "p1"), ("0-17", "18+"), ("f", "m"), ("n0", "n1", "n2"))
STATES = ("well", "ill", "seen")
LEAVES = list(itertools.product(*GROUPS, STATES))
ILL, SEEN = People(frozenset({"ill"})), People(frozenset({"ill", "seen"}))
ADULTS = People(ages=(18, 200))
BANDS = {("age", "0-17"): People(ages=(0, 18)), ("age", "18+"): ADULTS}
MEASURES = {
    "illness": (People(), ILL, {"well", "ill", "seen"}, {"ill", "seen"}, GROUPS[1]),
    "seen": (ILL, SEEN, {"ill", "seen"}, {"seen"}, GROUPS[1]),
    "adults seen": (ILL & ADULTS, SEEN & ADULTS, {"ill", "seen"}, {"seen"}, ("18+",)),
}


def row(measure: str, key: Key, layer: str) -> np.ndarray:
    _, _, whole, some, ages = MEASURES[measure]
    states = {"counted": some, "base": whole, "others": whole - some}[layer]
    return np.array(
        [
            leaf[1] in ages
            and all(part in (ALL, at) for part, at in zip(key, leaf, strict=False))
            and leaf[-1] in states
            for leaf in LEAVES
        ],
        dtype=float,
    )


def family(seed: int) -> list[Table]:
    rng = np.random.default_rng(seed)
    mean = {"well": 12, "ill": rng.choice([3, 8]), "seen": rng.choice([2, 5])}
    # Of the first network most of the people; with as many in each there would be nothing but small groups.
    share = {"n0": 0.9, "n1": 0.25, "n2": 0.05}
    size = np.array([mean[leaf[-1]] * share[leaf[3]] for leaf in LEAVES])
    people = rng.negative_binomial(0.9, 0.9 / (0.9 + size))
    names = list(MEASURES)[: 3 if seed % 2 else 1]
    networks = (*GROUPS[3], ALL) if seed % 4 > 1 else (ALL,)
    tables = []
    for name in names:
        base, counted, *_, ages = MEASURES[name]
        keys = [
            key
            for key in itertools.product((*GROUPS[0], ALL), (*ages, ALL), (*GROUPS[2], ALL), networks)
            if (ALL in key[:3] if key[3] == ALL else key[1] == key[2] == ALL)
        ]
        cells = {
            key: Count(*(int(people @ row(name, key, layer)) for layer in ("counted", "base")))
            for key in keys
        }
        about = About(name, "x", "2025", ("place", "age", "sex", "network"), base, counted)
        tables.append(Table(about, cells, meanings=BANDS))
    return tables


def ends(limits: list[tuple[np.ndarray, float, float]], wanted: np.ndarray) -> list[float]:
    matrix = np.array([sign * part for part, _, _ in limits for sign in (1, -1)])
    bounds = np.array([end for _, low, high in limits for end in (high, -low)])
    keep = np.isfinite(bounds)
    found = []
    for sign in (1, -1):
        answer = linprog(sign * wanted, matrix[keep], bounds[keep], bounds=(0, 1e6))
        assert answer.status == 0, answer.message
        found.append(float(wanted @ answer.x))
    return found


def told(released: list[PublishedTable], *, noughts_only: bool) -> list[tuple[np.ndarray, float, float]]:
    found = []
    for table in released:
        for key, cell in table.items():
            counted = 0 if cell.denominator == 0 else cell.numerator
            for layer, shown in (("counted", counted), ("base", cell.denominator)):
                part = row(table.about.measure, key, layer)
                if shown == 0:
                    found.append((part, 0.0, 0.0))
                elif shown is None or noughts_only:
                    found.append((part, 1.0, np.inf))
                else:
                    found.append((part, max(8.0, shown - 2.0), shown + 2.0))
    return found


def attack(seed: int) -> int:
    tables = family(seed)
    released = publish_together(tables)
    informed, ignorant = told(released, noughts_only=False), told(released, noughts_only=True)
    attacked = 0
    for table in tables:
        for key, count in table.cells.items():
            assert count.denominator is not None
            others = count.denominator - count.numerator if count.numerator else 0
            layers = {"counted": count.numerator, "base": count.denominator, "others": others}
            for layer in (name for name, truth in layers.items() if 1 <= truth <= 7):
                attacked += 1
                wanted = row(table.about.measure, key, layer)
                low, high = ends(informed, wanted)
                if low > 1 + 1e-4 or high < 7 - 1e-4:
                    floor, ceiling = ends(ignorant, wanted)
                    where = (seed, table.about.measure, key, layer, (low, high), (floor, ceiling))
                    assert low <= max(1, floor) + 1e-4, where
                    assert high >= min(7, ceiling) - 1e-4, where
    return attacked


def test_no_small_group_can_be_worked_out_from_measures_cut_in_a_ring() -> None:
    assert sum(attack(seed) for seed in range(10)) > 50


@pytest.mark.slow
def test_nor_from_hundreds() -> None:
    assert sum(attack(seed) for seed in range(1_000, 1_300)) > 1_500
