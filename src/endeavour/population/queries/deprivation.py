"""The Indices of Deprivation by neighbourhood and domain, in both editions, never apportioned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from endeavour.population.queries import store

DOMAINS = {
    "imd": "All kinds together",
    "income": "Income",
    "employment": "Work",
    "education": "Schooling and skills",
    "health": "Health and disability",
    "crime": "Crime",
    "housing": "Barriers to housing and services",
    "environment": "Living environment",
}


INDICES = "Indices of Deprivation {edition}, Ministry of Housing, Communities and Local Government"


@dataclass(frozen=True)
class DomainShare:
    """For one domain, an area's people in England's most deprived fifth, by edition; a decile where it is one LSOA."""

    domain: str
    label: str
    share_2019: float | None
    share_2025: float | None
    decile_2019: int | None
    decile_2025: int | None


@dataclass(frozen=True)
class Hexagon:
    """One neighbourhood on the cartogram: where it stands, its decile and what it is called."""

    code: str
    name: str
    district: str
    place: str
    q: int
    r: int
    persons: int
    value: float | None


def by_domain(lsoas: Sequence[str]) -> list[DomainShare]:
    """Each domain's share of people in the most deprived fifth, 2019 by its own neighbourhoods' descendants."""
    parts = ", ".join(
        f"sum(p.persons) filter (where d19.{name}_decile <= 2) / sum(p.persons)::double as {name}_2019, "
        f"sum(p.persons) filter (where d25.{name}_decile <= 2) / sum(p.persons)::double as {name}_2025, "
        f"any_value(d19.{name}_decile) as {name}_d2019, any_value(d25.{name}_decile) as {name}_d2025"
        for name in DOMAINS
    )
    found = store.row(
        f"""
        select {parts} from (select unnest(?) as code) mine
        join population p on p.area_code = mine.code and p.base = 'census2021'
        left join deprivation d25 on d25.area_code = mine.code and d25.edition = '2025'
        left join ({PARENTS}) parent on parent.code = mine.code
        left join deprivation d19 on d19.area_code = parent.old and d19.edition = '2019'
        """,
        list(lsoas),
    )
    one = len(lsoas) == 1
    assert found is not None, "an aggregate always answers"
    return [
        DomainShare(
            domain=name,
            label=label,
            share_2019=found[f"{name}_2019"] or 0.0,
            share_2025=found[f"{name}_2025"] or 0.0,
            decile_2019=found[f"{name}_d2019"] if one else None,
            decile_2025=found[f"{name}_d2025"] if one else None,
        )
        for name, label in DOMAINS.items()
    ]


# Each 2021 neighbourhood's one 2011 parent; the overlaps run from old to new.
PARENTS = """
    select n.code, coalesce(min(o.from_code), n.code) as old from lsoa21 n
    left join area_overlaps o on o.to_code = n.code and o.from_code in (select code from lsoa11)
    group by n.code
"""


def hexagons(measure: str, edition: str) -> list[Hexagon]:
    """Every 2021 neighbourhood with the decile of one domain in one edition; 2019 comes from its 2011 parent."""
    assert measure in DOMAINS, measure
    join = (
        f"left join ({PARENTS}) parent on parent.code = n.code left join deprivation d on d.area_code = parent.old and d.edition = '2019'"
        if edition == "2019"
        else "left join deprivation d on d.area_code = n.code and d.edition = '2025'"
    )
    return _hexagons(f"d.{measure}_decile", join)


CENSUS_TABLES = {
    "overcrowded": ("census_overcrowding", "occupancy in ('minus_1', 'minus_2_or_less')", "households"),
    "disabled": ("census_disability", "disability = 'disabled'", "persons"),
    "over_85": ("census_age", "age_band = '85+'", "persons"),
    "under_15": ("census_age", "age_band in ('0-4', '5-9', '10-14')", "persons"),
    "social_rent": ("census_tenure", "tenure in ('social_council', 'social_other')", "households"),
    "private_rent": (
        "census_tenure",
        "tenure in ('private_landlord', 'private_other', 'rent_free')",
        "households",
    ),
    "hardship": ("census_deprivation_dimensions", "dimensions >= 3", "households"),
    "not_white": ("census_ethnicity", "ethnic_group <> 'white'", "persons"),
}


def census_hexagons(measure: str) -> list[Hexagon]:
    """Every 2021 neighbourhood with one census share, in per cent."""
    table, group, counted = CENSUS_TABLES[measure]
    join = (
        f"left join (select lsoa21, 100.0 * sum({counted}) filter (where {group}) / nullif(sum({counted}), 0) as share"
        f" from {table} group by 1) d on d.lsoa21 = n.code"
    )
    return _hexagons("d.share", join)


def _hexagons(value: str, join: str) -> list[Hexagon]:
    found = store.rows(
        f"""
        select n.code, n.name, district.name as district, place.name as place, n.hex_q as q, n.hex_r as r,
               p.persons, {value}::double as value
        from lsoa21 n join areas district on district.code = n.district join areas place on place.code = n.place
        join population p on p.area_code = n.code and p.base = 'census2021' {join}
        where n.hex_q is not null order by n.hex_r, n.hex_q
        """
    )
    return [Hexagon(**r) for r in found]


BASES = {"census2021": "Census 2021 residents", "mid2020": "mid-2020 residents"}


@dataclass(frozen=True)
class FifthShare:
    """How many of an area's people live in England's most deprived fifth of neighbourhoods for one domain."""

    code: str
    name: str
    kind: str
    people: int
    total: int

    @property
    def share(self) -> float | None:
        """From 0 to 1, or None where nobody is counted."""
        return self.people / self.total if self.total else None


def most_deprived_fifth(measure: str, edition: str, base: str) -> list[FifthShare]:
    """The system's, places' and districts' people in the most deprived fifth; a 2025 index meets only census counts."""
    assert measure in DOMAINS, measure
    old = base != "census2021"
    assert edition == "2019" or not old, "a 2021 index does not meet a count of 2011 neighbourhoods"
    table = "lsoa11" if old else "lsoa21"
    parent = f"left join ({PARENTS}) parent on parent.code = n.code" if edition == "2019" and not old else ""
    indexed = "parent.old" if parent else "n.code"
    found = store.rows(
        f"""
        with counted as (
            select n.district, n.place, p.persons,
                   case when d.{measure}_decile <= 2 then p.persons else 0 end as people
            from {table} n join population p on p.area_code = n.code and p.base = ? {parent}
            join deprivation d on d.area_code = {indexed} and d.edition = ?
        ), summed as (
            select 'district' as kind, district as code, sum(people) as people, sum(persons) as total from counted group by 2
            union all select 'place', place, sum(people), sum(persons) from counted group by 2
            union all select 'system', (select any_value(code) from areas where kind = 'system'), sum(people), sum(persons)
            from counted
        )
        select s.code, a.name, s.kind, s.people::bigint as people, s.total::bigint as total
        from summed s join areas a on a.code = s.code
        order by list_position(['system', 'place', 'district'], s.kind), s.people / s.total desc, a.name
        """,
        base,
        edition,
    )
    return [FifthShare(**r) for r in found]
