"""What the desk's pages about decisions do when they are sent: a decision, its actions, what became of them, replies."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from endeavour.core.models import Body, Link, Person, Role
from endeavour.core.public import today
from endeavour.governance import actions, queries
from endeavour.governance.models import Action, ActionReport, Contribution, Decision, Meeting, Reply
from integration.governance.conftest import WORDS

pytestmark = pytest.mark.django_db
TYPED = {name: value for name, value in WORDS.__dict__.items() if isinstance(value, str)}


def words_of(answer: object) -> str:
    """A page's words, whatever divides them."""
    return " ".join(answer.content.decode().split())  # type: ignore[attr-defined]


@pytest.fixture
def decided(secretary: Person, held: Meeting) -> Decision:
    return actions.record_decision(by=secretary, item=queries.meeting_item(held.key, 1), words=WORDS)


@pytest.fixture
def asked_to(secretary: Person, decided: Decision) -> Action:
    """Something that the first nominating body is to do."""
    owner = Body.objects.get(key="n0")
    return actions.add_action(
        by=secretary, decision=decided, words="Buy grab rails", owner=owner, due_on=today()
    )


def partner_of(body: str) -> Person:
    """The demonstration's partner, signing in for a body."""
    partner = Person.objects.get(role=Role.PARTNER)
    partner.body = Body.objects.get(key=body)
    partner.save(update_fields=["body"])
    return partner


def test_a_decision_is_read_back_recorded_and_another_takes_its_place(desk: Client, held: Meeting) -> None:
    page = f"/meeting/{held.key}/item/1/decision"
    assert "A decision is never edited afterwards" in words_of(desk.get(page))
    assert desk.post(page, TYPED | {"_check": "yes"}).status_code == 200
    assert not Decision.objects.exists(), "reading back records nothing"
    assert desk.post(page, TYPED).status_code == 302
    first = Decision.objects.get()
    again = f"{page}?supersedes={first.key}"
    assert f"This takes the place of: {WORDS.title}." in words_of(desk.get(again))
    assert desk.post(again, TYPED | {"decided": "Fund half"}).status_code == 302
    assert [d.decided for d in Decision.objects.order_by("pk")] == [WORDS.decided, "Fund half"]
    once_more = desk.post(again, TYPED)
    assert once_more.status_code == 422
    assert "was already superseded" in words_of(once_more)
    assert desk.get(f"{page}?supersedes=nothing-of-ours").status_code == 404


@pytest.mark.parametrize(
    ("changed", "beside"),
    [
        ({"reason": " "}, "The decision does not yet say why."),
        ({"level": ""}, "Choose a level."),
        ({"level": "place"}, "does not yet say why it is decided no more locally"),
        ({"level": "moon"}, "Choose one of the answers given."),
        ({"title": "T" * 201}, "Use at most 200 letters: there are 201."),
        ({"title": "Falls\0"}, "holds a character that cannot be kept"),
    ],
)
def test_a_decision_that_is_not_whole_says_what_is_wanting_and_loses_nothing(
    desk: Client, held: Meeting, changed: dict[str, str], beside: str
) -> None:
    refused = desk.post(f"/meeting/{held.key}/item/1/decision", TYPED | changed)
    assert refused.status_code == 422
    assert beside in words_of(refused)
    assert WORDS.effect_resources in words_of(refused), "what was typed is still there"
    assert not Decision.objects.exists()


def test_an_action_is_given_to_a_body_for_a_promise_and_a_measure(desk: Client, decided: Decision) -> None:
    page = f"/decision/{decided.key}/actions/new"
    typed = {
        "words": " Buy grab rails ",
        "owner": "n0",
        "due": today().isoformat(),
        "promise": "",
        "measure": "smoking",
    }
    for changed, beside in (
        ({"words": ""}, "Say what is to be done."),
        ({"owner": ""}, "Choose who is to do it."),
        ({"owner": "nobody"}, "Choose one of the answers given."),
        ({"due": "soon"}, "soon"),
        ({"due": (today() - timedelta(days=60)).isoformat()}, "cannot be due before it was decided"),
        ({"measure": "happiness"}, "Choose one of the answers given."),
    ):
        refused = desk.post(page, typed | changed)
        assert refused.status_code == 422
        assert beside in words_of(refused)
    assert not Action.objects.exists()
    assert desk.post(page, typed).status_code == 302
    made = Action.objects.get()
    assert (made.number, made.words, made.owner.key, made.due_on) == (1, "Buy grab rails", "n0", today())
    assert Link.objects.filter(
        kind="measured_by", source=f"action:{decided.key}/1", target="measure:smoking"
    ).exists()
    assert "Buy grab rails" in words_of(desk.get(f"/decision/{decided.key}"))


