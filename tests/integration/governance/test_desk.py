"""The desk: nothing typed is lost, each fault stands beside its question, files come in whole or not at all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from endeavour.core.models import Body, Person, Role
from endeavour.core.public import now, today
from endeavour.errors import BadInput, Conflict
from endeavour.governance import actions, queries
from endeavour.governance.models import Contribution, Decision, Draft, Meeting
from integration.governance.conftest import WORDS

pytestmark = pytest.mark.django_db


def test_today_says_what_waits_is_late_and_is_due(desk: Client, secretary: Person, held: Meeting) -> None:
    said = actions.contribute(by=None, words="Why?")
    decision = actions.record_decision(by=secretary, item=held.items.all()[0], words=WORDS)
    for words, days in (("Train staff", -3), ("Buy rails", 9)):
        actions.add_action(
            by=secretary,
            decision=decision,
            words=words,
            owner=held.body,
            due_on=today() + timedelta(days=days),
        )
    page = desk.get("/desk/today").content.decode()
    for words in (f"Answer {said.receipt}", "Publish minutes", "Train staff", "Late by 3 days", "Buy rails"):
        assert words in page


def test_the_desk_counts_everybody_who_waits_and_shows_the_first_ten(desk: Client, icp: Body) -> None:
    for number in range(12):
        actions.contribute(by=None, words=f"Why {number}?", theme="buses")
    page = desk.get("/desk/today").content.decode()
    assert 'href="#waiting">12<' in page
    assert "The ten that have waited longest are shown, of 12." in page
    assert page.count("Answer ") == 10


def test_what_is_typed_and_not_sent_is_kept_offered_and_forgotten_once_sent(desk: Client, icp: Body) -> None:
    kept = desk.post("/meetings/new", {"place": "Half a libr", "_keep": "yes"})
    assert kept.headers["Location"] == "/meetings"
    assert "Half a libr" in desk.get("/drafts").content.decode()
    assert "Typed and not sent" in desk.get("/desk/today").content.decode()
    page = desk.get("/meetings/new").content.decode()
    assert 'value="Half a libr"' in page
    assert "have not sent" in page
    values = {"body": "icp", "day": today().isoformat(), "time": "14:00", "minutes": "60", "place": "Library"}
    assert desk.post("/meetings/new", values).status_code == 302
    assert not Draft.objects.exists()


def test_the_script_keeps_only_forms_of_the_desk_and_never_the_token(desk: Client) -> None:
    typed = {"_form": "/meetings/new", "place": "Lib", "csrfmiddlewaretoken": "t", "_keep": "x"}
    assert desk.post("/desk/draft", typed).status_code == 204
    assert Draft.objects.get().values == {"place": "Lib"}
    assert desk.post("/desk/draft", {**typed, "_form": "//elsewhere"}).status_code == 422
    assert desk.post("/desk/draft", {**typed, "place": "x" * 70_000}).status_code == 422
    assert desk.post("/meetings/new", {"_forget": "yes"}).status_code == 302
    assert not Draft.objects.exists()


def test_a_decision_is_read_back_kept_meanwhile_and_forgotten_once_recorded(
    desk: Client, held: Meeting
) -> None:
    address = f"/meeting/{held.key}/item/1/decision"
    page = desk.post(address, {**WORDS.__dict__, "_check": "yes"}).content.decode()
    assert "Check your answers" in page
    assert "Nothing has been sent yet" in page
    assert not Decision.objects.exists()
    assert WORDS.reason in desk.get(address).content.decode(), "kept, should the page be closed here"
    changed = desk.post(address, {**WORDS.__dict__, "reason": "", "_change": "yes"})
    assert changed.status_code == 200
    assert "There is a problem" not in changed.content.decode()
    assert desk.post(address, {**WORDS.__dict__, "_send": "yes"}).status_code == 302
    assert not Draft.objects.exists()


def test_a_draft_belongs_to_the_thing_that_the_address_names(desk: Client, icp: Body) -> None:
    one, other = (f"/body/icp/handover/heir?subject=post:seat-{n}" for n in (0, 1))
    desk.post(one, {"heir": "", "words": "For the first seat", "_keep": "yes"})
    assert "For the first seat" in desk.get(one).content.decode()
    assert "For the first seat" not in desk.get(other).content.decode()


def test_a_draft_is_its_writers_own(desk: Client, secretary: Person) -> None:
    desk.post("/desk/draft", {"_form": "/meetings/new", "place": "Secret hall"})
    other = Person.objects.get(role=Role.ADMINISTRATOR)
    desk.force_login(other)
    assert "Secret hall" not in desk.get("/meetings/new").content.decode()
    desk.force_login(Person.objects.get(role=Role.RESIDENT))
    assert desk.post("/desk/draft", {"_form": "/meetings/new"}).status_code == 403


def test_each_fault_stands_above_and_beside_its_question(desk: Client, held: Meeting) -> None:
    answer = desk.post(f"/meeting/{held.key}/item/1/decision", {"title": "Fund", "level": "system"})
    page = answer.content.decode()
    assert answer.status_code == 422
    for name in ("options", "level_reason", "effect_inequality"):
        assert f'href="#{name}"' in page
        assert f'id="{name}-error"' in page
    assert 'href="#title"' not in page
    assert 'value="Fund"' in page


def test_a_decision_without_a_quorum_is_refused_with_the_reason_and_nothing_typed_is_lost(
    desk: Client, secretary: Person, icp: Body
) -> None:
    started = now() - timedelta(days=2)
    meeting = actions.call_meeting(
        by=secretary, body=icp, title="", starts_at=started, minutes=60, place="Hall"
    )
    actions.add_item(by=secretary, meeting=meeting, title="Falls")
    typed = {
        name: value or "Not said"
        for name, value in WORDS.__dict__.items()
        if name not in {"reach", "aims", "principles"}
    }
    for reason in ("No attendance has been recorded", "1 voting seats were filled; 3 are needed"):
        answer = desk.post(f"/meeting/{meeting.key}/item/1/decision", {**typed, "reach": ""})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "A meeting without a quorum cannot decide." in page
        assert reason in page
        assert WORDS.reason in page
        actions.record_attendance(
            by=secretary, meeting=queries.meeting(meeting.key), post=icp.posts.all()[0], how="present"
        )
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("0022-12-01", "The year 22"),
        ("2026-02-30", "is not a day"),
        ("soon", "is not a day"),
        ("", "Say which day"),
    ],
)
def test_a_day_that_is_none_is_refused_beside_the_day(desk: Client, icp: Body, day: str, words: str) -> None:
    answer = desk.post(
        "/meetings/new", {"body": "icp", "day": day, "time": "14:00", "minutes": "60", "place": "Hall"}
    )
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert 'id="day-error"' in answer.content.decode()
    assert not Meeting.objects.exists()


def test_undo_is_another_decision_that_starts_with_the_first_ones_words(
    desk: Client, secretary: Person, held: Meeting
) -> None:
    first = actions.record_decision(by=secretary, item=held.items.all()[0], words=WORDS)
    address = f"/meeting/{held.key}/item/1/decision?supersedes={first.key}"
    assert address in desk.get(f"/decision/{first.key}").content.decode()
    page = desk.get(address).content.decode()
    assert WORDS.reason in page
    desk.post(address, {**WORDS.__dict__, "decided": "Fund half"})
    assert [d.decided for d in queries.decisions()] == ["Fund half"]
    assert Decision.objects.count() == 2


def test_a_cancelled_meeting_says_why_and_decides_nothing(desk: Client, secretary: Person, icp: Body) -> None:
    meeting = actions.call_meeting(
        by=secretary, body=icp, title="", starts_at=now() + timedelta(days=9), minutes=60, place="Hall"
    )
    assert desk.post(f"/meeting/{meeting.key}/cancel", {"why": " "}).status_code == 422
    assert desk.post(f"/meeting/{meeting.key}/cancel", {"why": "Snow"}).status_code == 302
    assert "Snow" in desk.get(f"/meeting/{meeting.key}").content.decode()
    with pytest.raises(Conflict, match="already cancelled"):
        actions.cancel_meeting(by=secretary, meeting=queries.meeting(meeting.key), why="Ice")


GOOD = "body,day,time,minutes,place\nicp,2026-12-03,14:00,120,Library\nicp,2027-03-04,14:00,,Town Hall\n"


def test_a_file_is_looked_at_first_then_brought_in_whole_and_twice_changes_nothing(
    desk: Client, icp: Body
) -> None:
    upload = SimpleUploadedFile("m.csv", GOOD.encode("utf-8-sig"))
    seen = desk.post("/desk/bring-in/meetings", {"file": upload})
    assert "2 lines are new" in seen.content.decode()
    assert not Meeting.objects.exists()
    desk.post("/desk/bring-in/meetings", {"text": GOOD, "confirm": "yes"})
    assert Meeting.objects.count() == 2
    again = actions.import_rows(by=None, kind="meetings", text=GOOD)
    assert (len(again.new), len(again.there)) == (0, 2)


def test_every_fault_of_a_file_is_named_by_its_line_and_nothing_comes_in(desk: Client, icp: Body) -> None:
    bad = (
        GOOD
        + "nobody,0022-12-01,25:00,5,Hall\nicp,2026-12-03,14:00,120,Again\n,,,,\nicp,2027-05-05,14:00,120,a,b,c\n"
    )
    faults = {(f.line, f.column) for f in actions.read_rows("meetings", bad).faults}
    assert faults == {(4, "body"), (4, "day"), (4, "time"), (4, "minutes"), (5, ""), (7, "")}
    answer = desk.post("/desk/bring-in/meetings", {"text": bad, "confirm": "yes"})
    assert answer.status_code == 422
    assert "line 4, column body" in answer.content.decode()
    assert not Meeting.objects.exists()


def test_a_line_of_a_file_is_named_where_it_begins_whatever_its_cells_hold(icp: Body) -> None:
    broken = (
        'icp,2026-12-03,14:00,120,"Hall,\n2 High Street"\nicp,2027-05-05,25:00,120,"Hall,\n2 High Street"\n'
    )
    read = actions.read_rows("meetings", GOOD.splitlines()[0] + "\n" + broken)
    assert [line for line, _ in read.new] == [2]
    assert [(f.line, f.column) for f in read.faults] == [(4, "time")]


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "body,day\n", "body,day,time,place\n"])
def test_a_file_that_is_no_table_of_meetings_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        actions.read_rows("meetings", text)


def test_bodies_come_in_and_a_new_name_is_refused() -> None:
    header = "key,name,legal_form,partner_class,valid_from\n"
    row = "falls-forum,Falls Forum,forum,partnership,2026-04-01\n"
    actions.import_rows(by=None, kind="bodies", text=header + row)
    assert Body.objects.get(key="falls-forum").name == "Falls Forum"
    renamed = actions.read_rows("bodies", header + row.replace("Falls Forum", "Fall Forum"))
    assert [f.column for f in renamed.faults] == ["name"]
    odd = actions.read_rows("bodies", header + "A B,X,party,friends,2026-13-01\n")
    assert {f.column for f in odd.faults} == {"key", "legal_form", "partner_class", "valid_from"}


@pytest.mark.parametrize("kind", sorted(actions.KINDS))
def test_the_template_to_fill_in_reads_back(kind: str, icp: Body) -> None:
    read = actions.read_rows(kind, actions.KINDS[kind].template())
    assert (len(read.new), read.faults) == (1, [])


DESK_PAGES = [
    "/desk/today", "/meetings/new", "/meeting/{m}/items/new", "/meeting/{m}/attendance", "/meeting/{m}/minutes",
    "/meeting/{m}/cancel", "/meeting/{m}/item/1/decision", "/meeting/{m}/item/1/paper", "/decision/{d}/actions/new",
    "/decision/{d}/action/1/report", "/question/{q}/reply", "/register/involve/evidence", "/bodies/message",
    "/body/icp/ways/new", "/body/icp/seat/seat-0", "/body/icp/handover/heir?subject=post:seat-0",
    "/partner/schools/approach", "/desk/bring-in/meetings", "/desk/bring-in/bodies/template.csv",
]  # fmt: skip
PARTNERS_TOO = {"/meeting/{m}/item/1/paper", "/decision/{d}/action/1/report", "/bodies/message"}


@pytest.mark.parametrize("role", [None, *Role])
def test_which_pages_of_the_desk_open_for_whom(
    client: Client, secretary: Person, held: Meeting, role: Role | None
) -> None:
    decision = actions.record_decision(by=secretary, item=held.items.all()[0], words=WORDS)
    actions.add_action(by=secretary, decision=decision, words="Train", owner=held.body, due_on=today())
    said: Contribution = actions.contribute(by=None, words="Why?")
    if role:
        client.force_login(Person.objects.get(role=role))
    for page in DESK_PAGES:
        address = page.format(m=held.key, d=decision.key, q=said.receipt)
        secretariat = role in {Role.SECRETARY, Role.ADMINISTRATOR}
        opens = secretariat or (role == Role.PARTNER and page in PARTNERS_TOO)
        assert client.get(address).status_code == (200 if opens else 403), (role, page)
