"""What a column, a margin and a table of a pack are, and the short words in which tables are written down."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["text", "code", "integer", "number", "date", "boolean"]


@dataclass(frozen=True)
class Column:
    """One column of a table: its type and what a lawful value is.

    `code` is text without spaces at either end or control characters; a `boolean` is `true` or `false`; a `date` is
    `YYYY-MM-DD`. An empty cell means 'not known' and is lawful only where `optional` is set.
    """

    name: str
    kind: Kind
    about: str
    optional: bool = False
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    refers_to: tuple[str, ...] = ()


@dataclass(frozen=True)
class Whole:
    """A margin: the `value` column, added up over `by`, should give the table `of`'s `of_value`.

    Census cells are perturbed before publication, so tables of one census disagree by a few people; `slack` is the
    largest lawful difference for one area, as a share of it, and `floor` the same in persons or households.
    """

    value: str
    by: str
    of: str
    of_value: str
    of_base: str = ""
    slack: float = 0.02
    floor: int = 12


@dataclass(frozen=True)
class Table:
    """One table of a pack."""

    name: str
    about: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    written_by_hand: bool = False
    required: bool = False
    dated: tuple[str, str] | None = None
    whole: Whole | None = None
    folder: str = field(default="")

    @property
    def path(self) -> str:
        """Where the table stands inside the pack's folder."""
        if self.written_by_hand:
            return f"{self.name}.csv"
        name = self.name.removeprefix(f"{self.folder}_") if self.folder else self.name
        return f"tables/{self.folder}/{name}.csv" if self.folder else f"tables/{name}.csv"

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(c for c in self.columns if c.name == name)


AREA = ("areas.code",)


def text(name: str, about: str, *, optional: bool = False) -> Column:
    return Column(name, "text", about, optional=optional)


def code(name: str, about: str, *refers_to: str, optional: bool = False) -> Column:
    return Column(name, "code", about, optional=optional, refers_to=refers_to)


def one_of(name: str, about: str, choices: tuple[str, ...], *, optional: bool = False) -> Column:
    return Column(name, "code", about, optional=optional, choices=choices)


def count(name: str, about: str, *, optional: bool = False) -> Column:
    return Column(name, "integer", about, optional=optional, low=0)


def number(
    name: str, about: str, low: float | None = None, high: float | None = None, *, optional: bool = False
) -> Column:
    return Column(name, "number", about, low=low, high=high, optional=optional)


VALID = (
    Column("valid_from", "date", "first day it stood; empty: since before our records", optional=True),
    Column("valid_to", "date", "first day it no longer stood; empty: it still stands", optional=True),
)
LATITUDE = number("latitude", "degrees north (WGS 84)", 49.8, 55.9, optional=True)
LONGITUDE = number("longitude", "degrees east (WGS 84)", -6.5, 1.8, optional=True)
