"""Keeping campaigns over HTTP: a campaign and its versions, its materials, and reading what people promised."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Schema, Status

from endeavour.core.api_shapes import NOT_EMPTY, Problem, Strict, one_of, token_holder
from endeavour.core.public import Day, TokenFor
from endeavour.strategy import campaign_reading, campaigns, queries
from endeavour.strategy.api_shared import Key
from endeavour.strategy.api_shared import router as router
from endeavour.strategy.api_writes import Line, Made, Said, Words, post_for_token

MOST_WAITING = 100


class WayIn(Strict):
    """One way to promise something; `side` is residents or services."""

    key: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    side: Annotated[str, one_of(campaign_reading.SIDES)]
    words: Line


class CampaignIn(Strict):
    """A campaign with both asks; with the `key` of a known one, its next version."""

    key: Key = ""
    title: Annotated[str, Field(max_length=200)]
    words: Words
    residents_ask: Words
    services_ask: Words
    covenant: Words
    ways: Annotated[tuple[WayIn, ...], Field(max_length=50)]
    statement: Annotated[str, Field(max_length=40)]
    starts_on: Day
    ends_on: Day | None = None
    source: Line


class MaterialIn(Strict):
    """Words that a campaign hands out; with the `material` of a known one, its next version."""

    material: Annotated[str, Field(max_length=20)] = ""
    title: Annotated[str, Field(max_length=200, json_schema_extra=NOT_EMPTY)]
    words: Said


class WaitingPledgeOut(Schema):
    """A promise to read: its `number` is for the reading, `place` and `body` are empty where none was named."""

    number: int
    words: str
    place: str
    body: str
    recorded_at: datetime


class WaitingOut(Schema):
    """How many promises wait to be read, and those that have waited longest."""

    total: int
    promises: list[WaitingPledgeOut]


class PledgeReadIn(Strict):
    """Whether a promise's own words are shown, and where they are not, why."""

    show: bool
    words: Line = ""


@post_for_token("/campaigns", "strategy.campaign", "Begin a campaign or say it anew")
def keep_campaign(request: HttpRequest, given: CampaignIn) -> Status[Made]:
    """Begin a campaign, or publish its next version; the earlier ones stay."""
    sent = given.dict(exclude={"statement"})
    made = campaigns.keep_campaign(by=token_holder(request), ref=given.statement, **sent)
    return Status(201, Made(id=made.pk, see=f"/campaign/{made.key}"))


@post_for_token("/campaigns/{key}/materials", "strategy.campaign", "Publish a campaign's words")
def keep_material(request: HttpRequest, key: str, given: MaterialIn) -> Status[Made]:
    """Publish words that a campaign hands out."""
    made = campaigns.keep_material(by=token_holder(request), key=key, **given.dict())
    return Status(201, Made(id=made.pk, see=f"/campaign/{key}"))


@router.get(
    "/campaigns/{key}/promises",
    auth=TokenFor("strategy.campaign"),
    response={200: WaitingOut, **dict.fromkeys((401, 403, 404), Problem)},
    summary="Promises that wait to be read",
)
def waiting(request: HttpRequest, key: str) -> dict[str, Any]:
    """The promises in people's own words that nobody has read, the first 100; those who read them see the next."""
    queries.require_to("strategy.campaign", token_holder(request))
    found = [row.pledge for row in campaign_reading.waiting(campaign_reading.campaign(key))]
    names = ("words", "place", "body", "recorded_at")
    rows = [{"number": p.pk, **{name: getattr(p, name) for name in names}} for p in found[:MOST_WAITING]]
    return {"total": len(found), "promises": rows}


@post_for_token("/promised/{number}/reading", "strategy.campaign", "Show a promise's words, or do not")
def read_pledge(request: HttpRequest, number: int, given: PledgeReadIn) -> Status[Made]:
    """Show a promise's own words, or say why they are not shown."""
    made = campaigns.read_pledge(by=token_holder(request), number=number, **given.dict())
    return Status(201, Made(id=made.pk, see="/campaigns"))
