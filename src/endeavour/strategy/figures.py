"""One published figure, and whether the newest of a series is more than chance: pure functions, no database.

Change is told from chance by the NHS's control-chart rules where there are enough points; a release may have told it
already from the months within its years, and then its word counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

FEWEST_FOR_LIMITS = 15
# How long a period is, and so when the next figure's period ends.
PERIOD_DAYS = {"week": 7, "month": 31, "quarter": 92, "year": 366}


@dataclass(frozen=True)
class Observed:
    """One published figure of one period; `value` is None where it was not reported or is hidden, with `reason`.

    `change` is what the release itself says of the months within the period, told from chance.
    """

    start: date
    end: date
    value: float | None
    low: float | None
    high: float | None
    reason: str
    release: str
    change: str = ""

    @property
    def period(self) -> str:
        """The period in words: 'April 2024', '2023/24' or '1 April 2024 to 30 June 2024'."""
        if (self.start.month, self.start.day, self.end.month, self.end.day) == (4, 1, 3, 31):
            return f"{self.start.year}/{self.end.year % 100:02}"
        if (self.start.month, self.start.day, self.end.month, self.end.day) == (1, 1, 12, 31):
            return str(self.start.year)
        if (self.start.year, self.start.month) == (self.end.year, self.end.month) and (
            self.end - self.start
        ).days >= 27:
            return f"{self.start:%B %Y}"
        return f"{self.start.day} {self.start:%B %Y} to {self.end.day} {self.end:%B %Y}"


class Movement(StrEnum):
    """What the newest figure of a series says."""

    BETTER = "better"
    WORSE = "worse"
    OTHER = "other"
    NONE = "none"
    TOO_FEW = "too_few"


@dataclass(frozen=True)
class Moved:
    """The movement, and the rule of the chart that told it; empty where none did or the release told it."""

    movement: Movement
    rule: str = ""


def movement(known: Sequence[Observed], polarity: str) -> Moved:
    """Whether the newest of these figures, all with a value and oldest first, is more than chance.

    `polarity` is higher, lower or neither; with neither a change is neither better nor worse. Source: NHS England,
    Making Data Count (see `engine.statistics.spc`).

    >>> from datetime import date
    >>> flat = [Observed(date(y, 1, 1), date(y, 12, 31), 10.0 + y % 2, None, None, "", "") for y in range(2000, 2015)]
    >>> movement(flat, "lower").movement.value, movement(flat[:9], "lower").movement.value
    ('none', 'too_few')
    >>> up = Observed(date(2015, 1, 1), date(2015, 12, 31), 30.0, None, None, "", "")
    >>> movement([*flat, up], "lower")
    Moved(movement=<Movement.WORSE: 'worse'>, rule='above the upper limit')
    """
    if known and known[-1].change:
        return Moved(_said(known[-1].change))
    if len(known) < FEWEST_FOR_LIMITS:
        return Moved(Movement.TOO_FEW)
    from endeavour.engine.statistics.spc import Rule, Variation, control_chart

    direction = {"higher": 1, "lower": -1}.get(polarity, 0)
    chart = control_chart([float(o.value) for o in known if o.value is not None], direction=direction)
    said = _movements()[Variation(int(chart.variation))]
    return Moved(said, Rule(int(chart.rule[-1])).words if said != Movement.NONE else "")


def next_due(newest: Observed, every: str, lag_days: int) -> date:
    """By when a newer figure should be out: one period on, and the measure's usual lag.

    A measure that names no lag is allowed one more period.

    >>> july = Observed(date(2025, 7, 1), date(2025, 7, 31), 71.2, None, None, "", "")
    >>> next_due(july, "month", 0), next_due(july, "month", 14)
    (datetime.date(2025, 10, 1), datetime.date(2025, 9, 14))
    """
    period = PERIOD_DAYS.get(every, PERIOD_DAYS["year"])
    return newest.end + timedelta(days=period + (lag_days or period))


def lag_words(lag_days: int) -> str:
    """How long after its period a measure's figure comes out, in words.

    >>> lag_words(14), lag_words(365), lag_words(0)
    ('Figures come out about 2 weeks after their period.', 'Figures come out about 12 months after their period.', 'Its publisher names no day on which figures come out.')
    """
    if lag_days <= 0:
        return "Its publisher names no day on which figures come out."
    many, unit = (round(lag_days / 7), "week") if lag_days < 60 else (round(lag_days / 30.4), "month")
    many = max(many, 1)
    return f"Figures come out about {many} {unit}{'' if many == 1 else 's'} after their period."


@cache
def _movements() -> dict[int, Movement]:
    from endeavour.engine.statistics.spc import Variation

    return {
        Variation.COMMON_CAUSE: Movement.NONE,
        Variation.IMPROVEMENT: Movement.BETTER,
        Variation.CONCERN: Movement.WORSE,
        Variation.NEUTRAL_HIGH: Movement.OTHER,
        Variation.NEUTRAL_LOW: Movement.OTHER,
    }


@cache
def _said(change: str) -> Movement:
    """What the release's own words mean; they open with one sentence for each variation."""
    from endeavour.engine.measures.months import series_words

    found = (
        moved for variation, moved in _movements().items() if change.startswith(series_words(variation, 0))
    )
    return next(found, Movement.TOO_FEW)
