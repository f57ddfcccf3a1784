"""The lake's speed: residents, events, the whole build, how it grows with size, beside a plain loop.

    python bench/lake.py            everything but the 12 million
    python bench/lake.py --large    and the 12 million residents, once (about 150 CPU-seconds and 1 GB of disk)
    python bench/lake.py --small    only to see that it runs; --json prints data

Times are CPU-seconds of the process (all its threads), so that a busy machine does not change them. Each size runs in
a process of its own, which also gives its peak of memory. The plain loop draws the same streams for the same
people one person at a time with Python's own random numbers and writes them with pandas, as a script would; it is
timed on a sample. It knows no margins and no households. Time on the wall is not judged on a busy machine.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from _claims import Bench

FULL = 1_199_519
LARGE = 12_000_000
PARTS = {
    "people": "residents and households", "events": "service events", "whole": "the whole build, the pack already read",
}  # fmt: skip
"""Every figure that is told at each size."""


def main() -> None:
    """Run and print."""
    bench = Bench(__doc__)
    bench.parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    given = bench.start()
    if given.one:
        print(json.dumps(measure(given.one)))
        return
    run(bench, 20_000 if given.small else FULL, large=given.large)
    bench.end()


def in_a_process(residents: int) -> dict[str, float]:
    """`measure` in a fresh process."""
    done = subprocess.run(
        [sys.executable, __file__, "--one", str(residents)], check=True, capture_output=True, text=True
    )
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def measure(residents: int) -> dict[str, float]:
    """Build one lake from nothing; CPU-seconds and peak memory of its parts."""
    from endeavour.engine.synthetic.build import build_lake
    from endeavour.pack import Pack

    marks: list[tuple[str, float, int]] = []

    def talk(what: str, _done: float) -> None:
        marks.append((what, time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))

    began, wall = time.process_time(), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        lake = build_lake(Pack.open("mse"), residents=residents, root=Path(folder) / "lake", talk=talk)
        total, elapsed, rows, size = (
            time.process_time() - began,
            time.monotonic() - wall,
            lake.rows(),
            lake.manifest.size,
        )
    names = [what for what, _, _ in marks]
    people = spans(
        marks,
        {"residents", "households", "health", "practices and groups", "writing residents and households"},
    )
    events = spans(marks, {"service events"})
    at = names.index("service events") if "service events" in names else -1
    return {
        "cpu": total,
        "whole": total - (marks[0][1] - began),
        "wall": elapsed,
        "people": people,
        "people_mb": marks[at][2] / 1e3,
        "events": events,
        "event_rows": rows["event"],
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3,
        "disk_mb": size / 1e6,
    }


def spans(marks: list[tuple[str, float, int]], names: set[str]) -> float:
    """CPU-seconds between each mark of these names and the next mark."""
    return sum(after[1] - mark[1] for mark, after in pairwise(marks) if mark[0] in names)


def plain_loop(sample: int = 3_000) -> tuple[float, float]:
    """Rows a CPU-second of a plain loop: people with attributes, and their events, drawn one by one."""
    import pandas as pd

    rng = random.Random(1)
    began = time.process_time()
    people = []
    for i in range(sample):
        age = rng.choices(range(18), weights=[6] * 13 + [5, 5, 4, 3, 3])[0] * 5 + rng.randrange(5)
        people.append(
            {
                "person_id": i,
                "age": age,
                "sex": rng.choice("FM"),
                "ethnicity": rng.choices(("white", "asian", "black", "mixed", "other"), (89, 4, 4, 2, 1))[0],
                "conditions": [c for c in range(20) if rng.random() < 0.001 * age],
                "flags": [rng.random() < 0.05 for _ in range(11)],
                "decile": rng.randrange(1, 11),
                "need": rng.gauss(0, 1),
            }
        )
    drawn = time.process_time() - began
    began, events = time.process_time(), []
    for person in people:
        for _ in range(3):
            for stream, rate in enumerate((5.4, 0.37, 0.1, 0.13, 0.85, 0.27, 0.4, 0.12)):
                mean = rate * math.exp(0.5 * person["need"] + 0.03 * (5.5 - person["decile"]))
                clock = rng.expovariate(mean)
                while clock < 1:
                    events.append((person["person_id"], stream, rng.randrange(4), int(clock * 365)))
                    clock += rng.expovariate(mean)
    with tempfile.TemporaryDirectory() as folder:
        pd.DataFrame(events, columns=["person_id", "kind", "subtype", "day"]).to_parquet(
            Path(folder) / "event.parquet"
        )
    return sample / drawn, len(events) / (time.process_time() - began)


def run(bench: Bench, residents: int, *, large: bool) -> None:
    """Every claim."""
    busy = os.getloadavg()[0] > 1.5
    tenth, full = in_a_process(residents // 10), in_a_process(residents)
    people_a_second, events_a_second = plain_loop()
    plain = residents / people_a_second
    bench.claim("residents and households (peer: a plain loop)", full["people"], "CPU-s", peer=plain, most=10)
    bench.claim("memory for residents and households", full["people_mb"], "MB", most=1000)
    events = full["event_rows"] / full["events"]
    name = f"events a CPU-second, of {full['event_rows']:,} (peer: a plain loop)"
    bench.claim(name, events, "rows", peer=events_a_second, least=1.5e6)
    bench.claim("whole first build", full["cpu"], "CPU-s")
    name = f"whole first build on an idle machine (load average {os.getloadavg()[0]:.1f})"
    bench.claim(name, full["wall"], "s", most=90, judged=not busy)
    bench.claim("whole build, peak memory", full["mb"], "MB")
    bench.claim("size on disk", full["disk_mb"], "MB")
    tell(bench, "0.1x", "0.1x to 1x", tenth, tenth, full, 10)
    few = in_a_process(10_000)
    name = "a lake of 10,000 for tests, pack already read"
    bench.claim(name, few["whole"], "CPU-s", most=2)
    if large:
        many = in_a_process(LARGE)
        tell(bench, "12 million", "1x to 10x", many, full, many, LARGE / residents)
        name = "memory of 12 million as a multiple of that of 1.2 million"
        bench.claim(name, many["mb"] / full["mb"], "times", most=1.5)


def tell(
    bench: Bench, size: str, steps: str, at: dict[str, float], less: dict[str, float], more: dict[str, float],
    times: float,
) -> None:  # fmt: skip
    """Each part's CPU-seconds at a size, and how it grows from one size to one so many times as large."""
    for part, what in PARTS.items():
        bench.claim(f"{what} at {size}", at[part], "CPU-s")
        bench.grows(f"{what} from {steps}", less[part], more[part], times)


if __name__ == "__main__":
    main()
