"""Contacts: their level, their gradients, the interactions only a combination has, and where they may not fall."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from builders.lake import the_pack
from endeavour.engine.lake import schema
from endeavour.engine.synthetic.contacts import INTERACTIONS, MOST_TOGETHER, REVIEWS, STREAMS
from endeavour.engine.synthetic.events import (
    CIRCLES,
    Circles,
    expected,
    expected_emergencies,
    together,
    write_events,
)
from endeavour.engine.synthetic.from_pack import margins_from
from endeavour.engine.synthetic.margins import at_size
from endeavour.engine.synthetic.population import Population, draw_population, year_starts


@pytest.fixture(scope="module")
def pop() -> Population:
    sized = at_size(margins_from(the_pack()), 60_000)
    return draw_population(sized, years=2, rng=np.random.Generator(np.random.SFC64(11)))


def test_every_stream_and_review_names_a_source_lawful_subtypes_and_known_circles() -> None:
    for stream in STREAMS:
        assert len(stream.source) > 30
        assert {name for row in stream.mix for name, _ in row} <= set(schema.EVENT_KINDS[stream.kind])
        assert {stream.open_to, *stream.joint} <= set(CIRCLES)
        assert set(stream.joint) <= set(INTERACTIONS)
        assert stream.by in {"none", "deprivation in thirds", *CIRCLES}
        for row in stream.mix:
            assert sum(weight for _, weight in row) == pytest.approx(1)
    for review in REVIEWS:
        assert review.open_to in CIRCLES
        assert review.subtype in schema.EVENT_KINDS["gp"]
        assert 0 < review.share - 9 * review.by_decile - review.by_minority < 1


def test_every_interaction_is_used_and_has_people() -> None:
    assert set(INTERACTIONS) == {name for stream in STREAMS for name in stream.joint}


@pytest.mark.slow
def test_the_mean_of_every_stream_is_its_rate(pop: Population) -> None:
    circles = Circles(pop)
    for stream in STREAMS:
        who, mean = expected(circles, stream)
        assert mean.mean() == pytest.approx(stream.rate, rel=1e-4), stream.name
        assert (mean >= 0).all()
        assert len(who) == circles.circle(stream.open_to).sum()


@pytest.mark.slow
def test_a_log_linear_model_cannot_hold_the_truth(pop: Population) -> None:
    """Log expected emergencies are additive but for the interactions: a regression on main effects leaves them."""
    circles = Circles(pop)
    mean = expected_emergencies(pop)
    poor, many = circles.decile <= 2, pop.health.number >= 3
    stream = next(s for s in STREAMS if s.mix[0][0][0] == "emergency")
    factor = together(circles, stream)
    assert factor.max() == MOST_TOGETHER
    plain = np.log(mean) - np.log(factor)
    codes = [c for row in stream.with_ for c in [row[0]]]
    factors = [np.log(row[1]) for row in stream.with_]
    main = sum(f * pop.health.with_(*c) for c, f in zip(codes, factors, strict=True))
    main = main + stream.decile * (5.5 - circles.decile) + stream.need * pop.health.need
    left = plain - main
    age_sex = pop.people.age * 2 + pop.people.sex
    spread = [left[age_sex == k].std() for k in np.unique(age_sex)[:60]]
    assert max(spread) < 1e-3, "what is left once the interactions are taken out depends on age and sex alone"
    both = poor & many
    assert both.sum() > 20
    assert circles.circle("poor_and_many").sum() == both.sum()


@pytest.mark.slow
def test_the_deprived_use_crisis_services_more_and_planned_ones_no_more(pop: Population) -> None:
    circles = Circles(pop)

    def ratio(first: str) -> float:
        stream = next(s for s in STREAMS if s.mix[0][0][0] == first)
        who, mean = expected(circles, stream)
        decile, age = circles.decile[who], pop.people.age[who]
        middle = (age >= 40) & (age < 65)
        return float(mean[middle & (decile <= 2)].mean() / mean[middle & (decile >= 9)].mean())

    assert ratio("minor") > 1.7
    assert ratio("emergency") > 1.7
    assert 0.7 < ratio("day_case") < 1.2
    assert 1.0 < ratio("consultation") < 1.5


@pytest.mark.slow
def test_years_days_and_deaths(pop: Population, tmp_path: Path) -> None:
    rng = np.random.Generator(np.random.SFC64(4))
    files = list(
        write_events(pop, tmp_path, "part-0001.parquet", years=2, person_from=101, household_from=1, rng=rng)
    )
    assert [f.path.parent.name for f in files] == ["financial_year=2021", "financial_year=2022"]
    starts, days = year_starts(2)
    for file, start, length in zip(files, starts, days, strict=True):
        read = pq.read_table(file.path, partitioning=None)
        assert read.num_rows == file.rows
        day = read["occurred_on"].cast("int32").to_numpy()
        assert start <= day.min()
        assert day.max() < start + length
        who = read["person_id"].to_numpy() - 101
        died = pop.health.died[who]
        assert not ((died >= 0) & (day > died)).any()
        assert (read["household_id"].to_numpy() - 1 == pop.home[who]).all()
        nights = read["days"].to_numpy()
        stays = np.isin(read["kind"].to_numpy(), ["admission", "mental_health"])
        assert (nights[~stays] == 0).all()
        assert nights.min() == 0
        gp = read["kind"].to_numpy() == "gp"
        assert ((day[gp] + 3) % 7 >= 5).mean() < 0.06, "surgeries are all but closed at weekends"
        crowd = np.bincount(day[gp] - start, minlength=length)
        assert (crowd > 0).all()


@pytest.mark.slow
def test_bookings_are_whole_in_every_year(pop: Population, tmp_path: Path) -> None:
    rng = np.random.Generator(np.random.SFC64(4))
    files = list(write_events(pop, tmp_path, "p.parquet", years=2, person_from=1, household_from=1, rng=rng))
    counts = []
    for file in files:
        subtype = pq.read_table(file.path, columns=["subtype"], partitioning=None)["subtype"].to_numpy()
        bookings = np.isin(subtype, ["booking", "booking_continuity"]).sum()
        counts.append(bookings / (subtype == "birth_continuity").sum())
    assert counts[1] == pytest.approx(counts[0], rel=0.35)
    assert counts[1] > 2
