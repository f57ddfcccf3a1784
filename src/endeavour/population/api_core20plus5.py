"""The Core20PLUS5 dashboards as JSON: the same words as the pages, beside the figures."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Path, Router, Schema

from endeavour.core.api_shapes import ERRORS
from endeavour.core.public import today
from endeavour.population import presenters_measures
from endeavour.population.queries import figures
from endeavour.population.releases import unchanged_operation

router = Router(tags=["population"])


class DashboardMeasureOut(Schema):
    """Where one measure stands in the whole system: its newest figure, its target, its inequality and its trend, in words.

    `target_words` says how far away the target is, or that none was set and why; `course_words` whether the figure is
    where the steps to the target would have it by now. Words are empty where there is nothing to say.
    """

    area: str
    measure: str
    title: str
    owner: str
    standing: str
    period: str
    value: float | None
    low: float | None
    high: float | None
    value_words: str
    target: float | None
    target_by: date | None
    target_words: str
    course_words: str
    more_to_reach: int | None
    inequality_words: str
    ratio_words: str
    trend_words: str
    reason: str


class LinkageOut(Schema):
    """One measure as linked records give it, beside what perfect linkage would: known of synthetic records only.

    Each of the denominator, the value (per cent) and the slope of inequality (percentage points) with what it would be
    and the difference; null where hidden.
    """

    measure: str
    period: str
    denominator: int | None
    perfect_denominator: int | None
    denominator_moved: int | None
    value: float | None
    perfect_value: float | None
    value_moved: float | None
    sii: float | None
    perfect_sii: float | None
    sii_moved: float | None
    words: str


class DashboardOut(Schema):
    """One dashboard: the release it rests on, who was counted, a summary, and its measures by clinical area.

    `counted` is `residents` or `linked`; `counted_words` says more of linked people, and `linkage` what linking does to
    each figure.
    """

    title: str
    release: str
    counted: str
    counted_words: str
    summary: str
    measures: list[DashboardMeasureOut]
    linkage: list[LinkageOut]


@router.get("core20plus5/{who}", response={200: DashboardOut, **ERRORS}, summary="The Core20PLUS5 dashboards")
@unchanged_operation
def dashboard(
    request: HttpRequest,
    who: Annotated[Literal["adults", "children"], Path(description="Whose dashboard", example="adults")],
) -> object:
    """Every measure of the framework for adults or for children, with its target or why none was set."""
    found = presenters_measures.board(who, today())
    population = figures.about()["population"]
    return {
        "title": presenters_measures.TITLES[who],
        "release": figures.release(),
        "counted": population["kind"],
        "counted_words": presenters_measures.counted_words(population),
        "summary": presenters_measures.summary(found),
        "linkage": presenters_measures.linkage_of(who),
        "measures": [
            {"area": area, **_told(one)}
            for area, ones in presenters_measures.dashboard(who, found)
            for one in ones
        ],
    }


def _told(one: presenters_measures.Standing) -> dict[str, object]:
    figure = one.figure
    same = ("measure", "period", "value", "low", "high", "target", "target_by", "more_to_reach", "reason")
    return {name: getattr(figure, name) for name in same} | {
        "title": one.measure.title,
        "owner": one.measure.owner,
        "standing": one.measure.standing,
        "value_words": one.value,
        "target_words": one.target,
        "course_words": one.course,
        "inequality_words": one.inequality,
        "ratio_words": one.ratio,
        "trend_words": one.trend,
    }
