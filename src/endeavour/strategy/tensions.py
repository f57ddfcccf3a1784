"""What pulls against what: pairs of published figures, or what it would take to have them.

The pairs are the pack's; nothing is counted here. A figure is one that its publisher or the release has already let out
(see `observations`), so nothing about a person can be reached from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.conf import settings

from endeavour.errors import NotFound
from endeavour.strategy import observations
from endeavour.strategy.figures import Observed
from endeavour.strategy.observations import Measurable
from endeavour.strategy.pack_files import folder_of
from endeavour.strategy.pack_files_shared import SideRow, TensionRow, TensionsFile, read_tensions
from endeavour.strategy.presenters import figure_words
from endeavour.strategy.reading import Path, read_measure


@dataclass(frozen=True)
class Side:
    """One side on a day: its measure and the figures that were out by then; no measure where nobody has a figure."""

    row: SideRow
    measure: Measurable | None
    seen: Sequence[Observed]

    @property
    def known(self) -> list[Observed]:
        """The figures that have a value, oldest first."""
        return [o for o in self.seen if o.value is not None]

    @property
    def latest(self) -> Observed | None:
        """The newest figure that has a value."""
        return self.known[-1] if self.known else None

    @property
    def figure(self) -> str:
        """The newest figure in words, such as '42,593 pathways in the month, February 2025'; else 'No figure yet'."""
        if self.latest is None or self.measure is None:
            return "No figure yet"
        return f"{figure_words(self.latest.value)} {self.measure.unit}, {self.latest.period}"

    @property
    def change(self) -> str:
        """Whether the newest figure is more than chance, in one sentence; empty without figures."""
        if not self.known or self.measure is None:
            return ""
        return read_measure(self.known, Path(self.measure.polarity)).words[0]

    @property
    def is_synthetic(self) -> bool:
        """Whether the figures are about synthetic residents."""
        return self.measure is not None and self.measure.kind == "lake"


@dataclass(frozen=True)
class Tension:
    """A pair on a day."""

    row: TensionRow
    one: Side
    other: Side

    @property
    def sides(self) -> tuple[Side, Side]:
        """Both, in the strategy's order."""
        return self.one, self.other

    @property
    def words(self) -> str:
        """How much of the pair can be seen."""
        seen = sum(side.latest is not None for side in self.sides)
        return ("Neither side has a figure yet.", "One side has a figure.", "Both sides have a figure.")[seen]

    @property
    def pairs(self) -> list[tuple[Observed, Observed]]:
        """The periods in which both sides have a figure in the same unit, oldest first."""
        one, other = self.one.measure, self.other.measure
        if one is None or other is None or one.unit != other.unit:
            return []
        by_period = {(o.start, o.end): o for o in self.other.known}
        return [(o, by_period[o.start, o.end]) for o in self.one.known if (o.start, o.end) in by_period]


@lru_cache(maxsize=2)
def _file(pack: str) -> TensionsFile | None:
    return read_tensions(folder_of(pack), observations.measurables().keys())


def section() -> str:
    """The section of the strategy that recognises them; empty where the pack names none."""
    found = _file(settings.PACK)
    return found.section if found else ""


def tensions(*, at: date) -> list[Tension]:
    """Every pair with the figures that had come out by a day, in the pack's order; none where it names none."""
    found = _file(settings.PACK)
    rows = found.tensions if found else ()
    return [Tension(row, _side(row.one, at), _side(row.other, at)) for row in rows]


def tension(key: str, *, at: date) -> Tension:
    """One pair by its key; `NotFound` where the pack names no such pair."""
    for found in tensions(at=at):
        if found.row.key == key:
            return found
    raise NotFound(f"There is no pair '{key[:40]}'.", hint="See /tensions.")


def tensions_about(ref: str) -> list[TensionRow]:
    """The pairs that a statement, such as W22, is to change, without their figures."""
    found = _file(settings.PACK)
    return [row for row in found.tensions if ref in row.statements] if found else []


def _side(row: SideRow, at: date) -> Side:
    if not row.measure:
        return Side(row, None, ())
    known = observations.measurables().get(row.measure)
    return Side(
        row, known, observations.observed(row.measure, row.grouping, row.group, at=at) if known else ()
    )


def as_plain(found: Tension) -> dict[str, object]:
    """A pair as plain data: each side with its newest figure, or with what is lacking."""

    def side(one: Side) -> dict[str, object]:
        latest = one.latest
        return {
            "words": one.row.words,
            "measure": one.row.measure or None,
            "unit": one.measure.unit if one.measure else None,
            "about": one.measure.about if one.measure else None,
            "whose": f"{one.row.grouping}:{one.row.group}",
            "period": latest.period if latest else None,
            "value": latest.value if latest else None,
            "release": latest.release if latest else None,
            "change": one.change,
            "lacks": one.row.lacks,
            "takes": one.row.takes,
        }

    return {
        "key": found.row.key,
        "title": found.row.title,
        "overall": found.row.overall,
        "words": found.words,
        "note": found.row.note,
        "statements": list(found.row.statements),
        "one": side(found.one),
        "other": side(found.other),
        "see": f"/tension/{found.row.key}",
    }
