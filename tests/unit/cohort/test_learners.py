"""The learners: the weights that statsmodels finds, reasons that sum to the odds, and a model that reads back the same."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from endeavour.engine.cohort.learner import BoostedLearner, LogisticLearner, learn, read_learner
from endeavour.engine.cohort.logistic import fit_logistic
from endeavour.engine.cohort.terms import Term, all_terms
from endeavour.errors import BadInput, Missing

TERMS = tuple(Term(name, name, f"has {name}") for name in ("illness", "age", "rare"))


def world(count: int = 6000, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = np.column_stack([rng.random(count) < 0.3, rng.normal(50, 20, count), rng.random(count) < 0.02])
    odds = -3 + 1.2 * x[:, 0] + 0.02 * x[:, 1] - 0.5 * x[:, 2]
    return x.astype(np.float32), rng.random(count) < 1 / (1 + np.exp(-odds))


def test_weights_and_errors_are_those_of_statsmodels() -> None:
    import statsmodels.api as sm

    x, y = world()
    ours = fit_logistic(x, y, ridge=1e-9)
    theirs = sm.Logit(y.astype(float), sm.add_constant(x.astype(float))).fit(disp=0)
    np.testing.assert_allclose([ours.intercept, *ours.weights], theirs.params, rtol=2e-3)
    np.testing.assert_allclose(ours.errors, theirs.bse[1:], rtol=2e-3)


def test_a_column_that_settles_everything_does_not_run_away() -> None:
    x = np.array([[0.0], [0.0], [1.0], [1.0]] * 50, np.float32)
    y = x[:, 0] > 0
    model = fit_logistic(x, y)
    assert np.isfinite(model.weights).all()
    assert model.chance(x)[y].min() > 0.9


def test_columns_that_repeat_each_other_share_the_weight() -> None:
    x, y = world()
    twice = fit_logistic(np.column_stack([x, x[:, 0]]), y)
    once = fit_logistic(x, y)
    assert twice.weights[0] == pytest.approx(twice.weights[3], rel=1e-3)
    assert twice.weights[0] + twice.weights[3] == pytest.approx(once.weights[0], rel=0.01)


def test_an_outcome_that_never_happens_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing to learn"):
        fit_logistic(np.zeros((5, 1), np.float32), np.zeros(5, bool))


@pytest.mark.parametrize("kind", ["logistic", "lightgbm"])
def test_reasons_sum_to_the_odds_and_the_model_reads_back(kind: str) -> None:
    x, y = world()
    model = learn(kind, x, y, seed=1)  # type: ignore[arg-type]
    chance, added = model.chance(x[:50]), model.contributions(x[:50])
    odds = np.log(chance / (1 - chance))
    assert np.ptp(odds - added.sum(axis=1)) < 1e-4, (
        "what is left over is the same for everybody: the average person"
    )
    again = read_learner(model.text())
    np.testing.assert_array_equal(again.chance(x[:50]), chance)
    assert learn(kind, x, y, seed=1).text() == model.text()  # type: ignore[arg-type]


def test_the_weights_as_published_give_the_chance_by_hand() -> None:
    x, y = world()
    model = learn("logistic", x, y, seed=1)
    rows = {row["term"]: row for row in model.weights(TERMS)}
    by_hand = rows["intercept"]["weight"] + sum(rows[t.name]["weight"] * x[0, i] for i, t in enumerate(TERMS))
    assert 1 / (1 + np.exp(-by_hand)) == pytest.approx(model.chance(x[:1])[0], abs=1e-3)
    assert rows["illness"]["low"] < rows["illness"]["weight"] < rows["illness"]["high"]
    assert rows["illness"]["low"] < 1.2 < rows["illness"]["high"]


def test_boosting_lists_gains_and_no_weights() -> None:
    x, y = world()
    model = learn("lightgbm", x, y, seed=1)
    assert isinstance(model, BoostedLearner)
    gains = {row["term"]: row["gain"] for row in model.weights(TERMS)}
    assert gains["illness"] > gains["rare"]


def test_without_lightgbm_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lightgbm", None)
    x, y = world(200)
    with pytest.raises(Missing, match="LightGBM is not installed") as refused:
        learn("lightgbm", x, y, seed=1)
    assert "common-endeavour[models]" in str(refused.value.hint)
    assert isinstance(learn("logistic", x, y, seed=1), LogisticLearner)
    with pytest.raises(BadInput, match="no model of the kind"):
        learn("magic", x, y, seed=1)  # type: ignore[arg-type]


def test_every_term_has_a_name_of_its_own_and_words_that_finish_a_sentence() -> None:
    terms = all_terms()
    assert len({term.name for term in terms}) == len(terms)
    assert all(term.words.split()[0] in {"is", "has", "lives", "smokes", "cares", "suffers", "rents", "saw", "went",
                                         "had", "was", "asked", "fell", "suffered", "needed"} for term in terms)  # fmt: skip
