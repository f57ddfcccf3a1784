"""Choose the households that together gain most, within every limit, and prove that no choice is better.

Each household is a yes or no; half a million of them would make a slow integer programme. So a few thousand are
tried first; the solved limits have prices (the duals), and every household left out is priced against them in one
pass. Those worth more than they cost are let in, until there are none: then the linear programme over all of them is
solved, and its value bounds every possible choice. Households far from the line are settled by it, and an integer
programme decides the few near it. The gap to the bound is reported, not assumed (Dantzig and Wolfe 1960; the bound is
Lagrange's, valid for any prices).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from endeavour.errors import Conflict

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

FIRST: Final = 8_000
"""Households to begin with, and to add at a time: more make each programme dearer, fewer make more of them."""
NEAR: Final = 1_000
"""Households near the line that the integer programme decides; four times as many where these leave a gap."""
CLOSED: Final = 1e-6
MOST_NEAR: Final = 16 * NEAR
WORTH: Final = 1e-7


@dataclass(frozen=True)
class Limit:
    """At least `least` and at most `most` chosen households among its members; `words` names it to people."""

    name: str
    words: str
    least: float
    most: float


@dataclass(frozen=True)
class Question:
    """Households and limits. `value` is what each gains, higher is better, and is positive.

    `codes[k][i]` is household i's class in partition k, whose limits are `partitions[k]` in order of class;
    `flags[k][i]` says whether i belongs to the overlapping group whose limit is `groups[k]`.
    """

    value: Floats
    size: int
    codes: tuple[Ints, ...]
    partitions: tuple[tuple[Limit, ...], ...]
    flags: tuple[Bools, ...]
    groups: tuple[Limit, ...]

    @property
    def limits(self) -> list[Limit]:
        """Every limit, the size of the cohort first."""
        size = Limit("size", f"{self.size:,} households in all", self.size, self.size)
        return [size, *(limit for part in self.partitions for limit in part), *self.groups]


@dataclass(frozen=True)
class Choice:
    """The chosen households, the proof, and the price of each limit in value a household."""

    chosen: Bools
    value: float
    bound: float
    prices: dict[str, float]
    reduced: Floats
    rounds: int
    columns: int

    @property
    def gap(self) -> float:
        """How far, at most, any other choice could be better, as a share of the bound."""
        return max(0.0, (self.bound - self.value) / self.bound)


class InfeasibleRule(Conflict):
    """No choice keeps every limit; says which limits conflict and the nearest that could be kept."""

    def __init__(self, conflicting: list[str], nearest: list[str]) -> None:
        self.conflicting, self.nearest = conflicting, nearest
        super().__init__(
            "No choice of households keeps all of these together: " + _listed(conflicting) + ".",
            hint="The nearest rule that can be kept: " + _listed(nearest) + ".",
        )


def _listed(words: list[str], most: int = 8) -> str:
    rest = len(words) - most
    return "; ".join(words[:most]) + (f"; and {rest} more" if rest > 0 else "")


def choose(question: Question, *, told_in: int = 1) -> Choice:
    """The best choice, with its gap; `InfeasibleRule` where there is none.

    The nearest rule that could be kept says how many households there are: `told_in` is the step in which it may, 1 for
    an exact number.

    >>> size_two = Question(np.array([3.0, 2.0, 1.0]), 2, (), (), (np.array([False, False, True]),),
    ...                     (Limit("floor", "one of the third kind", 1, np.inf),))
    >>> choice = choose(size_two)
    >>> choice.chosen.tolist(), choice.value, choice.gap
    ([True, False, True], 4.0, 0.0)
    """
    limits = question.limits
    active = _first_columns(question)
    rounds = 0
    while True:
        rounds += 1
        rows = _rows(question, active)
        solved = _solve(question.value[active], rows, limits)
        if solved is None:
            explain_infeasible(question, told_in=told_in)
        assert solved is not None, "an infeasible rule was explained above"
        _, prices = solved
        reduced = question.value - _costs(question, prices)
        inside = np.zeros(len(reduced), dtype=bool)
        inside[active] = True
        missing = np.flatnonzero(~inside & (reduced > WORTH))
        if not len(missing):
            break
        best = missing[np.argsort(-reduced[missing])[:FIRST]]
        active = np.concatenate([active, best])
    bound = _bound(limits, prices, reduced)
    chosen = _settle(question, reduced, bound)
    named = {limit.name: float(price) for limit, price in zip(limits, prices, strict=True)}
    return Choice(chosen, float(question.value[chosen].sum()), bound, named, reduced, rounds, len(active))


def _first_columns(question: Question) -> Ints:
    """The best of every class and group, so that the first programme can keep every limit, and the best overall."""
    order = np.argsort(-question.value, kind="stable")
    kept = [order[: max(FIRST, 2 * question.size)]]
    for codes, limits in zip(question.codes, question.partitions, strict=True):
        by_class = order[np.argsort(codes[order], kind="stable")]
        ends = np.cumsum(np.bincount(codes, minlength=len(limits)))
        for start, end, limit in zip([0, *ends[:-1]], ends, limits, strict=True):
            wanted = int(min(end - start, max(200, limit.least + 200)))
            kept.append(by_class[start : start + wanted])
    for flag, limit in zip(question.flags, question.groups, strict=True):
        kept.append(order[flag[order]][: int(limit.least) * 2 + 200])
    return np.unique(np.concatenate(kept))


def _rows(question: Question, active: Ints) -> Any:
    """The limits' members among some households, as a sparse matrix by column."""
    from scipy.sparse import csc_matrix, vstack

    count = len(active)
    at = np.arange(count)
    parts = [csc_matrix(np.ones((1, count)))]
    for codes, limits in zip(question.codes, question.partitions, strict=True):
        parts.append(csc_matrix((np.ones(count), (codes[active], at)), shape=(len(limits), count)))
    if question.flags:
        parts.append(csc_matrix(np.array([flag[active] for flag in question.flags], dtype=float)))
    return vstack(parts, format="csc")


