"""Published cells as plain rows: where, when and for whom a figure is, in codes and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from endeavour.engine.disclosure import ALL, Published, PublishedTable
from endeavour.engine.measures.groupings import AREAS, group_words

if TYPE_CHECKING:
    from endeavour.engine.measures.definition import Measure

SYSTEM = "system"
Row = dict[str, Any]


def rows_of(measure: Measure, table: PublishedTable) -> list[Row]:
    """One row a figure: its period, area and group, both terms, the share in per cent and its 95% interval.

    `grouping` and `group` name everything the figure is broken down by; `area_kind` and `area` the area among it
    (`system` and `all` where there is none), `by` and `subgroup` the people.
    """
    name = table.release_id
    return [
        _row(measure, key[0], [v.split(":", 1) for v in key[1:] if v != ALL], cell, name)
        for key, cell in table.items()
    ]


def _row(measure: Measure, period: str, groups: list[list[str]], cell: Published, release: str) -> Row:
    area_kind, area = next(((g, v) for g, v in groups if g in AREAS), (SYSTEM, ALL))
    people = [(g, v) for g, v in groups if g not in AREAS]
    is_month = "-" in period
    first = int(period[:4]) - (is_month and int(period[5:]) < 4)
    row: Row = {
        "measure": measure.id,
        "period": period if is_month else financial_year(first),
        "period_kind": "month" if is_month else "year",
        "year": financial_year(first),
        "grouping": " by ".join(g for g, _ in groups) or SYSTEM,
        "group": ", ".join(v for _, v in groups) or ALL,
        "area_kind": area_kind,
        "area": area,
        "by": " by ".join(g for g, _ in people),
        "subgroup": ", ".join(v for _, v in people),
        "subgroup_words": ", ".join(group_words(g, v) for g, v in people),
        "numerator": cell.numerator,
        "denominator": cell.denominator,
        "reason": str(cell.reason),
        "release": release,
        "standing": measure.standing,
    }
    return row | shares(cell.numerator, cell.denominator)


def financial_year(first: int) -> str:
    """A financial year by the year it begins in.

    >>> financial_year(2023), financial_year(1999)
    ('2023/24', '1999/00')
    """
    return f"{first}/{(first + 1) % 100:02d}"


def shares(numerator: int | None, denominator: int | None) -> Row:
    """The share in per cent and its interval, from published terms; None where either is hidden or nought.

    To one decimal; to three below one per cent, where one would make many a share nothing at all.

    >>> shares(10, 100)
    {'value': 10.0, 'low': 5.5, 'high': 17.4}
    >>> shares(65, 257575)
    {'value': 0.025, 'low': 0.02, 'high': 0.032}
    """
    if numerator is None or not denominator:
        return {"value": None, "low": None, "high": None}
    low, high = wilson(numerator, denominator)
    # Two terms rounded apart may pass one another by a hair: a share is never over the whole.
    value = min(100.0, 100 * numerator / denominator)
    places = 1 if value >= 1 else 3
    return {"value": round(value, places), "low": round(low, places), "high": round(high, places)}


def wilson(numerator: int, denominator: int) -> tuple[float, float]:
    """The 95% interval of a share in per cent (Wilson 1927), from the rounded terms.

    >>> [round(end, 1) for end in wilson(10, 100)]
    [5.5, 17.4]
    """
    z = 1.959964
    share = min(1.0, numerator / denominator)
    spread = z * ((share * (1 - share) + z * z / (4 * denominator)) / denominator) ** 0.5
    middle, scale = share + z * z / (2 * denominator), 1 + z * z / denominator
    return 100 * (middle - spread) / scale, 100 * (middle + spread) / scale
