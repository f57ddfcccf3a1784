"""The three numbers over a measure: where it stands, for whom it is worse, how far it has to go."""

from __future__ import annotations

from dataclasses import fields

from endeavour.engine.measures.catalogue import Catalogue
from endeavour.engine.measures.definition import Measure
from endeavour.population.presenters_headline import headline, lag_words
from endeavour.population.queries.figures import Figure


def measure(identity: str) -> Measure:
    return Catalogue.open("mse").named(identity)


def figure(**given: object) -> Figure:
    usual = {"area_name": "Thurrock", "area_kind": "place", "period": "2023/24", "reason": "shown"}
    return Figure(**({f.name: None for f in fields(Figure)} | usual | given))  # type: ignore[arg-type]


def test_value_gap_and_target_stand_side_by_side() -> None:
    value, gap, aim = headline(
        measure("smi-health-check"),
        figure(
            value=57.7, low=56.7, high=58.7, numerator=5425, denominator=9405, more_to_reach=220,
            gap_words="About 220 more people would meet the target of 60%.",
            sii=13.0, sii_low=9.5, sii_high=16.5, slope_words="13.0 percentage points lower",
            rii=1.25, rii_low=1.18, rii_high=1.33,
        ),
    )  # fmt: skip
    assert (value.value, value.label) == ("57.7%", "Thurrock, 2023/24")
    assert value.note == "Between 56.7% and 58.7%: 5,425 of 9,405."
    assert (gap.value, gap.label) == (
        "13.0 percentage points",
        "lower for the most deprived here than for the least",
    )
    assert gap.note.startswith("Between 9.5 and 16.5. The figure of the least deprived here is 1.25 times")
    assert (aim.value, aim.label) == ("2.3 percentage points", "short of the target of 60%")
    assert aim.note.startswith("About 220 more people would meet the target of 60%.")
    assert "section 4.2 of the strategy" in aim.note


def test_what_is_not_known_is_said_in_words() -> None:
    value, gap, aim = headline(measure("cyp-asthma-admissions"), figure())
    assert (value.value, value.is_words) == ("Shown", True)
    assert (gap.value, gap.is_words) == ("Gap not known", True)
    assert (aim.value, aim.is_words) == ("No target yet", True)
    assert "names no number" in aim.note


def test_a_gap_that_chance_may_make_is_not_called_one() -> None:
    smoking = measure("smoking")
    _, gap, _ = headline(
        smoking,
        figure(
            value=12.0,
            low=11.0,
            high=13.0,
            sii=0.4,
            sii_low=-0.2,
            sii_high=1.0,
            slope_words="No clear slope.",
        ),
    )
    assert (gap.value, gap.is_words) == ("No clear gap", True)


def test_a_ceiling_is_kept_or_passed() -> None:
    air = measure("air-pollution")
    *_, kept = headline(air, figure(value=7.8))
    assert (kept.value, kept.label) == (
        "Met",
        "the target of 10 micrograms a cubic metre by 31 December 2040",
    )
    *_, passed = headline(air, figure(value=12.5))
    assert (passed.value, passed.label) == (
        "2.5 micrograms a cubic metre",
        "above the target of 10 micrograms a cubic metre by 31 December 2040",
    )


def test_how_late_figures_come_is_said_in_words_that_anybody_knows() -> None:
    assert lag_words(measure("smi-health-check")) == "Figures come about 2 months after the period ends."
    assert lag_words(measure("frailty")) == "Figures come about 2 years after the period ends."
    assert lag_words(measure("smi-health-check").model_copy(update={"expected_lag_days": 14})) == (
        "Figures come about 14 days after the period ends."
    )
    assert lag_words(measure("smi-health-check").model_copy(update={"expected_lag_days": 0})) == (
        "Figures come as soon as the period ends."
    )
