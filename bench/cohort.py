"""The First 5,000: seconds to choose, the proven gap, growth, and what a simple ranking would lose.

    python bench/cohort.py            fifty and five hundred thousand households
    python bench/cohort.py --large    and five million (about 40 CPU-seconds)

CPU-seconds on made-up households with 28 neighbourhoods, 4 places and 9 floors. The peer is a greedy choice in pandas:
fill the floors from the top, then the rest from the top, skipping full neighbourhoods; its gap is to our bound.
"""

from __future__ import annotations

import os
import resource
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd
from _claims import Bench

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


def peak() -> float:
    """Peak resident gigabytes of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def main() -> None:
    """Print a line for each claim."""
    bench = Bench(__doc__)
    given = bench.start()
    full, tenth = (100_000, 50_000) if given.small else (500_000, 50_000)
    timed(households(40_000))  # loads the solver
    less, _ = timed(households(tenth))
    question = households(full)
    more, found = timed(question)
    peer, plain = greedy(question)
    bench.claim(f"choose 5,000 of {full:,} households (peer: greedy)", more, "CPU-s", peer=peer, most=5)
    bench.claim(
        "gap to the bound (peer: greedy)", found.gap, "share", peer=1 - plain / found.bound, most=1e-4
    )
    bench.claim(f"choose 5,000 of {tenth:,} households", less, "CPU-s")
    bench.grows(f"choosing, {tenth:,} to {full:,} households", less, more, full / tenth)
    bench.claim("peak memory, with all of the above", peak(), "GB")
    if given.large:
        largest, _ = timed(households(5_000_000))
        bench.claim("choose 5,000 of 5,000,000 households", largest, "CPU-s", most=60)
        bench.grows(f"choosing, {full:,} to 5,000,000 households", more, largest, 5_000_000 / full)
        bench.claim("peak memory with 5,000,000 households", peak(), "GB")
    bench.end()


if __name__ == "__main__":
    main()
