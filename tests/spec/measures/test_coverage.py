"""What the catalogue covers: the two frameworks whole, every area of the strategy, every field of every definition."""

from __future__ import annotations

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


@pytest.mark.parametrize(("name", "value"), [("smi-health-check", 60), ("early-cancer", 75)])
def test_the_targets_of_the_strategy(name: str, value: float) -> None:
    target = Catalogue.open("mse").named(name).target
    assert target is not None
    assert target.value == value


def test_the_nine_local_groups_are_the_packs_own() -> None:
    assert [g.id for g in Pack.open("mse").plus_groups if g.origin == "local"] == list(PLUS)


def test_every_indicator_that_is_read_is_the_packs_own() -> None:
    known = {i.id for i in Pack.open("mse").indicators}
    assert {m.indicator for m in MEASURES if m.indicator} <= known
