"""Reading what people said, how far it reached and how long answers take, over HTTP."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Schema

from endeavour.core.public import Day
from endeavour.governance import queries
from endeavour.governance.api_shared import day_of
from endeavour.governance.api_writes import router


class KnotOut(Schema):
    """One entry of a thread."""

    name: str
    stage: str
    words: str
    see: str
    distance: int
    through: str


class ThreadOut(Schema):
    """What led to an entry and what came of it."""

    name: str
    words: str
    back: list[KnotOut]
    onward: list[KnotOut]
    is_cut: bool


class InfluenceOut(Schema):
    """What one class of partner said and how far it reached."""

    partner_class: str
    contributed: int
    on_agenda: int
    decided: int


class AnsweringOut(Schema):
    """How long people wait for an answer; null where nobody was answered, or nobody waits."""

    answered: int
    half_within_days: int | None
    waiting: int
    longest_wait_days: int | None


@router.get("/influence", response=list[InfluenceOut], summary="Whose words moved something")
def influence(request: HttpRequest) -> list[queries.Influence]:
    """What each class of partner said, and how much of it reached an agenda and a decision."""
    del request
    return queries.influence()


@router.get("/answering", response=AnsweringOut, summary="How long an answer takes")
def answering(request: HttpRequest, as_at: Day | None = None) -> queries.Answering:
    """First answers of the twelve months up to a day, half of them within how many days, and who waits."""
    del request
    return queries.answering(day_of(as_at))


@router.get("/thread/{kind}/{path:key}", response=ThreadOut, summary="The thread of one entry")
def thread(request: HttpRequest, kind: str, key: str) -> dict[str, Any]:
    """What led to an entry and what came of it, at most 200 links each way; a receipt is `contribution/ABCD-3467`."""
    del request
    found = queries.thread_of(f"{kind}:{key}")

    def knots(chosen: list[queries.Knot]) -> list[dict[str, Any]]:
        return [
            {"name": k.entry.name, "stage": k.entry.stage, "words": k.entry.words, "see": k.entry.href,
             "distance": k.distance, "through": k.through}
            for k in chosen
        ]  # fmt: skip

    return {
        "name": found.entry.name,
        "words": found.entry.words,
        "back": knots(found.back),
        "onward": knots(found.onward),
        "is_cut": found.is_cut,
    }
