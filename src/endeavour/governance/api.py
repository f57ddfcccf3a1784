"""Governance over HTTP: meetings, decisions, duties, the map, partners, threads and handovers, each as on a day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Schema

from endeavour.core.public import today
from endeavour.errors import BadInput, NotFound
from endeavour.governance import (
    api_writes_agenda,
    api_writes_bodies,
    api_writes_kept,
    api_writes_papers,
    queries,
)
from endeavour.governance.api_writes import router
from endeavour.governance.asking import EARLIEST

# One router for reads and writes: Django would send a GET and a POST of one path to whichever of two came first.
__all__ = ["api_writes_agenda", "api_writes_bodies", "api_writes_kept", "api_writes_papers", "router"]


class FindingOut(Schema):
    """One conclusion, worked out and never stored, with the ids it rests on."""

    subject: str
    state: str
    words: str
    because: list[str]


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


class DecisionOut(Schema):
    """One decision, whole; /decisions.atom is the feed of the newest. One taken in private gives its ground, not its words."""

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
    private_ground: str
    recorded_at: datetime
    see: str


class WholeDecisionOut(DecisionOut):
    """A decision with its actions, and what took its place."""

    superseded_by: str | None
    actions: list[ActionOut]


class ServingOut(Schema):
    """A decision (with the day of its meeting) or a promise (with the day it was due)."""

    kind: str
    name: str
    words: str
    on: date | None
    see: str


class AimOut(Schema):
    """One aim of care systems with what serves it; the key "none" gathers what names no aim."""

    key: str
    title: str
    source: str
    days: str
    decisions: list[ServingOut]
    promises: list[ServingOut]


class CoverageOut(Schema):
    """What serves each aim over a time, of how many decisions and promises in all."""

    since: date
    until: date
    words: str
    decisions: int
    promises: int
    aims: list[AimOut]
    unserving: AimOut


class DutyOut(Schema):
    """One duty in law, its computed state and its evidence; the judgement is the secretary's."""

    key: str
    title: str
    act: str
    state: str
    words: str
    because: list[str]
    evidence: list[str]


class PartnerOut(Schema):
    """One group of partners and whether it takes part."""

    key: str
    title: str
    partner_class: str
    state: str
    words: str
    next_step: str
    next_owner: str
    next_on: date | None


class KnotOut(Schema):
    """One entry of a thread."""

    name: str
    stage: str
    words: str
    see: str
    distance: int
    through: str


class ThreadOut(Schema):
    """What led to an entry and what came of it."""

    name: str
    words: str
    back: list[KnotOut]
    onward: list[KnotOut]
    is_cut: bool


class InfluenceOut(Schema):
    """What one class of partner said and how far it reached."""

    partner_class: str
    contributed: int
    on_agenda: int
    decided: int


class AnsweringOut(Schema):
    """How long people wait for an answer; null where nobody was answered, or nobody waits."""

    answered: int
    half_within_days: int | None
    waiting: int
    longest_wait_days: int | None


class AgreementOut(Schema):
    """One agreement to share data on a day: its version in force and what is true of it, the gravest first."""

    key: str
    title: str
    controller: str
    parties: list[str]
    purpose: str
    lawful_basis: str
    data: str
    mode: str
    starts_on: date
    ends_on: date | None
    review_on: date
    version: int
    source: str
    is_illustrative: bool
    state: str
    findings: list[FindingOut]
    see: str


class HandedOut(Schema):
    """One open thing of a body and who takes it over; an empty heir is nobody."""

    kind: str
    id: str
    words: str
    heir: str
    settled: str
    why: str


class HandoverOut(Schema):
    """What a body hands over, on a day."""

    body: str
    as_at: date
    ends_on: date | None
    heirs: list[str]
    open: list[HandedOut]
    without_heir: int


def _day(as_at: date | None) -> date:
    day = as_at or today()
    if not EARLIEST <= day <= today():
        raise BadInput(f"Days run from {EARLIEST} to today.", hint="Write the day as 2024-04-01.")
    return day


def _finding(found: Any) -> dict[str, Any]:
    return {
        "subject": found.subject,
        "state": found.state,
        "words": found.words,
        "because": list(found.because),
    }


def _meeting(m: Any) -> dict[str, Any]:
    names = ("key", "title", "starts_at", "ends_at", "place", "closed_ground", "noticed_on", "cancelled_on")
    return {name: getattr(m, name) for name in names} | {"body": m.body.key, "see": f"/meeting/{m.key}"}


_WORDS = (
    "options", "decided", "reason", "level_reason", "effect_health", "effect_quality", "effect_resources",
    "effect_inequality", "equality_impact", "dissent",
)  # fmt: skip


