"""Writing governance over HTTP: what the desk's forms do, for programs that hold a token.

Every operation acts for the token's person, checks their role again, and is audited as theirs. A body that does not
fit is answered with 422 and the field's name; what the state of things forbids with 409.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, TypeVar

from django.conf import settings
from django.http import HttpRequest
from ninja import Field, Router, Schema, Status
from pydantic import ConfigDict

from endeavour.core.public import Body, Person, TokenFor
from endeavour.errors import BadInput, NotFound
from endeavour.governance import actions, queries
from endeavour.governance.exceptions import exceptions

router = Router(tags=["governance"])
Words = Annotated[str, Field(max_length=60_000)]
Line = Annotated[str, Field(max_length=300)]
Key = Annotated[str, Field(max_length=90)]


class Problem(Schema):
    """Why nothing was written; `error` is the kind, `message` the words, `hint` what to do."""

    error: str
    message: str
    hint: str


class Made(Schema):
    """What was written: its name, and the page that shows it."""

    name: str
    see: str


class _Strict(Schema):
    model_config = ConfigDict(extra="forbid")


class MeetingIn(_Strict):
    """A meeting to call; `starts_at` needs its time zone."""

    body: Key
    starts_at: datetime
    minutes: int = 120
    place: Line
    title: Annotated[str, Field(max_length=200)] = ""
    join_words: Words = ""
    closed_ground: Line = ""


class ItemIn(_Strict):
    """An item to add to an agenda."""

    title: Annotated[str, Field(max_length=200)]
    words: Words = ""
    minutes: int = 10
    exempt_ground: Line = ""


class DecisionIn(_Strict):
    """A decision, whole; `level_reason` is needed unless the level is neighbourhood."""

    title: Annotated[str, Field(max_length=200)]
    options: Words
    decided: Words
    reason: Words
    level: str
    level_reason: Words = ""
    effect_health: Words
    effect_quality: Words
    effect_resources: Words
    effect_inequality: Words
    equality_impact: Words = ""
    dissent: Words = ""
    supersedes: Key = ""


class ActionIn(_Strict):
    """Something to be done; `promise` is a number such as W16, `measure` an id of the catalogue."""

    words: Words
    owner: Key
    due_on: date
    promise: Annotated[str, Field(max_length=40)] = ""
    measure: Key = ""


class ReportIn(_Strict):
    """What became of an action; 'done' needs evidence."""

    happened_on: date
    words: Words
    evidence: Line = ""
    done: bool = False


class MinutesIn(_Strict):
    """Minutes to publish."""

    words: Words


class ContributionIn(_Strict):
    """What somebody said or asked; never a name."""

    words: Annotated[str, Field(max_length=4_000)]
    kind: str = "contribution"
    theme: Annotated[str, Field(max_length=60)] = ""
    partner_class: str = "residents"
    group: Annotated[str, Field(max_length=40)] = ""
    may_publish: bool = True


class ReplyIn(_Strict):
    """The answer to a contribution: answered, on_agenda or refused, with the words or the reason."""

    outcome: str
    words: Words


class MessageIn(_Strict):
    """A message that travelled a route of the map."""

    source: Key
    kind: Key
    target: Key
    happened_at: datetime
    words: Words


Does = TypeVar("Does", bound=Callable[..., Any])


def _writes(path: str, action: str, summary: str) -> Callable[[Does], Does]:
    """One operation that writes: its guard, and every answer it may give, declared."""
    answers = {201: Made, **dict.fromkeys((401, 403, 404, 409, 422), Problem)}
    operation: Callable[[Does], Does] = router.post(
        path, auth=TokenFor(action), response=answers, summary=summary
    )
    return operation


def _by(request: HttpRequest) -> Person:
    person: Person = request.auth  # type: ignore[attr-defined]
    return person


def _body(key: str) -> Body:
    found: Body | None = Body.objects.filter(key=key).first()  # type: ignore[assignment]
    if found is None:
        raise NotFound(f"There is no body '{key[:60]}'.", hint="See /bodies.json.")
    return found


Written = Status[dict[str, str]]


def _made(name: str, see: str) -> Written:
    return Status(201, {"name": name, "see": see})


@_writes("/meetings", "governance.call_meeting", "Call a meeting")
def call_meeting(request: HttpRequest, given: MeetingIn) -> Written:
    """Call a meeting of a body that exists on that day."""
    if given.starts_at.tzinfo is None:
        raise BadInput("starts_at needs its time zone.", hint="Write 2026-12-03T14:00:00+00:00.")
    values = given.dict() | {"body": _body(given.body)}
    found = actions.call_meeting(by=_by(request), **values)
    return _made(f"meeting:{found.key}", f"/meeting/{found.key}")


@_writes("/meetings/{key}/notice", "governance.give_notice", "Give notice of a meeting today")
def give_notice(request: HttpRequest, key: str) -> Written:
    """Give public notice, once."""
    actions.give_notice(by=_by(request), meeting=queries.meeting(key))
    return _made(f"meeting:{key}", f"/meeting/{key}")


@_writes("/meetings/{key}/agenda", "governance.draft_agenda", "Draft an agenda")
def draft_agenda(request: HttpRequest, key: str) -> Written:
    """Draft the agenda from everything that is due by that day."""
    promises = queries.late_promises()
    meeting = queries.meeting(key)
    actions.draft_agenda(
        by=_by(request), meeting=meeting, promises=promises, exceptions=exceptions(settings.PACK)
    )
    return _made(f"meeting:{key}", f"/meeting/{key}")


@_writes("/meetings/{key}/items", "governance.draft_agenda", "Add an item to an agenda")
def add_item(request: HttpRequest, key: str, given: ItemIn) -> Written:
    """Add an item at the end."""
    item = actions.add_item(by=_by(request), meeting=queries.meeting(key), **given.dict())
    return _made(f"item:{key}/{item.number}", f"/meeting/{key}#item-{item.number}")


@_writes("/meetings/{key}/minutes", "governance.publish_minutes", "Publish minutes")
def publish_minutes(request: HttpRequest, key: str, given: MinutesIn) -> Written:
    """Publish minutes, or a corrected version beside the earlier one."""
    actions.publish_minutes(by=_by(request), meeting=queries.meeting(key), words=given.words)
    return _made(f"meeting:{key}", f"/meeting/{key}")


@_writes("/meetings/{key}/items/{number}/decisions", "governance.record_decision", "Record a decision")
def record_decision(request: HttpRequest, key: str, number: int, given: DecisionIn) -> Written:
    """Record a decision of a quorate meeting; with `supersedes`, in the place of an earlier one."""
    values = given.dict()
    earlier = queries.decision(key_) if (key_ := values.pop("supersedes")) else None
    words = actions.DecisionWords(**values)
    item = queries.meeting_item(key, number)
    made = actions.record_decision(by=_by(request), item=item, words=words, supersedes=earlier)
    return _made(f"decision:{made.key}", f"/decision/{made.key}")


@_writes("/decisions/{key}/actions", "governance.record_decision", "Add an action")
def add_action(request: HttpRequest, key: str, given: ActionIn) -> Written:
    """Give a body something to do because of a decision."""
    values = given.dict() | {"owner": _body(given.owner)}
    made = actions.add_action(by=_by(request), decision=queries.decision(key), **values)
    return _made(f"action:{key}/{made.number}", f"/decision/{key}#action-{made.number}")


@_writes("/decisions/{key}/actions/{number}/reports", "governance.report_action", "Report on an action")
def report_action(request: HttpRequest, key: str, number: int, given: ReportIn) -> Written:
    """Say what became of an action; a partner reports on its own."""
    action = next((a for a in queries.decision(key).actions.all() if a.number == number), None)
    if action is None:
        raise NotFound(f"This decision has no action {number}.")
    actions.report_action(by=_by(request), action=action, **given.dict())
    return _made(f"action:{key}/{number}", f"/decision/{key}#action-{number}")


@_writes("/contributions", "governance.reply", "Take what somebody said")
def contribute(request: HttpRequest, given: ContributionIn) -> Written:
    """Take what somebody said elsewhere, and get the receipt to give them."""
    taken = actions.contribute(by=_by(request), **given.dict())
    return _made(f"contribution:{taken.receipt}", f"/question/{taken.receipt}")


@_writes("/contributions/{receipt}/replies", "governance.reply", "Reply to a contribution")
def reply(request: HttpRequest, receipt: str, given: ReplyIn) -> Written:
    """Publish the answer, or the reason why it is not taken up."""
    actions.reply(by=_by(request), contribution=queries.contribution(receipt), **given.dict())
    return _made(f"contribution:{receipt}", f"/question/{receipt}")


@_writes("/messages", "governance.record_message", "Record a message between bodies")
def record_message(request: HttpRequest, given: MessageIn) -> Written:
    """Record that a message travelled a route of the map."""
    event = actions.record_message(by=_by(request), **given.dict())
    return _made(f"event:{event.pk}", "/bodies/check")
