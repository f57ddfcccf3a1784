"""The First 5,000 as JSON: rule, audit and results, the model of need beside it, and who needs what kind of care."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from endeavour.core.api_shapes import ERRORS
from endeavour.engine.cohort.release import choice_of, current_summary
from endeavour.population.queries import caseload, cohort
from endeavour.population.releases import unchanged_operation

router = Router(tags=["population"])


class ProgressOut(Schema):
    """Households of the caseload and how many said yes, by place; to the nearest 5, null where hidden, with the reason."""

    place: str
    name: str
    numerator: int | None
    denominator: int | None
    reason: str


class ResultsOut(Schema):
    """What came of one release of the cohort: `follow_up` is null until it was followed up."""

    release: str
    follow_up: dict[str, Any] | None
    said_yes: list[ProgressOut]


@router.get("first-5000", response={200: dict[str, Any], **ERRORS}, summary="The First 5,000: rule and audit")
@unchanged_operation
def first_5000(request: HttpRequest) -> object:
    """The published summary of the cohort in use; nothing in it is about one household."""
    return current_summary()


@router.get(
    "first-5000/results", response={200: ResultsOut, **ERRORS}, summary="What came of the First 5,000"
)
def results(request: HttpRequest) -> object:
    """The effect with its interval beside the comparison group, and how many households said yes."""
    summary = current_summary()
    release = str(summary["release"])
    return {
        "release": release,
        "follow_up": cohort.follow_up_of(release),
        "said_yes": caseload.progress_of(choice_of(summary)),
    }


@router.get(
    "first-5000/model", response={200: dict[str, Any], **ERRORS}, summary="The model of need: its card"
)
@unchanged_operation
def model(request: HttpRequest) -> object:
    """The whole card as data: label, performance, calibration, threshold, audit of the label, weights."""
    return cohort.needed("model")


@router.get("segments", response={200: dict[str, Any], **ERRORS}, summary="Who needs what kind of care")
@unchanged_operation
def segments(request: HttpRequest) -> object:
    """Everybody in one segment by published precedence, by place and deprivation."""
    return cohort.needed("segments")
