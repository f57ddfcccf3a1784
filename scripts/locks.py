"""Lock every set of requirements with hashes, all agreeing with the largest, and with no address in any of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXTRAS = ["engine", "linkage", "documents", "pdf", "search", "feeds"]
# Largest first: every other set is constrained by it.
SETS: dict[str, tuple[list[str], list[str]]] = {
    "spark": ([*EXTRAS, "models", "spark"], ["dev", "e2e"]),
    "test": ([*EXTRAS, "models"], ["dev", "e2e"]),
    "fuzz": ([*EXTRAS, "models"], ["dev", "e2e", "fuzz"]),
    "run": (EXTRAS, []),
    "base": ([], []),
}


def main() -> int:
    """Write requirements/NAME.lock for each set; fails if an address slipped in."""
    for name, (extras, groups) in SETS.items():
        out = ROOT / f"requirements/{name}.lock"
        command = [
            str(ROOT / ".tools/bin/uv"),
            "pip",
            "compile",
            "--quiet",
            "pyproject.toml",
            "--generate-hashes",
        ]
        command += ["--no-annotate", "--no-header", "--python-version", "3.11", "--output-file", str(out)]
        command += [word for extra in extras for word in ("--extra", extra)]
        command += [word for group in groups for word in ("--group", group)]
        if name != "spark":
            command += ["--constraint", "requirements/spark.lock"]
        subprocess.run(command, cwd=ROOT, check=True)
        if "://" in out.read_text(encoding="utf-8"):
            sys.exit(f"{out.name} holds an address. Remove it before committing.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
