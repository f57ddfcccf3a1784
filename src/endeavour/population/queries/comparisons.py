"""Counts to set side by side: places for a funnel, fifths and tenths of deprivation for a slope."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from endeavour.errors import BadInput, NotFound
from endeavour.pack.definitions import Indicator
from endeavour.population.queries import definitions, store

KINDS = {
    "practice": "GP practices",
    "pcn": "neighbourhoods (primary care networks)",
    "district": "districts",
    "sub_icb": "NHS sub-areas (sub-ICB locations)",
}
FEWEST_PLACES = 3


@dataclass(frozen=True)
class Counted:
    """One place's count, and how many people it was counted among."""

    code: str
    name: str
    numerator: float
    denominator: float


@dataclass(frozen=True)
class Comparison:
    """One indicator in every place of one kind, in the newest period that names at least three of them."""

    indicator: Indicator
    kind: str
    period: str
    is_modelled: bool
    places: tuple[Counted, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Comparable:
    """An indicator that can be compared, and the kinds of place it is known for."""

    indicator: Indicator
    kinds: tuple[str, ...]


# The registers of practices carry a prevalence and a list; their product is a whole number of patients.
_KNOWN = """
    with counted as (
        select o.indicator, case when p.code is null then a.kind else 'practice' end as kind, o.area_code as code,
               coalesce(p.name, a.name) as name, p.pcn, year(o.period_start) as began, o.numerator, o.denominator,
               o.status = 'modelled' as modelled
        from observations o left join practices p on p.code = o.area_code left join areas a on a.code = o.area_code
        where coalesce(o.subgroup, '') = '' and o.numerator <= o.denominator and o.denominator > 0
          and (p.code is not null or a.kind in ('district', 'sub_icb'))
        union all
        select 'qof_' || lower(r.condition), 'practice', r.practice, p.name, p.pcn,
               (select left(vintage, 4)::int from provenance where "table" = 'practice_registers'),
               round(r.prevalence * r.list_size / 100), r.list_size, false
        from practice_registers r join practices p on p.code = r.practice
        where r.prevalence is not null and r.list_size > 0
    ), known as (
        select * from counted
        union all
        select c.indicator, 'pcn', c.pcn, n.name, c.pcn, c.began, sum(c.numerator), sum(c.denominator), false
        from counted c join pcns n on n.code = c.pcn where c.kind = 'practice' group by all
    )
"""


def comparables() -> tuple[Comparable, ...]:
    """Every indicator with counts for at least three places of one kind."""
    return _comparables(store.edition())


@lru_cache(maxsize=2)
def _comparables(_edition: str) -> tuple[Comparable, ...]:
    found = store.rows(
        f"""{_KNOWN}
        select indicator, list(distinct kind) as kinds from (
            select indicator, kind, began from known group by all having count(*) >= {FEWEST_PLACES}
        ) group by 1"""
    )
    kinds = {r["indicator"]: tuple(k for k in KINDS if k in r["kinds"]) for r in found}
    return tuple(Comparable(i, kinds[i.id]) for i in definitions.indicators() if i.id in kinds)


def comparison(identity: str, kind: str = "") -> Comparison:
    """One indicator by kind of place, the smallest kind by default; `NotFound` and `BadInput` say what there is."""
    definitions.indicator(identity)
    one = next((c for c in comparables() if c.indicator.id == identity), None)
    if one is None:
        raise NotFound(
            f"The counts behind '{identity}' are not published for places here, so they cannot be compared fairly.",
            hint="The measures that can be compared are listed at /compare.",
        )
    if kind and kind not in one.kinds:
        raise BadInput(
            f"'{kind[:40]}' is not a kind of place this measure is known for.",
            hint=f"Choose one of: {', '.join(one.kinds)}.",
        )
    kind = kind or one.kinds[0]
    found = store.rows(
        f"""{_KNOWN}, newest as (
            select max(began) as began from (
                select began from known where indicator = ? and kind = ? group by 1 having count(*) >= {FEWEST_PLACES}
            )
        )
        select code, name, numerator::double as numerator, denominator::double as denominator, began, modelled
        from known join newest using (began) where indicator = ? and kind = ? order by name, code""",
        identity,
        kind,
        identity,
        kind,
    )
    began = found[0]["began"]
    return Comparison(
        indicator=one.indicator,
        kind=kind,
        period=f"{began}/{(began + 1) % 100:02d}",
        is_modelled=any(r["modelled"] for r in found),
        places=tuple(Counted(r["code"], r["name"], r["numerator"], r["denominator"]) for r in found),
        kinds=one.kinds,
    )


@dataclass(frozen=True)
class Band:
    """Deaths and person-years in one age band of one deprivation fifth."""

    quintile: int
    age: int
    deaths: float
    person_years: float


def deaths_by_fifth(sex: str) -> list[Band]:
    """England 2014 to 2016 by deprivation fifth (1 is most deprived), youngest first, for one sex."""
    if not store.has("calibration_life_tables"):
        return []
    found = store.rows(
        """select imd_quintile as quintile, age, deaths::double as deaths, person_years::double as person_years
        from calibration_life_tables where sex = ? order by 1, 2""",
        sex,
    )
    return [Band(**r) for r in found]


@dataclass(frozen=True)
class Tenth:
    """Patients on one register in one national tenth of deprivation (1 is most deprived)."""

    decile: int
    register: float
    list_size: float


def registers_by_tenth() -> dict[str, list[Tenth]]:
    """Every register by deprivation tenth of England, most deprived first, by lower-case code."""
    if not store.has("calibration_prevalence_by_decile"):
        return {}
    found = store.rows(
        """select lower(condition) as condition, imd_decile as decile, register::double as register,
        list_size::double as list_size from calibration_prevalence_by_decile order by 1, 2"""
    )
    curves: dict[str, list[Tenth]] = {}
    for r in found:
        curves.setdefault(r.pop("condition"), []).append(Tenth(**r))
    return curves
