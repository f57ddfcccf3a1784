"""From what was found to what is shown."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.conf import settings

from endeavour.charts.words import number_words
from endeavour.frontdoor.languages import Language, languages
from endeavour.frontdoor.packfiles import folder_of, read_yaml
from endeavour.frontdoor.queries import Found, Shown
from endeavour.frontdoor.rules import MOVES
from endeavour.frontdoor.wishes import ACCESS, DISTANCES, Asked


def ranked_rows(found: Found) -> list[dict[str, Any]]:
    """The ranked list as data: pinned services first, then the handful in order of score."""
    shown = {s.service.given_id: s for s in every_shown(found)}
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


def topic_heading(topic: dict[str, str], language: Language) -> str:
    """A topic's heading in a language; the English where it has none."""
    return language.topics.get(topic["key"]) or topic["heading"]


def topics_in(language: Language) -> list[dict[str, str]]:
    """The topics with their headings in a language."""
    return [t | {"heading": topic_heading(t, language)} for t in topics()]


def rungs_in(found: Found, language: Language) -> list[dict[str, Any]]:
    """The answers by rung, each with its words in a language."""
    return [
        {
            "heading": language.rungs.get(rung.key, rung.heading),
            "what": rung.what if language.is_english else "",
            "skip": language.skips.get(rung.key, rung.skip),
            "key": rung.key,
            "shown": results(group, language),
        }
        for rung, group in found.rungs
    ]


def results(group: list[Shown], language: Language) -> list[dict[str, Any]]:
    """Services as the list of answers shows them, with how far away in the words of a language."""
    return [
        {"service": s.service, "hit": s.hit, "open_words": s.open_words, "pinned": s.pinned,
         "distance": _distance(s.hit.miles, language.labels)}
        for s in group
    ]  # fmt: skip


def _distance(miles: float | None, words: dict[str, str]) -> str:
    if miles is None:
        return ""
    return (
        words["under_a_mile"] if miles < 1 else words["miles_away"].replace("{n}", number_words(round(miles)))
    )


def languages_offered(now: Language | None = None) -> list[dict[str, Any]]:
    """The languages to choose from, each by its own name, the one in use marked."""
    return [
        {"code": one.code, "name": one.name, "dir": one.direction, "current": now is not None and one == now,
         "draft": one.draft, "checked_by": one.checked_by, "checked_on": one.checked_on}
        for one in languages().values()
    ]  # fmt: skip


def choices(asked: Asked, language: Language) -> dict[str, list[dict[str, Any]]]:
    """What the three lists of the form offer, in a language, with what was chosen."""
    words = language.labels
    return {
        "within": _options(
            asked.within,
            [
                ("", words["any_distance"]),
                *((str(n), words["miles"].replace("{n}", str(n))) for n in DISTANCES),
            ],
        ),
        "access": _options(
            asked.access, [("", words["any_access"]), *((key, words[f"access_{key}"]) for key in ACCESS)]
        ),
        "language": _options(
            asked.language, [("", words["any_language"]), *((name, name) for name in spoken())]
        ),
    }


def _options(chosen: str, pairs: list[tuple[str, str]]) -> list[dict[str, Any]]:
    return [{"value": value, "text": text, "selected": value == chosen} for value, text in pairs]


def spoken() -> list[str]:
    """The languages somebody may ask to be spoken to in."""
    return ["British Sign Language", *(one.english for one in languages().values() if not one.is_english)]


def every_shown(found: Found) -> list[Shown]:
    """Every service of an answer, the pinned first."""
    return [*found.pinned, *(shown for _, group in found.rungs for shown in group)]


# When somebody would like to be contacted, in the words that are offered.
TIMES = {
    "any": "Any time",
    "morning": "In the morning",
    "afternoon": "In the afternoon",
    "evening": "In the evening",
}

# What an editor is asked for, in the order of the form.
FIELDS = {
    "name": "Name",
    "description": "What it is",
    "expect": "What to expect",
    "eligibility_description": "Who it is for",
    "fees_description": "What it costs",
    "wait_time": "How long people wait",
    "url": "Web address",
    "email": "Email address",
}

MOVE_WORDS = {
    "accepted": "Accept it: we will contact them",
    "waiting": "Put them on our waiting list",
    "contacted": "We have contacted them",
    "helped": "They were helped",
    "not_helped": "It did not help",
    "passed_on": "Pass it to a service better placed",
}


def parts(after: dict[str, Any]) -> list[str]:
    """What a change touched, in an editor's words.

    >>> parts({"wait_time": "3 weeks", "name": "Falls clinic"})
    ['‘How long people wait’', '‘Name’']
    """
    return [f"‘{FIELDS.get(key, key.replace('_', ' ').capitalize())}’" for key in after]


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, Any]]:
    """What an edit would change, field by field, in an editor's words."""
    return [
        {"field": FIELDS.get(key, key), "before": before.get(key), "after": value}
        for key, value in after.items()
        if before.get(key) != value
    ]


def moves(state: str) -> list[dict[str, str]]:
    """The lawful next steps, as choices."""
    return [{"value": to, "text": MOVE_WORDS[to]} for to in MOVES[state]]
