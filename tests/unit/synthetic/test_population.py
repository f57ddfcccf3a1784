"""The people drawn: every margin met, households that could be real, health that follows its sources."""

from __future__ import annotations

import numpy as np
import pytest

from builders.lake import the_pack
from endeavour.engine.lake import schema
from endeavour.engine.synthetic.from_pack import margins_from
from endeavour.engine.synthetic.health import death_band
from endeavour.engine.synthetic.margins import Margins, at_size
from endeavour.engine.synthetic.population import Population, draw_population, household_table
from endeavour.engine.synthetic.registration import distances
from endeavour.errors import BadInput, Missing

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def margins() -> Margins:
    return margins_from(the_pack())


@pytest.fixture(scope="module")
def pop(margins: Margins) -> Population:
    return draw_population(at_size(margins, 120_000), years=3, rng=np.random.Generator(np.random.SFC64(5)))


def test_the_published_totals_are_the_system(margins: Margins) -> None:
    assert (margins.residents.sum(), margins.households.sum(), margins.areas) == (1_199_519, 494_652, 720)
    core20 = margins.residents[margins.imd2025 <= 2].sum()
    assert core20 == 143_841
    assert margins.residents[margins.imd2019 <= 2].sum() == 119_654


def test_at_the_published_size_nothing_that_agrees_is_moved(margins: Margins) -> None:
    same = at_size(margins, 1_199_519)
    assert (same.age == margins.age).all()
    assert (same.accommodation == margins.accommodation).all()
    for name in ("ethnicity", "tenure", "occupancy", "dimensions"):
        ours, theirs = getattr(same, name), getattr(margins, name)
        base = margins.residents if name == "ethnicity" else margins.households
        gap = np.abs(theirs.sum(axis=1) - base)
        assert (np.abs(ours - theirs).max(axis=1) <= gap + 1).all(), name


@pytest.mark.parametrize("residents", [1_000, 10_000, 77_777, 3_000_000])
def test_any_size_is_met_exactly(margins: Margins, residents: int) -> None:
    sized = at_size(margins, residents)
    assert sized.residents.sum() == residents
    for name in ("tenure", "occupancy", "dimensions", "accommodation"):
        assert (getattr(sized, name).sum(axis=1) == sized.households).all(), name
    assert (sized.ethnicity.sum(axis=1) == sized.residents).all()


def test_a_size_without_sense_is_refused(margins: Margins) -> None:
    with pytest.raises(BadInput, match="too few"):
        at_size(margins, 12)


def test_a_pack_without_the_census_says_what_is_missing() -> None:
    class Bare:
        def has(self, name: str) -> bool:
            return name != "census_tenure"

        def table(self, name: str) -> None:
            raise AssertionError(name)

    with pytest.raises(Missing, match="census_tenure"):
        margins_from(Bare())  # type: ignore[arg-type]


