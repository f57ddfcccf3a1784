"""Reading meetings, decisions, their actions and papers over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Schema

from endeavour.core.public import Day, today
from endeavour.errors import NotFound
from endeavour.governance import queries
from endeavour.governance.api_shared import FindingOut, day_of, finding_out
from endeavour.governance.api_writes import router
from endeavour.governance.asking import EARLIEST
from endeavour.governance.registers import pounds_in


class MeetingOut(Schema):
    """One meeting; `see` is its page, and /meetings.ics holds the same as a calendar."""

    key: str
    body: str
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    closed_ground: str
    noticed_on: date | None
    cancelled_on: date | None
    see: str


class ItemOut(Schema):
    """One item of an agenda and what put it there: `number` is its name for ever, `place` where it stands."""

    number: int
    place: int
    title: str
    origin: str
    subject: str
    minutes: int
    decisions: list[str]


class ChangeOut(Schema):
    """One change to an agenda: where an item stood, where it stands (nowhere: off it), and why."""

    number: int
    place_was: int | None
    place: int | None
    why: str
    recorded_at: datetime


class AgendaOut(MeetingOut):
    """A meeting with its agenda, what changed on it, and what is true of its notice and quorum."""

    agenda_on: date | None
    items: list[ItemOut]
    changes: list[ChangeOut]
    findings: list[FindingOut]


class ActionOut(Schema):
    """What is to be done because of a decision, by whom, by when, and how it stands."""

    number: int
    words: str
    owner: str
    due_on: date
    state: str
    standing: str


class OpenActionOut(ActionOut):
    """An action that is not done on a day, with the decision that it follows from."""

    decision: str
    see: str


class OpenActionsOut(Schema):
    """One page of the actions open on a day, soonest due first; `total` counts them all, `last` is the last page."""

    total: int
    page: int
    last: int
    actions: list[OpenActionOut]


class DecisionOut(Schema):
    """One decision, whole; /decisions.atom is the feed of the newest. One taken in private gives its ground, not its words.

    `without_quorum` tells that its meeting had none by the attendance as corrected, so that it is to be taken again.
    """

    key: str
    title: str
    options: str
    decided: str
    reason: str
    level: str
    level_reason: str
    effect_health: str
    effect_quality: str
    effect_resources: str
    effect_inequality: str
    equality_impact: str
    dissent: str
    aims: list[str] | None
    principles: list[str] | None
    private_ground: str
    without_quorum: bool
    recorded_at: datetime
    see: str


class MoneyOut(Schema):
    """A sum in pounds that a decision moved: once or each year, from where, to what, and whose words shaped it."""

    pounds: Decimal | None
    span: str
    taken_from: str
    goes_to: str
    shaped: str
    starts_on: date
    ends_on: date | None
    see: str


class WholeDecisionOut(DecisionOut):
    """A decision with its actions, the money that it moved, and what took its place."""

    superseded_by: str | None
    actions: list[ActionOut]
    money: list[MoneyOut]


class BoardOut(Schema):
    """A paper before one board in public: what it made of it, by which decision, and whether those to be asked were."""

    board: str
    meeting: str
    item: int
    meets_on: date
    outcome: str
    words: str
    decision: str
    findings: list[FindingOut]


class PaperOut(Schema):
    """One paper, what it recommends, and every board that takes it in public."""

    sha256: str
    title: str
    recommendation: str
    boards: list[BoardOut]
    see: str


_WORDS = (
    "options", "decided", "reason", "level_reason", "effect_health", "effect_quality", "effect_resources",
    "effect_inequality", "equality_impact", "dissent",
)  # fmt: skip


def _meeting(m: Any) -> dict[str, Any]:
    names = ("key", "title", "starts_at", "ends_at", "place", "closed_ground", "noticed_on", "cancelled_on")
    return {name: getattr(m, name) for name in names} | {"body": m.body.key, "see": f"/meeting/{m.key}"}


def _decisions(found: list[Any]) -> list[dict[str, Any]]:
    worked_out = {"see", "without_quorum"}
    names = [name for name in DecisionOut.model_fields if name not in worked_out]
    unsound = queries.without_quorum(found)
    return [
        {name: getattr(d, name) for name in names}
        | (dict.fromkeys(_WORDS, "") if d.private_ground else {})
        | {"without_quorum": d.key in unsound, "see": f"/decision/{d.key}"}
        for d in found
    ]


@router.get("/meetings", response=list[MeetingOut], summary="Meetings to come, then past ones")
def meetings(request: HttpRequest, body: str = "") -> list[dict[str, Any]]:
    """At most 100 meetings to come, soonest first, then 200 past ones, newest first."""
    del request
    coming, past = queries.meetings(as_at=today(), body=body)
    return [_meeting(m) for m in (*coming, *past)]


@router.get("/meetings/{key}", response=AgendaOut, summary="One meeting and its agenda")
def meeting(request: HttpRequest, key: str) -> dict[str, Any]:
    """One meeting, its agenda, and whether notice was in time and there was a quorum."""
    del request
    found = queries.meeting(key)
    items = [
        {
            "number": item.number,
            "place": item.place,
            "title": item.title,
            "origin": item.origin,
            "subject": item.subject,
            "minutes": item.minutes,
            "decisions": [d.key for d in item.decisions.all()],
        }
        for item in found.items.all()
    ]
    changes = [
        {"number": c.item.number, "place_was": c.place_was, "place": c.place, "why": c.why, "recorded_at": c.recorded_at}
        for c in queries.agenda_changes(found)
    ]  # fmt: skip
    return _meeting(found) | {
        "agenda_on": found.agenda_on,
        "items": items,
        "changes": changes,
        "findings": [finding_out(f) for f in queries.meeting_findings(found, today())],
    }


@router.get("/decisions", response=list[DecisionOut], summary="Decisions that stand")
def decisions(
    request: HttpRequest, level: Literal["", "neighbourhood", "place", "system"] = "", q: str = ""
) -> list[dict[str, Any]]:
    """At most 500 decisions that stand, newest first, by level or by words."""
    del request
    return _decisions(queries.decisions(level=level, search=q))


@router.get("/decisions/{key}", response=WholeDecisionOut, summary="One decision and its actions")
def decision(request: HttpRequest, key: str) -> dict[str, Any]:
    """One decision with its actions, each with how it stands today."""
    del request
    found, day = queries.decision(key), today()
    actions = []
    for action in found.actions.all():
        standing = queries.action_finding(action, day)
        actions.append(
            {"number": action.number, "words": action.words, "owner": action.owner.key, "due_on": action.due_on,
             "state": standing.state, "standing": standing.words}
        )  # fmt: skip
    later = getattr(found, "superseded_by", None)
    money = [
        {"pounds": pounds_in(kept.answers["pounds"]), "span": kept.answers["span"], "taken_from": kept.answers["from"],
         "goes_to": kept.answers["to"], "shaped": kept.answers.get("shaped", ""), "starts_on": kept.starts_on,
         "ends_on": kept.ends_on, "see": f"/registers/money-moved/{kept.key}"}
        for kept in queries.money_moved_by(key, day)
    ]  # fmt: skip
    return _decisions([found])[0] | {
        "superseded_by": later.key if later else None, "actions": actions, "money": money,
    }  # fmt: skip


@router.get("/papers/{sha256}", response=PaperOut, summary="One paper before every board")
def paper_before_boards(request: HttpRequest, sha256: str, as_at: Day | None = None) -> dict[str, Any]:
    """What each board made of the same paper; what is taken in private is left out."""
    del request
    found = queries.paper_before_boards(sha256, day_of(as_at))
    if not found.open_boards:
        raise NotFound("This paper is not public.", hint="The agenda gives the ground.")
    paper = found.open_boards[0].paper
    boards = [
        {
            "board": row.paper.item.meeting.body.key,
            "meeting": row.paper.item.meeting.key,
            "item": row.paper.item.number,
            "meets_on": row.meets_on,
            "outcome": row.resolution.outcome if row.resolution else "",
            "words": row.resolution.words if row.resolution else "",
            "decision": row.resolution.decision.key if row.resolution and row.resolution.decision else "",
            "findings": [finding_out(f) for f, _ in row.findings],
        }
        for row in found.open_boards
    ]
    return {
        "sha256": sha256,
        "title": paper.title,
        "recommendation": paper.recommendation or "",
        "boards": boards,
        "see": f"/paper/{sha256}",
    }


@router.get("/actions", response=OpenActionsOut, summary="What is still to be done on a day")
def open_actions(
    request: HttpRequest,
    which: Literal["late", "due", "open"] = "late",
    owner: str = "",
    page: int = 1,
    as_at: Day | None = None,
) -> dict[str, Any]:
    """Fifty actions a page that are late, not yet due, or both, of one owner or of all."""
    del request
    found = queries.action_list(day_of(as_at), which=which, owner=owner, number=page)
    rows = [
        {"decision": action.decision.key, "number": action.number, "words": action.words, "owner": action.owner.key,
         "due_on": action.due_on, "state": standing.state, "standing": standing.words,
         "see": f"/decision/{action.decision.key}#action-{action.number}"}
        for action, standing in found.rows
    ]  # fmt: skip
    return {"total": found.total, "page": found.number, "last": found.last, "actions": rows}


class ProgrammeEventOut(Schema):
    """Something open to everybody and what came of it; `told` is false where that should be known by now and is not."""

    on: date
    title: str
    kind: str
    place: str
    outcome: str
    told: bool
    is_to_come: bool
    see: str


class ProgrammeOut(Schema):
    """A year's events by day, how the symposium stands, and whether a year has passed without one."""

    year: int
    events: list[ProgrammeEventOut]
    symposium: str
    symposium_is_late: bool


@router.get("/programme", response=ProgrammeOut, summary="The year's meetings, conversations and symposium")
def programme(
    request: HttpRequest, year: Annotated[int, Query(ge=EARLIEST.year, le=2100)] | None = None
) -> dict[str, Any]:
    """The programme of a calendar year, this one without `year`; what is held in private has no place in it."""
    del request
    found = queries.programme(year or today().year, as_at=today())
    return {
        "year": found.year,
        "events": found.events,
        "symposium": found.symposium.words if found.symposium else "",
        "symposium_is_late": bool(found.symposium and found.symposium.is_late),
    }
