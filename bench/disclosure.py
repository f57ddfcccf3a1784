"""The gate: ten thousand cells, the cost of growth, and thousands of attacks that must fail.

    python bench/disclosure.py            the timings and 1,000 attacked tables (some minutes)
    python bench/disclosure.py --attacks 5000
    python bench/disclosure.py --small    only to see that it runs

CPU-seconds. The peer is what an analyst does in pandas: hide 1 to 7, round the rest. It protects nothing, so its line
also counts the small groups that subtraction alone gives away.
"""

from __future__ import annotations

import math
import os
import sys
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "generative" / "disclosure"))

import numpy as np
import pandas as pd
from _claims import Bench

from endeavour.engine.disclosure import ALL, About, Count, publish


def table(areas: int, groups: int, mean: float, seed: int = 1) -> dict[tuple[str, ...], Count]:
    """Areas by groups with every margin, skewed, with many small cells."""
    rng = np.random.default_rng(seed)
    inside = rng.negative_binomial(0.7, 0.7 / (0.7 + mean), size=(areas, groups))
    whole = np.pad(inside, ((0, 1), (0, 1)))
    whole[-1, :] = whole.sum(0)
    whole[:, -1] = whole.sum(1)
    names = [[*(f"a{i:04}" for i in range(areas)), ALL], [*(f"g{i:02}" for i in range(groups)), ALL]]
    return {
        (names[0][i], names[1][j]): Count(int(whole[i, j]))
        for i in range(areas + 1)
        for j in range(groups + 1)
    }


def seconds(areas: int, groups: int, mean: float) -> tuple[float, Any]:
    """CPU-seconds of one publication."""
    cells = table(areas, groups, mean)
    start = time.process_time()
    found = publish(About("m", "p", "t", ("area", "group")), cells)
    return time.process_time() - start, found


def cube(shape: tuple[int, int, int], mean: float, seed: int = 1) -> dict[tuple[str, ...], Count]:
    """A dense table of three dimensions with every margin."""
    rng = np.random.default_rng(seed)
    whole = np.pad(rng.negative_binomial(0.7, 0.7 / (0.7 + mean), size=shape), ((0, 1), (0, 1), (0, 1)))
    for axis in range(3):
        last = tuple(-1 if at == axis else slice(None) for at in range(3))
        whole[last] = whole.sum(axis)
    names = [
        [*(f"{letter}{i:02}" for i in range(size)), ALL] for letter, size in zip("abc", shape, strict=True)
    ]
    return {
        (names[0][i], names[1][j], names[2][k]): Count(int(whole[i, j, k]))
        for i, j, k in np.ndindex(*whole.shape)
    }


def naive(cells: dict[tuple[str, ...], Count]) -> float:
    """CPU-seconds of hiding and rounding in pandas."""
    start = time.process_time()
    frame = pd.DataFrame([(*key, count.numerator) for key, count in cells.items()], columns=["a", "g", "n"])
    frame["shown"] = (5 * (frame["n"] / 5).round()).where((frame["n"] == 0) | (frame["n"] > 7))
    frame.pivot_table(index="a", columns="g", values="shown")
    return time.process_time() - start


def naive_cube(cells: dict[tuple[str, ...], Count]) -> float:
    """The same of three dimensions."""
    return naive({(f"{a} {b}", c): count for (a, b, c), count in cells.items()})


def attacks(bench: Bench, count: int) -> None:
    """Attack that many tables and, for every fifth, two histories; each is an assertion of the tests' own attacker."""
    from test_attacker import attack_history, attack_once, attack_redrawn, attack_ring

    attacked = broken = 0
    for seed in range(count):
        try:
            attacked += attack_once(50_000 + seed, rate=bool(seed % 2))
            if seed % 5 == 0:
                attacked += attack_history(80_000 + seed) + attack_redrawn(90_000 + seed)
                attacked += attack_ring(70_000 + seed)
        except AssertionError as failure:
            broken += 1
            print(f"broken at seed {seed}: {failure}", file=sys.stderr)
    bench.claim(
        f"small groups given away, of {attacked:,} attacked in {count:,} tables", broken, "groups", most=0
    )


def main() -> None:
    """Print a line for each claim."""
    bench = Bench(__doc__)
    bench.parser.add_argument("--attacks", type=int, help="how many tables to attack; 1,000 where omitted")
    given = bench.start()
    whole, side = (20, 6) if given.small else (720, 20)
    seconds(20, 5, 40)  # loads the solver
    took = {}
    for size, areas in ((0.1, whole // 10), (1, whole), (10, whole * 10)):
        took[size], found = seconds(areas, 13, 40)
        if size == 1:
            name = f"publish {len(found):,} cells, {found.audit.hidden_small:,} small"
            bench.claim(name, took[1], "CPU-s", peer=naive(table(areas, 13, 40)), most=2)
    bench.claim("growth from 1x to 10x", math.log10(took[10] / took[1]), "exponent", most=1.1)
    bench.claim("growth from 0.1x to 1x", math.log10(took[1] / took[0.1]), "exponent", most=1.1)
    again, found = seconds(whole, 13, 400)
    bench.claim(f"publish {len(found):,} cells, ten times the people", again, "CPU-s", most=2)
    for mean in (4, 40):
        cells = cube((side, side, side + 2), mean)
        start = time.process_time()
        found = publish(About("m", "p", "t", ("a", "b", "c")), cells)
        spent = time.process_time() - start
        name = f"publish {len(cells):,} cells of three dimensions, {found.audit.hidden_small:,} small"
        bench.claim(name, spent, "CPU-s", peer=naive_cube(cells), most=2)
    attacks(bench, given.attacks if given.attacks is not None else 20 if given.small else 1000)
    bench.end()


if __name__ == "__main__":
    main()
