"""Naming who takes over what a body that ends still owes, or saying that nobody does."""

from __future__ import annotations

from django.db import transaction

from endeavour.core.public import Body, Person, entry, require, today, write_audit
from endeavour.errors import BadInput, Conflict
from endeavour.governance.models import Heir
from endeavour.governance.queries import handover


@transaction.atomic
def name_heir(*, by: Person, body: Body, subject: str, heir: Body | None, words: str) -> Heir:
    """Say who takes over one open thing of a body that ends, with the reason; with no heir, that nobody does.

    A later row takes the place of an earlier one, and both stay. The heir must exist on the day after the body ends.
    """
    require(by, "governance.name_heir")
    if subject not in {row.subject for row in handover(body.key, today()).rows}:
        raise BadInput(f"'{subject[:60]}' is not open at {body}.", hint=f"See /body/{body.key}/handover.")
    if not words.strip():
        raise BadInput("Say why, or who agreed it.")
    if heir is not None:
        if heir.pk == body.pk:
            raise BadInput("A body cannot inherit from itself.")
        day = max(body.valid_to or today(), heir.valid_from or today())
        if not heir.held_on(day):
            raise Conflict(f"{heir} ends before it could take this over.", hint="Choose a body that goes on.")
    row = Heir.objects.create(by=by, body=body, subject=subject, heir=heir, words=words.strip())
    write_audit(
        by=by,
        action="governance.name_heir",
        subject=entry("body", body.key),
        what=subject,
        heir=heir.key if heir else "",
    )
    return row
