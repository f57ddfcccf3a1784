"""The tables of areas: what each is, what lies in what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain

from endeavour.pack.compile.context import ONS_SAYS, Compiled, Context, ogl
from endeavour.pack.compile.geography import Geography
from endeavour.pack.compile.sources import Row

Overlap = tuple[str, str, str, float]

ENGLAND = "E92000001"
CENSUS_2011, CENSUS_2021 = "2011-03-27", "2021-03-21"
_FROM_LOOKUPS = ogl(
    "Office for National Statistics",
    "2021 to 2024",
    "Open Geography Portal lookups: LSOA 2021 to sub-ICB location and ICB (2024), to ward and district (2024); district "
    "to upper tier (2023); LSOA 2011 to LSOA 2021. Places and hexagons are ours.",
    ONS_SAYS,
)


def areas(context: Context, pcns: list[Row]) -> Compiled:
    """Every area, from the country down."""
    geography = context.geography
    rows = [{"code": ENGLAND, "kind": "country", "name": "England"}, _system(geography)]
    rows += [{"code": p.code, "kind": "place", "name": p.name} for p in geography.places]
    rows += _councils(geography)
    rows += [
        {"code": code, "kind": "sub_icb", "name": row["name"], "other_code": row["ons"]}
        for code, row in sorted(geography.sub_icbs.items())
    ]
    rows += [{"code": pcn["code"], "kind": "pcn", "name": pcn["name"]} for pcn in pcns]
    rows += [
        {"code": code, "kind": "ward", "name": ward["name"]} for code, ward in sorted(geography.wards.items())
    ]
    rows += _neighbourhoods(geography)
    return Compiled(rows, _FROM_LOOKUPS)


def _system(geography: Geography) -> Row:
    name = geography.system_name.removeprefix("NHS ").removesuffix(" Integrated Care Board")
    return {"code": geography.system, "kind": "system", "name": name, "other_code": geography.system_ods}


def _councils(geography: Geography) -> Iterator[Row]:
    uppers = {d["upper_tier"]: d["upper_tier_name"] for d in geography.districts.values()}
    for code, name in sorted(uppers.items()):
        if code not in geography.districts:
            yield {"code": code, "kind": "upper_tier", "name": name}
    for code, district in sorted(geography.districts.items()):
        also = "upper_tier" if code in uppers else None
        yield {"code": code, "kind": "district", "also_kind": also, "name": district["name"]}


def _neighbourhoods(geography: Geography) -> Iterator[Row]:
    """An LSOA that did not change in 2021 is one area of both vintages."""
    older = {row["code"] for row in geography.lsoa11}
    newer = set(geography.lsoa21_codes)
    for row in geography.lsoa21:
        kept = row["code"] in older
        yield {
            "code": row["code"],
            "kind": "lsoa21",
            "also_kind": "lsoa11" if kept else None,
            "name": row["name"],
            "valid_from": CENSUS_2011 if kept else CENSUS_2021,
        }
    for row in geography.lsoa11:
        if row["code"] not in newer:
            yield {
                "code": row["code"],
                "kind": "lsoa11",
                "name": row["name"],
                "valid_from": CENSUS_2011,
                "valid_to": CENSUS_2021,
            }


def area_overlaps(context: Context, persons: dict[str, int], pcns: list[Row]) -> Compiled:
    """What lies in what; `persons` are the census residents of each LSOA 2021."""
    geography = context.geography
    found: dict[tuple[str, str], Row] = {}
    lines = chain(
        _of_neighbourhoods(geography),
        _across_the_censuses(geography, persons),
        _of_larger_areas(geography),
        ((pcn["code"], pcn["sub_icb"], "exact", 1.0) for pcn in pcns),
    )
    for start, end, basis, weight in lines:
        found[start, end] = {"from_code": start, "to_code": end, "weight": weight, "basis": basis}
    return Compiled(list(found.values()), _FROM_LOOKUPS)


def _of_neighbourhoods(geography: Geography) -> Iterator[Overlap]:
    for row in geography.lsoa21:
        yield row["code"], row["ward"], "best_fit", 1.0
        for column in ("district", "upper_tier", "sub_icb", "place"):
            yield row["code"], row[column], "exact", 1.0
        yield row["code"], geography.system, "exact", 1.0
    newer = set(geography.lsoa21_codes)
    for row in geography.lsoa11:
        tier = geography.districts[row["district"]]["upper_tier"]
        for end in (row["district"], tier, row["sub_icb"], row["place"], geography.system):
            if row["code"] not in newer:
                yield row["code"], end, "best_fit", 1.0


def _of_larger_areas(geography: Geography) -> Iterator[Overlap]:
    for code, ward in geography.wards.items():
        yield code, ward["district"], "exact", 1.0
    for code, district in geography.districts.items():
        if code != district["upper_tier"]:
            yield code, district["upper_tier"], "exact", 1.0
    for place in geography.places:
        yield place.code, geography.system, "exact", 1.0
        for sub_icb in place.sub_icbs:
            yield sub_icb, place.code, "exact", 1.0
            yield sub_icb, geography.system, "exact", 1.0


def _across_the_censuses(geography: Geography, persons: dict[str, int]) -> Iterator[Overlap]:
    """The share of each LSOA 2011's people, as counted in 2021, who live in each LSOA 2021 it became."""
    children: dict[str, list[str]] = defaultdict(list)
    for pair in geography.pairs:
        children[pair["lsoa11_code"]].append(pair["lsoa21_code"])
    for start, ends in children.items():
        total = sum(persons[end] for end in ends)
        for end in ends:
            yield start, end, "persons_census2021", round(persons[end] / total, 9) if len(ends) > 1 else 1.0


def lsoa21(context: Context) -> Compiled:
    """The neighbourhoods of 2021."""
    return Compiled(context.geography.lsoa21, _FROM_LOOKUPS)


def lsoa11(context: Context) -> Compiled:
    """The neighbourhoods of 2011."""
    return Compiled(context.geography.lsoa11, _FROM_LOOKUPS)
