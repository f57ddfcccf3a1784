"""Draw the residents of every small area: age, sex, disability, and who lives in a communal establishment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from endeavour.engine.synthetic.margins import Margins
from endeavour.engine.synthetic.sampling import Bools, Floats, Ints, choose, share_out

FEMALE, MALE = 0, 1

COMMUNAL_SHARE = {85: 0.115, 75: 0.026, 65: 0.007, 16: 0.0035, 0: 0.0008}
"""Share of residents from each age on who live in communal establishments.

Our own smooth summary of what the Census finds for England outside university towns; no table by small area is in
the pack, so the number is an assumption, reported as one.
"""

DISABILITY_BY_AGE = (
    (0, 0.05),
    (10, 0.09),
    (20, 0.11),
    (40, 0.13),
    (60, 0.23),
    (75, 0.38),
    (90, 0.70),
    (105, 0.8),
)
"""Relative chance of being disabled by age: the shape of the 2021 Census for England; each area's total is exact."""


@dataclass
class People:
    """Residents in order of small area: parallel arrays. Changed in place as later steps learn more of them."""

    lsoa: Ints
    age: Ints
    sex: Ints
    in_communal: Bools

    def __len__(self) -> int:
        return len(self.lsoa)

    def reorder(self, order: Ints) -> None:
        """Put the people in another order; whatever else is kept by person must follow."""
        self.lsoa, self.age = self.lsoa[order], self.age[order]
        self.sex, self.in_communal = self.sex[order], self.in_communal[order]


def draw_people(m: Margins, rng: np.random.Generator) -> People:
    """One resident for every count in the age table, with a single year of age, a sex, and communal or not.

    The five-year bands of each area are exact; women by district and band are exact to one; single years follow
    the district's latest split of each band.
    """
    counts = m.age.astype(np.int64)
    areas, bands = counts.shape
    lsoa = np.repeat(np.arange(areas), counts.sum(axis=1))
    band = np.repeat(np.tile(np.arange(bands), areas), counts.ravel())
    age = _single_years(m, lsoa, band, rng)
    sex = _sexes(m, lsoa, band, age, rng)
    return People(lsoa=lsoa, age=age, sex=sex, in_communal=_communal(m, lsoa, age, rng))


def _single_years(m: Margins, lsoa: Ints, band: Ints, rng: np.random.Generator) -> Ints:
    """Ages inside each band in the district's proportions; 90 and over thins by a fifth a year up to 105."""
    age = np.zeros(len(lsoa), np.int64)
    district = m.district[lsoa]
    for b in range(18):
        years = np.arange(5 * b, 5 * b + 5) if b < 17 else np.arange(85, 106)
        members = np.flatnonzero(band == b)
        for d in range(len(m.districts)):
            chosen = members[district[members] == d]
            share = m.single_age[d, np.minimum(years, 90)].astype(np.float64)
            if b == 17:
                tail = 0.78 ** np.arange(16)
                share[5:] = m.single_age[d, 90] * tail / tail.sum()
            ages = np.repeat(years, share_out(share, len(chosen)))
            age[chosen] = rng.permutation(ages)
    return age


def _sexes(m: Margins, lsoa: Ints, band: Ints, age: Ints, rng: np.random.Generator) -> Ints:
    band19 = band + (age >= 90)
    cell = m.district[lsoa] * 19 + band19
    size = np.bincount(cell, minlength=m.female.size)
    women = np.rint(size * m.female.ravel()).astype(np.int64)
    female = choose(cell, np.ones(len(cell)), women, rng)
    return np.where(female, FEMALE, MALE)


def _communal(m: Margins, lsoa: Ints, age: Ints, rng: np.random.Generator) -> Bools:
    """Mark residents of care homes and of other establishments, gathered in the areas that plainly have them."""
    old = age >= 65
    share = np.zeros(len(age))
    for start, value in sorted(COMMUNAL_SHARE.items()):
        share[age >= start] = value
    marked = np.zeros(len(age), np.bool_)
    for group, telling in ((old, age >= 85), (~old, (age >= 18) & (age < 25))):
        total = share[group].sum()
        signs = np.bincount(lsoa[telling], minlength=m.areas)
        weight = signs * (signs / np.maximum(m.residents, 1)) ** 1.5
        least = 8 * min(m.scale, 1.0)
        room = np.ceil(0.5 * np.bincount(lsoa[group & telling], minlength=m.areas))
        wanted = np.minimum(weight / max(weight.sum(), 1e-9) * total, room)
        wanted = np.where(wanted < least, 0, wanted)
        if not wanted.sum():
            continue
        wanted = np.minimum(np.rint(wanted * total / wanted.sum()), room).astype(np.int64)
        members = np.flatnonzero(group & (age >= 16))
        marked[members[choose(lsoa[members], share[members], wanted, rng)]] = True
    return marked


def draw_disability(m: Margins, people: People, worse: Floats, rng: np.random.Generator) -> Bools:
    """Mark the disabled residents of each area, likelier with age and where `worse` (a multiplier) says so."""
    ages, chance = zip(*DISABILITY_BY_AGE, strict=True)
    weight = np.interp(people.age, ages, chance) * worse
    return choose(people.lsoa, weight, m.disabled.astype(np.int64), rng)
