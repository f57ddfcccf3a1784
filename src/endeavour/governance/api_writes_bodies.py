"""Writing over HTTP about bodies: who came, who holds a seat, how they work, whom they reached, what they share, who inherits."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Field

from endeavour.core.api_shapes import Strict, one_of, token_holder
from endeavour.core.public import Day
from endeavour.governance import actions, queries
from endeavour.governance.api_writes import Key, Line, Said, Words, Written, made_at, writes
from endeavour.governance.models import Attendance, DataAgreement, Interest, WorkingDocument


class CancelIn(Strict):
    """Why a meeting is cancelled."""

    why: Line


class AttendanceIn(Strict):
    """How one seat was filled: present, deputy, apologies or absent."""

    seat: Key
    how: Annotated[str, one_of(Attendance.How)]
    name: Annotated[str, Field(max_length=160)] = ""


class InterestIn(Strict):
    """An interest declared for a seat; with `item`, on that item, and `then` says stayed, spoke or left."""

    seat: Key
    holder: Annotated[str, Field(max_length=160)]
    words: Words
    declared_on: Day
    item: int | None = None
    then: Annotated[str, one_of((*Interest.Then.values, ""))] = ""


class DutyEvidenceIn(Strict):
    """Something that bears on a duty in law."""

    kind: Annotated[str, Field(max_length=40)]
    happened_on: Day
    words: Words
    source: Line = ""


class ApproachIn(Strict):
    """An approach to a group of partners, and its next step."""

    happened_on: Day
    words: Words
    took_part: bool = False
    next_step: Words = ""
    next_owner: Annotated[str, Field(max_length=160)] = ""
    next_on: Day | None = None


class DocumentIn(Strict):
    """A version of how a body works: terms, membership, values, compact or orders."""

    kind: Annotated[str, one_of(WorkingDocument.Kind)]
    words: Words
    agreed_on: Day
    review_on: Day


class HolderIn(Strict):
    """Who holds a seat from a day; an empty name says that nobody does."""

    holder: Annotated[str, Field(max_length=160)] = ""
    on: Day


class HeirIn(Strict):
    """Who takes over one open thing of a body, named as the handover names it; an empty heir is nobody."""

    subject: Annotated[str, Field(max_length=100)]
    heir: Key = ""
    words: Said


class AgreementIn(Strict):
    """An agreement to share data; with the `key` of one that is known, its next version."""

    key: Annotated[str, Field(max_length=80)] = ""
    title: Annotated[str, Field(max_length=200)]
    controller: Key
    parties: Annotated[list[Key], Field(max_length=200)]
    purpose: Words
    lawful_basis: Words
    data: Words
    mode: Annotated[str, one_of(DataAgreement.Mode)]
    starts_on: Day
    ends_on: Day | None = None
    review_on: Day
    source: Line


@writes("/meetings/{key}/cancel", "governance.cancel_meeting", "Cancel a meeting")
def cancel_meeting(request: HttpRequest, key: str, given: CancelIn) -> Written:
    """Cancel a meeting that has not begun, with the reason."""
    actions.cancel_meeting(by=token_holder(request), meeting=queries.meeting(key), why=given.why)
    return made_at(f"meeting:{key}", f"/meeting/{key}")


@writes("/meetings/{key}/attendance", "governance.record_attendance", "Record how a seat was filled")
def record_attendance(request: HttpRequest, key: str, given: AttendanceIn) -> Written:
    """Record, or correct, how one seat was filled."""
    seat = queries.seat(given.seat)
    actions.record_attendance(
        by=token_holder(request), meeting=queries.meeting(key), post=seat, how=given.how, name=given.name
    )
    return made_at(f"meeting:{key}", f"/meeting/{key}")


@writes("/meetings/{key}/interests", "governance.declare_interest", "Record an interest")
def declare_interest(request: HttpRequest, key: str, given: InterestIn) -> Written:
    """Record an interest that somebody declared at a meeting."""
    queries.meeting(key)
    item = queries.meeting_item(key, given.item) if given.item is not None else None
    values = given.dict(exclude={"seat", "item"})
    actions.declare_interest(by=token_holder(request), post=queries.seat(given.seat), item=item, **values)
    return made_at(f"meeting:{key}", "/interests")


@writes("/register/{duty}/evidence", "governance.record_duty_evidence", "Record evidence about a duty")
def record_duty_evidence(request: HttpRequest, duty: str, given: DutyEvidenceIn) -> Written:
    """Record something that bears on a duty: a needs assessment received, a receipt for a copy."""
    row = actions.record_duty_evidence(by=token_holder(request), duty=duty, **given.dict())
    return made_at(f"evidence:{row.pk}", f"/register#{duty}")


@writes("/partners/{group}/approaches", "governance.record_outreach", "Record an approach to a partner")
def record_outreach(request: HttpRequest, group: str, given: ApproachIn) -> Written:
    """Record an approach to a group of partners."""
    actions.record_outreach(by=token_holder(request), group=group, **given.dict())
    return made_at(f"partner:{group}", f"/partner/{group}")


@writes("/bodies/{body}/documents", "governance.agree_document", "Publish how a body works")
def agree_document(request: HttpRequest, body: str, given: DocumentIn) -> Written:
    """Publish a version of how a body works."""
    row = actions.agree_document(by=token_holder(request), body=queries.body(body), **given.dict())
    return made_at(f"document:{row.pk}", f"/body/{body}/ways")


@writes("/seats/{seat}/holder", "governance.fill_seat", "Say who holds a seat")
def fill_seat(request: HttpRequest, seat: str, given: HolderIn) -> Written:
    """Say who holds a seat from a day, or that nobody does."""
    post = queries.seat(seat)
    if given.holder.strip():
        actions.fill_seat(by=token_holder(request), post=post, holder=given.holder, on=given.on)
    else:
        actions.empty_seat(by=token_holder(request), post=post, on=given.on)
    return made_at(f"post:{seat}", f"/body/{post.body.key}/ways")


@writes("/handover/{body}/heirs", "governance.name_heir", "Say who takes something over")
def name_heir(request: HttpRequest, body: str, given: HeirIn) -> Written:
    """Say who takes over one open thing of a body, or that nobody does."""
    heir = queries.body(given.heir) if given.heir else None
    actions.name_heir(
        by=token_holder(request), body=queries.body(body), subject=given.subject, heir=heir, words=given.words
    )
    return made_at(f"body:{body}", f"/body/{body}/handover")


@writes("/data-agreements", "governance.agree_data", "Record an agreement to share data")
def agree_data(request: HttpRequest, given: AgreementIn) -> Written:
    """Record an agreement, or the next version of one, such as its review."""
    bodies = {
        "controller": queries.body(given.controller),
        "parties": [queries.body(key) for key in given.parties],
    }
    made = actions.agree_data(by=token_holder(request), **(given.dict() | bodies))
    return made_at(f"agreement:{made.key}", f"/data-agreement/{made.key}")
