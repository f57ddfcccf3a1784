"""Counting how a search ended, and raising a gap with a board."""

from __future__ import annotations

from django.core import signing
from django.db import transaction
from django.db.models import F

from endeavour.core.public import Body, Link, Person, add_link, entry, require, today, write_audit
from endeavour.errors import BadInput
from endeavour.frontdoor import rules
from endeavour.frontdoor.gaps.queries import Gap
from endeavour.frontdoor.models import SearchTally

# Those that meet: an organisation acts through its own boards.
BOARD_FORMS = (Body.LegalForm.STATUTORY_COMMITTEE, Body.LegalForm.COMMITTEE, Body.LegalForm.FORUM)
_SIGNER = signing.Signer(salt="frontdoor.trace")


def trace_of(*, topic: str, district: str, language: str) -> str:
    """What an answer's links carry so that opening one is counted: the tally's own key, signed, and nothing finer.

    >>> read_trace(trace_of(topic="falls", district="E06000034", language="en"))
    ['falls', 'E06000034', 'en']
    """
    return _SIGNER.sign_object([topic[:60], district[:9], language[:5] or "en"])


def read_trace(text: str) -> list[str] | None:
    """The topic, district and language in a trace, or None where it is not one of ours."""
    try:
        found = _SIGNER.unsign_object(text[:400])
    except (signing.BadSignature, ValueError):
        return None
    return found if isinstance(found, list) and len(found) == 3 else None


def _count(trace: str, column: str) -> bool:
    found = read_trace(trace) if trace else None
    if found is None:
        return False
    topic, district, language = found
    # The search itself may still wait to be counted (`counting.py`). What is opened shows only as far as it was.
    tally, _ = SearchTally.objects.get_or_create(
        on=today(), topic=topic, district=district, language=language, found=True
    )
    SearchTally.objects.filter(pk=tally.pk).update(**{column: F(column) + 1})
    return True


@transaction.atomic
def count_opened(*, trace: str, by: Person | None = None) -> bool:
    """Count that a service was opened from an answer; a trace that is not ours counts nothing."""
    return _count(trace, "opened")


@transaction.atomic
def count_unhelpful(*, trace: str, by: Person | None = None) -> bool:
    """Count that somebody said that none of the answers helps."""
    return _count(trace, "unhelpful")


@transaction.atomic
def raise_gap(*, gap: Gap, board: Body, by: Person, words: str = "") -> Link:
    """Put a gap before a board: a link of the thread from the gap to the board, with the gap in words.

    The board's next agenda can take it up from there; raising it twice changes nothing.
    """
    require(by, rules.RAISE_GAP)
    if board.legal_form not in BOARD_FORMS:
        raise BadInput(f"{board.name} holds no meetings in public.", hint="Choose a board or a forum.")
    said = f"{gap.words} {words}".strip()
    link = add_link(
        by=by, kind=Link.Kind.FEEDS, source=entry("gap", gap.key), target=entry("body", board.key),
        valid_from=today(), note=said[:300],
    )  # fmt: skip
    write_audit(by=by, action="frontdoor.raise_gap", subject=f"gap:{gap.key}"[:100], board=board.key)
    return link
