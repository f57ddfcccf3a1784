"""What the secretariat's actions refuse, in words, and that a refusal writes nothing: neither a row nor an audit entry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from endeavour.core.models import AuditEntry, Body, Event, Person, Post, Role, Route
from endeavour.core.public import now, today
from endeavour.errors import BadInput, Conflict, Forbidden
from endeavour.governance import actions
from endeavour.governance.models import Attendance, DutyEvidence, Interest, Meeting, Minutes

pytestmark = pytest.mark.django_db
World = dict[str, Any]


@pytest.fixture
def world(secretary: Person, icp: Body, held: Meeting) -> World:
    """A partnership, a meeting that was held, one to come, a board with a seat of its own, and a route between them."""
    board = Body.objects.create(key="hwb", name="Board", legal_form="other", partner_class="nhs")
    closed = Body.objects.create(
        key="old", name="Old board", legal_form="other", partner_class="nhs", valid_to=date(2020, 1, 1)
    )
    seat = Post.objects.create(key="hwb-chair", body=board, title="Chair")
    Route.objects.create(kind="feeds", source=board, target=icp, valid_from=date(2022, 7, 1))
    coming = actions.call_meeting(
        by=secretary, body=icp, title="", starts_at=now() + timedelta(days=40), minutes=60, place="Hall"
    )
    return {
        "icp": icp,
        "held": held,
        "coming": coming,
        "closed": closed,
        "seat": seat,
        "own": icp.posts.all()[0],
    }


def calling(**change: object) -> Callable[[Person, World], object]:
    def does(by: Person, w: World) -> object:
        given = {
            "body": w["icp"],
            "title": "",
            "starts_at": now() + timedelta(days=9),
            "minutes": 60,
            "place": "Hall",
        }
        return actions.call_meeting(
            by=by, **{**given, **{k: w.get(v, v) if isinstance(v, str) else v for k, v in change.items()}}
        )  # type: ignore[arg-type]

    return does


def attending(**change: object) -> Callable[[Person, World], object]:
    def does(by: Person, w: World) -> object:
        given = {"meeting": "held", "post": "own", "how": "present", **change}
        return actions.record_attendance(by=by, **{k: w.get(str(v), v) for k, v in given.items()})  # type: ignore[arg-type]

    return does


def declaring(**change: object) -> Callable[[Person, World], object]:
    def does(by: Person, w: World) -> object:
        given = {"post": "own", "holder": "A. Person", "words": "A shop", "declared_on": today(), **change}
        return actions.declare_interest(
            by=by, **{k: w.get(v, v) if isinstance(v, str) else v for k, v in given.items()}
        )  # type: ignore[arg-type]

    return does


def showing(**change: object) -> Callable[[Person, World], object]:
    given = {"duty": "equality-duty", "kind": "assessment", "happened_on": today(), "words": "Done", **change}
    return lambda by, w: actions.record_duty_evidence(by=by, **given)  # type: ignore[arg-type]


def telling(**change: object) -> Callable[[Person, World], object]:
    given = {
        "source": "hwb",
        "kind": "feeds",
        "target": "icp",
        "happened_at": now(),
        "words": "A letter",
        **change,
    }
    return lambda by, w: actions.record_message(by=by, **given)  # type: ignore[arg-type]


REFUSED: list[tuple[Callable[[Person, World], object], type[Exception], str]] = [
    (calling(body="closed"), BadInput, "does not exist on"),
    (calling(starts_at=now() + timedelta(days=3000)), BadInput, "more than five years away"),
    (calling(minutes=5), BadInput, "between 15 minutes and 10 hours"),
    (calling(place=" "), BadInput, "Say where"),
    (calling(closed_ground="It is awkward"), BadInput, "no ground in law"),
    (calling(starts_at=now() + timedelta(days=40)), Conflict, "already meets on"),
    (lambda by, w: actions.cancel_meeting(by=by, meeting=w["held"], why="Rain"), BadInput, "has begun"),
    (lambda by, w: actions.cancel_meeting(by=by, meeting=w["coming"], why=" "), BadInput, "Say why"),
    (lambda by, w: actions.publish_minutes(by=by, meeting=w["coming"], words="x"), BadInput, "not taken place"),
    (lambda by, w: actions.publish_minutes(by=by, meeting=w["held"], words=" "), BadInput, "minutes are empty"),
    (attending(post="seat"), BadInput, "is not a seat of"),
    (attending(how="asleep"), BadInput, "not a way of attending"),
    (attending(meeting="coming"), BadInput, "not taken place"),
    (declaring(holder=" "), BadInput, "Say who declared"),
    (declaring(declared_on=today() + timedelta(days=1)), BadInput, "in the future"),
    (declaring(then="left"), BadInput, "belongs to an item"),
    (showing(duty="no-such-duty"), BadInput, "There is no duty"),
    (showing(duty="revise-strategy", kind="decision"), BadInput, "Only a recorded decision"),
    (showing(happened_on=today() + timedelta(days=1)), BadInput, "no evidence"),
    (showing(words=" "), BadInput, "Say what happened"),
    (telling(target="old"), BadInput, "no such route"),
    (telling(happened_at=now() + timedelta(days=2)), BadInput, "What has not happened"),
    (telling(words=" "), BadInput, "Say what was sent"),
]  # fmt: skip


def written() -> tuple[int, ...]:
    kept = (Meeting, Minutes, Attendance, Interest, DutyEvidence, Event, AuditEntry)
    return (
        *(model.objects.count() for model in kept),
        Meeting.objects.filter(cancelled_on__isnull=False).count(),
    )


def test_each_refusal_is_in_words_and_writes_nothing(secretary: Person, world: World) -> None:
    before = written()
    for does, error, words in REFUSED:
        with pytest.raises(error, match=words):
            does(secretary, world)
        assert written() == before, words


def test_notice_is_given_once_and_a_meeting_is_cancelled_once(secretary: Person, world: World) -> None:
    actions.give_notice(by=secretary, meeting=world["coming"])
    with pytest.raises(Conflict, match="Notice was already given"):
        actions.give_notice(by=secretary, meeting=world["coming"])
    actions.cancel_meeting(by=secretary, meeting=world["coming"], why="Rain")
    before = written()
    with pytest.raises(Conflict, match="already cancelled"):
        actions.cancel_meeting(by=secretary, meeting=world["coming"], why="Snow")
    assert written() == before


def test_a_partner_tells_only_of_messages_from_its_own_body(secretary: Person, world: World) -> None:
    partner = Person.objects.get(role=Role.PARTNER)
    for body in (None, world["icp"]):
        partner.body = body
        with pytest.raises(Forbidden, match="from your own body only"):
            telling()(partner, world)
    partner.body = Body.objects.get(key="hwb")
    assert telling()(partner, world)


def test_what_the_table_refuses_is_otherwise_done(secretary: Person, world: World) -> None:
    for does in (calling(), attending(), declaring(), showing(), telling()):
        before = written()
        assert does(secretary, world)
        assert written() != before
