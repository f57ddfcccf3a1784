"""Which step compiles which table."""

from __future__ import annotations

from collections.abc import Callable

from endeavour.pack.compile import areas, calibration, people, primary_care
from endeavour.pack.compile.context import Compiled, Context
from endeavour.pack.compile.observations import observations
from endeavour.pack.compile.sources import Row, SourceMissing

Step = Callable[[Context], Compiled]


def _pcns(context: Context) -> list[Row]:
    try:
        return primary_care.pcns(context).rows
    except SourceMissing:
        return []


def _areas(context: Context) -> Compiled:
    return areas.areas(context, _pcns(context))


def _overlaps(context: Context) -> Compiled:
    return areas.area_overlaps(context, people.census_persons(context), _pcns(context))


STEPS: dict[str, Step] = {
    "areas": _areas,
    "area_overlaps": _overlaps,
    "lsoa21": areas.lsoa21,
    "lsoa11": areas.lsoa11,
    "deprivation": people.deprivation,
    "population": people.population,
    "households": people.households,
    "census_age": people.census_age,
    "census_ethnicity": people.census_ethnicity,
    "census_disability": people.census_long("census_disability"),
    "census_tenure": people.census_long("census_tenure"),
    "census_overcrowding": people.census_long("census_overcrowding"),
    "census_deprivation_dimensions": people.census_long("census_deprivation_dimensions"),
    "census_accommodation": people.census_long("census_accommodation"),
    "categories": people.categories,
    "district_age_sex": people.district_age_sex,
    "district_single_year": people.district_single_year,
    "district_household_type_2011": people.district_household_type_2011,
    "pcns": primary_care.pcns,
    "practices": primary_care.practices,
    "practice_lists": primary_care.practice_lists,
    "practice_list_ages": primary_care.practice_list_ages,
    "practice_registers": primary_care.practice_registers,
    "observations": observations,
    "calibration_esp2013": calibration.esp2013,
    "calibration_life_tables": calibration.life_tables,
    "calibration_deaths": calibration.deaths,
    "calibration_prevalence_by_decile": calibration.prevalence_by_decile,
    "calibration_registers": calibration.registers,
    "calibration_district_registers": calibration.district_registers,
}
