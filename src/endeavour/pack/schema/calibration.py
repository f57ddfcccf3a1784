"""What the synthetic residents are drawn from and checked against."""

from __future__ import annotations

from endeavour.pack.schema.codes import AGE_BANDS_TO_90, LIFE_TABLE_BANDS
from endeavour.pack.schema.columns import AREA, Column, Table, code, count, number, one_of

CALIBRATION_TABLES: tuple[Table, ...] = (
    Table(
        "calibration_esp2013",
        "European Standard Population 2013.",
        (one_of("age_band", "five-year age to 90+", AGE_BANDS_TO_90), count("persons", "of 100,000")),
        key=("age_band",),
        folder="calibration",
    ),
    Table(
        "calibration_life_tables",
        "Abridged life tables, England 2014 to 2016, by sex and deprivation quintile (1 = most deprived).",
        (
            one_of("sex", "sex", ("female", "male")),
            Column("imd_quintile", "integer", "1 = most deprived", low=1, high=5),
            one_of("age_band", "age", LIFE_TABLE_BANDS),
            Column("age", "integer", "first year of the band", low=0, high=90),
            count("deaths", "over three years"),
            count("person_years", "over three years"),
            number("mx", "deaths for each person-year", 0, 1),
            number("qx", "chance of dying in the band", 0, 1),
            number("lx", "survivors of 100,000", 0, 100000),
            number("ex", "years of life left", 0, 120),
        ),
        key=("sex", "imd_quintile", "age_band"),
        folder="calibration",
    ),
    Table(
        "calibration_deaths",
        "Deaths and population, England 2001 to 2016, by sex, age band and deprivation quintile.",
        (
            Column("year", "integer", "calendar year", low=1990, high=2100),
            one_of("sex", "sex", ("female", "male")),
            Column("imd_quintile", "integer", "1 = most deprived", low=1, high=5),
            one_of("age_band", "age", LIFE_TABLE_BANDS),
            count("deaths", "deaths registered"),
            count("persons", "mid-year population"),
        ),
        key=("year", "sex", "imd_quintile", "age_band"),
        folder="calibration",
    ),
    Table(
        "calibration_prevalence_by_decile",
        "QOF registers modelled by deprivation decile, England 2019/20.",
        (
            Column("imd_decile", "integer", "1 = most deprived", low=1, high=10),
            code("condition", "QOF group"),
            number("register", "people on the register", 0),
            number("list_size", "registered patients of the group's age", 0),
            number("prevalence", "register over list, 0 to 1", 0, 1),
        ),
        key=("imd_decile", "condition"),
        folder="calibration",
    ),
    Table(
        "calibration_registers",
        "QOF registers by sub-ICB location.",
        (
            code("sub_icb", "sub-ICB location", *AREA),
            code("year", "financial year, as 2019-20"),
            code("condition", "QOF group"),
            count("register", "people on the register"),
            count("list_size", "registered patients of the group's age"),
            number("prevalence", "register over list, 0 to 1", 0, 1),
        ),
        key=("sub_icb", "year", "condition"),
        folder="calibration",
    ),
    Table(
        "calibration_district_registers",
        "QOF registers modelled by district, 2019/20.",
        (
            code("district", "lower-tier council", *AREA),
            code("condition", "QOF group"),
            number("register", "people on the register", 0),
            number("list_size", "registered patients of the group's age", 0),
            number("prevalence", "register over list, 0 to 1", 0, 1),
        ),
        key=("district", "condition"),
        folder="calibration",
    ),
)  # fmt: skip
