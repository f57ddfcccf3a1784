"""A dashboard at a glance: each measure in the most and the least deprived fifth, the widest gap first."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

from endeavour.engine.measures.catalogue import Catalogue
from endeavour.population.presenters_glance import glance, widest
from endeavour.population.presenters_measures import standing, summary
from endeavour.population.queries.figures import Figure


def figure(identity: str, **given: object) -> Figure:
    usual = {"measure": identity, "period": "2023/24", "reason": "shown"}
    return Figure(**({f.name: None for f in fields(Figure)} | usual | given))  # type: ignore[arg-type]


def board() -> list:
    known = Catalogue.open("mse")
    whole = {
        "smi-health-check": {"value": 57.7, "rii": 1.25, "rii_low": 1.18, "rii_high": 1.33, "sii": 13.0, "sii_low": 9.5, "sii_high": 16.5, "more_to_reach": 220},
        "smoking": {"value": 12.0, "rii": 0.5, "rii_low": 0.4, "rii_high": 0.6, "sii": -8.0, "sii_low": -9.0, "sii_high": -7.0},
        "obesity": {"value": 11.0, "rii": 1.01, "rii_low": 0.9, "rii_high": 1.1, "sii": 0.1, "sii_low": -1.0, "sii_high": 1.2},
    }  # fmt: skip
    return [
        standing(known.named(name), figure(name, **given), date(2026, 11, 23))
        for name, given in whole.items()
    ]  # type: ignore[arg-type]


ENDS = {
    ("smi-health-check", "1"): figure("smi-health-check", value=52.3),
    ("smi-health-check", "5"): figure("smi-health-check", value=62.1),
    ("smoking", "1"): figure("smoking", value=17.0),
    ("smoking", "5"): figure("smoking", reason="hidden to protect a small group"),
}


def test_the_widest_gap_stands_first_and_no_gap_last() -> None:
    rows = glance(board(), ENDS)
    assert [row.measure.id for row in rows] == ["smoking", "smi-health-check", "obesity"]
    smoking, checks, obesity = rows
    assert (smoking.most, smoking.least) == ("17.0%", "hidden")
    assert (smoking.gap, smoking.times) == ("8.0 points higher", "2.00 times")
    assert (checks.most, checks.least) == ("52.3%", "62.1%")
    assert (checks.gap, checks.times) == ("13.0 points lower", "1.25 times")
    assert (obesity.most, obesity.gap, obesity.times) == ("not known", "no clear gap", "")


def test_the_target_is_told_in_a_few_words() -> None:
    aims = {row.measure.id: row.aim for row in glance(board(), ENDS)}
    assert aims["smi-health-check"] == "2.3 points short of 60%"
    assert aims["smoking"] == "7.0 points above 5%"
    assert aims["obesity"] == "none set"


def test_the_finding_names_the_widest_gap() -> None:
    assert widest(glance(board(), ENDS)) == (
        "The widest gap is in adults who smoke: 8.0 percentage points higher for the most deprived than for the least (2.00 times)."
    )
    assert widest(glance(board()[2:], {})) == ""


def test_a_dashboard_says_once_that_nothing_changed() -> None:
    known = Catalogue.open("mse")
    told = {
        change: summary([standing(known.named("smoking"), figure("smoking", value=12.0, change=change, previous=11.0), date(2026, 11, 23))])
        for change in ("no clear change", "worse")
    }  # fmt: skip
    assert told["no clear change"].endswith("None has clearly changed since the year before.")
    assert told["worse"].endswith("Beside the year before, none are better and 1 is worse.")