def _decision(d: Any) -> dict[str, Any]:
    names = [name for name in DecisionOut.model_fields if name != "see"]
    hidden = dict.fromkeys(_WORDS, "") if d.private_ground else {}
    return {name: getattr(d, name) for name in names} | hidden | {"see": f"/decision/{d.key}"}


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
        "findings": [_finding(f) for f in queries.meeting_findings(found, today())],
    }


@router.get("/decisions", response=list[DecisionOut], summary="Decisions that stand")
def decisions(
    request: HttpRequest, level: Literal["", "neighbourhood", "place", "system"] = "", q: str = ""
) -> list[dict[str, Any]]:
    """At most 500 decisions that stand, newest first, by level or by words."""
    del request
    return [_decision(d) for d in queries.decisions(level=level, search=q)]


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
    return _decision(found) | {"superseded_by": later.key if later else None, "actions": actions}


@router.get("/register", response=list[DutyOut], summary="The statutory register on a day")
def register(request: HttpRequest, as_at: date | None = None) -> list[dict[str, Any]]:
    """Each duty in law, its computed state and its evidence."""
    del request
    return [
        {"key": r.duty.key, "title": r.duty.title, "act": r.duty.act, "state": r.finding.state, "words": r.finding.words,
         "because": list(r.finding.because), "evidence": list(r.evidence_words)}
        for r in queries.register(_day(as_at))
    ]  # fmt: skip


@router.get("/aims", response=CoverageOut, summary="What serves the aims of care systems")
def aims(
    request: HttpRequest,
    since: Annotated[date | None, Query(alias="from")] = None,
    until: Annotated[date | None, Query(alias="to")] = None,
) -> queries.Coverage:
    """Each aim with the decisions of meetings held from one day to another, and the promises, that serve it."""
    del request
    return queries.aims_covered(_day(since) if since else None, _day(until))


@router.get("/cycle", response=list[FindingOut], summary="The annual business cycle on a day")
def cycle(request: HttpRequest, as_at: date | None = None) -> list[dict[str, Any]]:
    """Each occurrence of each item: decided, due or overdue."""
    del request
    return [_finding(f) for f in queries.business_cycle(_day(as_at))]


@router.get("/map/faults", response=list[FindingOut], summary="Faults of the map of boards on a day")
def faults(request: HttpRequest, as_at: date | None = None) -> list[dict[str, Any]]:
    """No way in, no way out, silent past its cadence, nobody keeping it, an empty seat. /bodies.json is the map."""
    del request
    return [_finding(f) for f in queries.board_map_faults(_day(as_at))]


@router.get("/partners", response=list[PartnerOut], summary="Who is at the table on a day")
def partners(request: HttpRequest, as_at: date | None = None) -> list[dict[str, Any]]:
    """Each group of partners, those not yet engaged first."""
    del request
    return [
        {"key": r.group.key, "title": r.group.title, "partner_class": r.group.partner_class, "state": r.finding.state,
         "words": r.finding.words, "next_step": r.next_step[0], "next_owner": r.next_step[1], "next_on": r.next_step[2]}
        for r in queries.partners(_day(as_at))
    ]  # fmt: skip


@router.get("/influence", response=list[InfluenceOut], summary="Whose words moved something")
def influence(request: HttpRequest) -> list[queries.Influence]:
    """What each class of partner said, and how much of it reached an agenda and a decision."""
    del request
    return queries.influence()


@router.get("/answering", response=AnsweringOut, summary="How long an answer takes")
def answering(request: HttpRequest, as_at: date | None = None) -> queries.Answering:
    """First answers of the twelve months up to a day, half of them within how many days, and who waits."""
    del request
    return queries.answering(_day(as_at))


@router.get("/thread/{kind}/{path:key}", response=ThreadOut, summary="The thread of one entry")
def thread(request: HttpRequest, kind: str, key: str) -> dict[str, Any]:
    """What led to an entry and what came of it, at most 200 links each way; a receipt is `contribution/ABCD-3467`."""
    del request
    found = queries.thread_of(f"{kind}:{key}")

    def knots(chosen: list[queries.Knot]) -> list[dict[str, Any]]:
        return [
            {"name": k.entry.name, "stage": k.entry.stage, "words": k.entry.words, "see": k.entry.href,
             "distance": k.distance, "through": k.through}
            for k in chosen
        ]  # fmt: skip

    return {
        "name": found.entry.name,
        "words": found.entry.words,
        "back": knots(found.back),
        "onward": knots(found.onward),
        "is_cut": found.is_cut,
    }


@router.get("/data-agreements", response=list[AgreementOut], summary="Agreements to share data on a day")
def data_agreements(request: HttpRequest, as_at: date | None = None) -> list[dict[str, Any]]:
    """Who shares which data, what for and on what basis in law, those with the gravest faults first."""
    del request
    return [
        row.terms.__dict__
        | {"parties": [key for key, _ in row.parties], "state": row.findings[0].state,
           "findings": [_finding(f) for f in row.findings], "see": f"/data-agreement/{row.terms.key}"}
        for row in queries.agreements(_day(as_at))
    ]  # fmt: skip


