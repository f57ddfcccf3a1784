"""The strategy over HTTP: statements, each with how it stood on a day."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Schema

from endeavour.core.public import Day, today
from endeavour.errors import BadInput
from endeavour.strategy import measuring, plans, queries, tensions
from endeavour.strategy.api_writes_campaigns import router as router
from endeavour.strategy.models import Statement
from endeavour.strategy.report import freezing


class PromiseStandingOut(Schema):
    """One conclusion and the ids it rests on."""

    state: str
    words: str
    because: list[str]
    since: date | None = None


class StatementOut(Schema):
    """A statement; `text` is null where only our paraphrase is installed."""

    id: str
    kind: str
    text: str | None
    paraphrase: str
    verbatim: bool
    note: str
    document: str
    document_version: str
    section: str
    anchor: str
    owner: str
    area: str
    level: str
    stated_on: date
    due: str | None
    recurrence: str
    version: int


class JudgedOut(StatementOut):
    """A statement and how it stood on `as_at`."""

    as_at: date
    standing: PromiseStandingOut
    findings: list[PromiseStandingOut]


class PlanOut(Schema):
    """A partner's plan."""

    key: str
    title: str
    owner: str
    period_from: date | None
    period_to: date | None
    review_on: date | None
    url: str
    source: str
    objectives: list[dict[str, str]]


def _day(as_at: date | None) -> date:
    day = as_at or today()
    if not queries.EARLIEST <= day <= today():
        raise BadInput(f"Days run from {queries.EARLIEST} to today.", hint="Write the day as 2024-04-01.")
    return day


@router.get("/statements", response=list[JudgedOut], summary="Statements and how they stood")
def statements(
    request: HttpRequest,
    kind: Statement.Kind = Statement.Kind.WE,
    as_at: Day | None = None,
    page: int = 1,
    size: Annotated[int, Query(ge=1, le=500)] = 200,
) -> list[dict[str, Any]]:
    """Statements of one kind (we, i, duty, principle, theme, challenge...) and how each stood on a day, a page at a time."""
    del request
    found = queries.page_of(kind, at=_day(as_at), number=page, size=size)
    return [queries.as_plain(item) for item in found.rows]


@router.get("/statements/{ref}", response=JudgedOut, summary="One statement and how it stood")
def statement(request: HttpRequest, ref: str, as_at: Day | None = None) -> dict[str, Any]:
    """One statement by the strategy's own number, such as W16."""
    del request
    return queries.as_plain(queries.judged_one(ref, at=_day(as_at)))


@router.get("/gaps", response=list[dict[str, str]], summary="Numbers the strategy skips")
def gaps(request: HttpRequest) -> list[dict[str, str]]:
    """Numbers that the strategy in force skips, such as I15."""
    del request
    return queries.gaps()


@router.get("/releases/{name}", response=dict[str, Any], summary="A frozen annual report")
def release(request: HttpRequest, name: str) -> dict[str, Any]:
    """Everything in a frozen report, by the first 8 or more characters of its digest."""
    del request
    return freezing.release_named(name).content  # type: ignore[no-any-return]


class ReadingOut(Schema):
    """One measure of a statement, its newest published figure, and what may be said of it."""

    measure: str
    title: str
    unit: str
    state: str
    whose: str
    baseline: float | None
    baseline_on: date | None
    target: float | None
    target_on: date | None
    path: list[dict[str, Any]]
    period: str | None
    value: float | None
    low: float | None
    high: float | None
    release: str | None
    next_due: date | None
    words: list[str]


@router.get("/statements/{ref}/measures", response=list[ReadingOut], summary="How a statement is measured")
def measures(request: HttpRequest, ref: str, as_at: Day | None = None) -> list[dict[str, Any]]:
    """Each measure agreed or proposed for a statement, with its newest figure in words instead of colours."""
    del request
    day = _day(as_at)
    queries.statement(ref, at=day)
    return [measuring.as_plain(item, at=day) for item in queries.measures_of(ref, at=day)]


class SideOut(Schema):
    """One side of a pair: its newest figure with its release, or what is lacking and what a figure would take."""

    words: str
    measure: str | None
    unit: str | None
    about: str | None
    whose: str
    period: str | None
    value: float | None
    release: str | None
    change: str
    lacks: str
    takes: str


class TensionOut(Schema):
    """Two things that pull against each other; `overall` marks the pair that heads the others."""

    key: str
    title: str
    overall: bool
    words: str
    note: str
    statements: list[str]
    one: SideOut
    other: SideOut
    see: str


@router.get("/tensions", response=list[TensionOut], summary="What pulls against what")
def tension_list(request: HttpRequest, as_at: Day | None = None) -> list[dict[str, Any]]:
    """Each mismatch that the strategy recognises, with the newest figures that had come out by a day."""
    del request
    return [tensions.as_plain(found) for found in tensions.tensions(at=_day(as_at))]


@router.get("/plans", response=list[PlanOut], summary="Partners' plans")
def plan_library(request: HttpRequest) -> list[dict[str, Any]]:
    """Every plan of the library with its objectives; an empty day is one that nobody has told us."""
    del request
    return plans.library()
