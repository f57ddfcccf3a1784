"""The First 5,000: from the lake and a published rule to a proven choice, its audit and its comparison group."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from endeavour.engine.cohort.base import columns_of
from endeavour.engine.cohort.choose import Choice, Limit, Question, best_among, choose
from endeavour.engine.cohort.fairness import Columns, Fairness, audit, every_group
from endeavour.engine.cohort.features import LATEST_YEAR
from endeavour.engine.cohort.lottery import draw
from endeavour.engine.cohort.rule import DOMAINS, Rule
from endeavour.engine.cohort.score import scored_households
from endeavour.engine.cohort.texts import coded
from endeavour.engine.disclosure import ReleaseLog
from endeavour.engine.disclosure.rules import ROUND_TO
from endeavour.engine.synthetic.sampling import share_out
from endeavour.errors import BadInput

if TYPE_CHECKING:
    from endeavour.engine.lake.backends import Backend

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Say = Callable[[str], None]
STEP = 0.1
ON_THE_LINE = 1e-6
LAST = 0.1
"""The last tenth to be chosen stand at the threshold."""


@dataclass(frozen=True)
class Cohort:
    """The choice among all households of the lake, in the order of `columns['household_id']`; person plane."""

    rule: Rule
    columns: Columns
    need: Floats
    value: Floats
    question: Question
    eligible: npt.NDArray[np.int64]
    choice: Choice
    chosen: Bools
    comparison: Bools
    drawn_by_lottery: int


def select(rule: Rule, backend: Backend, *, year: int = LATEST_YEAR) -> Cohort:
    """Score every household, choose by the rule, settle ties by lottery and draw the comparison group.

    `InfeasibleRule` names the limits that conflict; `BadInput` a place of the rule that the lake does not have.
    """
    return select_from(rule, columns_of(scored_households(rule, backend, year=year)))


def select_from(rule: Rule, columns: Columns) -> Cohort:
    """The same from scored households already in memory, one array a column."""
    need = need_of(rule, columns)
    value = value_of(need, columns)
    eligible = np.flatnonzero(columns["is_eligible"].astype(bool) & (value > 0))
    question = question_of(rule, columns, value, eligible)
    choice = choose(question, told_in=ROUND_TO)
    kept, drawn = by_lottery(rule, columns["household_id"][eligible], question, choice)
    chosen = np.zeros(len(need), dtype=bool)
    chosen[eligible[kept]] = True
    comparison = np.zeros(len(need), dtype=bool)
    comparison[eligible[_comparison(rule, columns["household_id"][eligible], question, choice, kept)]] = True
    return Cohort(rule, columns, need, value, question, eligible, choice, chosen, comparison, drawn)


def need_of(rule: Rule, columns: Columns) -> Floats:
    """Need from 0 to 100 by the rule's weights."""
    parts = [rule.need[d].weight * columns[f"need_{d}"].astype(float) for d in DOMAINS]
    return np.asarray(100.0 * np.sum(parts, axis=0), dtype=float)


def value_of(need: Floats, columns: Columns) -> Floats:
    """Need times the expected benefit, to the nearest tenth: closer than that is a tie, and the lottery decides."""
    return np.asarray(np.round(need * columns["factor"].astype(float) / STEP) * STEP, dtype=float)