def test_a_partner_reports_on_its_own_action_until_it_is_seen_to_be_done(
    client: Client, asked_to: Action
) -> None:
    page = f"/decision/{asked_to.decision.key}/action/1/report"
    typed = {"words": "All fitted", "day": today().isoformat(), "evidence": "", "done": "yes"}
    client.force_login(partner_of("n1"))
    refused = client.post(page, typed | {"evidence": "Our website"})
    assert refused.status_code == 422
    assert "This action belongs to Nominator 0. Only they or the secretariat report on it." in words_of(
        refused
    )
    client.force_login(partner_of("n0"))
    refused = client.post(page, typed)
    assert refused.status_code == 422
    assert 'href="#evidence"' in refused.content.decode(), "beside the question it is about"
    assert "Say where it can be seen that it is done." in words_of(refused)
    for changed, beside in (
        ({"words": ""}, "Say what happened."),
        ({"day": (today() + timedelta(days=1)).isoformat()}, "What has not happened cannot be reported."),
        ({"day": (today() - timedelta(days=60)).isoformat()}, "what came before shows nothing of it"),
        ({"evidence": "e" * 301}, "Use at most 300 letters"),
    ):
        refused = client.post(page, typed | {"evidence": "Our website"} | changed)
        assert refused.status_code == 422
        assert beside in words_of(refused)
    assert not ActionReport.objects.exists()
    assert client.post(page, typed | {"done": "no"}).status_code == 302, "not yet done needs no evidence"
    assert client.post(page, typed | {"evidence": "Our website"}).status_code == 302
    found = ActionReport.objects.order_by("pk").values_list("done", "evidence")
    assert list(found) == [(False, ""), (True, "Our website")]
    assert client.get(f"/decision/{asked_to.decision.key}/action/2/report").status_code == 404


@pytest.mark.parametrize("role", [Role.RESIDENT, Role.PRACTITIONER, Role.PARTNER])
def test_only_the_secretariat_decides_gives_actions_and_replies(
    client: Client, held: Meeting, asked_to: Action, role: Role
) -> None:
    said = actions.contribute(by=None, words="Why is the hall cold?")
    client.force_login(Person.objects.get(role=role))
    before = Decision.objects.count(), Action.objects.count()
    for page in (
        f"/meeting/{held.key}/item/1/decision",
        f"/decision/{asked_to.decision.key}/actions/new",
        f"/question/{said.receipt}/reply",
        "/register/involve/evidence",
    ):
        assert client.get(page).status_code == 403
        assert client.post(page, TYPED | {"words": "w", "outcome": "answered"}).status_code == 403
    assert (Decision.objects.count(), Action.objects.count()) == before
    assert not Reply.objects.exists()
    client.logout()
    assert client.post(f"/question/{said.receipt}/reply", {"words": "w"}).status_code in (302, 403)


def test_a_reply_is_published_where_the_question_is_followed(desk: Client, icp: Body) -> None:
    said: Contribution = actions.contribute(by=None, words="Why is the hall cold?")
    page = f"/question/{said.receipt}/reply"
    assert "Why is the hall cold?" in words_of(desk.get(page))
    typed = {"words": " The boiler is mended. ", "outcome": "answered"}
    for changed, beside in (
        ({"words": ""}, "Write the answer, or the reason, first."),
        ({"outcome": "forgotten"}, "Choose one of the answers given."),
    ):
        refused = desk.post(page, typed | changed)
        assert refused.status_code == 422
        assert beside in words_of(refused)
    assert not Reply.objects.exists()
    assert desk.post(page, typed).status_code == 302
    assert Reply.objects.get().words == "The boiler is mended."
    assert "The boiler is mended." in words_of(desk.get(f"/question/{said.receipt}"))
    assert desk.get("/question/AAAA-AAAA/reply").status_code == 404


def test_evidence_of_a_duty_is_recorded_from_its_page(desk: Client, icp: Body) -> None:
    page = "/register/involve/evidence"
    typed = {"words": "A workshop", "kind": "note", "day": today().isoformat(), "source": "Our website"}
    for changed, beside in (
        ({"words": ""}, "Say what happened."),
        ({"kind": "hearsay"}, "Choose one of the answers given."),
        ({"day": (today() + timedelta(days=1)).isoformat()}, "What has not happened is no evidence."),
        ({"source": "s" * 301}, "Use at most 300 letters"),
    ):
        refused = desk.post(page, typed | changed)
        assert refused.status_code == 422
        assert beside in words_of(refused)
        assert "Our website" in words_of(refused) or "source" in changed
    assert desk.post(page, typed).status_code == 302
    [row] = [row for row in queries.register(today()) if row.duty.key == "involve"]
    assert any("A workshop" in words for words in row.evidence_words)
