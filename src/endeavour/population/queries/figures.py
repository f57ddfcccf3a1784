"""Published figures of the measures: read from the frozen release, whose every number passed the disclosure gate."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

from django.conf import settings

from endeavour.engine.measures.catalogue import Catalogue
from endeavour.engine.measures.definition import Measure
from endeavour.engine.measures.release import BUILD, about_release, current_release, measures_dir
from endeavour.errors import Missing, NotFound
from endeavour.population.queries import parquet, store

ORDER = 'measure, period_kind, area_kind, area, "by", subgroup, period'
FRAMEWORKS = {"adults": "core20plus5-adults", "children": "core20plus5-children"}


@dataclass(frozen=True)
class Figure:
    """One published figure; see `engine.measures.release.published_figures` for what each column means."""

    measure: str
    period: str
    period_kind: str
    area_kind: str
    area: str
    area_name: str
    by: str
    subgroup: str
    subgroup_words: str
    note: str | None
    numerator: int | None
    denominator: int | None
    value: float | None
    low: float | None
    high: float | None
    reason: str
    release: str | None
    standing: str
    standardised: float | None
    standardised_low: float | None
    standardised_high: float | None
    target: float | None
    target_by: str | None
    expected: float | None
    more_to_reach: int | None
    gap_words: str | None
    sii: float | None
    sii_low: float | None
    sii_high: float | None
    rii: float | None
    rii_low: float | None
    rii_high: float | None
    slope_words: str | None
    previous: float | None
    change: str | None
    beside_system: str | None
    verdict: str | None
    spc: str | None


COLUMNS = tuple(field.name for field in fields(Figure))


def in_order(subgroup: str) -> list[tuple[float, str]]:
    """Where a group stands among the others of its grouping: by the number that its code begins with, else by name.

    >>> sorted(("80+", "0-17", "65-79"), key=in_order), sorted(("10", "9", "1, white", "1, asian"), key=in_order)
    (['0-17', '65-79', '80+'], ['1, asian', '1, white', '9', '10'])
    """
    parts = subgroup.split(", ")
    return [(float(found[0]) if (found := re.match(r"\d+", part)) else math.inf, part) for part in parts]


def release() -> str:
    """The name of the release in use, for ETags; `Missing` where none was built."""
    return current_release()


def about() -> dict[str, Any]:
    """Who the release in use counts (`population`), and what linkage did to each figure (`linkage`, a row a measure)."""
    return about_release()


def catalogue() -> tuple[Measure, ...]:
    """Every definition of the pack, read once for each edition of it."""
    return _catalogue(store.edition()).measures


@lru_cache(maxsize=2)
def _catalogue(_edition: str) -> Catalogue:
    return Catalogue.open(settings.PACK)


def definition(identity: str) -> Measure:
    """One definition by its id."""
    found = next((m for m in catalogue() if m.id == identity), None)
    if found is None:
        raise NotFound(f"There is no measure '{identity[:60]}'.", hint="The list of measures is at /measure.")
    return found


# What a release holds: counts of our own from the lake, and published indicators of whole districts.
RELEASED = ("lake", "indicator")


def is_published(identity: str) -> bool:
    """Whether the release holds figures of a measure with this id."""
    return any(m.id == identity and m.reads in RELEASED for m in catalogue())


def find(sql: str, *given: object) -> list[Figure]:
    """The figures that a condition keeps, in the release's own order; kept in memory for each release."""
    return list(_find(release(), sql, given))


@lru_cache(maxsize=256)
def _find(name: str, sql: str, given: tuple[object, ...]) -> tuple[Figure, ...]:
    names = ", ".join(f'"{column}"' for column in COLUMNS)
    return tuple(Figure(**row) for row in rows(f"select {names} from kept where {sql}", *given, name=name))


def rows(sql: str, *given: object, name: str = "") -> list[dict[str, Any]]:
    """The answer to a question about the whole release, which it names `kept`."""
    return parquet.rows(measures_dir() / f"{name or release()}.parquet", sql, *given, mend=BUILD)


def published(
    wanted: dict[str, str], *, months: bool = False, limit: int | None = None, offset: int = 0
) -> list[Figure]:
    """The figures whose columns are as `wanted` says, such as `{"area_kind": "place"}`; an empty `by` asks for everybody.

    For downloads and the API, which may ask for the whole release: unlike `find`, nothing is kept in memory. Years only,
    unless `months` are wanted too.
    """
    page = "" if limit is None else f" limit {int(limit)} offset {int(offset)}"
    return [Figure(**row) for row in columns(COLUMNS, wanted, months=months, page=page)]


