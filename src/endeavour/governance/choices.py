"""Questions that many forms ask in the same way."""

from __future__ import annotations

from django.conf import settings

from endeavour.core.public import today
from endeavour.governance import queries
from endeavour.governance.definitions import meeting_rules
from endeavour.governance.forms import Field

YES_NO = (("no", "No"), ("yes", "Yes"))


def body_field(
    name: str, label: str, *, empty: str = "Choose", needed: str = "", value: str = "", without: str = ""
) -> Field:
    """Which of the bodies that exist today; `empty` says what no answer means, and `without` leaves one body out."""
    bodies = ((body.key, body.name) for body in queries.bodies(today()) if body.key != without)
    return Field(name, label, "choice", options=(("", empty), *bodies), needed=needed, value=value)


def yes_no(name: str, label: str, *, hint: str = "", heading: str = "") -> Field:
    """A question to which no answer is no."""
    return Field(name, label, "choice", options=YES_NO, value="no", hint=hint, heading=heading)


def grounds() -> tuple[tuple[str, str], ...]:
    """The choice between meeting in public and each ground in law for not doing so."""
    rules = meeting_rules(settings.PACK)
    return (("", "Yes, in public"), *((words, f"No: {words}") for words in rules.private.grounds))
