"""Published figures of the measures, the releases they stand in, and the First 5,000, as JSON with ETags."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.views.decorators.http import condition
from ninja import Query, Router, Schema
from ninja.decorators import decorate_view

from endeavour.core.public import today
from endeavour.engine.cohort.release import current_summary
from endeavour.engine.measures.definition import Measure
from endeavour.errors import Missing
from endeavour.population import presenters_worsening, releases
from endeavour.population.api_shapes import ERRORS, Code
from endeavour.population.queries import figures, plus, store

router = Router(tags=["population"])
MOST = 1000
# An unchanged answer costs nothing: 304 with the ETag of the release.
unchanged = decorate_view(condition(etag_func=releases.tag))


class DefinitionOut(Schema):
    """One measure of the catalogue: what it counts, out of what, who answers for it, and its target."""

    id: str
    title: str
    framework: str
    owner: str
    polarity: str
    unit: str
    standing: str
    local_because: str
    why_it_matters: str
    numerator_words: str
    denominator_words: str
    population: str
    reviewed_on: date
    source: str
    target: float | None
    target_by: date | None
    target_set_by: str


class FigureOut(Schema):
    """One published figure; counts are to the nearest 5, and null where they are hidden, with the reason."""

    measure: str
    period: str
    period_kind: str
    area_kind: str
    area: str
    area_name: str
    by: str
    subgroup: str
    subgroup_words: str
    numerator: int | None
    denominator: int | None
    value: float | None
    low: float | None
    high: float | None
    standardised: float | None
    target: float | None
    expected: float | None
    more_to_reach: int | None
    sii: float | None
    sii_low: float | None
    sii_high: float | None
    rii: float | None
    rii_low: float | None
    rii_high: float | None
    previous: float | None
    change: str | None
    beside_system: str | None
    verdict: str | None
    spc: str | None
    reason: str


class FiguresOut(Schema):
    """One page of figures; `next_offset` is null on the last."""

    release: str
    count: int
    offset: int
    next_offset: int | None
    figures: list[FigureOut]


class ReleasesOut(Schema):
    """What the site now serves, each by a name made of its contents; empty where it was not built."""

    facts: str
    measures: str
    first_5000: str


class StandingOut(Schema):
    """An area or group of a measure that stands out."""

    verdict: str
    measure: str
    title: str
    name: str
    area_kind: str
    area: str
    by: str
    subgroup: str
    value: float | None
    previous: float | None


class PlusOut(Schema):
    """One group in one place's register."""

    place: str
    group: str
    name: str
    origin: str
    in_register: bool
    reviewed_on: date | None
    next_review_on: date | None
    state: str


@router.get("releases", response={200: ReleasesOut, **ERRORS}, summary="What is now published")
def all_releases(request: HttpRequest) -> object:
    """The names of the facts, the measures' release and the cohort now served."""
    return {
        "facts": store.edition(),
        "measures": _or_empty(figures.release),
        "first_5000": _or_empty(lambda: str(current_summary()["release"])),
    }


def _or_empty(name: Callable[[], str]) -> str:
    try:
        return name()
    except Missing:
        return ""


@router.get("catalogue", response={200: list[DefinitionOut], **ERRORS}, summary="Measures that we count")
def catalogue(
    request: HttpRequest,
    framework: Annotated[
        Literal["core20plus5-adults", "core20plus5-children", "local", "determinants"] | None,
        Query(description="Only this framework"),
    ] = None,
) -> object:
    """Every definition with its owner and target; 'local definition' where the national one could not be followed."""
    return [_definition(m) for m in figures.catalogue() if framework in (None, m.framework)]


@router.get(
    "catalogue/{identity}", response={200: DefinitionOut, **ERRORS}, summary="One measure's definition"
)
def one_definition(request: HttpRequest, identity: Code) -> object:
    """One definition by its id."""
    return _definition(figures.definition(identity))