def question_of(rule: Rule, columns: Columns, value: Floats, eligible: npt.NDArray[np.int64]) -> Question:
    """The rule's limits over the eligible households."""
    ordinary = ~columns["is_communal"].astype(bool)
    neighbourhoods, codes = coded(columns["neighbourhood"])
    served = np.bincount(codes[ordinary], minlength=len(neighbourhoods))
    capacity = tuple(
        Limit(
            f"neighbourhood {name}",
            f"at most {int(most):,} households of neighbourhood {name}",
            0,
            float(int(most)),
        )
        for name, most in zip(
            neighbourhoods,
            np.ceil(served * rule.neighbourhood_capacity.per_1000_households / 1000),
            strict=True,
        )
    )
    places, place_codes = coded(columns["place"])
    unknown = set(rule.place_shares.shares) - {str(p) for p in places}
    if unknown:
        raise BadInput(
            f"the rule shares out to {', '.join(sorted(unknown))}, which the lake does not have",
            file="first-5000.yaml",
            hint=f"It has {', '.join(map(str, places))}.",
        )
    shares = []
    for place in places:
        share = rule.place_shares.shares.get(str(place))
        least, most = (
            (0.0, float(rule.size)) if share is None else (share.least * rule.size, share.most * rule.size)
        )
        words = f"{least:,.0f} to {most:,.0f} households of {place}"
        shares.append(Limit(f"place {place}", words, float(np.ceil(least)), float(np.floor(most))))
    flags = tuple(columns[f"in_{floor.group}"].astype(bool)[eligible] for floor in rule.floors)
    groups = tuple(
        Limit(f"floor {f.group}", f"at least {f.least:,} {f.words}", float(f.least), np.inf)
        for f in rule.floors
    )
    return Question(
        value[eligible],
        rule.size,
        (codes[eligible], place_codes[eligible]),
        (capacity, tuple(shares)),
        flags,
        groups,
    )


def by_lottery(rule: Rule, ids: npt.NDArray[Any], question: Question, choice: Choice) -> tuple[Bools, int]:
    """Of all the best choices, the one the lottery draws: the households on the line with the lowest numbers in all.

    Households on the line are those whose value is exactly their cost at the published prices. Returns the choice and
    how many households on the line were drawn; the value and every limit stay as they were.
    """
    tied = np.flatnonzero(np.abs(choice.reduced) < ON_THE_LINE)
    drawn = choice.chosen[tied]
    if not drawn.any() or drawn.all():
        return choice.chosen.copy(), 0
    numbers = draw(rule.lottery_seed, ids[tied]) / 2.0**64
    kept = choice.chosen.copy()
    kept[tied] = best_among(question, kept, tied, -numbers)
    return kept, int(kept[tied].sum())


def _comparison(
    rule: Rule, ids: npt.NDArray[Any], question: Question, choice: Choice, kept: Bools
) -> npt.NDArray[np.int64]:
    """Households just short of the line, drawn in each place in proportion to those just over it."""
    size = min(rule.comparison.size, int((~kept).sum()))
    margin = min(len(kept), 3 * size)
    short = np.flatnonzero(~kept)
    short = short[np.argsort(-choice.reduced[short], kind="stable")][:margin]
    places = question.codes[1]
    over = np.flatnonzero(kept)
    if not over.size:
        return np.array([], dtype=np.int64)
    over = over[np.argsort(choice.reduced[over], kind="stable")][:margin]
    quota = share_out(np.bincount(places[over], minlength=len(question.partitions[1])), size)
    numbers = draw(f"{rule.lottery_seed}:comparison", ids[short])
    drawn = [
        short[places[short] == p][np.argsort(numbers[places[short] == p])][: quota[p]]
        for p in range(len(quota))
    ]
    return np.concatenate(drawn)


def sensitivity(cohort: Cohort, *, move: float = 0.10, say: Say | None = None) -> list[dict[str, object]]:
    """For each part of life, the share of chosen households that changes when its weight moves 10% either way."""
    found: list[dict[str, object]] = []
    for domain in DOMAINS:
        changes = []
        for sign in (-1, 1):
            rule = cohort.rule.with_weight(domain, cohort.rule.need[domain].weight * (1 + sign * move))
            value = value_of(need_of(rule, cohort.columns), cohort.columns)
            question = replace(cohort.question, value=value[cohort.eligible])
            choice = choose(question)
            kept, _ = by_lottery(rule, cohort.columns["household_id"][cohort.eligible], question, choice)
            before = cohort.chosen[cohort.eligible]
            changes.append(round(100 * float((before & ~kept).sum()) / cohort.rule.size, 1))
        found.append(
            {"weight": domain, "percent_changed_less": changes[0], "percent_changed_more": changes[1]}
        )
        if say:
            say(f"Moved the weight of {domain}: {changes[0]}% and {changes[1]}% of households change.")
    return found


