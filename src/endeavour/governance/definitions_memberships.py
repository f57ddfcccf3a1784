"""Memberships that one system weighs up before it decides, read from its pack; an absent file means none."""

from __future__ import annotations

from functools import cache
from typing import Literal

from endeavour.governance.definitions import Strict, read_definition
from endeavour.paths import pack_dir


class ProposedSeat(Strict):
    """One seat as it would be: for whom it speaks, who fills it, and how."""

    title: str
    partner_class: str
    how: Literal["nominated", "elected", "drawn", "by_office"]
    nominated_by: str = ""
    place: str = ""


class Proposal(Strict):
    """One membership to weigh up, with its rules of nomination."""

    key: str
    body: str
    title: str
    rules: str
    source: str
    illustrative: bool = False
    seats: tuple[ProposedSeat, ...]


class Proposals(Strict):
    """Every membership to weigh up."""

    memberships: tuple[Proposal, ...]


@cache
def proposed_memberships(pack: str) -> tuple[Proposal, ...]:
    """The memberships that a pack puts up to be weighed."""
    folder = pack_dir(pack)
    if not (folder / "governance" / "memberships.yaml").is_file():
        return ()
    return read_definition(folder, "memberships.yaml", Proposals).memberships
