"""Need, smoking, long-term conditions and deaths.

Need is hidden: a household part that its members share and a part of their own. It pulls conditions, deaths and the
use of every service, so that the services of one household go together as they do in life.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from endeavour.engine.lake.schema import CONDITIONS, ETHNICITY
from endeavour.engine.synthetic.families import Families
from endeavour.engine.synthetic.illness import OTHER_CHILD_REGISTERS, SHAPES, Shape
from endeavour.engine.synthetic.margins import DEATH_AGES, Margins
from endeavour.engine.synthetic.people import MALE, People
from endeavour.engine.synthetic.sampling import Bools, Floats, Ints, along, choose_rare, evenly

SHARED_NEED = 0.6
"""Correlation of need between two members of one household is its square, 0.36."""

SMOKING_BY_AGE = ((15, 0.5), (20, 1.1), (30, 1.4), (50, 1.2), (65, 0.8), (80, 0.35), (105, 0.1))
SMOKING_BY_DECILE = tuple(1.62 - 0.115 * d for d in range(10))
"""1.62 times the district's share in decile 1 to 0.58 in decile 10: about the 2 to 1 ratio of national surveys."""

WINTER = np.array([1.16, 1.08, 1.06, 1.0, 0.95, 0.92, 0.92, 0.93, 0.94, 0.97, 1.0, 1.07])
"""Deaths by month, January first, over the yearly mean."""


@dataclass
class Health:
    """Facts of each person; `has[c]` marks condition number c of schema.CONDITIONS; `died` is a day number or -1."""

    household_need: Floats
    need: Floats
    smoker: Bools
    has: NDArray[np.bool_]
    died: Ints
    codes: tuple[str, ...] = field(default_factory=lambda: tuple(CONDITIONS))

    def with_(self, *codes: str) -> Bools:
        """Whether each person has any of the conditions."""
        return np.asarray(self.has[[self.codes.index(c) for c in codes]].any(axis=0), np.bool_)

    @property
    def number(self) -> Ints:
        """How many of the conditions each person has."""
        return np.asarray(self.has.sum(axis=0, dtype=np.int64))


