"""Reading the registers and the agreements to share data over HTTP, each as on a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Schema

from endeavour.core.public import Day
from endeavour.governance import queries
from endeavour.governance.api_shared import FindingOut, day_of, finding_out
from endeavour.governance.api_writes import router


class AgreementOut(Schema):
    """One agreement to share data on a day: its version in force and what is true of it, the gravest first."""

    key: str
    title: str
    controller: str
    parties: list[str]
    purpose: str
    lawful_basis: str
    data: str
    mode: str
    starts_on: date
    ends_on: date | None
    review_on: date
    version: int
    source: str
    is_illustrative: bool
    state: str
    findings: list[FindingOut]
    see: str


class EntryOut(Schema):
    """One entry of a register as on a day; `answers` hold the register's own questions."""

    key: str
    title: str
    body: str
    other: str
    answers: dict[str, str]
    starts_on: date
    ends_on: date | None
    review_on: date
    decision: str
    source: str
    is_illustrative: bool
    version: int
    state: str
    findings: list[FindingOut]
    see: str


@router.get("/data-agreements", response=list[AgreementOut], summary="Agreements to share data on a day")
def data_agreements(request: HttpRequest, as_at: Day | None = None) -> list[dict[str, Any]]:
    """Who shares which data, what for and on what basis in law, those with the gravest faults first."""
    del request
    return [
        row.terms.__dict__
        | {"parties": [key for key, _ in row.parties], "state": row.findings[0].state,
           "findings": [finding_out(f) for f in row.findings], "see": f"/data-agreement/{row.terms.key}"}
        for row in queries.agreements(day_of(as_at))
    ]  # fmt: skip


@router.get("/registers/{name}", response=list[EntryOut], summary="One register on a day")
def register_entries(request: HttpRequest, name: str, as_at: Day | None = None) -> list[dict[str, Any]]:
    """The entries of one register, those with the gravest faults first."""
    del request
    return [
        row.kept.__dict__
        | {"state": row.findings[0].state, "findings": [finding_out(f) for f in row.findings],
           "see": f"/registers/{name}/{row.kept.key}"}
        for row in queries.entries(day_of(as_at), queries.register_of(name).key)
    ]  # fmt: skip
