"""The themes searches are gathered into, and the published figure of need beside each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings

from endeavour.errors import BadInput
from endeavour.frontdoor.packfiles import folder_of, read_yaml

NOT_UNDERSTOOD, OTHER = "not-understood", "other"


@dataclass(frozen=True)
class Theme:
    """One theme and the indicator of the pack that tells how great the need is."""

    key: str
    heading: str
    words: tuple[str, ...]
    indicator: str = ""


@dataclass(frozen=True)
class Need:
    """A published figure of need in one area beside the whole system's districts."""

    name: str
    unit: str
    value: float
    year: int
    rank: int
    of: int
    higher_is_worse: bool | None
    source: str

    @property
    def words(self) -> str:
        """The figure in a sentence; its rank only where one end is plainly worse."""
        figure = f"{self.name}: {self.value:,.1f} ({self.unit}, {self.year})."
        if self.higher_is_worse is None:
            return figure
        return f"{figure} {self.rank} of {self.of} districts, where 1 is the greatest need."


@lru_cache(maxsize=4)
def _read(pack: str) -> tuple[Theme, ...]:
    path = folder_of(pack) / "needs.yaml"
    if not path.is_file():
        return ()
    found = []
    for row in read_yaml(path):
        if set(row) - {"key", "heading", "words", "indicator"} or not row.get("words"):
            raise BadInput(f"A theme needs key, heading and words: {row.get('key')}", file=path.name)
        found.append(Theme(row["key"], row["heading"], tuple(row["words"]), row.get("indicator", "")))
    return tuple(found)


def themes() -> tuple[Theme, ...]:
    """Every theme of the pack, and the two that any pack has."""
    return (
        *_read(settings.PACK),
        Theme(NOT_UNDERSTOOD, "Searches we did not understand", ()),
        Theme(OTHER, "Something else", ()),
    )


def theme_of(topic: str) -> Theme:
    """The theme of a tallied topic: the first that has one of its words.

    >>> from endeavour.frontdoor.gaps.themes import theme_of
    """
    every = themes()
    if topic == "not understood":
        return every[-2]
    said = set(re.findall(r"[\w']+", topic.casefold())) | {topic.casefold()}
    return next((t for t in every if said & set(t.words)), every[-1])


@lru_cache(maxsize=4)
def _observed(pack: str) -> dict[tuple[str, str], tuple[int, float]]:
    """The latest value of each indicator in each area."""
    from endeavour.pack import Pack

    latest: dict[tuple[str, str], tuple[int, float]] = {}
    for row in Pack.open(pack).rows("observations"):
        key = (row["indicator"], row["area_code"])
        year = row["period_end"].year
        if row["value"] is not None and not row["subgroup"] and year >= latest.get(key, (0, 0.0))[0]:
            latest[key] = (year, row["value"])
    return latest


@lru_cache(maxsize=4)
def _defined(pack: str) -> dict[str, Any]:
    from endeavour.pack import Pack

    return {i.id: i for i in Pack.open(pack).indicators}


def need_of(theme: Theme, district: str, districts: tuple[str, ...]) -> Need | None:
    """The need of a theme in a district, or None where nothing is published of it."""
    told = _defined(settings.PACK).get(theme.indicator)
    values = {
        d: _observed(settings.PACK)[theme.indicator, d]
        for d in districts
        if (theme.indicator, d) in _observed(settings.PACK)
    }
    if told is None or district not in values:
        return None
    year, value = values[district]
    worse = {"lower_is_better": True, "higher_is_better": False}.get(told.polarity)
    beyond = sum((v > value) if worse is not False else (v < value) for _, v in values.values())
    return Need(
        told.name, told.unit, value, year, beyond + 1, len(values), worse, f"{told.publisher}, {told.source}"
    )
