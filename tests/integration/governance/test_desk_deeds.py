"""What the desk's pages do when they are sent: a meeting from its call to its minutes, a body and its partners, a duty."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from endeavour.core.models import AuditEntry, Body, Event, Person, Post, Role, Route
from endeavour.core.public import LONDON, now, today
from endeavour.errors import BadInput
from endeavour.governance import actions, queries
from endeavour.governance.models import (
    DutyEvidence,
    Heir,
    Interest,
    Meeting,
    Minutes,
    Outreach,
    WorkingDocument,
)
from endeavour.governance.views_desk_partners import LARGEST_FILE

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)


def words_of(answer: object) -> str:
    """A page's words, whatever divides them."""
    return " ".join(answer.content.decode().split())  # type: ignore[attr-defined]


def test_a_meeting_is_called_given_notice_of_and_cancelled(desk: Client, icp: Body) -> None:
    typed = {"body": "icp", "day": (today() + timedelta(days=30)).isoformat(), "time": "14:00", "minutes": "90", "place": "Library"}  # fmt: skip
    assert desk.post("/meetings/new", typed).status_code == 302
    meeting = Meeting.objects.get()
    assert meeting.starts_at.astimezone(LONDON).hour == 14
    assert (meeting.place, meeting.noticed_on) == ("Library", None)
    assert meeting.ends_at - meeting.starts_at == timedelta(minutes=90)
    assert desk.post(f"/meeting/{meeting.key}/notice").status_code == 302
    meeting.refresh_from_db()
    assert meeting.noticed_on == today()
    refused = desk.post(f"/meeting/{meeting.key}/cancel", {"why": " "})
    assert refused.status_code == 422
    assert desk.post(f"/meeting/{meeting.key}/cancel", {"why": "The hall has flooded"}).status_code == 302
    assert "The hall has flooded" in words_of(desk.get(f"/meeting/{meeting.key}"))


def test_attendance_records_each_seat_that_was_said_and_no_seat_twice(desk: Client, held: Meeting) -> None:
    seats = list(held.body.posts.order_by("key"))
    before = AuditEntry.objects.filter(action="governance.record_attendance").count()
    typed = {seat.key: "present" for seat in seats} | {seats[0].key: "apologies"}
    assert desk.post(f"/meeting/{held.key}/attendance", typed).status_code == 302
    how = {a.post.key: a.how for a in queries.meeting(held.key).attendance.all()}
    assert how == typed
    after = AuditEntry.objects.filter(action="governance.record_attendance").count()
    assert after == before + 1, "only the seat whose answer changed"


def test_a_body_without_seats_has_no_attendance(desk: Client, secretary: Person, icp: Body) -> None:
    meeting = actions.call_meeting(
        by=secretary, body=Body.objects.get(key="n0"), title="", starts_at=now(), minutes=60, place="Hall"
    )
    answer = desk.get(f"/meeting/{meeting.key}/attendance")
    assert answer.status_code == 404
    assert "has no seats recorded" in words_of(answer)


def test_minutes_are_read_back_published_and_corrected_beside_the_first(desk: Client, held: Meeting) -> None:
    page = f"/meeting/{held.key}/minutes"
    assert "Earlier versions stay readable" not in words_of(desk.get(page))
    assert desk.post(page, {"words": ""}).status_code == 422
    assert desk.post(page, {"words": "We met.", "_check": "yes"}).status_code == 200
    assert not Minutes.objects.exists(), "reading back publishes nothing"
    assert desk.post(page, {"words": "We met."}).status_code == 302
    form = words_of(desk.get(page))
    assert "Earlier versions stay readable" in form
    assert "We met." in form
    assert desk.post(page, {"words": "We met, and agreed."}).status_code == 302
    found = Minutes.objects.order_by("version").values_list("version", "words")
    assert list(found) == [(1, "We met."), (2, "We met, and agreed.")]


