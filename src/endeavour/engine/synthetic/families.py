"""Put residents together: who lives with whom, in every small area at once.

The number of households of each kind comes from the area's residents and its district's mix; then people take roles
(parent, partner, grown child, sharer, alone), likelier at some ages than others; then partners are matched by
age, and children to parents. A child always lives with an adult.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from endeavour.engine.synthetic.margins import Margins
from endeavour.engine.synthetic.people import FEMALE, People
from endeavour.engine.synthetic.sampling import (
    Bools,
    Curve,
    Floats,
    Ints,
    along,
    choose,
    evenly,
    rank_within,
    unit,
)

SINGLE, COUPLE, FAMILY, LONE, LONE_GROWN, OTHER = range(6)
KINDS = 6
ADULT = 18

PARENT = (
    (18, 0.08),
    (22, 0.25),
    (27, 0.6),
    (32, 1.1),
    (37, 1.5),
    (42, 1.45),
    (47, 1.1),
    (52, 0.6),
    (57, 0.2),
    (65, 0.02),
)
YOUNG = ((18, 3.0), (22, 2.4), (25, 1.3), (30, 0.45), (35, 0.15), (50, 0.05), (75, 0.04), (90, 0.1))
PARTNER = (
    (18, 0.1),
    (24, 0.7),
    (30, 1.2),
    (40, 0.8),
    (50, 1.2),
    (65, 1.5),
    (75, 1.1),
    (85, 0.45),
    (95, 0.15),
)
SHARER = ((18, 1.5), (25, 1.3), (35, 0.6), (50, 0.4), (70, 0.3), (90, 0.3))
ELDER = ((18, 0.01), (40, 0.2), (50, 1.0), (60, 1.0), (75, 0.8), (90, 0.8))
"""Relative chance of each role by age: shapes of our own that give the Census's broad picture."""

CHILDREN_A_FAMILY = 1.72
MOTHERS_AMONG_LONE = 0.87


@dataclass
class Families:
    """Households in order of small area; `home` [people] is each one's, -1 in a communal establishment."""

    home: Ints
    lsoa: Ints
    kind: Ints

    def __len__(self) -> int:
        return len(self.lsoa)


def form_families(m: Margins, people: People, rng: np.random.Generator) -> Families:
    """A household for every household of the area, and a place in one for every resident not in an establishment."""
    free = ~people.in_communal
    adult = free & (people.age >= ADULT)
    adults = np.bincount(people.lsoa[adult], minlength=m.areas)
    children = np.bincount(people.lsoa[free & ~adult], minlength=m.areas)
    counts = kinds_by_area(m, adults, children)
    lsoa = np.repeat(np.arange(m.areas), counts.sum(axis=1))
    kind = np.repeat(np.tile(np.arange(KINDS), m.areas), counts.ravel())
    first = (np.cumsum(counts.ravel()) - counts.ravel()).reshape(counts.shape)
    home = np.full(len(people), -1, np.int64)
    families = Families(home=home, lsoa=lsoa, kind=kind)
    _seat_adults(m, people, families, np.flatnonzero(adult), counts, first, rng)
    _seat_children(m, people, families, np.flatnonzero(free & ~adult), rng)
    _shuffle(people, families, rng)
    return families


def _shuffle(people: People, families: Families, rng: np.random.Generator) -> None:
    """Put each area's households in random order and its people in order of household, oldest first.

    Those in establishments come last. Later steps deal practices along this order.
    """
    order, _ = rank_within(families.lsoa, rng.random(len(families)))
    places = np.empty(len(families), np.int64)
    places[order] = np.arange(len(families))
    families.kind = families.kind[order]
    seated = families.home >= 0
    families.home[seated] = places[families.home[seated]]
    key = np.where(seated, families.home, len(families) + people.lsoa)
    by_area = people.lsoa * np.int64(2) + ~seated
    walk = np.lexsort((-people.age, key, by_area))
    families.home = families.home[walk]
    people.reorder(walk)


