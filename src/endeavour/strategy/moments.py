"""When something is recorded: now, or noon of the day that an installation was told is today."""

from __future__ import annotations

from datetime import datetime, time

from endeavour.core.public import now, today


def this_moment() -> datetime:
    """The moment to record something at, aware; agrees with the as-at clock, so that it counts from today on."""
    moment = now()
    day = today()
    return moment if moment.date() == day else datetime.combine(day, time(12), tzinfo=moment.tzinfo)
