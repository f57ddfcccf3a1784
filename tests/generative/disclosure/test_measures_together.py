"""Measures of the same people, attacked together by an attacker that shares no code with the gate.

One says who is ill, another who of the ill was seen, a third the same of ill adults alone: what one hides must not be
worked out from the others. The attacker's unknowns are the people by place, age and what is true of them; every
figure of every measure is a sum of those.
"""

from __future__ import annotations

import itertools

import highspy
import numpy as np
import pytest
from scipy.sparse import csr_matrix

from endeavour.engine.disclosure import (
    ALL,
    About,
    Count,
    Key,
    MemoryLog,
    People,
    PublishedTable,
    Table,
    publish_together,
)

PLACES, AGES, STATES = ("p0", "p1", "p2"), ("0-17", "18+"), ("well", "ill", "seen")
BANDS = {("age", "0-17"): People(ages=(0, 18)), ("age", "18+"): People(ages=(18, 200))}
EVERYBODY, ILL, SEEN = People(), People(frozenset({"ill"})), People(frozenset({"ill", "seen"}))
ADULTS = People(ages=(18, 200))
MEASURES = {
    "illness": (EVERYBODY, ILL, AGES, {"well", "ill", "seen"}, {"ill", "seen"}),
    "seen": (ILL, SEEN, AGES, {"ill", "seen"}, {"seen"}),
    "adults seen": (ILL & ADULTS, SEEN & ADULTS, ("18+",), {"ill", "seen"}, {"seen"}),
}
LEAVES = list(itertools.product(PLACES, AGES, STATES))


def family(seed: int) -> tuple[dict[tuple[str, str, str], int], list[Table]]:
    """People drawn with many small groups, and the three measures of them by place, by age and by both."""
    rng = np.random.default_rng(seed)
    means = {"well": rng.choice([8, 60]), "ill": rng.choice([4, 12, 30]), "seen": rng.choice([3, 9])}
    people = {leaf: int(rng.negative_binomial(0.9, 0.9 / (0.9 + means[leaf[2]]))) for leaf in LEAVES}
    tables = []
    for name, (base, counted, ages, whole, some) in MEASURES.items():
        by_age = name != "adults seen"
        cells: dict[Key, Count] = {}
        for place in (*PLACES, ALL):
            for age in (*ages, ALL) if by_age else (ALL,):
                inside = [
                    n for n in LEAVES if place in (ALL, n[0]) and n[1] in (ages if age == ALL else (age,))
                ]
                terms = [sum(people[n] for n in inside if n[2] in states) for states in (some, whole)]
                cells[(place, age) if by_age else (place,)] = Count(*terms)
        about = About(name, "x", "2025", ("place", "age") if by_age else ("place",), base, counted)
        tables.append(Table(about, cells, meanings=BANDS))
    return people, tables


def members(name: str, key: Key, layer: str) -> np.ndarray:
    """Which leaves a figure counts, by the measure's own words."""
    _, _, ages, whole, some = MEASURES[name]
    place, age = key if len(key) == 2 else (key[0], ALL)
    states = {"counted": some, "base": whole, "others": whole - some}[layer]
    return np.array(
        [
            place in (ALL, leaf[0]) and leaf[1] in (ages if age == ALL else (age,)) and leaf[2] in states
            for leaf in LEAVES
        ],
        dtype=float,
    )


def limits(tables: list[PublishedTable], *, noughts_only: bool) -> list[tuple[np.ndarray, float, float]]:
    found = []
    for table in tables:
        for key, cell in table.items():
            for layer, shown in (
                ("counted", 0 if cell.denominator == 0 else cell.numerator),
                ("base", cell.denominator),
            ):
                row = members(table.about.measure, key, layer)
                if shown == 0:
                    found.append((row, 0.0, 0.0))
                elif shown is None or noughts_only:
                    found.append((row, 1.0, np.inf))
                else:
                    found.append((row, max(8.0, shown - 2.0), shown + 2.0))
    return found


def ends(rows: list[tuple[np.ndarray, float, float]], wanted: np.ndarray) -> tuple[float, float]:
    """The least and most a sum of leaves can be."""
    matrix = csr_matrix(np.array([row for row, _, _ in rows]))
    problem = highspy.HighsLp()
    problem.num_row_, problem.num_col_ = matrix.shape
    problem.col_lower_, problem.col_upper_ = np.zeros(len(LEAVES)), np.full(len(LEAVES), 1e6)
    problem.row_lower_ = np.array([low for _, low, _ in rows])
    problem.row_upper_ = np.array([high for _, _, high in rows])
    problem.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    problem.a_matrix_.start_, problem.a_matrix_.index_ = matrix.indptr, matrix.indices
    problem.a_matrix_.value_ = matrix.data
    found = []
    for sign in (1.0, -1.0):
        problem.col_cost_ = sign * wanted
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.passModel(problem)
        solver.run()
        assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        found.append(float(wanted @ np.asarray(solver.getSolution().col_value)))
    return found[0], found[1]


def attack(seed: int, released: list[PublishedTable], tables: list[Table]) -> int:
    """Assert that no small group is narrowed, further than the noughts alone do; how many were attacked."""
    informed, ignorant = limits(released, noughts_only=False), limits(released, noughts_only=True)
    attacked = 0
    for table in tables:
        for key, count in table.cells.items():
            assert count.denominator is not None
            others = count.denominator - count.numerator if count.numerator else 0
            for layer, truth in (
                ("counted", count.numerator),
                ("base", count.denominator),
                ("others", others),
            ):
                if not 1 <= truth <= 7:
                    continue
                attacked += 1
                row = members(table.about.measure, key, layer)
                low, high = ends(informed, row)
                if low <= 1 + 1e-4 and high >= 7 - 1e-4:
                    continue
                floor, ceiling = ends(ignorant, row)
                where = (seed, table.about.measure, key, layer, truth, (low, high), (floor, ceiling))
                assert low <= max(1, floor) + 1e-4, where
                assert high >= min(7, ceiling) - 1e-4, where
    return attacked


def attack_together(seed: int) -> int:
    _, tables = family(seed)
    return attack(seed, publish_together(tables), tables)


def test_no_small_group_can_be_worked_out_from_several_measures() -> None:
    assert sum(attack_together(seed) for seed in range(30)) > 100


@pytest.mark.slow
def test_nor_from_a_thousand_families_of_measures() -> None:
    assert sum(attack_together(seed) for seed in range(5_000, 6_000)) > 5_000


def test_published_each_alone_they_would_give_small_groups_away() -> None:
    """The attacker is strong enough: measures that do not know of one another are caught."""
    caught = 0
    for seed in range(30):
        _, tables = family(seed)
        alone = [
            publish_together([Table(About(t.about.measure, "x", "2025", t.about.dimensions), t.cells)])[0]
            for t in tables
        ]
        try:
            attack(seed, alone, tables)
        except AssertionError:
            caught += 1
    assert caught > 3


def test_a_measure_published_again_lets_out_the_same_and_costs_no_attack() -> None:
    _, tables = family(7)
    log = MemoryLog()
    first = publish_together(tables, log=log)
    again = publish_together(tables, log=log)
    assert [table.rows() for table in again] == [table.rows() for table in first]
    assert {table.audit.solves for table in again} == {0}
    assert {table.audit.earlier_releases for table in again} == {len(tables)}
