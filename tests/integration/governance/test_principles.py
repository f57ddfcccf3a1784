"""The nine principles of 2020: named with a decision, counted, and shown where each principle stands."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from endeavour.core.models import Person
from endeavour.core.public import issue_token, today
from endeavour.errors import BadInput
from endeavour.governance import actions, queries
from endeavour.governance.models import Decision, Meeting
from endeavour.strategy.loading import load_statements
from endeavour.strategy.public import crosswalk, guides_on
from integration.governance.conftest import WORDS

pytestmark = pytest.mark.django_db
NINE = [f"P{n}" for n in range(1, 10)]


@pytest.fixture
def nine(held: Meeting) -> Meeting:
    """The meeting of last week, with the pack's statements installed."""
    load_statements("mse", by=None)
    return held


def decide(by: Person, held: Meeting, *principles: str, **other: object) -> Decision:
    words = replace(WORDS, principles=principles)
    return actions.record_decision(by=by, item=held.items.all()[0], words=words, **other)  # type: ignore[arg-type]


def test_the_nine_are_dated_and_lead_to_the_promises_that_carry_them_on(nine: Meeting) -> None:
    del nine
    held = guides_on("principles", today())
    assert [one.key for one in held] == NINE
    assert guides_on("principles", date(2020, 1, 1)) == []
    carried = {said.ref: tuple(heir.ref for heir in heirs) for said, heirs in crosswalk() if said.ref in NINE}
    assert {one.key: one.statements for one in held} == carried
    assert carried["P9"] == ()


def test_a_decision_keeps_its_principles_in_order_each_once_and_its_aims_beside_them(
    secretary: Person, nine: Meeting
) -> None:
    assert decide(secretary, nine, "P7", "P5", "P7").principles == ["P5", "P7"]
    words = replace(WORDS, principles=("P1",), aims=("outcomes",))
    both = actions.record_decision(by=secretary, item=nine.items.all()[0], words=words)
    assert (both.aims, both.principles) == (["outcomes"], ["P1"])
    assert decide(secretary, nine).principles is None


@pytest.mark.parametrize("principle", ["P10", "", "p5", "P5,P7", "W7", "outcomes"])
def test_what_is_no_principle_is_refused_and_nothing_is_recorded(
    secretary: Person, nine: Meeting, principle: str
) -> None:
    with pytest.raises(BadInput, match=r"is not a principle of 2020 on"):
        decide(secretary, nine, principle)
    assert Decision.objects.count() == 0


def test_where_no_principle_is_known_none_can_be_named_and_nobody_is_asked(
    desk: Client, secretary: Person, held: Meeting
) -> None:
    with pytest.raises(BadInput, match="is not a principle of 2020") as refused:
        decide(secretary, held, "P5")
    assert "There are no principles for that day." in str(refused.value.hint)
    assert (
        "principles of 2020 does it follow"
        not in desk.get(f"/meeting/{held.key}/item/1/decision").content.decode()
    )
    made = decide(secretary, held)
    assert "No principle named." not in desk.get(f"/decision/{made.key}").content.decode()
    assert "names no principles for that time" in desk.get("/principles").content.decode()


def test_each_principle_says_how_many_decisions_follow_it_with_links(
    client: Client, secretary: Person, nine: Meeting
) -> None:
    two = decide(secretary, nine, "P5", "P7")
    silent = decide(secretary, nine)
    covered = queries.guides_covered("principles", None, today())
    assert {row.key: [s.name for s in row.decisions] for row in covered.rows if row.decisions} == {
        "P5": [two.key],
        "P7": [two.key],
    }
    assert [s.name for s in covered.unserving.decisions] == [silent.key]
    assert covered.words.startswith(
        "Of 2 decisions, 1 names a principle. No decision follows: Prevention; Partnership"
    )
    assert {row.key: [s.name for s in row.promises] for row in covered.rows}["P8"] == ["W16", "W23"]
    page = client.get("/principles").content.decode()
    assert 'id="P5"' in page
    assert f'href="/decision/{two.key}"' in page
    assert "No principle named" in page
    assert 'href="/principles#P5"' in client.get("/promise/P5").content.decode()
    assert "/principles#" not in client.get("/promise/W7").content.decode()
    assert 'href="/principles"' in client.get("/statements?kind=principle").content.decode()
    rows = list(csv.DictReader(client.get("/principles.csv").content.decode("utf-8-sig").splitlines()))
    assert [(r["principle"], r["name"]) for r in rows if r["kind"] == "decision"] == [
        ("P5", two.key), ("P7", two.key), ("none", silent.key)
    ]  # fmt: skip
    told = client.get("/api/governance/principles").json()
    assert {row["key"]: len(row["decisions"]) for row in told["principles"] if row["decisions"]} == {
        "P5": 1,
        "P7": 1,
    }
    assert told["unserving"]["decisions"][0]["see"] == f"/decision/{silent.key}"
    assert "aims" not in told
    assert client.get("/api/governance/principles?from=2024-02-01&to=2024-01-01").status_code == 422


