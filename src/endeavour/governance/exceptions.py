"""Which published figures changed by more than noise: the control chart's exceptions, for the agenda."""

from __future__ import annotations

from functools import cache

from endeavour.core.public import today
from endeavour.governance.findings import Finding
from endeavour.strategy.public import signals


@cache
def titles(pack: str) -> dict[str, str]:
    """The title of each measure and published indicator of a pack, by its id."""
    from endeavour.engine.measures.catalogue import Catalogue
    from endeavour.pack import Pack

    named = {indicator.id: indicator.name for indicator in Pack.open(pack).indicators}
    return named | {measure.id: measure.title for measure in Catalogue.open(pack).measures}


def exceptions() -> list[Finding]:
    """The newest figure of each measure for the whole system, where a rule of the control chart speaks of it today.

    The worse ones first. Only figures that passed the disclosure gate, or that others published, are read; a series too
    short to tell, or too old to act on, is left out (see `strategy.signals`).
    """
    return [Finding(f"measure:{s.measure}", "exception", s.words) for s in signals(at=today())]
