"""What a page says of a target is true on whichever side of it the figure stands."""

from __future__ import annotations

from dataclasses import fields

import pytest

from endeavour.engine.measures.catalogue import Catalogue
from endeavour.population.presenters_measures import target_words
from endeavour.population.queries.figures import Figure


def figure(**given: object) -> Figure:
    return Figure(**({f.name: None for f in fields(Figure)} | given))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (7.8, "It is met."),
        (10.0, "It is met."),
        (12.5, "It is 2.5 micrograms a cubic metre away."),
    ],
)
def test_a_published_figure_below_a_ceiling_meets_its_target(value: float, words: str) -> None:
    air = Catalogue.open("mse").named("air-pollution")
    assert target_words(air, figure(value=value)).endswith(words)


def test_a_figure_of_ours_above_a_floor_meets_its_target() -> None:
    checks = Catalogue.open("mse").named("smi-health-check")
    assert target_words(checks, figure(value=61.0, more_to_reach=0)).endswith("It is met.")
    short = target_words(
        checks, figure(value=57.0, more_to_reach=285, gap_words="About 285 more people would.")
    )
    assert short.endswith("It is 3.0 percentage points away. About 285 more people would.")
