"""When a service is open: weekly rules on the wall clock, bank holidays, past midnight and the clocks changing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_TIME = re.compile(r"^(\d{1,2}):(\d{2})")


@dataclass(frozen=True)
class Hours:
    """One weekly rule: days, minutes after midnight, and the days it holds from and to (both included)."""

    days: frozenset[str]
    opens: int
    closes: int
    valid_from: date | None = None
    valid_to: date | None = None
    on_bank_holidays: bool = False

    def starts_on(self, day: date, holidays: frozenset[date]) -> bool:
        """Whether this rule opens the doors on `day`."""
        return (
            DAYS[day.weekday()] in self.days
            and (self.valid_from is None or self.valid_from <= day)
            and (self.valid_to is None or day <= self.valid_to)
            and (self.on_bank_holidays or day not in holidays)
        )


def minutes(text: str) -> int | None:
    """Minutes after midnight of `09:30`, `09:30:00+01:00` or `24:00`; None for what is no time.

    >>> minutes("09:30"), minutes("24:00"), minutes("25:00"), minutes("noon")
    (570, 1440, None, None)
    """
    found = _TIME.match(text.strip())
    if not found:
        return None
    hour, minute = int(found[1]), int(found[2])
    return hour * 60 + minute if minute < 60 and (hour < 24 or (hour, minute) == (24, 0)) else None


def make_hours(
    byday: str,
    opens: str,
    closes: str,
    *,
    valid_from: date | None = None,
    valid_to: date | None = None,
    always: bool = False,
) -> Hours | None:
    """A rule from an iCalendar `byday` and two times; closing at or before opening means the next day. None if unusable.

    A rule of every day and all day is open on bank holidays too.
    """
    days = frozenset(d.strip()[-2:].upper() for d in byday.split(",") if d.strip()) & frozenset(DAYS)
    start, end = minutes(opens), minutes(closes)
    if not days or start is None or end is None:
        return None
    end = end if end > start else end + 1440
    return Hours(days, start, end, valid_from, valid_to, always or (len(days) == 7 and end - start == 1440))


@lru_cache(maxsize=32)
def bank_holidays(year: int) -> frozenset[date]:
    """England's bank holidays of a year."""
    import holidays

    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def _moment(day: date, minute: int) -> datetime:
    """The instant the wall clock shows `minute` after midnight of `day`; a time the clocks skip is moved on."""
    wall = datetime.combine(
        day + timedelta(days=minute // 1440), time(minute % 1440 // 60, minute % 60), tzinfo=LONDON
    )
    return wall.astimezone(ZoneInfo("UTC")).astimezone(LONDON)


def spans(rules: Iterable[Hours], day: date) -> list[tuple[datetime, datetime]]:
    """The openings that start on `day`, earliest first, as aware times."""
    closed = bank_holidays(day.year)
    found = [(_moment(day, r.opens), _moment(day, r.closes)) for r in rules if r.starts_on(day, closed)]
    return sorted(found)


def is_open(rules: Iterable[Hours], moment: datetime) -> bool:
    """Whether the doors are open at `moment`: from opening until the minute before closing."""
    local = moment.astimezone(LONDON)
    rules = list(rules)
    return any(
        a <= moment < b
        for day in (local.date(), local.date() - timedelta(days=1))
        for a, b in spans(rules, day)
    )


def next_opening(rules: Iterable[Hours], moment: datetime, *, within_days: int = 60) -> datetime | None:
    """The next time the doors open after `moment`, or None within two months."""
    rules = list(rules)
    start = moment.astimezone(LONDON).date()
    for ahead in range(within_days + 1):
        for opens, _ in spans(rules, start + timedelta(days=ahead)):
            if opens > moment:
                return opens
    return None


def clock(minute: int) -> str:
    """A time as people write it.

    >>> clock(570), clock(720), clock(1440), clock(1050)
    ('9.30am', 'midday', 'midnight', '5.30pm')
    """
    minute %= 1440
    if minute in {0, 720}:
        return "midday" if minute else "midnight"
    hour, rest = divmod(minute, 60)
    return f"{hour % 12 or 12}{f'.{rest:02d}' if rest else ''}{'am' if hour < 12 else 'pm'}"


def in_words(rules: Iterable[Hours]) -> list[str]:
    """The week in words, a line a rule: 'Monday to Friday, 9am to 5pm'."""
    lines = []
    for rule in rules:
        at = sorted(DAYS.index(d) for d in rule.days)
        runs: list[list[int]] = []
        for day in at:
            if runs and day == runs[-1][-1] + 1:
                runs[-1].append(day)
            else:
                runs.append([day])
        names = ["every day"] if len(at) == 7 else [
            DAY_NAMES[r[0]] if len(r) == 1 else f"{DAY_NAMES[r[0]]} to {DAY_NAMES[r[-1]]}" for r in runs
        ]  # fmt: skip
        when = (
            "all day and all night"
            if rule.closes - rule.opens == 1440
            else f"{clock(rule.opens)} to {clock(rule.closes)}"
        )
        line = f"{', '.join(names)}, {when}"
        lines.append(line[0].upper() + line[1:])
    return lines
