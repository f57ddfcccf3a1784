"""How many households of each PLUS group the first 5,000 found in need, as published."""

from __future__ import annotations

from collections.abc import Sequence

from endeavour.engine.cohort.release import current_summary
from endeavour.errors import Missing
from endeavour.pack.definitions import PlusGroup

# The pack's groups beside the names that the cohort's features have for them.
FEATURES = {
    "gypsy-roma-traveller": "gypsy_roma_traveller",
    "minoritised-ethnic": "minoritised_ethnic",
    "carers": "carer",
    "learning-disability-autism": "learning_disability_autism",
    "homeless": "homeless",
    "veterans": "veteran",
    "armed-forces": "armed_forces_family",
    "care-leavers": "care_leaver",
    "domestic-abuse": "domestic_abuse",
}


def counts(groups: Sequence[PlusGroup]) -> list[dict[str, object]]:
    """For each group that records can count: households in need and those chosen, or why they are hidden."""
    try:
        rows = current_summary().get("fairness", ())
    except Missing:
        return []
    ours = {r["group"]: r for r in rows if r["rule"] == "our rule" and r["kind"] == "plus_group"}
    known = [(g.name, ours.get(FEATURES.get(g.id, ""))) for g in groups]
    return [row | {"name": name} for name, row in known if row]
