"""A cohort, frozen: a folder named by its contents, written whole or not at all, and a summary of aggregates only.

var/cohort/current          the name of the release in use
var/cohort/NAME/households.parquet   person plane: who was chosen and why; only the scoped door reads it
var/cohort/NAME/summary.json         aggregates that passed the gate; pages and the API read this
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from endeavour.engine.cohort.first_5000 import Cohort, Say, fairness, select, sensitivity
from endeavour.engine.cohort.rule import DOMAINS, Rule
from endeavour.engine.disclosure import ALL, About, Count, publish
from endeavour.errors import Corrupt, Missing
from endeavour.paths import var_dir, write_atomically

if TYPE_CHECKING:
    import pyarrow as pa

    from endeavour.engine.lake.backends import Backend

BUILD = "Choose it with: endeavour cohort first-5000"


def cohort_dir() -> Path:
    """Where releases are kept."""
    return var_dir() / "cohort"


def build_release(
    rule: Rule, backend: Backend, *, lake_id: str, with_sensitivity: bool, say: Say
) -> dict[str, Any]:
    """Choose, audit, freeze, make current; returns the summary. The same rule and lake give the same release."""
    cohort = select(rule, backend)
    say(
        f"Chose {int(cohort.chosen.sum()):,} households; no other choice is better by more than {cohort.choice.gap:.4%}."
    )
    households = household_table(cohort, backend)
    name = release_name(rule, lake_id, households)
    summary = summarise(cohort, name=name, lake_id=lake_id)
    summary["fairness"] = [row for found in fairness(cohort, release=name) for row in found.rows()]
    say("Audited who is chosen, beside three simpler rules.")
    summary["sensitivity"] = sensitivity(cohort, say=say) if with_sensitivity else []
    freeze(name, households, summary)
    return summary


def release_name(rule: Rule, lake_id: str, households: pa.Table) -> str:
    """A name made of the rule, the lake and the households: the same contents always have the same one."""
    contents = households.select(["household_id", "role"]).to_pydict()
    text = json.dumps(
        [rule.model_dump(mode="json"), lake_id, contents], sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def household_table(cohort: Cohort, backend: Backend) -> pa.Table:
    """The chosen and the comparison households with their need, place and reasons; person plane."""
    import pyarrow as pa

    at = np.flatnonzero(cohort.chosen | cohort.comparison)
    columns = cohort.columns
    taken = {
        name: columns[name][at] for name in ("household_id", "lsoa21", "district", "place", "neighbourhood")
    }
    taken |= {f"need_{d}": np.round(columns[f"need_{d}"][at].astype(float), 4) for d in DOMAINS}
    reasons = _reasons(cohort, at)
    return pa.table(
        taken
        | {
            "role": np.where(cohort.chosen[at], "chosen", "comparison"),
            "need": np.round(cohort.need[at], 2),
            "value": np.round(cohort.value[at], 1),
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


def summarise(cohort: Cohort, *, name: str, lake_id: str) -> dict[str, Any]:
    """What anybody may know of the choice: size, proof, limits with their prices, and areas through the gate."""
    choice, question = cohort.choice, cohort.question
    rule = cohort.rule
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
        "constraints": constraint_report(cohort),
        "areas": _areas(cohort, name),
        "weights": {domain: rule.need[domain].weight for domain in DOMAINS},
        "solver": {"rounds": choice.rounds, "columns_tried": choice.columns, "limits": len(question.limits)},
    }


def constraint_report(cohort: Cohort) -> list[dict[str, Any]]:
    """Each limit: what was asked, what was chosen, and its price, which is how much need each household more costs.

    A floor's price is what one household more of that group would cost the rest in value; nought means that the rule
    would have chosen as many without it.
    """
    question, kept = cohort.question, cohort.chosen[cohort.eligible]
    got = [float(kept.sum())]
    for codes, limits in zip(question.codes, question.partitions, strict=True):
        got += np.bincount(codes, weights=kept, minlength=len(limits)).tolist()
    got += [float((flag & kept).sum()) for flag in question.flags]
    report = []
    for limit, count in zip(question.limits, got, strict=True):
        report.append(
            {
                "limit": limit.name,
                "words": limit.words,
                "least": limit.least,
                "most": None if np.isinf(limit.most) else limit.most,
                "chosen": _rounded(int(count)) if limit.name != "size" else int(count),
                "is_kept": bool(limit.least - 1e-9 <= count <= limit.most + 1e-9),
                "price": round(abs(cohort.choice.prices[limit.name]), 2),
            }
        )
    return report


def _areas(cohort: Cohort, name: str) -> list[dict[str, object]]:
    """Chosen of all ordinary households by place, district and neighbourhood, through the gate."""
    columns, rows = cohort.columns, []
    ordinary = ~columns["is_communal"].astype(bool)
    for kind in ("place", "district", "neighbourhood"):
        cells = {(ALL,): Count(int((cohort.chosen & ordinary).sum()), int(ordinary.sum()))}
        for value in np.unique(columns[kind]):
            inside = (columns[kind] == value) & ordinary
            cells[(str(value),)] = Count(int((cohort.chosen & inside).sum()), int(inside.sum()))
        table = publish(About("first-5000 chosen by area", name, "one year", (kind,)), cells)
        rows += [{"kind": kind, "area": row.pop(kind), **row} for row in table.rows()]
    return rows


def _rounded(count: int) -> int | None:
    """A single count through the gate."""
    from endeavour.engine.disclosure import publish_count

    return publish_count(About("first-5000", "households", "one year", ()), count).numerator


def freeze(name: str, households: pa.Table, summary: dict[str, Any]) -> Path:
    """Write the release beside the others and make it current; a reader sees the old one or the new, never a part."""
    import pyarrow.parquet as pq

    home = cohort_dir()
    home.mkdir(parents=True, exist_ok=True)
    folder = home / name
    if not (folder / "summary.json").is_file() or _summary(folder) != _plain(summary):
        part = Path(tempfile.mkdtemp(dir=home, prefix=f".{name}."))
        try:
            pq.write_table(households, part / "households.parquet")
            (part / "households.parquet").chmod(0o600)
            summary["households_sha256"] = _sha256(part / "households.parquet")
            (part / "summary.json").write_text(
                json.dumps(summary, indent=1, ensure_ascii=False), encoding="utf-8"
            )
            for path in part.iterdir():
                with path.open("rb") as stream:
                    os.fsync(stream.fileno())
            part.chmod(0o755)
            if folder.exists():
                shutil.rmtree(folder)
            part.rename(folder)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    with write_atomically(home / "current") as pointer:
        pointer.write_text(name + "\n", encoding="ascii")
    return folder


def current_summary() -> dict[str, Any]:
    """The summary of the release in use; `Missing` when none was made, `Corrupt` when its households were changed."""
    home = cohort_dir()
    try:
        name = (home / "current").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise Missing("The first 5,000 households have not been chosen here.", hint=BUILD) from None
    folder = home / name
    summary = _summary(folder)
    if summary.get("households_sha256") != _sha256(folder / "households.parquet"):
        raise Corrupt(f"The households of release {name} are not those that were frozen.", hint=BUILD)
    return summary


def _summary(folder: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Corrupt(
            f"The summary of release {folder.name} cannot be read ({error}).", hint=BUILD
        ) from error
    return found


def _plain(summary: dict[str, Any]) -> dict[str, Any]:
    """The summary as it would be read back."""
    found: dict[str, Any] = json.loads(json.dumps(summary))
    return found


def _sha256(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise Corrupt(f"{path.name} cannot be read ({error}).", hint=BUILD) from error


def as_words(summary: dict[str, Any]) -> list[str]:
    """The choice in a few sentences."""
    return [
        f"{summary['size']:,} households, chosen by {summary['rule']['id']} {summary['rule']['version']} "
        f"(release {summary['release']}). Synthetic residents.",
        f"No other choice that keeps every limit is better by more than {summary['gap']:.4%}.",
    ]


def effect_words(effect: Any) -> dict[str, Any]:
    """An effect as plain data with its sentence."""
    return asdict(effect) | {"words": effect.words}