def draw_need(
    people: People, families: Families, deprived: Floats, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Household need and personal need, each standard normal but for a small shift towards deprived households."""
    homes = rng.standard_normal(len(families)) + 0.25 * (deprived - deprived.mean())
    household = np.zeros(len(people))
    seated = families.home >= 0
    household[seated] = homes[families.home[seated]]
    household[~seated] = rng.standard_normal(int((~seated).sum()))
    own = rng.standard_normal(len(people))
    return household, SHARED_NEED * household + np.sqrt(1 - SHARED_NEED**2) * own


def draw_smoking(m: Margins, people: People, need: Floats, rng: np.random.Generator) -> Bools:
    """Current smokers aged 15 or over: the district's share, steep by deprivation and by age."""
    adult = np.flatnonzero(people.age >= 15)
    lsoa = people.lsoa[adult]
    weight = along(SMOKING_BY_AGE, people.age[adult]) * np.exp(0.25 * need[adult])
    weight *= np.array(SMOKING_BY_DECILE)[m.imd2019[lsoa] - 1] * (1 + 0.25 * (people.sex[adult] == MALE))
    group = m.district[lsoa]
    count = np.rint(np.bincount(group, minlength=len(m.districts)) * m.smoking).astype(np.int64)
    smokes = np.zeros(len(people), np.bool_)
    smokes[adult[choose_rare(group, weight, count, rng)]] = True
    return smokes


def draw_conditions(
    m: Margins, people: People, ethnicity: Ints, need: Floats, smoker: Bools, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Who is on which register [C, people]: exact by sub-ICB and deprivation decile."""
    codes = tuple(CONDITIONS)
    has = np.zeros((len(codes), len(people)), np.bool_)
    cell = m.sub_icb[people.lsoa] * 10 + m.imd2019[people.lsoa] - 1
    counts = register_counts(m, cell)
    group = _ethnic_order(ethnicity)
    for code, shape in SHAPES.items():
        if code not in m.conditions:
            continue
        weight = _weight(shape, people, group, need, smoker)
        for other, factor in shape.with_:
            weight[has[codes.index(other)]] *= factor
        who = choose_rare(cell, weight, counts[m.conditions.index(code)], rng)
        has[codes.index(code), who] = True
    for code, share in OTHER_CHILD_REGISTERS.items():
        young = people.age < (18 if code == "EP" else 17)
        chance = young * share * np.interp(people.age, (0, 4, 12, 18), (0.2, 0.8, 1.4, 1.4))
        has[codes.index(code)] |= rng.random(len(people)) < chance
    return has


def register_counts(m: Margins, cell: Ints) -> Ints:
    """People on each register [C, S * 10]: the sub-ICB's register at the lake's size, split by the decile gradient."""
    size = np.bincount(cell, minlength=len(m.sub_icbs) * 10).reshape(-1, 10)
    counts = np.zeros((len(m.conditions), size.size), np.int64)
    for c in range(len(m.conditions)):
        total = m.register[:, c] * size.sum(axis=1)
        lean = size * m.gradient[c]
        exact = lean / np.maximum(lean.sum(axis=1, keepdims=True), 1e-9) * total[:, None]
        ends = np.floor(np.cumsum(exact, axis=1) + evenly(len(size))[:, None])
        counts[c] = np.diff(ends, axis=1, prepend=0).ravel()
    return counts


def _ethnic_order(ethnicity: Ints) -> Ints:
    """0 white, then asian, black, mixed, other: the order of `Shape.ethnic` after a leading 1."""
    at = {"white": 0, "asian": 1, "black": 2, "mixed": 3, "other": 4}
    return np.array([at[e] for e in ETHNICITY])[ethnicity]


def _weight(shape: Shape, people: People, group: Ints, need: Floats, smoker: Bools) -> Floats:
    ages = along(shape.ages, np.arange(120))
    by_sex = np.stack([ages, ages * shape.men], axis=1)
    weight = (
        by_sex[people.age, people.sex] * np.array((1.0, *shape.ethnic))[group] * np.exp(shape.need * need)
    )
    if shape.smoker != 1.0:
        weight[smoker] *= shape.smoker
    return np.asarray(weight, np.float64)


def death_band(age: Ints) -> Ints:
    """Index into DEATH_AGES of each age."""
    return np.searchsorted(np.array(DEATH_AGES), np.minimum(age, 90), side="right") - 1


def draw_deaths(
    m: Margins,
    people: People,
    need: Floats,
    conditions: Ints,
    starts: list[int],
    days: list[int],
    rng: np.random.Generator,
) -> Ints:
    """Day of death of each person, or -1, over years that begin on the day numbers `starts` and last `days`.

    In each year the number of deaths of every sex, deprivation quintile and band of age is what the source's rate
    gives for those alive at its start (age is age on Census day plus years since), to within one; the frailer die.
    """
    died = np.full(len(people), -1, np.int64)
    quintile = m.quintile[people.lsoa]
    frailty = np.exp(0.35 * need + 0.22 * np.minimum(conditions, 6))
    bands = len(DEATH_AGES)
    for year, (start, length) in enumerate(zip(starts, days, strict=True)):
        band = death_band(people.age + year)
        cell = (people.sex * 5 + quintile) * bands + band
        alive = died < 0
        at_risk = np.bincount(cell[alive], minlength=10 * bands).reshape(10, bands)
        exact = at_risk * -np.expm1(-m.mortality.reshape(10, bands) * length / 365.25)
        ends = np.floor(np.cumsum(exact, axis=1) + evenly(10, 0.5 + 0.29 * year)[:, None])
        count = np.diff(ends, axis=1, prepend=0).astype(np.int64).ravel()
        dying = choose_rare(cell, frailty * alive, count, rng)
        died[dying] = start + _days_of_death(len(dying), length, rng)
    return died


def _days_of_death(count: int, length: int, rng: np.random.Generator) -> Ints:
    """Days from 0 in a year that begins in April, more of them in winter."""
    month = (np.arange(length) * 12 // length + 3) % 12
    ends = np.cumsum(WINTER[month])
    return np.asarray(np.searchsorted(ends, rng.random(count) * ends[-1], side="right"), np.int64)
