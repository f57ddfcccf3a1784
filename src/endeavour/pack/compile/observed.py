"""What every part of the observations shares: a row, its period, and whose area a publisher's code is."""

from __future__ import annotations

import calendar
from contextlib import suppress
from datetime import date
from typing import Any

from endeavour.pack.compile.areas import ENGLAND
from endeavour.pack.compile.context import Context
from endeavour.pack.compile.primary_care import practices
from endeavour.pack.compile.sources import Row, SourceMissing


def observed(
    indicator: str,
    area: str,
    period: tuple[date, date],
    value: float | None,
    *,
    numerator: float | None = None,
    denominator: float | None = None,
    lower: float | None = None,
    upper: float | None = None,
    subgroup: str | None = None,
    status: str = "reported",
) -> Row:
    return {
        "indicator": indicator,
        "area_code": area,
        "subgroup": subgroup,
        "period_start": period[0],
        "period_end": period[1],
        "numerator": numerator,
        "denominator": denominator,
        "value": value,
        "lower": lower,
        "upper": upper,
        "status": "not_reported" if value is None else status,
    }


def calendar_year(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


def financial_year(text: str) -> tuple[date, date]:
    """'2013/14' or '2013-14' as its first and last day."""
    start = int(text[:4])
    return date(start, 4, 1), date(start + 1, 3, 31)


def month_of(day: Any) -> tuple[date, date]:
    first = date.fromisoformat(str(day)[:10]).replace(day=1)
    return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])


def share(part: float, of: float) -> float | None:
    return round(100 * part / of, 4) if of else None


def codes_of_areas(context: Context) -> dict[str, str]:
    """Every code a publisher may use for an area, a practice or a network of this system, and ours for it."""
    geography = context.geography
    known = {code: code for code in (ENGLAND, geography.system, *geography.districts, *geography.sub_icbs)}
    known |= {d["upper_tier"]: d["upper_tier"] for d in geography.districts.values()}
    known |= {row["ons"]: code for code, row in geography.sub_icbs.items()}
    known[geography.system_ods] = geography.system
    with suppress(SourceMissing):
        known |= {row["code"]: row["code"] for row in practices(context).rows}
    return known
