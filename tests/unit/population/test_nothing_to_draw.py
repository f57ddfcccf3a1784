"""Where nobody was counted, or most is hidden, no picture or table pretends that there is something to see."""

from __future__ import annotations

from dataclasses import fields
from types import SimpleNamespace

from endeavour.engine.measures.catalogue import Catalogue
from endeavour.population import presenters_crossed
from endeavour.population import presenters_measure_charts as charts
from endeavour.population.presenters_measures import NONE_COUNTED
from endeavour.population.queries.figures import Figure

HIDDEN = "hidden to protect a small group"


def figure(**given: object) -> Figure:
    about = {
        "period": "2023/24",
        "area": "a",
        "area_name": "Maldon",
        "area_kind": "district",
        "reason": "shown",
    }
    return Figure(**({f.name: None for f in fields(Figure)} | about | given))  # type: ignore[arg-type]


def test_a_year_of_months_in_which_nobody_was_counted_has_no_control_chart() -> None:
    measure = Catalogue.open("mse").named("cyp-asthma-admissions")
    for value, is_drawn in ((0.0, False), (1.5, True)):
        months = [
            figure(period=f"2023-{n:02}", value=value + n * value, low=0.0, high=9.0) for n in range(1, 13)
        ]
        assert (charts.months_chart(measure, months) is not None) == is_drawn


def test_neighbourhoods_where_nobody_was_counted_have_no_funnel() -> None:
    measure = Catalogue.open("mse").named("cyp-asthma-admissions")
    for counted, is_drawn in ((0, False), (10, True)):
        areas = [figure(numerator=counted, denominator=50 * n, value=0.0) for n in range(1, 7)]
        assert (charts.funnel(measure, areas) is not None) == is_drawn


def test_a_map_leads_to_each_neighbourhoods_own_figure_and_is_not_drawn_where_all_are_alike(
    monkeypatch,
) -> None:
    measure = Catalogue.open("mse").named("smoking")
    spots = [SimpleNamespace(code=f"U{n}", name=f"N{n}", place="Thurrock", q=n, r=0) for n in range(5)]
    monkeypatch.setattr(charts.neighbourhoods, "cells", lambda: spots)
    drawn = charts.neighbourhood_map(measure, [figure(area=f"U{n}", value=10.0 + n) for n in range(5)])
    assert drawn is not None
    assert 'href="/measure/smoking?area=U3"' in drawn[0].svg
    assert charts.neighbourhood_map(measure, [figure(area=f"U{n}", value=0.0) for n in range(5)]) is None


def test_a_bar_of_nobody_out_of_a_hidden_number_says_so() -> None:
    measure = Catalogue.open("mse").named("cyp-asthma-admissions")
    places = [figure(value=1.0, low=0.5, high=1.5), figure(area_name="Thurrock", numerator=0, reason="none")]
    chart = charts.places_chart(measure, None, places)
    assert chart is not None
    assert NONE_COUNTED in chart.svg


def crossed(shown: int) -> list[Figure]:
    """Two areas by five groups, of whose ten figures so many are shown."""
    told = [(area, str(n)) for area in ("Basildon", "Maldon") for n in range(5)]
    return [
        figure(area=area, area_name=area, by="imd_quintile", subgroup=n, subgroup_words=f"fifth {n}", denominator=100,
               value=20.0 if at < shown else None, reason="shown" if at < shown else HIDDEN)
        for at, (area, n) in enumerate(told)
    ]  # fmt: skip


def test_areas_by_groups_of_which_most_are_hidden_are_no_table() -> None:
    assert presenters_crossed.of_areas(crossed(4)) is None
    table = presenters_crossed.of_areas(crossed(5))
    assert table is not None
    assert len(table.rows) == 2
