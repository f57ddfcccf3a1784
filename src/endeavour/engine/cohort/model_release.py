"""The model of need, fitted, judged and frozen: its weights, its card, and the chances that stay on the person plane.

var/model/NAME/weights.csv      every weight with its interval, in plain words
var/model/NAME/card.md          the model card, written by the run
var/model/NAME/model.json       the model itself, to be read back
var/model/NAME/chances.parquet  person plane: everybody's chance for the coming year
var/model/NAME/summary.json     the card as data; every figure of a group passed the gate:

    model, label, use, not_for, learnt_from, tested_on   what it is, and which years
    population        whose contacts it learnt from, as `engine.measures.population` says it
    performance       auc, brier, log_loss, calibration_slope, expected, observed     on the test year
    other_kind        the same for the other learner, where it was fitted too
    calibration[]     kind (deprivation, ethnicity, sex, both, tenth), group, people, happened, expected, observed, low,
                      high (per cent), ratio, reason
    threshold         share_above, threshold, rows[]: group (decile), crises, found, found_percent, reason
    label_audit[]     label (need or cost), kind, group, chosen, percent_of_chosen, crises_percent, reason
    weights[]         the rows of weights.csv
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from endeavour.engine.cohort import judging
from endeavour.engine.cohort.learner import KINDS, Kind, Learner, learn, read_learner
from endeavour.engine.cohort.model_card import as_markdown
from endeavour.engine.cohort.model_data import Year, read_year, years_of
from endeavour.engine.cohort.need_model import NeedModel
from endeavour.engine.cohort.shelf import Shelf, told_name
from endeavour.engine.cohort.terms import all_terms
from endeavour.engine.disclosure import About, publish_count
from endeavour.engine.lake.backends import open_backend
from endeavour.engine.measures.earlier import installation_log
from endeavour.engine.measures.population import population_of
from endeavour.errors import Missing

if TYPE_CHECKING:
    from collections.abc import Callable

    from endeavour.engine.lake.backends import Backend
    from endeavour.engine.lake.store import Lake

Floats = npt.NDArray[np.float64]
SHELF = Shelf(
    name="model",
    files=("weights.csv", "card.md", "model.json", "chances.parquet"),
    private=frozenset({"chances.parquet"}),
    absent="No model of need has been fitted here.",
    build="Fit one with: endeavour cohort model",
)
COST_IS_HIGH = 0.1


def build_model(
    definition: NeedModel,
    lake: Lake,
    *,
    kind: Kind = "logistic",
    beside: bool = False,
    learner: Learner | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """Learn from a lake's last year but two, test on the next, freeze, make current; returns the summary.

    The lake is that of the people whom it shall score: of linked people, where records were linked, whose contacts are
    then those that linkage put under them. The card says which.
    `beside` fits the other kind of learner too and reports its performance. A `learner` that is given is judged again,
    and only what it is held beside is learnt. The same lake, definition and kind give the same model.
    """
    with open_backend(lake.sources()) as backend:
        return _built(definition, lake, backend, kind, beside=beside, learner=learner, say=say)


def _built(
    definition: NeedModel,
    lake: Lake,
    backend: Backend,
    kind: Kind,
    *,
    beside: bool,
    learner: Learner | None,
    say: Callable[[str], None],
) -> dict[str, Any]:
    years = years_of(backend)
    costs = definition.costs.weights
    learnt = read_year(backend, years[-3], costs)
    at = _sample(definition, len(learnt.crisis))
    say(f"Read {len(learnt.crisis):,} people; learning from {len(at):,}.")
    x, crisis = learnt.x[at], learnt.crisis[at]
    dear = learnt.cost[at] > np.quantile(learnt.cost[at], 1 - COST_IS_HIGH)
    learner = learner or learn(kind, x, crisis, seed=definition.seed)
    by_cost = learn(kind, x, dear, seed=definition.seed)
    others = [(k, learn(k, x, crisis, seed=definition.seed)) for k in KINDS if beside and k != kind]
    del learnt
    say("Learnt. Testing on the year after.")
    tested = read_year(backend, years[-2], costs)
    name = told_name(definition.model_dump(mode="json"), lake.id, kind, learner.text())
    summary = _described(definition, kind, name, lake, years) | {
        "learnt_from": {"year": years[-3], "label_year": years[-2], "people": _rounded(len(at))},
        "tested_on": {"year": years[-2], "label_year": years[-1], "people": _rounded(len(tested.crisis))},
        "other_kind": {k: judging.performance(o.chance(tested.x), tested.crisis) for k, o in others},
    }
    summary |= judge(definition, learner, by_cost, tested, population=f"{lake.people}, {years[-2]}")
    del tested
    _freeze(name, learner, summary, read_year(backend, years[-1], costs))
    return summary


def _sample(definition: NeedModel, people: int) -> npt.NDArray[np.int64]:
    """Whom to learn from: everybody, or so many drawn with the published seed."""
    draw = np.random.default_rng(definition.seed).permutation(people)[: definition.learn_from_at_most]
    return np.sort(draw)


def judge(
    definition: NeedModel, learner: Learner, by_cost: Learner, tested: Year, *, population: str
) -> dict[str, Any]:
    """Everything the card says of a model on a year that it has not seen; `population` names its people to the gate."""
    log = installation_log()
    chance = learner.chance(tested.x)
    groups = {kind: members for kind, members in tested.groups.items() if kind != "decile"}
    share = definition.chosen_share
    return {
        "performance": judging.performance(chance, tested.crisis),
        "calibration": judging.calibration(chance, tested.crisis, groups, population=population, log=log),
        "threshold": judging.found_by_threshold(
            chance, tested.crisis, tested.groups["decile"], share=share, population=population, log=log
        ),
        "label_audit": judging.label_audit(
            chance,
            by_cost.chance(tested.x),
            tested.crisis,
            groups,
            share=share,
            population=population,
            log=log,
        ),
        "weights": learner.weights(all_terms()),
    }


def _described(d: NeedModel, kind: Kind, name: str, lake: Lake, years: list[int]) -> dict[str, Any]:
    return {
        "release": name, "lake": lake.id, "population": population_of(lake), "synthetic": True, "model": kind, "id": d.id, "version": d.version,
        "title": d.title, "owner": d.owner, "label": d.label.strip(), "why": d.why.strip(), "use": d.use.strip(),
        "not_for": d.not_for.strip(), "costs": d.costs.weights, "for_year": years[-1] + 1,
    }  # fmt: skip


def _rounded(count: int) -> int | None:
    return publish_count(About("people of the model", "people", "one year", ()), count).numerator


def _freeze(name: str, learner: Learner, summary: dict[str, Any], coming: Year) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    chances = pa.table(
        {
            "person_id": coming.person,
            "household_id": coming.household,
            "chance": learner.chance(coming.x).astype(np.float32),
        }
    )
    SHELF.freeze(
        name,
        {
            "weights.csv": lambda path: _write_weights(path, summary["weights"]),
            "card.md": lambda path: path.write_text(as_markdown(summary), encoding="utf-8"),
            "model.json": lambda path: path.write_text(learner.text(), encoding="utf-8"),
            "chances.parquet": lambda path: pq.write_table(chances, path),
        },
        summary,
    )


def _write_weights(path: Path, rows: list[dict[str, Any]]) -> None:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


def current_model() -> dict[str, Any]:
    """The card in use as data; `Missing` when no model was fitted, `Corrupt` when a file of it was changed."""
    return SHELF.current()


def last_asked(definition: NeedModel, lake: Lake) -> dict[str, Any]:
    """The model in use and how it was asked for, as `build_model` takes them; nothing where it is of other people."""
    try:
        card = current_model()
    except Missing:
        return {}
    if (card["lake"], card["id"], card["version"]) != (lake.id, definition.id, definition.version):
        return {}
    return {"kind": card["model"], "beside": bool(card["other_kind"]), "learner": current_learner()}


def current_card() -> str:
    """The card in use as Markdown; `Missing` when no model was fitted."""
    return (SHELF.current_folder() / "card.md").read_text(encoding="utf-8")


def current_learner() -> Learner:
    """The model in use, read back; person plane, because it is only of use with people's records."""
    return read_learner((SHELF.current_folder() / "model.json").read_text(encoding="utf-8"))