@pytest.mark.parametrize(
    ("changed", "beside"),
    [
        ({"then": ""}, "Say whether they stayed"),
        ({"item": ""}, "Choose the item."),
        ({"seat": "nobodys"}, "seat"),
        ({"words": ""}, "Say what the interest is."),
    ],
)
def test_an_interest_on_an_item_says_whose_and_what_they_did(
    desk: Client, held: Meeting, changed: dict[str, str], beside: str
) -> None:
    page = f"/meeting/{held.key}/interests/new"
    typed = {"seat": "seat-1", "holder": "Ann Lee", "words": "Owns a care home", "item": "1", "then": Interest.Then.values[0]}  # fmt: skip
    refused = desk.post(page, typed | changed)
    assert refused.status_code == 422
    assert beside in words_of(refused)
    assert not Interest.objects.exists()
    assert desk.post(page, typed).status_code == 302
    kept = Interest.objects.get()
    assert (kept.post.key, kept.holder, kept.item.number) == ("seat-1", "Ann Lee", 1)
    assert kept.declared_on == held.starts_at.astimezone(LONDON).date(), (
        "the day of the meeting, not of the typing"
    )


def test_a_message_is_recorded_at_noon_of_its_day_on_a_route_that_there_was(
    desk: Client, client: Client, icp: Body
) -> None:
    Route.objects.create(
        kind="feeds", source=Body.objects.get(key="n0"), target=icp, owner="Ann", cadence_days=30
    )
    typed = {"route": "n0/feeds/icp", "day": today().isoformat(), "words": " Our report "}
    for wrong, words in (({"words": ""}, "Say what was sent."), ({"route": ""}, "Choose a route.")):
        refused = desk.post("/bodies/message", typed | wrong)
        assert refused.status_code == 422
        assert words in words_of(refused)
    assert not Event.objects.filter(kind="message").exists()
    assert desk.post("/bodies/message", typed).status_code == 302
    event = Event.objects.get(kind="message")
    assert event.subject == "route:n0/feeds/icp"
    assert event.happened_at == datetime.combine(today(), datetime.min.time().replace(hour=12), tzinfo=LONDON)
    partner = Person.objects.get(role=Role.PARTNER)
    partner.body = Body.objects.get(key="n1")
    partner.save(update_fields=["body"])
    client.force_login(partner)
    assert client.post("/bodies/message", typed).status_code == 403
    partner.body = Body.objects.get(key="n0")
    partner.save(update_fields=["body"])
    assert client.post("/bodies/message", typed).status_code == 302
    assert Event.objects.filter(kind="message").count() == 2


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"happened_at": now() + timedelta(days=1)}, "has not happened"),
        ({"words": "  "}, "Say what was sent"),
        ({"target": "n1"}, "no such route"),
    ],
)
def test_a_message_that_cannot_be_is_refused_and_unwritten(
    secretary: Person, icp: Body, changed: dict[str, object], words: str
) -> None:
    Route.objects.create(kind="feeds", source=Body.objects.get(key="n0"), target=icp)
    given = {"source": "n0", "kind": "feeds", "target": "icp", "happened_at": now(), "words": "Our report"}
    with pytest.raises(BadInput, match=words):
        actions.record_message(by=secretary, **(given | changed))  # type: ignore[arg-type]
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"duty": "be-kind"}, "no duty 'be-kind'"),
        ({"happened_on": today() + timedelta(days=1)}, "has not happened"),
        ({"words": "\n"}, "Say what happened"),
    ],
)
def test_evidence_of_a_duty_that_cannot_be_is_refused_and_unwritten(
    secretary: Person, changed: dict[str, object], words: str
) -> None:
    given = {"duty": "equality-duty", "kind": "note", "happened_on": today(), "words": "Published"}
    with pytest.raises(BadInput, match=words):
        actions.record_duty_evidence(by=secretary, **(given | changed))  # type: ignore[arg-type]
    assert not DutyEvidence.objects.exists()


def test_evidence_is_kept_tidied_under_one_name_of_its_kind(desk: Client, secretary: Person) -> None:
    assert desk.get("/register/be-kind/evidence").status_code == 404
    kept = actions.record_duty_evidence(
        by=secretary, duty="equality-duty", kind="Equality Information", happened_on=today(),
        words=" Published ", source=" Our website ",
    )  # fmt: skip
    assert (kept.kind, kept.words, kept.source) == ("equality-information", "Published", "Our website")
    (entry,) = AuditEntry.objects.filter(action="governance.record_duty_evidence")
    assert (entry.subject, entry.detail["evidence"]) == ("duty:equality-duty", kept.pk)


def test_an_approach_to_a_group_is_recorded_with_what_comes_next(desk: Client, icp: Body) -> None:
    page = "/partner/schools/approach"
    assert desk.post(page, {"words": "", "day": today().isoformat()}).status_code == 422
    typed = {"words": "We rang three heads", "day": today().isoformat(), "took_part": "yes", "next_step": "Visit", "next_owner": "Ann", "next_on": ""}  # fmt: skip
    assert desk.post(page, typed).status_code == 302
    kept = Outreach.objects.get()
    assert (kept.group, kept.took_part, kept.next_step, kept.next_owner, kept.next_on) == ("schools", True, "Visit", "Ann", None)  # fmt: skip


