"""One paper before several boards, each with an outcome of its own; and who must be asked before they resolve."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from endeavour.core.models import AuditEntry, Body, Person
from endeavour.core.public import now, today
from endeavour.errors import BadInput, Conflict, NotFound
from endeavour.governance import actions, queries
from endeavour.governance.definitions_consultees import consulted_topics
from endeavour.governance.models import Consultation, Meeting, Paper, Resolution
from endeavour.pack import Pack
from integration.governance.conftest import WORDS
from integration.governance.test_papers import pdf

pytestmark = pytest.mark.django_db
BOARDS = ("hwb-essex", "hwb-southend", "hwb-thurrock")


def board(by: Person, key: str, *, days_ago: int = 3) -> Meeting:
    """A board with one seat, and a meeting of it with an agenda."""
    body, _ = Body.objects.get_or_create(
        key=key, defaults={"name": key.upper(), "legal_form": "committee", "partner_class": "local_authority"}
    )
    starts = now().replace(hour=10, minute=0) - timedelta(days=days_ago)
    made = actions.call_meeting(by=by, body=body, title="", starts_at=starts, minutes=60, place="Hall")
    actions.add_item(by=by, meeting=made, title="The five-year strategy")
    return queries.meeting(made.key)


@pytest.fixture
def paper(held: Meeting, secretary: Person, var: Path) -> Paper:
    """A paper on safeguarding before the partnership's meeting of last week."""
    Body.objects.create(
        key="safeguarding-partnerships", name="Safeguarding partnerships", legal_form="partnership", partner_class="partnership"
    )  # fmt: skip
    return actions.add_paper(
        by=secretary, item=held.items.all()[3], title="The draft strategy", content=pdf(),
        topics=["safeguarding"], recommendation="Note and approve the draft.",
    )  # fmt: skip


def test_the_same_paper_has_an_outcome_at_each_board(
    desk: Client, client: Client, held: Meeting, paper: Paper, secretary: Person
) -> None:
    carried = [
        actions.carry_paper(by=secretary, paper=paper, item=board(secretary, key).items.all()[0])
        for key in BOARDS
    ]
    decision = actions.record_decision(by=secretary, item=held.items.all()[3], words=WORDS)
    actions.resolve_paper(
        by=secretary, paper=paper, outcome="approved", words="As written", decision=decision
    )
    actions.resolve_paper(by=secretary, paper=carried[0], outcome="noted", words="Noted")
    actions.resolve_paper(by=secretary, paper=carried[1], outcome="deferred", words="To the spring")
    actions.resolve_paper(
        by=secretary, paper=carried[1], outcome="not_formalised", words="The pandemic came first"
    )
    page = queries.paper_before_boards(paper.sha256, today())
    assert [row.outcome for row in page.boards] == [
        "approved as recommended", "noted only", "discussed and never formalised", "no outcome recorded",
    ]  # fmt: skip
    assert page.differ
    text = client.get(f"/paper/{paper.sha256}").content.decode()
    for words in (
        "Note and approve the draft.",
        "The pandemic came first",
        "They did not all resolve the same",
    ):
        assert words in text
    told = client.get(f"/api/governance/papers/{paper.sha256}").json()
    assert [row["outcome"] for row in told["boards"]] == ["approved", "noted", "not_formalised", ""]
    assert told["boards"][0]["decision"] == decision.key
    with pytest.raises(NotFound):
        queries.paper_before_boards(paper.sha256, today() - timedelta(days=1))


def test_a_resolution_is_no_way_round_a_quorum(held: Meeting, paper: Paper, secretary: Person) -> None:
    for outcome in ("approved", "amended", "refused"):
        with pytest.raises(BadInput, match="decision first"):
            actions.resolve_paper(by=secretary, paper=paper, outcome=outcome, words="w")
        with pytest.raises(DatabaseError), transaction.atomic():
            Resolution.objects.create(paper=paper, outcome=outcome, words="w")
    other = actions.record_decision(by=secretary, item=held.items.all()[0], words=WORDS)
    with pytest.raises(BadInput, match="another item"):
        actions.resolve_paper(by=secretary, paper=paper, outcome="approved", words="w", decision=other)
    coming = actions.carry_paper(
        by=secretary, paper=paper, item=board(secretary, "hwb-essex", days_ago=-9).items.all()[0]
    )
    with pytest.raises(BadInput, match="has not met"):
        actions.resolve_paper(by=secretary, paper=coming, outcome="noted", words="w")
    with pytest.raises(BadInput, match="what the board made"):
        actions.resolve_paper(by=secretary, paper=paper, outcome="cheered", words="w")
    with pytest.raises(BadInput, match="or why it did not"):
        actions.resolve_paper(by=secretary, paper=paper, outcome="noted", words=" ")
    with pytest.raises(Conflict, match="already"):
        actions.carry_paper(by=secretary, paper=paper, item=paper.item)


def test_what_is_taken_in_private_is_left_out(client: Client, paper: Paper, secretary: Person) -> None:
    meeting = board(secretary, "hwb-essex")
    item = actions.add_item(by=secretary, meeting=meeting, title="Closed", exempt_ground=_ground())
    closed = actions.carry_paper(by=secretary, paper=paper, item=item)
    actions.resolve_paper(by=secretary, paper=closed, outcome="noted", words="A secret resolution")
    assert "A secret resolution" not in client.get(f"/paper/{paper.sha256}").content.decode()
    assert len(client.get(f"/api/governance/papers/{paper.sha256}").json()["boards"]) == 1
    client.force_login(secretary)
    assert "A secret resolution" in client.get(f"/paper/{paper.sha256}").content.decode()


