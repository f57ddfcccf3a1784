"""Reading the statutory register, the business cycle and what decisions name over HTTP, each as on a day."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Schema

from endeavour.core.public import Day
from endeavour.governance import queries
from endeavour.governance.api_shared import FindingOut, day_of, finding_out
from endeavour.governance.api_writes import router


class DutyOut(Schema):
    """One duty in law, its computed state and its evidence; the judgement is the secretary's."""

    key: str
    title: str
    act: str
    state: str
    words: str
    because: list[str]
    evidence: list[str]


class ServingOut(Schema):
    """A decision (with the day of its meeting) or a promise (with the day it was due)."""

    kind: str
    name: str
    words: str
    on: date | None
    see: str


class GuideOut(Schema):
    """One aim of care systems, or principle of 2020, with what belongs to it; the key "none" gathers what names none."""

    key: str
    title: str
    source: str
    days: str
    decisions: list[ServingOut]
    promises: list[ServingOut]


class CoverageOut(Schema):
    """What names each aim or principle over a time, of how many decisions and promises in all."""

    since: date
    until: date
    words: str
    decisions: int
    promises: int
    unserving: GuideOut


class AimsOut(CoverageOut):
    """What serves each aim of care systems."""

    aims: list[GuideOut] = Field(alias="rows")


class PrinciplesOut(CoverageOut):
    """What follows each principle of 2020."""

    principles: list[GuideOut] = Field(alias="rows")


@router.get("/register", response=list[DutyOut], summary="The statutory register on a day")
def register(request: HttpRequest, as_at: Day | None = None) -> list[dict[str, Any]]:
    """Each duty in law, its computed state and its evidence."""
    del request
    return [
        {"key": r.duty.key, "title": r.duty.title, "act": r.duty.act, "state": r.finding.state, "words": r.finding.words,
         "because": list(r.finding.because), "evidence": list(r.evidence_words)}
        for r in queries.register(day_of(as_at))
    ]  # fmt: skip


@router.get("/aims", response=AimsOut, summary="What serves the aims of care systems")
def aims(
    request: HttpRequest,
    since: Annotated[date | None, Query(alias="from")] = None,
    until: Annotated[date | None, Query(alias="to")] = None,
) -> queries.Coverage:
    """Each aim with the decisions of meetings held from one day to another, and the promises, that serve it."""
    del request
    return queries.guides_covered("aims", day_of(since) if since else None, day_of(until))


@router.get("/principles", response=PrinciplesOut, summary="What follows the principles of 2020")
def principles(
    request: HttpRequest,
    since: Annotated[date | None, Query(alias="from")] = None,
    until: Annotated[date | None, Query(alias="to")] = None,
) -> queries.Coverage:
    """Each principle with the decisions of meetings held from one day to another that follow it, and its promises."""
    del request
    return queries.guides_covered("principles", day_of(since) if since else None, day_of(until))


@router.get("/cycle", response=list[FindingOut], summary="The annual business cycle on a day")
def cycle(request: HttpRequest, as_at: Day | None = None) -> list[dict[str, Any]]:
    """Each occurrence of each item: decided, due or overdue."""
    del request
    return [finding_out(f) for f in queries.business_cycle(day_of(as_at))]
