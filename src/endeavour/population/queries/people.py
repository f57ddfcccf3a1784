"""Who lives in an area: published census counts, beside the whole system's, with what stands out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from endeavour.population.queries import store


@dataclass(frozen=True)
class Share:
    """One group's share of an area's people or households, beside the system's; shares are 0 to 1."""

    key: str
    label: str
    count: int
    total: int
    system_share: float

    @property
    def share(self) -> float | None:
        """The area's share, or None where nobody lives there."""
        return self.count / self.total if self.total else None


@dataclass(frozen=True)
class Topic:
    """One census question: its groups in order, what is counted, and the table it comes from."""

    key: str
    title: str
    unit: str
    table: str
    shares: tuple[Share, ...]


@dataclass(frozen=True)
class Size:
    """How many people and households, and how many of the people live in the most deprived fifth."""

    persons: int
    households: int
    neighbourhoods: int
    core20_2025: int
    core20_2019: int


AGES = (
    ("Under 15", ("0-4", "5-9", "10-14")),
    ("15 to 24", ("15-19", "20-24")),
    ("25 to 44", ("25-29", "30-34", "35-39", "40-44")),
    ("45 to 64", ("45-49", "50-54", "55-59", "60-64")),
    ("65 to 84", ("65-69", "70-74", "75-79", "80-84")),
    ("85 and over", ("85+",)),
)
ETHNICITY = (
    ("White", ("white",)),
    ("Asian", ("asian",)),
    ("Black", ("black",)),
    ("Mixed", ("mixed",)),
    ("Other", ("other",)),
)
TENURE = (
    ("Own outright", ("owned_outright",)),
    ("Own with a mortgage", ("owned_mortgage", "shared_ownership")),
    ("Rent from the council or a housing association", ("social_council", "social_other")),
    ("Rent privately", ("private_landlord", "private_other", "rent_free")),
)
DISABILITY = (("Disabled", ("disabled",)), ("Not disabled", ("not_disabled",)))
OVERCROWDING = (
    ("Too few bedrooms", ("minus_1", "minus_2_or_less")),
    ("As many as needed", ("zero",)),
    ("Bedrooms to spare", ("plus_1", "plus_2_or_more")),
)
DIMENSIONS = (("None", ("0",)), ("One", ("1",)), ("Two", ("2",)), ("Three or four", ("3", "4")))
TOPICS = (
    ("age", "Age", "people", "census_age", "age_band", "persons", AGES),
    ("ethnicity", "Ethnic group", "people", "census_ethnicity", "ethnic_group", "persons", ETHNICITY),
    ("disability", "Disability", "people", "census_disability", "disability", "persons", DISABILITY),
    ("tenure", "Home", "households", "census_tenure", "tenure", "households", TENURE),
    ("overcrowding", "Bedrooms", "households", "census_overcrowding", "occupancy", "households", OVERCROWDING),
    (
        "dimensions", "Hardship: how many of work, schooling, health and housing", "households",
        "census_deprivation_dimensions", "dimensions", "households", DIMENSIONS,
    ),
)  # fmt: skip

# Which groups are a need where they are large, with the words for it, and which a strength.
_NEEDS = {
    ("age", "85 and over"): "More people aged 85 and over than elsewhere here",
    ("age", "Under 15"): "More children under 15 than elsewhere here",
    ("disability", "Disabled"): "More disabled people than elsewhere here",
    (
        "tenure",
        "Rent from the council or a housing association",
    ): "More homes rented from the council or a housing association",
    ("tenure", "Rent privately"): "More homes rented from private landlords",
    ("overcrowding", "Too few bedrooms"): "More overcrowded homes",
    ("dimensions", "Three or four"): "More households that face hardship of three or four kinds",
}
_STRENGTHS = {
    ("tenure", "Own outright"): "More people own their home outright",
    ("overcrowding", "Bedrooms to spare"): "More homes with a bedroom to spare",
    ("dimensions", "None"): "More households without hardship of any of four kinds",
    ("age", "25 to 44"): "More people of working age between 25 and 44",
}


