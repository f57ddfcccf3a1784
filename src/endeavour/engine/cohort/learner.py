"""The two learners behind one face: a readable logistic regression, and gradient boosting as an extra."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from endeavour.engine.cohort.logistic import Z95, Logistic, Matrix, fit_logistic
from endeavour.engine.cohort.terms import Term
from endeavour.errors import BadInput, Missing

if TYPE_CHECKING:
    import lightgbm

Kind = Literal["logistic", "lightgbm"]
KINDS: tuple[Kind, ...] = ("logistic", "lightgbm")
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


class Learner(Protocol):
    """A fitted model."""

    def chance(self, x: Matrix) -> Floats:
        """Each row's chance, 0 to 1."""

    def contributions(self, x: Matrix) -> Floats:
        """What each column adds to each row's log odds beside an average person."""

    def weights(self, terms: tuple[Term, ...]) -> list[dict[str, Any]]:
        """One plain row a column, for the CSV of weights."""

    def text(self) -> str:
        """The model as JSON, to be read back by `read_learner`."""


class LogisticLearner:
    """The default: log odds are a sum that anybody can redo from the CSV of weights."""

    def __init__(self, model: Logistic) -> None:
        self.model = model
        self.chance, self.contributions = model.chance, model.contributions

    def weights(self, terms: tuple[Term, ...]) -> list[dict[str, Any]]:
        """Weight a unit, its 95% limits, the odds ratio and the average value; the intercept first."""
        model = self.model
        rows: list[dict[str, Any]] = [
            {"term": "intercept", "words": "everybody", "weight": round(model.intercept, 5)}
        ]
        for term, weight, error, mean in zip(terms, model.weights, model.errors, model.means, strict=True):
            rows.append(
                {
                    "term": term.name,
                    "words": term.words,
                    "weight": round(float(weight), 5),
                    "low": round(float(weight - Z95 * error), 5),
                    "high": round(float(weight + Z95 * error), 5),
                    "odds_ratio": round(float(np.exp(weight)), 3),
                    "mean": float(f"{mean:.3g}"),
                }
            )
        return rows

    def text(self) -> str:
        """Every number in full."""
        model = self.model
        numbers = {k: getattr(model, k).tolist() for k in ("weights", "errors", "means")}
        return json.dumps({"kind": "logistic", "intercept": model.intercept, **numbers})


class BoostedLearner:
    """Gradient boosting with LightGBM: finds interactions, and cannot be redone by hand."""

    def __init__(self, booster: lightgbm.Booster) -> None:
        self.booster = booster

    def chance(self, x: Matrix) -> Floats:
        """Each row's chance, 0 to 1."""
        return np.asarray(self.booster.predict(x, num_threads=1), np.float64)

    def contributions(self, x: Matrix) -> Floats:
        """Shapley values of the trees (Lundberg and others 2020), in log odds; the base is left out."""
        return np.asarray(self.booster.predict(x, pred_contrib=True, num_threads=1), np.float64)[:, :-1]

    def weights(self, terms: tuple[Term, ...]) -> list[dict[str, Any]]:
        """How much each column improved the fit (gain), and how often it was used; not a weight."""
        gain = self.booster.feature_importance("gain")
        splits = self.booster.feature_importance("split")
        return [
            {"term": t.name, "words": t.words, "gain": round(float(g), 1), "splits": int(s)}
            for t, g, s in zip(terms, gain, splits, strict=True)
        ]

    def text(self) -> str:
        """LightGBM's own text inside JSON."""
        return json.dumps({"kind": "lightgbm", "booster": self.booster.model_to_string()})


def learn(kind: Kind, x: Matrix, y: Bools, *, seed: int) -> Learner:
    """Fit one kind of model; the same rows and seed give the same model. `Missing` where LightGBM is not installed."""
    if kind == "logistic":
        return LogisticLearner(fit_logistic(x, y))
    if kind != "lightgbm":
        raise BadInput(f"There is no model of the kind '{kind}'.", hint=f"There are: {', '.join(KINDS)}.")
    boosting = _lightgbm()
    settings = {
        "objective": "binary", "num_leaves": 15, "learning_rate": 0.08, "min_data_in_leaf": max(20, len(x) // 2000),
        "deterministic": True, "force_row_wise": True, "num_threads": 1, "seed": seed, "verbosity": -1,
    }  # fmt: skip
    return BoostedLearner(boosting.train(settings, boosting.Dataset(x, y.astype(np.int8)), 150))


def read_learner(text: str) -> Learner:
    """The model that `text` wrote."""
    data = json.loads(text)
    if data["kind"] == "lightgbm":
        return BoostedLearner(_lightgbm().Booster(model_str=data["booster"]))
    arrays = (np.array(data[name], np.float64) for name in ("weights", "errors", "means"))
    return LogisticLearner(Logistic(data["intercept"], *arrays))


def _lightgbm() -> Any:
    try:
        import lightgbm
    except ImportError as error:
        raise Missing(
            "LightGBM is not installed.",
            hint="Install it with: pip install 'common-endeavour[models]'; or use the logistic model.",
        ) from error
    return lightgbm