def fairness(
    cohort: Cohort, *, population: str, log: ReleaseLog | None = None, chance: Floats | None = None
) -> list[Fairness]:
    """Our rule beside most hospital use, highest cost and postcode alone, each choosing as many households.

    `population` names the households to the gate and its log.

    With each household's `chance` by a model of need (NaN where it has none), beside the highest chance too.
    """
    columns, rule = cohort.columns, cohort.rule
    ordinary = ~columns["is_communal"].astype(bool) & ~columns["opted_out"].astype(bool)
    in_need = ordinary & (cohort.need >= rule.in_need_at)
    costs = {k: float(v) for k, v in rule.audit.unit_costs.items() if k != "words"}
    cost = np.sum([weight * columns[name].astype(float) for name, weight in costs.items()], axis=0)
    risk = 100.0 * columns["emergency_admissions"] + 10.0 * columns["ae_visits"] + columns["most_conditions"]
    postcode = np.where(columns["imd2025_decile"] == 1, 1.0, 0.0)
    scores = {"most hospital use": risk, "highest cost": cost, "postcode alone": postcode}
    if chance is not None:
        scores["highest predicted risk"] = np.nan_to_num(chance, nan=-1.0)
    ranked = {"our rule": _ours_last_first(cohort)}
    for name, score in scores.items():
        ranked[name] = _last_first(
            score, _top(score, ordinary, rule, columns["household_id"]), rule, columns["household_id"]
        )
    found, groups = [], every_group(columns)
    for name, order in ranked.items():
        chosen, last = np.zeros((2, len(cohort.need)), dtype=bool)
        chosen[order] = last[order[: max(1, round(LAST * rule.size))]] = True
        found.append(
            audit(
                name,
                columns,
                in_need=in_need,
                chosen=chosen,
                last=last,
                need=cohort.need,
                population=population,
                log=log,
                groups=groups,
            )
        )
    return found


def last_of(cohort: Cohort) -> Bools:
    """The chosen who stand at the threshold: the last tenth."""
    order = _ours_last_first(cohort)
    last = np.zeros(len(cohort.need), dtype=bool)
    last[order[: max(1, round(LAST * cohort.rule.size))]] = True
    return last


def _ours_last_first(cohort: Cohort) -> npt.NDArray[np.int64]:
    """The chosen by their distance from the line, the nearest first."""
    distance = np.full(len(cohort.need), -np.inf)
    # To as many places as a release keeps, so that the same choice, told again, has the same last.
    distance[cohort.eligible] = np.round(cohort.choice.reduced, 3)
    return _last_first(distance, cohort.chosen, cohort.rule, cohort.columns["household_id"])


def _last_first(score: Floats, chosen: Bools, rule: Rule, ids: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """The chosen from the one nearest the line to the surest; of equals, those the lottery drew last come first."""
    at = np.flatnonzero(chosen)
    drawn = draw(rule.lottery_seed, ids[at]).astype(np.float64)
    return np.asarray(at[np.lexsort((-drawn, score[at]))], np.int64)


def _top(score: Floats, allowed: Bools, rule: Rule, ids: npt.NDArray[Any]) -> Bools:
    """As many of the allowed as the rule chooses, by highest score, ties by the same lottery."""
    at = np.flatnonzero(allowed)
    line = np.partition(score[at], len(at) - rule.size)[len(at) - rule.size]
    chosen: Bools = np.asarray(allowed & (score > line))
    tied = np.flatnonzero(allowed & (score == line))
    chosen[tied[np.argsort(draw(rule.lottery_seed, ids[tied]))[: rule.size - int(chosen.sum())]]] = True
    return chosen
