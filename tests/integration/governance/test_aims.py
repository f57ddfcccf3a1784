"""The aims of care systems: named with a decision, counted for decisions and promises, shown as evidence of the duty."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from endeavour.core.loading import load_pack
from endeavour.core.models import Body, Person
from endeavour.core.public import issue_token, today
from endeavour.errors import BadInput
from endeavour.governance import actions, queries
from endeavour.governance.definitions import DutyEntry
from endeavour.governance.models import Decision, Meeting
from endeavour.pack import Pack
from endeavour.strategy.loading import load_statements
from endeavour.strategy.public import aims_of_statement, guides_on, outline
from integration.governance.conftest import WORDS

pytestmark = pytest.mark.django_db
EVERY = ("outcomes", "inequalities", "productivity", "development")


def decide(by: Person, held: Meeting, *aims: str, **other: object) -> Decision:
    return actions.record_decision(by=by, item=held.items.all()[0], words=replace(WORDS, aims=aims), **other)  # type: ignore[arg-type]


def duty(key: str, day: date | None = None) -> queries.DutyRow:
    return next(row for row in queries.register(day or today()) if row.duty.key == key)


def test_the_pack_dates_the_four_aims_and_reads_real_promises_into_them() -> None:
    load_pack(Pack.open("mse"), by=None)
    load_statements("mse", by=None)
    assert tuple(aim.key for aim in guides_on("aims", date(2024, 1, 1))) == EVERY
    assert guides_on("aims", date(2022, 6, 30)) == []
    served = {ref for aim in outline().aims for ref in aim.statements}
    known = {s.name for s in queries.guides_covered("aims", None, today()).unserving.promises}
    assert served
    assert not served & known
    assert [aim.key for aim in aims_of_statement("W10", today())] == ["inequalities", "development"]


def test_a_decision_keeps_its_aims_in_the_packs_order_each_once(secretary: Person, held: Meeting) -> None:
    assert decide(secretary, held, "productivity", "outcomes", "outcomes").aims == [
        "outcomes",
        "productivity",
    ]
    assert decide(secretary, held).aims is None


@pytest.mark.parametrize("aim", ["growth", "", "OUTCOMES", "outcomes,inequalities"])
def test_what_is_no_aim_is_refused_and_nothing_is_recorded(
    secretary: Person, held: Meeting, aim: str
) -> None:
    with pytest.raises(BadInput, match="is not an aim of care systems"):
        decide(secretary, held, aim)
    assert Decision.objects.count() == 0


def test_the_coverage_counts_each_decision_by_aim_and_lists_what_names_none(
    client: Client, secretary: Person, held: Meeting
) -> None:
    two = decide(secretary, held, "outcomes", "inequalities")
    silent = decide(secretary, held)
    covered = queries.guides_covered("aims", None, today())
    assert {row.key: [s.name for s in row.decisions] for row in covered.rows} == {
        "outcomes": [two.key], "inequalities": [two.key], "productivity": [], "development": []
    }  # fmt: skip
    assert [s.name for s in covered.unserving.decisions] == [silent.key]
    assert covered.words.startswith(
        "Of 2 decisions, 1 names an aim. No decision serves: Enhance productivity"
    )
    page = client.get("/aims").content.decode()
    assert f'href="/decision/{silent.key}"' in page
    assert "No aim named" in page
    rows = list(csv.DictReader(client.get("/aims.csv").content.decode("utf-8-sig").splitlines()))
    assert [(r["aim"], r["name"]) for r in rows if r["kind"] == "decision"] == [
        ("outcomes", two.key), ("inequalities", two.key), ("none", silent.key)
    ]  # fmt: skip
    told = client.get("/api/governance/aims").json()
    assert (told["decisions"], [len(aim["decisions"]) for aim in told["aims"]]) == (2, [1, 1, 0, 0])
    assert told["unserving"]["decisions"][0]["see"] == f"/decision/{silent.key}"


def test_a_time_without_the_meeting_counts_nothing_and_a_superseded_decision_counts_no_more(
    client: Client, secretary: Person, held: Meeting
) -> None:
    first = decide(secretary, held, "outcomes")
    day = held.starts_at.date()
    assert queries.guides_covered("aims", day, day).decisions == 0, "it was not known on that day"
    assert queries.guides_covered("aims", day + timedelta(1), today()).decisions == 0, (
        "the meeting was before"
    )
    assert queries.guides_covered("aims", day, today()).decisions == 1
    decide(secretary, held, "development", supersedes=first)
    covered = queries.guides_covered("aims", day, today())
    assert [len(row.decisions) for row in covered.rows] == [0, 0, 0, 1]
    assert (
        client.get("/aims?from=2022-01-01&to=2022-06-30")
        .content.decode()
        .count("names no aims for that time")
        == 1
    )
    assert client.get("/aims?from=2024-02-01&to=2024-01-01").status_code == 422
    assert client.get("/aims?from=0022-01-01").status_code == 422
    assert client.get("/api/governance/aims?from=2024-02-01&to=2024-01-01").status_code == 422


def test_the_form_asks_reads_back_and_starts_from_what_it_supersedes(
    desk: Client, secretary: Person, held: Meeting
) -> None:
    address = f"/meeting/{held.key}/item/1/decision"
    assert desk.get(address).content.decode().count('type="checkbox"') == 4
    typed = {k: v for k, v in WORDS.__dict__.items() if k not in {"aims", "reach"}} | {"reach": ""}
    read_back = desk.post(
        address, {**typed, "aims": ["outcomes", "development"], "_check": "yes"}
    ).content.decode()
    assert "Improve outcomes in population health and healthcare; Help the NHS support" in read_back
    assert 'name="aims" value="outcomes,development"' in read_back
    desk.post(address, {**typed, "aims": "outcomes,development"})
    made = Decision.objects.get()
    assert made.aims == ["outcomes", "development"]
    again = desk.get(f"{address}?supersedes={made.key}").content.decode()
    assert again.count("checked") == 2
    desk.post(f"{address}?supersedes={made.key}", typed)
    later = Decision.objects.get(supersedes=made)
    assert later.aims is None, "ticking nothing means none, and not what was before"
    assert desk.post(address, {**typed, "aims": "moon"}).status_code == 422
    page = desk.get(f"/decision/{later.key}").content.decode()
    assert "No aim named." in page


def test_a_draft_keeps_every_box_that_was_ticked(desk: Client, held: Meeting) -> None:
    address = f"/meeting/{held.key}/item/1/decision"
    desk.post("/desk/draft", {"_form": address, "title": "Half", "aims": ["outcomes", "productivity"]})
    assert desk.get(address).content.decode().count("checked") == 2


def test_a_program_names_and_reads_them(client: Client, secretary: Person, held: Meeting) -> None:
    _, secret = issue_token(by=secretary, person=secretary, name="our system", scopes=["governance"])
    headers = {"Authorization": f"Bearer {secret}"}
    path = f"/api/governance/meetings/{held.key}/items/1/decisions"
    body = {**WORDS.__dict__, "aims": ["inequalities"]}
    made = client.post(path, body, content_type="application/json", headers=headers).json()
    key = made["name"].partition(":")[2]
    assert client.get(f"/api/governance/decisions/{key}").json()["aims"] == ["inequalities"]
    refused = client.post(path, body | {"aims": ["moon"]}, content_type="application/json", headers=headers)
    assert refused.status_code == 422


def test_every_decision_that_names_an_aim_shows_the_duty_and_one_that_names_none_leaves_it_unproven(
    secretary: Person, held: Meeting
) -> None:
    assert duty("aims").finding.state == "unproven"
    silent = decide(secretary, held)
    assert duty("aims").finding.because == (f"decision:{silent.key}",)
    decide(secretary, held, "outcomes", supersedes=silent)
    assert duty("aims").finding.state == "met"
    assert "names the aims it serves" in duty("aims").evidence_words[-1]


def test_a_need_that_was_considered_shows_the_duty_once_its_decision_is_named(
    secretary: Person, held: Meeting, icp: Body
) -> None:
    given = {
        "register": "joint-arrangements", "title": "Falls at home", "body": icp, "starts_on": today(),
        "other": Body.objects.get(key="n1"), "review_on": today() + timedelta(days=365), "source": "Minutes",
        "answers": {"need": "Falls at home", "considered": "One pooled fund", "concluded": "Not yet", "stands": ""},
    }  # fmt: skip
    before = duty("consider-section-75").finding
    assert before.state == "unproven"
    kept = actions.keep_register(by=secretary, **given)
    undecided = duty("consider-section-75")
    assert (undecided.finding.state, "No decision is named." in undecided.finding.words) == ("unproven", True)
    actions.keep_register(
        by=secretary, key=kept.key, decision=decide(secretary, held, "productivity"), **given
    )
    shown = duty("consider-section-75")
    assert shown.finding.state == "met"
    assert shown.finding.because == (f"register:joint-arrangements/{kept.key}",)
    assert duty("consider-section-75", today() - timedelta(1)).finding.state == "unproven"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"falls_short": "silence"}, "falls_short goes with"),
        ({"kept_in": "moon"}, "there is no register 'moon'"),
    ],
)
def test_a_duty_that_nothing_could_ever_show_is_refused(given: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        DutyEntry(key="k", title="T", act="A", commenced=date(2022, 1, 1), needs="receipt", **given)  # type: ignore[arg-type]


def test_the_coverage_asks_the_same_number_of_questions_however_much_there_is(
    client: Client, secretary: Person, held: Meeting
) -> None:
    counts = []
    for _ in range(2):
        for _ in range(3):
            decide(secretary, held, "outcomes")
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/aims").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 3


def test_where_nothing_was_decided_the_table_says_so_and_the_source_stands_once(client: Client) -> None:
    load_pack(Pack.open("mse"), by=None)
    load_statements("mse", by=None)
    page = client.get("/aims").content.decode()
    assert "0 of 0" not in page
    assert page.count('<td class="ce-number">none yet</td>') == len(EVERY) + 1
    assert page.count("Source: Strategy, section 1.8") == 1
