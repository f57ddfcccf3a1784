"""What published figures say about a promise, in words instead of red, amber and green: pure functions.

A change is told from chance by the control chart (`figures.movement`), a comparison by the figure's own interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from endeavour.strategy.figures import Movement, Observed, movement


@dataclass(frozen=True)
class Path:
    """Where a measure started and where it should go; empty parts are those that nobody set."""

    polarity: str = "neither"
    baseline: float | None = None
    target: float | None = None
    target_on: date | None = None
    steps: tuple[tuple[date, float], ...] = ()


@dataclass(frozen=True)
class Reading:
    """The newest figure and what may be said of it; each sentence stands by itself."""

    latest: Observed | None
    words: tuple[str, ...]


def expected_on(steps: Sequence[tuple[date, float]], day: date) -> float | None:
    """Where the path says the measure should be on a day, on straight lines between its steps; None outside it.

    >>> expected_on([(date(2026, 4, 1), 10.0), (date(2027, 4, 1), 20.0)], date(2026, 10, 1))
    15.01
    """
    for (left, low), (right, high) in pairwise(sorted(steps)):
        if left <= day <= right:
            return round(low + (high - low) * (day - left).days / max(1, (right - left).days), 2)
    return None


def read_measure(observed: Sequence[Observed], path: Path, *, places: int = 1) -> Reading:
    """What the figures say: the newest, change told from chance, the start, the path and the target."""
    if not observed:
        return Reading(None, ("No figure is published yet.",))
    known = [o for o in observed if o.value is not None]
    latest = observed[-1]
    if not known:
        return Reading(latest, (f"The figure for {latest.period} is {latest.reason or 'not known'}.",))
    newest = known[-1]
    sentences = [_change(known, path)]
    if path.baseline is not None:
        sentences.append(_against(newest, path.baseline, path.polarity, "where it started", places))
    if (due := expected_on(path.steps, newest.end)) is not None:
        sentences.append(_against(newest, due, path.polarity, "the path set for it", places))
    if path.target is not None:
        sentences.append(_against(newest, path.target, path.polarity, "the target", places))
    else:
        sentences.append("No target is set.")
    return Reading(newest, tuple(sentences))


def _against(newest: Observed, mark: float, polarity: str, what: str, places: int) -> str:
    """How the newest figure compares with a mark, as far as its interval lets us say."""
    assert newest.value is not None
    shown = f"{what} ({mark:,.{places}f})"
    if newest.low is not None and newest.high is not None and newest.low <= mark <= newest.high:
        return f"It cannot be told apart from {shown}."
    if newest.value == mark:
        return f"It is at {shown}."
    above = newest.value > mark
    if polarity == "neither":
        return f"It is {'above' if above else 'below'} {shown}."
    return f"It is {'better' if above == (polarity == 'higher') else 'worse'} than {shown}."


def _change(known: Sequence[Observed], path: Path) -> str:
    """Whether the newest point is more than chance, by the control chart's rules."""
    if known[-1].change:
        return known[-1].change
    told = movement(known, path.polarity)
    if told.movement == Movement.TOO_FEW:
        there = "There is one figure" if len(known) == 1 else f"There are {len(known)} figures"
        return f"{there}: too few to tell a change from chance."
    if told.movement == Movement.NONE:
        return "The latest figure is within its usual ups and downs."
    meaning = {
        Movement.BETTER: "This is a change for the better, more than chance",
        Movement.WORSE: "This is a change for the worse, more than chance",
    }.get(told.movement, "This is a change, more than chance")
    return f"{meaning}: the latest figure is {told.rule}."
