"""Which published figures of the whole system moved by more than chance: what a board should look at next.

Every signal carries the period it is about, so that an old figure is never read as today's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from endeavour.strategy import observations
from endeavour.strategy.figures import Moved, Movement, Observed, movement, next_due
from endeavour.strategy.findings import months_between
from endeavour.strategy.observations import Measurable
from endeavour.strategy.presenters import figure_words

OLDEST_MONTHS = 24
_WAYS = {
    Movement.BETTER: "This is better, and more than chance.",
    Movement.WORSE: "This is worse, and more than chance.",
    Movement.OTHER: "This is a change, and more than chance.",
}


@dataclass(frozen=True)
class Signal:
    """The newest figure of one measure for the whole system, told from chance, in words."""

    measure: str
    period: str
    movement: str
    words: str


def signals(*, at: date) -> list[Signal]:
    """The measures whose newest figure, of those out by a day, moved by more than chance; worse ones first.

    Published statistics and the release in use are read. A series too short to tell is left out, and so is one whose
    newest figure is more than `OLDEST_MONTHS` old: a board can do nothing about it.
    """
    found = []
    for known in observations.measurables().values():
        seen = observations.observed(known.key, *observations.WHOLE, at=at)
        figures = [o for o in seen if o.value is not None]
        if not figures or months_between(figures[-1].end, at) > OLDEST_MONTHS:
            continue
        moved = movement(figures, known.polarity)
        if moved.movement in _WAYS:
            found.append(_signal(known, figures[-1], moved, at))
    order = list(Movement)
    return sorted(
        found, key=lambda s: (s.movement != Movement.WORSE, order.index(Movement(s.movement)), s.measure)
    )


def _signal(known: Measurable, newest: Observed, moved: Moved, at: date) -> Signal:
    rule = f" is {moved.rule}" if moved.rule else ""
    figure = figure_words(newest.value)
    told = f"{known.title}: {figure} {known.unit} for {newest.period}{rule}. {_WAYS[moved.movement]}"
    if next_due(newest, known.every, known.lag_days) < at:
        told += " No newer figure is held here."
    if known.kind == "lake":
        told += f" The figure is about {known.about}."
    return Signal(known.key, newest.period, moved.movement.value, told)
