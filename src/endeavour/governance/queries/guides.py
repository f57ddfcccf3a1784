"""How far decisions and promises serve the aims of care systems, or follow the principles of 2020, over a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from endeavour.core.public import LONDON, end_of
from endeavour.errors import BadInput
from endeavour.governance.findings import in_words
from endeavour.governance.models import Decision
from endeavour.strategy.public import Guide, GuideKind, guides, statements

NONE = "none"


@dataclass(frozen=True)
class Named:
    """A kind of thing that a decision may name, and how it is spoken of; `kind` is its field of a decision and its page.

    >>> named("principles").whole
    'a principle of 2020'
    """

    kind: GuideKind
    one: str
    article: str
    whole: str
    does: str
    question: str
    hint: str
    heading: str
    belongs: str

    @property
    def an(self) -> str:
        """One of them, such as 'an aim'."""
        return f"{self.article} {self.one}"


GUIDES = (
    Named(
        "aims", "aim", "an", "an aim of care systems", "serves",
        "Which aims of care systems does it serve?",
        "Leave all of them empty where it serves none. The register then says so",
        "Which aims of care systems it serves",
        "What serves the aims of care systems",
    ),
    Named(
        "principles", "principle", "a", "a principle of 2020", "follows",
        "Which principles of 2020 does it follow?",
        "Leave all of them empty where it follows none. The decision’s page then says so",
        "Which principles of 2020 it follows",
        "What follows the principles of 2020",
    ),
)  # fmt: skip


def named(kind: GuideKind) -> Named:
    """How one kind is spoken of."""
    return next(guide for guide in GUIDES if guide.kind == kind)


def named_in(decision: Decision, *, at: date) -> list[tuple[Named, list[Guide]]]:
    """What a decision names of each kind, in the pack's order; a kind that the pack has nothing of is left out."""
    known = [(spoken, guides(spoken.kind, at=at)) for spoken in GUIDES]
    return [
        (spoken, [guide for guide in held if guide.key in (getattr(decision, spoken.kind) or ())])
        for spoken, held in known
        if held
    ]


@dataclass(frozen=True)
class Serving:
    """A decision or a promise that serves an aim, follows a principle, or neither: its kind, name, words, day and page."""

    kind: str
    name: str
    words: str
    on: date | None
    see: str


@dataclass(frozen=True)
class GuideRow:
    """One aim or principle with what names it; `key` is "none" for what names none, which has no source and no days."""

    key: str
    title: str
    source: str
    days: str
    decisions: Sequence[Serving]
    promises: Sequence[Serving]


@dataclass(frozen=True)
class Coverage:
    """Every aim, or principle, that held at some time between two days, with what names it; and what names none."""

    named: Named
    since: date
    until: date
    rows: Sequence[GuideRow]
    unserving: GuideRow
    decisions: int
    promises: int

    @property
    def words(self) -> str:
        """What the count says, in one sentence or two."""
        aimed = self.decisions - len(self.unserving.decisions)
        if not self.decisions:
            told = "No decision is recorded for that time."
        elif self.decisions == 1:
            told = f"The one decision taken names {self.named.an if aimed else f'no {self.named.one}'}."
        else:
            told = (
                f"Of {self.decisions} decisions, {aimed} {'names' if aimed == 1 else 'name'} {self.named.an}."
            )
        lacking = [row.title.partition(":")[0] for row in self.rows if not row.decisions]
        if self.decisions and lacking:
            told += f" No decision {self.named.does}: {'; '.join(lacking)}."
        return told


def guides_covered(kind: GuideKind, since: date | None, until: date) -> Coverage:
    """What serves each aim, or follows each principle: decisions of meetings held from `since` to `until`, and the promises that stood on `until`.

    Without `since` it starts on the first day of the oldest of them. Only decisions known and not superseded by `until`
    count, so that an earlier report can be made again. Raises `BadInput` where the days are the wrong way round.
    """
    known = guides(kind, at=until)
    start = since or min([guide.valid_from for guide in known], default=until)
    if start > until:
        raise BadInput(
            f"The time cannot start on {in_words(start)} and end on {in_words(until)}.",
            hint="Choose a later end.",
        )
    held = [g for g in known if g.valid_from <= until and (g.valid_to is None or g.valid_to > start)]
    decided = _decided(kind, start, until)
    promised = [
        (Serving("promise", s.ref, s.words, s.due_on, f"/promise/{s.ref}"), s.ref)
        for s in statements("we", at=until)
    ]
    rows = [
        GuideRow(
            guide.key,
            guide.title,
            guide.source,
            f"From {in_words(guide.valid_from)}"
            + (f" until {in_words(guide.valid_to)}" if guide.valid_to else ""),
            [serving for serving, keys in decided if guide.key in keys],
            [serving for serving, ref in promised if ref in guide.statements],
        )
        for guide in held
    ]
    known_keys, served = {guide.key for guide in held}, {ref for guide in held for ref in guide.statements}
    spoken = named(kind)
    unserving = GuideRow(
        NONE,
        f"No {spoken.one} named",
        "",
        "",
        [serving for serving, keys in decided if not known_keys & {*keys}],
        [serving for serving, ref in promised if ref not in served],
    )
    return Coverage(spoken, start, until, rows, unserving, len(decided), len(promised))


def _decided(kind: GuideKind, start: date, until: date) -> list[tuple[Serving, list[str]]]:
    """The decisions of meetings held in the time, newest first, each with the aims or principles it names."""
    rows = (
        Decision.objects.filter(
            item__meeting__starts_at__gte=datetime.combine(start, time(), tzinfo=LONDON),
            item__meeting__starts_at__lt=end_of(until),
            recorded_at__lt=end_of(until),
        )
        .exclude(superseded_by__recorded_at__lt=end_of(until))
        .order_by("-item__meeting__starts_at", "-pk")
        .values_list("key", "title", "item__meeting__starts_at", kind)
    )
    return [
        (Serving("decision", key, title, at.astimezone(LONDON).date(), f"/decision/{key}"), keys or [])
        for key, title, at, keys in rows
    ]
