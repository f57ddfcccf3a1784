"""The secretary's day: a meeting, its agenda, a question, a decision, its minutes; and who may do none of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from endeavour.core.models import AuditEntry, Body, Person, Role, Succession
from endeavour.core.public import LONDON, now, today, walk
from endeavour.errors import BadInput, Conflict, Forbidden, NotFound
from endeavour.governance import actions, queries
from endeavour.governance.actions import DecisionWords
from endeavour.governance.findings import Finding
from endeavour.governance.models import Contribution, Decision, Meeting
from endeavour.governance.paper_checks import LARGEST_PAPER
from integration.governance.conftest import WORDS

pytestmark = pytest.mark.django_db


def item_from(meeting: Meeting, origin: str) -> object:
    return next(i for i in meeting.items.all() if i.origin == origin)


def test_words_of_a_resident_reach_a_decision(secretary: Person, icp: Body) -> None:
    said = actions.contribute(by=None, words="Mum keeps falling", theme="falls")
    started = now() - timedelta(days=2)
    meeting = actions.call_meeting(
        by=secretary, body=icp, title="", starts_at=started, minutes=60, place="Hall"
    )
    actions.draft_agenda(by=secretary, meeting=meeting)
    for post in icp.posts.all():
        actions.record_attendance(by=secretary, meeting=meeting, post=post, how="deputy")
    item = item_from(queries.meeting(meeting.key), "contribution")
    decision = actions.record_decision(by=secretary, item=item, words=WORDS)  # type: ignore[arg-type]
    reached = {name for step in walk(f"contribution:{said.receipt}") for name in (step.source, step.target)}
    assert f"decision:{decision.key}" in reached
    residents = next(row for row in queries.influence() if row.partner_class == "residents")
    assert (residents.contributed, residents.on_agenda, residents.decided) == (1, 1, 1)
    assert {row.partner_class for row in queries.influence() if not row.contributed} >= {"vcse", "education"}


def test_the_agenda_holds_what_is_due_and_says_why(held: Meeting) -> None:
    origins = {item.origin for item in held.items.all()}
    assert {"standing", "cycle", "duty"} <= origins
    titles = [item.title for item in held.items.all()]
    assert titles[0] == "Welcome and networking"
    assert titles[-1] == "Forward plan and close"
    assert all(item.subject for item in held.items.all() if item.origin in {"cycle", "duty"})


def test_a_decision_disposes_of_the_cycle_item_that_asked_for_it(secretary: Person, held: Meeting) -> None:
    item = item_from(held, "cycle")
    key = item.subject  # type: ignore[attr-defined]
    before = [f for f in queries.business_cycle(today()) if f.subject == key and f.state != "met"]
    assert before
    actions.record_decision(by=secretary, item=item, words=WORDS)  # type: ignore[arg-type]
    assert not [f for f in queries.business_cycle(today()) if f.subject == key and f.state != "met"]


def test_a_jsna_must_be_answered_by_a_decision(secretary: Person, icp: Body) -> None:
    def state() -> str:
        return next(r.finding.state for r in queries.register(today()) if r.duty.key == "revise-strategy")

    assert state() == "not_triggered"
    actions.record_duty_evidence(
        by=secretary,
        duty="revise-strategy",
        kind="jsna-received",
        happened_on=today() - timedelta(days=20),
        words="Essex JSNA",
    )
    assert state() == "due"
    started = now() - timedelta(days=1)
    meeting = actions.call_meeting(
        by=secretary, body=icp, title="", starts_at=started, minutes=60, place="Hall"
    )
    actions.draft_agenda(by=secretary, meeting=meeting)
    for post in icp.posts.all():
        actions.record_attendance(by=secretary, meeting=meeting, post=post, how="present")
    agenda = queries.meeting(meeting.key).items.all()
    item = next(i for i in agenda if i.subject == "duty:revise-strategy")
    actions.record_decision(by=secretary, item=item, words=WORDS)
    assert state() == "met"


def test_what_is_only_to_be_looked_at_is_gathered_and_the_months_keep_their_capitals(
    desk: Client, secretary: Person, icp: Body
) -> None:
    meeting = actions.call_meeting(
        by=secretary, body=icp, title="", starts_at=now() + timedelta(days=9), minutes=60, place="Hall"
    )
    late = [Finding(f"statement:W{n}", "overdue", "Late") for n in range(1, 20)]
    items = actions.draft_agenda(by=secretary, meeting=meeting, promises=late)
    assert [i.title for i in items if i.origin == "promise"] == ["Promises that are late (19)"]
    assert "W19: Late" in next(i.words for i in items if i.origin == "promise")
    (unproven,) = [i for i in items if i.origin == "duty"]
    assert "Have regard to the NHS mandate" in unproven.words
    due = re.compile(r"Due (today|since \d+ [A-Z][a-z]+ \d{4})\.")
    assert [i.words for i in items if i.origin == "cycle" and not due.fullmatch(i.words)] == []
    assert "more than the meeting lasts" in desk.get(f"/meeting/{meeting.key}").content.decode()


def test_an_agenda_fits_its_meeting_names_the_longest_waiting_and_counts_the_rest(
    secretary: Person, icp: Body, held: Meeting, client: Client
) -> None:
    """Fifteen people, twelve late actions and the whole cycle of the year: no item of the cycle is gathered or lost."""
    receipts = [actions.contribute(by=None, words=f"Said {n}").receipt for n in range(15)]
    decision = actions.record_decision(by=secretary, item=held.items.all()[0], words=WORDS)
    for n in range(12):
        actions.add_action(
            by=secretary,
            decision=decision,
            words=f"Do {n}",
            owner=icp,
            due_on=today() - timedelta(days=n // 2),
        )
    meeting = actions.call_meeting(
        by=secretary, body=icp, title="", starts_at=now() + timedelta(days=9), minutes=150, place="Hall"
    )
    items = actions.draft_agenda(by=secretary, meeting=meeting)
    assert sum(item.minutes for item in items) <= 150
    said = [item for item in items if item.origin == "contribution"]
    assert [item.subject for item in said] == [
        *(f"contribution:{r}" for r in receipts[:6]), "contributions:waiting"
    ]  # fmt: skip
    assert said[-1].title == "9 more who wait for an answer"
    assert "Agenda item" not in client.get(f"/question/{receipts[7]}").content.decode(), (
        "not said to be taken up"
    )
    (late,) = [item for item in items if item.origin == "action"]
    assert late.title == "Actions that are late (12)"
    assert late.words.splitlines()[0].startswith("Do 10: ")
    assert late.words.splitlines()[-1] == "And 2 more: see /actions."
    asked = {f.subject for f in queries.business_cycle(today() + timedelta(days=9)) if f.state != "met"}
    assert {item.subject for item in items if item.origin == "cycle"} == asked
    law = [item.subject for item in items if item.origin == "cycle"][:2]
    assert law == ["cycle:strategy-review", "cycle:joint-arrangements"], "what a duty asks for comes first"
    page = client.get(f"/meeting/{meeting.key}").content.decode()
    assert "taken without debate unless somebody asks" in page
    assert f"{len(items)} items in {sum(item.minutes for item in items)} minutes." in page


def test_nothing_more_is_done_about_a_cancelled_meeting_and_nobody_came_to_one_that_has_not_begun(
    secretary: Person, icp: Body
) -> None:
    off, coming = (
        actions.call_meeting(
            by=secretary, body=icp, title="", starts_at=now() + timedelta(days=days), minutes=60, place="Hall"
        )
        for days in (9, 10)
    )
    seat = icp.posts.all()[0]
    actions.cancel_meeting(by=secretary, meeting=off, why="Snow")
    deeds: list[Callable[[], object]] = [
        lambda: actions.give_notice(by=secretary, meeting=off),
        lambda: actions.draft_agenda(by=secretary, meeting=off),
        lambda: actions.add_item(by=secretary, meeting=off, title="Falls"),
        lambda: actions.record_attendance(by=secretary, meeting=off, post=seat, how="present"),
    ]
    for deed in deeds:
        with pytest.raises(Conflict, match="was cancelled"):
            deed()
    with pytest.raises(BadInput, match="has not taken place"):
        actions.record_attendance(by=secretary, meeting=coming, post=seat, how="present")
    with pytest.raises(BadInput, match="five years away"):
        actions.call_meeting(
            by=secretary,
            body=icp,
            title="",
            starts_at=now().replace(year=9000, day=1),
            minutes=60,
            place="Hall",
        )
    assert not off.items.exists()
    assert not off.attendance.exists()


def test_an_action_is_due_and_done_after_it_was_decided(secretary: Person, held: Meeting) -> None:
    decision = actions.record_decision(by=secretary, item=held.items.all()[0], words=WORDS)
    given = {"by": secretary, "decision": decision, "words": "Do", "owner": held.body}
    with pytest.raises(BadInput, match="due before it was decided"):
        actions.add_action(**given, due_on=today() - timedelta(days=8))
    action = actions.add_action(**given, due_on=today() - timedelta(days=7))
    with pytest.raises(BadInput, match="what came before shows nothing"):
        actions.report_action(
            by=secretary,
            action=action,
            happened_on=today() - timedelta(days=8),
            words="w",
            evidence="e",
            done=True,
        )
    actions.report_action(by=secretary, action=action, happened_on=today() - timedelta(days=7), words="w")


def test_without_a_quorum_nothing_is_decided(secretary: Person, icp: Body) -> None:
    meeting = actions.call_meeting(
        by=secretary, body=icp, title="", starts_at=now() - timedelta(days=1), minutes=60, place="Hall"
    )
    item = actions.add_item(by=secretary, meeting=meeting, title="Falls")
    with pytest.raises(Conflict, match="No attendance"):
        actions.record_decision(by=secretary, item=item, words=WORDS)
    for post in icp.posts.all()[:2]:
        actions.record_attendance(by=secretary, meeting=meeting, post=post, how="present")
    with pytest.raises(Conflict, match="2 voting seats were filled; 3 are needed"):
        actions.record_decision(by=secretary, item=queries.meeting(meeting.key).items.get(), words=WORDS)
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"reason": " "}, "why"),
        ({"effect_inequality": ""}, "effect on inequalities"),
        ({"level": "system"}, "no more locally"),
    ],
)
def test_a_decision_says_everything_or_is_refused(
    secretary: Person, held: Meeting, change: dict[str, str], words: str
) -> None:
    item = held.items.all()[0]
    with pytest.raises(BadInput, match=words):
        actions.record_decision(by=secretary, item=item, words=DecisionWords(**{**WORDS.__dict__, **change}))


def test_a_decision_is_superseded_never_edited(secretary: Person, held: Meeting) -> None:
    item = held.items.all()[0]
    first = actions.record_decision(by=secretary, item=item, words=WORDS)
    second = actions.record_decision(by=secretary, item=item, words=WORDS, supersedes=first)
    assert [d.key for d in queries.decisions()] == [second.key]
    assert queries.decision(first.key).superseded_by == second
    with pytest.raises(Conflict, match="already superseded"):
        actions.record_decision(by=secretary, item=item, words=WORDS, supersedes=queries.decision(first.key))
    with pytest.raises(DatabaseError), transaction.atomic():
        Decision.objects.update(decided="Something else")


def test_done_needs_evidence_and_partners_report_on_their_own(secretary: Person, held: Meeting) -> None:
    decision = actions.record_decision(by=secretary, item=held.items.all()[0], words=WORDS)
    owner, other = Body.objects.get(key="n0"), Body.objects.get(key="n1")
    action = actions.add_action(
        by=secretary, decision=decision, words="Train staff", owner=owner, due_on=today() - timedelta(days=3)
    )
    assert queries.action_finding(action, today()).words == "Late by 3 days."
    with pytest.raises(BadInput, match="Say where"):
        actions.report_action(by=secretary, action=action, happened_on=today(), words="Did it", done=True)
    partner = Person.objects.get(role=Role.PARTNER)
    partner.body = other
    with pytest.raises(BadInput, match="belongs to"):
        actions.report_action(by=partner, action=action, happened_on=today(), words="Did it")
    partner.body = owner
    actions.report_action(
        by=partner, action=action, happened_on=today(), words="Did it", evidence="register", done=True
    )
    assert queries.action_finding(action, today()).state == "done"
    assert queries.action_finding(action, today() - timedelta(days=1)).state == "overdue", (
        "a past day keeps its answer"
    )


@pytest.mark.parametrize(
    "content", [b"", b"MZ executable", b"%PDF-1.7 /JavaScript (x)", b"PK\x03\x04 vbaProject.bin"]
)
def test_a_paper_with_a_script_or_of_no_known_kind_is_refused(
    secretary: Person, held: Meeting, content: bytes
) -> None:
    with pytest.raises(BadInput):
        actions.add_paper(by=secretary, item=held.items.all()[0], title="Falls paper", content=content)


def test_a_paper_too_large_or_named_like_a_file_is_refused(secretary: Person, held: Meeting) -> None:
    item = held.items.all()[0]
    with pytest.raises(BadInput, match="larger than 25 MB"):
        actions.add_paper(
            by=secretary, item=item, title="Falls paper", content=b"%PDF-" + bytes(LARGEST_PAPER)
        )
    with pytest.raises(BadInput, match="title in words"):
        actions.add_paper(by=secretary, item=item, title="final_v3.pdf", content=b"%PDF-1.7")


def test_a_body_that_has_ended_calls_no_meeting(secretary: Person) -> None:
    ended = Body.objects.create(
        key="ccg", name="CCG", legal_form="other", partner_class="nhs", valid_to=date(2022, 7, 1)
    )
    with pytest.raises(BadInput, match="does not exist on"):
        actions.call_meeting(
            by=secretary,
            body=ended,
            title="",
            starts_at=datetime(2026, 12, 3, 14, tzinfo=LONDON),
            minutes=60,
            place="Hall",
        )


def test_an_ending_body_hands_over_what_is_open_and_names_what_has_no_heir(
    secretary: Person, held: Meeting
) -> None:
    decision = actions.record_decision(by=secretary, item=held.items.all()[0], words=WORDS)
    icp = Body.objects.get(key="icp")
    actions.add_action(by=secretary, decision=decision, words="Train staff", owner=icp, due_on=today())
    orphaned = queries.handover("icp", today())
    assert orphaned.heirs == []
    assert [row.heir for row in orphaned.rows if row.kind == "action"] == [""]
    assert {row.kind for row in orphaned.rows} >= {"action", "seat"}
    heir = Body.objects.create(
        key="essex-icp",
        name="Essex",
        legal_form="forum",
        partner_class="partnership",
        valid_from=date(2026, 4, 1),
    )
    Succession.objects.create(predecessor=icp, successor=heir, on=date(2026, 4, 1), certainty="expected")
    handed = queries.handover("icp", today())
    assert [h.key for h in handed.heirs] == ["essex-icp"]
    assert {row.heir for row in handed.rows if row.kind == "action"} == {"essex-icp"}
    with pytest.raises(NotFound):
        queries.handover("nobody", today())


def test_residents_cannot_reach_the_desk(client: Client, secretary: Person, held: Meeting) -> None:
    with pytest.raises(Forbidden):
        actions.publish_minutes(by=Person.objects.get(role=Role.RESIDENT), meeting=held, words="x")
    for address in (
        "/meetings/new",
        "/desk/today",
        f"/meeting/{held.key}/minutes",
        f"/meeting/{held.key}/items/new",
    ):
        assert client.get(address).status_code == 403, address


def test_every_write_leaves_an_audit_entry(secretary: Person, held: Meeting) -> None:
    done = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"governance.call_meeting", "governance.draft_agenda", "governance.record_attendance"} <= done


def test_a_question_through_the_page_gives_a_receipt_and_keeps_no_name(client: Client) -> None:
    form = {
        "words": "Why?",
        "kind": "question",
        "theme": "gp",
        "partner_class": "residents",
        "publish": "yes",
    }
    answer = client.post("/question", form, follow=True)
    receipt = Contribution.objects.get().receipt
    assert receipt in answer.content.decode()
    assert client.get("/question/follow", {"receipt": receipt.lower()}).status_code == 302
    empty = client.post("/question", {**form, "words": " "})
    assert empty.status_code == 422
    assert "Write your question first." in empty.content.decode()


@pytest.mark.parametrize(
    ("address", "most"),
    [("/meetings", 2), ("/decisions", 3), ("/register", 4), ("/bodies/check", 7), ("/have-your-say", 8)],
)
def test_public_pages_answer_in_few_queries(
    client: Client, address: str, most: int, django_assert_max_num_queries: object, held: Meeting
) -> None:
    with django_assert_max_num_queries(most):  # type: ignore[operator]
        assert client.get(address).status_code == 200


def test_pages_of_a_meeting_and_feeds(client: Client, secretary: Person, held: Meeting) -> None:
    decision = actions.record_decision(by=secretary, item=held.items.all()[0], words=WORDS)
    actions.publish_minutes(by=secretary, meeting=held, words="We met.")
    actions.publish_minutes(by=secretary, meeting=held, words="We met well.")
    page = client.get(f"/meeting/{held.key}").content.decode()
    assert "We met." in page
    assert "Corrected version 2" in page
    assert WORDS.reason in client.get(f"/decision/{decision.key}").content.decode()
    assert f"/meeting/{held.key}".encode() in client.get("/meetings.ics").content
    assert WORDS.title.encode() in client.get("/decisions.atom").content
    assert client.get("/bodies.json").json()["organizations"][0]["id"] == "icp"


def test_where_nothing_was_decided_no_noughts_are_counted(client: Client) -> None:
    page = client.get("/decisions").content.decode()
    assert "No decision is recorded." in page
    assert "ce-fact__value" not in page
    assert "Of those taken more widely" not in page
    assert 'name="level"' not in page
    assert 'name="level"' in client.get("/decisions?q=falls").content.decode(), (
        "what was asked can be changed"
    )


def test_where_nobody_has_spoken_no_table_of_noughts_is_drawn(client: Client) -> None:
    page = client.get("/influence").content.decode()
    assert "Nobody has said anything through this site yet." in page
    assert "Said nothing yet:" in page
    assert "By class of partner" not in page
