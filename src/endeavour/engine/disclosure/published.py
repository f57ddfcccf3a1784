"""What the gate lets out: values that nothing but the gate can make, so a page can demand one by its type."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from endeavour.engine.disclosure.people import People

ALL: Final = "all"
Key = tuple[str, ...]


class Shown(StrEnum):
    """Why a cell is shown or hidden, in the words a resident reads."""

    SHOWN = "shown, rounded to the nearest 5"
    ZERO = "none"
    SMALL = "hidden to protect a small group"
    SECONDARY = "hidden so that a small group beside it cannot be worked out"
    DOMINATED = "hidden because one case makes up most of it"
    EMPTY = "nobody in this group"


class _Seal:
    """Only `gate.py` holds one."""


_SEAL: Final = _Seal()


class Published:
    """A count or a rate that has passed the gate; `numerator` and `denominator` are rounded or None.

    It cannot be made by hand: a page that takes a `Published` cannot be handed a raw count.

    >>> Published(12, 100, Shown.SHOWN)
    Traceback (most recent call last):
    TypeError: only the disclosure gate makes a Published value
    """

    __slots__ = ("denominator", "numerator", "reason")

    numerator: int | None
    denominator: int | None
    reason: Shown

    def __init__(
        self, numerator: int | None, denominator: int | None, reason: Shown, seal: _Seal | None = None
    ) -> None:
        if seal is not _SEAL:
            raise TypeError("only the disclosure gate makes a Published value")
        object.__setattr__(self, "numerator", numerator)
        object.__setattr__(self, "denominator", denominator)
        object.__setattr__(self, "reason", reason)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a published value does not change ({name})")

    @property
    def is_hidden(self) -> bool:
        """Whether the figure itself is withheld."""
        return self.numerator is None

    @property
    def percent(self) -> float | None:
        """The share in per cent, from the rounded terms, so that it cannot give the exact ones away."""
        if self.numerator is None or not self.denominator:
            return None
        return min(100.0, 100.0 * self.numerator / self.denominator)

    @property
    def words(self) -> str:
        """What stands in the table: the number, or the reason there is none."""
        return str(self.reason) if self.numerator is None else f"{self.numerator:,}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Published) and self._facts == other._facts

    def __hash__(self) -> int:
        return hash(self._facts)

    def __repr__(self) -> str:
        return f"<Published {self.words} of {self.denominator}>"

    @property
    def _facts(self) -> tuple[int | None, int | None, str]:
        return self.numerator, self.denominator, str(self.reason)


class PublishedMean:
    """A mean that has passed the gate, or the reason it is hidden; made by the gate only."""

    __slots__ = ("count", "mean", "reason")

    mean: float | None
    count: int | None
    reason: Shown

    def __init__(
        self, mean: float | None, count: int | None, reason: Shown, seal: _Seal | None = None
    ) -> None:
        if seal is not _SEAL:
            raise TypeError("only the disclosure gate makes a PublishedMean value")
        self.mean, self.count, self.reason = mean, count, reason


@dataclass(frozen=True, slots=True)
class About:
    """What a table counts. Tables with the same `statistic` share cells, and so are checked against each other.

    A measure may say who its denominator (`base`) and its numerator (`counted`, among them) are. It then shares its
    cells with every measure whose denominator, or where that is told by age alone whose numerator, has the same
    conditions: those on a register, and what of them.
    """

    measure: str
    population: str
    period: str
    dimensions: tuple[str, ...]
    base: People | None = None
    counted: People | None = None

    @property
    def name(self) -> str:
        """This table's own name: the measure, its population and period."""
        return "|".join((self.measure, self.population, self.period))

    @property
    def statistic(self) -> str:
        """The identity under which the release log remembers this table, with all that share its people."""
        if self.base is None:
            return self.name
        shared = self.base.conditions or (self.counted.conditions if self.counted else frozenset())
        return "|".join((self.population, self.period, " AND ".join(sorted(shared))))


@dataclass(frozen=True, slots=True)
class Audit:
    """What the attacker's linear programme could and could not do with the table and every earlier release."""

    cells: int
    hidden_small: int
    hidden_beside: int
    protected: int
    earlier_releases: int
    solves: int
    left_by_earlier: int = 0
    left_out: int = 0
    """Figures by breakdowns that no earlier release had, not published because they are not safe beside those."""

    @property
    def words(self) -> str:
        """One sentence for the methods page."""
        but = f", but for {self.left_by_earlier:,} of which earlier ones alone tell more" * (
            self.left_by_earlier > 0
        )
        return (
            f"{self.hidden_small + self.hidden_beside:,} of {self.cells:,} figures are hidden; "
            f"{self.protected:,} small groups were attacked with every published figure and "
            f"{self.earlier_releases:,} earlier releases, and none could be narrowed below 1 to 7{but}."
        )


class PublishedTable(Mapping[Key, Published]):
    """A whole table that has passed the gate, keyed by the dimensions' values (`all` is a total)."""

    def __init__(
        self, about: About, cells: Mapping[Key, Published], audit: Audit, seal: _Seal | None = None
    ) -> None:
        if seal is not _SEAL:
            raise TypeError("only the disclosure gate makes a PublishedTable")
        self.about, self.audit, self._cells = about, audit, dict(cells)

    def __getitem__(self, key: Key) -> Published:
        return self._cells[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._cells)

    def __len__(self) -> int:
        return len(self._cells)

    def rows(self) -> list[dict[str, object]]:
        """One plain row a cell, for JSON and CSV, its reason in words."""
        return [
            dict(zip(self.about.dimensions, key, strict=True))
            | {
                "numerator": cell.numerator,
                "denominator": cell.denominator,
                "percent": None if cell.percent is None else round(cell.percent, 1),
                "reason": str(cell.reason),
            }
            for key, cell in self._cells.items()
        ]

    @property
    def release_id(self) -> str:
        """A name made from the contents: the same table always has the same one."""
        rows = sorted(json.dumps(row, sort_keys=True) for row in self.rows())
        text = json.dumps([self.about.name, rows], separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:16]