def kinds_by_area(m: Margins, adults: Ints, children: Ints) -> Ints:
    """Households of each kind [L, 6] that use up the area's adults, never leaving a household without one.

    One-person households rise where adults are few for the number of households; what adults are left over when
    every household has its one or two are grown children and sharers.
    """
    homes = np.minimum(m.households, adults)
    dither = evenly(m.areas)
    mix = m.composition[m.district] / m.composition[m.district].sum(axis=1, keepdims=True)
    with_children = np.minimum(np.floor(children / CHILDREN_A_FAMILY + dither), np.floor(homes * 0.9)).astype(
        np.int64
    )
    with_children = np.where(children > 0, np.maximum(with_children, 1), 0)
    lone_share = mix[:, LONE] / (mix[:, LONE] + mix[:, FAMILY]) * _worse_off(m)
    lone = np.floor(with_children * np.clip(lone_share, 0.02, 0.8) + dither).astype(np.int64)
    lone = np.maximum(lone, homes + with_children - adults)
    lone = np.clip(lone, 0, with_children)
    per_home = adults / np.maximum(homes, 1)
    typical = np.bincount(m.district, weights=adults) / np.maximum(np.bincount(m.district, weights=homes), 1)
    alone_share = mix[:, SINGLE] + 0.6 * (typical[m.district] - per_home)
    needed = 2 * homes - adults - lone
    alone = np.clip(
        np.maximum(np.floor(homes * alone_share + dither), needed), 0, homes - with_children
    ).astype(np.int64)
    lone = np.clip(np.maximum(lone, 2 * homes - adults - alone), 0, with_children)
    rest = homes - with_children - alone
    others = mix[:, [COUPLE, LONE_GROWN, OTHER]]
    grown = np.floor(rest * others[:, 1] / others.sum(axis=1) + dither).astype(np.int64)
    other = np.minimum(
        np.floor(rest * others[:, 2] / others.sum(axis=1) + dither[::-1]).astype(np.int64), rest - grown
    )
    return np.stack([alone, rest - grown - other, with_children - lone, lone, grown, other], axis=1)


def _worse_off(m: Margins) -> Floats:
    """How much commoner lone parents are than in the whole district, from the area's share of social renting."""
    social = m.tenure[:, 3:5].sum(axis=1) / np.maximum(m.tenure.sum(axis=1), 1)
    size = np.bincount(m.district, weights=m.households)
    average = np.bincount(m.district, weights=social * m.households) / np.maximum(size, 1)
    return np.asarray(0.6 + 0.4 * social / np.maximum(average[m.district], 0.01), np.float64)


class _Hall:
    """Adults waiting for a place: `take` draws some of each area's for a role and removes them."""

    def __init__(self, people: People, waiting: Ints, areas: int, rng: np.random.Generator) -> None:
        self.people, self.waiting, self.areas, self.rng = people, waiting, areas, rng

    def take(self, count: Ints, curve: Curve) -> Ints:
        """`count[l]` of each area's, whatever their sex."""
        lsoa = self.people.lsoa[self.waiting]
        chosen = choose(lsoa, along(curve, self.people.age[self.waiting]), count, self.rng)
        return self._remove(chosen)

    def take_by_sex(self, women: Ints, men: Ints, curve: Curve) -> Ints:
        """So many women and men of each area; where one sex runs out, the other makes up the number."""
        lsoa, sex = self.people.lsoa[self.waiting], self.people.sex[self.waiting]
        weight = along(curve, self.people.age[self.waiting])
        count = np.stack([women, men], axis=1).ravel()
        chosen = choose(2 * lsoa + sex, weight, count, self.rng)
        short = women + men - np.bincount(lsoa[chosen], minlength=self.areas)
        if short.any():
            more = np.flatnonzero(~chosen & (short[lsoa] > 0))
            chosen[more[choose(lsoa[more], weight[more], short, self.rng)]] = True
        return self._remove(chosen)

    def _remove(self, chosen: Bools) -> Ints:
        taken = self.waiting[chosen]
        self.waiting = self.waiting[~chosen]
        return taken


def _seat_adults(
    m: Margins,
    people: People,
    families: Families,
    adults: Ints,
    counts: Ints,
    first: Ints,
    rng: np.random.Generator,
) -> None:
    hall = _Hall(people, adults, m.areas, rng)
    needed = counts @ np.array([1, 2, 2, 1, 2, 2])
    spare = np.bincount(people.lsoa[adults], minlength=m.areas) - needed
    parents = hall.take_by_sex(counts[:, FAMILY], counts[:, FAMILY], PARENT)
    mothers = np.rint(counts[:, LONE] * MOTHERS_AMONG_LONE).astype(np.int64)
    lone = hall.take_by_sex(mothers, counts[:, LONE] - mothers, PARENT)
    young = hall.take(spare + counts[:, LONE_GROWN], YOUNG)
    partners = hall.take_by_sex(counts[:, COUPLE], counts[:, COUPLE], PARTNER)
    sharers = hall.take(2 * counts[:, OTHER], SHARER)
    elders = hall.take(counts[:, LONE_GROWN], ELDER)
    _place_couples(people, families, parents, first[:, FAMILY], rng)
    _place_couples(people, families, partners, first[:, COUPLE], rng)
    _place(people, families, lone, first[:, LONE], 1, rng)
    _place(people, families, sharers, first[:, OTHER], 2, rng)
    _place(people, families, elders, first[:, LONE_GROWN], 1, rng)
    _place(people, families, hall.waiting, first[:, SINGLE], 1, rng)
    grown = choose(people.lsoa[young], np.ones(len(young)), counts[:, LONE_GROWN], rng)
    _place(people, families, young[grown], first[:, LONE_GROWN], 1, rng)
    _place_spare(m, people, families, young[~grown], rng)