def columns(
    names: Sequence[str], wanted: dict[str, str], *, months: bool = False, page: str = ""
) -> list[dict[str, Any]]:
    """Some columns of the same figures, as plain rows: a download of the whole release needs no more."""
    assert set(names) <= set(COLUMNS), "columns of ours, never a reader's words"
    where, given = _where(wanted, months=months)
    listed = ", ".join(f'"{name}"' for name in names)
    return rows(f"select {listed} from kept where {where} order by {ORDER}{page}", *given)


def count(wanted: dict[str, str]) -> int:
    """How many yearly figures there are of those."""
    where, given = _where(wanted)
    return int(rows(f"select count(*) as n from kept where {where}", *given)[0]["n"])


def _where(wanted: dict[str, str], *, months: bool = False) -> tuple[str, list[str]]:
    assert wanted.keys() <= set(COLUMNS), "a column of ours, never a reader's words"
    clauses = [] if months else ["period_kind = 'year'"]
    return " and ".join([*clauses, *(f'"{name}" = ?' for name in wanted)]) or "true", list(wanted.values())


def known_values(name: str) -> list[str]:
    """Everything that one column holds anywhere in the release, in order."""
    assert name in COLUMNS, "a column of ours, never a reader's words"
    sql = f'select distinct "{name}" as one from kept where "{name}" <> \'\' order by 1'
    return [row["one"] for row in _rows(release(), sql, ())]


def headlines(framework: str) -> list[Figure]:
    """The whole system's newest figure of each measure of a framework."""
    return find(
        "framework = ? and area_kind = 'system' and \"by\" = '' and period_kind = 'year' "
        "qualify row_number() over (partition by measure order by period desc) = 1 order by measure",
        framework,
    )


def ends_of_deprivation(framework: str) -> dict[tuple[str, str], Figure]:
    """The whole system's newest figures of a framework in the most and the least deprived fifth, by measure and fifth."""
    found = find(
        "framework = ? and area_kind = 'system' and \"by\" = 'imd_quintile' and subgroup in ('1', '5') and period_kind = 'year' "
        "qualify row_number() over (partition by measure, subgroup order by period desc) = 1 order by measure, subgroup",
        framework,
    )
    return {(figure.measure, figure.subgroup): figure for figure in found}


def whole(identity: str) -> Figure:
    """The whole system's newest figure of one measure; `Missing` where the release does not hold it."""
    found = next((f for f in wholes() if f.measure == identity), None)
    if found is None:
        raise Missing(f"The release does not hold '{identity[:60]}'.", hint=BUILD)
    return found


def wholes() -> list[Figure]:
    """The whole system's newest figure of every measure."""
    return find(
        "area_kind = 'system' and \"by\" = '' and period_kind = 'year' "
        "qualify row_number() over (partition by measure order by period desc) = 1 order by measure"
    )


def years(identity: str, area: str, by: str = "", subgroup: str = "") -> list[Figure]:
    """One area's figures by year, oldest first."""
    return find(
        "measure = ? and area = ? and \"by\" = ? and subgroup = ? and period_kind = 'year' order by period",
        identity, area, by, subgroup,
    )  # fmt: skip


def months(identity: str, area: str) -> list[Figure]:
    """One area's figures by month, oldest first; none where months are not published."""
    return find(
        "measure = ? and area = ? and \"by\" = '' and period_kind = 'month' order by period", identity, area
    )


def groups(identity: str, area: str, by: str) -> list[Figure]:
    """One area's newest figures by a grouping of people, the groups in their own order."""
    found = find(
        "measure = ? and area = ? and \"by\" = ? and period_kind = 'year' qualify period = max(period) over ()",
        identity, area, by,
    )  # fmt: skip
    return sorted(found, key=lambda f: in_order(f.subgroup))


def areas(identity: str, kind: str) -> list[Figure]:
    """The newest figures of every area of one kind, by name; those who belong to no known area are left out."""
    return find(
        "measure = ? and area_kind = ? and \"by\" = '' and period_kind = 'year' and area <> 'not known' "
        "qualify period = max(period) over () order by area_name",
        identity, kind,
    )  # fmt: skip


