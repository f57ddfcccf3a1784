"""Logistic regression by Newton's method with a small ridge: weights with intervals, and exact reasons.

Kept here rather than taken from a machine-learning library because a partner must be able to read how the chance was
reached: forty lines, a CSV of weights, and a sum that anybody can redo by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]

ROWS: Final = 20_000
SETTLED: Final = 1e-4
"""Weights of scaled columns that move less than this a step are found: a hundredth of any standard error."""

MOST: Final = 40.0
Z95: Final = 1.959964


@dataclass(frozen=True)
class Logistic:
    """Log odds = `intercept` + `weights` · x; `errors` are the weights' standard errors, in log odds."""

    intercept: float
    weights: Floats
    errors: Floats
    means: Floats

    def chance(self, x: Matrix) -> Floats:
        """Each row's chance, 0 to 1."""
        return np.asarray(1 / (1 + np.exp(-np.clip(self.log_odds(x), -MOST, MOST))), np.float64)

    def log_odds(self, x: Matrix) -> Floats:
        """Each row's log odds."""
        return np.asarray(x @ self.weights.astype(np.float32), np.float64) + self.intercept

    def contributions(self, x: Matrix) -> Floats:
        """What each column adds to a row's log odds beside an average person: exact Shapley values of a linear model.

        Each is weight times (value less mean), which sums to the row's log odds less those of the average (Lundberg
        and Lee 2017, section 4.1, for independent columns).

        >>> model = Logistic(0.0, np.array([2.0]), np.array([0.1]), np.array([0.5]))
        >>> model.contributions(np.array([[1.0]], np.float32)).tolist()
        [[1.0]]
        """
        return np.asarray((x - self.means) * self.weights, np.float64)


def fit_logistic(x: Matrix, y: npt.NDArray[np.bool_], *, ridge: float = 1.0, most: int = 30) -> Logistic:
    """The weights that make the outcomes likeliest, less `ridge` / 2 times the sum of squares of scaled weights.

    `x` is [people, columns] in the columns' own units; `y` the outcome. Columns are scaled to unit spread inside, so
    the ridge treats them alike; the intercept is not shrunk. Standard errors come from the penalised information.
    `ValueError` when the outcome never or always happens.

    >>> x = np.array([[0], [0], [0], [0], [1], [1], [1], [1]], np.float32)
    >>> y = np.array([0, 0, 0, 1, 0, 1, 1, 1], bool)
    >>> model = fit_logistic(x, y, ridge=1e-9)
    >>> round(model.intercept, 4), model.weights.round(4).tolist()
    (-1.0986, [2.1972])
    """
    if not 0 < int(y.sum()) < len(y):
        raise ValueError("the outcome never or always happens, so there is nothing to learn")
    means, spread = x.mean(axis=0, dtype=np.float64), x.std(axis=0, dtype=np.float64)
    spread = np.where(spread > 0, spread, 1.0)
    scaled = np.ones((len(x), x.shape[1] + 1), np.float32)
    np.subtract(x, means.astype(np.float32), out=scaled[:, 1:])
    scaled[:, 1:] /= spread.astype(np.float32)
    beta = np.zeros(scaled.shape[1])
    beta[0] = np.log(y.mean() / (1 - y.mean()))
    penalty = np.full(len(beta), ridge)
    penalty[0] = 0.0
    at = _slopes(scaled, y, beta, penalty)
    for _ in range(most):
        step = np.linalg.solve(at.information, at.gradient)
        after = _slopes(scaled, y, beta + step, penalty)
        while after.likelihood < at.likelihood - 1e-6 * abs(at.likelihood):
            step /= 2
            after = _slopes(scaled, y, beta + step, penalty)
        beta, at = beta + step, after
        if np.abs(step).max() < SETTLED:
            break
    weights = beta[1:] / spread
    errors = np.sqrt(np.diag(np.linalg.inv(at.information)))[1:] / spread
    return Logistic(float(beta[0] - weights @ means), weights, errors, means)


@dataclass(frozen=True)
class _Slopes:
    """The penalised log likelihood at some weights, with its gradient and information."""

    likelihood: float
    gradient: Floats
    information: Floats


def _slopes(x: Matrix, y: npt.NDArray[np.bool_], beta: Floats, penalty: Floats) -> _Slopes:
    """A slice of rows at a time, so that memory stays flat and 32-bit sums stay exact enough."""
    likelihood, gradient = 0.0, np.zeros(len(beta))
    information = np.diag(penalty + 1e-9)
    for start in range(0, len(x), ROWS):
        part, happened = x[start : start + ROWS], y[start : start + ROWS]
        odds = (part @ beta.astype(np.float32)).astype(np.float64)
        chance = 1 / (1 + np.exp(-np.clip(odds, -MOST, MOST)))
        likelihood += float(odds[happened].sum() - np.logaddexp(0, odds).sum())
        gradient += part.T @ (happened - chance).astype(np.float32)
        information += part.T @ (part * (chance * (1 - chance)).astype(np.float32)[:, None])
    gradient -= penalty * beta
    return _Slopes(likelihood - float(penalty @ beta**2) / 2, gradient, information)
