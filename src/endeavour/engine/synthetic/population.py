"""One system's synthetic residents, household by household, and the lake's tables made of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from endeavour.engine.lake import schema
from endeavour.engine.synthetic import groups
from endeavour.engine.synthetic.families import Families, form_families
from endeavour.engine.synthetic.health import (
    Health,
    draw_conditions,
    draw_deaths,
    draw_need,
    draw_smoking,
)
from endeavour.engine.synthetic.homes import Homes, draw_ethnicity, furnish
from endeavour.engine.synthetic.illness import SHAPES
from endeavour.engine.synthetic.margins import Margins
from endeavour.engine.synthetic.people import People, draw_people
from endeavour.engine.synthetic.registration import register
from endeavour.engine.synthetic.sampling import Bools, Ints

if TYPE_CHECKING:
    import pyarrow as pa

EPOCH = date(1970, 1, 1)
BEDS_AN_ESTABLISHMENT = 45


def day_number(day: date) -> int:
    """Days since 1970, as Arrow stores a date.

    >>> day_number(date(2021, 4, 1))
    18718
    """
    return (day - EPOCH).days


def year_starts(years: int) -> tuple[list[int], list[int]]:
    """Day numbers on which each financial year of the lake begins, and the days in each.

    >>> year_starts(3)
    ([18718, 19083, 19448], [365, 365, 366])
    """
    first = schema.FIRST_EVENT_DAY.year
    edges = [day_number(date(first + y, 4, 1)) for y in range(years + 1)]
    return edges[:-1], [b - a for a, b in pairwise(edges)]


@dataclass
class Population:
    """Residents in order of area and household. `home` [people] numbers households, then establishments."""

    margins: Margins
    people: People
    families: Families
    homes: Homes
    disabled: Bools
    ethnicity: Ints
    health: Health
    practice: Ints
    flags: dict[str, Bools]
    around: groups.Circumstances
    home: Ints
    establishments: Ints

    def __len__(self) -> int:
        return len(self.people)


def draw_population(
    m: Margins, *, years: int, rng: np.random.Generator, step: Callable[[str], None] = lambda _: None
) -> Population:
    """Draw everybody the (already sized) margins describe. `step` is told what is being done."""
    step("residents")
    people = draw_people(m, rng)
    step("households")
    families = form_families(m, people, rng)
    homes, disabled = furnish(m, people, families, rng)
    ethnicity = draw_ethnicity(m, people, families, homes, rng)
    step("health")
    household_need, need = draw_need(people, families, homes.dimensions.sum(axis=1).astype(np.float64), rng)
    smoker = draw_smoking(m, people, need, rng)
    has = draw_conditions(m, people, ethnicity, need, smoker, rng)
    starts, days = year_starts(years)
    died = draw_deaths(m, people, need, has.sum(axis=0, dtype=np.int64), starts, days, rng)
    health = Health(household_need, need, smoker, has, died)
    step("practices and groups")
    around = groups.circumstances(m, people, families, homes)
    flags = groups.draw_groups(people, families, ethnicity, health, around, rng)
    home, establishments = _establishments(people, families)
    return Population(
        margins=m,
        people=people,
        families=families,
        homes=homes,
        disabled=disabled,
        ethnicity=ethnicity,
        health=health,
        practice=register(m, people.lsoa),
        flags=flags,
        around=around,
        home=home,
        establishments=establishments,
    )


def _establishments(people: People, families: Families) -> tuple[Ints, Ints]:
    """Number communal establishments after the households: of an area's residents in one, 45 live in each.

    Returns everybody's home and the area of each establishment. Care homes and others are kept apart.
    """
    home = families.home.copy()
    inside = np.flatnonzero(home < 0)
    kind = 2 * people.lsoa[inside] + (people.age[inside] < 65)
    order = np.argsort(kind, kind="stable")
    sizes = np.bincount(kind[order], minlength=1)
    starts = np.cumsum(sizes) - sizes
    rank = np.arange(len(order)) - starts[kind[order]]
    many = -(-sizes // BEDS_AN_ESTABLISHMENT)
    first = np.cumsum(many) - many
    home[inside[order]] = len(families) + first[kind[order]] + rank // BEDS_AN_ESTABLISHMENT
    return home, np.repeat(np.arange(len(many)) // 2, many)


def category(codes: NDArray[Any], names: tuple[str, ...] | list[str]) -> pa.Array:
    """An Arrow dictionary column from whole-number codes."""
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(
        pa.array(codes.astype(np.int32)), pa.array(list(names), pa.string())
    )


def person_table(
    pop: Population, *, person_from: int, household_from: int, rng: np.random.Generator
) -> pa.Table:
    """The `person` table; ids begin at the two numbers given."""
    import pyarrow as pa

    m, people = pop.margins, pop.people
    lsoa = people.lsoa
    month = rng.integers(1, 13, len(people), dtype=np.int8)
    born = schema.REFERENCE_DATE.year - people.age - (month > schema.REFERENCE_DATE.month)
    died = pop.health.died
    columns: dict[str, Any] = {
        "person_id": np.arange(person_from, person_from + len(people), dtype=np.int64),
        "household_id": pop.home + household_from,
        **_areas(m, lsoa),
        "age": people.age.astype(np.int16),
        "birth_year": born.astype(np.int16),
        "birth_month": month,
        "sex": category(people.sex, schema.SEX),
        "ethnicity": category(pop.ethnicity, schema.ETHNICITY),
        "is_disabled": pop.disabled,
        "is_smoker": pop.health.smoker,
        "practice": category(pop.practice, m.practices.code),
        "imd2019_decile": m.imd2019[lsoa].astype(np.int8),
        "imd2025_decile": m.imd2025[lsoa].astype(np.int8),
        "died_on": pa.array(died.astype(np.int32), pa.date32(), mask=died < 0),
        **pop.flags,
    }
    return _table(schema.PERSON, columns)


def _areas(m: Margins, lsoa: Ints) -> dict[str, Any]:
    return {
        "lsoa21": category(lsoa, m.lsoa),
        "district": category(m.district[lsoa], m.districts),
        "place": category(m.place[lsoa], m.places),
        "sub_icb": category(m.sub_icb[lsoa], m.sub_icbs),
    }


def _table(table: schema.Table, columns: dict[str, Any]) -> pa.Table:
    import pyarrow as pa

    arrow = table.arrow(in_file=True)
    return pa.table([columns[name] for name in arrow.names], schema=arrow)


def household_table(pop: Population, *, household_from: int) -> pa.Table:
    """The `household` table: households, then communal establishments."""
    m, homes, outside = pop.margins, pop.homes, len(pop.establishments)
    total = len(pop.families) + outside
    lsoa = np.concatenate([pop.families.lsoa, pop.establishments])
    size = np.bincount(pop.home, minlength=total)
    adults = np.bincount(pop.home[pop.people.age >= 18], minlength=total)
    dimensions = np.concatenate([homes.dimensions, np.zeros((outside, 4), np.bool_)])

    def padded(values: Ints, fill: int) -> Ints:
        return np.concatenate([values, np.full(outside, fill, np.int64)])

    communal = padded(np.zeros(len(pop.families), np.int64), 1) == 1
    occupancy = padded(homes.occupancy, 0)
    columns: dict[str, Any] = {
        "household_id": np.arange(household_from, household_from + total, dtype=np.int64),
        **_areas(m, lsoa),
        "is_communal": communal,
        "size": size.astype(np.int16),
        "adults": adults.astype(np.int16),
        "children": (size - adults).astype(np.int16),
        "composition": category(padded(homes.composition, len(schema.COMPOSITION) - 1), schema.COMPOSITION),
        "tenure": category(padded(homes.tenure, len(schema.TENURE) - 1), schema.TENURE),
        "accommodation": category(
            padded(homes.accommodation, len(schema.ACCOMMODATION) - 1), schema.ACCOMMODATION
        ),
        "occupancy": occupancy.astype(np.int8),
        "is_overcrowded": occupancy < 0,
        "deprivation_dimensions": dimensions.sum(axis=1).astype(np.int8),
        "deprived_education": dimensions[:, 0],
        "deprived_employment": dimensions[:, 1],
        "deprived_health": dimensions[:, 2],
        "deprived_housing": dimensions[:, 3],
        "imd2019_decile": m.imd2019[lsoa].astype(np.int8),
        "imd2025_decile": m.imd2025[lsoa].astype(np.int8),
    }
    return _table(schema.HOUSEHOLD, columns)


def condition_table(pop: Population, *, person_from: int, rng: np.random.Generator) -> pa.Table:
    """The `condition` table, in order of person.

    Treatment to target is likelier in affluent areas and less likely, beyond that, for people with a severe mental
    illness in deprived ones: an interaction that a model without one cannot find.
    """
    import pyarrow as pa

    has = pop.health.has
    person, code = np.nonzero(has.T)
    age = pop.people.age[person]
    years_ago = rng.random(len(person)) ** 1.3 * np.minimum(0.6 * age, 20.0)
    since = day_number(schema.REFERENCE_DATE) - 1 - np.floor(years_ago * 365.25).astype(np.int64)
    target = np.full(len(schema.CONDITIONS), np.nan)
    for name, shape in SHAPES.items():
        if shape.controlled is not None:
            target[pop.health.codes.index(name)] = shape.controlled
    share = target[code]
    decile = pop.margins.imd2019[pop.people.lsoa][person]
    ill = pop.health.with_("MH")[person]
    lean = 0.045 * (decile - 5.5) - 0.1 * pop.health.need[person] - 0.6 * (ill & (decile <= 3))
    odds = np.exp(lean) * share / (1 - share)
    controlled = rng.random(len(person)) < np.nan_to_num(odds / (1 + odds))
    columns = {
        "person_id": person + person_from,
        "condition": category(code, list(schema.CONDITIONS)),
        "since": pa.array(since.astype(np.int32), pa.date32()),
        "is_controlled": pa.array(controlled, pa.bool_(), mask=np.isnan(share)),
    }
    return _table(schema.CONDITION, columns)


def practice_table(m: Margins, registered: Ints) -> pa.Table:
    """The `practice` table; `registered` counts the lake's residents by practice."""
    p = m.practices
    columns = {
        "practice": p.code,
        "name": p.name,
        "sub_icb": category(np.arange(len(p.code)), p.sub_icb).cast("string").dictionary_encode(),
        "pcn": p.pcn,
        "latitude": p.latitude.astype(np.float32),
        "longitude": p.longitude.astype(np.float32),
        "list_size": np.rint(p.list_size).astype(np.int32),
        "registered": registered.astype(np.int32),
    }
    return _table(schema.PRACTICE, columns)
