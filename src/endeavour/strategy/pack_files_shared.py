"""The pack's files of what is shared: campaigns with what people promise, and what partners propose."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from endeavour.errors import BadInput
from endeavour.strategy.pack_files import Ref, Row, checked_file

Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,39}$")]


class WayRow(Row):
    """A way to promise something, for one side."""

    key: Key
    side: Literal["residents", "services"]
    words: Annotated[str, Field(max_length=200)]


class OwnerRow(Row):
    """A body that owns the campaign."""

    body: str
    brings: Annotated[str, Field(max_length=300)] = ""


class MaterialRow(Row):
    """Words that are handed out, and their Easy Read twin where there is one."""

    key: Annotated[str, Field(max_length=20)]
    title: str
    words: str
    easy_read: str = ""
    easy_read_by: str = ""


class PledgeRow(Row):
    """An invented pledge, so that the page can be seen at work; `went` says how it went."""

    way: str = ""
    words: str = ""
    place: str = ""
    body: str = ""
    people: Annotated[int, Field(ge=1)] = 1
    shown: bool = False
    went: Literal["", "kept", "partly", "not_kept"] = ""


class CampaignRow(Row):
    """A campaign. `illustrative` covers everything in it."""

    key: Key
    title: str
    words: str
    residents_ask: str
    services_ask: str
    covenant: str
    ref: Ref
    starts_on: date
    source: str
    illustrative: bool = False
    ways: tuple[WayRow, ...]
    owners: tuple[OwnerRow, ...] = ()
    materials: tuple[MaterialRow, ...] = ()
    pledges: tuple[PledgeRow, ...] = ()


class CampaignsFile(Row):
    """The whole of `campaigns.yaml`."""

    reviewed_on: date
    campaigns: tuple[CampaignRow, ...]


class EffectRow(Row):
    """What a proposal does to one group."""

    group: str
    effect: Literal["better", "worse", "same", "unknown"]
    words: str
    mitigation: str = ""
    measure: str = ""


class ProposalRow(Row):
    """What a partner proposes, and what it does to each group."""

    key: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,59}$")]
    title: str
    body: str
    kind: Literal["plan", "planning", "licensing", "housing", "transport", "benefits", "leisure", "other"]
    words: str
    comments_by: date | None = None
    source: str
    illustrative: bool = False
    effects: tuple[EffectRow, ...] = ()


class ProposalsFile(Row):
    """The whole of `proposals.yaml`."""

    reviewed_on: date
    proposals: tuple[ProposalRow, ...]


def read_campaigns(folder: Path) -> tuple[CampaignRow, ...]:
    """`campaigns.yaml`, where the pack has one."""
    path = folder / "campaigns.yaml"
    return checked_file(path, CampaignsFile)[0].campaigns if path.is_file() else ()


def read_proposals(folder: Path) -> tuple[ProposalRow, ...]:
    """`proposals.yaml`, where the pack has one."""
    path = folder / "proposals.yaml"
    return checked_file(path, ProposalsFile)[0].proposals if path.is_file() else ()


class SideRow(Row):
    """One side of a tension: a measure of the catalogue, or what is lacking and what a figure would take."""

    words: Annotated[str, Field(min_length=5, max_length=160)]
    measure: str = ""
    grouping: str = "system"
    group: str = "all"
    lacks: str = ""
    takes: str = ""
    see: Annotated[str, Field(pattern=r"^(/[a-zA-Z0-9_/-]*)?$")] = ""

    @model_validator(mode="after")
    def _has_a_figure_or_says_why_not(self) -> Self:
        if bool(self.measure) == bool(self.lacks and self.takes):
            raise ValueError("a side has a measure, or says what it lacks and what a figure would take")
        return self


class TensionRow(Row):
    """Two things that pull against each other; `overall` marks the pair that heads the others."""

    key: Key
    title: Annotated[str, Field(min_length=10, max_length=160)]
    one: SideRow
    other: SideRow
    statements: tuple[Ref, ...] = ()
    note: str = ""
    overall: bool = False


class TensionsFile(Row):
    """The whole of `tensions.yaml`."""

    reviewed_on: date
    section: str
    tensions: tuple[TensionRow, ...]


def read_tensions(folder: Path, measures: Collection[str]) -> TensionsFile | None:
    """`tensions.yaml`, where the pack has one, with every measure in it known and no key twice."""
    path = folder / "tensions.yaml"
    if not path.is_file():
        return None
    found, lines = checked_file(path, TensionsFile)
    seen: set[str] = set()
    for number, row in enumerate(found.tensions):
        line = lines.get(("tensions", number))
        if row.key in seen:
            raise BadInput(f"'{row.key}' stands twice", file=path.name, line=line, column="key")
        seen.add(row.key)
        for side, column in ((row.one, "one"), (row.other, "other")):
            if side.measure and side.measure not in measures:
                raise BadInput(
                    f"there is no measure '{side.measure}'", file=path.name, line=line, column=column
                )
    return found
