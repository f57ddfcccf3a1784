"""Taking what residents and partners say, and replying."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify

from endeavour.core.public import (
    Body,
    Link,
    Person,
    add_link,
    entry,
    require,
    write_audit,
)
from endeavour.errors import BadInput
from endeavour.governance.actions.lengths import whole
from endeavour.governance.models import (
    Contribution,
    Reply,
)
from endeavour.pack import Pack

# Letters and digits that cannot be taken for one another when read aloud or copied by hand.
RECEIPT_LETTERS = "ABCDEFGHJKMNPQRTUVWXY346789"


@transaction.atomic
def contribute(
    *, by: Person | None, words: str, kind: str = "question", area_code: str = "", partner_class: str = "residents", group: str = "",
    theme: str = "", body: Body | None = None, may_publish: bool = True,
) -> Contribution:  # fmt: skip
    """Take what somebody said or asked, and give a receipt by which they can follow it. No name is asked for."""
    if not words.strip():
        raise BadInput("Write your question first.")
    if kind not in Contribution.Kind.values or partner_class not in Body.PartnerClass.values:
        raise BadInput("Choose one of the answers given.")
    if len(words) > 4000:
        raise BadInput("Please keep it under 4,000 characters.", hint="You can send more than one.")
    if group and group not in {known.id for known in Pack.open(settings.PACK).plus_groups}:
        raise BadInput("Choose one of the groups given, or none.")
    receipt = "-".join("".join(secrets.choice(RECEIPT_LETTERS) for _ in range(4)) for _ in range(2))
    taken = Contribution.objects.create(
        by=by,
        receipt=receipt,
        kind=Contribution.Kind(kind),
        words=words.strip(),
        area_code=area_code,
        partner_class=Body.PartnerClass(partner_class),
        group=group,
        theme=whole(Contribution, "theme", slugify(theme)),
        body=body,
        may_publish=may_publish,
    )
    if taken.theme:
        add_link(
            by=by,
            kind=Link.Kind.HEARD_IN,
            source=entry("contribution", receipt),
            target=entry("theme", taken.theme),
        )
    write_audit(by=by, action="governance.contribute", subject=entry("contribution", receipt))
    return taken


@transaction.atomic
def reply(*, by: Person, contribution: Contribution, outcome: str, words: str) -> Reply:
    """Publish the answer to a contribution, or the reason why it is not taken up."""
    require(by, "governance.reply")
    if outcome not in Reply.Outcome.values:
        raise BadInput("Choose what becomes of it.")
    if not words.strip():
        raise BadInput("Write the answer, or the reason, first.")
    row = Reply.objects.create(
        by=by, contribution=contribution, outcome=Reply.Outcome(outcome), words=words.strip()
    )
    write_audit(
        by=by, action="governance.reply", subject=entry("contribution", contribution.receipt), outcome=outcome
    )
    return row