@router.get("figures", response={200: FiguresOut, **ERRORS}, summary="Published figures")
@unchanged
def published(
    request: HttpRequest,
    measure: Annotated[str, Query(max_length=60, description="Only this measure")] = "",
    area: Annotated[str, Query(max_length=20, description="Only this area, by code")] = "",
    area_kind: Annotated[
        Literal["system", "place", "district", "neighbourhood"] | None,
        Query(description="Only this kind of area"),
    ] = None,
    by: Annotated[
        str | None, Query(max_length=60, description="Only this grouping of people; empty for everybody")
    ] = None,
    period: Annotated[
        str, Query(max_length=10, description="Only this financial year, such as 2023/24")
    ] = "",
    limit: Annotated[int, Query(ge=1, le=MOST, description="Most figures on a page")] = 100,
    offset: Annotated[int, Query(ge=0, le=1_000_000, description="How many to skip")] = 0,
) -> object:
    """Figures by measure, area, group and period, a page at a time; every number passed the disclosure gate."""
    if measure:
        figures.definition(measure)
    wanted = {"measure": measure, "area": area, "area_kind": area_kind or "", "period": period}
    clauses = [f"{name} = ?" for name, value in wanted.items() if value]
    given = [value for value in wanted.values() if value]
    if by is not None:
        clauses.append('"by" = ?')
        given.append(by)
    where = " and ".join(["period_kind = 'year'", *clauses])
    count = figures.rows(f"select count(*) as n from kept where {where}", *given)[0]["n"]
    page = figures.find(
        f'{where} order by measure, area_kind, area, "by", subgroup, period limit {limit} offset {offset}',
        *given,
    )
    after = offset + len(page)
    return {
        "release": figures.release(),
        "count": count,
        "offset": offset,
        "next_offset": after if after < count else None,
        "figures": [vars(figure) for figure in page],
    }


@router.get("worsening", response={200: list[StandingOut], **ERRORS}, summary="Worse, and which way it goes")
@unchanged
def worsening(
    request: HttpRequest,
    verdict: Annotated[
        Literal[
            "worse and worsening",
            "worse but improving",
            "worse",
            "better but worsening",
            "better and improving",
        ],
        Query(description="Beside the whole system, and beside the year before"),
    ] = "worse and worsening",
    kind: Annotated[
        Literal["", "system", "place", "district", "neighbourhood"],
        Query(description="Only this kind of area"),
    ] = "",
) -> object:
    """Areas and groups that differ from the whole system by more than chance, and how they changed."""
    return [
        {"verdict": verdict, "measure": measure.id, "title": measure.title, "name": row.name,
         **{name: getattr(row.figure, name) for name in ("area_kind", "area", "by", "subgroup", "value", "previous")}}
        for measure, rows in presenters_worsening.by_measure(verdict, kind)
        for row in rows
    ]  # fmt: skip


@router.get(
    "first-5000", response={200: dict[str, Any], **ERRORS}, summary="The First 5,000: rule, audit, results"
)
def first_5000(request: HttpRequest) -> object:
    """The published summary of the cohort in use; nothing in it is about one household."""
    return current_summary()


@router.get("plus-groups", response={200: list[PlusOut], **ERRORS}, summary="PLUS groups by place")
def plus_groups(
    request: HttpRequest, as_at: Annotated[date | None, Query(description="As it stood on this day")] = None
) -> object:
    """Every place's register of PLUS groups, with when each was reviewed and is next due."""
    return [
        {"place": place.code, "group": e.group.id, "name": e.group.name, "origin": e.group.origin,
         "in_register": e.is_included, "reviewed_on": e.review.reviewed_on if e.review else None,
         "next_review_on": e.due.on, "state": e.due.state}
        for place in plus.register(as_at or today())
        for e in (*place.included, *place.others)
    ]  # fmt: skip


def _definition(measure: Measure) -> dict[str, object]:
    told = {
        name: getattr(measure, name) for name in DefinitionOut.model_fields if not name.startswith("target")
    }
    target = measure.target
    return told | {
        "target": target.value if target else None,
        "target_by": target.by if target else None,
        "target_set_by": target.set_by if target else "",
    }
