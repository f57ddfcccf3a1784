"""How late a body came that was promised for a month: worked out from both days each time, and kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from endeavour.strategy.findings import month_words, months_between
from endeavour.strategy.outline import outline
from endeavour.strategy.pack_files import BodyDueRow


@dataclass(frozen=True)
class Slip:
    """A promise that a body would stand by a month, and by how many whole months it was missed as known on a day."""

    promised: BodyDueRow
    began: date | None
    months: int

    @property
    def words(self) -> str:
        """The promise and what came of it, in a sentence or two.

        >>> row = BodyDueRow(body="ics", due="2021-04", said_on="2020-01", source="Board paper")
        >>> Slip(row, date(2022, 7, 1), 15).words
        'April 2021. It came 15 months late.'
        >>> Slip(row, None, 1).words
        'April 2021. It had not come, 1 month later.'
        >>> Slip(row, None, 0).words
        'April 2021. That month was still to come.'
        """
        late = f"{self.months} month{'' if self.months == 1 else 's'}"
        if self.began:
            told = f"It came {late} late." if self.months else "It came in time."
        elif self.months:
            told = f"It had not come, {late} later."
        else:
            told = "That month was still to come."
        return f"{month_words(self.promised.due)}. {told}"


def slips_of(body: str, began: date | None, day: date) -> list[Slip]:
    """What was promised of a body by a day, and by how much it slipped as known on that day; empty for no promise.

    `began` is the day it came, where that is known; a promise kept in its month, or before it, slipped by nothing.

    >>> from datetime import date
    >>> slips_of("no-such-body", date(2022, 7, 1), date(2026, 1, 1))
    []
    """
    came = began if began and began <= day else None
    return [
        Slip(row, came, max(0, months_between(row.due, came or day)))
        for row in outline().bodies_due
        if row.body == body and row.said_on <= day
    ]