def _place(
    people: People, families: Families, who: Ints, first: Ints, each: int, rng: np.random.Generator
) -> None:
    """Seat people of each area in its households from `first` on, `each` to a household."""
    if not len(who):
        return
    lsoa = people.lsoa[who]
    _, rank = rank_within(lsoa, rng.random(len(who)))
    families.home[who] = first[lsoa] + rank // each


def _place_couples(
    people: People, families: Families, who: Ints, first: Ints, rng: np.random.Generator
) -> None:
    """Pair women and men of each area in order of age, give or take a few years, a pair to a household."""
    if not len(who):
        return
    lsoa, sex = people.lsoa[who], people.sex[who]
    about = people.age[who] + rng.normal(0, 2.0, len(who)) + 2.0 * (sex == FEMALE)
    by_sex = 2 * lsoa + sex
    _, rank = rank_within(by_sex, unit(about))
    size = np.bincount(by_sex, minlength=2 * int(lsoa.max()) + 2)
    evenly_ = (rank + 0.25 + 0.5 * sex) / size[by_sex]
    _, seat = rank_within(lsoa, np.minimum(evenly_, 1.5) / 1.6)
    families.home[who] = first[lsoa] + seat // 2


def _place_spare(m: Margins, people: People, families: Families, who: Ints, rng: np.random.Generator) -> None:
    """Seat the adults left over: with people of their parents' age first, else as sharers."""
    if not len(who):
        return
    eldest = eldest_age(people, families)
    shared = families.kind != SINGLE
    wish = (
        np.abs(eldest - 53)
        + rng.normal(0, 4, len(eldest))
        + 8 * (families.kind == LONE_GROWN)
        + 500 * ~shared
    )
    order, _ = rank_within(families.lsoa, unit(np.abs(wish)))
    sizes = np.bincount(families.lsoa, minlength=m.areas)
    candidates = np.bincount(families.lsoa[shared], minlength=m.areas)
    # The nearest in age take a grown child each; few families have two, and nobody sits with a person alone
    # unless the area has no other household.
    pool = np.where(candidates > 0, candidates, sizes)
    starts = np.cumsum(sizes) - sizes
    lsoa = people.lsoa[who]
    _, rank = rank_within(lsoa, rng.random(len(who)))
    families.home[who] = order[starts[lsoa] + rank % pool[lsoa]]


def eldest_age(people: People, families: Families) -> Ints:
    """Age of the oldest member of each household; 0 for one nobody is in yet."""
    eldest = np.zeros(len(families), np.int64)
    seated = families.home >= 0
    np.maximum.at(eldest, families.home[seated], people.age[seated])
    return eldest


def _seat_children(
    m: Margins, people: People, families: Families, children: Ints, rng: np.random.Generator
) -> None:
    """Seat children in order of age with parents in order of age, so that gaps between generations are plausible."""
    if not len(children):
        return
    homes = np.flatnonzero((families.kind == FAMILY) | (families.kind == LONE))
    lsoa = families.lsoa[homes]
    total = np.bincount(people.lsoa[children], minlength=m.areas)
    seats = _seats(lsoa, total, rng)
    mother = _parent_age(people, families)[homes]
    home = np.repeat(homes, seats)
    # A family's seats share one draw, so that brothers and sisters are a few years apart, not twins of the order.
    about = np.repeat(mother, seats) + rng.normal(0, 2.2, len(home))
    order, _ = rank_within(families.lsoa[home], unit(about))
    mine, _ = rank_within(
        people.lsoa[children], unit(people.age[children] + rng.normal(0, 0.8, len(children)))
    )
    families.home[children[mine]] = home[order]


def _parent_age(people: People, families: Families) -> Ints:
    """Age of the youngest person aged 18 or over who took a parent's place (not a grown child)."""
    youngest = np.full(len(families), 200, np.int64)
    parent = (families.home >= 0) & (people.age >= ADULT)
    ages, homes = people.age[parent], families.home[parent]
    eldest = eldest_age(people, families)
    near = ages >= eldest[homes] - 15
    np.minimum.at(youngest, homes[near], ages[near])
    return youngest


def _seats(lsoa: Ints, total: Ints, rng: np.random.Generator) -> Ints:
    """Children in each family: one each, most of the rest second children, then third and fourth."""
    families = np.bincount(lsoa, minlength=len(total))
    extra = np.maximum(total - families, 0)
    dither = evenly(len(total))
    second = np.minimum(families, np.floor(extra * 0.73 + dither).astype(np.int64))
    third = np.minimum(families, np.floor((extra - second) * 0.72 + dither).astype(np.int64))
    fourth = np.minimum(families, extra - second - third)
    left = extra - second - third - fourth
    _, rank = rank_within(lsoa, rng.random(len(lsoa)))
    seats = 1 + (rank < second[lsoa]) + (rank < third[lsoa]) + (rank < fourth[lsoa])
    share, odd = np.divmod(left, np.maximum(families, 1))
    seats = seats + share[lsoa] + (rank < odd[lsoa])
    surplus = np.maximum(families - total, 0)
    return np.where(rank >= (families - surplus)[lsoa], 0, seats)
