"""How far imperfect linkage moves each measure of Core20PLUS5 and its inequality, told by the truth of synthetic extracts.

Both figures count the same records, of the same agencies: once as linkage found whose they are, once as they truly are.
Both come out of the gate, and the difference is taken of what came out.

One row a measure:

    measure, title, period
    denominator, perfect_denominator, denominator_moved     people or cases counted, with perfect linkage, the difference
    value, perfect_value, value_moved                       per cent, the same three
    sii, perfect_sii, sii_moved                             percentage points, least deprived less most; the same three
    words                                                   the same as a sentence
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from endeavour.engine.cohort.linked_lake import build_linked_lake, people_in_use
from endeavour.engine.cohort.proposal import sources_in_use
from endeavour.engine.cohort.sources import AS_TRUE, Sources
from endeavour.engine.disclosure import FileLog, publish_together
from endeavour.engine.lake.backends import open_backend
from endeavour.engine.linkage.paths import linkage_dir
from endeavour.engine.measures.compiler import LATEST_YEAR, compile_measure
from endeavour.engine.measures.context import in_context
from endeavour.engine.measures.lake_figures import whole
from endeavour.engine.measures.rows import SYSTEM, Row, financial_year, rows_of

if TYPE_CHECKING:
    from endeavour.engine.lake.store import Lake
    from endeavour.engine.measures.catalogue import Catalogue
    from endeavour.engine.measures.definition import Measure

BY = ("imd_decile", "imd_quintile")


def beside_measures(
    catalogue: Catalogue, lake: Lake, *, pack: str
) -> Callable[[list[Row]], list[dict[str, Any]]]:
    """What says, of published rows, how far linkage moved them: nothing where nobody was linked or no truth is known."""
    people = people_in_use(lake)
    sources = sources_in_use(lake, pack=pack) if people is not lake else None
    if sources is None or not sources.has_truth:
        return lambda _rows: []
    return partial(measures_moved, catalogue, lake, sources)


def measures_moved(
    catalogue: Catalogue, lake: Lake, sources: Sources, rows: list[Row]
) -> list[dict[str, Any]]:
    """Each Core20PLUS5 measure's newest published figure for everybody beside what perfect linkage would have given."""
    asked = [m for m in catalogue.measures if m.framework.startswith("core20plus5") and m.reads == "lake"]
    perfect = _perfect(asked, lake, sources)
    newest = financial_year(LATEST_YEAR)
    ours = {row["measure"]: row for row in rows if row["period"] == newest and _is_of_everybody(row)}
    return [
        _beside(measure, ours[measure.id], perfect[measure.id]) for measure in asked if measure.id in ours
    ]


def _perfect(measures: list[Measure], lake: Lake, sources: Sources) -> dict[str, Row]:
    """Everybody's figure of each measure with its slope, had every record been put under the right person."""
    with tempfile.TemporaryDirectory(dir=linkage_dir(), prefix=".truth.") as folder:
        true = build_linked_lake(lake, sources, whose=AS_TRUE, years=(LATEST_YEAR,), root=Path(folder))
        population = f"{true.people}, perfectly linked"
        with open_backend(true.sources()) as backend:
            tables = publish_together(
                [
                    whole(
                        compile_measure(measure, by=[by for by in BY if by in measure.groupings]),
                        backend,
                        population=population,
                    )
                    for measure in measures
                ],
                log=FileLog.of_installation(),
            )
    found: dict[str, Row] = {}
    for measure, table in zip(measures, tables, strict=True):
        rows = in_context(measure, rows_of(measure, table))
        found[measure.id] = next(row for row in rows if _is_of_everybody(row))
    return found


def _is_of_everybody(row: Row) -> bool:
    return row["area_kind"] == SYSTEM and not row["by"] and row["period_kind"] == "year"


def _beside(measure: Measure, ours: Row, perfect: Row) -> dict[str, Any]:
    pairs = {name: (ours.get(name), perfect.get(name)) for name in ("denominator", "value", "sii")}
    told: dict[str, Any] = {"measure": measure.id, "title": measure.title, "period": ours["period"]}
    for name, (one, other) in pairs.items():
        moved = None if one is None or other is None else round(one - other, 3)
        told |= {name: one, f"perfect_{name}": other, f"{name}_moved": moved}
    return told | {"words": moved_words(*pairs["value"], *pairs["sii"])}


def moved_words(
    value: float | None, perfect_value: float | None, sii: float | None, perfect_sii: float | None
) -> str:
    """What linkage does to a figure and to the size of its slope, in percentage points, as a sentence.

    >>> moved_words(14.4, 14.7, -15.02, -15.0)
    'Linkage makes this 0.3 percentage points too low, and its inequality hardly any different.'
    >>> moved_words(65.8, 65.8, -14.0, -16.0)
    'Linkage makes this hardly any different, and its inequality 2.0 percentage points too small.'
    >>> moved_words(0.025, 0.02, None, -0.03)
    'Linkage makes this 0.005 percentage points too high; what it does to its inequality cannot be shown.'
    """
    if value is None or perfect_value is None:
        return "What linkage does to this cannot be shown."
    places = 1 if max(value, perfect_value) >= 1 else 3  # as many as the figure itself is published to
    figure = _moved(value - perfect_value, places, "high", "low")
    if sii is None or perfect_sii is None:
        return f"Linkage makes this {figure}; what it does to its inequality cannot be shown."
    slope = _moved(abs(sii) - abs(perfect_sii), places, "large", "small")
    return f"Linkage makes this {figure}, and its inequality {slope}."


def _moved(by: float, places: int, more: str, less: str) -> str:
    if round(abs(by), places) == 0:
        return "hardly any different"
    return f"{abs(by):.{places}f} percentage points too {more if by > 0 else less}"