def _costs(question: Question, prices: Floats) -> Floats:
    """What each household costs at these prices."""
    cost, at = np.full(len(question.value), prices[0]), 1
    for codes, limits in zip(question.codes, question.partitions, strict=True):
        cost += prices[at : at + len(limits)][codes]
        at += len(limits)
    for flag, price in zip(question.flags, prices[at:], strict=True):
        if price:
            cost += price * flag
    return cost


def _bound(limits: list[Limit], prices: Floats, reduced: Floats) -> float:
    """Lagrange's bound: no choice is worth more, whatever the prices."""
    ends = [limit.most if price > 0 else limit.least for limit, price in zip(limits, prices, strict=True)]
    priced = sum(price * end for price, end in zip(prices, ends, strict=True) if price)
    return float(priced + np.maximum(reduced, 0.0).sum())


def _settle(question: Question, reduced: Floats, bound: float) -> Bools:
    """Take the clear yeses, leave the clear noes, and decide the few near the line by integer programme."""
    near_count = min(len(reduced), NEAR)
    while True:
        near = np.argpartition(np.abs(reduced), near_count - 1)[:near_count]
        chosen = reduced > 0
        chosen[near] = False
        taken = np.asarray(_rows(question, np.flatnonzero(chosen)).sum(axis=1)).ravel()
        left = [
            Limit(limit.name, limit.words, limit.least - done, limit.most - done)
            for limit, done in zip(question.limits, taken, strict=True)
        ]
        solved = _solve(question.value[near], _rows(question, near), left, integer=True)
        if solved is not None:
            chosen[near[solved[0] > 0.5]] = True
            is_closed = bound - float(question.value[chosen].sum()) <= CLOSED * abs(bound)
            if is_closed or near_count >= min(len(reduced), MOST_NEAR):
                return chosen
        elif near_count == len(reduced):
            explain_infeasible(question)
        near_count = min(len(reduced), near_count * 4)


def best_among(question: Question, chosen: Bools, some: Ints, preference: Floats) -> Bools:
    """Choose again among some households by another preference, giving up no value; the rest stay as they are.

    Returns the new choice of `some`, which is the old one where the solver finds no better.
    """
    from scipy.sparse import csr_matrix, vstack

    before = chosen[some]
    rows = _rows(question, some)
    rest = chosen.copy()
    rest[some] = False
    taken = np.asarray(_rows(question, np.flatnonzero(rest)).sum(axis=1)).ravel()
    left = [
        Limit(limit.name, limit.words, limit.least - done, limit.most - done)
        for limit, done in zip(question.limits, taken, strict=True)
    ]
    worth = float(question.value[some][before].sum())
    left.append(Limit("value", "no value is given up", worth - WORTH, np.inf))
    solved = _solve(
        preference, vstack([rows, csr_matrix(question.value[some])], format="csc"), left, integer=True
    )
    return before if solved is None else solved[0] > 0.5


