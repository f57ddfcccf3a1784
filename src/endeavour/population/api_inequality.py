"""Where inequality lies, as JSON: the explorer's map and bars, years of life and long-term conditions by deprivation."""

from __future__ import annotations

from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema

from endeavour.core.api_shapes import ERRORS, pattern_of
from endeavour.population import explorer, presenters_health
from endeavour.population.queries import areas, deprivation, series, store
from endeavour.population.releases import unchanged_operation

router = Router(tags=["population"])


class CellOut(Schema):
    """One neighbourhood: its national tenth (1 is most deprived), or a census share in per cent; null where not known."""

    code: str
    name: str
    district: str
    value: float | None
    words: str


class FifthOut(Schema):
    """How many of an area's people live in England's most deprived fifth of neighbourhoods; `share` is 0 to 1."""

    code: str
    name: str
    kind: str
    people: int
    total: int
    share: float | None


class InequalityOut(Schema):
    """One measure over every neighbourhood; `areas` is empty for a census measure."""

    measure: str
    edition: str
    base: str
    release: str
    finding: str
    subtitle: str
    source: str
    neighbourhoods: list[CellOut]
    areas: list[FifthOut]


class LifeOut(Schema):
    """Life expectancy at birth in years, England, by sex and deprivation fifth (1 is most deprived)."""

    sex: str
    quintile: int
    years: float


class PrevalenceOut(Schema):
    """One condition's share of registered patients, 0 to 1, by national tenth of deprivation, most deprived first."""

    condition: str
    name: str
    finding: str
    source: str
    tenths: list[float]


@router.get(
    "inequality", response={200: InequalityOut, **ERRORS}, summary="One measure in every neighbourhood"
)
@unchanged_operation
def inequality(
    request: HttpRequest,
    measure: Annotated[
        str,
        Query(
            pattern=pattern_of((*deprivation.DOMAINS, *explorer.CENSUS_WORDS)),
            description="A kind of deprivation, or a census measure",
            example="income",
        ),
    ] = "imd",
    edition: Annotated[
        Literal["2025", "2019"], Query(description="Edition of the index", example="2025")
    ] = "2025",
    base: Annotated[
        str,
        Query(
            pattern=pattern_of(deprivation.BASES),
            description="People counted; the 2025 index meets census residents only",
            example="census2021",
        ),
    ] = "census2021",
) -> object:
    """The explorer's map, and each place's and district's people in England's most deprived fifth."""
    asked = explorer.question(measure, edition, base)
    chart, _, cells = explorer.picture(asked, areas.wide_areas()["system"][0].name)
    fifths = (
        [] if asked.is_census else deprivation.most_deprived_fifth(asked.measure, asked.edition, asked.base)
    )
    return {
        "measure": asked.measure, "edition": asked.edition, "base": asked.base, "release": store.edition(),
        "finding": chart.title, "subtitle": chart.subtitle, "source": chart.source,
        "neighbourhoods": [
            {"code": c.code, "name": c.name, "district": c.group, "value": c.value, "words": c.words} for c in cells
        ],
        "areas": [
            {"code": f.code, "name": f.name, "kind": f.kind, "people": f.people, "total": f.total, "share": f.share}
            for f in fifths
        ],
    }  # fmt: skip


@router.get(
    "life-expectancy", response={200: list[LifeOut], **ERRORS}, summary="Years of life by deprivation"
)
@unchanged_operation
def life_expectancy(request: HttpRequest) -> object:
    """England's life expectancy by sex and deprivation fifth; such deaths are not published for a smaller area."""
    return [vars(one) for one in series.life_expectancy()]


@router.get(
    "prevalence", response={200: list[PrevalenceOut], **ERRORS}, summary="Long-term conditions by deprivation"
)
@unchanged_operation
def prevalence(request: HttpRequest) -> object:
    """How common each long-term condition is in each national tenth of deprivation, England."""
    return [
        {"condition": name, "name": presenters_health.CONDITIONS[name], "finding": chart.title, "source": chart.source,
         "tenths": list(curve)}
        for name, curve, chart in presenters_health.prevalences(series.prevalence_by_decile())
    ]  # fmt: skip
