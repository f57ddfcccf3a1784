"""A cohort, frozen: a folder named by its contents, written whole or not at all, and a summary of aggregates only.

Who was chosen is one thing, how it is told another: the name of the choice stays when it is told again (`retelling`).

var/cohort/current          the name of the release in use
var/cohort/NAME/households.parquet   person plane: who was chosen and why; only the scoped door reads it
var/cohort/NAME/summary.json         aggregates that passed the gate; pages and the API read this
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from endeavour.engine.cohort.base import Base, in_each, lake_base
from endeavour.engine.cohort.first_5000 import Cohort, Say, fairness, select_from, sensitivity
from endeavour.engine.cohort.household_chance import Chances, current_chances, reasons_in_words
from endeavour.engine.cohort.model_release import current_learner
from endeavour.engine.cohort.rule import DOMAINS, Rule
from endeavour.engine.cohort.shelf import Shelf, name_of, told_name
from endeavour.engine.cohort.summary import summarise
from endeavour.engine.lake.backends import open_backend
from endeavour.engine.measures.earlier import installation_log

if TYPE_CHECKING:
    import pyarrow as pa

    from endeavour.engine.lake.backends import Backend
    from endeavour.engine.lake.store import Lake

Extra = Callable[[Cohort, str], dict[str, Any]]
SHELF = Shelf(
    name="cohort",
    files=("households.parquet",),
    private=frozenset({"households.parquet"}),
    absent="The first 5,000 households have not been chosen here.",
    build="Choose it with: endeavour cohort first-5000",
)


def cohort_dir() -> Path:
    """Where releases are kept."""
    return SHELF.home


def build_release(
    rule: Rule,
    backend: Backend,
    *,
    lake_id: str,
    with_sensitivity: bool,
    say: Say,
    whose: str = "",
    base: Base | None = None,
    extra: Extra | None = None,
    people: Lake | None = None,
) -> dict[str, Any]:
    """Choose, audit, freeze, make current; returns the summary. The same rule, lake and base give the same release.

    `whose` is the lake to the release log (`Lake.people`), by its id alone unless given. `base` is among whose
    households to choose, the lake's own unless given. `extra` gives, from the choice and its
    name, what else the summary shall say; its rows of `fairness` stand after ours. `people` is the lake
    of the linked people of `base`, whom the model of need scores; without it nobody linked is scored.
    """
    import pyarrow.parquet as pq

    base, population = base or lake_base(rule, backend, lake_id=lake_id), whose or f"lake {lake_id}"
    cohort = select_from(rule, base.columns)
    chances = chances_of(base, people, lake_id)
    say(
        f"Chose {int(cohort.chosen.sum()):,} households; no other choice is better by more than {cohort.choice.gap:.4%}."
    )
    with nullcontext(backend) if people is None else open_backend(people.sources()) as scored:
        households = household_table(cohort, base, scored, chances)
    choice = choice_name(rule, lake_id, households, base)
    summary = told(
        cohort,
        base,
        choice=choice,
        lake_id=lake_id,
        population=population,
        chances=chances,
        say=say,
        extra=extra,
    )
    summary["sensitivity"] = sensitivity(cohort, say=say) if with_sensitivity else []
    SHELF.freeze(
        summary["release"], {"households.parquet": lambda path: pq.write_table(households, path)}, summary
    )
    return summary


def chances_of(base: Base, people: Lake | None, lake_id: str) -> Chances | None:
    """What the model of need in use says of the base's households; None where it knows other people, or nobody's."""
    return None if base.linked and not people else current_chances(base, people.id if people else lake_id)


def told(
    cohort: Cohort,
    base: Base,
    *,
    choice: str,
    lake_id: str,
    population: str,
    chances: Chances | None,
    say: Say,
    extra: Extra | None,
) -> dict[str, Any]:
    """Everything that is published of a choice but what moving its weights does; all of it through today's gate.

    `choice` names who was chosen, and stays when the same choice is told again: the gate knows its people by it.
    """
    model = chances.model if chances else None
    summary = summarise(cohort, name=release_name(choice, model), lake_id=lake_id, population=population)
    summary["choice"] = choice
    summary["base"] = {"kind": base.kind, "numbers": base.numbers} | base.about
    summary["model"] = model
    chance = chances.of(cohort.columns["household_id"]) if chances else None
    audits = fairness(cohort, population=f"{base.kind}, {population}", log=installation_log(), chance=chance)
    summary["fairness"] = [row for found in audits for row in found.rows()]
    say(f"Audited who is chosen, beside {len(audits) - 1} simpler rules.")
    if extra:
        more = extra(cohort, choice)
        summary["fairness"] += more.pop("fairness", [])
        summary |= more
    return summary


def choice_name(rule: Rule, lake_id: str, households: pa.Table, base: Base) -> str:
    """A name made of the rule, the lake, the base and the households: the same choice always has the same one."""
    contents = households.select(["household_id", "role"]).to_pydict()
    return name_of(rule.model_dump(mode="json"), lake_id, contents, base.numbers, base.about)


def release_name(choice: str, model: str | None) -> str:
    """The name of a choice as it is told today: another when the model of need beside it is, or the gate."""
    return told_name(choice, model)


def choice_of(summary: dict[str, Any]) -> str:
    """The choice that a release tells of; one of a version that told each choice once bears its name."""
    return str(summary.get("choice", summary["release"]))


def household_table(cohort: Cohort, base: Base, backend: Backend, chances: Chances | None) -> pa.Table:
    """The chosen and the comparison households with their need, place and reasons; person plane.

    `people` are the lake's people in it, by whose events it is followed up; `backend` has those whom the model scores.
    `distance` is value above the line (chosen) or below it, at the published prices; `chance` and `chance_reasons` are
    the model's, empty where none was fitted on this lake.
    """
    import pyarrow as pa

    at = np.flatnonzero(cohort.chosen | cohort.comparison)
    columns = cohort.columns
    taken = {
        name: columns[name][at] for name in ("household_id", "lsoa21", "district", "place", "neighbourhood")
    }
    taken |= {f"need_{d}": np.round(columns[f"need_{d}"][at].astype(float), 4) for d in DOMAINS}
    reasons = _reasons(cohort, at)
    distance = np.full(len(cohort.need), np.nan)
    distance[cohort.eligible] = cohort.choice.reduced
    ids = columns["household_id"][at]
    people = base.people_of(ids)
    words = reasons_in_words(backend, in_each(ids, *base.scored), current_learner()) if chances else {}
    chance = chances.of(ids) if chances else np.full(len(at), np.nan)
    return pa.table(
        taken
        | {
            "role": np.where(cohort.chosen[at], "chosen", "comparison"),
            "people": pa.array([people[int(one)] for one in ids], pa.list_(pa.int64())),
            "need": np.round(cohort.need[at], 2),
            "value": np.round(cohort.value[at], 1),
            "distance": np.round(distance[at], 3),
            "chance": pa.array(np.round(chance, 4), from_pandas=True),
            "chance_reasons": pa.array([words.get(int(one), []) for one in ids], pa.list_(pa.string())),
            "emergency_admissions_before": columns["emergency_admissions"][at],
            "reasons": pa.array(reasons, type=pa.list_(pa.string())),
        }
    )


def _reasons(cohort: Cohort, at: Any) -> list[list[str]]:
    """Each household's reasons, from the very conditions that gave it points."""
    import duckdb
    import pyarrow as pa

    from endeavour.engine.cohort.features import FEATURES
    from endeavour.engine.cohort.score import reasons_sql

    kept = {name: cohort.columns[name][at] for name in ("household_id", *FEATURES)}
    connection = duckdb.connect(
        ":memory:", config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    )
    try:
        connection.register("chosen_households", pa.table(kept))
        found = connection.execute(reasons_sql(cohort.rule, "chosen_households")).fetchall()
    finally:
        connection.close()
    by_id = dict(found)
    return [by_id[name] for name in kept["household_id"].tolist()]


def current_summary() -> dict[str, Any]:
    """The summary of the release in use; `Missing` when none was made, `Corrupt` when its households were changed."""
    return SHELF.current()


def as_words(summary: dict[str, Any]) -> list[str]:
    """The choice in a few sentences."""
    return [
        f"{summary['size']:,} households, chosen by {summary['rule']['id']} {summary['rule']['version']} "
        f"(release {summary['release']}), among {summary['base']['words']}. Synthetic residents.",
        f"No other choice that keeps every limit is better by more than {summary['gap']:.4%}.",
    ]
