"""Measures: every Core20PLUS5 measure with every grouping over the lake that is here, and the Core20 goldens.

    python bench/measures.py [--json]       needs endeavour lake build

CPU-seconds of the statements, and of the gate apart. The peer is pandas doing the same for one measure, its tables
read with the columns it needs, merged and grouped once for each grouping.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import time
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import pandas as pd

from endeavour.engine.lake.backends import open_backend
from endeavour.engine.lake.store import Lake
from endeavour.engine.measures.catalogue import Catalogue
from endeavour.engine.measures.compiler import compile_measure
from endeavour.engine.measures.core20_pack import core20_of
from endeavour.engine.measures.lake_figures import exact, published
from endeavour.pack import Pack

GOLDEN = {
    ("IoD2019", "mid-2020 residents"): 120_992,
    ("IoD2019", "Census 2021 residents"): 119_654,
    ("IoD2025", "Census 2021 residents"): 143_841,
}


def line(
    name: str, ours: float, peer: float | None, bar: float, unit: str, *, met: bool | None = None
) -> dict[str, Any]:
    """One claim."""
    return {
        "name": name, "ours": round(ours, 2), "peer": None if peer is None else round(peer, 2),
        "ratio": round(ours / peer, 3) if peer else None, "bar": bar, "unit": unit,
        "met": ours <= bar if met is None else met,
    }  # fmt: skip


def in_pandas(lake: Lake) -> float:
    """CPU-seconds of one measure (health checks) in pandas, with the same groupings."""
    start = time.process_time()
    people = pd.concat(
        pd.read_parquet(
            p,
            columns=[
                "person_id",
                "place",
                "district",
                "practice",
                "imd2025_decile",
                "ethnicity",
                "age",
                "sex",
                "died_on",
            ],
        )
        for p in lake.files("person")
    )
    register = pd.concat(
        pd.read_parquet(p, columns=["person_id", "condition"]) for p in lake.files("condition")
    )
    files = [p for p in lake.files("event") if "financial_year=2023" in str(p)]
    events = pd.concat(
        pd.read_parquet(p, columns=["person_id", "kind", "subtype"], partitioning=None) for p in files
    )
    practices = pd.concat(pd.read_parquet(p, columns=["practice", "pcn"]) for p in lake.files("practice"))
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


def growth(lake: Lake, measures: list[Any]) -> tuple[float, float]:
    """CPU-seconds of six measures over a tenth of the people, and over all of them."""
    import duckdb

    from endeavour.engine.lake.backends import DuckBackend

    some, took = measures[:6], []
    for share in (10, 1):
        sources = lake.sources()
        with DuckBackend(sources, threads=2) as backend:
            connection: duckdb.DuckDBPyConnection = backend.connection
            for table in ("person", "condition", "event"):
                connection.execute(f"ALTER VIEW {table} RENAME TO every_{table}")
                connection.execute(
                    f"CREATE TABLE {table} AS SELECT * FROM every_{table} WHERE person_id % {share} = 0"
                )
            start = time.process_time()
            for measure in some:
                exact(compile_measure(measure), backend)
            took.append(time.process_time() - start)
    return took[0], took[1]


def main() -> None:
    """Print a line for each claim."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    lines = []
    found = {
        (f.edition, f.population_base): f for f in core20_of(Pack.open("mse")) if f.geography_kind == "system"
    }
    for (edition, base), golden in GOLDEN.items():
        ours = found[edition, base]
        name = f"core20, {edition} by {base}: {ours.value:.2f}%"
        lines.append(line(name, ours.numerator, None, golden, "people", met=ours.numerator == golden))
    lake = Lake.open()
    measures = [m for m in Catalogue.open("mse").measures if m.framework.startswith("core20plus5")]
    with open_backend(lake.sources(), threads=2) as backend:
        start = time.process_time()
        for measure in measures:
            exact(compile_measure(measure), backend)
        statements = time.process_time() - start
        one = time.process_time()
        exact(compile_measure(next(m for m in measures if m.id == "smi-health-check")), backend)
        single = time.process_time() - one
        start = time.process_time()
        for measure in measures:
            published([compile_measure(measure)], backend, population="bench")
        gated = time.process_time() - start
    small, full = growth(lake, measures)
    size = f"{lake.manifest.rows['person']:,} people, {lake.manifest.rows['event']:,} events"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    lines += [
        line(f"{len(measures)} Core20PLUS5 measures, {size}", statements, None, 40, "CPU-s"),
        line("the same through the gate", gated, None, 40, "CPU-s"),
        line("peak memory", peak, None, 4, "GB"),
        line("growth from 0.1x to 1x, six measures", math.log10(full / small), None, 1.1, "exponent"),
        line("one measure (peer: pandas)", single, in_pandas(lake), 5, "CPU-s"),
    ]
    if given.json:
        print(json.dumps(lines, indent=1))
        return
    for told in lines:
        verdict = "met" if told["met"] else "short"
        print(
            f"{told['name']}: ours {told['ours']:,} {told['unit']}, peer {told['peer']}, ratio {told['ratio']}, "
            f"bar {told['bar']:,}, {verdict}"
        )


if __name__ == "__main__":
    main()
