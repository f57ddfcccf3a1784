"""Age-standardised figures beside the counts that are shown: an attacker who knows how many people are in every band.

Its unknowns are the cases in each of the nineteen bands of every group; the standardised value is then one more sum of
them. It may narrow no count further than it does without that sum, and the interval must tell nothing but the value.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from endeavour.engine.disclosure import ALL, About, Count, Key, PublishedTable, publish, rules
from endeavour.engine.measures import ages as standardising
from endeavour.engine.measures.ages import Ages, at_the_same_ages, band_weights, joined
from endeavour.engine.measures.catalogue import Catalogue
from endeavour.engine.measures.groupings import AGE_BANDS
from endeavour.engine.measures.rows import Row, rows_of
from endeavour.engine.statistics.standard_populations import ESP2013_AGES

PLACES = ("north", "south", "west")
HOME = {start: AGE_BANDS[sum(start >= first for first in (18, 40, 65, 80))] for start in ESP2013_AGES}
MEASURE = Catalogue.open("mse").named("prevalence-depression")
BANDS = len(ESP2013_AGES)


def world(seed: int) -> tuple[dict[str, np.ndarray], list[Row], Ages]:
    """People and cases of three places by band [2, 19], some places with few ages; what is published of them."""
    rng = np.random.default_rng(seed)
    people: dict[str, np.ndarray] = {}
    for place in PLACES:
        size = rng.negative_binomial(2, 2 / (2 + rng.choice([15, 60, 300])), BANDS)
        size[: 4 if "18" in MEASURE.denominator else 0] = 0
        if rng.random() < 0.4:  # a place where nearly all are of one age
            size[rng.permutation(BANDS)[: BANDS - 3]] = 0
        size[10] += 12
        people[place] = np.array([rng.binomial(size, rng.choice([0.05, 0.2, 0.5])), size])
    people[ALL] = sum(people[place] for place in PLACES)
    cells: dict[Key, Count] = {}
    for place, terms in people.items():
        where = ALL if place == ALL else f"place:{place}"
        cells["2023", where, ALL] = Count(*map(int, terms.sum(axis=1)))
        for band in AGE_BANDS:
            inside = np.array([HOME[start] == band for start in ESP2013_AGES])
            if terms[1, inside].sum():
                cells["2023", where, f"age_band:{band}"] = Count(*map(int, terms[:, inside].sum(axis=1)))
    table: PublishedTable = publish(About("m", "p", "t", ("period", "area", "age_band")), cells)
    rows = rows_of(MEASURE, table)
    year = rows[0]["year"]
    counted = {
        (year, frozenset() if place == ALL else frozenset({("place", place)})): terms
        for place, terms in people.items()
    }
    at_the_same_ages(MEASURE, rows, counted)
    return people, rows, counted


def ends(
    rows: list[Row], place: str, terms: np.ndarray, wanted: np.ndarray, *, told: float | None
) -> tuple[float, float]:
    """The least and most that some bands' cases can be, by what is published of a place and, perhaps, its sum."""
    whole = next(row for row in rows if row["area"] == place and not row["by"])
    sums, low, high = [np.ones(BANDS)], *([end] for end in map(float, rules.interval(whole["numerator"])))
    for row in rows:
        if row["area"] == place and row["by"] == "age_band":
            least, most = (1, np.inf) if row["numerator"] is None else rules.interval(row["numerator"])
            sums.append(np.array([HOME[start] == row["subgroup"] for start in ESP2013_AGES], float))
            low.append(least)
            high.append(most)
    if told is not None:
        weights = joined(terms[1:2].astype(float), band_weights(*standardising.people_of(MEASURE)[0].ages))[0]
        sums.append(np.where(weights > 0, 100 * weights / np.maximum(terms[1], 1), 0) / weights.sum())
        low.append(told - 0.05)
        high.append(told + 0.05)
    matrix = np.array([*sums, *(-s for s in sums)])
    limits = np.array([*high, *(-end for end in low)])
    keep = np.isfinite(limits)
    found = []
    for sign in (1, -1):
        answer = linprog(
            sign * wanted, matrix[keep], limits[keep] + 1e-9, bounds=[(0, int(n)) for n in terms[1]]
        )
        assert answer.status == 0, answer.message
        found.append(float(wanted @ answer.x))
    return found[0], found[1]


def attack(seed: int) -> tuple[int, int]:
    """How many counts were attacked beside a standardised figure, and how many of them it narrowed."""
    people, rows, _ = world(seed)
    attacked = narrowed = 0
    for row in rows:
        if "standardised" not in row:
            continue
        terms = people[row["area"]]
        for band in ("", *{other["subgroup"] for other in rows if other["area"] == row["area"]} - {""}):
            wanted = np.array([not band or HOME[start] == band for start in ESP2013_AGES], float)
            without = ends(rows, row["area"], terms, wanted, told=None)
            beside = ends(rows, row["area"], terms, wanted, told=row["standardised"])
            attacked += 1
            narrowed += beside[0] > without[0] + 1e-3 or beside[1] < without[1] - 1e-3
    return attacked, narrowed


@pytest.mark.parametrize("seed", range(8))
def test_a_standardised_figure_narrows_no_count(seed: int) -> None:
    attacked, narrowed = attack(seed)
    assert narrowed == 0, f"{narrowed} of {attacked}"


def test_the_attacker_finds_what_the_gate_keeps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the check the same attack succeeds: neither is for show."""
    assert sum(attack(seed)[0] for seed in range(6)) > 15
    monkeypatch.setattr(standardising, "rules_nothing_out", lambda *_: True)
    assert sum(attack(seed)[1] for seed in range(6)) > 2


def test_the_interval_rests_on_what_is_published() -> None:
    """Cases moved from one band to another within a group leave its interval where its value is the same."""
    _, rows, counted = world(3)
    told = {(row["area"], row["standardised"]): row for row in rows if "standardised" in row}
    assert told
    rng = np.random.default_rng(1)
    for group, terms in counted.items():
        if group[1]:
            terms[0] = rng.permutation(terms[0]).clip(max=terms[1])
    bare = [{k: v for k, v in row.items() if not k.startswith("standardised")} for row in rows]
    at_the_same_ages(MEASURE, bare, counted)
    for row in bare:
        same = told.get((row["area"], row.get("standardised")))
        if same is not None:
            assert (row["standardised_low"], row["standardised_high"]) == (
                same["standardised_low"], same["standardised_high"],
            )  # fmt: skip


@pytest.mark.slow
def test_nor_in_hundreds_of_places() -> None:
    found = [attack(seed) for seed in range(500, 800)]
    assert sum(attacked for attacked, _ in found) > 1_000
    assert sum(narrowed for _, narrowed in found) == 0
