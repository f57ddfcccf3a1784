"""Run the tests: everything on SQLite, then what uses a database again on PostgreSQL where one listens."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
POSTGRES = os.environ.get("ENDEAVOUR_TEST_DATABASE_URL", "postgresql://root@127.0.0.1:5432/postgres")


def _pytest(*arguments: str, **environment: str) -> int:
    command = [sys.executable, "-m", "pytest", "-q", *arguments]
    # Django reads its settings before any conftest: what tests build must be pointed elsewhere from outside.
    with tempfile.TemporaryDirectory(prefix="endeavour-tests-") as scratch:
        surroundings = {**os.environ, "OMP_NUM_THREADS": "1", "ENDEAVOUR_VAR": scratch, **environment}
        return subprocess.run(command, cwd=ROOT, env=surroundings, check=False).returncode


def _postgres_listens() -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", 5432)) == 0


def main() -> int:
    """Run the suite; `--slow`, or requiring every tool as CI does, includes the tests marked slow."""
    required = os.environ.get("ENDEAVOUR_REQUIRE", "")
    slow = "--slow" in sys.argv or bool(required)
    failed = _pytest("-n", "2", "--dist", "loadgroup", *([] if slow else ["-m", "not slow"]))
    if _postgres_listens() or "postgres" in required:
        print("The tests that use a database, again on PostgreSQL:")
        which = "django_db and not sqlite and not browser" + ("" if slow else " and not slow")
        failed |= _pytest("-n", "2", "-m", which, DATABASE_URL=POSTGRES)
    else:
        print("PostgreSQL does not listen on 127.0.0.1:5432: its run is left out.")
    return failed


if __name__ == "__main__":
    sys.exit(main())
