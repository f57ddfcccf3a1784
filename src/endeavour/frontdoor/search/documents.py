"""What is searched, what is asked and what is found."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Spot:
    """Where a service can be reached; a confidential place has no position."""

    name: str
    place: str
    latitude: float | None
    longitude: float | None
    district: str = ""


@dataclass(frozen=True)
class Opening:
    """One weekly opening: days as `MO,TU`, minutes after midnight; past midnight is over 1440."""

    days: str
    opens: int
    closes: int


@dataclass(frozen=True)
class Document:
    """One service as the search sees it. `says` are the words people use for the need it meets.

    One that is `by_name` is one of many alike and found only by its name (see `search.names`).
    """

    id: str
    name: str
    description: str
    tags: str = ""
    says: tuple[str, ...] = ()
    rung: str = ""
    spots: tuple[Spot, ...] = ()
    openings: tuple[Opening, ...] = ()
    minimum_age: float | None = None
    maximum_age: float | None = None
    free: bool = True
    remote: bool = False
    languages: tuple[str, ...] = ()
    by_name: bool = False


@dataclass(frozen=True)
class Question:
    """One search: the words and the wishes. `near` is a position, never kept."""

    words: str
    near: tuple[float, float] | None = None
    age: int | None = None
    free_only: bool = False
    open_at: tuple[str, int] | None = None
    without: frozenset[str] = frozenset()
    limit: int = 5


@dataclass(frozen=True)
class Hit:
    """One answer and why it is here. `score` orders; it means nothing by itself."""

    id: str
    score: float
    rung: str
    because: tuple[str, ...] = ()
    miles: float | None = None
    spot: str = ""
    matched: str = field(default="", compare=False)
