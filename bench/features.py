"""Features from events: what every person is known by, from the lake that is here, year by year.

    python bench/features.py            a tenth and the whole of the lake in use
    python bench/features.py --large    and ten times as many people (drawn once: 150 CPU-seconds and 1 GB of disk)

CPU-seconds of our statement over every year of events, each size in a process of its own, one system at a time. The
peer is plain pandas, for one year of one system: the columns it needs read, one grouped sum a feature, merged and
given the same columns of people and registers. Both end with the same numbers a person, and their sums are compared.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

from _claims import Bench
from _lakes import lake_of

from endeavour.engine.cohort.people import HAS, PERSON_CONTACTS, people_sql
from endeavour.engine.lake.backends import DuckBackend, by_system
from endeavour.engine.lake.store import Lake

FACTS = ("person_id", "age", "imd2025_decile", "size", "conditions", "uncontrolled", *HAS, *PERSON_CONTACTS)


def at(scale: float) -> dict[str, Any]:
    """Every year's features over a lake of that size, one system at a time; seconds, memory, events and a sum to compare."""
    lake = lake_of(scale)
    years, total, rows, parts = _years(lake), 0.0, 0, by_system(lake.sources())
    start = time.process_time()
    for sources in parts:
        with DuckBackend(sources, threads=2) as backend:
            for year in years:
                table = backend.run(f"SELECT {', '.join(FACTS)} FROM ({people_sql(year)})")
                rows += table.num_rows
                total += sum(float(table[name].to_numpy().sum()) for name in PERSON_CONTACTS)
                del table
    spent = time.process_time() - start
    return {
        "seconds": spent, "mb": _peak(), "events": lake.rows()["event"], "rows": rows, "sum": total,
        "years": len(years), "systems": len(parts),
    }  # fmt: skip


def _years(lake: Lake) -> list[int]:
    return sorted({int(path.parent.name.split("=")[1]) for path in lake.files("event")})


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def in_pandas(scale: float) -> dict[str, Any]:
    """One year of one system the plain way; the seconds are of that."""
    import pandas as pd

    lake = lake_of(scale)
    sources, year = by_system(lake.sources())[0], max(_years(lake))
    start = time.process_time()
    event = pd.concat(
        pd.read_parquet(p, columns=["person_id", "kind", "subtype"])
        for p in sources["event"]
        if f"financial_year={year}" in str(p)
    )
    people = pd.concat(pd.read_parquet(p) for p in sources["person"])
    homes = pd.concat(pd.read_parquet(p, columns=["household_id", "size"]) for p in sources["household"])
    registers = pd.concat(pd.read_parquet(p) for p in sources["condition"])
    gone = people.opt_out_national | people.opt_out_type_1
    people = people[~gone & ~(people.died_on < pd.Timestamp(year + 1, 4, 1).date())]
    found = people[["person_id", "household_id", "age", "imd2025_decile"]].merge(homes, on="household_id")
    flags = pd.crosstab(registers.person_id, registers.condition)
    found = found.merge(flags, left_on="person_id", right_index=True, how="left")
    for name, test in PERSON_CONTACTS.items():
        rows = event.query(test.replace(" = ", " == ").replace("AND", "and").replace("IN (", "in ("))
        counts = rows.groupby("person_id", observed=True).size().rename(name)
        found = found.merge(counts, left_on="person_id", right_index=True, how="left")
    found = found.fillna(0)
    spent = time.process_time() - start
    peak = _peak()
    total = float(found[list(PERSON_CONTACTS)].to_numpy().sum())
    sums = ", ".join(f"sum({name})" for name in PERSON_CONTACTS)
    with DuckBackend(sources, threads=2) as backend:
        row = backend.run(f"SELECT {sums} FROM ({people_sql(year)})")
    ours = float(sum(column[0].as_py() for column in row.columns))
    assert total == ours, "pandas and we count the same contacts"
    return {"seconds": spent, "mb": peak}


def apart(task: str, scale: float) -> dict[str, Any]:
    """One task in a fresh process, which gives its own peak of memory."""
    command = [sys.executable, __file__, "--task", task, "--scale", str(scale)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> None:
    """Print a line for each claim."""
    bench = Bench(__doc__)
    bench.parser.add_argument("--task", choices=["ours", "pandas"], help=argparse.SUPPRESS)
    bench.parser.add_argument("--scale", type=float, help=argparse.SUPPRESS)
    given = bench.start()
    if given.task:
        print(json.dumps((at if given.task == "ours" else in_pandas)(given.scale)))
        return
    whole = tell(bench, 1, most=15)
    bench.claim("peak memory, a year at a time", whole["mb"], "MB", peer=whole["peer_mb"], most=4096)
    tenth = tell(bench, 0.1)
    bench.grows("features from 0.1x to 1x", tenth["seconds"], whole["seconds"])
    if given.large:
        many = tell(bench, 10)
        bench.grows("features from 1x to 10x, a system at a time", whole["seconds"], many["seconds"])
        bench.claim(
            "peak memory at 10x as a multiple of that at 1x", many["mb"] / whole["mb"], "times", most=1.5
        )
    bench.end()


def tell(bench: Bench, scale: float, most: float | None = None) -> dict[str, Any]:
    """The claim of one size, beside pandas."""
    ours, peer = apart("ours", scale), apart("pandas", scale)
    times = ours["years"] * ours["systems"]
    name = f"features at {scale:g}x from {ours['events']:,} events (peer: pandas, one year of one system times {times})"
    bench.claim(name, ours["seconds"], "CPU-s", peer=peer["seconds"] * times, most=most)
    return ours | {"peer_mb": peer["mb"]}


if __name__ == "__main__":
    main()
