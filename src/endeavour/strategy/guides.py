"""What a decision may name: the aims of care systems, dated data of the pack, and the principles written in 2020."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from endeavour.core.public import Link
from endeavour.strategy.outline import outline
from endeavour.strategy.pack_files import AimRow
from endeavour.strategy.queries import ref_order, statements

GuideKind = Literal["aims", "principles"]


class Guide(Protocol):
    """An aim or a principle: its key, title and source, the days that it held, and the statements that belong to it."""

    @property
    def key(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date | None: ...
    @property
    def statements(self) -> tuple[str, ...]: ...

    def held_on(self, day: date) -> bool:
        """Whether it held on `day`."""


@dataclass(frozen=True)
class Principle:
    """A principle of 2020, which keeps informing what is decided; its statements are those that carry it on."""

    key: str
    title: str
    source: str
    valid_from: date
    statements: tuple[str, ...]
    valid_to: date | None = None

    def held_on(self, day: date) -> bool:
        """Whether it had been written on `day`; a principle does not end."""
        return self.valid_from <= day


def guides(kind: GuideKind, *, at: date) -> Sequence[Guide]:
    """Every aim that the pack names, past ones too, or every principle in its wording of a day; empty where none is."""
    return outline().aims if kind == "aims" else _principles(at)


def guides_on(kind: GuideKind, day: date) -> list[Guide]:
    """The aims or principles that held on a day, in the pack's order; empty where there are none.

    >>> from datetime import date
    >>> [aim.key for aim in guides_on("aims", date(2019, 1, 1))]
    []
    """
    return [guide for guide in guides(kind, at=day) if guide.held_on(day)]


def aims_of_statement(ref: str, day: date) -> list[AimRow]:
    """The aims that a statement, such as W16, serves on a day, as the pack reads it.

    >>> from datetime import date
    >>> aims_of_statement("Z99", date(2026, 1, 1))
    []
    """
    return [aim for aim in outline().aims if aim.held_on(day) and ref in aim.statements]


def _principles(at: date) -> list[Principle]:
    said = statements("principle", at=at)
    names = [f"statement:{row.ref}" for row in said]
    carried = Link.objects.filter(
        kind=Link.Kind.SUPERSEDES, target__in=names, source__startswith="statement:"
    ).values_list("target", "source")
    heirs: dict[str, list[str]] = defaultdict(list)
    for target, source in carried:
        heirs[target.partition(":")[2]].append(source.partition(":")[2])
    return [
        Principle(
            row.ref,
            row.words.rstrip("."),
            ", ".join(part for part in (row.document.title, row.section) if part),
            row.stated_on,
            tuple(sorted(heirs[row.ref], key=ref_order)),
        )
        for row in said
    ]
