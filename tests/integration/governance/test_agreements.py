"""Agreements to share data: dated, versioned, judged on any day, handed over with the body that ends."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from endeavour.core.models import AuditEntry, Body, Person
from endeavour.core.public import issue_token, today
from endeavour.errors import BadInput, Conflict, Forbidden
from endeavour.governance import actions, queries
from endeavour.governance.definitions_agreements import named_agreements
from endeavour.governance.models import DataAgreement

pytestmark = pytest.mark.django_db
SEED = "population-health-linked-data"


@pytest.fixture
def real(mapped: None, secretary: Person) -> Person:
    return secretary


def agree(by: Person, **other: object) -> DataAgreement:
    given = {
        "title": "Falls data", "controller": Body.objects.get(key="mseft"), "parties": [Body.objects.get(key="essex-cc")],
        "purpose": "Fewer falls", "lawful_basis": "UK GDPR article 6(1)(e)", "data": "Falls", "mode": "pseudonymised",
        "starts_on": today(), "review_on": today() + timedelta(days=365), "source": "Register of the trust",
    }  # fmt: skip
    return actions.agree_data(by=by, **{**given, **other})  # type: ignore[arg-type]


def test_every_party_that_the_pack_names_is_a_body_and_all_is_marked_illustrative(real: Person) -> None:
    known = set(Body.objects.values_list("key", flat=True))
    for terms in named_agreements("mse"):
        assert set(terms.everybody) <= known, terms.key
        assert terms.is_illustrative
        assert terms.source.startswith("Illustrative.")


def test_each_fault_is_worked_out_for_any_day(real: Person) -> None:
    def states(day: date) -> dict[str, list[str]]:
        return {row.terms.key: [f.state for f in row.findings] for row in queries.agreements(day)}

    now = states(date(2026, 11, 22))
    assert now[SEED] == ["party_ended", "review_missed"]
    assert now["health-profiles-2020"] == ["expired"]
    assert now["first-5000-households"] == ["party_ended", "review_missed"]
    assert now["shared-care-record"] == ["review_due"]
    assert now["voices-shared-insight"] == ["in_force"]
    assert states(date(2026, 3, 31))[SEED] == ["review_missed"], "the board still existed"
    assert states(date(2021, 1, 1))[SEED] == ["not_started"]
    assert states(date(2021, 1, 1))["health-profiles-2020"] == ["review_due"]


def test_the_ending_board_hands_its_agreements_over(real: Person) -> None:
    rows = {row.subject: row for row in queries.handover("icb", today()).rows if row.kind == "agreement"}
    assert set(rows) == {f"agreement:{SEED}", "agreement:first-5000-households"}
    assert {row.heir for row in rows.values()} == {"essex-icb"}
    assert not [r for r in queries.handover("ccg-thurrock", today()).rows if r.kind == "agreement"], "expired"
    icp = [row for row in queries.handover("icp", today()).without_heir if row.kind == "agreement"]
    assert [row.subject for row in icp] == ["agreement:voices-shared-insight"]
    heir = Body.objects.get(key="healthwatch-essex")
    actions.name_heir(
        by=real, body=Body.objects.get(key="icp"), subject=icp[0].subject, heir=heir, words="Agreed"
    )
    assert not [r for r in queries.handover("icp", today()).without_heir if r.kind == "agreement"]


def test_a_review_is_a_version_and_the_past_keeps_its_answer(real: Person) -> None:
    made = agree(real, starts_on=today() - timedelta(days=800), review_on=today() - timedelta(days=1))
    row = queries.agreement("falls-data", today())
    assert (row.state, row.findings[0].words.rpartition(" and ")[2]) == ("Review late", "is late by 1 day.")
    assert row in queries.faulty_agreements(today())
    agree(real, key="falls-data", starts_on=made.starts_on)
    row = queries.agreement("falls-data", today())
    assert (row.state, row.terms.version, len(row.versions)) == ("In force", 2, 2)
    assert "falls-data" not in {r.terms.key for r in queries.agreements(today() - timedelta(days=1))}
    audited = AuditEntry.objects.filter(action="governance.agree_data", subject="agreement:falls-data")
    assert audited.count() == 2
    for table in (DataAgreement.objects.all(), DataAgreement.parties.through.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            table._raw_delete(table.db)  # type: ignore[attr-defined]


def test_a_version_that_starts_later_does_not_stand_yet(real: Person) -> None:
    agree(real)
    agree(real, key="falls-data", mode="named", starts_on=today() + timedelta(days=9))
    assert queries.agreement("falls-data", today()).terms.mode == "pseudonymised"


def test_what_the_pack_names_takes_another_version_from_the_desk(real: Person) -> None:
    agree(real, key=SEED, title="Linked data", controller=Body.objects.get(key="essex-icb"))
    row = queries.agreement(SEED, today())
    assert (row.state, row.terms.version, row.terms.is_illustrative) == ("In force", 2, False)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"title": " "}, "a title"),
        ({"lawful_basis": ""}, "basis in law"),
        ({"mode": "open"}, "in what form"),
        ({"parties": []}, "another party"),
        ({"review_on": date(2020, 1, 1)}, "review must come after"),
        ({"ends_on": date(2020, 1, 1)}, "cannot end before"),
        ({"key": "nothing-known"}, "no entry"),
    ],
)
def test_half_an_agreement_is_refused(real: Person, given: dict[str, object], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        agree(real, **given)
    assert not DataAgreement.objects.exists()


def test_a_party_that_has_closed_cannot_join_and_a_title_is_taken_once(real: Person) -> None:
    with pytest.raises(Conflict, match="did not exist"):
        agree(real, parties=[Body.objects.get(key="icb")])
    agree(real)
    with pytest.raises(Conflict, match="of that title"):
        agree(real)
    with pytest.raises(Forbidden):
        agree(Person.objects.get(role="resident"), title="Other")


def test_the_form_reads_the_answers_back_names_an_unknown_body_and_publishes(
    desk: Client, real: Person
) -> None:
    form = {
        "title": "Falls data", "controller": "mseft", "parties": "Essex County Council\nNHS Nowhere", "purpose": "Fewer falls",
        "lawful_basis": "Article 6(1)(e)", "data": "Falls", "mode": "named", "starts_on": "2026-01-01", "ends_on": "",
        "review_on": "2027-01-01", "source": "Register", "_check": "yes",
    }  # fmt: skip
    wrong = desk.post("/data-agreements/new", form)
    assert wrong.status_code == 422
    assert "NHS Nowhere is no body" in wrong.content.decode()
    form["parties"] = "essex county council\nEPUT"
    page = desk.post("/data-agreements/new", form).content.decode()
    assert "Check your answers" in page
    assert "1 January 2027" in page
    assert not DataAgreement.objects.exists()
    del form["_check"]
    assert desk.post("/data-agreements/new", form).headers["Location"] == "/data-agreement/falls-data"
    page = desk.get("/data-agreement/falls-data").content.decode()
    assert "Essex Partnership University NHS Foundation Trust" in page
    filled = desk.get("/data-agreements/new?key=falls-data").content.decode()
    assert "Fewer falls" in filled


def test_register_file_desk_and_interface_say_the_same(client: Client, desk: Client, real: Person) -> None:
    page = client.get("/data-agreements").content.decode()
    assert "made up to show the register at work" in page
    lines = client.get("/data-agreements.csv").content.decode().splitlines()
    found = client.get("/api/governance/data-agreements").json()
    assert len(lines) - 1 == len(found) == len(named_agreements("mse"))
    assert {row["state"] for row in found} >= {"party_ended", "expired"}
    assert (
        "Data agreement: Linked data for population health management"
        in desk.get("/desk/today").content.decode()
    )
    assert client.get("/data-agreement/nothing").status_code == 404
    _, secret = issue_token(by=real, person=real, name="ours", scopes=["governance"])
    given = {"title": "Falls", "controller": "mseft", "parties": ["eput"], "purpose": "p", "lawful_basis": "l", "data": "d",
             "mode": "named", "starts_on": "2026-01-01", "review_on": "2027-01-01", "source": "s"}  # fmt: skip
    answer = client.post(
        "/api/governance/data-agreements", given, content_type="application/json", headers={"Authorization": f"Bearer {secret}"}
    )  # fmt: skip
    assert (answer.status_code, answer.json()["see"]) == (201, "/data-agreement/falls")
