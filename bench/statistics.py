"""The statistics' claims of speed: ours, phstatsmethods and a plain loop over the groups, side by side in one run.

    .venv/bin/python bench/statistics.py [--json]

Times are CPU-seconds. phstatsmethods (GPL) is installed into an environment of its own under `var/bench` the first
time, and runs as another process; where that cannot be done its lines say why and are not counted.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:] = [
    entry for entry in sys.path if Path(entry or ".").resolve() != HERE
]  # this file is called statistics
sys.path.append(str(HERE.parent / "tests"))

import csv  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import resource  # noqa: E402
import subprocess  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
import venv  # noqa: E402
from collections.abc import Callable, Iterator  # noqa: E402
from concurrent.futures import ThreadPoolExecutor  # noqa: E402

import numpy as np  # noqa: E402

from builders import slow_statistics as slow  # noqa: E402
from endeavour.engine.statistics.life_expectancy import ABRIDGED_AGES, life_expectancy  # noqa: E402
from endeavour.engine.statistics.means import mean  # noqa: E402
from endeavour.engine.statistics.proportions import proportion  # noqa: E402
from endeavour.engine.statistics.quantiles import quantile  # noqa: E402
from endeavour.engine.statistics.rates import rate  # noqa: E402
from endeavour.engine.statistics.slope_index import slope_index  # noqa: E402
from endeavour.engine.statistics.spc import control_chart  # noqa: E402
from endeavour.engine.statistics.standard_populations import ESP2013  # noqa: E402
from endeavour.engine.statistics.standardisation import dsr, indirect_rate, indirect_ratio  # noqa: E402
from endeavour.paths import var_dir  # noqa: E402

BOTH = (0.95, 0.998)
MANY, SOME, FEW = 1_000_000, 10_000, 500
PEER_RATIO = 100
Row = dict[str, object]


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


def line(name: str, ours: float, peer: float | None, bar: str, met: bool | None) -> Row:
    ratio = None if not peer or not ours else peer / ours
    state = "not run" if met is None else "met" if met else "SHORT"
    return {"name": name, "ours": ours, "peer": peer, "ratio": ratio, "bar": bar, "state": state}


def many_groups(draw: np.random.Generator) -> Iterator[Row]:
    """A million groups by each method against its bar, and a plain loop over 500 groups, scaled up, beside it."""

    def counts(mean_count: float, *shape: int) -> np.ndarray:
        return draw.poisson(mean_count, shape).astype(np.float64)

    def people(*shape: int) -> np.ndarray:
        return draw.integers(1000, 9000, shape).astype(np.float64)

    def against(name: str, bar: float, ours: Callable[[], object], loop: Callable[[], object]) -> Row:
        taken, slowly = seconds(ours), seconds(loop) * MANY / FEW
        return line(f"{name}; peer: a plain loop", taken, slowly, f"under {bar:g} s", taken < bar)

    x, n = counts(20, MANY), people(MANY)
    for name, fast, one in (("proportion", proportion, slow.proportion), ("rate", rate, slow.rate)):
        yield against(
            f"{name}, 1,000,000 groups, two levels",
            1,
            lambda fast=fast: fast(x, n, confidence=BOTH),
            lambda one=one: [
                [one(a, b, level) for level in BOTH] for a, b in zip(x[:FEW], n[:FEW], strict=True)
            ],
        )
    x, n = counts(3, MANY, 19), people(MANY, 19)
    yield against(
        "dsr, 1,000,000 groups of 19 bands, two levels",
        3,
        lambda: dsr(x, n, ESP2013, confidence=BOTH),
        lambda: [[slow.dsr(x[i], n[i], ESP2013, level) for level in BOTH] for i in range(FEW)],
    )
    x, n = counts(10, MANY, 20), people(MANY, 20)
    yield against(
        "life expectancy at every age, 1,000,000 groups of 20 bands, two levels",
        5,
        lambda: life_expectancy(x, n, confidence=BOTH),
        lambda: [
            [slow.life_expectancy(x[i], n[i], ABRIDGED_AGES, level) for level in BOTH] for i in range(FEW)
        ],
    )
    n, y = people(MANY, 10), draw.normal(75, 3, (MANY, 10))
    yield against(
        "slope index (exact limits; the loop has none), 1,000,000 groups of 10, two levels",
        2,
        lambda: slope_index(y, n, 0.5, confidence=BOTH),
        lambda: [slow.slope(y[i], n[i]) for i in range(FEW)],
    )


def charts(draw: np.random.Generator) -> Iterator[Row]:
    series = draw.normal(50, 5, (540, 30))
    taken = seconds(lambda: control_chart(series))
    yield line("control charts, 540 series of 30 points", taken, None, "under 0.054 s", taken < 0.054)


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


def peers(draw: np.random.Generator) -> Iterator[Row]:
    """10,000 groups by each method phstatsmethods has."""
    python, why = peer_python()
    g = np.arange(SOME)
    x, n = draw.poisson(20, SOME) + 10, draw.integers(1000, 9000, SOME)
    bands = {
        "g": np.repeat(g, 19),
        "x": draw.poisson(3, SOME * 19) + 1,
        "n": draw.integers(1000, 9000, SOME * 19),
    }
    bands |= {
        "w": np.tile(ESP2013, SOME),
        "rx": np.tile(np.arange(50, 69), SOME),
        "rn": np.full(SOME * 19, 50_000),
    }
    values = {"g": np.repeat(g, 12), "v": draw.normal(50, 5, SOME * 12).round(6)}
    laid = {key: array.reshape(SOME, 19).astype(np.float64) for key, array in bands.items()}
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
    bar = f"{PEER_RATIO} times"
    own = {name: seconds(ours) for name, (_, ours) in cases.items()}
    with ThreadPoolExecutor(2) as pool:  # two of its processes at a time: only their own CPU-seconds count
        waiting = {name: pool.submit(peer_seconds, python, name, table) for name, (table, _) in cases.items()}
    for name, taken in own.items():
        title = f"{name}, 10,000 groups; peer: phstatsmethods"
        if python is None:
            yield line(f"{title} ({why})", taken, None, bar, None)
            continue
        theirs = waiting[name].result()
        yield line(title, taken, theirs, bar, None if theirs is None else theirs / taken >= PEER_RATIO)


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


def memory() -> Iterator[Row]:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    yield line("peak memory of all the above, GB", peak, None, "under 2 GB", peak < 2)


def main() -> None:
    draw = np.random.default_rng(2024)
    np.seterr(all="ignore")
    results: list[Row] = []
    for part in (many_groups(draw), charts(draw), memory(), peers(draw)):
        for row in part:
            results.append(row)
            if "--json" not in sys.argv:
                peer = "-" if row["peer"] is None else f"{row['peer']:.4g}"
                ratio = "-" if row["ratio"] is None else f"{row['ratio']:.0f}x"
                text = f"{row['name']:<82} ours {row['ours']:<9.4g} peer {peer:<9} {ratio:<8}"
                print(f"{text} bar {row['bar']:<14} {row['state']}", flush=True)
    if "--json" in sys.argv:
        print(json.dumps(results))


if __name__ == "__main__":
    main()
