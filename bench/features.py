"""Features from events: what every person is known by, from the lake that is here, year by year.

    python bench/features.py [--json]       needs endeavour lake build (1.2 million residents, three years)

CPU-seconds of our statement over every year of events, at a tenth of the people and at all of them, each in a process
of its own. The peer is plain pandas: the columns it needs read, one grouped sum a feature, merged and given the same
columns of people and registers. Both end with the same numbers a person, and the sums of both are compared.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import subprocess
import sys
import time
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

from endeavour.engine.cohort.people import HAS, PERSON_CONTACTS, people_sql
from endeavour.engine.lake.backends import DuckBackend
from endeavour.engine.lake.store import Lake

FACTS = ("person_id", "age", "imd2025_decile", "size", "conditions", "uncontrolled", *HAS, *PERSON_CONTACTS)
TENTH = 10


def years_of(backend: DuckBackend) -> list[int]:
    """The lake's years."""
    return sorted(backend.run("SELECT DISTINCT financial_year AS y FROM event")["y"].to_pylist())


def ours(part: int) -> dict[str, Any]:
    """Every year's features of people whose number divides by `part`; seconds, memory, events and a sum to compare."""
    lake = Lake.open()
    with DuckBackend(lake.sources(), threads=2) as backend:
        if part > 1:  # a lake of a tenth, made before the clock starts
            few = {
                "person": f"person_id % {part} = 0",
                "event": f"person_id % {part} = 0",
                "condition": f"person_id % {part} = 0",
                "household": "household_id IN (SELECT household_id FROM few_person)",
            }
            for name, some in few.items():
                backend.connection.execute(f"CREATE TABLE few_{name} AS FROM {name} WHERE {some}")
            for name in few:
                backend.connection.execute(f"CREATE OR REPLACE VIEW {name} AS FROM few_{name}")
        events = backend.run("SELECT count(*) AS n FROM event")["n"][0].as_py()
        years = years_of(backend)
        start, total, rows = time.process_time(), 0.0, 0
        for year in years:
            table = backend.run(f"SELECT {', '.join(FACTS)} FROM ({people_sql(year)})")
            rows += table.num_rows
            total += sum(float(table[name].to_numpy().sum()) for name in PERSON_CONTACTS)
            del table
        spent = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": spent, "mb": peak, "events": events, "rows": rows, "sum": total, "years": len(years)}


def in_pandas() -> dict[str, Any]:
    """One year the plain way, timed; the seconds are of that year."""
    import pandas as pd

    sources = Lake.open().sources()
    year = max(int(str(p.parent.name).split("=")[1]) for p in sources["event"])
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
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    total = float(found[list(PERSON_CONTACTS)].to_numpy().sum())
    return {"seconds": spent, "mb": peak, "sum": total, "year": year}


def one_year_sum(year: int) -> float:
    """The same total from our statement, for the year that pandas did."""
    sums = ", ".join(f"sum({name})" for name in PERSON_CONTACTS)
    with DuckBackend(Lake.open().sources(), threads=2) as backend:
        row = backend.run(f"SELECT {sums} FROM ({people_sql(year)})")
    return float(sum(column[0].as_py() for column in row.columns))


def line(name: str, ours: float, peer: float | None, bar: float | None, unit: str) -> dict[str, Any]:
    """One claim."""
    return {
        "name": name, "ours": float(f"{ours:.3g}"), "peer": None if peer is None else float(f"{peer:.3g}"),
        "ratio": round(ours / peer, 3) if peer else None, "bar": bar, "unit": unit,
        "met": None if bar is None else ours <= bar,
    }  # fmt: skip


def apart(task: str) -> dict[str, Any]:
    """One task in a fresh process, which gives its own peak of memory."""
    done = subprocess.run(
        [sys.executable, __file__, "--task", task], check=True, capture_output=True, text=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> None:
    """Print a line for each claim."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--task", choices=["all", "tenth", "pandas"], help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.task:
        print(
            json.dumps(in_pandas() if given.task == "pandas" else ours(TENTH if given.task == "tenth" else 1))
        )
        return
    full, tenth, peer = apart("all"), apart("tenth"), apart("pandas")
    assert peer["sum"] == one_year_sum(peer["year"]), "pandas and we count the same contacts"
    growth = math.log10(full["seconds"] / tenth["seconds"])
    lines = [
        line(
            f"features from {full['events']:,} events (pandas: one year times {full['years']})",
            full["seconds"], peer["seconds"] * full["years"], 15.0, "CPU-s",
        ),
        line("the same at a tenth", tenth["seconds"], None, None, "CPU-s"),
        line("growth from a tenth to the whole", growth, None, 1.1, "exponent"),
        line("peak memory, a year at a time", full["mb"], peer["mb"], 4096.0, "MB"),
    ]  # fmt: skip
    if given.json:
        print(json.dumps(lines, indent=1))
        return
    for told in lines:
        verdict = {True: "met", False: "short", None: "no bar"}[told["met"]]
        print(
            f"{told['name']}: ours {told['ours']} {told['unit']}, peer {told['peer']}, ratio {told['ratio']}, "
            f"bar {told['bar']}, {verdict}"
        )


if __name__ == "__main__":
    main()
