"""Two people import at once, or a file is torn: one answer, nothing half-stored."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

SMALL = "\n".join(
    ["# Test Integrated Care Strategy", "2024-2030", "June 2024", "# 1. Context"]
    + [f"W{n}\tWe will plant tree number {n}. (W{n} - 09/24 and ongoing)" for n in range(1, 60)]
)
COMMAND = [sys.executable, "-c", "from endeavour.cli import main; main()", "strategy", "import"]


@pytest.fixture
def environment(var: Path) -> dict[str, str]:
    found = os.environ | {
        "ENDEAVOUR_VAR": str(var),
        "DATABASE_URL": f"sqlite:///{var / 'endeavour.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "endeavour.settings",
    }
    subprocess.run([sys.executable, "-m", "django", "migrate", "-v0"], env=found, check=True, timeout=180)
    return found


def stored(var: Path) -> tuple[int, int]:
    with sqlite3.connect(var / "endeavour.sqlite3") as base:
        count = base.execute("select count(*) from strategy_statement").fetchone()[0]
        return count, base.execute(
            "select count(*) from core_auditentry where action = 'strategy.import'"
        ).fetchone()[0]


@pytest.mark.slow
def test_two_imports_at_once_store_it_once_and_a_torn_file_stores_nothing(
    environment: dict[str, str], var: Path, tmp_path: Path
) -> None:
    torn = tmp_path / "torn.txt"
    torn.write_text(SMALL + "\nW60\tWe will stop. (W61 - 09/24)\n", encoding="utf-8")
    refused = subprocess.run(
        [*COMMAND, str(torn)], check=False, env=environment, capture_output=True, text=True, timeout=120
    )
    assert refused.returncode == 65
    assert "torn.txt, line 64: The row is labelled W60" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert stored(var) == (0, 0)

    file = tmp_path / "small.txt"
    file.write_text(SMALL, encoding="utf-8")
    running = [
        subprocess.Popen([*COMMAND, str(file)], env=environment, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    words = [process.communicate(timeout=120)[1] for process in running]
    assert [process.returncode for process in running] == [0, 0], words
    assert stored(var) == (59, 1)
    assert sorted("59 new" in said for said in words) == [False, True]