def _solve(
    value: Floats, rows: Any, limits: list[Limit], *, integer: bool = False
) -> tuple[Floats, Floats] | None:
    import highspy

    problem = highspy.HighsLp()
    problem.num_col_, problem.num_row_ = rows.shape[1], rows.shape[0]
    problem.col_cost_ = -value
    problem.col_lower_, problem.col_upper_ = np.zeros(len(value)), np.ones(len(value))
    problem.row_lower_ = np.array([limit.least for limit in limits], dtype=float)
    problem.row_upper_ = np.array([limit.most for limit in limits], dtype=float)
    problem.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    problem.a_matrix_.start_, problem.a_matrix_.index_ = rows.indptr, rows.indices
    problem.a_matrix_.value_ = rows.data
    if integer:
        problem.integrality_ = [highspy.HighsVarType.kInteger] * len(value)
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("mip_rel_gap", 1e-6)
    solver.passModel(problem)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    solution = solver.getSolution()
    return np.asarray(solution.col_value), -np.asarray(solution.row_dual)


def explain_infeasible(question: Question, *, told_in: int = 1) -> None:
    """Raise `InfeasibleRule` if the limits conflict: the fewest limits that do, and the nearest that do not.

    Households of one kind are alike to the limits, so this works on counts of kinds, not on households.
    """
    rows, counts = _kinds(question)
    limits = question.limits
    nearest = _relaxed(rows, counts, limits, told_in)
    if nearest is None:
        return
    conflict = list(range(len(limits)))
    inside = range(1, len(limits) - len(question.groups))
    # Try to do without places and neighbourhoods first: the floors and the size are what people can talk about.
    for drop in (*inside, *range(len(limits) - len(question.groups), len(limits)), 0):
        kept = [at for at in conflict if at != drop]
        if _relaxed(rows[kept], counts, [limits[at] for at in kept]) is not None:
            conflict = kept
    raise InfeasibleRule([limits[at].words for at in conflict], nearest)


def _kinds(question: Question) -> tuple[Any, Floats]:
    signature = np.zeros(len(question.value), dtype=np.int64)
    for codes, limits in zip(question.codes, question.partitions, strict=True):
        signature = signature * len(limits) + codes
    for flag in question.flags:
        signature = signature * 2 + flag
    _, first, counts = np.unique(signature, return_index=True, return_counts=True)
    return _rows(question, first).tocsr(), counts.astype(float)


def _relaxed(rows: Any, counts: Floats, limits: list[Limit], told_in: int = 1) -> list[str] | None:
    """None where the limits can be kept; else each limit that gives way, in words, giving way least in all.

    In steps of more than one, a number gives way to the next step, and fewer than two steps are told as none: the rule
    can still be kept, and says no more of a small group than any published table.
    """
    from scipy.optimize import linprog
    from scipy.sparse import csr_matrix, hstack, identity, vstack

    size, kinds = len(limits), rows.shape[1]
    most, least = np.array([limit.most for limit in limits]), np.array([limit.least for limit in limits])
    bounded, slack = np.isfinite(most), identity(size, format="csr")
    none = csr_matrix((size, size))
    above = hstack([rows, -slack, none], format="csr")[bounded]
    below = hstack([-rows, none, -slack], format="csr")
    cost = np.concatenate([np.zeros(kinds), np.ones(2 * size)])
    bounds = [(0.0, count) for count in counts] + [(0.0, None)] * (2 * size)
    found = linprog(
        cost,
        A_ub=vstack([above, below]),
        b_ub=np.concatenate([most[bounded], -least]),
        bounds=bounds,
        method="highs",
    )
    assert found.status == 0, found.message
    if found.fun < 1e-6:
        return None
    over, under = found.x[kinds : kinds + size], found.x[kinds + size :]
    told = []
    for limit, more, fewer in zip(limits, over, under, strict=True):
        if more > 1e-6:
            allow = told_in * int(np.ceil((limit.most + more - 1e-6) / told_in))
            told.append(f"{limit.words}: allow {allow:,} rather than {limit.most:,.0f}")
        if fewer > 1e-6:
            ask = told_in * int(np.floor((limit.least - fewer + 1e-6) / told_in))
            ask = 0 if ask < 2 * told_in and told_in > 1 else ask
            told.append(f"{limit.words}: ask {ask:,} rather than {limit.least:,.0f}")
    return told
