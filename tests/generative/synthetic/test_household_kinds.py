"""However odd an area's people, its households use up its adults and leave no child without one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from endeavour.engine.synthetic.families import (
    COUPLE,
    FAMILY,
    LONE,
    OTHER,
    SINGLE,
    form_families,
    kinds_by_area,
)
from endeavour.engine.synthetic.margins import Margins
from endeavour.engine.synthetic.people import People

AREA = st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(1, 50))


def margins_of(homes: list[int]) -> Margins:
    """Just enough of the margins of one district, with a plain mix of households."""
    count = len(homes)
    return cast(
        "Margins",
        SimpleNamespace(
            areas=count,
            households=np.array(homes),
            district=np.zeros(count, np.int64),
            composition=np.array([[300.0, 350.0, 230.0, 70.0, 35.0, 15.0]]),
            tenure=np.tile([3.0, 3, 0, 1, 1, 2, 0, 0], (count, 1)),
        ),
    )


@settings(deadline=None)
@given(st.lists(AREA, min_size=1, max_size=8))
def test_kinds_of_household_fit_the_adults(areas: list[tuple[int, int, int]]) -> None:
    adults, children, homes = (np.array(column) for column in zip(*areas, strict=True))
    children = np.where(adults > 0, children, 0)
    counts = kinds_by_area(margins_of(list(homes)), adults, children)
    assert (counts >= 0).all()
    assert (counts.sum(axis=1) == np.minimum(homes, adults)).all()
    seats = counts @ np.array([1, 2, 2, 1, 2, 2])
    assert (seats <= adults).all()
    with_children = counts[:, FAMILY] + counts[:, LONE]
    assert ((with_children > 0) | (children == 0)).all()


@settings(deadline=None)
@given(st.lists(AREA, min_size=1, max_size=5), st.integers(0, 2**32 - 1))
def test_everybody_is_seated_in_their_area_and_every_home_has_an_adult(
    areas: list[tuple[int, int, int]], seed: int
) -> None:
    rng = np.random.default_rng(seed)
    areas = [(max(a, 1), c, min(h, max(a, 1))) for a, c, h in areas]
    lsoa = np.concatenate([np.full(a + c, i) for i, (a, c, _) in enumerate(areas)])
    age = np.concatenate([np.r_[rng.integers(18, 100, a), rng.integers(0, 18, c)] for a, c, _ in areas])
    people = People(
        lsoa=lsoa, age=age, sex=rng.integers(0, 2, len(age)), in_communal=np.zeros(len(age), np.bool_)
    )
    m = margins_of([h for _, _, h in areas])
    families = form_families(m, people, rng)
    assert (families.home >= 0).all()
    assert (families.lsoa[families.home] == people.lsoa).all()
    assert (np.bincount(families.lsoa, minlength=m.areas) == m.households).all()
    adults = np.bincount(families.home[people.age >= 18], minlength=len(families))
    assert (adults >= 1).all()
    alone = np.isin(families.kind, (SINGLE, LONE))
    assert (adults[~alone] >= 2).all()
    assert set(np.unique(families.kind)) <= {SINGLE, COUPLE, FAMILY, LONE, 4, OTHER}
