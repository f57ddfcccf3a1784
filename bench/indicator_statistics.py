"""The statistics' claims of speed: ours, phstatsmethods and a plain loop over the groups, side by side in one run.

    .venv/bin/python bench/indicator_statistics.py [--json] [--small]

Times are CPU-seconds. phstatsmethods (GPL) is installed into an environment of its own under `var/bench` the first
time, and runs as another process; where that cannot be done it is said why and its lines are not judged.
"""

from __future__ import annotations

import csv
import os
import resource
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from _claims import Bench

sys.path.append(str(Path(__file__).parents[1] / "tests"))
from builders import slow_statistics as slow
from endeavour.engine.statistics.life_expectancy import ABRIDGED_AGES, life_expectancy
from endeavour.engine.statistics.means import mean
from endeavour.engine.statistics.proportions import proportion
from endeavour.engine.statistics.quantiles import quantile
from endeavour.engine.statistics.rates import rate
from endeavour.engine.statistics.slope_index import slope_index
from endeavour.engine.statistics.spc import control_chart
from endeavour.engine.statistics.standard_populations import ESP2013
from endeavour.engine.statistics.standardisation import dsr, indirect_rate, indirect_ratio
from endeavour.paths import var_dir

BOTH = (0.95, 0.998)
MANY, SOME, FEW = 1_000_000, 10_000, 500
PEER_RATIO = 100
HERE = Path(__file__).resolve().parent


def seconds(work: Callable[[], object]) -> float:
    """CPU-seconds of the best of up to three goes (one, when one is already long)."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
        if best > 0.5:
            break
    return best


def many_groups(bench: Bench, draw: np.random.Generator, many: int) -> None:
    """A million groups by each method against its bar, and a plain loop over 500 groups, scaled up, beside it."""

    def counts(mean_count: float, *shape: int) -> np.ndarray:
        return draw.poisson(mean_count, shape).astype(np.float64)

    def people(*shape: int) -> np.ndarray:
        return draw.integers(1000, 9000, shape).astype(np.float64)

    def against(name: str, bar: float, ours: Callable[[], object], loop: Callable[[], object]) -> None:
        taken, slowly = seconds(ours), seconds(loop) * many / FEW
        bench.claim(f"{name} (peer: a plain loop)", taken, "CPU-s", peer=slowly, most=bar)

    x, n = counts(20, many), people(many)
    for name, fast, one in (("proportion", proportion, slow.proportion), ("rate", rate, slow.rate)):
        against(
            f"{name}, {many:,} groups, two levels",
            1,
            lambda fast=fast: fast(x, n, confidence=BOTH),
            lambda one=one: [
                [one(a, b, level) for level in BOTH] for a, b in zip(x[:FEW], n[:FEW], strict=True)
            ],
        )
    x, n = counts(3, many, 19), people(many, 19)
    against(
        f"dsr, {many:,} groups of 19 bands, two levels",
        3,
        lambda: dsr(x, n, ESP2013, confidence=BOTH),
        lambda: [[slow.dsr(x[i], n[i], ESP2013, level) for level in BOTH] for i in range(FEW)],
    )
    x, n = counts(10, many, 20), people(many, 20)
    against(
        f"life expectancy at every age, {many:,} groups of 20 bands, two levels",
        5,
        lambda: life_expectancy(x, n, confidence=BOTH),
        lambda: [
            [slow.life_expectancy(x[i], n[i], ABRIDGED_AGES, level) for level in BOTH] for i in range(FEW)
        ],
    )
    n, y = people(many, 10), draw.normal(75, 3, (many, 10))
    against(
        f"slope index (exact limits; the loop has none), {many:,} groups of 10, two levels",
        2,
        lambda: slope_index(y, n, 0.5, confidence=BOTH),
        lambda: [slow.slope(y[i], n[i]) for i in range(FEW)],
    )


def charts(bench: Bench, draw: np.random.Generator) -> None:
    series = draw.normal(50, 5, (540, 30))
    taken = seconds(lambda: control_chart(series))
    bench.claim("control charts, 540 series of 30 points", taken, "CPU-s", most=0.054)


def peer_python() -> tuple[Path | None, str]:
    """phstatsmethods's own interpreter, made on first use, or why there is none."""
    home = var_dir() / "bench" / "phstatsmethods"
    python = home / "bin" / "python"
    try:
        if not python.exists():
            venv.create(home, with_pip=True)
        if not list(home.glob("lib/*/site-packages/PHStatsMethods")):
            install = [str(python), "-m", "pip", "install", "--quiet", "phstatsmethods==0.1.16"]
            subprocess.run(install, check=True, capture_output=True, timeout=240)
    except (OSError, subprocess.SubprocessError) as error:
        return None, f"phstatsmethods could not be installed ({type(error).__name__})"
    return python, ""


