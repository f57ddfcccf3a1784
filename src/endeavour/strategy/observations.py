"""Published figures of the measures that promises are tied to: from the release that passed the gate, or from the
pack's open statistics. Counts of people are never made here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings

from endeavour.core.public import Area
from endeavour.errors import Missing, NotFound
from endeavour.strategy.figures import Observed

WHOLE = ("system", "all")
_POLARITY = {
    "higher is better": "higher", "lower is better": "lower",
    "higher_is_better": "higher", "lower_is_better": "lower",
}  # fmt: skip


@dataclass(frozen=True)
class Measurable:
    """One thing the catalogue can measure. `lake` figures are about synthetic residents, `open` ones are published."""

    key: str
    title: str
    unit: str
    polarity: str
    kind: str
    every: str
    owner: str
    source: str
    lag_days: int = 0

    @property
    def about(self) -> str:
        """Whose figures they are."""
        return "synthetic residents" if self.kind == "lake" else "published statistics"


def measurables() -> dict[str, Measurable]:
    """Everything in the pack that can measure a promise, by key, in order of title."""
    return _measurables(settings.PACK)


@lru_cache(maxsize=2)
def _measurables(pack: str) -> dict[str, Measurable]:
    from endeavour.engine.measures.catalogue import Catalogue
    from endeavour.pack.packs import Pack

    found = [
        Measurable(
            m.id, m.title, m.unit, _POLARITY.get(m.polarity, "neither"), "lake", "year", m.owner, m.source,
            m.expected_lag_days,
        )
        for m in Catalogue.open(pack).measures
        if m.reads == "lake"
    ]  # fmt: skip
    found += [
        Measurable(
            i.id, i.name, i.unit, _POLARITY.get(i.polarity, "neither"), "open", i.every, i.owner,
            f"{i.publisher}: {i.source}",
        )
        for i in Pack.open(pack).indicators
    ]  # fmt: skip
    return {m.key: m for m in sorted(found, key=lambda m: m.title)}


def measurable(key: str) -> Measurable:
    """One of them by its key; `NotFound` where the catalogue has no such measure."""
    if found := measurables().get(key):
        return found
    raise NotFound(f"There is no measure '{key[:60]}' in the catalogue.", hint="See endeavour measure list.")


def observed(key: str, grouping: str, group: str, *, at: date) -> list[Observed]:
    """The figures of one measure for one group that had come out by a day, oldest first.

    A figure comes out when its period and the measure's usual lag have passed. Empty where nothing was published.
    """
    known = measurables().get(key)
    if known is None:
        return []
    late = timedelta(days=known.lag_days)
    return [row for row in series(key, grouping, group) if row.end + late <= at]


def series(key: str, grouping: str, group: str) -> tuple[Observed, ...]:
    """Every figure of one measure for one group that is held here, oldest first, whenever it came out."""
    known = measurables().get(key)
    if known is None:
        return ()
    if known.kind == "lake":
        return tuple(_released().get((key, grouping, group), ()))
    edition = _edition()
    code = _system() if (grouping, group) == WHOLE else group
    return _open_area(edition, code).get(key, ()) if edition else ()


def groups_of(key: str) -> list[tuple[str, str]]:
    """The whole system and the areas that this measure has figures for, as (value, words) for a choice."""
    known = measurable(key)
    codes = {(g, c) for k, g, c in _released() if k == key} if known.kind == "lake" else _open_groups(key)
    names = dict(Area.objects.filter(code__in=[c for _, c in codes]).values_list("code", "name"))
    wide = [(f"{g}~{c}", f"{names[c]} ({g.replace('_', ' ')})") for g, c in codes if c in names]
    return [("~".join(WHOLE), "The whole system"), *sorted(wide, key=lambda pair: pair[1])]


def group_words(grouping: str, group: str) -> str:
    """Whose figures, in words."""
    return "the whole system" if (grouping, group) == WHOLE else area_names([group]).get(group, group)


def residents_by_place() -> dict[str, int]:
    """How many people lived in each place at the census of 2021, by its code; empty where no pack was loaded."""
    rows = _asked(
        "SELECT l.area, sum(p.persons * l.weight) FROM lsoa_areas l JOIN population p ON p.area_code = l.lsoa "
        "WHERE l.kind = 'place' AND l.vintage = 'lsoa21' AND p.base = 'census2021' GROUP BY l.area"
    )
    return {code: round(persons) for code, persons in rows}


def area_names(codes: Iterable[str]) -> dict[str, str]:
    """The names of areas by their codes, in one query; none where there is nothing to name."""
    wanted = set(codes)
    return dict(Area.objects.filter(code__in=wanted).values_list("code", "name")) if wanted else {}


def _released() -> dict[tuple[str, str, str], list[Observed]]:
    """The current release by measure and group; empty where none was built or its reader is not installed."""
    try:
        from endeavour.engine.measures.release import current_release

        return _release(current_release())
    except (Missing, ModuleNotFoundError):
        return {}


_WIDE = frozenset({"system", "place", "district"})
# What the other columns of a release say on rows about everybody in a whole year; a small release has no such columns.
_WHOLE_ROWS = {"period_kind": ("year",), "subgroup": ("", None)}
_READ = ("measure", "grouping", "group", "year", "value", "low", "high", "reason", "release", "spc")


@lru_cache(maxsize=2)
def _release(_name: str) -> dict[tuple[str, str, str], list[Observed]]:
    from endeavour.engine.measures.release import published_figures

    table = published_figures()
    # Few rows are of whole years, areas and everybody: choosing by columns first keeps a desk's first answer quick.
    columns = {
        name: table[name].to_pylist() for name in ("grouping", *_WHOLE_ROWS) if name in table.column_names
    }
    keep = [
        number
        for number, grouping in enumerate(columns["grouping"])
        if grouping in _WIDE
        and all(columns[n][number] in known for n, known in _WHOLE_ROWS.items() if n in columns)
    ]
    found: dict[tuple[str, str, str], list[Observed]] = defaultdict(list)
    for row in table.take(keep).select([n for n in _READ if n in table.column_names]).to_pylist():
        found[row["measure"], row["grouping"], row["group"]].append(_of_year(row))
    return {key: sorted(rows, key=lambda o: o.start) for key, rows in found.items()}


def _of_year(row: dict[str, Any]) -> Observed:
    first = int(row["year"][:4])
    return Observed(
        date(first, 4, 1), date(first + 1, 3, 31), row["value"], row["low"], row["high"],
        "" if row["value"] is not None else row["reason"], row["release"], row.get("spc") or "",
    )  # fmt: skip


@lru_cache(maxsize=256)
def _open_area(edition: str, code: str) -> dict[str, tuple[Observed, ...]]:
    """Every indicator's figures for one area in one edition of the pack's tables, which never changes."""
    rows = _asked(
        "SELECT indicator, period_start, period_end, value, lower, upper FROM observations "
        "WHERE area_code = ? AND coalesce(subgroup, '') = '' ORDER BY indicator, period_start",
        code,
    )
    found: dict[str, list[Observed]] = defaultdict(list)
    for key, start, end, value, low, high in rows:
        reason = "" if value is not None else "not reported"
        found[key].append(Observed(start, end, value, low, high, reason, edition))
    return {key: tuple(seen) for key, seen in found.items()}


def _open_groups(key: str) -> set[tuple[str, str]]:
    rows = _asked(
        "SELECT DISTINCT a.kind, o.area_code FROM observations o JOIN areas a ON a.code = o.area_code "
        "WHERE o.indicator = ? AND a.kind IN ('place', 'district', 'upper_tier', 'sub_icb')",
        key,
    )
    return {(kind, code) for kind, code in rows}


def _asked(sql: str, *given: object) -> list[tuple[Any, ...]]:
    """Rows of the pack's tables; none where no pack was loaded."""
    from endeavour.pack.store import connect

    try:
        connection = connect(settings.PACK)
    except Missing:
        return []
    try:
        return connection.execute(sql, list(given)).fetchall()
    finally:
        connection.close()


def _edition() -> str:
    """The edition of the pack's tables in use; empty where none was loaded."""
    from endeavour.pack.store import current_copy

    try:
        return current_copy(settings.PACK).name
    except Missing:
        return ""


@lru_cache(maxsize=2)
def _system_of(pack: str) -> str:
    from endeavour.pack.packs import Pack

    return Pack.open(pack).meta.system


def _system() -> str:
    return _system_of(settings.PACK)
