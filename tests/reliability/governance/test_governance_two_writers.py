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
    from datetime import date, timedelta
    from django.core.management import call_command
    from endeavour.core.accounts import ensure_demo_people
    from endeavour.core.models import Body, Person, Post
    from endeavour.core.public import now
    from endeavour.errors import UserError
    from endeavour.governance import actions, queries
    from endeavour.governance.models import AgendaItem, DataAgreement, Decision, Escalation, Meeting, Signature, WorkingDocument
    WORDS = {name: "Said." for name in (
        "title", "options", "decided", "reason", "effect_health", "effect_quality", "effect_resources", "effect_inequality")}
    words = actions.DecisionWords(level="neighbourhood", **WORDS)
    def share(who, key):
        controller, party = Body.objects.order_by("pk")[:2]
        actions.agree_data(by=who, key=key, title="Falls data", controller=controller, parties=[party], purpose="p",
            lawful_basis="l", data="d", mode="named", starts_on=date(2026, 1, 1), review_on=date(2099, 1, 1), source="s")
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
    Body.objects.create(key="trust", name="Trust", legal_form="other", partner_class="nhs")
    share(who, "")
    item = actions.add_item(by=who, meeting=meeting, title="Falls")
    actions.record_decision(by=who, item=item, words=words)
    coming = actions.call_meeting(by=who, body=body, title="Coming", starts_at=now() + timedelta(days=9), minutes=60, place="Hall")
    for n in range(5):
        actions.add_item(by=who, meeting=coming, title=f"Item {n}")
    trust = Body.objects.get(key="trust")
    Post.objects.create(key="trust-seat", body=body, title="Seat", nominated_by=trust)
    Person.objects.filter(username="partner").update(body=trust)
    actions.agree_document(by=who, body=body, kind="compact", words="We listen", agreed_on=date(2026, 1, 1), review_on=date(2099, 1, 1))
    actions.keep_register(by=who, register="safeguarding-routes", title="A route", body=trust, other=body,
        answers={"when": "w", "within": "4 hours", "unanswered": "u"}, starts_on=date(2026, 1, 1), review_on=date(2099, 1, 1), source="s")
"""
BOTH = """
    import json, sys
    who = Person.objects.get(username="secretary")
    item, first = AgendaItem.objects.get(title="Falls"), Decision.objects.order_by("pk").first()
    sys.stdout.write("ready\\n"); sys.stdout.flush(); sys.stdin.readline()
    shared = raised = 0
    partner, coming = Person.objects.get(username="partner"), Meeting.objects.get(title="Coming")
    try:
        actions.raise_escalation(by=who, route="a-route", reference="A-1", raised_at=now()); raised = 1
    except UserError:
        pass
    try:
        actions.record_decision(by=who, item=item, words=words, supersedes=first); won = 1
    except UserError:
        won = 0
    for _ in range(EACH):
        actions.record_decision(by=who, item=item, words=words)
        actions.add_item(by=who, meeting=item.meeting, title="Another")
        actions.sign_compact(by=partner, version=1, name="A", offers="o", needs="n")
        for moved in coming.items.order_by("-number"):
            try:
                actions.arrange_item(by=who, item=moved, place=None if moved.place == 3 else 1, why="So agreed")
            except UserError:
                pass
        actions.agree_document(by=who, body=item.meeting.body, kind="values", words="We listen",
            agreed_on=date(2026, 1, 1), review_on=date(2099, 1, 1))
        try:
            share(who, "falls-data"); shared += 1
        except UserError:
            pass
    print(json.dumps({"won": won, "shared": shared, "raised": raised}))
"""
LAST = """
    import json
    print(json.dumps({"keys": list(Decision.objects.values_list("key", flat=True)),
        "numbers": list(AgendaItem.objects.exclude(meeting__title="Coming").values_list("number", flat=True)),
        "places": list(AgendaItem.objects.filter(meeting__title="Coming", place__isnull=False).values_list("place", flat=True)),
        "signatures": Signature.objects.count(), "worries": Escalation.objects.count(),
        "documents": list(WorkingDocument.objects.filter(kind="values").values_list("version", flat=True)),
        "agreements": list(DataAgreement.objects.values_list("version", flat=True))}))
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
    first.communicate(timeout=300)
    assert first.returncode == 0
    running = [python(environment, BOTH) for _ in range(2)]
    for process in running:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in running:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate(timeout=300)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0]
    assert sum(json.loads(text)["won"] for text in said) == 1, "one undo wins"
    assert sum(json.loads(text)["raised"] for text in said) == 1, "a case is raised once"
    kept = json.loads(python(environment, LAST).communicate(timeout=300)[0])
    assert len(set(kept["keys"])) == len(kept["keys"]) == 2 + 2 * EACH
    assert sorted(kept["numbers"]) == list(range(1, 2 + 2 * EACH))
    assert sorted(kept["documents"]) == list(range(1, 1 + 2 * EACH))
    assert sorted(kept["places"]) == list(range(1, len(kept["places"]) + 1)), (
        "no two items stand at one place"
    )
    assert (kept["signatures"], kept["worries"]) == (2 * EACH, 1)
    shared = sum(json.loads(text)["shared"] for text in said)
    assert shared >= EACH
    assert sorted(kept["agreements"]) == list(range(1, 2 + shared)), "a refused version was not half written"
