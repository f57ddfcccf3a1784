"""A choice in force, told again: the same households, with every published table through today's gate.

Who was chosen is never asked again: chosen, comparison group, what the lottery drew, the proof and the prices are those
that were frozen. Counts, audits and what is said of linkage are made afresh, because an older gate may have let out more.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import numpy as np

from endeavour.engine.cohort.choose import Choice
from endeavour.engine.cohort.first_5000 import Cohort, need_of, question_of, value_of
from endeavour.engine.cohort.release import SHELF, choice_of, release_name, told
from endeavour.engine.cohort.summary import price_in, rounded
from endeavour.errors import Conflict, Missing

if TYPE_CHECKING:
    import pyarrow as pa

    from endeavour.engine.cohort.base import Base
    from endeavour.engine.cohort.first_5000 import Say
    from endeavour.engine.cohort.household_chance import Chances
    from endeavour.engine.cohort.release import Extra
    from endeavour.engine.cohort.rule import Rule

HOUSEHOLDS = "households.parquet"
PROOF = ("gap", "value", "bound", "solver", "sensitivity")
"""What the choice was found by, none of it a count of people."""
AGAIN = "Choose again with: endeavour cohort first-5000"


def told_by_an_older_gate() -> bool:
    """Whether the release in use would bear another name today; False where nobody was chosen."""
    try:
        summary = SHELF.current()
    except Missing:
        return False
    return str(summary["release"]) != release_name(choice_of(summary), summary.get("model"))


def rule_of(summary: dict[str, Any], rule: Rule) -> Rule:
    """The rule that a release was chosen by, at its size; `Conflict` where the pack's is another by now."""
    named = summary["rule"]
    if (named["id"], named["version"]) != (rule.id, rule.version):
        raise Conflict(f"The households were chosen by {named['id']} {named['version']}.", hint=AGAIN)
    return rule if summary["size"] == rule.size else rule.for_size(summary["size"])


def retell(
    rule: Rule, base: Base, *, population: str, chances: Chances | None, say: Say, extra: Extra | None
) -> dict[str, Any]:
    """Tell the choice in force again, freeze it and make it current; returns the summary.

    `rule` is the one it was chosen by, `base` the households it was made among. `Conflict` where the base numbers its
    households otherwise, or no longer has one of them; the release in use then stays.
    """
    import pyarrow.parquet as pq

    before, folder = SHELF.current(), SHELF.current_folder()
    cohort = held(rule, base, pq.read_table(folder / HOUSEHOLDS), before)
    summary = told(
        cohort, base, choice=choice_of(before), lake_id=before["lake"], population=population,
        chances=chances, say=say, extra=extra,
    )  # fmt: skip
    summary |= {name: before[name] for name in PROOF}
    drawn = before["decided_by_lottery"]
    summary["decided_by_lottery"] = drawn if drawn is None else rounded(drawn)
    SHELF.freeze(
        summary["release"], {HOUSEHOLDS: lambda path: shutil.copyfile(folder / HOUSEHOLDS, path)}, summary
    )
    return summary


def held(rule: Rule, base: Base, households: pa.Table, summary: dict[str, Any]) -> Cohort:
    """The frozen choice as one among the base's households; nothing is solved and no lottery is drawn."""
    numbers = summary.get("base", {}).get("numbers", summary["lake"])
    if numbers != base.numbers or "distance" not in households.column_names:
        raise Conflict("The households in use were chosen from others, or by an older version.", hint=AGAIN)
    columns = base.columns
    ids = households["household_id"].to_numpy()
    role = np.asarray(households["role"].to_pylist())
    chosen, comparison = (
        np.isin(columns["household_id"], ids[role == name]) for name in ("chosen", "comparison")
    )
    if int(chosen.sum()) + int(comparison.sum()) != len(ids):
        raise Conflict("Some of the households in use are no longer known.", hint=AGAIN)
    need = need_of(rule, columns)
    value = value_of(need, columns)
    # Whoever was chosen was eligible then, whatever is thought of it today.
    eligible = np.flatnonzero((columns["is_eligible"].astype(bool) & (value > 0)) | chosen | comparison)
    distance = np.full(len(need), -np.inf)
    order = np.argsort(columns["household_id"], kind="stable")
    at = order[np.searchsorted(columns["household_id"], ids, sorter=order)]
    distance[at] = households["distance"].to_numpy()
    choice = Choice(
        chosen=chosen[eligible],
        value=summary["value"],
        bound=summary["bound"],
        prices={row["limit"]: price_in(row) for row in summary["constraints"]},
        reduced=distance[eligible],
        rounds=summary["solver"]["rounds"],
        columns=summary["solver"]["columns_tried"],
    )
    question = question_of(rule, columns, value, eligible)
    return Cohort(rule, columns, need, value, question, eligible, choice, chosen, comparison, 0)
