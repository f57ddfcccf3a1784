"""How hard the words of services are to read, and which of them are words of the trade."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from endeavour.frontdoor.models import Service
from endeavour.frontdoor.packfiles import folder_of
from endeavour.strategy.public import counted


@lru_cache(maxsize=4)
def plain_words(pack: str) -> dict[str, str]:
    """The pack's words of the trade that residents do not use, each with a plainer one to suggest."""
    path = folder_of(pack) / "plain_words.psv"
    with path.open(encoding="utf-8", newline="") as handle:
        return {row["word"]: row["say"] for row in csv.DictReader(handle, delimiter="|")}


@dataclass(frozen=True)
class Reading:
    """How hard a text is: school years by two formulas, the reading age, and its words of the trade."""

    words: int
    grade: float
    smog: float
    jargon: tuple[tuple[str, str], ...]

    @property
    def age(self) -> int:
        """The reading age: English school years start at five."""
        return round(max(0.0, self.grade)) + 5

    @property
    def plain(self) -> bool:
        """Whether an eleven-year-old could read it."""
        return self.age <= 11 and not self.jargon


def measure(text: str, jargon: Mapping[str, str] | None = None) -> Reading:
    """How hard a text is, by the formulas of `strategy.readability`.

    `jargon` are the words to flag, with what to say instead; the pack's own where none are given.
    """
    found = counted(text)
    if not found.words:
        return Reading(0, 0.0, 0.0, ())
    said = " " + " ".join(w.casefold() for w in re.findall(r"[\w'’-]+", text)) + " "
    flagged = plain_words(settings.PACK) if jargon is None else jargon
    return Reading(
        found.words,
        found.grade,
        found.smog,
        tuple((word, say) for word, say in flagged.items() if f" {word} " in said),
    )


def of_service(service: Service) -> Reading:
    """How hard the words of one service are."""
    return measure(f"{service.description} {service.expect}")


def hardest(services: Iterable[Service], *, limit: int | None = None) -> list[tuple[Service, Reading]]:
    """The editors' queue: the services that are not plain, those with most words of the trade first, then the hardest."""
    measured = [(s, of_service(s)) for s in services]
    queue = sorted((m for m in measured if not m[1].plain), key=lambda m: (-len(m[1].jargon), -m[1].grade))
    return queue[:limit]
