"""What the catalogue covers: the two frameworks whole, every area of the strategy, every field of every definition."""

from __future__ import annotations

from datetime import date

import pytest

from endeavour.engine.measures.catalogue import Catalogue
from endeavour.engine.measures.compiler import compile_measure
from endeavour.engine.measures.definition import Measure
from endeavour.engine.measures.groupings import PLUS
from endeavour.pack import Pack

MEASURES = Catalogue.open("mse").measures
AREAS = (
    "4.1 Money and work", "4.1 Learning", "4.1 Homes and places", "4.1 Safety", "4.1 Habits",
    "4.1 Getting to services", "4.2 Core20PLUS5", "4.3 Ageing well", "4.3 Mental health and suicide prevention",
    "4.3 Learning disability and autism", "4.3 High-intensity users", "4.3 End of life",
    "4.3 Loneliness and isolation", "4.4 Maternity and early years", "4.4 Children's mental health",
    "4.4 Special educational needs and disabilities", "4.4 Preventing adult conditions in childhood",
    "4.4 Healthy weight", "4.4 Healthy schools", "4.4 Looked-after children and care leavers",
    "4.4 Children's end of life",
)  # fmt: skip


@pytest.mark.parametrize("area", AREAS)
def test_every_area_of_the_strategy_has_a_measure(area: str) -> None:
    assert [m.id for m in MEASURES if area in m.strategy]


def test_no_measure_answers_to_an_area_nobody_named() -> None:
    assert {area for m in MEASURES for area in m.strategy} == set(AREAS)


@pytest.mark.parametrize("measure", MEASURES, ids=lambda m: m.id)
def test_every_definition_is_whole(measure: Measure) -> None:
    for told in (
        measure.owner,
        measure.why_it_matters,
        measure.population,
        measure.source,
        measure.suppression,
    ):
        assert len(told) > 10
    assert measure.numerator_words
    assert measure.denominator_words
    assert measure.verified_against or measure.local_because or measure.reads == "tables"
    if measure.reads == "lake":
        assert compile_measure(measure).sql


@pytest.mark.parametrize("measure", [m for m in MEASURES if m.reads == "lake"], ids=lambda m: m.id)
def test_a_measure_of_districts_tells_them_by_deprivation_ethnicity_age_and_sex_as_it_tells_places(
    measure: Measure,
) -> None:
    told = set(compile_measure(measure).sets)
    within = {
        kind: {by for area, by in (one for one in told if len(one) == 2) if area == kind}
        for kind in ("place", "district")
    }
    if "district" in measure.groupings:
        assert within["district"] == {"imd_quintile", "ethnicity", "age_band", "sex"}
        assert within["place"] == within["district"] | {"plus"}
    else:
        assert within == {"place": set(), "district": set()}, "so few people that only whole places are told"


@pytest.mark.parametrize(
    ("name", "value", "by"),
    [
        ("smi-health-check", 60, None),
        ("early-cancer", 75, date(2028, 12, 31)),
        ("hypertension-controlled", 80, date(2025, 3, 31)),
        ("smoking", 5, date(2030, 12, 31)),
        ("learning-disability-health-check", 75, date(2024, 3, 31)),
        ("air-pollution", 10, date(2040, 12, 31)),
    ],
)
def test_the_targets_of_the_strategy_and_the_nation(name: str, value: float, by: date | None) -> None:
    target = Catalogue.open("mse").named(name).target
    assert target is not None
    assert (target.value, target.by) == (value, by)


def test_a_step_on_the_way_is_read_from_its_file() -> None:
    target = Catalogue.open("mse").named("hypertension-controlled").target
    assert target is not None
    assert [(point.by, point.value) for point in target.trajectory] == [(date(2024, 3, 31), 77)]


def test_every_measure_has_a_target_or_says_why_not() -> None:
    for measure in MEASURES:
        assert (measure.target is None) == (len(measure.no_target) > 20), measure.id


def test_a_measure_that_points_to_another_points_to_one_that_is_there() -> None:
    known = {measure.id for measure in MEASURES}
    for measure in MEASURES:
        _, _, named = measure.no_target.partition("is measured by ")
        assert not named or named.rstrip(".") in known, measure.id


def test_the_nine_local_groups_are_the_packs_own() -> None:
    assert [g.id for g in Pack.open("mse").plus_groups if g.origin == "local"] == list(PLUS)


def test_every_indicator_that_is_read_is_the_packs_own() -> None:
    known = {i.id for i in Pack.open("mse").indicators}
    assert {m.indicator for m in MEASURES if m.indicator} <= known
