"""Whether a partner has signed the compact that stands: a pure function, nothing stored."""

from __future__ import annotations

from datetime import date

from endeavour.governance.findings import Finding, in_words

# Those still to sign first.
STATES = {
    "not_signed": "Not signed",
    "earlier_version": "Signed an earlier version",
    "signed": "Signed",
}


def signed(body: str, version: int, last: tuple[int, date] | None) -> Finding:
    """Whether a partner signed the version that stands; `last` is the newest version it signed, and when.

    >>> signed("mseft", 2, None).state, signed("mseft", 2, (2, date(2026, 10, 1))).words
    ('not_signed', 'Signed version 2 on 1 October 2026.')
    >>> signed("mseft", 2, (1, date(2026, 10, 1))).words
    'Signed version 1 on 1 October 2026; version 2 stands.'
    """
    subject = f"body:{body}"
    if last is None:
        return Finding(subject, "not_signed", "Nobody has signed for it.")
    words = f"Signed version {last[0]} on {in_words(last[1])}"
    if last[0] < version:
        return Finding(subject, "earlier_version", f"{words}; version {version} stands.")
    return Finding(subject, "signed", f"{words}.")
