"""A measure month by month: its share of each month, and what a control chart says of the series."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from endeavour.engine.measures.context import WAYS
from endeavour.engine.measures.rows import Row, shares

if TYPE_CHECKING:
    from endeavour.engine.measures.definition import Measure

FEWEST = 12
"""A shorter series has no control chart."""


def month_by_month(measure: Measure, rows: list[Row]) -> None:
    """Give each month its share, its control limits and words, and each area's newest year the words of the series.

    A measure of people has no denominator of its own in a month: its share is of the year's people. `spc_mean`,
    `spc_low` and `spc_high` are in the measure's unit. Source: `engine.statistics.spc`, NHS England's Making Data
    Count.
    """
    from endeavour.engine.statistics.spc import control_chart

    years = {(r["year"], r["area"]): r for r in rows if r["period_kind"] == "year" and not r["by"]}
    series: dict[str, list[Row]] = {}
    for row in sorted((r for r in rows if r["period_kind"] == "month"), key=lambda r: str(r["period"])):
        whole = years.get((row["year"], row["area"]))
        if measure.counts == "people" and whole is not None and whole["denominator"]:
            row["denominator"] = whole["denominator"]
            row.update(shares(row["numerator"], row["denominator"]))
            row["value"] = (
                None if row["numerator"] is None else round(100 * row["numerator"] / row["denominator"], 3)
            )
        series.setdefault(row["area"], []).append(row)
    series = {area: months for area, months in series.items() if len(months) >= FEWEST}
    if not series:
        return
    longest = max(len(months) for months in series.values())
    values = np.full((len(series), longest), np.nan)
    for at, months in enumerate(series.values()):
        values[at, : len(months)] = [np.nan if r["value"] is None else r["value"] for r in months]
    target = measure.target.value if measure.target and measure.counts == "events" else np.nan
    chart = control_chart(values, direction=WAYS[measure.polarity], target=np.full(longest, target))
    newest = max((year for year, _ in years), default="")
    for at, (area, months) in enumerate(series.items()):
        for n, row in enumerate(months):
            for column, ends in (
                ("spc_mean", chart.mean),
                ("spc_low", chart.lower),
                ("spc_high", chart.upper),
            ):
                row[column] = round(float(ends[at, n]), 3) if np.isfinite(ends[at, n]) else None
            row["spc"] = rule_words(int(chart.rule[at, n]))
        if (newest, area) in years:
            years[newest, area]["spc"] = series_words(int(chart.variation[at]), int(chart.assurance[at]))


def rule_words(rule: int) -> str:
    """Which rule of the chart a month breaks, in words; empty for none."""
    from endeavour.engine.statistics.spc import Rule

    return Rule(rule).words


def series_words(variation: int, assurance: int) -> str:
    """What a control chart says of the newest month and of the target, in a sentence or two.

    >>> series_words(1, 3)
    'Changing for the better, by more than chance. Bound to miss the target unless something changes.'
    """
    from endeavour.engine.statistics.spc import Assurance, Variation

    change = {
        Variation.COMMON_CAUSE: "No change beyond chance from month to month.",
        Variation.IMPROVEMENT: "Changing for the better, by more than chance.",
        Variation.CONCERN: "Changing for the worse, by more than chance.",
        Variation.NEUTRAL_HIGH: "Higher than usual, by more than chance.",
        Variation.NEUTRAL_LOW: "Lower than usual, by more than chance.",
    }[Variation(variation)]
    aim = {
        Assurance.NOT_ASKED: "",
        Assurance.CONSISTENTLY_MEETS: " Bound to meet the target unless something changes.",
        Assurance.HIT_AND_MISS: " Meets and misses the target by chance.",
        Assurance.CONSISTENTLY_MISSES: " Bound to miss the target unless something changes.",
    }[Assurance(assurance)]
    return change + aim
