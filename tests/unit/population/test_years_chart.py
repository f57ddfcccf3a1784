"""The finding over a chart of years or places never says more than the intervals do."""

from __future__ import annotations

from dataclasses import fields

import pytest

from endeavour.engine.measures.catalogue import Catalogue
from endeavour.population.presenters_measure_charts import places_chart, years_chart
from endeavour.population.queries.figures import Figure


def district(name: str, value: float, half: float) -> Figure:
    given = {"period": "2023/24", "value": value, "low": value - half, "high": value + half, "area_name": name,
             "area_kind": "district", "reason": "shown"}  # fmt: skip
    return Figure(**({f.name: None for f in fields(Figure)} | given))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("half", "finding"),
    [
        (0.5, "Maldon is highest (59.5%)"),
        (3.0, "No clear difference: from 55.6% in Thurrock to 59.5% in Maldon"),
    ],
)
def test_no_place_is_called_highest_where_chance_alone_may_say_so(half: float, finding: str) -> None:
    measure = Catalogue.open("mse").named("early-cancer")
    chart = places_chart(measure, None, [district("Thurrock", 55.6, half), district("Maldon", 59.5, half)])
    assert chart is not None
    assert chart.title == finding


def test_a_small_share_is_not_drawn_as_nothing() -> None:
    measure = Catalogue.open("mse").named("early-cancer")
    chart = places_chart(measure, None, [district("Thurrock", 0.03, 0.01), district("Maldon", 0.04, 0.01)])
    assert chart is not None
    assert "0.04%" in chart.svg
    assert "0.0%" not in chart.title


def year(period: str, value: float, half: float) -> Figure:
    given = {"period": period, "value": value, "low": value - half, "high": value + half, "area_name": "Here"}
    return Figure(**({f.name: None for f in fields(Figure)} | given))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("half", "finding"),
    [
        (0.05, "It rose from 14.5% in 2021/22 to 14.7% in 2023/24"),
        (0.15, "No clear change: from 14.5% in 2021/22 to 14.7% in 2023/24"),
    ],
)
def test_a_change_within_the_intervals_is_no_clear_change(half: float, finding: str) -> None:
    measure = Catalogue.open("mse").named("smoking")
    chart = years_chart(measure, [year("2021/22", 14.5, half), year("2023/24", 14.7, half)])
    assert chart is not None
    assert chart.title == finding


def test_the_title_of_places_agrees_with_what_is_said_below_it() -> None:
    """The ends overlap, and one of them is clear of the whole system all the same: that one is named."""
    measure = Catalogue.open("mse").named("smi-health-check")
    system = district("Mid and South Essex", 57.7, 1.0)
    ends = [district("Basildon", 55.6, 3.0), district("Rochford", 62.0, 3.9)]
    chart = places_chart(measure, system, ends)
    assert chart is not None
    assert "1 is higher than Mid and South Essex" in chart.summary
    assert chart.title == "Rochford is higher than Mid and South Essex (62.0%)"
    both = places_chart(
        measure, system, [*ends, district("Thurrock", 50.0, 8.0), district("Maldon", 64.0, 6.0)]
    )
    assert both is not None
    assert both.title == "2 of 4 differ from Mid and South Essex by more than chance"
