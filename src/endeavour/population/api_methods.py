"""How numbers are worked out, and how true the synthetic residents are, as JSON."""

from __future__ import annotations

from dataclasses import asdict

from django.http import HttpRequest
from ninja import Router, Schema

from endeavour.core.api_shapes import ERRORS
from endeavour.errors import Missing
from endeavour.population import methods as method_pages
from endeavour.population.queries import calibration as calibration_queries
from endeavour.population.releases import unchanged_operation

router = Router(tags=["population"])


class MethodOut(Schema):
    """One method: what it promises, who worked it out, the function to call and an example that runs."""

    family: str
    name: str
    function: str
    signature: str
    summary: str
    source: str
    example: str
    page: str


class MarginOut(Schema):
    """One published table beside the synthetic residents: how many of its figures lie within what its tables allow."""

    margin: str
    level: str
    source_table: str
    unit: str
    cells: int
    within: int
    source: float
    lake: float | None
    largest: float


@router.get("methods", response={200: list[MethodOut], **ERRORS}, summary="How each number is worked out")
def methods(request: HttpRequest) -> object:
    """Every statistic with its source, as the code itself tells it."""
    return [
        {"family": family.title, "page": f"/methods#{method.anchor}",
         **{name: getattr(method, name) for name in MethodOut.model_fields if hasattr(method, name)}}
        for family in method_pages.families()
        for method in family.methods
    ]  # fmt: skip


@router.get(
    "calibration", response={200: list[MarginOut], **ERRORS}, summary="How true the synthetic residents are"
)
@unchanged_operation
def calibration(request: HttpRequest) -> object:
    """Every published margin beside the lake's own; 503 where there is no lake."""
    found = calibration_queries.report()
    if found is None:
        raise Missing("The synthetic residents have not been made.", hint="Make them with: endeavour up")
    return [asdict(one) for one in found]
