"""Published values worth charting, one long table."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from statistics import median
from typing import Any

from endeavour.pack.compile import calibration
from endeavour.pack.compile.access import appointments, talking_therapies
from endeavour.pack.compile.context import Compiled, Context, number, ogl, whole
from endeavour.pack.compile.observed import (
    calendar_year,
    codes_of_areas,
    financial_year,
    month_of,
    observed,
    share,
)
from endeavour.pack.compile.sources import Row, SourceMissing

_USUALLY_AT_LEAST = 20
"""A body that usually counts this many a day and once counts none did not report that day."""


def observations(context: Context) -> Compiled:
    """Everything the folder holds; a part that is absent is left out, and with no part the table is."""
    rows: list[Row] = []
    for part in _PARTS:
        try:
            rows += part(context)
        except SourceMissing:
            continue
    if not rows:
        raise SourceMissing("no file of indicators or time series")
    source = "Health Index; A&E, beds, discharge and referral-to-treatment statistics; QOF; Fingertips 91547; each in indicators.yaml"
    return Compiled(
        rows,
        ogl(
            "Office for National Statistics; NHS England; Office for Health Improvement and Disparities",
            "2013 to 2025",
            source,
        ),
    )


def slug(words: str) -> str:
    """Words as an id: small letters, digits and low lines.

    >>> slug("Children's social, emotional and mental health")
    'childrens_social_emotional_and_mental_health'
    """
    return re.sub(r"[^a-z0-9]+", "_", words.lower().replace("'", "").replace("’", "")).strip("_")


def _health_index(context: Context) -> Iterator[Row]:
    path = context.sources.find(
        "**/ons_health_index_indicators_ltla21_*.parquet", "**/*ons_health_index_indicators_ltla21*.csv"
    )
    found = context.sources.some_rows(
        path,
        "SELECT * FROM source WHERE list_contains($codes, ltla21_code)",
        codes=sorted(context.geography.districts),
    )
    for row in found:
        indicator = f"health_index_{slug(row['indicator'])}"
        yield observed(indicator, row["ltla21_code"], calendar_year(whole(row["year"])), number(row["value"]))


def _smoking(context: Context) -> Iterator[Row]:
    path = context.sources.find("**/*fingertips_91547_smoking_qof.csv")
    known = codes_of_areas(context)
    seen: set[tuple[str, str]] = set()
    for row in context.sources.rows(path, "SELECT * FROM source WHERE coalesce(Category, '') = ''"):
        area = known.get(row["Area Code"])
        if area is None or (area, row["Time period"]) in seen or row["Value"] in (None, ""):
            continue
        seen.add((area, row["Time period"]))
        yield observed(
            "smoking_qof",
            area,
            financial_year(row["Time period"]),
            number(row["Value"], 5),
            numerator=number(row["Count"], 1),
            denominator=number(row["Denominator"], 1),
            lower=number(row["Lower CI 95.0 limit"], 5),
            upper=number(row["Upper CI 95.0 limit"], 5),
        )


def _bodies(context: Context, folder: str, kind: str) -> list[tuple[str, Row]]:
    """Rows of a time series for the system and for its trusts, each with the code we file them under."""
    found: list[tuple[str, Row]] = []
    for pattern, column, codes in (
        (f"**/england_{folder}trust_{kind}.parquet", "nhs_trust22_code", list(context.meta.trusts)),
        (f"**/england_{folder}icb_{kind}.parquet", "icb22_code", [context.geography.system]),
    ):
        try:
            path = context.sources.find(pattern)
        except SourceMissing:
            continue
        query = f"SELECT * FROM source WHERE list_contains($codes, {column}) ORDER BY {column}, date"
        found += [(row[column], row) for row in context.sources.rows(path, query, codes=codes)]
    if not found:
        raise SourceMissing(f"no time series {kind} of this system")
    return found


def _accident_and_emergency(context: Context) -> Iterator[Row]:
    for code, row in _bodies(context, "", "accidents_emergency"):
        period, seen = month_of(row["date"]), float(row["total_attendances"])
        yield observed("ae_attendances", code, period, seen)
        if row["attendances_over_4hours"] is not None and seen:
            within = seen - float(row["attendances_over_4hours"])
            yield observed(
                "ae_within_4_hours", code, period, share(within, seen), numerator=within, denominator=seen
            )
        yield observed("ae_emergency_admissions", code, period, float(row["total_emergency_admissions"]))


def _beds(context: Context) -> Iterator[Row]:
    path = context.sources.find("**/england_critical_general_acute_beds.parquet")
    found = context.sources.some_rows(
        path,
        "SELECT * FROM source WHERE list_contains($codes, nhs_trust22_code) ORDER BY nhs_trust22_code, date",
        codes=list(context.meta.trusts),
    )
    for row in found:
        for indicator, stem in (
            ("beds_general_acute_occupied", "general_acute_beds"),
            ("beds_adult_critical_care_occupied", "adult_critical_care_beds"),
        ):
            taken, there = row[f"{stem}_occupied"], row[f"{stem}_available"]
            if there:
                yield observed(
                    indicator,
                    row["nhs_trust22_code"],
                    month_of(row["date"]),
                    share(float(taken), float(there)),
                    numerator=float(taken),
                    denominator=float(there),
                )


def _discharge(context: Context) -> Iterator[Row]:
    """Daily counts as weeks from Monday to Sunday: the days of a week differ too much to be charted one by one."""
    stays = _by_day(_bodies(context, "", "criteria_to_reside"), "do_not_meet_criteria_to_reside")
    for code, days in stays.items():
        for period, counts in _weeks(days):
            mean = None if counts is None else round(sum(counts) / 7, 4)
            total = None if counts is None else sum(counts)
            yield observed("no_criteria_to_reside", code, period, mean, numerator=total, denominator=7.0)
    left = _bodies(context, "", "discharged_patients")
    early = _by_day(left, "discharged_by_1700")
    for code, days in _by_day(left, "discharged_total").items():
        for period, counts in _weeks(days):
            total = None if counts is None else sum(counts)
            yield observed("discharges", code, period, total)
            before = _sum_of_week(early[code], period[0])
            if total and before is not None:
                yield observed(
                    "discharges_by_5pm",
                    code,
                    period,
                    share(before, total),
                    numerator=before,
                    denominator=total,
                )


def _by_day(rows: list[tuple[str, Row]], column: str) -> dict[str, dict[date, float | None]]:
    """Counts by body and day; a day on which a body that usually counts many counts none was not reported."""
    found: dict[str, dict[date, float | None]] = defaultdict(dict)
    for code, row in rows:
        value = row[column]
        found[code][date.fromisoformat(str(row["date"])[:10])] = None if value is None else float(value)
    for days in found.values():
        if median([value or 0 for value in days.values()]) >= _USUALLY_AT_LEAST:
            for day, value in days.items():
                days[day] = value or None
    return found


def _weeks(days: dict[date, float | None]) -> Iterator[tuple[tuple[date, date], list[float] | None]]:
    """Whole weeks, Monday to Sunday, and the seven counts; no counts where any day was not reported."""
    monday = min(days) + timedelta(days=-min(days).weekday() % 7)
    while monday + timedelta(days=6) <= max(days):
        week = [days.get(monday + timedelta(days=n)) for n in range(7)]
        counts = [value for value in week if value is not None]
        yield (monday, monday + timedelta(days=6)), counts if len(counts) == 7 else None
        monday += timedelta(days=7)


def _sum_of_week(days: dict[date, float | None], monday: date) -> float | None:
    counts = [days.get(monday + timedelta(days=n)) for n in range(7)]
    return None if None in counts else sum(value for value in counts if value is not None)


def _waiting(context: Context) -> Iterator[Row]:
    """Referral to treatment; only the `Total` row, because the names of specialties change and adding them counts twice."""
    for pattern, column, codes in (
        ("**/england_rtt_trust.parquet", "nhs_trust22_code", list(context.meta.trusts)),
        ("**/england_rtt_stp.parquet", "stp20_nhs_code", [context.geography.system_ods]),
    ):
        path = context.sources.find(pattern)
        found = context.sources.rows(
            path,
            f"SELECT * FROM source WHERE list_contains($codes, {column}) AND treatment = 'Total' ORDER BY date",
            codes=codes,
        )
        for row in found:
            code = context.geography.system if column == "stp20_nhs_code" else row[column]
            for weeks in (18, 52):
                value = float(row[f"waits_over_{weeks}_weeks"])
                yield observed(f"rtt_over_{weeks}_weeks", code, month_of(row["date"]), value)


def _waiting_flow(context: Context) -> Iterator[Row]:
    path = context.sources.find("**/england_rtt_flow_stp.parquet")
    found = context.sources.some_rows(
        path,
        "SELECT * FROM source WHERE stp20_nhs_code = $code ORDER BY date",
        code=context.geography.system_ods,
    )
    for row in found:
        for name in ("incomplete", "new", "completed"):
            if row[name] is not None:
                yield observed(
                    f"rtt_{name}", context.geography.system, month_of(row["date"]), float(row[name])
                )


def _registers(context: Context) -> Iterator[Row]:
    for row in calibration.registers(context).rows:
        yield _prevalence(row["sub_icb"], row["year"], row, "reported")
    for row in calibration.district_registers(context).rows:
        yield _prevalence(row["district"], "2019-20", row, "modelled")


def _prevalence(area: str, year: str, row: Row, status: str) -> Row:
    return observed(
        f"qof_{row['condition'].lower()}",
        area,
        financial_year(year),
        round(100 * row["prevalence"], 5),
        numerator=row["register"],
        denominator=row["list_size"],
        status=status,
    )


def _delayed(context: Context) -> Iterator[Row]:
    path = context.sources.find("**/england_delayed_discharge_reasons.parquet")
    found = context.sources.some_rows(
        path,
        "SELECT * FROM source WHERE list_contains($codes, nhs_trust22_code) ORDER BY nhs_trust22_code, date, delay_reason",
        codes=list(context.meta.trusts),
    )
    sums: dict[tuple[str, Any, str], float] = defaultdict(float)
    for row in found:
        if row["delay_count"] is not None:
            sums[row["nhs_trust22_code"], row["date"], slug(row["delay_reason"])] += float(row["delay_count"])
    for (code, day, reason), value in sums.items():
        yield observed("delayed_discharges", code, month_of(day), value, subgroup=reason)


_PARTS: tuple[Callable[[Context], Iterator[Row]], ...] = (
    _health_index,
    _smoking,
    _accident_and_emergency,
    _beds,
    _discharge,
    _waiting,
    _waiting_flow,
    _registers,
    _delayed,
    appointments,
    talking_therapies,
)
