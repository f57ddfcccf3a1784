"""Published figures of the measures and the releases they stand in, as JSON with ETags."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema

from endeavour.core.api_shapes import ERRORS
from endeavour.core.public import today
from endeavour.engine.measures.definition import Measure
from endeavour.population import presenters_worsening, releases
from endeavour.population.api_shapes import AsAt, MeasureId
from endeavour.population.presenters_measures import METHOD
from endeavour.population.queries import figures, plus

router = Router(tags=["population"])
MOST = 1000


class StepOut(Schema):
    """A step on the way to a target: the value to reach by a day."""

    by: date
    value: float


class DefinitionOut(Schema):
    """One measure of the catalogue: what it counts, out of what, who answers for it, and its target or why it has none."""

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
    trajectory: list[StepOut]
    no_target: str


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
    """One page of figures; `method` says how they are worked out and by whose methods, `next_offset` is null on the last."""

    release: str
    method: str
    count: int
    offset: int
    next_offset: int | None
    figures: list[FigureOut]


class ReleasesOut(Schema):
    """What the site now serves, each by a name made of its contents; empty where it was not built."""

    facts: str
    measures: str
    first_5000: str
    model: str
    segments: str
    follow_up: str
    lake: str


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
@releases.unchanged_operation
def all_releases(request: HttpRequest) -> object:
    """The names of the facts and of every part built from them."""
    names = {"cohort": "first_5000", "follow-up": "follow_up"}
    return {names.get(part, part): name for part, name in releases.served().items()}


@router.get("catalogue", response={200: list[DefinitionOut], **ERRORS}, summary="Measures that we count")
@releases.unchanged_operation
def catalogue(
    request: HttpRequest,
    framework: Annotated[
        Literal["core20plus5-adults", "core20plus5-children", "local", "determinants"] | None,
        Query(description="Only this framework", example="core20plus5-adults"),
    ] = None,
) -> object:
    """Every definition with its owner and target; 'local definition' where the national one could not be followed."""
    return [_definition(m) for m in figures.catalogue() if framework in (None, m.framework)]


@router.get(
    "catalogue/{identity}", response={200: DefinitionOut, **ERRORS}, summary="One measure's definition"
)
@releases.unchanged_operation
def one_definition(request: HttpRequest, identity: MeasureId) -> object:
    """One definition by its id."""
    return _definition(figures.definition(identity))


@router.get("figures", response={200: FiguresOut, **ERRORS}, summary="Published figures")
@releases.unchanged_operation
def published(
    request: HttpRequest,
    measure: Annotated[
        str, Query(max_length=60, description="Only this measure", example="smi-health-check")
    ] = "",
    area: Annotated[
        str, Query(max_length=20, description="Only this area, by code", example="thurrock")
    ] = "",
    area_kind: Annotated[
        Literal["system", "place", "district", "neighbourhood"] | None,
        Query(description="Only this kind of area", example="place"),
    ] = None,
    by: Annotated[
        str | None,
        Query(
            max_length=60,
            description="Only this grouping of people, such as imd_quintile, ethnicity, age_band or sex, within an area too where it is crossed; empty for everybody",
            example="imd_quintile",
        ),
    ] = None,
    period: Annotated[
        str, Query(max_length=10, description="Only this financial year", example="2023/24")
    ] = "",
    limit: Annotated[int, Query(ge=1, le=MOST, description="Most figures on a page", example=100)] = 100,
    offset: Annotated[int, Query(ge=0, le=1_000_000, description="How many to skip", example=10)] = 0,
) -> object:
    """Figures by measure, area, group and period, a page at a time; every number passed the disclosure gate."""
    if measure:
        figures.definition(measure)
    given = {"measure": measure, "area": area, "area_kind": area_kind or "", "period": period}
    wanted = {name: value for name, value in given.items() if value}
    if by is not None:
        wanted["by"] = by
    total = figures.count(wanted)
    page = figures.published(wanted, limit=limit, offset=offset)
    after = offset + len(page)
    return {
        "release": figures.release(),
        "method": METHOD,
        "count": total,
        "offset": offset,
        "next_offset": after if after < total else None,
        "figures": [vars(figure) for figure in page],
    }


@router.get("worsening", response={200: list[StandingOut], **ERRORS}, summary="Worse, and which way it goes")
@releases.unchanged_operation
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
        Query(
            description="Beside the whole system, and beside the year before", example="worse and worsening"
        ),
    ] = "worse and worsening",
    kind: Annotated[
        Literal["", "system", "place", "district", "neighbourhood"],
        Query(description="Only this kind of area; all of them when empty", example="place"),
    ] = "",
    measure: Annotated[
        str, Query(max_length=60, description="Only this measure", example="smi-health-check")
    ] = "",
) -> object:
    """Areas and groups that differ from the whole system by more than chance, and how they changed."""
    return [
        {"verdict": verdict, "measure": one.id, "title": one.title, "name": row.name,
         **{name: getattr(row.figure, name) for name in ("area_kind", "area", "by", "subgroup", "value", "previous")}}
        for one, rows in presenters_worsening.by_measure(verdict, kind, measure)
        for row in rows
    ]  # fmt: skip


@router.get("plus-groups", response={200: list[PlusOut], **ERRORS}, summary="PLUS groups by place")
def plus_groups(request: HttpRequest, as_at: AsAt = None) -> object:
    """Every place's register of PLUS groups, with when each was reviewed and is next due."""
    return [
        {"place": place.code, "group": e.group.id, "name": e.group.name, "origin": e.group.origin,
         "in_register": e.is_included, "reviewed_on": e.review.reviewed_on if e.review else None,
         "next_review_on": e.due.on, "state": e.due.state}
        for place in plus.register(as_at or today())
        for e in (*place.included, *place.others)
    ]  # fmt: skip


def _definition(measure: Measure) -> dict[str, object]:
    told = {name: getattr(measure, name) for name in DefinitionOut.model_fields if hasattr(measure, name)}
    target = measure.target
    return told | {
        "target": target.value if target else None,
        "target_by": target.by if target else None,
        "target_set_by": target.set_by if target else "",
        "trajectory": [step.model_dump() for step in target.trajectory] if target else [],
    }
