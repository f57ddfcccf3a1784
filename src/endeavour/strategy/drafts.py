"""What somebody has typed and not yet published: kept on every step, theirs alone, gone once it is published.

A draft belongs to the address of its form.
"""

from __future__ import annotations

from collections.abc import Mapping

from endeavour.core.public import Person, now
from endeavour.strategy.models import Draft


def draft_of(person: Person, address: str) -> Draft | None:
    """What this person last typed into a form, if it was not published."""
    return Draft.objects.filter(person=person, form=address[:200]).first()


def save_draft(person: Person, address: str, title: str, typed: Mapping[str, str]) -> Draft:
    """Keep what was typed."""
    draft, _ = Draft.objects.update_or_create(
        person=person,
        form=address[:200],
        defaults={"values": {"title": title, "typed": dict(typed)}, "saved_at": now()},
    )
    return draft


def forget_draft(person: Person, address: str) -> None:
    """Throw away what was typed, once it is published or given up."""
    Draft.objects.filter(person=person, form=address[:200]).delete()


def drafts_of(person: Person) -> list[Draft]:
    """Everything this person began and did not publish, newest first."""
    return list(Draft.objects.filter(person=person).order_by("-saved_at"))