class EntryOut(Schema):
    """One entry of a register as on a day; `answers` hold the register's own questions."""

    key: str
    title: str
    body: str
    other: str
    answers: dict[str, str]
    starts_on: date
    ends_on: date | None
    review_on: date
    decision: str
    source: str
    is_illustrative: bool
    version: int
    state: str
    findings: list[FindingOut]
    see: str


@router.get("/registers/{name}", response=list[EntryOut], summary="One register on a day")
def register_entries(request: HttpRequest, name: str, as_at: date | None = None) -> list[dict[str, Any]]:
    """The entries of one register, those with the gravest faults first."""
    del request
    return [
        row.kept.__dict__
        | {"state": row.findings[0].state, "findings": [_finding(f) for f in row.findings],
           "see": f"/registers/{name}/{row.kept.key}"}
        for row in queries.entries(_day(as_at), queries.register_of(name).key)
    ]  # fmt: skip


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


@router.get("/papers/{sha256}", response=PaperOut, summary="One paper before every board")
def paper_before_boards(request: HttpRequest, sha256: str, as_at: date | None = None) -> dict[str, Any]:
    """What each board made of the same paper; what is taken in private is left out."""
    del request
    found = queries.paper_before_boards(sha256, _day(as_at))
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
            "findings": [_finding(f) for f, _ in row.findings],
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


@router.get("/handover/{body}", response=HandoverOut, summary="What a body hands over")
def handover(request: HttpRequest, body: str, as_at: date | None = None) -> dict[str, Any]:
    """Everything open that belongs to a body on a day, with its heir."""
    del request
    return as_plain(queries.handover(body, _day(as_at)))


def as_plain(found: queries.Handover) -> dict[str, Any]:
    """A handover as plain data, for the API and for the command line."""
    rows = [
        {
            "kind": r.kind,
            "id": r.subject,
            "words": r.words,
            "heir": r.heir,
            "settled": r.settled,
            "why": r.why,
        }
        for r in found.rows
    ]
    return {
        "body": found.body.key,
        "as_at": found.as_at,
        "ends_on": found.last_day,
        "heirs": [heir.key for heir in found.heirs],
        "open": rows,
        "without_heir": len(found.without_heir),
    }


class SignerOut(Schema):
    """One partner and its signature under the compact."""

    body: str
    state: str
    words: str
    signed_version: int | None
    signed_by: str
    offers: str
    needs: str


class CompactOut(Schema):
    """The compact that stands on a day, and who signed it; `version` 0 is none."""

    version: int
    agreed_on: date | None
    review_on: date | None
    words: str
    signers: list[SignerOut]


@router.get("/compact", response=CompactOut, summary="The compact and who signed it on a day")
def compact(request: HttpRequest, as_at: date | None = None) -> dict[str, Any]:
    """The version that stands, and every partner asked to sign it, those who did not first."""
    del request
    found = queries.compact(_day(as_at))
    document = found.practice.document if found.practice else None
    signers = [
        {"body": row.body.key, "state": row.finding.state, "words": row.finding.words,
         "signed_version": row.signature.document.version if row.signature else None,
         "signed_by": row.signature.name if row.signature else "",
         "offers": row.signature.offers if row.signature else "",
         "needs": row.signature.needs if row.signature else ""}
        for row in found.rows
    ]  # fmt: skip
    return {
        "version": document.version if document else 0,
        "agreed_on": document.agreed_on if document else None,
        "review_on": document.review_on if document else None,
        "words": document.words if document else "",
        "signers": signers,
    }


class SeatsOut(Schema):
    """How many seats one kind of partner or one Alliance has today and would have."""

    key: str
    now: int
    then: int


class MembershipOut(Schema):
    """A body's seats on a day beside one membership put up to be weighed; an empty `beside` is none."""

    body: str
    beside: str
    proposals: list[str]
    by_class: list[SeatsOut]
    by_place: list[SeatsOut]
    left_out: list[str]


@router.get(
    "/bodies/{body}/membership", response=MembershipOut, summary="Seats beside a membership to weigh up"
)
def membership(
    request: HttpRequest, body: str, beside: str = "", as_at: date | None = None
) -> dict[str, Any]:
    """Seats of a day beside the membership named, else the newest that was put up."""
    del request
    found = queries.membership(body, _day(as_at), beside)
    return {
        "body": body,
        "beside": found.proposal.key if found.proposal else "",
        "proposals": [proposal.key for proposal in found.proposals],
        "by_class": [change.__dict__ for change in found.by_class],
        "by_place": [change.__dict__ for change in found.by_place],
        "left_out": [change.key for change in found.left_out],
    }
