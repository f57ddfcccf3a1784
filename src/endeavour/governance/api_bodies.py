"""Reading the map, partners, how bodies work and what they hand over, over HTTP, each as on a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Schema

from endeavour.core.public import Day
from endeavour.governance import queries
from endeavour.governance.api_shared import FindingOut, day_of, finding_out
from endeavour.governance.api_writes import router


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


@router.get("/map/faults", response=list[FindingOut], summary="Faults of the map of boards on a day")
def faults(request: HttpRequest, as_at: Day | None = None) -> list[dict[str, Any]]:
    """No way in, no way out, silent past its cadence, nobody keeping it, an empty seat. /bodies.json is the map."""
    del request
    return [finding_out(f) for f in queries.board_map_faults(day_of(as_at))]


@router.get("/partners", response=list[PartnerOut], summary="Who is at the table on a day")
def partners(request: HttpRequest, as_at: Day | None = None) -> list[dict[str, Any]]:
    """Each group of partners, those not yet engaged first."""
    del request
    return [
        {"key": r.group.key, "title": r.group.title, "partner_class": r.group.partner_class, "state": r.finding.state,
         "words": r.finding.words, "next_step": r.next_step[0], "next_owner": r.next_step[1], "next_on": r.next_step[2]}
        for r in queries.partners(day_of(as_at))
    ]  # fmt: skip


@router.get("/compact", response=CompactOut, summary="The compact and who signed it on a day")
def compact(request: HttpRequest, as_at: Day | None = None) -> dict[str, Any]:
    """The version that stands, and every partner asked to sign it, those who did not first."""
    del request
    found = queries.compact(day_of(as_at))
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


@router.get(
    "/bodies/{body}/membership", response=MembershipOut, summary="Seats beside a membership to weigh up"
)
def membership(request: HttpRequest, body: str, beside: str = "", as_at: Day | None = None) -> dict[str, Any]:
    """Seats of a day beside the membership named, else the newest that was put up."""
    del request
    found = queries.membership(body, day_of(as_at), beside)
    return {
        "body": body,
        "beside": found.proposal.key if found.proposal else "",
        "proposals": [proposal.key for proposal in found.proposals],
        "by_class": [change.__dict__ for change in found.by_class],
        "by_place": [change.__dict__ for change in found.by_place],
        "left_out": [change.key for change in found.left_out],
    }


@router.get("/handover/{body}", response=HandoverOut, summary="What a body hands over")
def handover(request: HttpRequest, body: str, as_at: Day | None = None) -> dict[str, Any]:
    """Everything open that belongs to a body on a day, with its heir."""
    del request
    return as_plain(queries.handover(body, day_of(as_at)))


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
