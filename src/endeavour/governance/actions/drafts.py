"""Keeping what somebody typed and has not sent."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from endeavour.core.public import Person, now, require, write_audit
from endeavour.errors import BadInput
from endeavour.governance.models import Draft

LONGEST = 60_000


@transaction.atomic
def keep_draft(*, by: Person, form: str, values: Mapping[str, str]) -> Draft:
    """Keep what is in a form until it is sent; only its writer ever sees it. The audit keeps no word of it."""
    require(by, "governance.keep_draft")
    if sum(map(len, values.values())) > LONGEST:
        raise BadInput(f"The draft is longer than {LONGEST:,} characters.")
    kept, _ = Draft.objects.update_or_create(
        person=by, form=form[:200], defaults={"values": dict(values), "saved_at": now()}
    )
    write_audit(by=by, action="governance.keep_draft", subject="draft")
    return kept


@transaction.atomic
def drop_draft(*, by: Person, form: str) -> None:
    """Forget a draft, because it was sent or is no longer wanted."""
    require(by, "governance.keep_draft")
    if Draft.objects.filter(person=by, form=form[:200]).delete()[0]:
        write_audit(by=by, action="governance.drop_draft", subject="draft")
