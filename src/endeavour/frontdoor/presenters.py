"""From what was found to what is shown."""

from __future__ import annotations

from typing import Any

from endeavour.frontdoor.queries import Found


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
