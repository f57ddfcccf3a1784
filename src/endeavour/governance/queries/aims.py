"""How far decisions and promises serve the aims of care systems, over a time: a count with what it counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from endeavour.core.public import LONDON, end_of
from endeavour.errors import BadInput
from endeavour.governance.findings import in_words
from endeavour.governance.models import Decision
from endeavour.strategy.public import outline, statements

NONE = "none"


@dataclass(frozen=True)
class Serving:
    """A decision or a promise that serves an aim, or none: its kind, name, words, day and page."""

    kind: str
    name: str
    words: str
    on: date | None
    see: str


@dataclass(frozen=True)
class AimRow:
    """One aim with what serves it; `key` is "none" for what names no aim, which has no source and no days."""

    key: str
    title: str
    source: str
    days: str
    decisions: Sequence[Serving]
    promises: Sequence[Serving]


@dataclass(frozen=True)
class Coverage:
    """Every aim that held at some time between two days, with what serves it; and what serves none."""

    since: date
    until: date
    aims: Sequence[AimRow]
    unserving: AimRow
    decisions: int
    promises: int

    @property
    def words(self) -> str:
        """What the count says, in one sentence or two."""
        aimed = self.decisions - len(self.unserving.decisions)
        if not self.decisions:
            told = "No decision is recorded for that time."
        elif self.decisions == 1:
            told = "The one decision taken names an aim." if aimed else "The one decision taken names no aim."
        else:
            told = f"Of {self.decisions} decisions, {aimed} {'names' if aimed == 1 else 'name'} an aim."
        lacking = [row.title for row in self.aims if not row.decisions]
        if self.decisions and lacking:
            told += f" No decision serves: {'; '.join(lacking)}."
        return told


def aims_covered(since: date | None, until: date) -> Coverage:
    """What serves each aim: decisions of meetings held from `since` to `until`, and the promises that stood on `until`.

    Without `since` it starts on the first day of the oldest aim. Only decisions known and not superseded by `until`
    count, so that an earlier report can be made again. Raises `BadInput` where the days are the wrong way round.
    """
    known = outline().aims
    start = since or min([aim.valid_from for aim in known], default=until)
    if start > until:
        raise BadInput(
            f"The time cannot start on {in_words(start)} and end on {in_words(until)}.",
            hint="Choose a later end.",
        )
    aims = [a for a in known if a.valid_from <= until and (a.valid_to is None or a.valid_to > start)]
    decided = _decided(start, until)
    promised = [
        (Serving("promise", s.ref, s.words, s.due_on, f"/promise/{s.ref}"), s.ref)
        for s in statements("we", at=until)
    ]
    rows = [
        AimRow(
            aim.key,
            aim.title,
            aim.source,
            f"From {in_words(aim.valid_from)}" + (f" until {in_words(aim.valid_to)}" if aim.valid_to else ""),
            [serving for serving, named in decided if aim.key in named],
            [serving for serving, ref in promised if ref in aim.statements],
        )
        for aim in aims
    ]
    keys, served = {aim.key for aim in aims}, {ref for aim in aims for ref in aim.statements}
    unserving = AimRow(
        NONE,
        "No aim named",
        "",
        "",
        [serving for serving, named in decided if not keys & {*named}],
        [serving for serving, ref in promised if ref not in served],
    )
    return Coverage(start, until, rows, unserving, len(decided), len(promised))


def _decided(start: date, until: date) -> list[tuple[Serving, list[str]]]:
    """The decisions of meetings held in the time, newest first, each with the aims it names."""
    rows = (
        Decision.objects.filter(
            item__meeting__starts_at__gte=datetime.combine(start, time(), tzinfo=LONDON),
            item__meeting__starts_at__lt=end_of(until),
            recorded_at__lt=end_of(until),
        )
        .exclude(superseded_by__recorded_at__lt=end_of(until))
        .order_by("-item__meeting__starts_at", "-pk")
        .values_list("key", "title", "item__meeting__starts_at", "aims")
    )
    return [
        (Serving("decision", key, title, at.astimezone(LONDON).date(), f"/decision/{key}"), named or [])
        for key, title, at, named in rows
    ]
