"""Whom one system wants at its table, and its drafts for bodies still to be set up; absent files mean none."""

from __future__ import annotations

from functools import cache

from pydantic import Field

from endeavour.governance.definitions import Strict, read_definition
from endeavour.paths import pack_dir


class PartnerGroup(Strict):
    """A group that belongs at the table, the bodies that speak for it, and the next step towards it."""

    key: str
    title: str
    partner_class: str
    members: tuple[str, ...] = ()
    next_step: str
    next_owner: str


class Groups(Strict):
    """Every group of partners."""

    groups: tuple[PartnerGroup, ...]


class Seat(Strict):
    """One seat of a body to be."""

    key: str
    title: str


class BodyTemplate(Strict):
    """A draft of a body: what for, who sits on it, how it works, and how often it speaks to the partnership."""

    key: str
    body: str
    name: str
    legal_form: str
    partner_class: str
    purpose: str
    cadence_days: int = Field(ge=1, le=3660)
    review_months: int = Field(ge=1, le=60)
    terms: str
    membership: str
    seats: tuple[Seat, ...]


class Templates(Strict):
    """Every draft."""

    templates: tuple[BodyTemplate, ...]


@cache
def partner_groups(pack: str) -> tuple[PartnerGroup, ...]:
    """The groups that this system wants at its table."""
    folder = pack_dir(pack)
    if not (folder / "governance" / "partners.yaml").is_file():
        return ()
    return read_definition(folder, "partners.yaml", Groups).groups


@cache
def body_templates(pack: str) -> tuple[BodyTemplate, ...]:
    """The drafts of bodies that this system has promised to set up."""
    folder = pack_dir(pack)
    if not (folder / "governance" / "templates.yaml").is_file():
        return ()
    return read_definition(folder, "templates.yaml", Templates).templates
