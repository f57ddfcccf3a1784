"""What an agenda gathers, how long each item takes, where it stands and when it is out: pure functions, nothing stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from endeavour.governance.findings import Finding, in_words, last_notice_day

T = TypeVar("T")
# What is taken in a minute is taken without debate, unless somebody asks for it.
WITHOUT_DEBATE = 1


@dataclass(frozen=True)
class Drafted:
    """One item as it is drafted: `origin` and `subject` say what put it there, `minutes` how long it should take."""

    title: str
    origin: str
    subject: str = ""
    words: str = ""
    minutes: int = WITHOUT_DEBATE


def gathered(
    items: Sequence[Drafted], title: str, subject: str, *, number: int = 0, more: str = ""
) -> list[Drafted]:
    """Several items as one of five minutes, a line each; one item stays itself, and none makes none.

    `title` takes how many there are: `number` where these are only the first of them, and `more` says where the rest
    can be read.

    >>> one = Drafted("Train staff", "action", "action:d/1", "Late by 3 days.", 5)
    >>> gathered([one], "Late ({n})", "actions:late") == [one]
    True
    >>> [all] = gathered([one, one], "Late ({n})", "actions:late", number=9, more="/actions")
    >>> all.title, all.words.splitlines()[1:]
    ('Late (9)', ['Train staff: Late by 3 days.', 'And 7 more: see /actions.'])
    """
    if len(items) < 2:
        return list(items)
    total = max(number, len(items))
    lines = [f"{item.title}: {item.words}" for item in items]
    lines += [f"And {total - len(items):,} more: see {more}."] if total > len(items) else []
    return [Drafted(title.format(n=f"{total:,}"), items[0].origin, subject, "\n".join(lines), 5)]


def fitted(asked: Sequence[int], room: int) -> list[int]:
    """The minutes of each item, in order of what matters, that fit the room; what no longer fits goes without debate.

    No item is left out: where even a minute each does not fit, each still has its minute.

    >>> fitted([15, 10, 10, 10], 30)
    [15, 10, 1, 1]
    >>> fitted([10, 10], 1)
    [1, 1]
    """
    left = room - len(asked) * WITHOUT_DEBATE
    found = []
    for minutes in asked:
        longer = minutes - WITHOUT_DEBATE
        fits = longer <= left
        left -= longer if fits else 0
        found.append(minutes if fits else WITHOUT_DEBATE)
    return found


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
