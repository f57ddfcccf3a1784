"""Two secretaries write at once: each decision has a number of its own, one undo wins, nothing is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

SERVER = "postgresql://postgres@127.0.0.1:5432/"
NAME = "endeavour_test_two_secretaries"
EACH = 4

SET_UP = """
    import django; django.setup()
    from datetime import timedelta
    from django.core.management import call_command
    from endeavour.core.accounts import ensure_demo_people
    from endeavour.core.models import Body, Person, Post
    from endeavour.core.public import now
    from endeavour.errors import UserError
    from endeavour.governance import actions, queries
    from endeavour.governance.models import AgendaItem, Decision, Meeting
    WORDS = {name: "Said." for name in (
        "title", "options", "decided", "reason", "effect_health", "effect_quality", "effect_resources", "effect_inequality")}
    words = actions.DecisionWords(level="neighbourhood", **WORDS)
"""
FIRST = """
    call_command("migrate", verbosity=0)
    ensure_demo_people()
    who = Person.objects.get(username="secretary")
    body = Body.objects.create(key="icp", name="ICP", legal_form="statutory_committee", partner_class="partnership")
    meeting = actions.call_meeting(by=who, body=body, title="", starts_at=now() - timedelta(days=1), minutes=60, place="Hall")
    for n in range(3):
        post = Post.objects.create(key=f"seat-{n}", body=body, title="Seat")
        actions.record_attendance(by=who, meeting=meeting, post=post, how="present")
    item = actions.add_item(by=who, meeting=meeting, title="Falls")
    actions.record_decision(by=who, item=item, words=words)
"""
BOTH = """
    import json, sys
    who = Person.objects.get(username="secretary")
    item, first = AgendaItem.objects.get(title="Falls"), Decision.objects.order_by("pk").first()
    sys.stdout.write("ready\\n"); sys.stdout.flush(); sys.stdin.readline()
    try:
        actions.record_decision(by=who, item=item, words=words, supersedes=first); won = 1
    except UserError:
        won = 0
    for _ in range(EACH):
        actions.record_decision(by=who, item=item, words=words)
        actions.add_item(by=who, meeting=item.meeting, title="Another")
    print(json.dumps({"won": won}))
"""
LAST = """
    import json
    print(json.dumps({"keys": list(Decision.objects.values_list("key", flat=True)),
        "numbers": list(AgendaItem.objects.values_list("number", flat=True))}))
"""


def python(environment: dict[str, str], code: str) -> subprocess.Popen[str]:
    code = textwrap.dedent(SET_UP) + textwrap.dedent(code).replace("EACH", str(EACH))
    return subprocess.Popen(
        [sys.executable, "-c", code], env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )  # fmt: skip


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def environment(request: pytest.FixtureRequest, var: Path) -> Iterator[dict[str, str]]:
    """An installation of its own on each database."""
    common = os.environ | {"ENDEAVOUR_VAR": str(var), "DJANGO_SETTINGS_MODULE": "endeavour.settings"}
    if request.param == "sqlite":
        yield common | {"DATABASE_URL": f"sqlite:///{var / 'two.sqlite3'}"}
        return
    import psycopg

    with psycopg.connect(SERVER + "postgres", autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {NAME}")
        server.execute(f"CREATE DATABASE {NAME}")
        yield common | {"DATABASE_URL": SERVER + NAME}
        server.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


@pytest.mark.slow
def test_two_who_write_at_once_lose_nothing_and_share_no_number(environment: dict[str, str]) -> None:
    first = python(environment, FIRST)
    first.communicate(timeout=120)
    assert first.returncode == 0
    running = [python(environment, BOTH) for _ in range(2)]
    for process in running:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in running:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate(timeout=120)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0]
    assert sum(json.loads(text)["won"] for text in said) == 1, "one undo wins"
    kept = json.loads(python(environment, LAST).communicate(timeout=120)[0])
    assert len(set(kept["keys"])) == len(kept["keys"]) == 2 + 2 * EACH
    assert sorted(kept["numbers"]) == list(range(1, 2 + 2 * EACH))
