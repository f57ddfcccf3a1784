"""The feeds that a pack brings along as examples: a folder of HSDS tables with a `feed.yaml` that says whose they are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from endeavour.errors import BadInput
from endeavour.frontdoor.oruk.feed import About
from endeavour.frontdoor.packfiles import folder_of, read_yaml


@dataclass(frozen=True)
class ShippedFeed:
    """One feed of a pack: its name, where it lies, and what is said of it."""

    key: str
    folder: Path
    about: About


def shipped_feed(key: str) -> ShippedFeed | None:
    """The pack's feed of that name, or None where the pack brings none."""
    if not key.replace("-", "").isalnum():
        return None
    folder = folder_of(settings.PACK) / "feeds" / key
    path = folder / "feed.yaml"
    if not path.is_file():
        return None
    told = read_yaml(path)
    if not isinstance(told, dict) or not told.get("name") or not told.get("licence"):
        raise BadInput("A feed needs a name and a licence.", file=path.name)
    about = About(
        name=told["name"],
        licence=told["licence"],
        as_of=told.get("as_of"),
        is_historic=bool(told.get("is_historic")),
    )
    return ShippedFeed(key, folder, about)


def shipped_feeds() -> list[str]:
    """The names of the pack's feeds."""
    return sorted(p.parent.name for p in (folder_of(settings.PACK) / "feeds").glob("*/feed.yaml"))
