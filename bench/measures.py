"""Measures: every Core20PLUS5 measure with every grouping, at a tenth, at the lake that is here, and at ten times.

    python bench/measures.py            a tenth and the whole
    python bench/measures.py --large    and ten times as many people (drawn once: 150 CPU-seconds and 1 GB of disk)

CPU-seconds of the statements, and of the gate apart; each size in a process of its own, which gives its own peak of
memory. More than one system is counted one system at a time and added up. The peer is pandas doing the same for one
measure, its tables read with the columns it needs, merged and grouped once for each grouping; at ten times its size
pandas counts one system of ten and its seconds are multiplied.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

from _claims import Bench
from _lakes import lake_of

from endeavour.engine.disclosure import Count, publish_together
from endeavour.engine.lake.backends import Backend, by_system, open_backend
from endeavour.engine.measures.catalogue import Catalogue
from endeavour.engine.measures.compiler import LATEST_YEAR, compile_ages, compile_measure
from endeavour.engine.measures.core20_pack import core20_of
from endeavour.engine.measures.crossings import mostly_shown
from endeavour.engine.measures.lake_figures import exact, published
from endeavour.engine.measures.lake_figures import whole as exact_table
from endeavour.engine.measures.release import YEARS
from endeavour.pack import Pack

GOLDEN = {
    ("IoD2019", "mid-2020 residents"): 120_992,
    ("IoD2019", "Census 2021 residents"): 119_654,
    ("IoD2025", "Census 2021 residents"): 143_841,
}
ONE = "smi-health-check"
FIGURES = {
    "seconds": "all measures", "single": "one measure (peer: pandas)", "by_age": "the standardised ones by age",
    "gated": "all through the gate, one at a time", "jointly": "the release's gate alone",
}  # fmt: skip
"""Every figure that is told at each size."""

OF_PEOPLE = (
    "person_id", "place", "district", "practice", "imd2025_decile", "ethnicity", "age", "sex", "died_on",
)  # fmt: skip


def in_pandas(sources: Mapping[str, list[Path]]) -> float:
    """CPU-seconds of one measure (health checks) in pandas, with the same groupings."""
    import pandas as pd

    def read(table: str, *columns: str, only: str = "") -> Any:
        paths = [path for path in sources[table] if only in str(path)]
        return pd.concat(pd.read_parquet(path, columns=list(columns), partitioning=None) for path in paths)

    start = time.process_time()
    people, register = read("person", *OF_PEOPLE), read("condition", "person_id", "condition")
    events = read("event", "person_id", "kind", "subtype", only="financial_year=2023")
    practices = read("practice", "practice", "pcn")
    has = register.loc[register["condition"] == "MH", "person_id"].unique()
    seen = events.loc[
        (events["kind"] == "gp") & (events["subtype"] == "smi_health_check"), "person_id"
    ].unique()
    died = pd.to_datetime(people["died_on"])
    base = people[people["person_id"].isin(has) & (died.isna() | (died >= "2023-04-01"))].merge(
        practices, on="practice", how="left"
    )
    base["counted"] = base["person_id"].isin(seen)
    base["fifth"], base["core20"] = (base["imd2025_decile"] + 1) // 2, base["imd2025_decile"] <= 2
    base["band"] = pd.cut(base["age"], [-1, 17, 39, 64, 79, 200])
    singles = ["place", "district", "pcn", "imd2025_decile", "fifth", "core20", "ethnicity", "band", "sex"]
    crossed = [["place", "ethnicity"], ["fifth", "ethnicity"], ["place", "fifth"], ["sex", "band"]]
    for group in [[s] for s in singles] + crossed:
        base.groupby(group, observed=True)["counted"].agg(["sum", "count"])
    return time.process_time() - start


def at(scale: float) -> dict[str, Any]:
    """Every measure's statement over a lake of that size, one system at a time; seconds, memory, and pandas' seconds."""
    lake = lake_of(scale)
    measures = [m for m in Catalogue.open("mse").measures if m.framework.startswith("core20plus5")]
    statements = {m.id: compile_measure(m) for m in measures}
    each = by_system(lake.sources())
    spent, single, by_age = 0.0, 0.0, 0.0
    found: dict[str, dict[Any, Count]] = {name: {} for name in statements}
    for sources in each:
        with open_backend(sources, threads=2) as backend:
            start = time.process_time()
            for name, compiled in statements.items():
                one = time.process_time()
                for group, count in exact(compiled, backend)[LATEST_YEAR].items():
                    before = found[name].get(group, Count(0, 0))
                    found[name][group] = Count(
                        before.numerator + count.numerator,
                        (before.denominator or 0) + (count.denominator or 0),
                    )
                single += (time.process_time() - one) * (name == ONE)
            spent += time.process_time() - start
            start = time.process_time()
            for measure in measures:
                if measure.standardisation == "age":
                    exact(compile_ages(measure), backend)
            by_age += time.process_time() - start
    told = {
        "measures": len(measures), "people": lake.rows()["person"], "events": lake.rows()["event"],
        "seconds": spent, "single": single, "by_age": by_age, "figures": sum(map(len, found.values())), "systems": len(each),
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3,
    }  # fmt: skip
    if len(each) == 1:
        with open_backend(each[0], threads=2) as backend:
            start = time.process_time()
            for measure in measures:
                published(statements[measure.id], backend, population="bench")
            told["gated"] = time.process_time() - start
            told |= together(backend)
    told["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    # Of several systems pandas counts the first, and would take as long for each of the others.
    told["pandas"] = in_pandas(each[0]) * len(each)
    return told


def together(backend: Backend) -> dict[str, Any]:
    """The release's own gate: every measure of the lake, all years and months, those of the same people as one."""
    tables = [
        mostly_shown(
            exact_table(compile_measure(measure, years=YEARS), backend, population="bench", months=True)
        )
        for measure in Catalogue.open("mse").measures
        if measure.reads == "lake"
    ]
    start = time.process_time()
    publish_together(tables)
    return {"jointly": time.process_time() - start, "cells": sum(len(table.cells) for table in tables)}


