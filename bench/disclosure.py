"""The gate: ten thousand cells, the cost of growth, and thousands of attacks that must fail.

    python bench/disclosure.py            the timings and 1,000 attacked tables (some minutes)
    python bench/disclosure.py --attacks 5000
    python bench/disclosure.py --json

CPU-seconds. The peer is what an analyst does in pandas: hide 1 to 7, round the rest. It protects nothing, so its line
also counts the small groups that subtraction alone gives away.
"""

from __future__ import annotations

import argparse
import json
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


def line(name: str, ours: float, peer: float | None, bar: float, unit: str) -> dict[str, Any]:
    """One claim."""
    ratio = None if not peer else round(ours / peer, 2)
    return {
        "name": name, "ours": round(ours, 3), "peer": None if peer is None else round(peer, 3), "ratio": ratio,
        "bar": bar, "unit": unit, "met": ours <= bar,
    }  # fmt: skip


def attacks(count: int) -> dict[str, Any]:
    """Attack that many tables and, for every fifth, a history; each is an assertion of the tests' own attacker."""
    from test_attacker import attack_history, attack_once

    attacked = broken = 0
    for seed in range(count):
        try:
            attacked += attack_once(50_000 + seed, rate=bool(seed % 2))
            if seed % 5 == 0:
                attacked += attack_history(80_000 + seed)
        except AssertionError as failure:
            broken += 1
            print(f"broken at seed {seed}: {failure}", file=sys.stderr)
    return line(
        f"small groups given away, of {attacked:,} attacked in {count:,} tables", broken, None, 0, "groups"
    )


def main() -> None:
    """Print a line for each claim."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--attacks", type=int, default=1000)
    given = parser.parse_args()
    seconds(20, 5, 40)  # loads the solver
    lines, times = [], []
    for name, areas in (("0.1x", 72), ("1x", 720), ("10x", 7200)):
        took, found = seconds(areas, 13, 40)
        times.append(took)
        bar = 2.0 if name == "1x" else math.inf
        peer = naive(table(areas, 13, 40))
        if name == "1x":
            lines.append(
                line(
                    f"publish {len(found):,} cells, {found.audit.hidden_small:,} small",
                    took,
                    peer,
                    bar,
                    "CPU-s",
                )
            )
    exponent = math.log10(times[2] / times[1])
    lines.append(line("growth from 1x to 10x", exponent, None, 1.1, "exponent"))
    lines.append(line("growth from 0.1x to 1x", math.log10(times[1] / times[0]), None, 1.1, "exponent"))
    lines.append(
        line("publish 10,094 cells, ten times the people", seconds(720, 13, 400)[0], None, 2.0, "CPU-s")
    )
    for mean in (4, 40):
        cells = cube((20, 20, 22), mean)
        start = time.process_time()
        found = publish(About("m", "p", "t", ("a", "b", "c")), cells)
        name = f"publish {len(cells):,} cells of three dimensions, {found.audit.hidden_small:,} small"
        lines.append(line(name, time.process_time() - start, naive_cube(cells), 2.0, "CPU-s"))
    if given.attacks:
        lines.append(attacks(given.attacks))
    if given.json:
        print(json.dumps(lines, indent=1))
        return
    for found in lines:
        verdict = "met" if found["met"] else "short"
        print(
            f"{found['name']}: ours {found['ours']} {found['unit']}, peer {found['peer']}, ratio {found['ratio']}, "
            f"bar {found['bar']}, {verdict}"
        )


if __name__ == "__main__":
    main()
