"""Writing governance over HTTP: what the desk's forms do, for programs that hold a token.

Every operation acts for the token's person, checks their role again, and is audited as theirs. A body that does not
fit is answered with 422 and the field's name; what the state of things forbids with 409.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, TypeVar

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from endeavour.core.api_shapes import NOT_EMPTY, WRITE_ERRORS, Strict, between, one_of, token_holder
from endeavour.core.public import Body, Day, Moment, TokenFor
from endeavour.errors import BadInput, NotFound
from endeavour.governance import actions, queries
from endeavour.governance.models import Contribution, Level, Reach, Reply

router = Router(tags=["governance"])
Words = Annotated[str, Field(max_length=60_000)]
Line = Annotated[str, Field(max_length=300)]
Key = Annotated[str, Field(max_length=90)]


Said = Annotated[str, Field(max_length=60_000, json_schema_extra=NOT_EMPTY)]
SaidLine = Annotated[str, Field(max_length=300, json_schema_extra=NOT_EMPTY)]
Title = Annotated[str, Field(max_length=200, json_schema_extra=NOT_EMPTY)]


class MadeOut(Schema):
    """What was written: its name, and the page that shows it."""

    name: str
    see: str


class MeetingIn(Strict):
    """A meeting to call; `starts_at` needs its time zone."""

    body: Key
    starts_at: Moment
    minutes: Annotated[int, between(15, 600)] = 120
    place: SaidLine
    title: Annotated[str, Field(max_length=200)] = ""
    join_words: Words = ""
    closed_ground: Line = ""


class MeetingDecisionIn(Strict):
    """A decision, whole; `level_reason` is needed unless the level is neighbourhood; `reach` is once or varied; `aims` as at /aims, `principles` as at /principles."""

    title: Title
    options: Said
    decided: Said
    reason: Said
    level: Annotated[str, one_of(Level)]
    level_reason: Words = ""
    reach: Annotated[str, one_of((*Reach.values, ""))] = ""
    effect_health: Said
    effect_quality: Said
    effect_resources: Said
    effect_inequality: Words
    equality_impact: Words = ""
    dissent: Words = ""
    aims: tuple[Key, ...] = ()
    principles: tuple[Key, ...] = ()
    supersedes: Key = ""


class ActionIn(Strict):
    """Something to be done; `promise` is a number such as W16, `measure` an id of the catalogue."""

    words: Words
    owner: Key
    due_on: Day
    promise: Annotated[str, Field(max_length=40)] = ""
    measure: Key = ""


class ReportIn(Strict):
    """What became of an action; 'done' needs evidence."""

    happened_on: Day
    words: Words
    evidence: Line = ""
    done: bool = False


class MinutesIn(Strict):
    """Minutes to publish."""

    words: Said


class ContributionIn(Strict):
    """What somebody said or asked; never a name."""

    words: Annotated[str, Field(max_length=4_000)]
    kind: Annotated[str, one_of(Contribution.Kind)] = "contribution"
    theme: Annotated[str, Field(max_length=60)] = ""
    partner_class: Annotated[str, one_of(Body.PartnerClass)] = "residents"
    group: Annotated[str, Field(max_length=40)] = ""
    may_publish: bool = True


class ReplyIn(Strict):
    """The answer to a contribution: answered, on_agenda or refused, with the words or the reason."""

    outcome: Annotated[str, one_of(Reply.Outcome)]
    words: Words


class MessageIn(Strict):
    """A message that travelled a route of the map."""

    source: Key
    kind: Key
    target: Key
    happened_at: Moment
    words: Words


Does = TypeVar("Does", bound=Callable[..., Any])


def writes(path: str, action: str, summary: str, guard: type[TokenFor] = TokenFor) -> Callable[[Does], Does]:
    """One operation that writes: its guard, and every answer it may give, declared."""
    answers = {201: MadeOut, **WRITE_ERRORS}
    operation: Callable[[Does], Does] = router.post(
        path, auth=guard(action), response=answers, summary=summary
    )
    return operation


def aware(moment: datetime) -> datetime:
    """A moment as it was sent; `BadInput` where its time zone is missing."""
    if moment.tzinfo is None:
        raise BadInput("A moment needs its time zone.", hint="Write 2026-12-03T14:00:00+00:00.")
    return moment


Written = Status[dict[str, str]]


def made_at(name: str, see: str) -> Written:
    """The answer to something written."""
    return Status(201, {"name": name, "see": see})


@writes("/meetings", "governance.call_meeting", "Call a meeting")
def call_meeting(request: HttpRequest, given: MeetingIn) -> Written:
    """Call a meeting of a body that exists on that day."""
    values = given.dict() | {"body": queries.body(given.body), "starts_at": aware(given.starts_at)}
    found = actions.call_meeting(by=token_holder(request), **values)
    return made_at(f"meeting:{found.key}", f"/meeting/{found.key}")


@writes("/meetings/{key}/notice", "governance.give_notice", "Give notice of a meeting today")
def give_notice(request: HttpRequest, key: str) -> Written:
    """Give public notice, once."""
    actions.give_notice(by=token_holder(request), meeting=queries.meeting(key))
    return made_at(f"meeting:{key}", f"/meeting/{key}")


@writes("/meetings/{key}/minutes", "governance.publish_minutes", "Publish minutes")
def publish_minutes(request: HttpRequest, key: str, given: MinutesIn) -> Written:
    """Publish minutes, or a corrected version beside the earlier one."""
    actions.publish_minutes(by=token_holder(request), meeting=queries.meeting(key), words=given.words)
    return made_at(f"meeting:{key}", f"/meeting/{key}")


@writes("/meetings/{key}/items/{number}/decisions", "governance.record_decision", "Record a decision")
def record_decision(request: HttpRequest, key: str, number: int, given: MeetingDecisionIn) -> Written:
    """Record a decision of a quorate meeting; with `supersedes`, in the place of an earlier one."""
    values = given.dict()
    earlier = queries.decision(key_) if (key_ := values.pop("supersedes")) else None
    words = actions.DecisionWords(**values)
    item = queries.meeting_item(key, number)
    made = actions.record_decision(by=token_holder(request), item=item, words=words, supersedes=earlier)
    return made_at(f"decision:{made.key}", f"/decision/{made.key}")


@writes("/decisions/{key}/actions", "governance.record_decision", "Add an action")
def add_action(request: HttpRequest, key: str, given: ActionIn) -> Written:
    """Give a body something to do because of a decision."""
    values = given.dict() | {"owner": queries.body(given.owner)}
    made = actions.add_action(by=token_holder(request), decision=queries.decision(key), **values)
    return made_at(f"action:{key}/{made.number}", f"/decision/{key}#action-{made.number}")


@writes("/decisions/{key}/actions/{number}/reports", "governance.report_action", "Report on an action")
def report_action(request: HttpRequest, key: str, number: int, given: ReportIn) -> Written:
    """Say what became of an action; a partner reports on its own."""
    action = next((a for a in queries.decision(key).actions.all() if a.number == number), None)
    if action is None:
        raise NotFound(f"This decision has no action {number}.")
    actions.report_action(by=token_holder(request), action=action, **given.dict())
    return made_at(f"action:{key}/{number}", f"/decision/{key}#action-{number}")


@writes("/contributions", "governance.reply", "Take what somebody said")
def contribute(request: HttpRequest, given: ContributionIn) -> Written:
    """Take what somebody said elsewhere, and get the receipt to give them."""
    taken = actions.contribute(by=token_holder(request), **given.dict())
    return made_at(f"contribution:{taken.receipt}", f"/question/{taken.receipt}")


@writes("/contributions/{receipt}/replies", "governance.reply", "Reply to a contribution")
def reply(request: HttpRequest, receipt: str, given: ReplyIn) -> Written:
    """Publish the answer, or the reason why it is not taken up."""
    actions.reply(by=token_holder(request), contribution=queries.contribution(receipt), **given.dict())
    return made_at(f"contribution:{receipt}", f"/question/{receipt}")


@writes("/messages", "governance.record_message", "Record a message between bodies")
def record_message(request: HttpRequest, given: MessageIn) -> Written:
    """Record that a message travelled a route of the map."""
    event = actions.record_message(by=token_holder(request), **given.dict())
    return made_at(f"event:{event.pk}", "/bodies/check")
