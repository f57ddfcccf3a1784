"""What the pack calls its partnership and its places: names are dated data, never code."""

from __future__ import annotations

import re
from functools import lru_cache
from string import capwords

from django.conf import settings

from endeavour.pack.packs import Pack

SHORT = {"DR", "DRS", "MR", "MRS", "ST", "GT", "CTR", "PTNR", "PTNRS", "BLVD"}
"""Words without a vowel that are no initials."""


def as_written(name: str) -> str:
    """A name as people write it, where its publisher shouts; initials and codes stay as they are.

    >>> as_written("DR KHAN & PARTNERS"), as_written("DR GC SMITH'S PRACTICE"), as_written("SS9 PCN"), as_written("Castle Point")
    ('Dr Khan & Partners', "Dr GC Smith's Practice", 'SS9 PCN', 'Castle Point')
    """
    if not name.isupper():
        return name
    return " ".join(word if _is_initials(word) else capwords(word) for word in name.split())


def _is_initials(word: str) -> bool:
    letters = re.sub(r"[^A-Z0-9]", "", word)
    return letters not in SHORT and (not re.search("[AEIOUY]", letters) or any(c.isdigit() for c in letters))


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
