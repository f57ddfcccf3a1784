"""Who is at the table is worked out; seats, ways of working and promised bodies keep their history."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from endeavour.core.models import Body, Membership, Person, Post, Route
from endeavour.core.public import today
from endeavour.errors import BadInput, Conflict, NotFound
from endeavour.governance import actions, queries
from endeavour.governance.models import Meeting, Outreach, WorkingDocument

pytestmark = pytest.mark.django_db


def state(group: str, day: date | None = None) -> str:
    return queries.partner(group, day or today()).finding.state


def test_a_group_is_engaged_by_what_it_does_not_by_being_asked(secretary: Person) -> None:
    assert state("schools") == "not_engaged"
    actions.record_outreach(
        by=secretary, group="schools", happened_on=today(), words="Wrote", next_step="Ring", next_owner="Ann"
    )
    assert state("schools") == "not_engaged"
    assert queries.partner("schools", today()).next_step[:2] == ("Ring", "Ann")
    actions.record_outreach(
        by=secretary, group="schools", happened_on=today(), words="They came", took_part=True
    )
    assert state("schools") == "engaged"
    assert state("schools", today() - timedelta(days=1)) == "not_engaged", "a past day keeps its answer"


def test_a_body_that_attends_or_raises_something_engages_its_group(secretary: Person, held: Meeting) -> None:
    assert state("councils") == "not_engaged"
    council = Body.objects.create(
        key="essex-cc", name="Essex", legal_form="local_authority", partner_class="local_authority"
    )
    actions.contribute(by=secretary, words="We ask", partner_class="local_authority", body=council)
    assert state("councils") == "engaged"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"group": "martians"}, "no group"),
        ({"words": " "}, "what was tried"),
        ({"happened_on": date(2090, 1, 1)}, "not happened"),
        ({"next_step": "Ring"}, "somebody to take it"),
    ],
)
def test_an_approach_says_everything_or_is_refused(
    secretary: Person, change: dict[str, object], words: str
) -> None:
    given: dict[str, object] = {"group": "schools", "happened_on": today(), "words": "Wrote"}
    with pytest.raises(BadInput, match=words):
        actions.record_outreach(by=secretary, **{**given, **change})  # type: ignore[arg-type]
    assert not Outreach.objects.exists()


def test_a_promised_body_is_set_up_from_its_draft_once(secretary: Person, icp: Body) -> None:
    before = {row.template.key: row for row in queries.promised_bodies(today())}
    assert before["community-voices"].may_start
    body = actions.set_up_body(by=secretary, template="community-voices")
    on = queries.working_body("community-voices", today())
    assert on.vacancies == len(on.seats) == 2
    assert {p.document.kind for p in on.practices} == {"terms", "membership"}
    assert Route.objects.get(source=body, target=icp).cadence_days == 91
    after = {row.template.key: row for row in queries.promised_bodies(today())}["community-voices"]
    assert [step.done for step in after.steps] == [True, False, False, False]
    with pytest.raises(Conflict, match="already has terms"):
        actions.set_up_body(by=secretary, template="community-voices")
    with pytest.raises(NotFound):
        actions.set_up_body(by=secretary, template="nobody")


def test_what_a_promised_body_carries_and_hears_back_is_seen(
    secretary: Person, icp: Body, held: Meeting
) -> None:
    body = actions.set_up_body(by=secretary, template="community-voices")
    said = actions.contribute(by=secretary, words="We carry this", body=body)
    held.items.filter(number=1).update(subject=f"contribution:{said.receipt}")
    actions.reply(by=secretary, contribution=said, outcome="answered", words="Thank you")
    row = {r.template.key: r for r in queries.promised_bodies(today())}["community-voices"]
    assert [step.done for step in row.steps] == [True, False, True, True]


def test_a_seat_has_one_holder_at_a_time_and_its_history_stays(secretary: Person, icp: Body) -> None:
    post = icp.posts.first()
    assert post is not None
    day = today()
    actions.fill_seat(by=secretary, post=post, holder="Ann", on=day - timedelta(days=90))
    actions.fill_seat(by=secretary, post=post, holder="Bert", on=day - timedelta(days=30))
    actions.empty_seat(by=secretary, post=post, on=day)

    def holder(on: date) -> str:
        return next(s.holder for s in queries.working_body("icp", on).seats if s.post.pk == post.pk)

    assert [holder(day - timedelta(days=n)) for n in (100, 60, 10, 0)] == ["", "Ann", "Bert", ""]
    with pytest.raises(Conflict, match="later"):
        actions.fill_seat(by=secretary, post=post, holder="Cath", on=day - timedelta(days=60))
    with pytest.raises(BadInput, match="Nobody held"):
        actions.empty_seat(by=secretary, post=post, on=day)
    assert Membership.objects.count() == 2


def test_a_way_of_working_has_versions_and_a_late_review_is_public(
    client: Client, secretary: Person, icp: Body
) -> None:
    given = {"by": secretary, "body": icp, "kind": "compact", "agreed_on": date(2024, 9, 1)}
    first = actions.agree_document(**given, words="We listen.", review_on=date(2025, 9, 1))  # type: ignore[arg-type]
    late = queries.late_reviews(today())
    assert [p.document for p in late] == [first]
    assert "late by" in client.get("/ways-of-working").content.decode()
    assert queries.late_reviews(date(2025, 9, 1)) == [], "nothing was recorded by then"
    given["agreed_on"] = today()
    second = actions.agree_document(**given, words="We listen more.", review_on=today() + timedelta(days=365))  # type: ignore[arg-type]
    assert (first.version, second.version) == (1, 2)
    assert queries.late_reviews(today()) == []
    with pytest.raises(BadInput, match="must come after"):
        actions.agree_document(**given, words="x", review_on=today())  # type: ignore[arg-type]
    with pytest.raises(DatabaseError), transaction.atomic():
        WorkingDocument.objects.update(words="Edited")


def test_a_message_needs_a_route_and_wakes_a_silent_one(secretary: Person, icp: Body) -> None:
    other = Body.objects.get(key="n0")
    Route.objects.create(kind="feeds", source=other, target=icp, owner="Ann", cadence_days=30)
    faults = {(f.subject, f.state) for f in queries.board_map_faults(today())}
    assert ("route:n0/feeds/icp", "silent") in faults
    from endeavour.core.public import now

    sent = {"by": secretary, "kind": "feeds", "happened_at": now(), "words": "Our report"}
    with pytest.raises(BadInput, match="no such route"):
        actions.record_message(**sent, source="n1", target="icp")  # type: ignore[arg-type]
    actions.record_message(**sent, source="n0", target="icp")  # type: ignore[arg-type]
    assert ("route:n0/feeds/icp", "silent") not in {
        (f.subject, f.state) for f in queries.board_map_faults(today())
    }
    (row,) = queries.routes(today())
    assert (row.last, row.last_back) == (today(), None)


def test_the_map_as_popolo_holds_who_sits_where(client: Client, secretary: Person, icp: Body) -> None:
    post = Post.objects.get(key="seat-0")
    actions.fill_seat(by=secretary, post=post, holder="Ann", on=today())
    data = client.get("/bodies.json").json()
    assert data["persons"][0]["name"] == "Ann"
    assert data["memberships"][0]["post_id"] == "seat-0"
