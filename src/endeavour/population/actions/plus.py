"""Reviewing which groups a place counts among its PLUS groups."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from endeavour.core.public import Person, require, today, write_audit
from endeavour.errors import BadInput
from endeavour.population import rules
from endeavour.population.actions.words import said_words
from endeavour.population.models import PlusReview
from endeavour.population.queries import plus


@transaction.atomic
def review_plus_group(
    *, by: Person, place: str, group: str, is_included: bool, on: date, evidence: str, decision: str = ""
) -> PlusReview:
    """Record that a place reviewed one group: in its register or not, on which evidence, by which decision.

    A later review supersedes this one; a wrong one is put right by another.
    """
    require(by, rules.REVIEW_PLUS_GROUP)
    if place not in plus.places():
        raise BadInput("There is no such place.", hint="Choose one from the list.")
    if group not in {g.id for g in plus.groups()}:
        raise BadInput("There is no such group.", hint="Choose one from the list.")
    if on > today():
        raise BadInput("That day is in the future.", hint="Give a day up to today.")
    before = PlusReview.objects.filter(place=place, group=group, superseded_by__isnull=True).first()
    if before and on < before.reviewed_on:
        raise BadInput(f"It was reviewed after that, on {before.reviewed_on.day} {before.reviewed_on:%B %Y}.")
    review = PlusReview.objects.create(
        place=place, group=group, is_included=is_included, reviewed_on=on, decision=decision.strip()[:80],
        why=said_words(evidence, "on which evidence"), by=by, supersedes=before,
    )  # fmt: skip
    write_audit(
        by=by, action=rules.REVIEW_PLUS_GROUP, subject=f"plus:{place}/{group}", is_included=is_included
    )
    return review
