"""The First 5,000: seconds to choose, the proven gap, growth, and what a simple ranking would lose.

    python bench/cohort.py [--json] [--large]      --large adds five million households

CPU-seconds on made-up households with 28 neighbourhoods, 4 places and 9 floors. The peer is a greedy choice in pandas:
fill the floors from the top, then the rest from the top, skipping full neighbourhoods; its gap is to our bound.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import time
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd

from endeavour.engine.cohort.choose import Choice, Limit, Question, choose

SIZE = 5000
FLOORS = (60, 700, 1200, 300, 200, 350, 120, 60, 400)
SHARES = (0.005, 0.12, 0.2, 0.04, 0.01, 0.05, 0.02, 0.004, 0.03)


def households(count: int, seed: int = 0) -> Question:
    """Skewed needs, higher in some neighbourhoods, and nine overlapping groups."""
    rng = np.random.default_rng(seed)
    homes = rng.integers(0, 28, count)
    value = np.round(np.clip(rng.gamma(2, 9, count) + 2 * (homes % 7), 0.5, 200), 1)
    places = tuple(Limit(f"place {i}", f"place {i}", 0.15 * SIZE, 0.35 * SIZE) for i in range(4))
    caps = tuple(Limit(f"neighbourhood {i}", f"neighbourhood {i}", 0, 300) for i in range(28))
    flags = tuple(rng.random(count) < share for share in SHARES)
    groups = tuple(Limit(f"floor {i}", f"group {i}", f, np.inf) for i, f in enumerate(FLOORS))
    return Question(value, SIZE, (homes, homes % 4), (caps, places), flags, groups)


def timed(question: Question) -> tuple[float, Choice]:
    """CPU-seconds of one choice."""
    start = time.process_time()
    found = choose(question)
    return time.process_time() - start, found


def greedy(question: Question) -> tuple[float, float]:
    """CPU-seconds and value of the plain ranking."""
    start = time.process_time()
    frame = pd.DataFrame({"value": question.value, "home": question.codes[0], "place": question.codes[1]})
    order = frame.sort_values("value", ascending=False, kind="stable").index.to_numpy()
    chosen = np.zeros(len(frame), dtype=bool)
    homes, places = np.zeros(28), np.zeros(4)

    def take(at: int) -> None:
        home, place = frame["home"].to_numpy()[at], frame["place"].to_numpy()[at]
        if not chosen[at] and homes[home] < 300 and places[place] < 0.35 * SIZE:
            chosen[at] = True
            homes[home] += 1
            places[place] += 1

    for flag, limit in zip(question.flags, question.groups, strict=True):
        for at in order[flag[order]]:
            if (flag & chosen).sum() >= limit.least:
                break
            take(at)
    for at in order:
        if chosen.sum() >= SIZE:
            break
        take(at)
    return time.process_time() - start, float(question.value[chosen].sum())


def line(name: str, ours: float, peer: float | None, bar: float, unit: str) -> dict[str, Any]:
    """One claim."""
    ratio = round(ours / peer, 3) if peer else None
    return {
        "name": name, "ours": float(f"{ours:.3g}"), "peer": None if peer is None else float(f"{peer:.3g}"),
        "ratio": ratio, "bar": bar, "unit": unit, "met": ours <= bar,
    }  # fmt: skip


def main() -> None:
    """Print a line for each claim."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--large", action="store_true")
    given = parser.parse_args()
    timed(households(40_000))  # loads the solver
    small, _ = timed(households(50_000))
    question = households(500_000)
    full, found = timed(question)
    peer, plain = greedy(question)
    lines = [
        line("choose 5,000 of 500,000 households", full, peer, 5.0, "CPU-s"),
        line(
            "gap to the bound (peer: the greedy ranking's)", found.gap, 1 - plain / found.bound, 1e-4, "share"
        ),
        line("growth from 50,000 to 500,000", math.log10(full / small), None, 1.1, "exponent"),
    ]
    if given.large:
        lines.append(
            line("choose 5,000 of 5,000,000 households", timed(households(5_000_000))[0], None, 60.0, "CPU-s")
        )
    if given.json:
        print(json.dumps(lines, indent=1))
        return
    for told in lines:
        verdict = "met" if told["met"] else "short"
        print(
            f"{told['name']}: ours {told['ours']} {told['unit']}, peer {told['peer']}, ratio {told['ratio']}, "
            f"bar {told['bar']}, {verdict}"
        )


if __name__ == "__main__":
    main()