def test_a_seat_changes_hands_falls_vacant_and_is_only_its_own_bodys(desk: Client, icp: Body) -> None:
    page, post = "/body/icp/seat/seat-0", Post.objects.get(key="seat-0")
    days = [today() - timedelta(days=n) for n in (20, 10)]
    assert desk.post(page, {"holder": "Ann Lee", "on": days[0].isoformat()}).status_code == 302
    assert desk.post(page, {"holder": "  ", "on": days[1].isoformat()}).status_code == 302
    assert [h.holder for h in _holders(post, days[0])] == ["Ann Lee"]
    assert _holders(post, days[1]) == []
    assert desk.get("/body/n0/seat/seat-0").status_code == 404


def _holders(post: Post, day: date) -> list[object]:
    return [holder for holder in queries.all_holders(day) if holder.post_id == post.pk]


def test_ways_of_working_start_from_the_version_that_stands(desk: Client, icp: Body) -> None:
    page = "/body/icp/ways/new?kind=terms"
    typed = {"kind": "terms", "agreed_on": today().isoformat(), "review_on": (today() + YEAR).isoformat()}
    assert desk.post(page, typed | {"words": "We listen."}).status_code == 302
    assert "We listen." in words_of(desk.get(page))
    assert desk.post(page, typed | {"words": "We listen more."}).status_code == 302
    versions = list(WorkingDocument.objects.order_by("version"))
    assert [one.words for one in versions] == ["We listen.", "We listen more."]
    assert all(one.version < other.version for one, other in pairwise(versions))


