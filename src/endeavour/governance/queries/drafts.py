"""What somebody has typed and not sent."""

from __future__ import annotations

from endeavour.core.public import Person
from endeavour.governance.models import Draft


def draft_of(person: Person, form: str) -> Draft | None:
    """One person's draft of one form; nobody else's is ever read."""
    return Draft.objects.filter(person=person, form=form[:200]).first()


def drafts_of(person: Person) -> list[Draft]:
    """Everything that one person has not sent, the newest first."""
    return list(Draft.objects.filter(person=person).order_by("-saved_at")[:50])
