"""Recording agreements to share data, each change and each review as a version of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from endeavour.core.public import Body, Person, entry, require, today, write_audit
from endeavour.errors import BadInput
from endeavour.governance.actions.lengths import whole
from endeavour.governance.actions.versions import (
    check_bodies,
    check_days,
    next_version,
    one_version_at_a_time,
)
from endeavour.governance.models import DataAgreement
from endeavour.governance.queries import agreements


@transaction.atomic
def agree_data(
    *,
    by: Person,
    title: str,
    controller: Body,
    parties: Sequence[Body],
    purpose: str,
    lawful_basis: str,
    data: str,
    mode: str,
    starts_on: date,
    review_on: date,
    ends_on: date | None = None,
    source: str,
    key: str = "",
) -> DataAgreement:
    """Record an agreement to share data; with the `key` of one that is known, its next version, which then stands.

    A review is recorded as a version with a later day of review. Raises `BadInput` where a part is missing or the days
    do not fit, `Conflict` where a party does not exist on the day it starts or the title is taken.
    """
    require(by, "governance.agree_data")
    needed = {"a title": title, "what it is for": purpose, "its basis in law": lawful_basis, "which data": data,
              "where it can be checked": source}  # fmt: skip
    if missing := [what for what, words in needed.items() if not words.strip()]:
        raise BadInput(f"The agreement does not yet say {', '.join(missing)}.")
    if mode not in DataAgreement.Mode.values:
        raise BadInput("Choose in what form people appear in the data.")
    check_days(starts_on, ends_on, review_on)
    others = [party for party in dict.fromkeys(parties) if party != controller]
    if not others:
        raise BadInput("An agreement needs another party besides the controller.")
    known = {row.terms.key: row.terms.version for row in agreements(today())}
    chosen, version = next_version(key, title, known, "/data-agreements")
    check_bodies((controller, *others), starts_on, version)
    with one_version_at_a_time(f"/data-agreement/{chosen}"):
        made = DataAgreement.objects.create(
            by=by, key=chosen, version=version, title=whole(DataAgreement, "title", title), controller=controller, purpose=purpose.strip(),
            lawful_basis=lawful_basis.strip(), data=data.strip(), mode=mode, starts_on=starts_on, ends_on=ends_on,
            review_on=review_on, source=whole(DataAgreement, "source", source),
        )  # fmt: skip
    made.parties.add(*others)
    write_audit(
        by=by, action="governance.agree_data", subject=entry("agreement", chosen), version=version, mode=mode
    )
    return made
