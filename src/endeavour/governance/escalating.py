"""By when a worry must be answered, and whether it was: pure functions of the agreed time, the moments and now."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from endeavour.core.public import LONDON
from endeavour.governance.findings import Finding, is_working_day

_AGREED = re.compile(r"(\d{1,3}) (hour|working day)s?", re.IGNORECASE)


@dataclass(frozen=True)
class Within:
    """How soon: so many hours by the clock, or until the end of so many working days after the day it was raised."""

    hours: int = 0
    working_days: int = 0

    def after(self, raised_at: datetime) -> datetime:
        """The last moment for an answer, for an aware moment.

        >>> Within(hours=4).after(datetime(2026, 12, 24, 22, 0, tzinfo=LONDON)).isoformat()
        '2026-12-25T02:00:00+00:00'
        >>> Within(working_days=1).after(datetime(2026, 12, 24, 22, 0, tzinfo=LONDON)).isoformat()
        '2026-12-30T00:00:00+00:00'
        """
        if self.hours:
            return raised_at + timedelta(hours=self.hours)
        day, left = raised_at.astimezone(LONDON).date(), self.working_days
        while left:
            day += timedelta(days=1)
            left -= is_working_day(day)
        return datetime.combine(day + timedelta(days=1), time(), tzinfo=LONDON)


def agreed_time(words: str) -> Within | None:
    """The agreed time as a route writes it, or nothing where no clock could keep it.

    >>> agreed_time("4 hours"), agreed_time("1 working day"), agreed_time("soon"), agreed_time("0 hours")
    (Within(hours=4, working_days=0), Within(hours=0, working_days=1), None, None)
    """
    found = _AGREED.fullmatch(words.strip())
    if found is None or not int(found[1]):
        return None
    number = int(found[1])
    return Within(hours=number) if found[2].lower() == "hour" else Within(working_days=number)


def timed(subject: str, answer_by: datetime, answered_at: datetime | None, now: datetime) -> Finding:
    """Whether a worry was answered in time, is waiting, or is past its agreed time, at a moment.

    >>> by = datetime(2026, 12, 1, 12, 0, tzinfo=LONDON)
    >>> timed("e", by, None, by + timedelta(hours=3)).words
    'Past its time by 3 hours.'
    >>> timed("e", by, by + timedelta(minutes=1), by).state, timed("e", by, None, by - timedelta(hours=1)).state
    ('answered_late', 'waiting')
    """
    if answered_at is not None and answered_at <= answer_by:
        return Finding(subject, "answered", f"Answered on {_moment(answered_at)}, in time.")
    if answered_at is not None:
        return Finding(subject, "answered_late", f"Answered {_long(answered_at - answer_by)} late.")
    if now <= answer_by:
        return Finding(subject, "waiting", f"To be answered by {_moment(answer_by)}.")
    return Finding(subject, "past_its_time", f"Past its time by {_long(now - answer_by)}.")


def _long(by: timedelta) -> str:
    for unit, size in (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1))):  # fmt: skip
        if number := by // size:
            return f"{number} {unit}{'' if number == 1 else 's'}"
    return "less than a minute"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(LONDON):%-d %B %Y at %H:%M}"