def test_the_form_asks_reads_back_and_starts_from_what_it_supersedes(desk: Client, nine: Meeting) -> None:
    address = f"/meeting/{nine.key}/item/1/decision"
    assert desk.get(address).content.decode().count('name="principles"') == 9
    typed = {k: v for k, v in WORDS.__dict__.items() if isinstance(v, str)}
    sent = {**typed, "aims": "outcomes", "principles": ["P5", "P9"]}
    read_back = desk.post(address, {**sent, "_check": "yes"}).content.decode()
    assert 'name="principles" value="P5,P9"' in read_back
    assert (
        "only for a good reason" in " ".join(read_back.split())
        or "for a good reason; Innovation" in read_back
    )
    desk.post(address, sent)
    made = Decision.objects.get()
    assert (made.aims, made.principles) == (["outcomes"], ["P5", "P9"])
    shown = desk.get(f"/decision/{made.key}").content.decode()
    assert "Subsidiarity: start at neighbourhood level" in shown
    assert "Prevention: act before" not in shown
    assert desk.get(f"{address}?supersedes={made.key}").content.decode().count("checked") == 3
    desk.post(f"{address}?supersedes={made.key}", typed)
    later = Decision.objects.get(supersedes=made)
    assert later.principles is None, "ticking nothing means none, and not what was before"
    assert "No principle named." in desk.get(f"/decision/{later.key}").content.decode()
    assert desk.post(address, {**typed, "principles": "moon"}).status_code == 422


def test_a_draft_keeps_every_principle_that_was_ticked(desk: Client, nine: Meeting) -> None:
    address = f"/meeting/{nine.key}/item/1/decision"
    desk.post("/desk/draft", {"_form": address, "title": "Half", "principles": ["P1", "P2", "P3"]})
    assert desk.get(address).content.decode().count("checked") == 3


def test_a_program_names_and_reads_them(client: Client, secretary: Person, nine: Meeting) -> None:
    _, secret = issue_token(by=secretary, person=secretary, name="our system", scopes=["governance"])
    headers = {"Authorization": f"Bearer {secret}"}
    path = f"/api/governance/meetings/{nine.key}/items/1/decisions"
    body = {**WORDS.__dict__, "principles": ["P5"]}
    made = client.post(path, body, content_type="application/json", headers=headers).json()
    key = made["name"].partition(":")[2]
    assert client.get(f"/api/governance/decisions/{key}").json()["principles"] == ["P5"]
    assert client.get("/api/governance/decisions").json()[0]["principles"] == ["P5"]
    refused = client.post(
        path, body | {"principles": ["P10"]}, content_type="application/json", headers=headers
    )
    assert refused.status_code == 422


def test_what_a_decision_named_is_never_changed(secretary: Person, nine: Meeting) -> None:
    made = decide(secretary, nine, "P5")
    with pytest.raises(DatabaseError):
        Decision.objects.filter(pk=made.pk).update(principles=["P1"])


def test_the_pages_ask_the_same_number_of_questions_however_much_there_is(
    client: Client, secretary: Person, nine: Meeting
) -> None:
    counts = []
    for _ in range(2):
        for _ in range(3):
            made = decide(secretary, nine, "P5", "P7")
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/principles").status_code == 200
        with CaptureQueriesContext(connection) as read:
            assert client.get(f"/decision/{made.key}").status_code == 200
        counts.append((len(asked), len(read)))
    assert counts[0] == counts[1]
    assert counts[0][0] <= 4
    assert counts[0][1] <= 7
