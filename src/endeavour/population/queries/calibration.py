"""How the synthetic residents compare with every published table; None until the lake is built.

Counts of the lake's people pass the gate here as everywhere; the comparison itself is written in full beside the lake.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from endeavour.engine.lake.store import current_id
from endeavour.paths import lake_dir
from endeavour.population.queries import parquet
from endeavour.population.queries.areas import KIND_WORDS

NOT_COUNTED = ("share", "years", "events a person-year")
"""Units in which the lake's figures are no counts."""


@dataclass(frozen=True)
class Margin:
    """One published table against the lake: how many cells, how many within the allowance, the largest difference.

    Of people, households and events, `lake` is rounded (None where it is small) and `largest` is at most that, in steps of 5.
    """

    margin: str
    level: str
    source_table: str
    unit: str
    cells: int
    within: int
    source: float
    lake: float | None
    largest: float

    @property
    def level_words(self) -> str:
        """What the figures are by, in plain words."""
        return KIND_WORDS.get(self.level, self.level)

    @property
    def table_words(self) -> str:
        """The published table's name as words, or that it is an assumption of ours."""
        if self.source_table == "assumption":
            return "our own assumption"
        return self.source_table.removeprefix("calibration_").replace("_", " ")


def report() -> list[Margin] | None:
    """Each margin's summary, from the lake's own calibration table; None where there is no lake."""
    build = current_id(lake_dir())
    path = lake_dir() / "builds" / (build or "") / "calibration.parquet"
    if build is None or not path.is_file():
        return None
    found = parquet.rows(
        path,
        """
        select margin, level, any_value(source_table) as source_table, any_value(unit) as unit, count(*) as cells,
               count(*) filter (where within) as within, sum(source)::double as source, sum(lake)::double as lake,
               max(abs(difference))::double as largest
        from kept group by margin, level order by margin, level
        """,
        mend="Make it again with: endeavour lake build --force",
    )
    return [Margin(**_through_the_gate(r)) for r in found]


def _through_the_gate(row: dict[str, Any]) -> dict[str, Any]:
    if row["unit"] in NOT_COUNTED:
        return row
    # The gate imports NumPy, which the web process need not wait for.
    from endeavour.engine.disclosure import About, publish_count

    about = About(row["margin"], row["unit"], "the lake in use", ())
    return row | {
        "lake": publish_count(about, round(row["lake"])).numerator,
        "largest": 5.0 * math.ceil(row["largest"] / 5),
    }
