"""What the pack calls its partnership and its places: names are dated data, never code."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from endeavour.pack.packs import Pack


def partnership_name() -> str:
    """The partnership's area by name, as its pack says it."""
    return _names(settings.PACK)[0]


def place_names() -> dict[str, str]:
    """The pack's places by code."""
    return _names(settings.PACK)[1]


@lru_cache(maxsize=2)
def _names(pack: str) -> tuple[str, dict[str, str]]:
    told = Pack.open(pack).meta
    return told.name, {place.code: place.name for place in told.places}
