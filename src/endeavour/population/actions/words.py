"""What people write beside a record: present, and short."""

from __future__ import annotations

from endeavour.errors import BadInput


def said_words(text: str, what: str) -> str:
    """The words in one line; `BadInput` where there are none or too many. `what` completes 'Say ...'."""
    text = " ".join(text.split())
    if not text:
        raise BadInput(f"Say {what}.")
    if len(text) > 300:
        raise BadInput(f"That is too long: {len(text)} letters.", hint="Use at most 300.")
    return text
