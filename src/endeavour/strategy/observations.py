"""Published figures of the measures that promises are tied to: from the release that passed the gate, or from the
pack's open statistics. Counts of people are never made here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings

from endeavour.core.public import Area
from endeavour.errors import Missing, NotFound

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


@dataclass(frozen=True)
class Observed:
    """One published figure of one period; `value` is None where it was not reported or is hidden, with `reason`.

    `change` is what the release itself says of the months within the period, told from chance.
    """

    start: date
    end: date
    value: float | None
    low: float | None
    high: float | None
    reason: str
    release: str
    change: str = ""

    @property
    def period(self) -> str:
        """The period in words: 'April 2024', '2023/24' or '1 April 2024 to 30 June 2024'."""
        if (self.start.month, self.start.day, self.end.month, self.end.day) == (4, 1, 3, 31):
            return f"{self.start.year}/{self.end.year % 100:02}"
        if (self.start.month, self.start.day, self.end.month, self.end.day) == (1, 1, 12, 31):
            return str(self.start.year)
        if (self.start.year, self.start.month) == (self.end.year, self.end.month):
            return f"{self.start:%B %Y}"
        return f"{self.start.day} {self.start:%B %Y} to {self.end.day} {self.end:%B %Y}"


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
    rows = (
        _lake_figures(key, grouping, group) if known.kind == "lake" else _open_figures(key, grouping, group)
    )
    late = timedelta(days=known.lag_days)
    return [row for row in rows if row.end + late <= at]


def groups_of(key: str) -> list[tuple[str, str]]:
    """The whole system and the areas that this measure has figures for, as (value, words) for a choice."""
    known = measurable(key)
    codes = {(g, c) for k, g, c in _released() if k == key} if known.kind == "lake" else _open_groups(key)
    names = dict(Area.objects.filter(code__in=[c for _, c in codes]).values_list("code", "name"))
    wide = [(f"{g}~{c}", f"{names[c]} ({g.replace('_', ' ')})") for g, c in codes if c in names]
    return [("~".join(WHOLE), "The whole system"), *sorted(wide, key=lambda pair: pair[1])]


def group_words(grouping: str, group: str) -> str:
    """Whose figures, in words."""
    if (grouping, group) == WHOLE:
        return "the whole system"
    area = Area.objects.filter(code=group).first()
    return area.name if area else group


def _lake_figures(key: str, grouping: str, group: str) -> list[Observed]:
    return _released().get((key, grouping, group), [])


def _released() -> dict[tuple[str, str, str], list[Observed]]:
    """The current release by measure and group; empty where none was built or its reader is not installed."""
    try:
        from endeavour.engine.measures.release import current_release

        return _release(current_release())
    except (Missing, ModuleNotFoundError):
        return {}


@lru_cache(maxsize=2)
def _release(_name: str) -> dict[tuple[str, str, str], list[Observed]]:
    from endeavour.engine.measures.release import published_figures

    wanted = {"system", "place", "district"}
    found: dict[tuple[str, str, str], list[Observed]] = defaultdict(list)
    for row in published_figures().to_pylist():
        whole = row.get("period_kind", "year") == "year" and not row.get("subgroup")
        if row["grouping"] in wanted and whole:
            found[row["measure"], row["grouping"], row["group"]].append(_of_year(row))
    return {key: sorted(rows, key=lambda o: o.start) for key, rows in found.items()}


def _of_year(row: dict[str, Any]) -> Observed:
    first = int(row["year"][:4])
    return Observed(
        date(first, 4, 1), date(first + 1, 3, 31), row["value"], row["low"], row["high"],
        "" if row["value"] is not None else row["reason"], row["release"], row.get("spc") or "",
    )  # fmt: skip


def _open_figures(key: str, grouping: str, group: str) -> list[Observed]:
    code = _system() if (grouping, group) == WHOLE else group
    rows = _asked(
        "SELECT period_start, period_end, value, lower, upper, status FROM observations "
        "WHERE indicator = ? AND area_code = ? AND coalesce(subgroup, '') = '' ORDER BY period_start",
        key,
        code,
    )
    if not rows:
        return []
    edition = _edition()
    return [
        Observed(start, end, value, low, high, "" if value is not None else "not reported", edition)
        for start, end, value, low, high, _status in rows
    ]


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
    from endeavour.pack.store import current_copy

    return current_copy(settings.PACK).name


@lru_cache(maxsize=2)
def _system_of(pack: str) -> str:
    from endeavour.pack.packs import Pack

    return Pack.open(pack).meta.system


def _system() -> str:
    return _system_of(settings.PACK)
