"""What stands beside a published figure: its slope across deprivation, its target and its past.

Every function adds columns to rows that have passed the gate and reads nothing else, so it can give away no more than
they do. Where a figure it would need is hidden, it adds nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from endeavour.engine.measures.groupings import nobody_words
from endeavour.engine.measures.rows import SYSTEM, Row

if TYPE_CHECKING:
    from endeavour.engine.measures.definition import Measure, Target

Z = 1.959964
WAYS = {"higher is better": 1, "lower is better": -1, "neither": 0}
FEWEST_GROUPS = 3
"""The groups of deprivation that a slope needs."""
Place = tuple[str, str, str, frozenset[tuple[str, str]]]
"""When, where and of whom a figure is: the period, the kind and code of the area, and the groups in any order."""


def in_context(measure: Measure, rows: list[Row]) -> list[Row]:
    """The rows with everything that stands beside them: `slopes`, `targets` and `changes`."""
    by_place = {_place(row): row for row in rows}
    slopes(measure, rows, by_place)
    targets(measure, rows, by_place)
    changes(measure, rows, by_place)
    return rows


def _place(row: Row, also: tuple[str, str] | None = None, **instead: str) -> Place:
    told = row | instead
    groups = (
        set(zip(told["by"].split(" by "), told["subgroup"].split(", "), strict=True)) if told["by"] else set()
    )
    if also is not None:
        groups.add(also)
    return told["period"], told["area_kind"], told["area"], frozenset(groups)


def slopes(measure: Measure, rows: Iterable[Row], by_place: dict[Place, Row]) -> None:
    """The slope and relative index of inequality of each area, by tenth of deprivation where all are shown, or fifth.

    `sii` is in percentage points and `rii` a ratio, both of the least deprived end against the most: a positive slope
    says that the figure is higher among the least deprived. `slope_words` also names the fifths in which nobody is.
    Source: `engine.statistics.slope_index`.
    """
    from endeavour.engine.statistics.slope_index import slope_index

    for row in rows:
        if row["by"] or row["period_kind"] != "year":
            continue
        parts = _along_deprivation(row, by_place)
        if not parts:
            continue
        table = np.array([[p["value"], p["denominator"], (p["high"] - p["low"]) / (2 * Z)] for p in parts])
        found = slope_index(table[:, 0], table[:, 1], table[:, 2])
        for name, estimate in (("sii", found.sii), ("rii", found.rii)):
            ends = estimate.value.item(), estimate.lower[0.95].item(), estimate.upper[0.95].item()
            for column, number in zip((name, f"{name}_low", f"{name}_high"), ends, strict=True):
                row[column] = round(number, 2) if np.isfinite(number) else None
        lived_in = {part["subgroup"] for part in parts if part["by"] == "imd_quintile"}
        row["slope_words"] = f"{_slope_words(row)} {nobody_words(lived_in)}".strip()


def _along_deprivation(row: Row, by_place: dict[Place, Row]) -> list[Row]:
    """The groups that an area's slope rests on, the most deprived first: all ten tenths, or the fifths that have people.

    The fifths are of England, so that a district may have nobody in one. Such a fifth holds no share of the area's own
    ranks, and the line through the others is what it would be without it. OHID's own software refuses an area with an
    empty quantile, where an empty one is a fault of the data. None where a group with people is hidden, or where fewer
    than three are left: two ends are a difference, and an index of all groups in between is asked for more than two
    (Schlotheuber and Hosseinpoor 2022).
    """
    tenths, fifths = (
        [by_place[at] for n in range(1, count + 1) if (at := _place(row, (by, str(n)))) in by_place]
        for by, count in (("imd_decile", 10), ("imd_quintile", 5))
    )
    if len(tenths) == 10 and all(part["value"] is not None for part in tenths):
        return tenths
    peopled = [part for part in fifths if part["denominator"] != 0]
    is_whole = all(part["value"] is not None for part in peopled)
    return peopled if is_whole and len(peopled) >= FEWEST_GROUPS else []


def _slope_words(row: Row) -> str:
    here = "" if row["area_kind"] == SYSTEM else " here"
    if row["sii_low"] is None or row["sii_high"] is None or row["sii_low"] <= 0 <= row["sii_high"]:
        return f"No clear slope from the most to the least deprived{here}."
    way = "lower" if row["sii"] > 0 else "higher"
    return f"{abs(row['sii']):.1f} percentage points {way} for the most deprived{here} than for the least."


def targets(measure: Measure, rows: Iterable[Row], by_place: dict[Place, Row]) -> None:
    """How far each figure is from the measure's target, in people to the nearest 5 and in words.

    `expected` is where the figure would stand by the end of the period on the target's own trajectory, or, where it
    has none, on a straight line from the first year published to the day the target falls due.
    """
    target = measure.target
    if target is None or measure.polarity == "neither":
        return
    first = min((r["period"] for r in rows if r["period_kind"] == "year"), default="")
    for row in rows:
        if row["period_kind"] != "year" or row["value"] is None:
            continue
        short = WAYS[measure.polarity] * (target.value - row["value"])
        row["target"], row["target_by"] = target.value, None if target.by is None else target.by.isoformat()
        # Both terms are rounded, so the people still to reach are too.
        people = int(5 * np.ceil(short / 100 * row["denominator"] / 5 - 1e-9)) if short > 0 else 0
        row["more_to_reach"] = people
        row["gap_words"] = gap_words(measure, target.value, people)
        start = by_place.get(_place(row, period=first))
        row["expected"] = _expected(target, row, start)


def gap_words(measure: Measure, target: float, people: int) -> str:
    """How many more, or fewer, people would meet the target, as a sentence."""
    aim = f"{target:g}%" if measure.unit == "per cent" else f"{target:g} {measure.unit}"
    if not people:
        return f"The target of {aim} is met."
    noun = "cases" if measure.counts == "events" else "people"
    more = "more" if measure.polarity == "higher is better" else "fewer"
    return f"About {people:,} {more} {noun} would meet the target of {aim}."


def _expected(target: Target, row: Row, start: Row | None) -> float | None:
    points = [(p.by, p.value) for p in target.trajectory]
    if not points and start is not None and start["value"] is not None:
        points = [(_ends(start), start["value"])]
    if target.by is not None:
        points.append((target.by, target.value))
    on = _ends(row)
    if len(points) < 2 or on < min(points)[0]:
        return None
    days, values = zip(*[(day.toordinal(), value) for day, value in sorted(points)], strict=True)
    return round(float(np.interp(on.toordinal(), days, values)), 1)


def _ends(row: Row) -> date:
    return date(int(row["period"][:4]) + 1, 3, 31)


def changes(measure: Measure, rows: Iterable[Row], by_place: dict[Place, Row]) -> None:
    """Each figure beside its previous year's and beside the system's, and one verdict of the two.

    `change` and `beside_system` say better, worse or that no difference is clear at 95% (higher or lower where a
    measure has no good direction); `verdict` puts them together, 'worse and worsening' first of all.
    """
    way = WAYS[measure.polarity]
    for row in rows:
        if row["period_kind"] != "year" or row["value"] is None:
            continue
        began = int(row["period"][:4]) - 1
        before = by_place.get(_place(row, period=f"{began}/{(began + 1) % 100:02d}"))
        if before is not None and before["value"] is not None:
            row["previous"] = before["value"]
            row["change"] = _direction(_moved(before, row), way, "no clear change")
        whole = by_place.get(_place(row, area_kind=SYSTEM, area="all", by="", subgroup=""))
        if whole is not None and whole is not row and whole["value"] is not None:
            apart = (row["low"] > whole["value"]) - (row["high"] < whole["value"])
            row["beside_system"] = _direction(apart, way, "similar")
        row["verdict"] = verdict(row.get("beside_system") or "", row.get("change") or "")


def _moved(before: Row, after: Row) -> int:
    """1 or -1 where the share has risen or fallen by more than chance would do at 95%, else 0."""
    a, b = before["value"] / 100, after["value"] / 100
    error = np.sqrt(a * (1 - a) / before["denominator"] + b * (1 - b) / after["denominator"])
    return int(b - a > Z * error) - int(a - b > Z * error)


def _direction(sign: int, way: int, none: str) -> str:
    if sign == 0:
        return none
    if way == 0:
        return "higher" if sign > 0 else "lower"
    return "better" if sign == way else "worse"


def verdict(beside: str, change: str) -> str:
    """Where a group stands and where it is going, in a few words; empty where neither is known.

    >>> verdict("worse", "worse"), verdict("worse", "better"), verdict("similar", "worse"), verdict("", "better")
    ('worse and worsening', 'worse but improving', 'worsening', 'improving')
    """
    going = {"better": "improving", "worse": "worsening", "higher": "rising", "lower": "falling"}.get(
        change, ""
    )
    if beside in ("", "similar"):
        return going or beside
    if not going:
        return beside
    return f"{beside} {'but' if (beside, change) in (('worse', 'better'), ('better', 'worse')) else 'and'} {going}"
