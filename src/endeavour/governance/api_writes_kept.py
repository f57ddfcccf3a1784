"""Writing over HTTP what is kept account of: registers, the compact, worries, memberships, bodies from a draft, files."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Field, Path

from endeavour.core.api_shapes import NOT_EMPTY, Strict, one_of, token_holder
from endeavour.core.public import Body, Day, Moment, now
from endeavour.errors import BadInput
from endeavour.governance import actions, queries
from endeavour.governance.api_writes import Key, Line, Said, Title, Words, Written, aware, made_at, writes
from endeavour.governance.membership import HOW


class EntryIn(Strict):
    """An entry of a register; `answers` hold its questions by name, and a known `key` makes the next version."""

    key: Annotated[str, Field(max_length=80)] = ""
    title: Annotated[str, Field(max_length=200)]
    body: Key
    other: Key = ""
    answers: dict[str, Words]
    decision: Key = ""
    starts_on: Day
    ends_on: Day | None = None
    review_on: Day
    source: Line


class SignatureIn(Strict):
    """A signature for the body that the token's person signs in for; `version` is the one that was read."""

    version: int
    name: Annotated[str, Field(max_length=160)]
    offers: Words
    needs: Words


class WorryIn(Strict):
    """A worry that went up a route; `reference` is the raising body's own number, never a name."""

    route: Key
    reference: Annotated[str, Field(max_length=40)]
    raised_at: Moment


class WorryAnswerIn(Strict):
    """When a worry was taken up and what is done next, without a word about the person."""

    answered_at: Moment
    words: Line


class SeatIn(Strict):
    """One seat as it would be."""

    title: Annotated[str, Field(max_length=160)]
    partner_class: Annotated[str, one_of(Body.PartnerClass)]
    how: Annotated[str, one_of(HOW)]
    nominated_by: Key = ""
    place: Key = ""


class MembershipIn(Strict):
    """A membership to weigh up, with its rules of nomination and who puts it up."""

    title: Title
    rules: Said
    seats: Annotated[list[SeatIn], Field(max_length=100)]
    source: Line


Kind = Annotated[str, Path(pattern="^(" + "|".join(actions.KINDS) + ")$")]


class RowsIn(Strict):
    """A CSV file as text, its first line the header of the template."""

    text: Annotated[str, Field(max_length=2_000_000, json_schema_extra=NOT_EMPTY)]


class Empty(Strict):
    """Nothing more is asked."""


@writes("/registers/{name}", "governance.keep_register", "Keep an entry of a register")
def keep_register(request: HttpRequest, name: str, given: EntryIn) -> Written:
    """Record an entry of a register, or the next version of one, such as its review."""
    see = f"/registers/{name}"
    asked = {question.name for question in queries.register_of(name).questions}
    if strange := sorted(set(given.answers) - asked):
        raise BadInput(f"This register asks nothing named '{strange[0][:40]}'.", hint=f"See {see}.")
    named = {
        "body": queries.body(given.body),
        "other": queries.body(given.other) if given.other else None,
        "decision": queries.decision(given.decision) if given.decision else None,
    }
    made = actions.keep_register(by=token_holder(request), register=name, **(given.dict() | named))
    return made_at(f"register:{name}/{made.key}", f"{see}/{made.key}")


@writes("/compact/signatures", "governance.sign_compact", "Sign the compact")
def sign_compact(request: HttpRequest, given: SignatureIn) -> Written:
    """Sign the version that stands for one's own body."""
    made = actions.sign_compact(by=token_holder(request), **given.dict())
    return made_at(f"body:{made.body.key}", "/compact")


@writes("/escalations", "governance.raise_escalation", "Record a safeguarding worry")
def raise_escalation(request: HttpRequest, given: WorryIn) -> Written:
    """Record that a worry went up a route; its clock runs from that moment."""
    values = given.dict() | {"raised_at": aware(given.raised_at)}
    made = actions.raise_escalation(by=token_holder(request), **values)
    return made_at(f"escalation:{made.pk}", "/escalations")


@writes("/escalations/{number}/answer", "governance.answer_escalation", "Answer a safeguarding worry")
def answer_escalation(request: HttpRequest, number: int, given: WorryAnswerIn) -> Written:
    """Record that a worry was taken up."""
    person = token_holder(request)
    found = queries.escalation_for(person, number, now())
    actions.answer_escalation(
        by=person, escalation=found, answered_at=aware(given.answered_at), words=given.words
    )
    return made_at(f"escalation:{number}", "/escalations")


@writes("/bodies/{body}/memberships", "governance.propose_membership", "Put a membership up to be weighed")
def propose_membership(request: HttpRequest, body: str, given: MembershipIn) -> Written:
    """Put a membership up beside today's seats; nothing is decided by it."""
    made = actions.propose_membership(by=token_holder(request), body=queries.body(body), **given.dict())
    return made_at(f"membership:{made.key}", f"/body/{body}/membership?beside={made.key}")


@writes("/templates/{template}/body", "governance.set_up_body", "Set up a body from its draft")
def set_up_body(request: HttpRequest, template: str, given: Empty) -> Written:
    """Set up a promised body: its seats, its routes and its first documents."""
    del given
    made = actions.set_up_body(by=token_holder(request), template=template)
    return made_at(f"body:{made.key}", f"/body/{made.key}/ways")


@writes("/imports/{kind}", "governance.import_rows", "Bring in bodies or meetings")
def import_rows(request: HttpRequest, kind: Kind, given: RowsIn) -> Written:
    """Bring a file of bodies or meetings in: all of it or nothing, and a second time changes nothing."""
    actions.import_rows(by=token_holder(request), kind=kind, text=given.text)
    return made_at(f"import:{kind}", "/bodies" if kind == "bodies" else "/meetings")