def test_a_promised_body_is_set_up_from_the_page_once(desk: Client, icp: Body) -> None:
    assert desk.post("/partners/set-up/community-voices").status_code == 302
    assert Body.objects.filter(key="community-voices").exists()
    assert desk.get("/partners/set-up/community-voices").status_code == 405
    assert desk.post("/partners/set-up/community-voices").status_code in {409, 422}
    assert Body.objects.filter(key="community-voices").count() == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"body,day\xff\n", "not UTF-8"),
        (b"x" * (LARGEST_FILE + 1), "larger than 2 MB"),
        (
            b"body,day,time,place\nicp," + b"x" * 2_050_000,
            "line 2: The file is not a table of comma-separated values.",
        ),
        (None, "Choose a file."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(
    desk: Client, icp: Body, content: bytes | None, words: str
) -> None:
    sent = {} if content is None else {"file": SimpleUploadedFile("rows.csv", content)}
    answer = desk.post("/desk/bring-in/meetings", sent)
    assert answer.status_code == 422
    assert words in words_of(answer)
    assert desk.get("/desk/bring-in/dreams").status_code == 404
    assert desk.get("/desk/bring-in/dreams/template.csv").status_code == 404


ROWS = "key,name,legal_form,partner_class,purpose\n"


def test_a_file_is_looked_at_first_and_then_comes_in_whole_and_once(desk: Client, icp: Body) -> None:
    page, text = (
        "/desk/bring-in/bodies",
        f'{ROWS}falls-forum,Falls Forum,forum,partnership,"Falls, and more"\n',
    )
    looked = desk.post(page, {"file": SimpleUploadedFile("rows.csv", text.encode())})
    assert "1 line is new and no lines are here already. Nothing has been written yet." in words_of(looked)
    assert not Body.objects.filter(key="falls-forum").exists()
    # So large a file is sent back whole only as a part by itself: as a form's letters it would be too long to take.
    assert 'enctype="multipart/form-data"' in looked.content.decode().partition("Nothing has been written")[2]
    assert desk.post(page, {"text": text, "confirm": "yes"}).status_code == 302
    assert Body.objects.get(key="falls-forum").purpose == "Falls, and more"
    told = desk.post(page, {"text": text, "confirm": "yes"}, follow=True)
    assert "0 brought in, 1 were there already." in words_of(told)
    assert desk.post(page, {"confirm": "yes"}).status_code == 422


def test_a_file_with_a_fault_brings_nothing_in_and_names_line_and_column(desk: Client, icp: Body) -> None:
    long = f"{ROWS}first-forum,First,forum,partnership,\nlong-forum,{'N' * 201},forum,partnership,\n"
    for sent in ({"file": SimpleUploadedFile("rows.csv", long.encode())}, {"text": long, "confirm": "yes"}):
        answer = desk.post("/desk/bring-in/bodies", sent)
        assert answer.status_code == 422
        assert "201 letters; use at most 200" in words_of(answer)
    meetings = f"body,day,time,place\nicp,2027-09-02,14:00,{'P' * 301}\n"
    answer = desk.post("/desk/bring-in/meetings", {"file": SimpleUploadedFile("rows.csv", meetings.encode())})
    assert "301 letters; use at most 300" in words_of(answer)
    assert not Body.objects.filter(key__endswith="-forum").exists()
    assert not Meeting.objects.exists()


def test_a_null_byte_is_refused_with_its_line_before_anything_is_written(desk: Client, icp: Body) -> None:
    """SQLite would keep it and PostgreSQL would not, so neither is asked."""
    text = f"{ROWS}first-forum,First,forum,partnership,\nnull-forum,Fa\0lls,forum,partnership,\n"
    for sent in ({"file": SimpleUploadedFile("rows.csv", text.encode())}, {"text": text, "confirm": "yes"}):
        answer = desk.post("/desk/bring-in/bodies", sent)
        assert answer.status_code == 422
        assert "line 3: the text holds null bytes" in words_of(answer)
    assert not Body.objects.filter(key__endswith="-forum").exists()


def test_lines_that_end_as_an_old_spreadsheet_ends_them_are_lines(desk: Client, icp: Body) -> None:
    text = f"{ROWS}falls-forum,Falls Forum,forum,partnership,Falls\n".replace("\n", "\r")
    answer = desk.post("/desk/bring-in/bodies", {"file": SimpleUploadedFile("rows.csv", text.encode())})
    assert answer.status_code == 200
    assert "1 line is new" in words_of(answer)


def test_an_heir_is_named_on_the_page_and_may_be_nobody(desk: Client, icp: Body) -> None:
    page = "/body/icp/handover/heir?subject=post:seat-0"
    refused = desk.post(page, {"heir": "n0", "words": " "})
    assert refused.status_code == 422
    assert "Say why, or who agreed it." in words_of(refused)
    assert desk.post(page, {"heir": "icp", "words": "Itself"}).status_code == 422
    assert desk.post(page, {"heir": "n0", "words": "Agreed in public"}).status_code == 302
    assert 'value="n0" selected' in desk.get(page).content.decode(), "the form starts from who was named"
    assert desk.post(page, {"heir": "", "words": "Nobody would"}).status_code == 302
    assert [(h.heir and h.heir.key, h.words) for h in Heir.objects.order_by("pk")] == [
        ("n0", "Agreed in public"), (None, "Nobody would"),
    ]  # fmt: skip
    assert desk.get("/body/icp/handover/heir?subject=post:nobodys").status_code == 404


@pytest.mark.parametrize(
    ("page", "typed"),
    [
        ("/body/icp/seat/seat-0", {"holder": "A" * 161, "on": today().isoformat()}),
        ("/partner/schools/approach", {"words": "w", "day": today().isoformat(), "next_step": "Visit", "next_owner": "A" * 161}),
    ],
)  # fmt: skip
def test_a_name_too_long_to_keep_is_refused_and_never_cut(
    desk: Client, icp: Body, page: str, typed: dict[str, str]
) -> None:
    refused = desk.post(page, typed)
    assert refused.status_code == 422
    assert "Use at most 160 letters: there are 161." in words_of(refused)
    assert "A" * 161 in words_of(refused)
    assert not Outreach.objects.exists()


@pytest.mark.parametrize("role", [Role.RESIDENT, Role.PRACTITIONER, Role.PARTNER])
def test_only_the_secretariat_changes_bodies_and_partners(
    client: Client, secretary: Person, icp: Body, role: Role
) -> None:
    client.force_login(Person.objects.get(role=role))
    for page in (
        "/partner/schools/approach", "/body/icp/ways/new", "/body/icp/seat/seat-0",
        "/body/icp/handover/heir?subject=post:seat-0", "/desk/bring-in/bodies",
    ):  # fmt: skip
        assert client.get(page).status_code == 403, page
        assert client.post(page, {"words": "w"}).status_code == 403, page
    assert client.get("/desk/bring-in/bodies/template.csv").status_code == 403
    assert client.post("/partners/set-up/community-voices").status_code == 403
