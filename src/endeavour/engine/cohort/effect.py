"""What the support changed: those offered beside those not yet offered, with an interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


Z95 = 1.959964


@dataclass(frozen=True)
class Effect:
    """The average change in the outcome for an offered household, in the outcome's unit, with its 95% interval."""

    estimate: float
    low: float
    high: float
    offered: int
    compared: int

    def covers(self, truth: float) -> bool:
        """Whether the interval holds a value.

        >>> Effect(-0.2, -0.3, -0.1, 100, 100).covers(-0.25)
        True
        """
        return self.low <= truth <= self.high

    @property
    def words(self) -> str:
        """One honest sentence."""
        sure = "which could be no change at all" if self.covers(0) else "a change that chance hardly explains"
        return f"{self.estimate:+.2f} a household (between {self.low:+.2f} and {self.high:+.2f}), {sure}"


def estimate_effect(
    outcome: npt.ArrayLike,
    is_offered: npt.ArrayLike,
    *,
    score: npt.ArrayLike,
    before: npt.ArrayLike,
    place: npt.ArrayLike,
) -> Effect:
    """Difference in outcome between the offered and the compared, allowing for where each stood before.

    Arrays hold one household each: `score` is the value that decided the choice (so the step at the line is not
    mistaken for an effect, each side has a slope of its own), `before` the same outcome in the year before, `place` a
    code. Least squares with errors that need not be alike (HC3: MacKinnon and White 1985); the unit is the outcome's.

    >>> rng = np.random.default_rng(1); n = 400
    >>> score, before = rng.normal(size=n), rng.normal(size=n)
    >>> offered = score > 0
    >>> outcome = 2 * score + before - 0.5 * offered + rng.normal(scale=0.1, size=n)
    >>> effect = estimate_effect(outcome, offered, score=score, before=before, place=np.zeros(n, int))
    >>> effect.low < -0.5 < effect.high
    True
    """
    y, offered = np.asarray(outcome, dtype=float), np.asarray(is_offered, dtype=bool)
    if not 10 <= offered.sum() <= len(y) - 10:
        raise ValueError("at least ten households are needed on each side")
    centred = np.asarray(score, dtype=float) - _line(np.asarray(score, dtype=float), offered)
    places = np.unique(np.asarray(place), return_inverse=True)[1]
    dummies = np.eye(places.max() + 1)[places][:, 1:]
    x = np.column_stack(
        [offered, np.ones(len(y)), centred, centred * offered, np.asarray(before, dtype=float), dummies]
    ).astype(float)
    x = x[:, _independent(x)]
    inverse = np.linalg.inv(x.T @ x)
    beta = inverse @ x.T @ y
    leverage = np.einsum("ij,jk,ik->i", x, inverse, x)
    weighted = x * ((y - x @ beta) / np.clip(1 - leverage, 1e-9, None))[:, None]
    error = float(np.sqrt((inverse @ (weighted.T @ weighted) @ inverse)[0, 0]))
    estimate = float(beta[0])
    return Effect(
        estimate,
        estimate - Z95 * error,
        estimate + Z95 * error,
        int(offered.sum()),
        int((~offered).sum()),
    )


def _line(score: Floats, offered: npt.NDArray[np.bool_]) -> float:
    """Where the two sides meet: halfway between the lowest offered and the highest compared, by the middle tenth."""
    return float((np.quantile(score[offered], 0.05) + np.quantile(score[~offered], 0.95)) / 2)


def _independent(x: Floats) -> list[int]:
    """The columns that are not sums of those before them; a place with nobody compared would be one."""
    kept: list[int] = []
    for column in range(x.shape[1]):
        if np.linalg.matrix_rank(x[:, [*kept, column]]) > len(kept):
            kept.append(column)
    return kept
