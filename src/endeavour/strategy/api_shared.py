"""Campaigns and proposals over HTTP: read by anybody, written by programs that hold a token."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Schema, Status

from endeavour.core.api_shapes import NOT_EMPTY, Strict, one_of, token_holder
from endeavour.core.public import Day, today
from endeavour.strategy import campaign_reading, campaigns, impact, proposals
from endeavour.strategy.api_writes import Line, Made, Said, Words, post_for_token
from endeavour.strategy.api_writes import router as router
from endeavour.strategy.models import ImpactAssessment, Proposal

Key = Annotated[str, Field(max_length=80)]


class CountOut(Schema):
    """How many promised something and how it went; `unsaid` have not told."""

    promised: int
    kept: int
    partly: int
    not_kept: int
    unsaid: int


class PlaceOut(Schema):
    """One place's promises; `per_10000` is of its residents, null where their number is not known."""

    code: str
    name: str
    residents: CountOut
    services: CountOut
    per_10000: float | None


class CampaignOut(Schema):
    """A campaign on a day: both asks, the ways to promise, its owners, and what was promised where."""

    key: str
    title: str
    words: str
    residents_ask: str
    services_ask: str
    covenant: str
    statement: str
    illustrative: bool
    ways: list[dict[str, str]]
    owners: list[str]
    without_owner: list[str]
    places: list[PlaceOut]


class ProposalOut(Schema):
    """What a body proposes and what it would do to each group that somebody looked at."""

    key: str
    title: str
    body: str
    kind: str
    words: str
    standing: str
    comments_by: date | None
    decided_on: date | None
    outcome: str
    illustrative: bool
    effects: list[dict[str, str]]
    not_assessed: list[str]


class PledgeIn(Strict):
    """What a body promises, or how many residents promised it on paper."""

    way: Key = ""
    words: Line = ""
    place: Key = ""
    body: Key = ""
    people: Annotated[int, Field(ge=1, le=campaigns.MOST_PEOPLE)] = 1


class OwnerIn(Strict):
    """A body that owns the campaign, or leaves it."""

    body: Key
    brings: Line = ""
    leaves: bool = False


class ProposalIn(Strict):
    """What a body proposes; with the `key` of a known one, its next version."""

    title: Annotated[str, Field(max_length=200, json_schema_extra=NOT_EMPTY)]
    body: Key
    kind: Annotated[str, one_of(Proposal.Kind)]
    words: Said
    source: Annotated[str, Field(max_length=300, json_schema_extra=NOT_EMPTY)]
    comments_by: Day | None = None
    decided_on: Day | None = None
    outcome: Words = ""
    url: Annotated[str, Field(max_length=500)] = ""
    key: Key = ""


class GroupEffectIn(Strict):
    """What a proposal would do to one group."""

    group: Annotated[str, Field(max_length=120)]
    effect: Annotated[str, one_of(ImpactAssessment.Effect)]
    words: Said
    mitigation: Words = ""
    measure: Key = ""


@router.get("/campaigns/{key}", response=CampaignOut, summary="A campaign and its promises by place")
def campaign(request: HttpRequest, key: str, as_at: Day | None = None) -> dict[str, Any]:
    """Both asks of a campaign, who owns it, and what was promised and kept in each place, as of a day."""
    del request
    day = as_at or today()
    found = campaign_reading.campaign(key, at=day)
    owners = campaign_reading.owners_of(key, at=day)
    names = ("key", "title", "words", "residents_ask", "services_ask", "covenant", "ways")
    return {
        **{name: getattr(found.now, name) for name in names},
        "statement": found.now.ref,
        "illustrative": found.now.is_illustrative,
        "owners": [owner.body for owner in owners],
        "without_owner": campaign_reading.classes_without(owners, at=day),
        "places": campaign_reading.tally(found, at=day).places,
    }


@router.get("/proposals", response=list[ProposalOut], summary="What partners propose")
def proposal_list(request: HttpRequest, as_at: Day | None = None) -> list[dict[str, Any]]:
    """Every proposal known on a day with its effects by group and the groups that nobody looked at."""
    del request
    day = as_at or today()
    found = proposals.proposals(at=day)
    lines = impact.lines_of([p.name for p in found], at=day)
    groups = impact.groups()
    return [_proposal(p, lines.get(p.name, []), groups, day) for p in found]


def _proposal(
    found: proposals.Proposed, lines: list[Any], groups: tuple[str, ...], day: date
) -> dict[str, Any]:
    names = ("key", "title", "body", "kind", "words", "comments_by", "decided_on", "outcome")
    parts = ("group", "effect", "words", "mitigation", "measure_key")
    return {
        **{name: getattr(found.now, name) for name in names},
        "standing": found.standing(day),
        "illustrative": found.now.is_illustrative,
        "effects": [{name: getattr(line, name) for name in parts} for line in lines],
        "not_assessed": [group for group in groups if group not in {line.group for line in lines}],
    }


@post_for_token("/campaigns/{key}/promises", "strategy.join_campaign", "Promise something for a body")
def pledge(request: HttpRequest, key: str, given: PledgeIn) -> Status[Made]:
    """Record what a body promises in a campaign, or what residents promised on paper."""
    made = campaigns.pledge(by=token_holder(request), key=key, **given.dict())
    return Status(201, Made(id=made.pk, see=f"/promised/{made.receipt}"))


@post_for_token("/campaigns/{key}/owners", "strategy.join_campaign", "Own a campaign, or leave it")
def owner(request: HttpRequest, key: str, given: OwnerIn) -> Status[Made]:
    """A body signs what both sides of a campaign agree, or leaves it."""
    made = campaigns.join_campaign(by=token_holder(request), key=key, **given.dict())
    return Status(201, Made(id=made.pk, see=f"/campaign/{key}#owners"))


@post_for_token("/proposals", "strategy.propose", "List a proposal")
def propose(request: HttpRequest, given: ProposalIn) -> Status[Made]:
    """List what a body proposes, or say what changed; a partner only its own."""
    made = proposals.record_proposal(by=token_holder(request), **given.dict())
    return Status(201, Made(id=made.pk, see=f"/proposal/{made.key}"))


@post_for_token(
    "/proposals/{key}/effects", "strategy.assess_proposal", "Record a proposal's effect on a group"
)
def proposal_effect(request: HttpRequest, key: str, given: GroupEffectIn) -> Status[Made]:
    """Record one group's line of a proposal's impact assessment; the newest for a group counts."""
    sent = given.dict(exclude={"measure"})
    made = impact.assess_impact(
        by=token_holder(request), about=f"proposal:{key}", measure_key=given.measure, **sent
    )
    return Status(201, Made(id=made.pk, see=f"/proposal/{key}#effects"))
