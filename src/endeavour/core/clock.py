"""The as-at clock: every rule is asked about a day, and any past day can be asked again."""

from __future__ import annotations

import os
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from endeavour.errors import BadInput

LONDON = ZoneInfo("Europe/London")
EARLIEST = date(2000, 1, 1)


def now() -> datetime:
    """This moment, aware, in the partnership's time zone."""
    return datetime.now(LONDON)


def today() -> date:
    """Today in England; `ENDEAVOUR_TODAY=2026-11-22` fixes it for a demonstration or a test."""
    if fixed := os.environ.get("ENDEAVOUR_TODAY"):
        return parse_day(fixed)
    return now().date()


def end_of(day: date) -> datetime:
    """The moment at which a day is over in England: what was recorded before it was known on that day.

    Today is not over: where today is fixed to an earlier day, all that has been recorded so far counts as known on it.
    Databases compare the moment as it stands; asking for the date of each row would cost a conversion a row.

    >>> end_of(date(2026, 7, 1)).isoformat()
    '2026-07-02T00:00:00+01:00'
    """
    last = max(day, now().date()) if day >= today() else day
    return datetime.combine(last + timedelta(days=1), time(), tzinfo=LONDON)


def parse_day(text: str) -> date:
    """A day written 2026-11-22, between 2000 and 2100; anything else is refused with how to write it.

    >>> parse_day("2026-11-22")
    datetime.date(2026, 11, 22)
    >>> parse_day("0022-12-01")
    Traceback (most recent call last):
    ...
    endeavour.errors.BadInput: The year 22 is not between 2000 and 2100. Write the day as 2026-11-22.
    """
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as error:
        raise BadInput(f"'{text[:40]}' is not a day.", hint="Write the day as 2026-11-22.") from error
    if not EARLIEST.year <= day.year <= 2100:
        raise BadInput(
            f"The year {day.year} is not between 2000 and 2100.", hint="Write the day as 2026-11-22."
        )
    return day
