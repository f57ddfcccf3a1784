"""What the reading operations of governance share: the day asked about, and a conclusion as it is sent."""

from __future__ import annotations

from datetime import date
from typing import Any

from ninja import Schema

from endeavour.core.public import today
from endeavour.errors import BadInput
from endeavour.governance.asking import EARLIEST


class FindingOut(Schema):
    """One conclusion, worked out and never stored, with the ids it rests on."""

    subject: str
    state: str
    words: str
    because: list[str]


def day_of(as_at: date | None) -> date:
    """The day asked about, from 2017 to today; today where none is given."""
    day = as_at or today()
    if not EARLIEST <= day <= today():
        raise BadInput(f"Days run from {EARLIEST} to today.", hint="Write the day as 2024-04-01.")
    return day


def finding_out(found: Any) -> dict[str, Any]:
    """One conclusion as it is sent."""
    return {
        "subject": found.subject,
        "state": found.state,
        "words": found.words,
        "because": list(found.because),
    }
