"""A review that the strategy promised is recorded as a decision, and only that disposes of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from endeavour.core.models import Body, Person, Post
from endeavour.core.public import now, today
from endeavour.errors import BadInput
from endeavour.governance import actions, queries
from endeavour.governance.definitions import meeting_rules
from endeavour.governance.models import AgendaItem, Decision
from endeavour.strategy.public import judged_one, record_evidence
from integration.governance.conftest import WORDS

pytestmark = pytest.mark.django_db


@pytest.fixture
def strategy(promised: None, secretary: Person, icp: Body) -> Person:
    return secretary


def hold(by: Person, days_ago: int) -> list[AgendaItem]:
    """A quorate meeting of so many days ago with its agenda drafted."""
    icp = Body.objects.get(key="icp")
    meeting = actions.call_meeting(
        by=by, body=icp, title="", starts_at=now() - timedelta(days=days_ago), minutes=60, place="Hall"
    )
    items = actions.draft_agenda(by=by, meeting=meeting)
    for post in Post.objects.filter(body=icp):
        actions.record_attendance(by=by, meeting=meeting, post=post, how="present")
    return items


def on(items: list[AgendaItem], subject: str) -> AgendaItem:
    return next(item for item in items if item.subject == subject)


def waiting(key: str) -> list[str]:
    return [f.state for f in queries.business_cycle(today()) if f.subject == f"cycle:{key}"]


def test_every_review_that_the_cycle_names_is_of_a_promise(strategy: Person) -> None:
    refs = {entry.promise for entry in meeting_rules(settings.PACK).cycle if entry.promise}
    assert refs == {"W9", "W12", "W13", "W14", "W15", "W18", "W20", "W24"}
    assert {judged_one(ref).statement.review_months for ref in refs} == {12}


def test_a_decision_on_the_review_of_w12_disposes_of_it_and_shows_at_the_promise(
    client: Client, strategy: Person
) -> None:
    item = on(hold(strategy, 3), "cycle:core20-targets")
    assert set(waiting("core20-targets")) == {"overdue"}
    decision = actions.record_decision(by=strategy, item=item, words=WORDS)
    assert set(waiting("core20-targets")) == {"met"}
    page = client.get("/promise/W12").content.decode()
    assert f"Reviewed by decision: {decision.title}" in page
    assert f"/decision/{decision.key}" in client.get("/thread/statement/W12").content.decode()
    assert judged_one("W12").judgement.standing.state == "overdue", (
        "a review does not keep what was never kept"
    )


def test_a_review_keeps_a_kept_promise_kept(strategy: Person) -> None:
    record_evidence(
        by=strategy, ref="W12", title="Targets agreed", happened_on=today() - timedelta(days=900), source="Paper", settles=True
    )  # fmt: skip
    assert judged_one("W12").judgement.standing.state == "missed_review"
    actions.record_decision(by=strategy, item=on(hold(strategy, 3), "cycle:core20-targets"), words=WORDS)
    assert judged_one("W12").judgement.standing.state == "done"


def test_a_decision_in_its_place_is_no_second_review(client: Client, strategy: Person) -> None:
    item = on(hold(strategy, 3), "cycle:core20-targets")
    first = actions.record_decision(by=strategy, item=item, words=WORDS)
    actions.record_decision(by=strategy, item=item, words=WORDS, supersedes=first)
    assert client.get("/promise/W12").content.decode().count("Reviewed by decision") == 1


def test_a_needs_assessment_received_waits_for_a_recorded_decision_and_nothing_else(
    desk: Client, strategy: Person
) -> None:
    def state() -> str:
        return next(r.finding.state for r in queries.register(today()) if r.duty.key == "revise-strategy")

    assert state() == "not_triggered"
    form = {
        "words": "Thurrock’s assessment came",
        "kind": "jsna-received",
        "day": today().isoformat(),
        "source": "",
    }
    assert 'value="decision"' not in desk.get("/register/revise-strategy/evidence").content.decode()
    assert desk.post("/register/revise-strategy/evidence", form).status_code == 302
    assert state() == "due"
    assert "consider whether to revise" in desk.get("/desk/today").content.decode()
    with pytest.raises(BadInput, match="Only a recorded decision"):
        actions.record_duty_evidence(
            by=strategy,
            duty="revise-strategy",
            kind="decision",
            happened_on=today(),
            words="We thought about it",
        )
    other = hold(strategy, 2)
    actions.record_decision(by=strategy, item=other[0], words=WORDS)
    assert state() == "due", "a decision on something else disposes of nothing"
    actions.record_decision(by=strategy, item=on(other, "duty:revise-strategy"), words=WORDS)
    assert state() == "met"
    assert Decision.objects.count() == 2


def test_equality_is_shown_decision_by_decision(strategy: Person) -> None:
    def found() -> tuple[str, str]:
        row = next(r for r in queries.register(today()) if r.duty.key == "equality-duty")
        return row.finding.state, row.finding.words

    assert found()[0] == "unproven"
    items = hold(strategy, 2)
    spoken = WORDS.__class__(**{**WORDS.__dict__, "equality_impact": "Helps older people; buses asked for"})
    first = actions.record_decision(by=strategy, item=items[0], words=spoken)
    assert found()[0] == "met"
    silent = actions.record_decision(by=strategy, item=items[1], words=WORDS)
    assert found() == ("unproven", "1 decision says nothing that shows it.")
    from endeavour.strategy.public import assess_impact

    assess_impact(by=strategy, about=f"decision:{silent.key}", group="Carers", effect="better", words="Rest")
    assert found()[0] == "met"
    actions.record_decision(by=strategy, item=items[0], words=WORDS, supersedes=first)
    assert found()[0] == "unproven"


def test_a_decision_shows_whom_it_affects_or_that_nobody_looked(client: Client, strategy: Person) -> None:
    decision = actions.record_decision(by=strategy, item=hold(strategy, 2)[0], words=WORDS)
    assert "No impact assessment was made." in client.get(f"/decision/{decision.key}").content.decode()
    assert "No impact assessment." in client.get("/decisions").content.decode()
    from endeavour.strategy.public import assess_impact

    assess_impact(by=strategy, about=f"decision:{decision.key}", group="Carers", effect="worse", words="Longer waits",
                  mitigation="A rest break")  # fmt: skip
    page = client.get(f"/decision/{decision.key}").content.decode()
    assert "Longer waits" in page
    assert "A rest break" in page
    assert "No impact assessment." not in client.get("/decisions").content.decode()
