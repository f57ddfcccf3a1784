"""Making one field of a partner's record usable, and saying what had to be done."""

from __future__ import annotations

import html
import math
import re
import uuid
from datetime import date
from typing import Any

from endeavour.frontdoor.loading import made_id

_TAG = re.compile(r"<[^>]{0,1000}>")
_SCRIPT = re.compile(r"<(script|style)\b.*?</\1\s*>", re.I | re.S)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I | re.A)
LONGEST = 2_000_000


def clean(value: Any, most: int, name: str, problems: list[str]) -> str:
    """Text without markup and within bounds; what was taken off is said.

    >>> problems = []
    >>> clean("<b>Tea</b> at <script>x()</script>four", 300, "name", problems), problems
    ('Tea at four', ['name: markup taken out'])
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        problems.append(f"{name}: {type(value).__name__} instead of text")
        value = "" if isinstance(value, dict | list) else str(value)
    text: str = value.replace("\x00", "")
    if "<" in text[:LONGEST] and (_SCRIPT.search(text[:LONGEST]) or _TAG.search(text[:LONGEST])):
        # Unescaped first: what is written &lt;script&gt; must not come out as a tag.
        text = _TAG.sub(" ", _SCRIPT.sub(" ", html.unescape(text[:LONGEST])))
        text = " ".join(text.split())
        problems.append(f"{name}: markup taken out")
    if len(text) > most:
        problems.append(f"{name}: {len(text):,} letters cut to {most:,}")
        text = text[:most]
    return text


def number(value: Any, name: str, problems: list[str]) -> float | None:
    """A finite number below a million, or None with the reason."""
    if value is None or value == "":
        return None
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError):
        problems.append(f"{name}: '{str(value)[:20]}' is not a number")
        return None
    if not math.isfinite(found) or abs(found) >= 1e6:
        problems.append(f"{name}: {str(value)[:20]} is out of range")
        return None
    return found


def day(value: Any, name: str, problems: list[str]) -> date | None:
    """A day written 2026-11-22, with or without a time, or None with the reason."""
    if not value:
        return None
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        problems.append(f"{name}: '{str(value)[:20]}' is not a day")
        return None


def records(record: dict[str, Any], name: str, problems: list[str]) -> list[dict[str, Any]]:
    """The records in a list of a record; what is no record is counted and left out."""
    given = record.get(name)
    if given is None:
        return []
    if not isinstance(given, list):
        problems.append(f"{name}: not a list")
        return []
    good = [g for g in given if isinstance(g, dict)]
    if len(good) < len(given):
        problems.append(f"{name}: {len(given) - len(good)} entries are not records")
    return good


def is_uuid(given: Any) -> bool:
    """Whether an identifier is a UUID, which the standard asks for."""
    return isinstance(given, str) and _UUID.fullmatch(given) is not None


def identifier(feed: str, kind: str, given: Any) -> uuid.UUID:
    """A record's own UUID, or one made from what it is called in its feed."""
    try:
        return uuid.UUID(str(given))
    except ValueError:
        return made_id(feed, kind, str(given)[:200])


def rest(record: dict[str, Any], used: set[str]) -> dict[str, Any]:
    """The fields of a record that nothing else keeps."""
    return {k: v for k, v in record.items() if k not in used}
