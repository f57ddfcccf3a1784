"""Run every benchmark in bench/, one after the other, so that none disturbs another, and sum up their claims."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

BENCH = Path(__file__).parents[1] / "bench"
VERDICTS = ("met", "SHORT", "not judged", "recorded")


def main() -> int:
    """Run those named on the command line, or all; returns how many could not run. A claim that is short is no fault."""
    known = sorted(path.stem for path in BENCH.glob("[a-z]*.py"))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"one of {', '.join(known)}; all where omitted"
    )
    parser.add_argument("--small", action="store_true", help="only show that each runs, in a minute or two")
    parser.add_argument(
        "--large",
        action="store_true",
        help="also at ten times the size, where a figure grows with it: an hour",
    )
    given = parser.parse_args()
    if unknown := set(given.names) - set(known):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory(prefix="endeavour-bench-") as scratch:
        if given.small:
            os.environ["ENDEAVOUR_VAR"] = scratch
        asked = [f"--{name}" for name in ("small", "large") if getattr(given, name)]
        return run(given.names or known, asked)


def run(names: list[str], asked: list[str]) -> int:
    """Build the system as `make run` does, for several claims are about the whole of it; then run each of these."""
    endeavour = str(Path(sys.executable).with_name("endeavour"))
    size = ["--residents", "20000"] if "--small" in asked else []
    crashed = []
    if subprocess.run([endeavour, "up", "--build-only", *size], check=False).returncode:
        crashed.append("endeavour up --build-only")
    found: Counter[str] = Counter()
    short = []
    for name in names:
        print(f"\n== {name}", flush=True)
        command = [sys.executable, str(BENCH / f"{name}.py"), *asked]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
            assert running.stdout is not None
            for line in running.stdout:
                print(line, end="", flush=True)
                verdict = line.rstrip().rpartition(", ")[2]
                found[verdict] += verdict in VERDICTS
                if verdict == "SHORT":
                    short.append(f"{name}: {line.rstrip()}")
        if running.returncode:
            crashed.append(name)
    print("\n== summary")
    print(", ".join(f"{found[verdict]} {verdict}" for verdict in VERDICTS))
    for line in short:
        print(line)
    for name in crashed:
        print(f"{name} did not run to its end")
    return len(crashed)


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