def apart(scale: float) -> dict[str, Any]:
    """One size in a fresh process."""
    done = subprocess.run(
        [sys.executable, __file__, "--scale", str(scale)], check=True, stdout=subprocess.PIPE, text=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def tell_large(bench: Bench, whole: dict[str, Any], many: dict[str, Any]) -> None:
    """Ten times as many people, a system at a time. The gate has the same cells to look at, and is not asked again."""
    size = f"{many['people']:,} people, {many['events']:,} events, {many['systems']} systems in turn"
    for figure in ("seconds", "single", "by_age"):
        what = FIGURES[figure]
        # Pandas counts one system of ten, and its seconds are multiplied.
        peer = many["pandas"] if figure == "single" else None
        bench.claim(f"{what} at 10x, {size}", many[figure], "CPU-s", peer=peer)
        bench.grows(f"{what} from 1x to 10x", whole[figure], many[figure])
    bench.claim("peak memory at 10x as a multiple of that at 1x", many["mb"] / whole["mb"], "times", most=1.5)


def main() -> None:
    """Print a line for each claim."""
    bench = Bench(__doc__)
    bench.parser.add_argument("--scale", type=float, help=argparse.SUPPRESS)
    given = bench.start()
    if given.scale:
        print(json.dumps(at(given.scale)))
        return
    found = {
        (f.edition, f.population_base): f for f in core20_of(Pack.open("mse")) if f.geography_kind == "system"
    }
    for (edition, base), golden in GOLDEN.items():
        ours = found[edition, base]
        name = f"core20, {edition} by {base}, {ours.value:.2f}%: people away from the published count"
        bench.claim(name, abs(ours.numerator - golden), "people", most=0)
    whole, tenth = apart(1), apart(0.1)
    size = f"{whole['people']:,} people, {whole['events']:,} events"
    bench.claim(f"{whole['measures']} Core20PLUS5 measures, {size}", whole["seconds"], "CPU-s", most=40)
    bench.claim("the same through the gate, one at a time", whole["gated"], "CPU-s", most=40)
    name = f"the release's gate alone, {whole['cells']:,} cells of all measures, years and months together"
    bench.claim(name, whole["jointly"], "CPU-s", most=12)
    bench.claim("those of them that are standardised, by nineteen ages", whole["by_age"], "CPU-s")
    bench.claim("peak memory, the gate's too", whole["peak_mb"] / 1e3, "GB", most=4)
    bench.claim("one measure (peer: pandas)", whole["single"], "CPU-s", peer=whole["pandas"], most=5)
    for figure, what in FIGURES.items():
        bench.claim(
            f"{what} at 0.1x", tenth[figure], "CPU-s", peer=tenth["pandas"] if figure == "single" else None
        )
        bench.grows(f"{what} from 0.1x to 1x", tenth[figure], whole[figure])
    if given.large:
        tell_large(bench, whole, apart(10))
    bench.end()


if __name__ == "__main__":
    main()
