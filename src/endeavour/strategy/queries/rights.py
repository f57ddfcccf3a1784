"""Who may open a form."""

from __future__ import annotations

from endeavour.core.public import Person, require


def require_to(action: str, person: Person | None) -> None:
    """Raise, in words, unless this person may do this: for a form that should not even open."""
    require(person, action)
