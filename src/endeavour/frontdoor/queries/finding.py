"""The answer to one search: the handful of services, by rung, with every crisis card the words call for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.conf import settings

from endeavour.core.public import now
from endeavour.frontdoor import hours
from endeavour.frontdoor.models import Service
from endeavour.frontdoor.packfiles import Place, find_place, folder_of, read_places
from endeavour.frontdoor.queries.crisis import safety
from endeavour.frontdoor.queries.searching import index
from endeavour.frontdoor.queries.services import hours_of, opening_words, services_by_id
from endeavour.frontdoor.safety import Rung, Safety, Topic
from endeavour.frontdoor.search import Hit, Question
from endeavour.frontdoor.search.index import Answer


def places() -> tuple[Place, ...]:
    """The towns people can name."""
    return read_places(folder_of(settings.PACK))


def place_named(text: str) -> Place | None:
    """The place somebody means by a town or a postcode; None where we do not know it."""
    return find_place(places(), text)


@dataclass(frozen=True)
class Shown:
    """One service in a list of results."""

    service: Service
    hit: Hit
    open_words: str
    pinned: bool = False


@dataclass(frozen=True)
class Found:
    """The answer to one search, grouped by rung, gentlest first; the crisis cards stand before everything."""

    words: str
    place: Place | None
    place_unknown: str
    topics: list[Topic]
    pinned: list[Shown]
    rungs: list[tuple[Rung, list[Shown]]]
    ranked: list[str]
    answer: Answer | None
    tags: str = ""
    notices: list[str] = field(default_factory=list)


def _first_for_the_words(question: Question, hits: Sequence[Hit], content: Safety) -> str:
    """The service that stands first for the words alone: a wish such as 'open now' says nothing of a crisis.

    The words are asked again only where the first answer would bring a card and something else had a say in it.
    """
    first, plain = hits[0].id, Question(words=question.words, limit=1)
    if replace(question, limit=1) == plain or not content.led_to([], first):
        return first
    alone = index().search(plain).hits
    return alone[0].id if alone else ""


def find_help(
    words: str,
    *,
    near: str = "",
    age: int | None = None,
    free_only: bool = False,
    open_now: bool = False,
    limit: int = 5,
    at: datetime | None = None,
) -> Found:
    """At most a handful of services for some words, with every crisis card the words call for.

    Nothing is kept. `near` is a town or a postcode; an unknown one is said and otherwise ignored. The services pinned
    under a crisis topic are shown besides the handful, and the topic's vetoes are never shown at all.
    """
    moment = at or now()
    content = safety()
    topics = content.topics_in(words)
    place = place_named(near)
    position = (place.latitude, place.longitude) if place else None
    local = moment.astimezone(hours.LONDON)
    question = Question(
        words=words,
        near=position,
        age=age,
        free_only=free_only,
        open_at=(hours.DAYS[local.weekday()], local.hour * 60 + local.minute) if open_now else None,
        without=frozenset().union(*(t.never for t in topics)),
        limit=limit + len(content.only_when_said),
    )
    answer = index().search(question) if words.strip() else None
    hits = list(answer.hits) if answer else []
    topics = content.led_to(topics, _first_for_the_words(question, hits, content)) if hits else topics
    kept_back = content.kept_back(topics, words)
    hits = [hit for hit in hits if hit.id not in kept_back][:limit]
    pins = list(dict.fromkeys(key for topic in topics for key in topic.pinned))
    held = {s.given_id: s for s in services_by_id([h.id for h in hits] + pins)}
    open_words = {key: opening_words(s, moment) for key, s in held.items()}
    if open_now:
        # The index knows the week; bank holidays are checked here.
        hits = [
            h for h in hits if h.id in held and hours.is_open(hours_of(held[h.id].schedules.all()), moment)
        ]
    pinned = [Shown(held[k], Hit(k, 0, held[k].rung), open_words[k], True) for k in pins if k in held]
    shown = [Shown(held[h.id], h, open_words[h.id]) for h in hits if h.id in held]
    rest = [s for s in shown if s.service.given_id not in pins]
    rungs = [(rung, [s for s in rest if s.service.rung == rung.key]) for rung in content.ladder.rungs]
    ranked = [k for k in pins if k in held and topics] + [s.service.given_id for s in rest]
    return Found(
        words, place, "" if place or not near.strip() else near.strip()[:60], topics, pinned,
        [(rung, group) for rung, group in rungs if group], ranked, answer,
        shown[0].service.tags if shown else "",
    )  # fmt: skip
