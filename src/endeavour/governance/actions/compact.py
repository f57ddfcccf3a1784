"""A partner signs the compact for itself, and again when a new version stands."""

from __future__ import annotations

from django.db import transaction

from endeavour.core.public import Person, entry, require, today, write_audit
from endeavour.errors import BadInput, Conflict, Forbidden
from endeavour.governance.actions.lengths import whole
from endeavour.governance.models import Signature, WorkingDocument
from endeavour.governance.queries import compact, signatories


@transaction.atomic
def sign_compact(*, by: Person, version: int, name: str, offers: str, needs: str) -> Signature:
    """Sign a version for the body that this person signs in for, with what it offers and needs; the newest stands.

    Nobody signs for another body: not the secretariat either. `version` is what the signer read: `Conflict` where
    another version stands by now.
    """
    require(by, "governance.sign_compact")
    if by.body is None:
        raise Forbidden("You sign in for no organisation.", hint="Ask the secretariat to name yours.")
    if by.body not in signatories(today()):
        raise Forbidden(f"{by.body} is not among the partners of the compact.", hint="See /compact.")
    standing = compact(today()).practice
    if standing is None:
        raise Conflict("No compact has been agreed yet.", hint="See /compact.")
    # The lock lets a new version that is published at this moment be seen or wait.
    document = WorkingDocument.objects.select_for_update().get(pk=standing.document.pk)
    if version != document.version:
        raise Conflict(
            f"Version {document.version} stands, not version {version}.", hint="Read it at /compact first."
        )
    if missing := [what for what, words in (("your name", name), ("what you offer", offers), ("what you need", needs)) if not words.strip()]:  # fmt: skip
        raise BadInput(f"Still to be said: {', '.join(missing)}.")
    made = Signature.objects.create(
        by=by, document=document, body=by.body, name=whole(Signature, "name", name), offers=offers.strip(), needs=needs.strip()
    )  # fmt: skip
    write_audit(
        by=by, action="governance.sign_compact", subject=entry("body", by.body.key), version=document.version
    )
    return made
