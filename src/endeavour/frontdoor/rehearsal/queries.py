"""Whether the searches and requests of this installation were invented."""

from __future__ import annotations

from endeavour.core.public import Event

REHEARSED = "frontdoor.rehearsed"


def was_rehearsed() -> bool:
    """Whether the figures of searches and requests hold invented ones; every page that counts them must say so."""
    return Event.objects.filter(kind=REHEARSED).exists()


def of_whom() -> str:
    """How the name of a file of such figures begins: 'synthetic-' where they hold invented ones."""
    return "synthetic-" if was_rehearsed() else ""
