"""What the pack says about itself: its indicators, its sources, and the Core20 figures made from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings

from endeavour.engine.measures.core20 import Core20
from endeavour.engine.measures.core20_pack import core20_of, reconciliation
from endeavour.errors import NotFound
from endeavour.pack.definitions import Indicator
from endeavour.pack.packs import Pack
from endeavour.population.queries import store
from endeavour.population.queries.store import Row


@dataclass(frozen=True)
class Core20Figures:
    """Every Core20 figure with the words that reconcile those reported elsewhere."""

    figures: tuple[Core20, ...]
    reconciliation: str


def core20_figures() -> Core20Figures:
    """The figures of the facts now served; computed once for each edition of them."""
    return _core20(store.edition())


class _StoredPack(Pack):
    """The pack with its tables from the compiled copy, which was checked when it was made and reads in an instant."""

    def rows(self, name: str) -> list[dict[str, Any]]:
        """One table as dictionaries."""
        assert name.isidentifier(), name
        return store.rows(f"select * from {name}")


@lru_cache(maxsize=2)
def _core20(_edition: str) -> Core20Figures:
    pack = _StoredPack.open(settings.PACK)
    return Core20Figures(tuple(core20_of(pack)), reconciliation(pack))


def indicators() -> tuple[Indicator, ...]:
    """Every published indicator that has observations in the pack."""
    return _indicators(store.edition())


@lru_cache(maxsize=2)
def _indicators(_edition: str) -> tuple[Indicator, ...]:
    known = {r["indicator"] for r in store.rows("select distinct indicator from observations")}
    return tuple(i for i in Pack.open(settings.PACK).indicators if i.id in known)


def indicator(identity: str) -> Indicator:
    """One indicator by its id."""
    for found in indicators():
        if found.id == identity:
            return found
    raise NotFound(f"There is no measure '{identity[:60]}'.", hint="The list of measures is at /measure.")


def sources() -> list[Row]:
    """Every table of the pack with its publisher, licence, vintage, source and rows."""
    return store.rows('select * from provenance order by publisher, "table"')
