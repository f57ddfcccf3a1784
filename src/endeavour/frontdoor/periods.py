"""Quarters of the year: figures of people are published for one that is over, and never change afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from endeavour.errors import BadInput

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip


@dataclass(frozen=True, order=True)
class Quarter:
    """Three months. `settled` is the last day that counts towards it: what came of a request needs a month more.

    >>> Quarter(2026, 3).key, Quarter(2026, 3).words, Quarter(2026, 4).settled
    ('2026-Q3', 'July to September 2026', datetime.date(2027, 1, 31))
    """

    year: int
    number: int

    @property
    def key(self) -> str:
        """Its name in an address."""
        return f"{self.year}-Q{self.number}"

    @property
    def words(self) -> str:
        """Its name as people say it."""
        first = 3 * self.number - 3
        return f"{MONTHS[first]} to {MONTHS[first + 2]} {self.year}"

    @property
    def starts(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def ends(self) -> date:
        """Its last day."""
        return self.following.starts - timedelta(days=1)

    @property
    def settled(self) -> date:
        """The last day of the month after it."""
        month = 3 * self.number + 2
        return date(self.year + (month > 12), (month - 1) % 12 + 1, 1) - timedelta(days=1)

    @property
    def following(self) -> Quarter:
        """The quarter after."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def before(self) -> Quarter:
        """The quarter before."""
        return Quarter(self.year - (self.number == 1), (self.number - 2) % 4 + 1)


def quarter_of(day: date) -> Quarter:
    """The quarter a day falls in."""
    return Quarter(day.year, (day.month - 1) // 3 + 1)


def settled_quarters(day: date, most: int = 8) -> list[Quarter]:
    """The quarters that are over and settled on `day`, latest first.

    >>> [q.key for q in settled_quarters(date(2026, 11, 22), 2)], settled_quarters(date(2026, 10, 31), 1)[0].key
    (['2026-Q3', '2026-Q2'], '2026-Q2')
    """
    quarter = quarter_of(day).before
    if quarter.settled >= day:
        quarter = quarter.before
    found = [quarter]
    while len(found) < most:
        found.append(found[-1].before)
    return found


def chosen_quarter(key: str, day: date) -> Quarter:
    """The quarter named in an address, or the latest settled one; an unsettled one is refused."""
    settled = settled_quarters(day)
    if not key:
        return settled[0]
    found = next((q for q in settled if q.key == key), None)
    if found is None:
        raise BadInput(
            f"'{key[:12]}' is not a quarter we publish.", hint=f"Choose one like {settled[0].key}."
        )
    return found
