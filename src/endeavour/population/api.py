"""The population figures as JSON: areas, Core20, measures and their observations."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema

from endeavour.population import api_comparisons, api_figures
from endeavour.population.api_shapes import ERRORS, Code
from endeavour.population.queries import areas as area_queries
from endeavour.population.queries import definitions, people
from endeavour.population.queries import series as series_queries

router = Router(tags=["population"])
router.add_router("", api_comparisons.router)
router.add_router("", api_figures.router)


class AreaOut(Schema):
    """An area by code, kind and name; people are Census 2021 residents."""

    code: str
    kind: str
    name: str
    persons: int | None = None


class ShareOut(Schema):
    """One group's count and share, 0 to 1, beside the system's."""

    topic: str
    group: str
    unit: str
    count: int
    total: int
    share: float | None
    system_share: float


class AreaDetail(AreaOut):
    """An area with its people, households and census shares."""

    households: int
    neighbourhoods: int
    core20_2025_census2021: int
    core20_2019_census2021: int
    lies_in: list[AreaOut]
    shares: list[ShareOut]


class Core20Out(Schema):
    """One Core20 figure; `value` is per cent. Base, edition and geography are always named."""

    measure: str
    geography_kind: str
    geography_code: str
    geography_name: str
    edition: str
    population_base: str
    numerator: int
    denominator: int
    value: float
    source: str
    standing: str
    note: str


class MeasureOut(Schema):
    """What a published measure means."""

    id: str
    name: str
    unit: str
    polarity: str
    every: str
    why_it_matters: str
    publisher: str
    licence: str
    source: str


class ObservationOut(Schema):
    """One published value; null where the period was not reported."""

    area_code: str
    area_name: str
    subgroup: str
    period_start: date
    period_end: date
    value: float | None
    lower: float | None
    upper: float | None
    status: str


@router.get("areas", response={200: list[AreaOut], **ERRORS}, summary="Find areas, or list the wide ones")
def areas(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=80, description="Words in the name or code")] = "",
) -> object:
    """Areas whose name or code holds every word of `q`; without it the system, places and councils."""
    found = (
        area_queries.search(q)
        if q.strip()
        else [a for names in area_queries.wide_areas().values() for a in names]
    )
    return [_area(a) for a in found]


@router.get("areas/{code}", response={200: AreaDetail, **ERRORS}, summary="One area and its people")
def area(request: HttpRequest, code: Code) -> object:
    """One area with every census share, and what it lies in."""
    found = area_queries.area(code)
    size = people.size(found.lsoas)
    return {
        "code": found.code,
        "kind": found.kind,
        "name": found.name,
        "persons": size.persons if found.lsoas else None,
        "households": size.households,
        "neighbourhoods": size.neighbourhoods,
        "core20_2025_census2021": size.core20_2025,
        "core20_2019_census2021": size.core20_2019,
        "lies_in": [_area(a) for a in found.wider],
        "shares": [
            {"topic": t.key, "group": s.label, "unit": t.unit, "count": s.count, "total": s.total, "share": s.share,
             "system_share": s.system_share}
            for t in (people.topics(found.lsoas) if found.lsoas else [])
            for s in t.shares
        ],
    }  # fmt: skip


@router.get(
    "core20", response={200: list[Core20Out], **ERRORS}, summary="Core20 by edition, base and geography"
)
def core20(
    request: HttpRequest,
    kind: Annotated[
        Literal["system", "place", "district"] | None, Query(description="Only this geography")
    ] = None,
) -> object:
    """Every figure with its edition, population base and geography, and the strategy's own beside them."""
    return [f.as_json() for f in definitions.core20_figures().figures if kind in (None, f.geography_kind)]


@router.get("measures", response={200: list[MeasureOut], **ERRORS}, summary="Published measures")
def measures(request: HttpRequest) -> object:
    """Every published measure with its meaning and source."""
    return [
        MeasureOut(**{name: getattr(i, name) for name in MeasureOut.model_fields})
        for i in definitions.indicators()
    ]


@router.get(
    "measures/{identity}/observations",
    response={200: list[ObservationOut], **ERRORS},
    summary="A measure's values",
)
def observations(request: HttpRequest, identity: Code) -> object:
    """Every published value of one measure, oldest first within each area."""
    definitions.indicator(identity)
    return [
        {"area_code": s.area_code, "area_name": s.area_name, "subgroup": s.subgroup, "period_start": p.start,
         "period_end": p.end, "value": p.value, "lower": p.lower, "upper": p.upper, "status": p.status}
        for s in series_queries.series(identity)
        for p in s.points
    ]  # fmt: skip


def _area(found: area_queries.AreaName) -> dict[str, object]:
    return {"code": found.code, "kind": found.kind, "name": found.name, "persons": found.persons}