def test_every_margin_is_met(pop: Population) -> None:
    m, lsoa, home = pop.margins, pop.people.lsoa, pop.families.lsoa
    for margin, group, classes in (
        (m.age, lsoa, np.minimum(pop.people.age // 5, 17)),
        (m.ethnicity, lsoa, pop.ethnicity),
        (m.tenure, home, pop.homes.tenure),
        (m.accommodation, home, pop.homes.accommodation),
        (m.occupancy, home, pop.homes.occupancy + 2),
        (m.dimensions, home, pop.homes.dimensions.sum(axis=1)),
    ):
        width = margin.shape[1]
        got = np.bincount(group * width + classes, minlength=margin.size).reshape(margin.shape)
        assert (got == margin).all()
    assert (np.bincount(lsoa[pop.disabled], minlength=m.areas) == m.disabled).all()


def test_everybody_lives_somewhere_in_their_own_area(pop: Population) -> None:
    seated = pop.families.home >= 0
    assert (pop.families.lsoa[pop.families.home[seated]] == pop.people.lsoa[seated]).all()
    assert (seated == ~pop.people.in_communal).all()
    assert (pop.homes.size >= 1).all()
    assert pop.people.in_communal.mean() < 0.02


def test_no_child_lives_alone_and_parents_are_older(pop: Population) -> None:
    assert (pop.homes.size > pop.homes.children).all()
    child = (pop.people.age < 18) & (pop.families.home >= 0)
    gap = pop.homes.eldest[pop.families.home[child]] - pop.people.age[child]
    assert np.mean(gap < 16) < 0.01
    assert 25 < np.median(gap) < 40


def test_household_composition_is_near_the_districts(pop: Population) -> None:
    m = pop.margins
    mix = m.composition / m.composition.sum(axis=1, keepdims=True)
    wanted = (mix * np.bincount(m.district, weights=m.households)[:, None]).sum(axis=0) / m.households.sum()
    got = np.bincount(pop.families.kind, minlength=6) / len(pop.families)
    assert got == pytest.approx(wanted, abs=0.04)


def test_crowding_and_tenure_hang_together(pop: Population) -> None:
    crowded = pop.homes.occupancy < 0
    assert pop.homes.size[crowded].mean() > pop.homes.size.mean() + 1
    assert (
        pop.homes.eldest[pop.homes.tenure == 0].mean() > pop.homes.eldest[pop.homes.tenure == 1].mean() + 15
    )


def test_households_share_their_need(pop: Population) -> None:
    home = pop.families.home
    pairs = np.flatnonzero((home[1:] == home[:-1]) & (home[1:] >= 0))
    together = np.corrcoef(pop.health.need[pairs], pop.health.need[pairs + 1])[0, 1]
    assert together == pytest.approx(0.36, abs=0.03)


def test_deaths_follow_the_rates_in_every_quintile(pop: Population) -> None:
    first = pop.health.died
    year = (first >= 0) & (first < 18718 + 365)
    m, people = pop.margins, pop.people
    rate = m.mortality[people.sex, m.quintile[people.lsoa], death_band(people.age)]
    for quintile in range(5):
        inside = m.quintile[people.lsoa] == quintile
        assert year[inside].sum() == pytest.approx(-np.expm1(-rate[inside]).sum(), abs=3)
    assert pop.health.number[first >= 0].mean() > pop.health.number.mean() + 0.5


def test_registers_fall_on_the_right_people(pop: Population) -> None:
    age = pop.people.age
    assert age[pop.health.with_("DEM")].mean() > 75
    assert pop.people.sex[pop.health.with_("OST")].mean() < 0.3
    smokers = pop.health.smoker.mean()
    assert pop.health.smoker[pop.health.with_("COPD")].mean() > 2 * smokers
    asian = pop.ethnicity == schema.ETHNICITY.index("asian")
    middle = (age >= 45) & (age < 65)
    assert (
        pop.health.with_("DM")[asian & middle].mean() > 1.5 * pop.health.with_("DM")[~asian & middle].mean()
    )


def test_practices_are_near_and_lists_are_met(pop: Population) -> None:
    km = distances(pop.margins)[pop.people.lsoa, pop.practice]
    assert km.mean() < 4
    lists = np.bincount(pop.practice, minlength=len(pop.margins.practices.code))
    share = pop.margins.practices.list_size / pop.margins.practices.list_size.sum()
    assert (np.abs(lists - share * len(pop)) < 0.02 * share * len(pop) + 15).all()


def test_communal_establishments_are_set_apart(pop: Population) -> None:
    table = household_table(pop, household_from=1)
    communal = table.filter(table["is_communal"])
    assert set(communal["tenure"].to_pylist()) == {"communal"}
    assert not any(communal["is_overcrowded"].to_pylist())
    assert max(communal["size"].to_pylist()) <= 45
    assert sum(table["size"].to_pylist()) == len(pop)


def test_every_plus_group_has_members_and_none_has_most(pop: Population) -> None:
    assert set(schema.PLUS_GROUPS) < set(pop.flags)
    for name, member in pop.flags.items():
        assert 0.0003 < member.mean() < 0.2, name
    age = pop.people.age
    assert age[pop.flags["plus_care_leaver"]].max() <= 25
    assert (pop.flags["plus_minoritised_ethnic"] == (pop.ethnicity != schema.ETHNICITY.index("white"))).all()
