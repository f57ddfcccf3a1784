"""Putting a membership up to be weighed beside today's seats. Nothing is decided by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from pydantic import ValidationError

from endeavour.core.public import Area, Body, Person, entry, require, today, write_audit
from endeavour.errors import BadInput, Conflict
from endeavour.governance.actions.lengths import whole
from endeavour.governance.definitions_memberships import ProposedSeat
from endeavour.governance.models import MembershipProposal
from endeavour.governance.queries import proposals_for

MOST_SEATS = 100
COLUMNS = ("title", "partner_class", "how", "nominated_by", "place")


@transaction.atomic
def propose_membership(
    *, by: Person, body: Body, title: str, rules: str, seats: Sequence[Mapping[str, str]], source: str
) -> MembershipProposal:
    """Put a membership of a body up to be weighed, with its rules of nomination; its seats are told as the pack's are.

    Raises `BadInput` with the number of the seat that does not fit, `Conflict` where the title is taken.
    """
    require(by, "governance.propose_membership")
    needed = {"what it is called": title, "its rules of nomination": rules, "who puts it up": source}
    if missing := [what for what, words in needed.items() if not words.strip()]:
        raise BadInput(f"It does not yet say {', '.join(missing)}.")
    if not 1 <= len(seats) <= MOST_SEATS:
        raise BadInput(f"A membership has between 1 and {MOST_SEATS} seats.")
    read = _read(seats, today())
    key = slugify(title)[:60]
    if not key or key in {proposal.key for proposal in proposals_for(body.key, today())}:
        raise Conflict("A membership of that title is up already.", hint=f"See /body/{body.key}/membership.")
    try:
        with transaction.atomic():
            made = MembershipProposal.objects.create(
                by=by, key=key, body=body, title=whole(MembershipProposal, "title", title), rules=rules.strip(),
                seats=[seat.model_dump() for seat in read], source=whole(MembershipProposal, "source", source),
            )  # fmt: skip
    except IntegrityError as error:
        raise Conflict("A membership of that title is up already.", hint="Choose another title.") from error
    write_audit(
        by=by, action="governance.propose_membership", subject=entry("body", body.key), proposal=key, seats=len(read)
    )  # fmt: skip
    return made


def _read(seats: Sequence[Mapping[str, str]], day: date) -> list[ProposedSeat]:
    bodies = set(Body.objects.at(day).values_list("key", flat=True))  # type: ignore[attr-defined]
    places = set(Area.objects.at(day).filter(kind=Area.Kind.PLACE).values_list("code", flat=True))  # type: ignore[attr-defined]
    found = []
    for number, given in enumerate(seats, 1):
        try:
            seat = ProposedSeat.model_validate(dict(given))
        except ValidationError as error:
            first = error.errors()[0]
            raise BadInput(f"Seat {number}: {first['loc'][0]}: {first['msg']}.") from error
        for words, known, what in (
            (seat.partner_class, Body.PartnerClass.values, "kind of partner"),
            (seat.nominated_by, {"", *bodies}, "body that exists today"),
            (seat.place, {"", *places}, "Alliance’s area"),
        ):
            if words not in known:
                raise BadInput(f"Seat {number}: '{words[:40]}' is no {what}.")
        if not seat.title.strip():
            raise BadInput(f"Seat {number} has no title.")
        found.append(seat)
    return found


def seats_of(text: str) -> list[dict[str, str]]:
    """Seats written one a line, their parts between semicolons; parts at the end may be left out.

    >>> seats_of("Residents; residents; drawn; community-assembly")
    [{'title': 'Residents', 'partner_class': 'residents', 'how': 'drawn', 'nominated_by': 'community-assembly', 'place': ''}]
    """
    rows = []
    for number, line in enumerate(filter(None, (line.strip() for line in text.splitlines())), 1):
        parts = [part.strip() for part in line.split(";")]
        if len(parts) > len(COLUMNS):
            raise BadInput(f"Seat {number} has {len(parts)} parts; there are {len(COLUMNS)} at most.")
        rows.append(dict(zip(COLUMNS, parts + [""] * (len(COLUMNS) - len(parts)), strict=True)))
    return rows