def peers(bench: Bench, draw: np.random.Generator, some: int) -> None:
    """10,000 groups by each method phstatsmethods has."""
    python, why = peer_python()
    g = np.arange(some)
    x, n = draw.poisson(20, some) + 10, draw.integers(1000, 9000, some)
    bands = {
        "g": np.repeat(g, 19),
        "x": draw.poisson(3, some * 19) + 1,
        "n": draw.integers(1000, 9000, some * 19),
    }
    bands |= {
        "w": np.tile(ESP2013, some),
        "rx": np.tile(np.arange(50, 69), some),
        "rn": np.full(some * 19, 50_000),
    }
    values = {"g": np.repeat(g, 12), "v": draw.normal(50, 5, some * 12).round(6)}
    laid = {key: array.reshape(some, 19).astype(np.float64) for key, array in bands.items()}
    reference = laid["rx"][0], laid["rn"][0]
    cases: dict[str, tuple[dict[str, np.ndarray], Callable[[], object]]] = {
        "proportion": ({"g": g, "x": x, "n": n}, lambda: proportion(x, n, confidence=BOTH)),
        "rate": ({"g": g, "x": x, "n": n}, lambda: rate(x, n, confidence=BOTH)),
        "mean": (values, lambda: mean(values["v"], values["g"], confidence=BOTH)),
        "dsr": (bands, lambda: dsr(laid["x"], laid["n"], ESP2013, confidence=BOTH)),
        "isr-rate": (bands, lambda: indirect_rate(laid["x"], laid["n"], *reference, confidence=BOTH)),
        "isr-ratio": (bands, lambda: indirect_ratio(laid["x"], laid["n"], *reference, confidence=BOTH)),
        "quantile": (values, lambda: quantile(values["v"], values["g"])),
    }
    own = {name: seconds(ours) for name, (_, ours) in cases.items()}
    with ThreadPoolExecutor(2) as pool:  # two of its processes at a time: only their own CPU-seconds count
        waiting = {name: pool.submit(peer_seconds, python, name, table) for name, (table, _) in cases.items()}
    for name, taken in own.items():
        peer = why or "peer: phstatsmethods"
        bench.claim(
            f"{name}, {some:,} groups ({peer})", taken, "CPU-s", peer=waiting[name].result(), times=PEER_RATIO
        )


def peer_seconds(python: Path | None, method: str, table: dict[str, np.ndarray]) -> float | None:
    if python is None:
        return None
    with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(table)
        writer.writerows(zip(*(column.tolist() for column in table.values()), strict=True))
        file.flush()
        command = [str(python), str(HERE / "_phstatsmethods.py"), method, file.name]
        environment = clean_environment()
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=300, env=environment, check=False
            )
        except subprocess.TimeoutExpired:
            print(f"phstatsmethods took over five minutes at {method}", file=sys.stderr)
            return None
    if done.returncode:
        print(f"phstatsmethods failed at {method}: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        return None
    return float(done.stdout)


def clean_environment() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key not in {"PYTHONPATH", "VIRTUAL_ENV"}}


def main() -> None:
    bench = Bench(__doc__)
    small = bench.start().small
    many, some = (FEW, 100) if small else (MANY, SOME)
    draw = np.random.default_rng(2024)
    np.seterr(all="ignore")
    many_groups(bench, draw, many)
    charts(bench, draw)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    bench.claim("peak memory of all the above", peak, "GB", most=2)
    peers(bench, draw, some)
    bench.end()


if __name__ == "__main__":
    main()
