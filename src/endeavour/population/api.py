"""The population figures as JSON: areas, Core20, measures and their observations; the other parts' routers join here."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema

from endeavour.core.api_shapes import ERRORS
from endeavour.population import (
    api_cohort,
    api_comparisons,
    api_core20plus5,
    api_figures,
    api_inequality,
    api_methods,
)
from endeavour.population.api_shapes import AreaCode, SeriesId
from endeavour.population.data_pack import as_data, data_pack
from endeavour.population.queries import areas as area_queries
from endeavour.population.queries import care, definitions, deprivation, people, provenance
from endeavour.population.queries import series as series_queries
from endeavour.population.releases import unchanged_operation

router = Router(tags=["population"])
for part in (api_inequality, api_comparisons, api_figures, api_core20plus5, api_cohort, api_methods):
    router.add_router("", part.router)


class AreaOut(Schema):
    """An area by code, kind and name; people are census residents."""

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


class DomainOut(Schema):
    """One kind of deprivation: the share of people, 0 to 1, in England's most deprived fifth; a tenth for one neighbourhood."""

    domain: str
    name: str
    share_2019: float | None
    share_2025: float | None
    decile_2019: int | None
    decile_2025: int | None


class PracticeOut(Schema):
    """A general practice; miles in a straight line where one neighbourhood was asked about."""

    code: str
    name: str
    network: str | None
    registered: int | None
    miles: float | None


class AreaDetail(AreaOut):
    """An area with its people, households, census shares, deprivation and practices; `counted` says of when."""

    counted: str

    households: int
    neighbourhoods: int
    core20_2025_census2021: int
    core20_2019_census2021: int
    lies_in: list[AreaOut]
    shares: list[ShareOut]
    deprivation: list[DomainOut]
    practices: list[PracticeOut]


class PackLineOut(Schema):
    """One figure of a data pack; see its CSV's metadata for what each part means."""

    section: str
    topic: str
    row: str
    period: str
    words: str
    system_words: str
    numerator: int | None
    denominator: int | None
    value: float | None
    low: float | None
    high: float | None
    unit: str
    system_value: float | None
    note: str
    source: str
    beside_system: str
    group: str
    sii: float | None
    sii_low: float | None
    sii_high: float | None
    rii: float | None
    rii_low: float | None
    rii_high: float | None
    gap: str


class PackOut(Schema):
    """The data pack of one area: everything published of it; `digest` is the same for the same figures."""

    area: str
    name: str
    kind: str
    persons: int
    households: int
    neighbourhoods: int
    core20_2025: int
    release: str
    digest: str
    figures: list[PackLineOut]


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
@unchanged_operation
def areas(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=80, description="Words in the name or code", example="thurrock")] = "",
) -> object:
    """Areas whose name or code holds every word of `q`; without it the system, places and councils."""
    found = (
        area_queries.search(q)
        if q.strip()
        else [a for names in area_queries.wide_areas().values() for a in names]
    )
    return [_area(a) for a in found]


@router.get("areas/{code}", response={200: AreaDetail, **ERRORS}, summary="One area and its people")
@unchanged_operation
def area(request: HttpRequest, code: AreaCode) -> object:
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
        "counted": provenance.period(),
        "lies_in": [_area(a) for a in found.wider],
        "shares": [
            {"topic": t.key, "group": s.label, "unit": t.unit, "count": s.count, "total": s.total, "share": s.share,
             "system_share": s.system_share}
            for t in (people.topics(found.lsoas) if found.lsoas else [])
            for s in t.shares
        ],
        "deprivation": [
            vars(one) | {"name": one.label} for one in (deprivation.by_domain(found.lsoas) if found.lsoas else [])
        ],
        "practices": [
            {"code": p.code, "name": p.title, "network": p.pcn, "registered": p.registered, "miles": p.miles}
            for p in care.practices(found.code, found.kind, found.lsoas)
        ],
    }  # fmt: skip


@router.get(
    "areas/{code}/data-pack", response={200: PackOut, **ERRORS}, summary="Everything published of one area"
)
@unchanged_operation
def pack_of_area(request: HttpRequest, code: AreaCode) -> object:
    """People, deprivation and every measure of one area beside the whole system's, each with its source."""
    return as_data(data_pack(code))


@router.get(
    "core20", response={200: list[Core20Out], **ERRORS}, summary="Core20 by edition, base and geography"
)
@unchanged_operation
def core20(
    request: HttpRequest,
    kind: Annotated[
        Literal["system", "place", "district"] | None,
        Query(description="Only this geography", example="district"),
    ] = None,
) -> object:
    """Every figure with its edition, population base and geography, and the strategy's own beside them."""
    return [f.as_json() for f in definitions.core20_figures().figures if kind in (None, f.geography_kind)]


@router.get("measures", response={200: list[MeasureOut], **ERRORS}, summary="Published measures")
@unchanged_operation
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
@unchanged_operation
def observations(request: HttpRequest, identity: SeriesId) -> object:
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
