"""How the pack lays its strategy out: chapters, the points of the compass, the parts of a promise, days to look back at."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from endeavour.strategy.pack_files import OutlineFile, PartRow, folder_of, read_outline, read_parts


def outline() -> OutlineFile:
    """The outline of the pack in use; one without the file has no chapters and no days of its own."""
    return _outline(settings.PACK)


@lru_cache(maxsize=2)
def _outline(pack: str) -> OutlineFile:
    return read_outline(folder_of(pack))


def parts_of(ref: str) -> list[PartRow]:
    """The parts of what one statement promises, each with its measures or the reason for none; empty where it has none."""
    return [part for part in _parts(settings.PACK) if part.statement == ref]


@lru_cache(maxsize=2)
def _parts(pack: str) -> tuple[PartRow, ...]:
    return read_parts(folder_of(pack))
