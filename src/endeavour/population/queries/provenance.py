"""Of when each table of the pack is, and who published it: said on pages as the data say it, never from memory."""

from __future__ import annotations

from endeavour.population.queries import store

PEOPLE = "households"
"""The table of the count of people and homes that areas are described by; `population` holds several counts."""


def period(table: str = PEOPLE) -> str:
    """Of when a table is, as its publisher says: 'Census 2021', '2023/24'; empty where the pack does not say."""
    found = store.row('select vintage from provenance where "table" = ?', table)
    return str(found["vintage"]) if found else ""


def credit(table: str = PEOPLE) -> str:
    """Of when, and by whom: 'Census 2021, Office for National Statistics'."""
    found = store.row('select vintage, publisher from provenance where "table" = ?', table)
    return f"{found['vintage']}, {found['publisher']}" if found else ""