@dataclass(frozen=True)
class StandsOut:
    """Something an area has more of than the system, with both shares."""

    words: str
    share: float
    system_share: float
    unit: str


def size(lsoas: Sequence[str]) -> Size:
    """People, households and Core20 people of these neighbourhoods, all on the census base."""
    found = store.row(
        """
        with mine as (select unnest(?) as code),
        parent as (
            select o.to_code as code, o.from_code as old from area_overlaps o
            join lsoa21 n on n.code = o.to_code join lsoa11 f on f.code = o.from_code
            union select code, code from lsoa21 where code in (select code from lsoa11)
        )
        select coalesce(sum(p.persons), 0)::bigint as persons, coalesce(sum(h.households), 0)::bigint as households,
               count(*) as neighbourhoods,
               coalesce(sum(p.persons) filter (where d25.imd_decile <= 2), 0)::bigint as core20_2025,
               coalesce(sum(p.persons) filter (where d19.imd_decile <= 2), 0)::bigint as core20_2019
        from mine
        join population p on p.area_code = mine.code and p.base = 'census2021'
        left join households h on h.area_code = mine.code and h.base = 'census2021'
        left join deprivation d25 on d25.area_code = mine.code and d25.edition = '2025'
        left join (select code, min(old) as old from parent group by code) parent on parent.code = mine.code
        left join deprivation d19 on d19.area_code = parent.old and d19.edition = '2019'
        """,
        list(lsoas),
    )
    assert found is not None, "an aggregate always answers"
    return Size(**found)


def topics(lsoas: Sequence[str]) -> list[Topic]:
    """Each census question the pack holds, for these neighbourhoods and for the whole system."""
    return [_topic(list(lsoas), *topic) for topic in TOPICS if store.has(topic[3])]


def _topic(
    lsoas: list[str], key: str, title: str, unit: str, table: str, column: str, counted: str,
    groups: tuple[tuple[str, tuple[str, ...]], ...],
) -> Topic:  # fmt: skip
    found = store.rows(
        f"""
        select {column}::varchar as value, sum({counted})::bigint as all_here,
               coalesce(sum({counted}) filter (where lsoa21 in (select unnest(?))), 0)::bigint as here
        from {table} group by 1
        """,
        lsoas,
    )
    here = {r["value"]: r["here"] for r in found}
    everywhere = {r["value"]: r["all_here"] for r in found}
    total, system_total = sum(here.values()), sum(everywhere.values())
    shares = tuple(
        Share(
            key=key,
            label=label,
            count=sum(here.get(code, 0) for code in codes),
            total=total,
            system_share=sum(everywhere.get(code, 0) for code in codes) / system_total
            if system_total
            else 0.0,
        )
        for label, codes in groups
    )
    return Topic(key, title, unit, table, shares)


def stands_out(asked: Sequence[Topic], *, limit: int = 4) -> tuple[list[StandsOut], list[StandsOut]]:
    """Needs and strengths: groups at least a fifth larger here, and by a point or more, the largest first."""
    return _outstanding(asked, _NEEDS, limit), _outstanding(asked, _STRENGTHS, limit)


def _outstanding(asked: Sequence[Topic], words: dict[tuple[str, str], str], limit: int) -> list[StandsOut]:
    found = [
        (share.share / share.system_share, StandsOut(words[topic.key, share.label], share.share, share.system_share, topic.unit))
        for topic in asked
        for share in topic.shares
        if (topic.key, share.label) in words and share.share and share.system_share
        and share.share - share.system_share >= 0.01
        and share.share / share.system_share >= (1.2 if share.system_share < 0.3 else 1.08)
    ]  # fmt: skip
    return [item for _, item in sorted(found, key=lambda pair: -pair[0])][:limit]
