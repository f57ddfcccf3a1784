"""Who the figures of a lake count: its own residents, or the people linked from agencies' records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from endeavour.engine.disclosure import About, publish_count

if TYPE_CHECKING:
    from endeavour.engine.lake.store import Lake

RESIDENTS: Final = "the lake's own residents, as its maker knows them: nobody had to be linked"
COUNTS: Final = ("people", "apart", "left_out")


def population_of(lake: Lake) -> dict[str, Any]:
    """`kind` (residents or linked), `words` and `people` of a lake, every count through the gate.

    Of linked people also `run` and `as_at` (the linkage), `apart` (people whom only agencies other than the registering
    one know, who are in no figure) and `left_out` (records with the national data opt-out).
    """
    told = lake.manifest.recipe.get("population")
    if told is None:
        told = {"kind": "residents", "words": RESIDENTS, "people": lake.rows()["person"]}
    return told | {name: _rounded(name, told[name]) for name in COUNTS if name in told}


def _rounded(what: str, count: int) -> int | None:
    return publish_count(About(f"population, {what}", what, "one year", ()), count).numerator
