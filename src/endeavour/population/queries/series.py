"""Published values over time: one indicator, by area and period; unreported periods stay empty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from endeavour.population.queries import store


@dataclass(frozen=True)
class Point:
    """One published value; `value` is None where the period was not reported."""

    start: date
    end: date
    value: float | None
    lower: float | None
    upper: float | None
    numerator: float | None
    denominator: float | None
    status: str


@dataclass(frozen=True)
class Series:
    """One indicator in one area (or body) and one subgroup, oldest first."""

    area_code: str
    area_name: str
    subgroup: str
    points: tuple[Point, ...]

    @property
    def latest(self) -> Point | None:
        """The newest period that was reported."""
        return next((p for p in reversed(self.points) if p.value is not None), None)


def series(indicator: str) -> list[Series]:
    """Every series of an indicator, the widest area first."""
    found = store.rows(
        f"""
        select o.area_code, coalesce(a.name, b.name, p.name, o.area_code) as area_name,
               coalesce(o.subgroup, '') as subgroup, o.period_start, o.period_end, o.value, o.lower, o.upper,
               o.numerator, o.denominator, o.status
        from observations o left join areas a on a.code = o.area_code
        left join practices p on p.code = o.area_code {_bodies()}
        where o.indicator = ?
        order by list_position(['country','system','place','upper_tier','district','sub_icb'], a.kind) nulls last,
                 area_name, subgroup, o.period_start
        """,
        indicator,
    )
    grouped: dict[tuple[str, str, str], list[Point]] = {}
    for r in found:
        place = grouped.setdefault((r["area_code"], r["area_name"], r["subgroup"]), [])
        place.append(
            Point(r["period_start"], r["period_end"], r["value"], r["lower"], r["upper"], r["numerator"],
                  r["denominator"], r["status"])
        )  # fmt: skip
    return [Series(*key, tuple(points)) for key, points in grouped.items()]


def coverage() -> dict[str, tuple[int, date, date]]:
    """How many observations each indicator has, and its first and last day."""
    found = store.rows(
        "select indicator, count(*) as n, min(period_start) as first, max(period_end) as last from observations group by 1"
    )
    return {r["indicator"]: (r["n"], r["first"], r["last"]) for r in found}


def _bodies() -> str:
    if store.has("bodies"):
        return "left join (select ods_code, any_value(name) as name from bodies where ods_code is not null group by 1) b on b.ods_code = o.area_code"
    return "left join (select null::varchar as ods_code, null::varchar as name) b on b.ods_code = o.area_code"


@dataclass(frozen=True)
class LifeExpectancy:
    """Years of life from birth for one sex and deprivation fifth of England (1 is most deprived)."""

    sex: str
    quintile: int
    years: float


def life_expectancy() -> list[LifeExpectancy]:
    """England 2014 to 2016, from the pack's life tables."""
    if not store.has("life_tables") and not store.has("calibration_life_tables"):
        return []
    found = store.rows(
        "select sex, imd_quintile as quintile, ex as years from calibration_life_tables where age_band = '0' order by 1, 2"
    )
    return [LifeExpectancy(**r) for r in found]


def prevalence_by_decile() -> dict[str, list[float]]:
    """QOF prevalence, 0 to 1, by condition and national deprivation decile, most deprived first."""
    if not store.has("calibration_prevalence_by_decile"):
        return {}
    found = store.rows(
        "select condition, imd_decile, prevalence from calibration_prevalence_by_decile order by condition, imd_decile"
    )
    curves: dict[str, list[float]] = {}
    for r in found:
        curves.setdefault(r["condition"], []).append(r["prevalence"])
    return curves
