"""Give each household its tenure, building, room and deprivation, and each resident an ethnic group.

Every table's count for every small area is met exactly (after `at_size` has reconciled the tables); who gets what
inside an area follows age, family and tenure.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from endeavour.engine.lake.schema import COMPOSITION, ETHNICITY, TENURE
from endeavour.engine.synthetic.families import COUPLE, FAMILY, LONE, OTHER, SINGLE, Families, eldest_age
from endeavour.engine.synthetic.margins import OCCUPANCIES, Margins
from endeavour.engine.synthetic.people import People
from endeavour.engine.synthetic.sampling import Bools, Floats, Ints, along, choose, segments, unit

OUTRIGHT_BY_AGE = ((18, 0.02), (35, 0.05), (45, 0.12), (55, 0.6), (65, 3.5), (75, 7.0), (100, 7.0))
MORTGAGE_BY_AGE = ((18, 0.1), (24, 0.5), (30, 1.5), (45, 2.0), (57, 1.2), (67, 0.2), (100, 0.05))
"""Relative chance of owning by the oldest member's age: shapes of our own after the English Housing Survey."""

_SOCIAL = (TENURE.index("social_council"), TENURE.index("social_other"))
_ORDER = [ETHNICITY.index(e) for e in ("white", "mixed", "asian", "black", "other")]


@dataclass
class Homes:
    """Facts of each household, parallel to `Families`. Communal establishments are not here.

    `tenure`, `accommodation` index their lists in the schema; `composition` its own; `dimensions` [H, 4] are the
    Census's education, employment, health and housing.
    """

    eldest: Ints
    size: Ints
    children: Ints
    composition: Ints
    tenure: Ints
    accommodation: Ints
    occupancy: Ints
    dimensions: Bools

    @property
    def rents_socially(self) -> Bools:
        """Rents from a council or a housing association."""
        return np.isin(self.tenure, _SOCIAL)


def furnish(m: Margins, people: People, families: Families, rng: np.random.Generator) -> tuple[Homes, Bools]:
    """Household facts, and which people are disabled (health is one of the household's dimensions)."""
    from endeavour.engine.synthetic.people import draw_disability

    seated = families.home >= 0
    eldest = eldest_age(people, families)
    size = np.bincount(families.home[seated], minlength=len(families))
    young = seated & (people.age < 18)
    children = np.bincount(families.home[young], minlength=len(families))
    actual = np.stack([np.bincount(families.lsoa, minlength=m.areas)], axis=1)
    tenure = _tenure(m, families, eldest, children, rng)
    social = np.isin(tenure, _SOCIAL)
    worse = np.ones(len(people))
    worse[seated] = np.where(social[families.home[seated]], 1.6, 1.0)
    worse[people.in_communal] = 1.8
    disabled = draw_disability(m, people, worse, rng)
    rooms = (
        -size - 0.8 * social - 0.5 * (tenure >= 5) + 0.03 * (eldest - 50) + rng.logistic(0, 0.5, len(size))
    )
    occupancy = segments(families.lsoa, unit(rooms), _reconciled(m.occupancy, actual))
    height = size + 1.2 * (tenure <= 1) - 1.5 * social + rng.logistic(0, 0.8, len(size))
    building = segments(families.lsoa, unit(-height), _reconciled(m.accommodation, actual))
    homes = Homes(
        eldest=eldest,
        size=size,
        children=children,
        composition=_composition(people, families, size, children),
        tenure=tenure,
        accommodation=building,
        occupancy=np.array(OCCUPANCIES)[occupancy],
        dimensions=np.zeros((len(families), 4), np.bool_),
    )
    unwell = np.bincount(families.home[seated & disabled], minlength=len(families)) > 0
    homes.dimensions = _dimensions(m, families, homes, unwell, actual, rng)
    return homes, disabled


def _reconciled(counts: Floats, actual: Ints) -> Ints:
    """The table's rows, which `at_size` made to sum to the households there are."""
    whole = np.asarray(counts).astype(np.int64)
    assert (whole.sum(axis=1) == actual[:, 0]).all(), "tables must be reconciled by at_size first"
    return whole


