"""A cohort, frozen: a folder named by its contents, written whole or not at all, and a summary of aggregates only.

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
from endeavour.engine.cohort.choose import Limit
from endeavour.engine.cohort.first_5000 import Cohort, Say, fairness, select_from, sensitivity
from endeavour.engine.cohort.household_chance import Chances, current_chances, reasons_in_words
from endeavour.engine.cohort.model_release import current_learner
from endeavour.engine.cohort.rule import DOMAINS, Rule
from endeavour.engine.cohort.shelf import Shelf, name_of
from endeavour.engine.cohort.texts import coded
from endeavour.engine.disclosure import ALL, About, Count, Key, publish
from endeavour.engine.lake.backends import open_backend
from endeavour.engine.measures.earlier import installation_log

if TYPE_CHECKING:
    import pyarrow as pa

    from endeavour.engine.lake.backends import Backend
    from endeavour.engine.lake.store import Lake

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
    extra: Callable[[Cohort, str], dict[str, Any]] | None = None,
    people: Lake | None = None,
) -> dict[str, Any]:
    """Choose, audit, freeze, make current; returns the summary. The same rule, lake and base give the same release.

    `whose` is the lake to the release log (`Lake.people`), by its id alone unless given. `base` is among whose
    households to choose, the lake's own unless given. `extra` gives, from the choice and the
    name of its release, what else the summary shall say; its rows of `fairness` stand after ours. `people` is the lake
    of the linked people of `base`, whom the model of need scores; without it nobody linked is scored.
    """
    import pyarrow.parquet as pq

    base, population = base or lake_base(rule, backend, lake_id=lake_id), whose or f"lake {lake_id}"
    cohort = select_from(rule, base.columns)
    chances = None if base.linked and not people else current_chances(base, people.id if people else lake_id)
    say(
        f"Chose {int(cohort.chosen.sum()):,} households; no other choice is better by more than {cohort.choice.gap:.4%}."
    )
    with nullcontext(backend) if people is None else open_backend(people.sources()) as scored:
        households = household_table(cohort, base, scored, chances)
    name = release_name(rule, lake_id, households, chances, base)
    summary = summarise(cohort, name=name, lake_id=lake_id, population=population)
    summary["base"] = {"kind": base.kind, "numbers": base.numbers} | base.about
    summary["model"] = chances.model if chances else None
    chance = chances.of(cohort.columns["household_id"]) if chances else None
    audits = fairness(cohort, population=f"{base.kind}, {population}", log=installation_log(), chance=chance)
    summary["fairness"] = [row for found in audits for row in found.rows()]
    say(f"Audited who is chosen, beside {len(audits) - 1} simpler rules.")
    if extra:
        more = extra(cohort, name)
        summary["fairness"] += more.pop("fairness", [])
        summary |= more
    summary["sensitivity"] = sensitivity(cohort, say=say) if with_sensitivity else []
    SHELF.freeze(name, {"households.parquet": lambda path: pq.write_table(households, path)}, summary)
    return summary


def release_name(rule: Rule, lake_id: str, households: pa.Table, chances: Chances | None, base: Base) -> str:
    """A name made of the rule, the lake, the base and the households: the same contents always have the same one."""
    contents = households.select(["household_id", "role"]).to_pydict()
    model = chances.model if chances else None
    return name_of(rule.model_dump(mode="json"), lake_id, contents, model, base.numbers, base.about)


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


def summarise(cohort: Cohort, *, name: str, lake_id: str, population: str) -> dict[str, Any]:
    """What anybody may know of the choice: size, proof, limits with their prices, and areas through the gate."""
    choice, question = cohort.choice, cohort.question
    rule = cohort.rule
    areas = _areas(cohort, population)
    return {
        "release": name,
        "rule": {
            "id": rule.id,
            "version": rule.version,
            "title": rule.title,
            "owner": rule.owner,
            "why": rule.why.strip(),
        },
        "lake": lake_id,
        "synthetic": True,
        "size": int(cohort.chosen.sum()),
        "households_considered": _rounded(len(cohort.eligible)),
        "opted_out_and_left_out": _rounded(int(cohort.columns["opted_out"].sum())),
        "gap": choice.gap,
        "value": round(choice.value, 1),
        "bound": round(choice.bound, 1),
        "decided_by_lottery": _rounded(cohort.drawn_by_lottery),
        "lottery_seed": rule.lottery_seed,
        "comparison_size": int(cohort.comparison.sum()),
        "constraints": constraint_report(cohort, areas),
        "areas": areas,
        "weights": {domain: rule.need[domain].weight for domain in DOMAINS},
        "solver": {"rounds": choice.rounds, "columns_tried": choice.columns, "limits": len(question.limits)},
    }


def constraint_report(cohort: Cohort, areas: list[dict[str, object]]) -> list[dict[str, Any]]:
    """Each limit: what was asked, what was chosen, and its price, which is how much need each household more costs.

    A floor's price is what one household more of that group would cost the rest in value; nought means that the rule
    would have chosen as many without it. How many were chosen in an area is what `areas` shows of it. A limit with a
    price is met to the household, so that where few may be chosen the price is not told.
    """
    shown = {f"{row['kind']} {row['area']}": row["numerator"] for row in areas}
    question, kept = cohort.question, cohort.chosen[cohort.eligible]
    got = [float(kept.sum())]
    for codes, limits in zip(question.codes, question.partitions, strict=True):
        got += np.bincount(codes, weights=kept, minlength=len(limits)).tolist()
    got += [float((flag & kept).sum()) for flag in question.flags]
    report = []
    for limit, count in zip(question.limits, got, strict=True):
        price = cohort.choice.prices[limit.name]
        is_told = (
            not price
            or limit.name == "size"
            or _rounded(int(limit.most if price > 0 else limit.least)) is not None
        )
        report.append(
            {
                "limit": limit.name,
                "words": limit.words,
                "least": limit.least,
                "most": None if np.isinf(limit.most) else limit.most,
                "chosen": int(count)
                if limit.name == "size"
                else shown[limit.name]
                if limit.name in shown
                else _rounded(int(count)),
                "is_kept": bool(limit.least - 1e-9 <= count <= limit.most + 1e-9),
                "price": round(abs(price), 2) if is_told else None,
                "price_words": price_words(limit, price) if is_told else "hidden to protect a small group",
            }
        )
    return report


def price_words(limit: Limit, price: float) -> str:
    """What a limit costs, in words; a price above nought is of the most allowed, one below of the least asked.

    >>> price_words(Limit("floor carer", "at least 1,200 carers", 1200, np.inf), -3.26)
    'asking one more of these would cost the others 3.3 points of need'
    >>> price_words(Limit("floor carer", "at least 1,200 carers", 1200, np.inf), 0.0)
    'costs nothing: as many would be chosen without it'
    """
    if abs(price) < 0.05:
        return "costs nothing: as many would be chosen without it"
    if limit.name == "size":
        return f"help for one more household would meet {price:.1f} more points of need"
    if price > 0:
        return f"room for one more here would meet {price:.1f} more points of need"
    return f"asking one more of these would cost the others {-price:.1f} points of need"


def _areas(cohort: Cohort, population: str) -> list[dict[str, object]]:
    """Chosen of all ordinary households by place, district and neighbourhood, through the gate and its log.

    Each household lies in one of each, and every district in one place, so the gate takes them together.
    """
    columns, rows = cohort.columns, []
    log = installation_log()
    ordinary = ~columns["is_communal"].astype(bool)
    within = dict(zip(map(str, columns["district"]), map(str, columns["place"]), strict=True))
    for kinds in (("place", "district"), ("neighbourhood",)):
        cells: dict[Key, Count] = {(ALL,): Count(int((cohort.chosen & ordinary).sum()), int(ordinary.sum()))}
        kind_of: dict[Key, str] = {(ALL,): kinds[0]}
        for kind in kinds:
            names, at = coded(columns[kind])
            for number, value in enumerate(names):
                inside = (at == number) & ordinary
                cells[(str(value),)] = Count(int((cohort.chosen & inside).sum()), int(inside.sum()))
                kind_of[(str(value),)] = kind
        about = About("first-5000 chosen by area", population, "one year", ("area",))
        parents = {"area": within} if "district" in kinds else None
        table = publish(about, cells, parents=parents, log=log)
        rows += [{"kind": kind_of[(str(row["area"]),)], **row} for row in table.rows()]
    return rows


def _rounded(count: int) -> int | None:
    """A single count through the gate."""
    from endeavour.engine.disclosure import publish_count

    return publish_count(About("first-5000", "households", "one year", ()), count).numerator


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
