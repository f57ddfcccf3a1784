"""The finding over a chart of years never says more than the intervals do."""

from __future__ import annotations

from dataclasses import fields

import pytest

from endeavour.engine.measures.catalogue import Catalogue
from endeavour.population.presenters_measure_charts import years_chart
from endeavour.population.queries.figures import Figure


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
