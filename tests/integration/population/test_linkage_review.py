"""Judging doubtful pairs: one at a time, in scope, written down, and binding on the next run of the linkage."""

import json
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from builders.people import write_pairs, write_patterns
from endeavour.core.models import AuditEntry
from endeavour.engine.linkage.paths import keyed_dir
from endeavour.engine.linkage.review import read_decisions
from endeavour.errors import Conflict
from endeavour.population import actions
from endeavour.population.models import PairJudgement
from endeavour.population.queries import linkage

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(var: Path) -> Path:
    """A finished run with two doubtful pairs."""
    write_pairs(var)
    linkage._pairs.cache_clear()
    return var


def judge(people, verdict: str, left: str = "housing:1", right: str = "nhs:2") -> PairJudgement:
    return actions.judge_pair(by=people.practitioner, left_id=left, right_id=right, verdict=verdict)


def test_a_pair_is_shown_alone_with_its_evidence_and_the_look_is_written_down(
    people, waiting, client
) -> None:
    client.force_login(people.practitioner)
    page = client.get("/linkage/review").content.decode()
    assert "Margaret" in page
    assert ">Surname: same rare surname</text>" in page
    assert ">+8.0</text>" in page, (
        "the number has a place of its own, where no long name can push it off the picture"
    )
    assert "5 in 10" in page
    assert "2 pairs wait" in page
    assert "Police and fire" not in page, "the other pair stays closed"
    entry = AuditEntry.objects.latest("id")
    assert (entry.action, entry.subject) == ("population.see_pair", "pair:housing:1 nhs:2")


def test_where_no_pair_waits_no_look_is_told_of_or_written_down(people, var, client) -> None:
    linkage._pairs.cache_clear()
    client.force_login(people.practitioner)
    page = client.get("/linkage/review").content.decode()
    assert "No pair waits for you" in page
    assert "is written down" not in page
    assert not AuditEntry.objects.filter(action="population.see_pair").exists()


@pytest.mark.django_db(transaction=True)
def test_an_answer_binds_the_next_run_and_leads_to_the_next_pair(people, waiting, client: Client) -> None:
    client.force_login(people.practitioner)
    given = {"left_id": "housing:1", "right_id": "nhs:2", "verdict": "same", "why": "One nickname"}
    assert client.post("/linkage/review", given).status_code == 302
    (decision,) = read_decisions()
    assert (decision.pair, decision.verdict) == (("housing:1", "nhs:2"), "same")
    assert "practitioner" not in json.dumps([decision.decided_by]), "a reference, not a name"
    page = client.get("/linkage/review").content.decode()
    assert "1 pair waits" in page
    assert client.post("/linkage/review", given).status_code == 409


@pytest.mark.django_db(transaction=True)
def test_an_answer_taken_back_is_superseded_and_the_run_decides_again(people, waiting) -> None:
    judge(people, "different")
    actions.take_back_judgement(
        by=people.practitioner, left_id="housing:1", right_id="nhs:2", why="Wrong button"
    )
    assert [d.verdict for d in read_decisions()] == ["unsure"]
    assert PairJudgement.objects.count() == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        PairJudgement.objects.all().delete()


@pytest.mark.parametrize(
    ("partner_class", "seen"),
    [("partnership", 2), ("nhs", 1), ("blue_light", 1), ("vcse", 1), ("education", 0)],
)
def test_a_body_reads_only_pairs_with_a_record_of_its_own(people, waiting, partner_class, seen) -> None:
    body = people.practitioner.body
    body.partner_class = partner_class
    body.save()
    assert linkage.queue(people.practitioner).waiting == seen


def test_nobody_without_a_body_reads_any(people, waiting) -> None:
    people.practitioner.body = None
    assert linkage.queue(people.practitioner).waiting == 0
    with pytest.raises(Conflict):
        judge(people, "same")


@pytest.mark.parametrize("role", ["resident", "analyst", "secretary", "partner", "administrator"])
def test_other_roles_are_refused(people, waiting, client: Client, role: str) -> None:
    client.force_login(getattr(people, role))
    assert client.get("/linkage/review").status_code == 403
    assert client.post("/linkage/review", {"verdict": "same"}).status_code == 403


def test_a_judgement_and_its_record_stand_or_fall_together(people, waiting, monkeypatch) -> None:
    def broken(**_given: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(actions.linkage, "write_audit", broken)
    with pytest.raises(RuntimeError):
        judge(people, "same")
    assert not PairJudgement.objects.exists()


def test_without_names_only_what_agrees_is_shown_and_the_answer_binds_that_mode(
    people, var, client: Client
) -> None:
    write_patterns(var)
    linkage._pairs.cache_clear()
    client.force_login(people.practitioner)
    page = client.get("/linkage/review").content.decode()
    assert "Names may not be shared here" in page
    assert "Name and birth date" in page
    assert "First name" not in page
    assert "What the evidence says" not in page, "a pattern has no chance and no weight"
    judge(people, "same", "nhs:1", "voluntary:1")
    actions.linkage.hand_over_judgements()
    for root in (None, keyed_dir()):
        assert [d.pair for d in read_decisions(root)] == [("nhs:1", "voluntary:1")]
    assert linkage.queue(people.practitioner).waiting == 0


def test_before_any_run_the_page_says_what_to_do(people, var, client: Client) -> None:
    linkage._pairs.cache_clear()
    client.force_login(people.practitioner)
    assert "No pair waits for you" in client.get("/linkage/review").content.decode()
