"""Whether a group of partners is at the table on a day, from what it did: a pure function, nothing stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from endeavour.governance.findings import Finding, in_words

LAPSES_AFTER_DAYS = 400


@dataclass(frozen=True)
class Sign:
    """One sign that a group took part: when, and in what way, such as 'attended'."""

    on: date
    words: str


def engagement(group: str, signs: Iterable[Sign], last_approach: date | None, as_at: date) -> Finding:
    """Whether a group takes part, did once, was approached, or is not yet engaged.

    An approach that nobody answered is no engagement; nor is a seat that nobody fills.

    >>> engagement("schools", [], None, date(2026, 11, 22)).state
    'not_engaged'
    >>> engagement("schools", [Sign(date(2026, 10, 1), "attended")], None, date(2026, 11, 22)).words
    'Last took part on 1 October 2026: attended.'
    """
    subject = f"partner:{group}"
    known = [sign for sign in signs if sign.on <= as_at]
    if not known:
        if last_approach and last_approach <= as_at:
            return Finding(
                subject, "not_engaged", f"Last approached on {in_words(last_approach)}; nobody took part."
            )
        return Finding(
            subject, "not_engaged", "Nothing shows that it took part, and no approach is recorded."
        )
    newest = max(known, key=lambda sign: sign.on)
    words = f"Last took part on {in_words(newest.on)}: {newest.words}."
    lapsed = (as_at - newest.on).days > LAPSES_AFTER_DAYS
    return Finding(subject, "lapsed" if lapsed else "engaged", words)
