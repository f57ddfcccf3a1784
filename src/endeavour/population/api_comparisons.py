"""Places, deprivation and groups side by side, as JSON: the same figures as the pages."""

from __future__ import annotations

from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema

from endeavour.core.api_shapes import ERRORS
from endeavour.errors import Missing
from endeavour.population import presenters_funnel, presenters_groups, presenters_slope
from endeavour.population.api_shapes import SeriesId
from endeavour.population.queries import comparisons, strata
from endeavour.population.queries.figures import definition as definition_of
from endeavour.population.releases import unchanged_operation

router = Router(tags=["population"])


class FunnelPoint(Schema):
    """One place; values and control limits are per cent."""

    code: str
    name: str
    numerator: float
    denominator: float
    value: float
    lower_95: float
    upper_95: float
    lower_998: float
    upper_998: float
    significance: str
    words: str


class FunnelOut(Schema):
    """One measure in every place of one kind, beside their average."""

    measure: str
    name: str
    kind: str
    kinds: list[str]
    period: str
    average: float
    finding: str
    method: str
    source: str
    notes: list[str]
    places: list[FunnelPoint]


class IndexOut(Schema):
    """A value with its 95% interval."""

    value: float
    lower: float
    upper: float


class SlopeGroup(IndexOut):
    """One fifth or tenth, most deprived first."""

    name: str
    people: float


class SlopeOut(Schema):
    """One measure along deprivation; `sii` in `unit` is the least deprived end less the most, `rii` their ratio."""

    measure: str
    name: str
    unit: str
    period: str
    finding: str
    method: str
    source: str
    sii: IndexOut
    rii: IndexOut
    groups: list[SlopeGroup]


class StratumOut(Schema):
    """One group of synthetic residents: counts rounded to 5, null where hidden, with the reason.

    Of a measure `deprivation` is the fifth (1 is most deprived) and `age` is all; `people` may be cases.
    """

    sex: str
    age: str
    ethnicity: str
    deprivation: str
    people: int | None
    with_condition: int | None
    reason: str


class GroupsOut(Schema):
    """Groups by several characteristics; `vpc` and `pcv` are per cent, `with_condition` are those whom the measure counts."""

    population: str
    condition: str
    lake: str
    release: str
    vpc: float
    pcv: float | None
    finding: str
    method: str
    source: str
    gate: str
    groups: list[StratumOut]


class ComparableOut(Schema):
    """One measure that can be compared between places, and the kinds of place it is known for."""

    measure: str
    name: str
    kinds: list[str]


@router.get(
    "comparisons",
    response={200: list[ComparableOut], **ERRORS},
    summary="Measures whose places can be compared",
)
@unchanged_operation
def all_comparisons(request: HttpRequest) -> object:
    """Each with counts for at least three places of one kind."""
    return [
        {"measure": one.indicator.id, "name": one.indicator.name, "kinds": list(one.kinds)}
        for one in comparisons.comparables()
    ]


@router.get(
    "funnel/{identity}",
    response={200: FunnelOut, **ERRORS},
    summary="A measure's places beside their average",
)
@unchanged_operation
def funnel(
    request: HttpRequest,
    identity: SeriesId,
    by: Annotated[
        Literal["practice", "pcn", "district", "sub_icb"] | None,
        Query(description="Kind of place; the smallest there is when left out", example="district"),
    ] = None,
) -> object:
    """Every place's share with 95% and 99.8% control limits, and whether it strays by more than chance."""
    worked = presenters_funnel.funnel(comparisons.comparison(identity, by or ""))
    of = worked.comparison
    return {
        "measure": of.indicator.id,
        "name": of.indicator.name,
        "kind": of.kind,
        "kinds": list(of.kinds),
        "period": of.period,
        "average": worked.average,
        "finding": worked.chart.summary,
        "method": presenters_funnel.METHOD,
        "source": worked.chart.source,
        "notes": list(worked.chart.notes),
        "places": [
            vars(p) | {"words": presenters_funnel.SIGNIFICANCE[p.significance]} for p in worked.points
        ],
    }


@router.get(
    "slope", response={200: list[SlopeOut], **ERRORS}, summary="Slope and relative index of inequality"
)
@unchanged_operation
def slope(
    request: HttpRequest,
    measure: Annotated[
        str, Query(max_length=40, description="Only this measure; all when left out", example="copd")
    ] = "",
) -> object:
    """Each measure by fifth or tenth of deprivation with both indices and their 95% intervals."""
    found = [presenters_slope.sloped(measure)] if measure else presenters_slope.all_sloped()
    return [
        {
            "measure": one.id,
            "name": one.name,
            "unit": one.unit,
            "period": one.period,
            "finding": one.finding,
            "method": presenters_slope.METHOD,
            "source": one.source,
            "sii": vars(one.sii),
            "rii": vars(one.rii),
            "groups": [vars(g) for g in one.groups],
        }
        for one in found
    ]


@router.get(
    "groups",
    response={200: GroupsOut, **ERRORS},
    summary="Synthetic residents by several characteristics at once",
)
@unchanged_operation
def groups(
    request: HttpRequest,
    measure: Annotated[
        str,
        Query(
            max_length=60,
            description="This measure by deprivation, ethnicity and sex; when left out, diabetes by age too",
            example="smoking",
        ),
    ] = "",
) -> object:
    """Counts that passed the disclosure gate, and how much of the difference lies between the groups."""
    stored = None if measure else strata.strata()
    if not measure and stored is None:
        raise Missing(presenters_groups.NO_LAKE, hint=presenters_groups.BUILD_LAKE)
    found = presenters_groups.groups(stored) if stored else presenters_groups.of_measure(measure)
    traits = ("sex", "age", "ethnicity", "deprivation") if stored else ("deprivation", "ethnicity", "sex")
    return {
        "population": "synthetic residents aged 17 and over" if stored else definition_of(measure).population,
        "condition": "diabetes" if stored else definition_of(measure).title,
        "lake": stored.lake if stored else "",
        "release": found.asked.release,
        "vpc": found.vpc,
        "pcv": found.pcv,
        "finding": f"{found.vpc_words} {found.pcv_words}",
        "method": presenters_groups.METHOD,
        "source": found.asked.source,
        "gate": stored.audit if stored else "",
        "groups": [
            {"age": "all", **dict(zip(traits, group.traits, strict=True)), "people": group.people,
             "with_condition": group.events, "reason": group.reason}
            for group in found.groups
        ],
    }  # fmt: skip
