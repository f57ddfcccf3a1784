"""Every measure of the catalogue against a slow, obvious Python version, over random small lakes."""

from __future__ import annotations

import itertools
import random
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from endeavour.engine.disclosure import Count
from endeavour.engine.lake.backends import DuckBackend, open_backend
from endeavour.engine.lake.schema import COMPOSITION, CONDITIONS, ETHNICITY, EVENT_KINDS, SEX, TENURE
from endeavour.engine.measures.ages import at_the_same_ages, counted_by_age
from endeavour.engine.measures.catalogue import Catalogue
from endeavour.engine.measures.compiler import compile_ages, compile_measure
from endeavour.engine.measures.groupings import PLUS
from endeavour.engine.measures.lake_figures import exact, exact_months, published
from endeavour.engine.measures.rows import rows_of
from endeavour.engine.statistics.standard_populations import ESP2013, ESP2013_AGES

Row = dict[str, Any]
YEAR = 2023
YEARS = (YEAR - 1, YEAR)


def small_world(seed: int, people: int = 400) -> dict[str, list[Row]]:
    rng = random.Random(seed)
    areas = [
        ("L1", "D1", "P1", "A"),
        ("L2", "D1", "P1", "A"),
        ("L3", "D2", "P1", "B"),
        ("L4", "D3", "P2", "C"),
    ]
    households = [
        {
            "household_id": i, "is_communal": rng.random() < 0.05, "is_overcrowded": rng.random() < 0.2,
            "tenure": rng.choice(TENURE), "composition": COMPOSITION[i % len(COMPOSITION)], "area": rng.choice(areas), "decile": rng.randint(1, 10),
        }
        for i in range(people // 3)
    ]  # fmt: skip
    persons, conditions, events = [], [], []
    for i in range(people):
        home = rng.choice(households)
        lsoa, district, place, sub_icb = home["area"]
        died = date(2021, 4, 1) + timedelta(days=rng.randint(0, 1095)) if rng.random() < 0.1 else None
        persons.append(
            {
                "person_id": i, "household_id": home["household_id"], "lsoa21": lsoa, "district": district,
                "place": place, "sub_icb": sub_icb, "age": rng.randint(0, 99), "sex": rng.choice(SEX),
                "ethnicity": rng.choice(ETHNICITY), "is_smoker": rng.random() < 0.15, "practice": rng.choice("XYZ"),
                "imd2025_decile": home["decile"], "imd2019_decile": home["decile"], "died_on": died,
            }
            | {column: rng.random() < 0.1 for column in PLUS.values()}
        )  # fmt: skip
        conditions += [
            {"person_id": i, "condition": code, "is_controlled": rng.choice([True, False, None])}
            for code in CONDITIONS
            if rng.random() < 0.25
        ]
        for kind, subtypes in EVENT_KINDS.items():
            for subtype in subtypes:
                if rng.random() < 0.35:
                    day = date(2022, 10, 1) + timedelta(days=rng.randint(0, 545))
                    year = day.year - (day.month < 4)
                    events.append(
                        {
                            "person_id": i, "kind": kind, "subtype": subtype, "occurred_on": day,
                            "financial_year": year,
                        }
                    )  # fmt: skip
    practices = [
        {"practice": "X", "pcn": "N1"},
        {"practice": "Y", "pcn": "N2"},
        {"practice": "Z", "pcn": None},
    ]
    return {
        "person": persons, "household": households, "condition": conditions, "event": events, "practice": practices,
    }  # fmt: skip


def as_lake(world: dict[str, list[Row]], folder: Path) -> dict[str, list[Path]]:
    without = {"household": ("area", "decile")}
    for name, rows in world.items():
        kept = [{k: v for k, v in row.items() if k not in without.get(name, ())} for row in rows]
        pq.write_table(pa.Table.from_pylist(kept), folder / f"{name}.parquet")
    return {name: [folder / f"{name}.parquet"] for name in world}


AGES = [(18, "0-17"), (40, "18-39"), (65, "40-64"), (80, "65-79"), (999, "80+")]
GROUPS: dict[str, Callable[[Row, Row, Row], str]] = {
    "place": lambda p, h, g: p["place"],
    "district": lambda p, h, g: p["district"],
    "neighbourhood": lambda p, h, g: g["pcn"] or "not known",
    "imd_decile": lambda p, h, g: str(p["imd2025_decile"]),
    "imd_quintile": lambda p, h, g: str((p["imd2025_decile"] + 1) // 2),
    "core20": lambda p, h, g: "core20" if p["imd2025_decile"] <= 2 else "others",
    "ethnicity": lambda p, h, g: p["ethnicity"],
    "sex": lambda p, h, g: p["sex"],
    "age_band": lambda p, h, g: next(name for top, name in AGES if p["age"] < top),
    "tenure": lambda p, h, g: h["tenure"],
}


def groups_of(grouping: str, person: Row, home: Row, practice: Row) -> list[tuple[str, str]]:
    """The groups one person is in: one of most groupings, any number of PLUS groups."""
    if grouping == "plus":
        return [("plus", group) for group, column in PLUS.items() if person[column]]
    return [(grouping, GROUPS[grouping](person, home, practice))]


Facts = tuple[Row, Row, set[str], set[str], Counter[tuple[str, str]]]
STAGES = ("stage_1", "stage_2", "stage_3", "stage_4")
# id: (who is counted in the base, who in the numerator), as plainly as Python can say it.
PEOPLE: dict[str, tuple[Callable[..., bool], Callable[..., bool]]] = {
    "smi-health-check": (
        lambda p, h, r, c, e: "MH" in r,
        lambda p, h, r, c, e: e["gp", "smi_health_check"] > 0,
    ),
    "copd-vaccination": (
        lambda p, h, r, c, e: "COPD" in r,
        lambda p, h, r, c, e: e["gp", "copd_vaccination"] > 0,
    ),
    "hypertension-controlled": (lambda p, h, r, c, e: "HYP" in r, lambda p, h, r, c, e: "HYP" in c),
    "lipids-controlled": (
        lambda p, h, r, c, e: bool(r & {"CHD", "STIA", "PAD"}),
        lambda p, h, r, c, e: bool(c & {"CHD", "STIA", "PAD"}),
    ),
    "smoking": (lambda p, h, r, c, e: p["age"] >= 18, lambda p, h, r, c, e: p["is_smoker"]),
    "obesity": (lambda p, h, r, c, e: p["age"] >= 18, lambda p, h, r, c, e: "OB" in r),
    "cyp-asthma-admissions": (
        lambda p, h, r, c, e: p["age"] < 18 and "AST" in r,
        lambda p, h, r, c, e: e["admission", "asthma"] > 0,
    ),
    "cyp-tooth-extractions": (
        lambda p, h, r, c, e: p["age"] <= 10,
        lambda p, h, r, c, e: e["admission", "tooth_extraction"] > 0,
    ),
    "cyp-mental-health-access": (
        lambda p, h, r, c, e: p["age"] < 18 and e["mental_health", "cyp_referral"] > 0,
        lambda p, h, r, c, e: e["mental_health", "cyp_first_contact"] > 0,
    ),
    "overcrowded-homes": (
        lambda p, h, r, c, e: not h["is_communal"],
        lambda p, h, r, c, e: h["is_overcrowded"],
    ),
}
EVENTS: dict[str, tuple[Callable[[Row], bool], Callable[[Row], bool]]] = {
    "maternity-continuity": (
        lambda e: e["kind"] == "maternity" and e["subtype"] in ("birth", "birth_continuity"),
        lambda e: e["subtype"] == "birth_continuity",
    ),
    "early-cancer": (
        lambda e: e["kind"] == "cancer" and e["subtype"] in STAGES,
        lambda e: e["subtype"] in STAGES[:2],
    ),
}


def obvious(
    world: dict[str, list[Row]], name: str, year: int, sets: tuple[tuple[str, ...], ...]
) -> dict[Any, Count]:
    homes = {h["household_id"]: h for h in world["household"]}
    practices = {g["practice"]: g for g in world["practice"]}
    people = {p["person_id"]: p for p in world["person"]}
    alive = {i for i, p in people.items() if p["died_on"] is None or p["died_on"] >= date(year, 4, 1)}
    registers, controls, contacts = defaultdict(set), defaultdict(set), defaultdict(Counter)
    for row in world["condition"]:
        registers[row["person_id"]].add(row["condition"])
        if row["is_controlled"]:
            controls[row["person_id"]].add(row["condition"])
    for row in world["event"]:
        if row["financial_year"] == year:
            contacts[row["person_id"]][row["kind"], row["subtype"]] += 1
    counted: list[tuple[Row, bool]] = []
    if name in EVENTS:
        base, top = EVENTS[name]
        counted = [
            (people[row["person_id"]], top(row))
            for row in world["event"]
            if row["financial_year"] == year and row["person_id"] in alive and base(row)
        ]
    else:
        base_of, top_of = PEOPLE[name]
        for i in alive:
            facts = (people[i], homes[people[i]["household_id"]], registers[i], controls[i], contacts[i])
            if base_of(*facts):
                counted.append((people[i], top_of(*facts)))
    tallies: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
    for person, hit in counted:
        home, practice = homes[person["household_id"]], practices[person["practice"]]
        for group in sets:
            values = [groups_of(g, person, home, practice) for g in group]
            for key in map(frozenset, itertools.product(*values)):
                tallies[key][0] += hit
                tallies[key][1] += 1
    return {key: Count(*pair) for key, pair in tallies.items()}


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("name", [*PEOPLE, *EVENTS])
def test_the_statement_gives_the_obvious_answer(name: str, seed: int, tmp_path: Path) -> None:
    world = small_world(seed)
    compiled = compile_measure(Catalogue.open("mse").named(name), years=YEARS)
    with DuckBackend(as_lake(world, tmp_path), threads=1) as backend:
        found = exact(compiled, backend)
    for year in YEARS:
        told = {frozenset(key): count for key, count in found[year].items()}
        assert told == obvious(world, name, year, compiled.sets)
    assert any(count.numerator for count in found[YEAR].values())


def test_every_measure_of_the_catalogue_compiles_runs_and_passes_the_gate(tmp_path: Path) -> None:
    with DuckBackend(as_lake(small_world(7, people=3_000), tmp_path), threads=1) as backend:
        for measure in Catalogue.open("mse").measures:
            if measure.reads == "lake":
                table = published(compile_measure(measure, years=[YEAR]), backend, population="test")
                assert table, measure.id


def obvious_standardised(people: list[tuple[int, bool]]) -> float:
    """The directly standardised percentage of adults, told by age and whether they count, as a textbook works it."""
    total = weight = 0.0
    bands = [
        (2 / 5 if first == 15 else 1) * share for first, share in zip(ESP2013_AGES, ESP2013, strict=True)
    ]
    cells = [
        [hit for age, hit in people if first <= age and (age < first + 5 or first == 90)]
        for first in ESP2013_AGES
    ]
    adult = [n for n, first in enumerate(ESP2013_AGES) if first >= 15]
    carried = 0.0
    for n in reversed(adult):  # what nobody stands for is carried to the next younger band
        carried += bands[n]
        weight += bands[n]
        if cells[n]:
            total += carried * sum(cells[n]) / len(cells[n])
            carried = 0.0
    assert carried == 0.0
    return 100 * total / weight


def test_standardised_figures_are_the_textbooks(tmp_path: Path) -> None:
    world, measure = small_world(11, people=1_500), Catalogue.open("mse").named("smoking")
    with DuckBackend(as_lake(world, tmp_path), threads=1) as backend:
        table = published(compile_measure(measure, years=[YEAR]), backend, population="test")
        rows = rows_of(measure, table)
        ages = counted_by_age(measure, [backend], [YEAR])
    at_the_same_ages(measure, rows, ages)
    alive = [p for p in world["person"] if p["died_on"] is None or p["died_on"] >= date(YEAR, 4, 1)]
    seen = 0
    for row in rows:
        if "standardised" not in row or row["by"] or row["area_kind"] not in ("system", "place"):
            continue
        people = [
            (p["age"], p["is_smoker"]) for p in alive if p["age"] >= 18 and row["area"] in ("all", p["place"])
        ]
        assert row["standardised"] == pytest.approx(obvious_standardised(people), abs=0.06)
        assert row["standardised_low"] < row["standardised"] < row["standardised_high"]
        seen += 1
    assert seen == 3
    hidden = [row for row in rows if row["value"] is None or "age_band" in row["by"]]
    assert hidden
    assert not any("standardised" in row for row in hidden)


@pytest.mark.parametrize("name", ["smi-health-check", "early-cancer"])
def test_the_months_give_the_obvious_answer(name: str, tmp_path: Path) -> None:
    world, measure = small_world(3), Catalogue.open("mse").named(name)
    people = {p["person_id"]: p for p in world["person"]}
    ill = {r["person_id"] for r in world["condition"] if r["condition"] == "MH"}
    expected: dict[tuple[str, str], Count] = {}
    seen, staged = defaultdict(set), defaultdict(list)
    for row in world["event"]:
        person, year = people[row["person_id"]], row["financial_year"]
        if year not in (2022, 2023) or (person["died_on"] and person["died_on"] < date(year, 4, 1)):
            continue
        for place in ("all", person["place"]):
            key = (f"{row['occurred_on']:%Y-%m}", place)
            if row["subtype"] == "smi_health_check" and row["person_id"] in ill:
                seen[key].add(row["person_id"])
            if row["subtype"] in STAGES:
                staged[key].append(row["subtype"] in STAGES[:2])
    if name == "early-cancer":
        expected = {key: Count(sum(hits), len(hits)) for key, hits in staged.items()}
    else:
        expected = {key: Count(len(people)) for key, people in seen.items()}
    with DuckBackend(as_lake(world, tmp_path), threads=1) as backend:
        found = exact_months(measure, (2022, 2023), backend)
    assert {key: count for key, count in found.items() if count.numerator or count.denominator} == expected
    assert any(count.numerator for count in found.values())


def test_a_measure_of_people_as_they_are_has_no_months(tmp_path: Path) -> None:
    with DuckBackend(as_lake(small_world(3), tmp_path), threads=1) as backend:
        assert exact_months(Catalogue.open("mse").named("smoking"), (2023,), backend) == {}


LAKE_MEASURES = [m for m in Catalogue.open("mse").measures if m.reads == "lake"]
WHOLE = ("smi-health-check", "early-cancer", "overcrowded-homes")
"""One measure of people, one of events and one of homes, to try every grouping and intersection with."""


@pytest.mark.spark
@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_spark_gives_the_same_answer_to_every_measure(tmp_path: Path) -> None:
    """Every measure's conditions by place and sex; every grouping there is; and month by month."""
    lake = as_lake(small_world(5, people=200), tmp_path)
    with open_backend(lake, engine="duckdb", threads=1) as duck, open_backend(lake, engine="spark") as spark:
        for measure in LAKE_MEASURES:
            by = None if measure.id in WHOLE else [g for g in ("place", "sex") if g in measure.groupings]
            compiled = compile_measure(measure, years=YEARS, by=by)
            ours = exact(compiled, duck)
            assert ours == exact(compiled, spark), measure.id
            if by is None:
                told = {frozenset(name for name, _ in key) for key in ours[YEAR]}
                assert told == set(map(frozenset, compiled.sets)), "every intersection has people in it"
            assert any(count.denominator for count in ours[YEAR].values()), measure.id
            if measure.id == WHOLE[0]:
                assert exact(compile_ages(measure), duck) == exact(compile_ages(measure), spark)
            if measure.id in WHOLE[:2]:
                months = exact_months(measure, YEARS, duck)
                assert months == exact_months(measure, YEARS, spark), measure.id
                assert months


@pytest.mark.spark
@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_a_cluster_gives_the_same_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two workers with processes and memory of their own, named as a cluster anywhere is: by its master's address."""
    monkeypatch.setenv("ENDEAVOUR_ENGINE", "spark")
    monkeypatch.setenv("SPARK_MASTER", "local-cluster[2,1,2048]")
    lake, measure = (
        as_lake(small_world(5, people=200), tmp_path),
        Catalogue.open("mse").named("smi-health-check"),
    )
    with DuckBackend(lake, threads=1) as duck, open_backend(lake) as spark:
        compiled = compile_measure(measure, years=YEARS)
        assert exact(compiled, duck) == exact(compiled, spark)
