"""What was searched and how it ended, by theme, district and language, through the disclosure gate."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.db.models import F, Sum
from django.db.models.functions import Least

from endeavour.engine.disclosure import (
    ALL,
    About,
    Count,
    FileLog,
    Published,
    PublishedTable,
    Refused,
    publish,
)
from endeavour.frontdoor.gaps.themes import Need, Theme, need_of, theme_of, themes
from endeavour.frontdoor.models import SearchTally
from endeavour.frontdoor.packfiles import folder_of, read_places
from endeavour.frontdoor.periods import Quarter

FAILED, ABANDONED, USED = "failed", "abandoned", "used"
OUTCOMES = {
    FAILED: "nothing found, or none of it helped",
    ABANDONED: "answered, and nothing opened",
    USED: "answered, and a service opened",
}
NO_PLACE = "not given"
Row = tuple[str, str, str, str, int]


@lru_cache(maxsize=4)
def _district_names(pack: str) -> dict[str, str]:
    return {p.district: p.district_name for p in read_places(folder_of(pack))}


def districts() -> dict[str, str]:
    """The districts of the pack by code, and the name for searches that gave no place."""
    return {**_district_names(settings.PACK), NO_PLACE: "Place not given"}


def tallied(quarter: Quarter) -> list[Row]:
    """Every search of a quarter as (outcome, theme, district, language, count); each search once.

    The database adds the days up: a busy quarter has a hundred thousand tallies and a few thousand rows.
    """
    unhelpful = Least(F("unhelpful"), F("count"))
    opened = Least(F("opened"), F("count") - unhelpful)
    found = (
        SearchTally.objects.filter(on__gte=quarter.starts, on__lte=quarter.ends)
        .values_list("topic", "district", "language", "found")
        .annotate(searches=Sum("count"), unhelpful_ones=Sum(unhelpful), opened_ones=Sum(opened))
        .order_by()
    )
    sums: Counter[tuple[str, str, str, str]] = Counter()
    for topic, district, language, answered, count, no_help, used in found:
        place = (theme_of(topic).key, district if district in districts() else NO_PLACE, language)
        if not answered:
            sums[FAILED, *place] += count
            continue
        sums[FAILED, *place] += no_help
        sums[USED, *place] += used
        sums[ABANDONED, *place] += count - no_help - used
    return [(*key, count) for key, count in sorted(sums.items())]


def with_totals(rows: list[tuple[tuple[str, ...], int]]) -> dict[tuple[str, ...], int]:
    """Counts by key with every total: each dimension's `all`.

    >>> with_totals([(("a", "x"), 2), (("b", "x"), 3)])[("all", "x")]
    5
    """
    sums: Counter[tuple[str, ...]] = Counter()
    for key, count in rows:
        for mask in range(2 ** len(key)):
            sums[tuple(ALL if mask >> at & 1 else value for at, value in enumerate(key))] += count
    return dict(sums)


@dataclass(frozen=True)
class Searches:
    """A quarter's searches through the gate: how they ended by theme and district with every total, and by language."""

    quarter: Quarter
    by_place: PublishedTable
    by_language: PublishedTable | None

    def lines(self, dimension: str) -> list[tuple[str, Published, list[Published | None]]]:
        """The values of `theme`, `district` or `language`: their searches, and how these ended."""
        table = self.by_language if dimension == "language" else self.by_place
        if table is None:
            return []
        at = table.about.dimensions.index(dimension)

        def cell(outcome: str, value: str) -> Published | None:
            key = [ALL] * len(table.about.dimensions)
            key[0], key[at] = outcome, value
            return table.get(tuple(key))

        lines = []
        for value in sorted({key[at] for key in table} - {ALL}):
            whole = cell(ALL, value)
            assert whole is not None, "every value has its total"
            lines.append((value, whole, [cell(outcome, value) for outcome in OUTCOMES]))
        return lines


def searches(quarter: Quarter) -> Searches | None:
    """The published searches of a quarter, or None where there were none.

    The finest table comes first with all its totals; the languages are attacked together with it, and left out where
    they could not be made safe beside it.
    """
    rows = tuple(row for row in tallied(quarter) if row[4])
    return _through_the_gate(quarter, rows) if rows else None


@lru_cache(maxsize=8)
def _through_the_gate(quarter: Quarter, rows: tuple[Row, ...]) -> Searches:
    """Protecting a busy quarter takes seconds; it is over and never changes, so it is done once."""
    log = FileLog.of_installation()

    def published(dimensions: tuple[str, ...], keyed: list[tuple[tuple[str, ...], int]]) -> PublishedTable:
        cells = {key: Count(count) for key, count in with_totals(keyed).items()}
        return publish(About("front door searches", "searches", quarter.key, dimensions), cells, log=log)

    by_place = published(("outcome", "theme", "district"), [((r[0], r[1], r[2]), r[4]) for r in rows])
    try:
        by_language = published(("outcome", "language"), [((r[0], r[3]), r[4]) for r in rows])
    except Refused:
        by_language = None
    return Searches(quarter, by_place, by_language)


@dataclass(frozen=True)
class Gap:
    """A need that was looked for in a district and not met, with the published need beside it."""

    quarter: Quarter
    theme: Theme
    district: str
    district_name: str
    missed: Published
    need: Need | None

    @property
    def key(self) -> str:
        """Its name in an address and in the thread."""
        return f"{self.quarter.key}.{self.theme.key}.{self.district.replace(' ', '-')}"

    @property
    def words(self) -> str:
        """The gap in a sentence that stands alone."""
        where = "with no place given" if self.district == NO_PLACE else f"in {self.district_name}"
        return (
            f"{self.theme.heading}: about {self.missed.words} searches {where} found nothing that helped, "
            f"{self.quarter.words}."
        )


def gaps_in(found: Searches) -> list[Gap]:
    """Every gap whose size may be shown, largest first."""
    every = {t.key: t for t in themes()}
    names = districts()
    codes = tuple(code for code in names if code != NO_PLACE)
    gaps = [
        Gap(
            found.quarter,
            every[theme],
            district,
            names[district],
            cell,
            need_of(every[theme], district, codes),
        )
        for (outcome, theme, district), cell in found.by_place.items()
        if outcome == FAILED and ALL not in (theme, district) and cell.numerator
    ]
    return sorted(gaps, key=lambda g: (-(g.missed.numerator or 0), g.key))
