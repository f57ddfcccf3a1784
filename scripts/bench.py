"""Run every benchmark in bench/, one after the other, so that none disturbs another."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).parents[1] / "bench"


def main() -> int:
    """Run those named on the command line, or all; returns how many could not run."""
    wanted = sys.argv[1:]
    # Several claims are about the whole system: it is built first, as `make run` builds it.
    built = subprocess.run(
        [str(Path(sys.executable).with_name("endeavour")), "up", "--build-only"], check=False
    )
    failed = int(built.returncode != 0)
    for path in sorted(BENCH.glob("[a-z]*.py")):
        if wanted and path.stem not in wanted:
            continue
        print(f"\n== {path.stem}", flush=True)
        # -P: bench/statistics.py must not stand in for the standard library's module of that name.
        failed += subprocess.run([sys.executable, "-P", str(path)], check=False).returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
