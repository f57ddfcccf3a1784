"""The tables of residents and households: deprivation, population bases and the census."""

from __future__ import annotations

from endeavour.pack.schema.codes import (
    ACCOMMODATIONS,
    AGE_BANDS,
    AGE_BANDS_TO_90,
    BASES,
    DOMAINS,
    EDITIONS,
    ETHNIC_GROUPS,
    HOUSEHOLD_TYPES,
    OCCUPANCIES,
    TENURES,
)
from endeavour.pack.schema.columns import AREA, Column, Table, Whole, code, count, number, one_of, text


def _census(name: str, about: str, column: Column, *, of: str) -> Table:
    unit = "persons" if of == "population" else "households"
    return Table(
        name,
        about,
        (code("lsoa21", "the neighbourhood", "lsoa21.code"), column, count(unit, "usual residents" if unit == "persons" else "households with a usual resident")),
        key=("lsoa21", column.name),
        whole=Whole(unit, "lsoa21", of, unit, "census2021"),
    )  # fmt: skip


def _deprivation_columns() -> tuple[Column, ...]:
    parts: list[Column] = []
    for domain in DOMAINS:
        parts += [
            Column(f"{domain}_rank", "integer", f"{domain} domain, 1 = most deprived", low=1, high=33755),
            Column(f"{domain}_decile", "integer", f"{domain} domain, 1 = most deprived tenth", low=1, high=10),
            number(f"{domain}_score", f"{domain} domain's published score; not published here for 2019", optional=True),
        ]  # fmt: skip
    return tuple(parts)


PEOPLE_TABLES: tuple[Table, ...] = (
    Table(
        "deprivation",
        "English Indices of Deprivation: 2019 on LSOA 2011, 2025 on LSOA 2021. The 2019 score is rebuilt from the "
        "published domain ranks by the published formula.",
        (
            one_of("edition", "index edition", EDITIONS),
            code("area_code", "LSOA of the edition's vintage", *AREA),
            Column("imd_rank", "integer", "1 = most deprived in England", low=1, high=33755),
            Column("imd_decile", "integer", "1 = most deprived tenth in England", low=1, high=10),
            number("imd_score", "higher = more deprived", 0, 100),
            *_deprivation_columns(),
            number("income_deprived", "persons counted by the income domain; rounded by the publisher", 0, optional=True),
            number("employment_deprived", "persons counted by the employment domain; rounded", 0, optional=True),
        ),
        key=("edition", "area_code"),
        required=True,
    ),
    Table(
        "population",
        "Residents by population base. A share always names its base.",
        (
            code("area_code", "LSOA 2011 (estimates) or LSOA 2021 (census)", *AREA),
            one_of("base", "population base", BASES),
            count("persons", "usual residents"),
        ),
        key=("area_code", "base"),
        required=True,
    ),
    Table(
        "households",
        "Households with at least one usual resident, Census 2021 (the total of the accommodation table).",
        (
            code("area_code", "LSOA 2021", *AREA),
            one_of("base", "always census2021", BASES),
            count("households", "households"),
        ),
        key=("area_code", "base"),
    ),
    _census("census_age", "Census 2021 TS007A: residents by five-year age.", one_of("age_band", "five-year age", AGE_BANDS), of="population"),
    _census("census_ethnicity", "Census 2021 TS021: residents by ethnic group.", one_of("ethnic_group", "five groups", ETHNIC_GROUPS), of="population"),
    _census("census_disability", "Census 2021: residents by disability under the Equality Act.", one_of("disability", "disabled or not", ("disabled", "not_disabled")), of="population"),
    _census("census_tenure", "Census 2021: households by tenure.", one_of("tenure", "tenure", TENURES), of="households"),
    _census("census_overcrowding", "Census 2021: households by bedrooms against need; `minus_*` is overcrowded.", one_of("occupancy", "occupancy rating", OCCUPANCIES), of="households"),
    _census("census_deprivation_dimensions", "Census 2021: households by how many of four dimensions they are deprived in.", Column("dimensions", "integer", "0 to 4", low=0, high=4), of="households"),
    _census("census_accommodation", "Census 2021: households by accommodation type.", one_of("accommodation", "type of dwelling", ACCOMMODATIONS), of="households"),
    Table(
        "categories",
        "The publishers' own words for the codes used in other tables.",
        (
            code("column_name", "the column that uses the code"),
            code("code", "the code"),
            text("label", "the publisher's words"),
            Column("position", "integer", "order in which to show it", low=0),
        ),
        key=("column_name", "code"),
    ),
    Table(
        "district_age_sex",
        "Census 2021 first results: residents by sex and five-year age; the publisher rounds to 100.",
        (
            code("district", "lower-tier council", *AREA),
            one_of("sex", "sex", ("female", "male")),
            one_of("age_band", "five-year age to 90+", AGE_BANDS_TO_90),
            count("persons", "usual residents"),
        ),
        key=("district", "sex", "age_band"),
    ),
    Table(
        "district_single_year",
        "ONS mid-year estimates added up from LSOA 2011: residents by single year of age (90 means 90 and over).",
        (
            code("district", "lower-tier council", *AREA),
            one_of("base", "which year", ("mid2019", "mid2020")),
            Column("age", "integer", "years", low=0, high=90),
            count("persons", "residents"),
        ),
        key=("district", "base", "age"),
    ),
    Table(
        "district_household_type_2011",
        "Census 2011: households by composition.",
        (
            code("district", "lower-tier council", *AREA),
            one_of("household_type", "composition", HOUSEHOLD_TYPES),
            count("households", "households"),
        ),
        key=("district", "household_type"),
    ),
)  # fmt: skip
