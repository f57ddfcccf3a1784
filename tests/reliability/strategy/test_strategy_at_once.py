"""Two people publish at the same moment: one meaning holds, one release is kept, and nobody sees a traceback."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

WORK = """
import django; django.setup()
from datetime import date
from endeavour.core.public import Person
from endeavour.errors import Conflict
from endeavour.strategy.language import agree_meaning
from endeavour.strategy.report.freezing import freeze_report
from endeavour.strategy.plans import add_plan
import sys
who = Person.objects.get(username="sec")
for deed in (
    lambda: agree_meaning(by=who, term="Compact", meaning=sys.argv[1], valid_from=date(2026, 11, 1)),
    lambda: freeze_report(by=who, as_at=date(2026, 11, 1)),
    lambda: add_plan(by=who, key="p", title=sys.argv[1], owner="b"),
):
    try:
        deed()
        print("done")
    except Conflict as error:
        print("refused")
"""
MAKE = """
import django; django.setup()
from endeavour.core.public import Body, Person
Person.objects.create(username="sec", role="secretary")
Body.objects.create(key="b", name="B", legal_form="other", partner_class="other")
"""


@pytest.mark.slow
def test_two_writers_at_once_leave_one_of_each(var: Path) -> None:
    environment = os.environ | {
        "ENDEAVOUR_VAR": str(var),
        "DATABASE_URL": f"sqlite:///{var / 'endeavour.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "endeavour.settings",
        "ENDEAVOUR_TODAY": "2026-11-22",
    }
    for first in (["-m", "django", "migrate", "-v0"], ["-c", MAKE]):
        subprocess.run([sys.executable, *first], env=environment, check=True, timeout=180)
    both = [
        subprocess.Popen(
            [sys.executable, "-c", WORK, name], env=environment, stdout=subprocess.PIPE, text=True
        )
        for name in ("one", "two")
    ]
    said = [process.communicate(timeout=120)[0].split() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert all("done" in pair for pair in zip(*said, strict=True))
    with sqlite3.connect(var / "endeavour.sqlite3") as base:
        counts = [
            base.execute(f"select count(*) from strategy_{table}").fetchone()[0]
            for table in ("glossaryterm", "release", "plan")
        ]
    assert counts == [1, 1, 1]
