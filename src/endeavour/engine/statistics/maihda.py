"""MAIHDA: how much of the difference between people lies between their intersections?

People are sorted into strata (sex by age band by ethnic group by deprivation, say) and the outcome is yes or
no. A logistic model with a normal random intercept for each stratum is fitted to the strata's counts alone.
The null model has only a mean; the main-effects model adds what each characteristic does by itself, so that
what is left in its random intercepts is intersection proper.

* VPC, the variance partition coefficient: the share of the variance of the latent propensity that lies
  between strata, variance / (variance + pi squared / 3), as a percentage.
* PCV, the proportional change in variance: how much of the null model's variance the main effects explain.

The likelihood is integrated by adaptive Gauss-Hermite quadrature and climbed by Newton's method on all
parameters; a stratum's effect is the mean of its distribution given the data, and its interval that mean and
the distribution's standard deviation times the normal quantile (the fitted model taken as known).

Sources: Merlo J (2018) Soc Sci Med 203:74; Evans CR et al. (2018) Soc Sci Med 203:64; Pinheiro JC, Bates DM
(1995) J Comput Graph Stat 4:12 (the quadrature); Goldstein H, Browne W, Rasbash J (2002) Underst Stat 1:223
(VPC).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, ndtri

from endeavour.engine.statistics._shape import (
    DEFAULT_CONFIDENCE,
    Confidence,
    Estimate,
    Floats,
    Reason,
    floats,
    levels,
    refuse,
    refuse_counts,
)
from endeavour.errors import BadInput

_NODES = 31
_STEPS = 100
_LATENT = np.pi**2 / 3
_FLOOR = -9.0
"""Log of the smallest standard deviation told from none at all."""


@dataclass(frozen=True)
class Maihda:
    """One fitted model of the strata; `probability`, `effect` and `reason` belong to each stratum in turn.

    `coefficients` are log odds (intercept first) with `coefficient_errors`. `variance` is that of the
    strata's intercepts on the log-odds scale and `vpc` its share, as a percentage. `probability` is each
    stratum's predicted proportion, and `effect` its random intercept (log odds above what the model's
    columns say), both with intervals. `distinct` is true where an effect's widest interval leaves out 0.
    `reason` is 0 or `Reason.DID_NOT_CONVERGE`, `NO_SPREAD` (no outcome varies: nothing is fitted).
    """

    coefficients: Floats
    coefficient_errors: Floats
    variance: float
    vpc: float
    log_likelihood: float
    probability: Estimate
    effect: Estimate
    distinct: np.ndarray
    reason: Reason


def maihda(
    events: ArrayLike,
    people: ArrayLike,
    columns: ArrayLike | None = None,
    *,
    confidence: Confidence = DEFAULT_CONFIDENCE,
) -> Maihda:
    """Fit a random-intercept logistic model to the counts of strata.

    `events` and `people` are one count each per stratum; `columns` is strata by characteristics (see
    `indicators`) without an intercept, left out for the null model. Strata with nobody in them keep the
    model's prediction and add nothing. Positive effects: more events than the columns alone say. Sources:
    see the module. `BadInput` where the columns' effects have no finite answer.

    >>> m = maihda([10, 30, 50, 70], [100, 100, 100, 100])
    >>> round(m.vpc, 1), m.reason.code
    (26.8, '')
    """
    x, n = floats(events, people)
    if x.ndim != 1 or x.size < 3:
        raise BadInput("MAIHDA needs one count for each of at least three strata")
    refuse(np.isnan(x) | np.isnan(n), "a count is not known", hint="Leave the stratum out, or give 0 people.")
    refuse_counts(x, "a count of events")
    refuse_counts(n, "a count of people")
    refuse(x > n, "there are more events than people")
    wanted = levels(confidence)
    design = _design(columns, x.size)
    if x.sum() in (0.0, n.sum()):
        return _nothing(x.size, design.shape[1], wanted)
    _refuse_endless(x, n, design)
    theta, converged = _fit(x, n, design)
    return _result(x, n, design, theta, wanted, Reason.SHOWN if converged else Reason.DID_NOT_CONVERGE)


def proportional_change_in_variance(null: Maihda, main: Maihda) -> float:
    """PCV: how much of the null model's variance between strata the main effects explain, as a percentage.

    100 means strata differ only by what each characteristic does by itself; NaN where the null model has no
    variance. Source: Merlo (2018).

    >>> null = maihda([10, 30, 50, 70], [100] * 4)
    >>> round(proportional_change_in_variance(null, null), 6)
    0.0
    """
    if not null.variance > 0:
        return float("nan")
    return 100 * (null.variance - main.variance) / null.variance


def indicators(*characteristics: ArrayLike) -> Floats:
    """Strata by columns of 0 and 1: each characteristic's categories but the first (in sorted order).

    Each argument is one label per stratum. Source: dummy coding with a reference category.

    >>> indicators(["F", "F", "M", "M"], ["old", "young", "old", "young"]).tolist()
    [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
    """
    if not characteristics:
        raise BadInput("no characteristic was given")
    parts = []
    for labels in characteristics:
        array = np.asarray(labels)
        parts.append((array[:, None] == np.unique(array)[None, 1:]).astype(np.float64))
    if len({part.shape[0] for part in parts}) != 1:
        raise BadInput("the characteristics are not of one length")
    return np.concatenate(parts, axis=1)


def _design(columns: ArrayLike | None, strata: int) -> Floats:
    ones = np.ones((strata, 1))
    if columns is None:
        return ones
    (given,) = floats(columns)
    given = given[:, None] if given.ndim == 1 else given
    if given.ndim != 2 or given.shape[0] != strata:
        raise BadInput(f"columns of shape {given.shape} do not describe {strata} strata")
    design = np.concatenate([ones, given], axis=1)
    if np.linalg.matrix_rank(design) < design.shape[1]:
        raise BadInput("one column follows from the others", hint="Leave one category of each out.")
    return design


def _refuse_endless(x: Floats, n: Floats, design: Floats) -> None:
    """BadInput where the likelihood has no top: some move of the effects keeps improving the fit without end.

    Such a move leaves every stratum of which some are counted as it is, and lowers (raises) those of which none
    (all) are; a linear programme finds it if there is one (Albert A, Anderson JA (1984) Biometrika 71:1; Konis K
    (2007), DPhil thesis, Oxford).
    """
    from scipy.optimize import linprog

    if design.shape[1] == 1:
        return
    held = design[n > 0]
    if np.linalg.matrix_rank(held) < design.shape[1]:
        raise BadInput(
            "nobody is left to tell one characteristic's groups apart by",
            hint="Leave out the groups with nobody in them, or merge them with others.",
        )
    way = np.where(x == n, 1.0, np.where(x == 0, -1.0, 0.0))[n > 0]
    ends = way[way != 0, None] * held[way != 0]
    if not ends.size:
        return
    between = held[way == 0] if (way == 0).any() else None
    best = linprog(
        -ends.sum(axis=0), -ends, np.zeros(len(ends)), between, None if between is None else np.zeros(len(between)),
        bounds=(-1, 1),
    )  # fmt: skip
    if -best.fun > 1e-9:
        raise BadInput(
            "all or none of those with one characteristic are counted, so its effect has no bounds",
            hint="Merge that group with another, or leave the characteristic out.",
        )


_POINTS, _WEIGHTS = np.polynomial.hermite_e.hermegauss(_NODES)


def _log_terms(eta: Floats, x: Floats, n: Floats) -> Floats:
    """Each stratum's log likelihood at these log odds, without the binomial coefficient."""
    return np.asarray(x * eta - n * np.logaddexp(0, eta))


def _mode(fixed: Floats, sd: float, x: Floats, n: Floats) -> tuple[Floats, Floats]:
    """Mode and curvature spread of each stratum's standardised intercept, given the data."""
    u = np.zeros_like(fixed)
    for _ in range(_STEPS):
        p = expit(fixed + sd * u)
        step = (sd * (x - n * p) - u) / (1 + sd**2 * n * p * (1 - p))
        u = u + np.clip(step, -2, 2)
        if np.max(np.abs(step)) < 1e-10:
            break
    p = expit(fixed + sd * u)
    return u, 1 / np.sqrt(1 + sd**2 * n * p * (1 - p))


def _posterior(theta: Floats, x: Floats, n: Floats, design: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Nodes (strata by nodes), their normalised weights, the log odds there, and each stratum's log
    likelihood."""
    fixed, sd = design @ theta[:-1], float(np.exp(theta[-1]))
    mode, spread = _mode(fixed, sd, x, n)
    u = mode[:, None] + spread[:, None] * _POINTS
    eta = fixed[:, None] + sd * u
    log = _log_terms(eta, x[:, None], n[:, None]) - u**2 / 2 + _POINTS**2 / 2
    log = log + np.log(_WEIGHTS * spread[:, None] / np.sqrt(2 * np.pi))
    top = log.max(axis=1, keepdims=True)
    weight = np.exp(log - top)
    total = weight.sum(axis=1, keepdims=True)
    return u, weight / total, eta, (top + np.log(total))[:, 0]


def _score(theta: Floats, x: Floats, n: Floats, design: Floats) -> tuple[float, Floats, Floats]:
    """Log likelihood, its gradient and its curvature (Louis's identity) at `theta` (log odds, then log
    sd)."""
    u, weight, eta, log = _posterior(theta, x, n, design)
    sd = float(np.exp(theta[-1]))
    p = expit(eta)
    left, bend = x[:, None] - n[:, None] * p, n[:, None] * p * (1 - p)
    pull = sd * u
    first, second = (weight * left).sum(1), (weight * left * pull).sum(1)
    gradient = np.append(design.T @ first, second.sum())
    aa = (weight * (left**2 - bend)).sum(1) - first**2
    ab = (weight * (left**2 * pull - bend * pull)).sum(1) - first * second
    bb = (weight * ((left * pull) ** 2 - bend * pull**2 + left * pull)).sum(1) - second**2
    size = theta.size
    curve = np.empty((size, size))
    curve[:-1, :-1] = design.T @ (aa[:, None] * design)
    curve[:-1, -1] = curve[-1, :-1] = design.T @ ab
    curve[-1, -1] = bb.sum()
    return float(log.sum()), gradient, curve


def _fit(x: Floats, n: Floats, design: Floats) -> tuple[Floats, bool]:
    """Newton's method with halved steps, from the pooled odds and half a log odd of spread."""
    theta = np.zeros(design.shape[1] + 1)
    share = x.sum() / n.sum()
    theta[0], theta[-1] = np.log(share / (1 - share)), np.log(0.5)
    value, gradient, curve = _score(theta, x, n, design)
    for _ in range(_STEPS):
        step = _ascent(gradient, curve)
        if np.max(np.abs(gradient)) < 1e-7 * max(1.0, abs(value)) and np.max(np.abs(step)) < 1e-7:
            return theta, True
        scale = min(1.0, 2.0 / float(np.max(np.abs(step))))
        for _ in range(30):
            tried = theta + scale * step
            tried[-1] = max(tried[-1], _FLOOR)
            fresh = _score(tried, x, n, design)
            if fresh[0] >= value - 1e-10:
                break
            scale /= 2
        moved = float(np.max(np.abs(tried - theta)))
        theta, (value, gradient, curve) = tried, fresh
        if theta[-1] <= _FLOOR + 1e-9:
            return _without_spread(theta, x, n, design), True
        if moved < 1e-9:
            return theta, True
    return theta, False


def _ascent(gradient: Floats, curve: Floats) -> Floats:
    """Newton's direction, turned uphill where the surface is not a hill."""
    values, vectors = np.linalg.eigh(-curve)
    steep = np.maximum(np.abs(values), 1e-8 * max(1.0, float(np.abs(values).max())))
    return np.asarray(vectors @ ((vectors.T @ gradient) / steep))


def _without_spread(theta: Floats, x: Floats, n: Floats, design: Floats) -> Floats:
    """The plain logistic fit, for data whose best variance is none."""
    beta = theta[:-1].copy()
    for _ in range(_STEPS):
        p = expit(design @ beta)
        bend = design.T @ ((n * p * (1 - p))[:, None] * design)
        step = np.linalg.solve(bend, design.T @ (x - n * p))
        beta = beta + np.clip(step, -2, 2)
        if np.max(np.abs(step)) < 1e-10:
            break
    return np.append(beta, _FLOOR)


def _errors(theta: Floats, curve: Floats) -> Floats:
    used = slice(None) if theta[-1] > _FLOOR + 1e-9 else slice(None, -1)
    with np.errstate(all="ignore"):
        inverse = np.linalg.pinv(-curve[used, used])
        return np.asarray(np.sqrt(np.maximum(np.diag(inverse), 0))[: theta.size - 1])


def _result(
    x: Floats, n: Floats, design: Floats, theta: Floats, wanted: tuple[float, ...], reason: Reason
) -> Maihda:
    log, _, curve = _score(theta, x, n, design)
    u, weight, eta, _ = _posterior(theta, x, n, design)
    fixed, sd = design @ theta[:-1], float(np.exp(theta[-1]))
    centre = (weight * u).sum(1)
    spread = np.sqrt(np.maximum((weight * u**2).sum(1) - centre**2, 0))
    shape = np.zeros(x.size, np.uint8) + np.uint8(reason)
    effect_low, effect_high, low, high = ({} for _ in range(4))
    for level in wanted:
        half = ndtri(0.5 + level / 2) * spread
        effect_low[level], effect_high[level] = sd * (centre - half), sd * (centre + half)
        low[level], high[level] = expit(fixed + effect_low[level]), expit(fixed + effect_high[level])
    widest = max(wanted, default=0.95)
    reach = ndtri(0.5 + widest / 2) * spread
    variance = sd**2 if theta[-1] > _FLOOR + 1e-9 else 0.0
    return Maihda(
        theta[:-1],
        _errors(theta, curve),
        variance,
        100 * variance / (variance + _LATENT),
        log,
        Estimate((weight * expit(eta)).sum(1), low, high, shape),
        Estimate(sd * centre, effect_low, effect_high, shape.copy()),
        np.abs(centre) > reach if variance else np.zeros(x.size, bool),
        reason,
    )


def _nothing(strata: int, width: int, wanted: tuple[float, ...]) -> Maihda:
    empty = np.full(strata, np.nan)
    blank = {level: empty.copy() for level in wanted}
    estimate = Estimate(empty, blank, dict(blank), np.full(strata, Reason.NO_SPREAD, np.uint8))
    return Maihda(
        np.full(width, np.nan),
        np.full(width, np.nan),
        float("nan"),
        float("nan"),
        float("nan"),
        estimate,
        estimate,
        np.zeros(strata, bool),
        Reason.NO_SPREAD,
    )
