"""The lake's speed: residents, events, the whole build, how it grows with size, beside a plain loop.

    python bench/lake.py            everything but the 12 million
    python bench/lake.py --large    and the 12 million residents, once (about 150 CPU-seconds and 1 GB of disk)
    python bench/lake.py --json     the same lines as JSON

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
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

FULL = 1_199_519
LARGE = 12_000_000


@dataclass
class Line:
    """One claim: our figure, the peer's, their ratio, the bar and whether it is met."""

    name: str
    ours: float
    unit: str
    peer: float | None = None
    ratio: float | None = None
    bar: str = ""
    met: bool | None = None


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--large", action="store_true", help="also build 12 million residents, once")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        print(json.dumps(measure(args.one)))
        return
    lines = run(large=args.large)
    if args.json:
        print(json.dumps([asdict(line) for line in lines], indent=1))
        return
    for line in lines:
        peer = f"  peer {line.peer:,.4g}  ratio {line.ratio:,.0f}x" if line.peer and line.ratio else ""
        verdict = "" if line.met is None else "  met" if line.met else "  SHORT"
        bar = f"  bar {line.bar}" if line.bar else ""
        print(f"{line.name}: {line.ours:,.4g} {line.unit}{peer}{bar}{verdict}")


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
        "wall": elapsed,
        "reading": marks[0][1] - began,
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


def run(*, large: bool) -> list[Line]:
    """All lines."""
    busy = os.getloadavg()[0] > 1.5
    tenth, full = in_a_process(FULL // 10), in_a_process(FULL)
    people_a_second, events_a_second = plain_loop()
    ours_people, ours_events = FULL / full["people"], full["event_rows"] / full["events"]
    lines = [
        Line("residents and households", full["people"], "CPU-s", FULL / people_a_second,
             FULL / people_a_second / full["people"], "< 10 CPU-s", full["people"] < 10),
        Line("residents a CPU-second", ours_people, "rows", people_a_second, ours_people / people_a_second),
        Line("memory for residents and households", full["people_mb"], "MB", bar="< 1,000 MB", met=full["people_mb"] < 1000),
        Line("events a CPU-second", ours_events, "rows", events_a_second, ours_events / events_a_second,
             ">= 1.5 million", ours_events >= 1.5e6),
        Line("events written", full["event_rows"], "rows"),
        Line("whole first build, CPU", full["cpu"], "CPU-s"),
        Line(f"whole first build, wall (load average {os.getloadavg()[0]:.1f})", full["wall"], "s",
             bar="< 90 s on an idle machine", met=full["wall"] < 90 or (None if busy else False)),
        Line("whole build, peak memory", full["mb"], "MB"),
        Line("size on disk", full["disk_mb"], "MB"),
        Line("build at 0.1x", tenth["cpu"], "CPU-s"),
        growth("growth exponent 0.1x to 1x (reading the pack apart)", tenth, full, FULL // 10, FULL),
    ]  # fmt: skip
    small = in_a_process(10_000)
    lines.append(Line("a lake of 10,000 for tests, pack already read", small["cpu"] - small["reading"], "CPU-s",
                      bar="< 2 CPU-s", met=small["cpu"] - small["reading"] < 2))  # fmt: skip
    if large:
        many = in_a_process(LARGE)
        lines += [
            Line("build of 12 million", many["cpu"], "CPU-s"),
            Line("build of 12 million, peak memory", many["mb"], "MB", bar="< 1.5x that of 1.2 million",
                 met=many["mb"] < 1.5 * full["mb"]),
            growth("growth exponent 1x to 10x (reading the pack apart)", full, many, FULL, LARGE),
        ]  # fmt: skip
    return lines


def growth(name: str, less: dict[str, float], more: dict[str, float], low: int, high: int) -> Line:
    """The exponent of CPU over residents: 1 is linear."""
    cost = math.log((more["cpu"] - more["reading"]) / (less["cpu"] - less["reading"])) / math.log(high / low)
    return Line(name, cost, "", bar="<= 1.1", met=cost <= 1.1)


if __name__ == "__main__":
    main()
