"""The segments table as anybody may read it: who needs what kind of care, by area and group, through the gate.

`summary.json` holds, beside the names and sources of the definitions:

    population            who was counted: see `engine.measures.population`
    people, left_out      everybody counted; opted out and so not counted (rounded)
    segments[]            id, name, words, weaker, people, percent, mean_age, mean_conditions, mean_multimorbidity,
                          mean_emergency_admissions
    rows[]                kind, group, segment, people, percent, reason      kind: place, district, deprivation, ...
    multimorbidity        title, source, means, not_collected, notes, weights, rows[]: kind, group, people,
                          mean_conditions, mean_multimorbidity
    frailty               title, source, means, from_age, deficits, not_collected, rows[]: kind, group, band, people,
                          percent, reason

A figure that is hidden is null, with the reason in words. `percent` is of the group's people.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from endeavour.engine.cohort.features import LATEST_YEAR
from endeavour.engine.cohort.people import FIFTH, SEX_WORDS
from endeavour.engine.cohort.segments import Scores, Segments, segments_sql
from endeavour.engine.cohort.shelf import Shelf, told_name
from endeavour.engine.disclosure import (
    ALL,
    About,
    Count,
    PublishedTable,
    publish,
    publish_count,
    publish_mean,
)
from endeavour.engine.lake.backends import open_backend
from endeavour.engine.measures.earlier import installation_log
from endeavour.engine.measures.population import population_of

if TYPE_CHECKING:
    from endeavour.engine.lake.store import Lake

Columns = dict[str, npt.NDArray[Any]]
SHELF = Shelf(
    name="segments",
    files=(),
    private=frozenset(),
    absent="Nobody has been put in segments here.",
    build="Make them with: endeavour cohort segments",
)
BANDS: Final = ((0, "0 to 17"), (18, "18 to 39"), (40, "40 to 64"), (65, "65 to 79"), (80, "80 or over"))
KINDS: Final = {
    "place": "place",
    "district": "district",
    "deprivation": FIFTH,
    "ethnicity": "ethnicity",
    "sex": SEX_WORDS,
    "age": "CASE "
    + " ".join(f"WHEN age >= {start} THEN '{name}'" for start, name in reversed(BANDS[1:]))
    + f" ELSE '{BANDS[0][1]}' END",
}
KINDS_APART: Final = tuple(kind for kind in KINDS if kind not in ("place", "district"))
MEANS: Final = ("age", "conditions", "multimorbidity", "emergency_admissions")
COUNTED: Final = ("conditions", "emergency_admissions")
"""Means of numbers of things: few things are as few people to the gate."""


def cells_sql(segments: Segments, scores: Scores, year: int = LATEST_YEAR) -> str:
    """People, sums and largest values by segment, frailty band and every group at once; exact, so private."""
    bands = scores.frailty.bands
    band = " ".join(f"WHEN frailty > {b.above} THEN '{b.name}'" for b in reversed(bands))
    frail = f"CASE WHEN age < {scores.frailty.from_age} THEN 'too young' {band} END"
    kinds = ", ".join(f'{sql} AS "in_{kind}"' for kind, sql in KINDS.items())
    sums = ", ".join(
        f"CAST(sum({name}) AS DOUBLE) AS sum_{name}, CAST(max({name}) AS DOUBLE) AS max_{name}"
        for name in MEANS
    )
    names = ", ".join(f"in_{kind}" for kind in KINDS)
    return f"""WITH people_in_segments AS (
{segments_sql(segments, scores, year)}
),
grouped AS (SELECT segment, {frail} AS frailty_band, {kinds}, {", ".join(MEANS)} FROM people_in_segments)
SELECT segment, frailty_band, {names}, count(*) AS people, {sums}
FROM grouped GROUP BY segment, frailty_band, {names}"""


def build_segments(
    segments: Segments, scores: Scores, lake: Lake, *, year: int = LATEST_YEAR
) -> dict[str, Any]:
    """Put everybody of a lake in a segment, pass every figure through the gate, freeze it and make it current."""
    with open_backend(lake.sources()) as backend:
        table = backend.run(cells_sql(segments, scores, year))
        opted = backend.run("SELECT count(*) AS n FROM person WHERE opt_out_national OR opt_out_type_1")
    cells = {name: table[name].to_numpy(zero_copy_only=False) for name in table.column_names}
    name = told_name(segments.model_dump(mode="json"), scores.model_dump(mode="json"), lake.id, year)
    population = population_of(lake)
    summary = {
        "release": name, "lake": lake.id, "year": year, "synthetic": True, "population": population,
        **summarise(segments, scores, cells, counted=f"{lake.people}, {year}", left_out=int(opted["n"][0].as_py())),
    }  # fmt: skip
    if "left_out" in population:  # linked people: whoever opted out was left out before anybody was linked
        summary["left_out"] = population["left_out"]
    SHELF.freeze(name, {}, summary)
    return summary


def summarise(
    segments: Segments, scores: Scores, cells: Columns, *, counted: str, left_out: int
) -> dict[str, Any]:
    """What may be shown of exact cells; see the head of this module. `counted` names the people to the gate."""
    order = [segment.id for segment in segments.segments]
    rows, totals = _tables(cells, "segment", order, counted)
    old = {name: column[cells["frailty_band"] != "too young"] for name, column in cells.items()}
    frail, _ = _tables(old, "frailty_band", [b.name for b in scores.frailty.bands], counted)
    described = scores.multimorbidity, scores.frailty
    return {
        "title": segments.title,
        "version": segments.version,
        "owner": segments.owner,
        "source": segments.source.strip(),
        "why": segments.why.strip(),
        "people": _count("people in segments", counted, int(cells["people"].sum())),
        "left_out": _count("people left out of segments", counted, left_out),
        "segments": [
            {"id": s.id, "name": s.name, "words": s.words, "weaker": s.weaker}
            | totals[s.id]
            | _means(cells, cells["segment"] == s.id, MEANS)
            for s in segments.segments
        ],
        "rows": rows,
        "multimorbidity": _about(described[0])
        | {
            "weights": described[0].weights,
            "notes": described[0].notes,
            "rows": list(_scores_by_group(cells)),
        },
        "frailty": _about(described[1])
        | {
            "from_age": described[1].from_age,
            "deficits": [deficit.name for deficit in described[1].deficits],
            "rows": [{("band" if k == "frailty_band" else k): v for k, v in row.items()} for row in frail],
        },
    }


def _about(score: Any) -> dict[str, Any]:
    return {
        "title": score.title,
        "version": score.version,
        "owner": score.owner,
        "source": score.source.strip(),
        "means": score.means.strip(),
        "not_collected": list(score.not_collected),
    }


def _count(what: str, counted: str, count: int) -> int | None:
    return publish_count(About(what, counted, "one year", ()), count).numerator


def _tables(
    cells: Columns, of: str, order: list[str], counted: str
) -> tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]:
    """One published table a kind of group, as rows, and each class's total with its percentage of everybody.

    The tables are attacked together, and with all that was let out before of the same people. Places and districts are one table, because each district lies in a place.
    """
    rows: list[dict[str, Any]] = []
    totals: dict[str, dict[str, Any]] = {}
    log = installation_log()
    within = {str(d): str(p) for d, p in zip(cells["in_district"], cells["in_place"], strict=True)}
    for dimension, kinds in (("area", ("place", "district")), *((kind, (kind,)) for kind in KINDS_APART)):
        groups = [(kind, group) for kind in kinds for group in sorted(set(cells[f"in_{kind}"]))]
        exact: dict[tuple[str, str], Count] = {}
        for kind, group in (("", ALL), *groups):
            inside = cells[f"in_{kind}"] == group if kind else np.ones(len(cells[of]), bool)
            exact[ALL, group] = Count(int(cells["people"][inside].sum()))
            for value in order:
                exact[value, group] = Count(int(cells["people"][inside & (cells[of] == value)].sum()))
        about = About(f"people by {of}", counted, "one year", (of, dimension))
        table = publish(about, exact, parents={dimension: within} if dimension == "area" else None, log=log)
        rows += [
            {"kind": kind, "group": group, of: value} | _share(table, value, group)
            for kind, group in groups
            for value in order
        ]
        totals = {value: _share(table, value, ALL) for value in order}
    return rows, totals


def _share(table: PublishedTable, value: str, group: str) -> dict[str, Any]:
    """People and their percentage of the group, both from rounded figures."""
    cell, whole = table[value, group], table[ALL, group]
    known = cell.numerator is not None and whole.numerator
    percent = round(100 * cell.numerator / whole.numerator, 1) if known else None  # type: ignore[operator]
    return {"people": cell.numerator, "percent": percent, "reason": str(cell.reason)}


def _scores_by_group(cells: Columns) -> Iterable[dict[str, Any]]:
    yield {"kind": "all", "group": ALL} | _means(
        cells, np.ones(len(cells["people"]), bool), ("conditions", "multimorbidity")
    )
    for kind in KINDS:
        for group in sorted(set(cells[f"in_{kind}"])):
            means = _means(cells, cells[f"in_{kind}"] == group, ("conditions", "multimorbidity"))
            yield {"kind": kind, "group": group} | means


def _means(cells: Columns, inside: npt.NDArray[np.bool_], names: Iterable[str]) -> dict[str, float | None]:
    """Means of the people in some cells; the largest value stands for the two largest, which hides no less."""
    found: dict[str, float | None] = {}
    count = int(cells["people"][inside].sum())
    for name in names:
        top = float(cells[f"max_{name}"][inside].max()) if count else 0.0
        total = float(cells[f"sum_{name}"][inside].sum())
        found[f"mean_{name}"] = publish_mean(
            total, count, largest=top, second=top, is_of_things=name in COUNTED
        ).mean
    return found
