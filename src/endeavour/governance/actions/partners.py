"""Bringing partners to the table: approaches, seats and who holds them, how a body works, bodies from a draft."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from endeavour.core.public import Body, Membership, Person, Post, Route, entry, require, today, write_audit
from endeavour.errors import BadInput, Conflict, NotFound
from endeavour.governance.actions.lengths import whole
from endeavour.governance.definitions import meeting_rules
from endeavour.governance.definitions_partners import body_templates, partner_groups
from endeavour.governance.findings import add_months, in_words
from endeavour.governance.models import Outreach, WorkingDocument


@transaction.atomic
def record_outreach(
    *,
    by: Person,
    group: str,
    happened_on: date,
    words: str,
    took_part: bool = False,
    next_step: str = "",
    next_owner: str = "",
    next_on: date | None = None,
) -> Outreach:
    """Record an approach to a group of partners and its next step; `took_part` says that they answered by joining in."""
    require(by, "governance.record_outreach")
    if group not in {g.key for g in partner_groups(settings.PACK)}:
        raise BadInput(f"There is no group of partners '{group[:40]}'.", hint="See /partners.")
    if happened_on > today():
        raise BadInput("What has not happened cannot be recorded.", hint="Write it as the next step.")
    if not words.strip():
        raise BadInput("Say what was tried and what came of it.")
    if next_step.strip() and not next_owner.strip():
        raise BadInput("A next step needs somebody to take it.")
    row = Outreach.objects.create(
        by=by,
        group=group,
        happened_on=happened_on,
        words=words.strip(),
        took_part=took_part,
        next_step=next_step.strip(),
        next_owner=whole(Outreach, "next_owner", next_owner),
        next_on=next_on,
    )
    write_audit(by=by, action="governance.record_outreach", subject=entry("partner", group))
    return row


@transaction.atomic
def agree_document(
    *, by: Person, body: Body, kind: str, words: str, agreed_on: date, review_on: date
) -> WorkingDocument:
    """Publish a version of how a body works, with the day by which it is looked at again; earlier ones stay readable."""
    require(by, "governance.agree_document")
    if kind not in WorkingDocument.Kind.values:
        raise BadInput("Choose what kind of document it is.")
    if not words.strip():
        raise BadInput("The document is empty.")
    if agreed_on > today():
        raise BadInput("It cannot have been agreed in the future.")
    if review_on <= agreed_on:
        raise BadInput("The review must come after the day it was agreed.")
    # Two who publish at once take their turn, and each version gets a number of its own.
    Body.objects.select_for_update().get(pk=body.pk)
    last = body.working_documents.filter(kind=kind).aggregate(last=Max("version"))["last"] or 0
    row = WorkingDocument.objects.create(
        by=by, body=body, kind=kind, version=last + 1, words=words.strip(), agreed_on=agreed_on, review_on=review_on
    )  # fmt: skip
    write_audit(
        by=by,
        action="governance.agree_document",
        subject=entry("body", body.key),
        kind=kind,
        version=last + 1,
    )
    return row


@transaction.atomic
def fill_seat(*, by: Person, post: Post, holder: str, on: date) -> Membership:
    """Say who holds a seat from a day; whoever held it until then holds it no longer. History stays."""
    require(by, "governance.fill_seat")
    if not holder.strip():
        raise BadInput("Say who holds the seat.", hint="To leave it empty, use 'Leave it empty'.")
    _end(post, on)
    row = Membership.objects.create(post=post, holder=holder.strip(), valid_from=on)
    write_audit(by=by, action="governance.fill_seat", subject=entry("post", post.key), on=on.isoformat())
    return row


@transaction.atomic
def empty_seat(*, by: Person, post: Post, on: date) -> None:
    """Say that nobody holds a seat from a day."""
    require(by, "governance.fill_seat")
    if not _end(post, on):
        raise BadInput("Nobody held the seat on that day.")
    write_audit(by=by, action="governance.empty_seat", subject=entry("post", post.key), on=on.isoformat())


def _end(post: Post, on: date) -> bool:
    """End whoever holds a seat on `on`; refuses where somebody is already recorded from a later day."""
    if not post.held_on(on):
        raise BadInput(f"The seat does not exist on {in_words(on)}.")
    if post.memberships.filter(valid_from__gte=on).exists():
        raise Conflict("Somebody is already recorded from that day or later.", hint="Choose a later day.")
    holding = post.memberships.at(on).first()  # type: ignore[attr-defined]
    if holding is None:
        return False
    holding.valid_to = on
    holding.save(update_fields=["valid_to"])
    return True


@transaction.atomic
def set_up_body(*, by: Person, template: str, on: date | None = None) -> Body:
    """Set up a body from its draft: the body and its routes there and back where they are missing, its seats, its first documents.

    What is there already stays as it is. Raises `Conflict` where the body already has terms of reference.
    """
    require(by, "governance.set_up_body")
    day = on or today()
    draft = next((t for t in body_templates(settings.PACK) if t.key == template), None)
    if draft is None:
        raise NotFound(f"There is no draft of a body '{template[:40]}'.", hint="See /partners.")
    body, _ = Body.objects.get_or_create(
        key=draft.body,
        defaults={
            "name": draft.name,
            "legal_form": draft.legal_form,
            "partner_class": draft.partner_class,
            "purpose": draft.purpose,
            "valid_from": day,
        },
    )
    if body.working_documents.filter(kind=WorkingDocument.Kind.TERMS).exists():
        raise Conflict(
            f"{body} already has terms of reference.", hint="Publish a new version of them instead."
        )
    for seat in draft.seats:
        Post.objects.get_or_create(
            key=seat.key, defaults={"body": body, "title": seat.title, "valid_from": day}
        )
    hub = Body.objects.filter(key=meeting_rules(settings.PACK).hub).first()
    for source, target in ((body, hub), (hub, body)) if hub else ():
        if not Route.objects.at(day).filter(source=source, target=target).exists():  # type: ignore[attr-defined]
            Route.objects.create(
                kind=Route.Kind.FEEDS,
                source=source,
                target=target,
                owner="ICP secretariat",
                cadence_days=draft.cadence_days,
                valid_from=day,
            )
    review_on = add_months(day, draft.review_months)
    for kind, words in ((WorkingDocument.Kind.TERMS, draft.terms), (WorkingDocument.Kind.MEMBERSHIP, draft.membership)):  # fmt: skip
        agree_document(by=by, body=body, kind=kind, words=words, agreed_on=day, review_on=review_on)
    write_audit(by=by, action="governance.set_up_body", subject=entry("body", body.key), template=template)
    return body
