"""The planted truth tells models apart: trees beat a readable model in our world, and not in one without interactions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from builders.lake import the_pack
from endeavour.engine.cohort.judging import performance
from endeavour.engine.cohort.learner import KINDS, learn
from endeavour.engine.synthetic.contacts import INTERACTIONS, STREAMS
from endeavour.engine.synthetic.events import Circles, expected, together
from endeavour.engine.synthetic.from_pack import margins_from
from endeavour.engine.synthetic.margins import at_size
from endeavour.engine.synthetic.population import Population, draw_population

pytestmark = pytest.mark.slow

STREAM = next(s for s in STREAMS if s.mix[0][0][0] == "emergency")


@pytest.fixture(scope="module")
def pop() -> Population:
    sized = at_size(margins_from(the_pack()), 120_000)
    return draw_population(sized, years=1, rng=np.random.Generator(np.random.SFC64(2)))


def columns(pop: Population, circles: Circles) -> np.ndarray:
    """What a model may see of a person; no product of two facts."""
    age = pop.people.age
    bands = [(age >= low) & (age < low + 10) for low in range(0, 90, 10)]
    facts = [
        circles.decile,
        circles.minority,
        pop.people.sex,
        pop.health.smoker,
        pop.flags["plus_carer"],
        circles.carried(pop.homes.size == 1),
        pop.health.number >= 3,
        *pop.health.has,
    ]
    return np.column_stack([age, *bands, *facts]).astype(np.float32)


def losses(pop: Population, *, planted: bool) -> dict[str, float]:
    """How far each learner's chances are from the truth it never saw: log loss above the truth's own."""
    circles = Circles(pop)
    stream = replace(STREAM, need=0.0, joint=STREAM.joint if planted else ())
    who, mean = expected(circles, stream)
    true = -np.expm1(-mean.astype(float))
    rng = np.random.default_rng(6)
    happened, again = rng.random(len(who)) < true, rng.random(len(who)) < true
    x = columns(pop, circles)[who]
    best = performance(np.clip(true, 1e-6, 1 - 1e-6), again)["log_loss"]
    return {
        kind: performance(learn(kind, x, happened, seed=1).chance(x), again)["log_loss"] - best
        for kind in KINDS
    }


def test_boosting_beats_the_readable_model_because_interactions_are_planted(pop: Population) -> None:
    """Curves of age give trees a little in any world; the interactions are what gives them much."""
    ours, plain = losses(pop, planted=True), losses(pop, planted=False)
    assert ours["logistic"] > 1.5 * ours["lightgbm"], ours
    ahead = {
        name: found["logistic"] - found["lightgbm"] for name, found in (("ours", ours), ("plain", plain))
    }
    assert ahead["ours"] > 3 * ahead["plain"], ahead


def test_deprivation_ethnicity_and_illness_act_together(pop: Population) -> None:
    """The three at once do more than the product of each: what makes a truth of three-way interaction."""
    circles = Circles(pop)
    factor = np.log(together(circles, STREAM))
    adult = (pop.people.age >= 40) & (pop.health.number <= 2) & ~circles.circle("carer_and_ill")
    adult &= ~circles.circle("alone_and_frail") & ~circles.circle("mind_body_and_poor")
    poor, minority, ill = circles.poor, circles.minority, circles.has("DM")

    def mean(p: bool, m: bool, i: bool) -> float:
        return float(factor[adult & (poor == p) & (minority == m) & (ill == i)].mean())

    three_way = sum(
        (-1) ** (3 - p - m - i) * mean(bool(p), bool(m), bool(i))
        for p in (0, 1)
        for m in (0, 1)
        for i in (0, 1)
    )
    assert three_way > 0.3
    assert circles.circle("minority_poor_and_ill").sum() > 100


def test_no_combination_is_without_people(pop: Population) -> None:
    circles = Circles(pop)
    for name in INTERACTIONS:
        assert circles.circle(name).sum() > 50, name
