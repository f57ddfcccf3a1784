"""From what was found to what is shown."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.conf import settings

from endeavour.frontdoor.packfiles import folder_of, read_yaml
from endeavour.frontdoor.queries import Found
from endeavour.frontdoor.rules import MOVES


def ranked_rows(found: Found) -> list[dict[str, Any]]:
    """The ranked list as data: pinned services first, then the handful in order of score."""
    shown = {s.service.given_id: s for s in [*found.pinned, *(s for _, group in found.rungs for s in group)]}
    hits = {h.id: h for h in (found.answer.hits if found.answer else ())}
    # In a crisis the pinned services lead; a hit that is also pinned keeps its reasons.
    rows = []
    for rank, key in enumerate(found.ranked, start=1):
        entry = shown[key]
        hit = hits.get(key, entry.hit)
        because = list(hit.because) or ["It is the first help for what you wrote"]
        rows.append(
            {
                "rank": rank,
                "id": key,
                "name": entry.service.name,
                "rung": entry.service.rung,
                "pinned": entry.pinned,
                "because": because,
                "miles": None if hit.miles is None else round(hit.miles, 1),
                "at": hit.spot,
                "open": entry.open_words,
            }
        )
    return rows


def topics() -> list[dict[str, str]]:
    """The topics somebody may choose instead of writing."""
    return _topics(settings.PACK)


@lru_cache(maxsize=4)
def _topics(pack: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = read_yaml(folder_of(pack) / "topics.yaml")
    return found


ASKED_IN = {
    "need": ("need", "language"), "name": ("name",), "contact": ("contact_by", "contact_value"),
    "time": ("good_time",), "agree": ("agreed",), "check": (),
}  # fmt: skip


def carried(step: str, answers: dict[str, str]) -> list[tuple[str, str]]:
    """The answers of the other steps, which the form of this one carries along."""
    return [(k, v) for k, v in answers.items() if v and k not in ASKED_IN[step]]


MOVE_WORDS = {
    "accepted": "Accept it: we will contact them",
    "waiting": "Put them on our waiting list",
    "contacted": "We have contacted them",
    "helped": "They were helped",
    "not_helped": "It did not help",
    "passed_on": "Pass it to a service better placed",
}


def moves(state: str) -> list[dict[str, str]]:
    """The lawful next steps, as choices."""
    return [{"value": to, "text": MOVE_WORDS[to]} for to in MOVES[state]]
