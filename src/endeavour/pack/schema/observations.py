"""The table of published values."""

from __future__ import annotations

from endeavour.pack.schema.codes import STATUSES
from endeavour.pack.schema.columns import Column, Table, code, number, one_of

OBSERVATION_TABLES: tuple[Table, ...] = (
    Table(
        "observations",
        "Published values by indicator, area, group and period. An area here is an area, a practice or a body with an "
        "ODS code. A day, week or month that was not reported has a row with no value, never a zero.",
        (
            code("indicator", "id in indicators.yaml"),
            code("area_code", "area, practice or ODS code", "areas.code", "practices.code", "bodies.ods_code"),
            code("subgroup", "part of the people; empty: everybody", optional=True),
            Column("period_start", "date", "first day"),
            Column("period_end", "date", "last day"),
            number("numerator", "events or people", 0, optional=True),
            number("denominator", "at risk", 0, optional=True),
            number("value", "in the indicator's unit", optional=True),
            number("lower", "95% interval, lower", optional=True),
            number("upper", "95% interval, upper", optional=True),
            one_of("status", "whether it was reported", STATUSES),
        ),
        key=("indicator", "area_code", "subgroup", "period_start", "period_end"),
        dated=("period_start", "period_end"),
    ),
)  # fmt: skip