def crossed(identity: str, kind: str, by: str) -> list[Figure]:
    """The newest figures of every area of one kind by a grouping of people, area by area; none where they are not crossed."""
    found = find(
        "measure = ? and area_kind = ? and \"by\" = ? and period_kind = 'year' and area <> 'not known' "
        "qualify period = max(period) over ()",
        identity, kind, by,
    )  # fmt: skip
    return sorted(found, key=lambda f: (f.area_name, in_order(f.subgroup)))


def groupings(identity: str, area: str) -> list[str]:
    """The groupings of people that one area's newest figures are published by."""
    sql = 'select distinct "by" from kept where measure = ? and area = ? and "by" <> \'\' and period_kind = \'year\' order by length("by"), "by"'
    return [row["by"] for row in _rows(release(), sql, (identity, area))]


def mostly_told(by: str) -> set[str]:
    """The measures of which most of the whole system's newest groups by a grouping that are shown have somebody counted."""
    sql = """
        select measure from (
            select * from kept where "by" = ? and area_kind = 'system' and period_kind = 'year'
            qualify period = max(period) over (partition by measure)
        ) group by measure having 2 * count(*) filter (where numerator > 0 and denominator > 0)
            > count(*) filter (where numerator is not null and denominator > 0)
    """
    return {row["measure"] for row in _rows(release(), sql, (by,))}


def known_areas(identity: str) -> list[tuple[str, str, str]]:
    """Kind, code and name of every area a measure is published for, the widest first."""
    sql = """
        select distinct area_kind, area, area_name from kept
        where measure = ? and "by" = '' and period_kind = 'year' and area <> 'not known'
        order by list_position(['system', 'place', 'district', 'neighbourhood'], area_kind), area_name
    """
    return [(row["area_kind"], row["area"], row["area_name"]) for row in _rows(release(), sql, (identity,))]


def of_area(area: str) -> list[Figure]:
    """The newest figure of every measure for one area."""
    return find(
        "area = ? and \"by\" = '' and period_kind = 'year' "
        "qualify row_number() over (partition by measure order by period desc) = 1 order by measure",
        area,
    )


def with_slope(area: str) -> list[Figure]:
    """The newest figures of an area, of every measure whose slope within it is known.

    Those of all areas are asked for at once and kept: a page for each of many areas costs one question.
    """
    found = find(
        "\"by\" = '' and sii is not null and period_kind = 'year' and (measure, period) in "
        "(select measure, max(period) from kept where period_kind = 'year' group by measure) order by measure"
    )
    return [figure for figure in found if figure.area == area]


def of_area_by(area: str, groupings: Sequence[str]) -> list[Figure]:
    """The newest figures of every measure for one area, grouping by grouping as given, the groups in their own order."""
    found = find(
        "area = ? and list_contains(?, \"by\") and period_kind = 'year' "
        "qualify row_number() over (partition by measure, \"by\", subgroup order by period desc) = 1 order by measure",
        area, tuple(groupings),
    )  # fmt: skip
    return sorted(found, key=lambda f: (groupings.index(f.by), in_order(f.subgroup)))


def standing_out(verdict: str, area_kind: str = "") -> list[Figure]:
    """The newest figures with one verdict, such as 'worse and worsening', farthest from the whole system first.

    `area_kind` keeps one kind of area; without it every area and group is looked at.
    """
    return find(
        "verdict = ? and (? = '' or area_kind = ?) and period_kind = 'year' and area <> 'not known' "
        "and (measure, period) in (select measure, max(period) from kept where period_kind = 'year' group by measure) "
        "order by measure, area_kind, area_name, \"by\", subgroup",
        verdict, area_kind, area_kind,
    )  # fmt: skip


def compared(area_kind: str = "", measure: str = "") -> int:
    """How many of the newest figures stand beside the whole system and the year before; see `standing_out`."""
    sql = (
        "select count(*) as n from kept where beside_system is not null and change is not null and (? = '' or area_kind = ?) "
        "and (? = '' or measure = ?) and period_kind = 'year' and area <> 'not known' "
        "and (measure, period) in (select measure, max(period) from kept where period_kind = 'year' group by measure)"
    )
    return int(_rows(release(), sql, (area_kind, area_kind, measure, measure))[0]["n"])


@lru_cache(maxsize=256)
def _rows(name: str, sql: str, given: tuple[object, ...]) -> list[dict[str, Any]]:
    return rows(sql, *given, name=name)
