"""Two people where two are needed, and nobody speaks for a body that is not theirs: in the rules and in the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from endeavour.core.public import Body, Person, Role
from endeavour.errors import Forbidden
from endeavour.strategy import plans, queries
from endeavour.strategy.actions import explain
from endeavour.strategy.measuring import decide_measure, propose_measure
from endeavour.strategy.models import Explanation, PromiseMeasure, Statement
from endeavour.strategy.resources import record_resource
from endeavour.strategy.theory.loading import review_theory
from endeavour.strategy.theory.reading import current_theory

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("pack"),
    pytest.mark.filterwarnings("ignore:No directory at"),
]
KEY = "early-cancer"


def of_body(key: str, role: Role = Role.PARTNER) -> Person:
    body, _ = Body.objects.get_or_create(
        key=key, defaults={"name": key, "legal_form": "other", "partner_class": "other"}
    )
    return Person.objects.create(username=f"{role}-of-{key}", role=role, body=body)


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.ADMINISTRATOR, Role.ANALYST])
def test_nobody_agrees_to_what_they_proposed(person: Callable[[str], Person], role: Role) -> None:
    who, other = person(role), Person.objects.create(username="another", role=Role.SECRETARY)
    propose_measure(by=who, ref="W22", measure_key=KEY)
    with pytest.raises(Forbidden, match="somebody else must agree"):
        decide_measure(by=who, ref="W22", measure_key=KEY, agree=True)
    assert queries.judged_one("W22").judgement.has("no_measure")
    made = decide_measure(by=other, ref="W22", measure_key=KEY, agree=True)
    assert (made.by, made.proposed_by) == (other, who)
    assert not queries.judged_one("W22").judgement.has("no_measure")


def test_the_database_refuses_a_measure_agreed_by_its_proposer(secretary: Person) -> None:
    made = propose_measure(by=secretary, ref="W22", measure_key=KEY)
    with pytest.raises(DatabaseError), transaction.atomic():
        PromiseMeasure.objects.create(
            by=secretary, proposed_by=secretary, ref="W22", measure_key=KEY, title=made.title, unit=made.unit,
            polarity=made.polarity, state="confirmed",
        )  # fmt: skip


def test_a_proposal_leaves_what_was_agreed_until_somebody_else_agrees(
    secretary: Person, person: Callable[[str], Person]
) -> None:
    analyst = person(Role.ANALYST)
    decide_measure(by=secretary, ref="W12", measure_key=KEY, agree=True)
    propose_measure(by=secretary, ref="W12", measure_key=KEY, target=80.0, target_on=date(2029, 12, 31))
    standing = {(m.state, m.target) for m in queries.measures_of("W12") if m.measure_key == KEY}
    assert standing == {("confirmed", 75.0), ("proposed", 80.0)}
    decide_measure(by=analyst, ref="W12", measure_key=KEY, agree=False)
    assert queries.measure_of("W12", KEY).target == 75.0
    assert queries.proposal_of("W12", KEY) is None
    propose_measure(by=secretary, ref="W12", measure_key=KEY, target=80.0, target_on=date(2029, 12, 31))
    decide_measure(by=analyst, ref="W12", measure_key=KEY, agree=True)
    assert queries.measure_of("W12", KEY).target == 80.0
    decide_measure(by=analyst, ref="W12", measure_key=KEY, agree=False)
    assert queries.judged_one("W12").judgement.has("no_measure")


def test_the_page_offers_agreement_to_another_alone(
    client: Client, secretary: Person, person: Callable[[str], Person]
) -> None:
    propose_measure(by=secretary, ref="W22", measure_key=KEY, why="It shows it.")
    address = f"/promise/W22/measure/{KEY}"
    client.force_login(secretary)
    own = client.get(address).content.decode()
    assert "somebody else must agree" in own
    assert "Agree to what is proposed" not in own
    assert client.post(f"{address}/decide", {"agree": "yes"}).status_code == 403
    client.force_login(person(Role.ANALYST))
    assert "Agree to what is proposed" in client.get(address).content.decode()
    assert client.post(f"{address}/decide", {"agree": "yes"}).status_code == 302
    assert "Withdraw this measure" in client.get(address).content.decode()


def test_whoever_publishes_a_theory_cannot_sign_it_off(person: Callable[[str], Person]) -> None:
    theory = current_theory(at=date(2026, 11, 22))
    assert theory is not None
    from endeavour.strategy.theory.loading import publish_theory

    who = person(Role.ADMINISTRATOR)
    made = publish_theory(by=who, content={**theory.content, "title": "Another draft"})
    assert made is not None
    facts = {"version": made.version, "reviewer": "A", "organisation": "B", "words": "C", "signs_off": True}
    with pytest.raises(Exception, match="independent"):
        review_theory(by=who, reviewed_on=date(2026, 11, 1), **facts)


def test_a_version_published_at_the_desk_is_signed_off_only_by_another_body(client: Client) -> None:
    import yaml

    theory = current_theory(at=date(2026, 11, 22))
    assert theory is not None
    drafter, colleague, other = (
        of_body("icp", Role.SECRETARY), of_body("icp", Role.ANALYST), of_body("universities", Role.ANALYST),
    )  # fmt: skip
    client.force_login(drafter)
    address = "/theory-of-change/new"
    same = {"content": yaml.safe_dump(theory.content), "step": "publish"}
    assert client.post(address, same).status_code == 422
    assert client.post(address, {"content": "nodes: [", "step": "publish"}).status_code == 422
    assert client.post(address, {"content": "nodes: []", "step": "publish"}).status_code == 422
    content = {**theory.content, "title": "Another draft", "drafted_by": "The secretariat"}
    sent = client.post(address, {"content": yaml.safe_dump(content), "step": "publish"})
    assert sent["Location"] == "/theory-of-change"
    now = current_theory(at=date(2026, 11, 22))
    assert now is not None
    facts = {
        "version": now.version, "reviewer": "A", "words": "C", "signs_off": True,
        "reviewed_on": date(2026, 11, 1),
    }  # fmt: skip
    for who, organisation in ((colleague, "A university"), (other, "the secretariat")):
        with pytest.raises(Exception, match="independent"):
            review_theory(by=who, organisation=organisation, **facts)
    client.force_login(other)
    typed = {"reviewer": "A", "organisation": "A university", "words": "Sound.", "signs_off": "yes",
             "reviewed-day": "1", "reviewed-month": "11", "reviewed-year": "2026", "step": "publish"}  # fmt: skip
    assert client.post("/theory-of-change/review", typed).status_code == 302
    assert "signed off" in client.get("/theory-of-change").content.decode()


OWNER = "icp"
WHO_EXPLAINS = [
    (Role.SECRETARY, "another", "secretariat"),
    (Role.ADMINISTRATOR, "another", "secretariat"),
    (Role.PARTNER, OWNER, "owner"),
    (Role.PARTNER, "another", None),
    (Role.ANALYST, OWNER, None),
    (Role.PRACTITIONER, OWNER, None),
    (Role.RESIDENT, OWNER, None),
]


@pytest.mark.parametrize(("role", "body", "voice"), WHO_EXPLAINS)
def test_only_the_owner_or_the_secretariat_marked_as_such_says_why(
    client: Client, role: Role, body: str, voice: str | None
) -> None:
    assert Statement.objects.get(ref="W2").owner == OWNER
    who = of_body(body, role)
    client.force_login(who)
    assert (client.get("/promise/W2/reason").status_code == 200) is (voice is not None)
    assert ("Say why</a>" in client.get("/promise/W2").content.decode()) is (voice is not None)
    if voice is None:
        with pytest.raises(Forbidden):
            explain(by=who, ref="W2", why="They dawdled.")
        assert not Explanation.objects.exists()
    else:
        assert explain(by=who, ref="W2", why="We had no staff.").voice == voice


def test_the_secretariats_words_are_not_shown_as_the_owners(client: Client, secretary: Person) -> None:
    explain(by=secretary, ref="W2", why="The post is empty.")
    words = "the secretariat, not the owner"
    promise, honesty = (client.get(page).content.decode() for page in ("/promise/W2", "/honesty"))
    assert words in promise
    assert "The owner has given no reason." in promise
    assert words in honesty
    assert "No owner has given a reason." in honesty
    explain(by=of_body(OWNER), ref="W2", why="We could not hire.")
    promise, honesty = (client.get(page).content.decode() for page in ("/promise/W2", "/honesty"))
    assert "The owner has given no reason." not in promise
    assert "1 has a reason from the owner" in honesty


def test_a_partner_pledges_and_decides_for_its_own_body_alone(secretary: Person) -> None:
    mine, other = of_body("thurrock-council"), of_body("essex-cc")
    facts = {"ref": "W26", "kind": "time", "stage": "pledged", "amount": Decimal(10)}
    with pytest.raises(Forbidden, match="only for the body"):
        record_resource(by=other, body="thurrock-council", **facts)
    for who in (mine, secretary):
        record_resource(by=who, body="thurrock-council", **facts)
    plan = "needs-assessment-thurrock"
    plans.add_objectives(by=mine, plan=plan, objectives={"1": "Keep more care staff"})
    answer = {"plan": plan, "objective": "1", "ref": "W21", "serves": True}
    with pytest.raises(Forbidden):
        plans.decide_alignment(by=other, **answer)
    plans.decide_alignment(by=mine, **answer)
