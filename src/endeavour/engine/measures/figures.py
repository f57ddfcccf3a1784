"""A measure's figures by name, wherever they come from: the pack's own tables, or the lake through the gate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from endeavour.engine.lake.store import Lake
from endeavour.engine.measures.catalogue import Catalogue
from endeavour.engine.measures.definition import Figures, Measure

AREA_COLUMNS = [
    "geography_name",
    "edition",
    "population_base",
    "numerator",
    "denominator",
    "value",
    "standing",
]


def figures(
    name: str,
    *,
    people: Callable[[], Lake] = Lake.open,
    pack: str = "mse",
    year: int | None = None,
    by: Sequence[str] | None = None,
) -> Figures:
    """Every figure of one measure; person-level ones come out of the disclosure gate only.

    `people` gives the lake to count, the installation's own unless given.
    """
    measure = Catalogue.open(pack).named(name)
    if measure.reads == "pack":
        return _core20(measure, pack)
    if measure.reads == "tables":
        from endeavour.engine.measures.life import life_figures

        return life_figures(measure, pack, people)
    if measure.reads == "indicator":
        return _indicator(measure, pack)
    from endeavour.engine.measures.lake_figures import lake_figures

    return lake_figures(measure, people(), year=year, by=by)


def explanation(name: str, *, pack: str = "mse") -> dict[str, Any]:
    """The definition as plain data, and the SQL where the measure is one statement."""
    measure = Catalogue.open(pack).named(name)
    told = {
        key: value for key, value in measure.model_dump(mode="json").items() if value not in ("", None, [])
    }
    if measure.reads == "lake":
        from endeavour.engine.measures.compiler import compile_measure

        told["sql"] = compile_measure(measure).sql
    return told


def _core20(measure: Measure, pack: str) -> Figures:
    from endeavour.engine.measures.core20_pack import core20_of, reconciliation
    from endeavour.pack import Pack

    opened = Pack.open(pack)
    rows = [figure.as_json() for figure in core20_of(opened)]
    return Figures(measure.title, AREA_COLUMNS, rows, [reconciliation(opened)])


def _indicator(measure: Measure, pack: str) -> Figures:
    from endeavour.engine.measures.told import Told, indicator_rows

    told = Told.of(pack)
    rows = [row | {"area_name": told.areas[row["area"]]} for row in indicator_rows(measure, told.pack)]
    columns = ["area_name", "period", "value", "previous", "change"]
    return Figures(measure.title, columns, rows, [f"{measure.unit}. {measure.source}."])