def _ground() -> str:
    from endeavour.governance.definitions import meeting_rules

    return meeting_rules("mse").private.grounds[0]


def test_a_paper_on_safeguarding_without_its_partnerships_is_a_finding(
    desk: Client, held: Meeting, paper: Paper, secretary: Person
) -> None:
    met = held.starts_at.date()
    (row,) = queries.consultation(today())
    assert [f.state for f, _ in row.findings] == ["not_consulted"]
    assert "Consultation: The draft strategy" in desk.get("/desk/today").content.decode()
    assert "1 paper was not put to everybody in time" in desk.get("/consultation").content.decode()
    body = Body.objects.get(key="safeguarding-partnerships")
    actions.record_consultation(by=secretary, paper=paper, body=body, happened_on=today(), words="Too late")
    assert [f.state for f, _ in queries.consultation(today())[0].findings] == ["consulted_late"]
    actions.record_consultation(by=secretary, paper=paper, body=body, happened_on=met, words="Nothing to add")
    (row,) = queries.consultation(today())
    assert [f.state for f, _ in row.findings] == ["consulted"]
    assert not row.is_faulty
    assert "Nothing to add" in desk.get(f"/paper/{paper.sha256}").content.decode()
    assert AuditEntry.objects.filter(action="governance.record_consultation").count() == 2
    for table in (Consultation.objects.all(), Resolution.objects.all()):
        actions.resolve_paper(by=secretary, paper=paper, outcome="noted", words="w")
        with pytest.raises(DatabaseError), transaction.atomic():
            table._raw_delete(table.db)  # type: ignore[attr-defined]


def test_leaving_the_tag_out_is_seen(held: Meeting, secretary: Person, var: Path) -> None:
    actions.add_paper(
        by=secretary, item=held.items.all()[3], title="Safeguarding adults at home", content=pdf(), topics=[]
    )
    assert [f.state for f, _ in queries.consultation(today())[0].findings] == ["untagged"]
    item = actions.add_item(
        by=secretary, meeting=board(secretary, "hwb-essex"), title="Closed", exempt_ground=_ground()
    )
    actions.add_paper(
        by=secretary, item=item, title="A closed paper", content=pdf(), topics=[], recommendation="On abuse"
    )
    assert len(queries.consultation(today())) == 1, "nothing is concluded from words that are not public"
    with pytest.raises(BadInput, match="no topic 'weather'"):
        actions.add_paper(
            by=secretary, item=held.items.all()[3], title="Rain in May", content=pdf(), topics=["weather"]
        )


def test_half_a_consultation_is_refused(paper: Paper, secretary: Person, icp: Body) -> None:
    def consult(**other: object) -> None:
        given = {"paper": paper, "body": icp, "happened_on": today(), "words": "Yes"}
        actions.record_consultation(by=secretary, **{**given, **other})  # type: ignore[arg-type]

    with pytest.raises(BadInput, match="what they said"):
        consult(words=" ")
    with pytest.raises(BadInput, match="has not happened"):
        consult(happened_on=today() + timedelta(days=1))
    with pytest.raises(BadInput, match="did not exist"):
        consult(happened_on=date(2020, 1, 1))


def test_the_forms_carry_consult_and_resolve(
    desk: Client, held: Meeting, paper: Paper, secretary: Person
) -> None:
    meeting = board(secretary, "hwb-thurrock")
    address = f"/paper/{paper.sha256}"
    sent = {"item": f"{meeting.key}/1"}
    assert "Check your answers" in desk.post(f"{address}/carry", {**sent, "_check": "yes"}).content.decode()
    assert desk.post(f"{address}/carry", sent).headers["Location"] == address
    said = {"body": "safeguarding-partnerships", "day": str(today()), "words": "Fine"}
    assert desk.post(f"{address}/consulted", said).headers["Location"] == address
    outcome = f"/meeting/{meeting.key}/item/1/paper/{paper.sha256}/outcome"
    wrong = desk.post(outcome, {"outcome": "approved", "words": "Yes", "decision": ""})
    assert "decision first" in wrong.content.decode()
    assert desk.post(outcome, {"outcome": "noted", "words": "Yes", "decision": ""}).status_code == 302
    assert desk.get("/meeting/nothing/item/1/paper/abc/outcome").status_code == 404
    assert desk.get("/paper/abc").status_code == 404


def test_everybody_whom_the_pack_asks_is_a_body() -> None:
    known = {row["id"] for row in Pack.open("mse").rows("bodies")}
    for topic in consulted_topics("mse"):
        assert set(topic.bodies) <= known, topic.key


def test_a_wider_decision_says_once_or_varied_or_that_nobody_said(
    client: Client, held: Meeting, secretary: Person
) -> None:
    from dataclasses import replace

    wider = replace(WORDS, level="system", level_reason="One contract")
    item = held.items.all()[0]
    silent = actions.record_decision(by=secretary, item=item, words=wider)
    varied = actions.record_decision(by=secretary, item=item, words=replace(wider, reach="varied"))
    assert (silent.reach, varied.reach) == (None, "varied")
    assert [count for _, count in queries.decision_counts()[1]] == [0, 1, 1]
    assert "Nobody said whether it is done once" in client.get(f"/decision/{silent.key}").content.decode()
    assert "Done differently from place to place" in client.get(f"/decision/{varied.key}").content.decode()
    with pytest.raises(BadInput, match="once or varied"):
        actions.record_decision(by=secretary, item=item, words=replace(wider, reach="often"))
