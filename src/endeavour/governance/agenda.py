"""Where an item stands on an agenda and when the agenda is out: pure functions, nothing stored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from endeavour.governance.findings import Finding, in_words, last_notice_day

T = TypeVar("T")


def rearranged(order: Sequence[T], item: T, place: int | None) -> list[T]:
    """The items in order with one at a place, counted from 1; with no place it is off the agenda.

    A place beyond the last is the last. The others keep their order.

    >>> rearranged(["a", "b", "c"], "c", 1), rearranged(["a", "b"], "a", None), rearranged(["a"], "b", 9)
    (['c', 'a', 'b'], ['b'], ['a', 'b'])
    """
    others = [other for other in order if other != item]
    if place is not None:
        others.insert(place - 1, item)
    return others


def agenda_out(
    subject: str, meeting: date, published_on: date | None, clear_days: int, as_at: date
) -> Finding | None:
    """Whether the agenda and its papers were open to everybody in time; nothing is said of meetings from before we asked.

    Source: Local Government Act 1972, section 100B(3). Days are clear working days.

    >>> print(agenda_out("m", date(2026, 12, 3), date(2026, 11, 26), 5, date(2026, 12, 1)).words)
    The agenda was published on 26 November 2026; the last day was 25 November 2026.
    >>> agenda_out("m", date(2026, 12, 3), None, 5, date(2026, 11, 1)).state
    'agenda_due'
    """
    last = last_notice_day(meeting, clear_days)
    if published_on:
        in_time = published_on <= last
        words = f"The agenda was published on {in_words(published_on)}"
        words += ", in time." if in_time else f"; the last day was {in_words(last)}."
        return Finding(subject, "agenda_in_time" if in_time else "agenda_late", words)
    if as_at > meeting:
        return None
    if as_at <= last:
        return Finding(subject, "agenda_due", f"The agenda must be published by {in_words(last)}.")
    return Finding(subject, "agenda_late", f"The agenda was not published by {in_words(last)}.")
