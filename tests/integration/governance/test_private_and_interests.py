"""Nothing is private without a ground in law, which everybody reads; and whoever has an interest says so in public."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from django.test import Client

from endeavour.core.models import Person, Post
from endeavour.core.public import now, today
from endeavour.errors import BadInput
from endeavour.governance import actions, queries
from endeavour.governance.definitions import meeting_rules
from endeavour.governance.models import AgendaItem, Decision, Interest, Meeting
from integration.governance.conftest import WORDS

pytestmark = pytest.mark.django_db
SECRET = "Settle the claim of a named nurse"


@pytest.fixture
def ground() -> str:
    return meeting_rules(settings.PACK).private.grounds[0]


@pytest.fixture
def exempt(secretary: Person, held: Meeting, ground: str) -> Decision:
    item = actions.add_item(by=secretary, meeting=held, title="A claim", words=SECRET, exempt_ground=ground)
    words = WORDS.__class__(
        **{**WORDS.__dict__, "title": "Claim settled", "decided": SECRET, "reason": SECRET}
    )
    return actions.record_decision(by=secretary, item=item, words=words)


def test_what_is_no_ground_in_law_closes_nothing(secretary: Person, held: Meeting) -> None:
    with pytest.raises(BadInput, match="no ground in law"):
        actions.add_item(by=secretary, meeting=held, title="Awkward", exempt_ground="It is awkward")
    with pytest.raises(BadInput, match="no ground in law"):
        actions.call_meeting(
            by=secretary, body=held.body, title="", starts_at=now() + timedelta(days=9), minutes=60, place="Hall",
            closed_ground="We would rather not",
        )  # fmt: skip
    assert not AgendaItem.objects.filter(title="Awkward").exists()


def test_words_taken_in_private_are_nowhere_in_public_and_their_ground_is(
    client: Client, exempt: Decision, ground: str
) -> None:
    key = exempt.item.meeting.key
    pages = [
        f"/meeting/{key}",
        f"/decision/{exempt.key}",
        "/decisions",
        "/decisions.atom",
        "/decisions?q=named nurse",
    ]
    pages += ["/api/governance/decisions", f"/api/governance/decisions/{exempt.key}", "/register", "/desk"]
    for page in pages:
        assert SECRET not in client.get(page).content.decode(), page
    for page in pages[:2]:
        assert ground in client.get(page).content.decode(), page
    assert "Claim settled" in client.get("/decisions").content.decode()
    assert client.get("/api/governance/decisions").json()[0]["private_ground"] == ground
    assert exempt.key not in client.get("/decisions?q=named nurse").content.decode()


def test_the_secretary_still_reads_what_was_taken_in_private(desk: Client, exempt: Decision) -> None:
    assert SECRET in desk.get(f"/decision/{exempt.key}").content.decode()


def test_the_minutes_of_a_meeting_in_private_stay_private(
    client: Client, secretary: Person, icp: object, ground: str
) -> None:
    meeting = actions.call_meeting(
        by=secretary, body=icp, title="", starts_at=now() - timedelta(days=3), minutes=60, place="Hall",
        closed_ground=ground,
    )  # type: ignore[arg-type]  # fmt: skip
    actions.publish_minutes(by=secretary, meeting=meeting, words=SECRET)
    page = client.get(f"/meeting/{meeting.key}").content.decode()
    assert SECRET not in page
    assert ground in page


def declare(by: Person, held: Meeting, **other: object) -> Interest:
    given = {
        "post": held.body.posts.first(),
        "holder": "A. Member",
        "words": "Owns a care home",
        "declared_on": today(),
    }
    return actions.declare_interest(by=by, **{**given, **other})  # type: ignore[arg-type]


def test_an_interest_on_an_item_says_what_its_holder_then_did(
    client: Client, secretary: Person, held: Meeting
) -> None:
    declare(secretary, held)
    declare(secretary, held, item=held.items.all()[1], then="left", words="Sells beds")
    page = client.get(f"/meeting/{held.key}").content.decode()
    assert "Sells beds" in page
    assert "They left the room." in page
    listed = client.get("/interests").content.decode()
    assert listed.index("Sells beds") < listed.index("Owns a care home"), "the newest first"
    with pytest.raises(DatabaseError), transaction.atomic():
        Interest.objects.all()._raw_delete("default")
    with pytest.raises(DatabaseError), transaction.atomic():
        Interest.objects.update(words="Nothing")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"holder": " "}, "who declared"),
        ({"words": ""}, "what it is"),
        ({"declared_on": date(2099, 1, 1)}, "in the future"),
        ({"then": "left"}, "belongs to an item"),
    ],
)
def test_half_a_declaration_is_refused(
    secretary: Person, held: Meeting, given: dict[str, object], words: str
) -> None:
    with pytest.raises(BadInput, match=words):
        declare(secretary, held, **given)
    with pytest.raises(BadInput, match="stayed, spoke or left"):
        declare(secretary, held, item=held.items.all()[0])


def test_a_stranger_to_the_body_declares_nothing_on_its_items(secretary: Person, held: Meeting) -> None:
    from endeavour.core.models import Body

    other = Post.objects.create(key="elsewhere", body=Body.objects.get(key="n0"), title="Chair")
    with pytest.raises(BadInput, match="not a seat"):
        declare(secretary, held, post=other, item=held.items.all()[0], then="left")


def test_the_desks_form_records_it(desk: Client, held: Meeting) -> None:
    address = f"/meeting/{held.key}/interests/new"
    assert desk.get(address).status_code == 200
    form = {
        "seat": "seat-0",
        "holder": "A. Member",
        "words": "Owns a care home",
        "item": "2",
        "then": "spoke",
    }
    assert desk.post(address, {**form, "then": ""}).status_code == 422
    assert desk.post(address, {**form, "seat": "seat-99"}).status_code == 422
    assert desk.post(address, form).status_code == 302
    row = Interest.objects.get()
    assert (row.item.number if row.item else 0, row.then) == (2, "spoke")


def test_who_came_and_the_room_by_class_have_their_denominators(
    client: Client, secretary: Person, held: Meeting
) -> None:
    nhs, council = held.body.posts.order_by("pk")[1], held.body.posts.order_by("pk")[0]
    actions.record_attendance(by=secretary, meeting=held, post=council, how="absent")
    rows = {row.post.key: row for row in queries.attendance(today())}
    assert (rows[council.key].filled, rows[council.key].absent, rows[council.key].recorded) == (0, 1, 1)
    assert rows[nhs.key].filled == 1
    room = {row.partner_class: row for row in queries.room(today()).classes}
    assert (room["local_authority"].filled, room["local_authority"].recorded) == (3, 4)
    assert (room["nhs"].filled, room["nhs"].recorded) == (4, 4)
    said = actions.contribute(by=None, words="Mum falls")
    meeting = actions.call_meeting(
        by=secretary, body=held.body, title="", starts_at=now() - timedelta(days=2), minutes=60, place="Hall"
    )
    actions.draft_agenda(by=secretary, meeting=meeting)
    item = next(i for i in meeting.items.all() if i.subject.endswith(said.receipt))
    after = {row.partner_class: row for row in queries.room(today()).classes}
    assert after["residents"].minutes == item.minutes
    assert queries.room(today()).minutes == sum(i.minutes for m in (held, meeting) for i in m.items.all())
    assert f"{item.minutes} of" in client.get("/influence").content.decode()
    assert "0 of 1" in client.get("/attendance").content.decode()
    lines = client.get("/attendance.csv").content.decode().splitlines()
    assert f"{council.key},icp,n0,1,0,0,0,1" in lines