def _tenure(m: Margins, families: Families, eldest: Ints, children: Ints, rng: np.random.Generator) -> Ints:
    """Outright owners first (by age), then mortgages, then social renting by need; the rest rent privately."""
    counts = np.asarray(m.tenure).astype(np.int64)
    paired = np.isin(families.kind, (COUPLE, FAMILY))
    need = 1 + 2.0 * (families.kind == LONE) + 0.4 * (families.kind == SINGLE) + 1.0 * (children >= 3)
    need += 1.5 * (eldest >= 60)
    owns = along(OUTRIGHT_BY_AGE, eldest) * (1 + 0.5 * paired)
    buys = along(MORTGAGE_BY_AGE, eldest) * (1 + 1.0 * paired)
    tenure = np.full(len(families), -1, np.int64)
    waiting = np.arange(len(families))
    for weight, classes in ((owns, (0,)), (buys, (1,)), (need, _SOCIAL), (np.ones_like(need), (2, 5, 6, 7))):
        lsoa = families.lsoa[waiting]
        wanted = counts[:, classes]
        chosen = choose(lsoa, weight[waiting], wanted.sum(axis=1), rng)
        taken = waiting[chosen]
        within = segments(families.lsoa[taken], rng.random(len(taken)), wanted)
        tenure[taken] = np.array(classes)[within]
        waiting = waiting[~chosen]
    return tenure


def _composition(people: People, families: Families, size: Ints, children: Ints) -> Ints:
    """The household's kind in the schema's words, once grown children and sharers have joined."""
    at = {name: i for i, name in enumerate(COMPOSITION)}
    adults = size - children
    kind = families.kind
    table = np.full(len(families), at["other_multi_person"], np.int64)
    table[(kind == SINGLE) & (size == 1)] = at["one_person"]
    table[(kind == COUPLE) & (adults == 2)] = at["couple_no_children"]
    table[(kind == COUPLE) & (adults > 2)] = at["couple_adult_children"]
    table[kind == FAMILY] = at["couple_children"]
    table[kind == LONE] = at["lone_parent"]
    table[(kind > LONE) & (kind < OTHER)] = at["lone_parent_adult_children"]
    return table


def _dimensions(
    m: Margins, families: Families, homes: Homes, unwell: Bools, actual: Ints, rng: np.random.Generator
) -> Bools:
    """How many dimensions each household is deprived in (exact for the area), and which ones."""
    crowded = homes.occupancy < 0
    lean = (
        1.3 * unwell
        + 1.0 * crowded
        + 0.9 * homes.rents_socially
        + 0.5 * (homes.eldest >= 70)
        + 0.5 * (families.kind == LONE)
        + rng.logistic(0, 0.7, len(families))
    )
    number = segments(families.lsoa, unit(lean), _reconciled(m.dimensions, actual))
    chance = np.stack(
        [
            1.0 + 1.0 * (homes.eldest >= 65),
            0.35 + 0.5 * homes.rents_socially + 0.2 * (families.kind == LONE),
            np.where(unwell, 3.5, 0.25),
            np.where(crowded, 6.0, 0.08),
        ],
        axis=1,
    )
    clock = rng.standard_exponential(chance.shape) / chance
    rank = np.argsort(np.argsort(clock, axis=1), axis=1)
    return np.asarray(rank < number[:, None], np.bool_)


def draw_ethnicity(
    m: Margins, people: People, families: Families, homes: Homes, rng: np.random.Generator
) -> Ints:
    """An ethnic group for everybody: exact by area, mostly shared in a household, minorities younger.

    People of mixed groups are drawn between the largest group and the rest, so that they live with either.
    """
    home_key = rng.random(len(families))
    home_key += 0.22 * (homes.eldest < 50) + 0.12 * (homes.tenure >= 3) + 0.05 * (homes.eldest < 35)
    key = rng.random(len(people)) * 0.9
    seated = families.home >= 0
    key[seated] = home_key[families.home[seated]] + rng.normal(0, 0.03, int(seated.sum()))
    counts = np.asarray(m.ethnicity).astype(np.int64)[:, _ORDER]
    return np.array(_ORDER)[segments(people.lsoa, unit(key), counts)]
