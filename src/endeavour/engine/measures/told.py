"""What a pack tells of its areas, groups and published indicators, beside the lake's own figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from endeavour.engine.measures.context import WAYS, verdict
from endeavour.engine.measures.rows import SYSTEM, Row

if TYPE_CHECKING:
    from endeavour.engine.measures.catalogue import Catalogue
    from endeavour.engine.measures.definition import Measure
    from endeavour.pack import Pack

PUBLISHED = "published by its source"


@dataclass(frozen=True)
class Told:
    """A pack's names: of areas by code, of PLUS groups by id, and what is unclear about each group."""

    pack: Pack
    areas: dict[str, str]
    groups: dict[str, str]
    notes: dict[str, str]

    @classmethod
    def of(cls, pack: str) -> Told:
        """The names of one pack."""
        from endeavour.pack import Pack

        opened = Pack.open(pack)
        groups = opened.plus_groups
        return cls(
            opened,
            {row["code"]: row["name"] for row in opened.table("areas").select(["code", "name"]).to_pylist()},
            {group.id: group.name for group in groups},
            {group.id: group.ambiguity or "" for group in groups},
        )

    def named(self, catalogue: Catalogue, rows: list[Row]) -> list[Row]:
        """The rows with the names of their areas and PLUS groups, and the framework of their measure."""
        frameworks = {measure.id: measure.framework for measure in catalogue.measures}
        for row in rows:
            row["framework"] = frameworks[row["measure"]]
            if row["area_kind"] == SYSTEM:
                row["area"] = self.pack.meta.system
            row["area_name"] = self.areas.get(row["area"], row["area"])
            if row["by"] == "plus":
                row["subgroup_words"] = self.groups.get(row["subgroup"], row["subgroup_words"])
                row["note"] = self.notes.get(row["subgroup"], "")
        return rows


def indicator_rows(measure: Measure, pack: Pack) -> list[Row]:
    """A published indicator's rows by district and year, each beside the year before.

    Its source publishes no interval, so a change may be chance, and the note says so.
    """
    rows: list[Row] = []
    before: dict[tuple[str, int], float] = {}
    observed = [
        row
        for row in pack.table("observations").to_pylist()
        if row["indicator"] == measure.indicator and not row["subgroup"] and row["value"] is not None
    ]
    for seen in sorted(observed, key=lambda row: (row["area_code"], row["period_start"])):
        year = seen["period_start"].year
        before[seen["area_code"], year] = seen["value"]
        row: Row = {
            "measure": measure.id, "period": str(year), "period_kind": "year", "year": str(year),
            "grouping": "district", "group": seen["area_code"], "area_kind": "district", "area": seen["area_code"],
            "by": "", "subgroup": "", "subgroup_words": "", "value": seen["value"], "low": seen["lower"],
            "high": seen["upper"], "reason": PUBLISHED, "standing": measure.standing,
            "note": "Its source publishes no interval, so a change may be chance.",
        }  # fmt: skip
        previous = before.get((seen["area_code"], year - 1))
        if previous is not None:
            sign = (seen["value"] > previous) - (seen["value"] < previous)
            way = WAYS[measure.polarity]
            row["previous"] = previous
            row["change"] = (
                "no clear change" if not sign else
                ("better" if sign == way else "worse") if way else ("higher" if sign > 0 else "lower")
            )  # fmt: skip
            row["verdict"] = verdict("", row["change"])
        rows.append(row)
    return rows
