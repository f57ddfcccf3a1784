"""Writing over HTTP about agendas: drafting, adding, moving, taking off and publishing."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Field

from endeavour.core.api_shapes import Strict, between, token_holder
from endeavour.governance import actions, queries
from endeavour.governance.api_writes import Line, SaidLine, Title, Words, Written, made_at, writes
from endeavour.governance.exceptions import exceptions


class ItemIn(Strict):
    """An item to add to an agenda; once the agenda is published, `why_late` says why it cannot wait."""

    title: Title
    words: Words = ""
    minutes: Annotated[int, between(1, 480)] = 10
    exempt_ground: Line = ""
    why_late: Line = ""


class PlaceIn(Strict):
    """Where an item should stand, counted from 1, and why; nothing takes it off the agenda."""

    place: Annotated[int, Field(ge=1, le=999)] | None
    why: SaidLine


@writes("/meetings/{key}/agenda", "governance.draft_agenda", "Draft an agenda")
def draft_agenda(request: HttpRequest, key: str) -> Written:
    """Draft the agenda from everything that is due by that day."""
    promises = queries.late_promises()
    meeting = queries.meeting(key)
    actions.draft_agenda(
        by=token_holder(request), meeting=meeting, promises=promises, exceptions=exceptions()
    )
    return made_at(f"meeting:{key}", f"/meeting/{key}")


@writes("/meetings/{key}/items", "governance.draft_agenda", "Add an item to an agenda")
def add_item(request: HttpRequest, key: str, given: ItemIn) -> Written:
    """Add an item at the end."""
    item = actions.add_item(by=token_holder(request), meeting=queries.meeting(key), **given.dict())
    return made_at(f"item:{key}/{item.number}", f"/meeting/{key}#item-{item.number}")


@writes("/meetings/{key}/items/{number}/place", "governance.arrange_item", "Move an item or take it off")
def arrange_item(request: HttpRequest, key: str, number: int, given: PlaceIn) -> Written:
    """Move an item, take it off or put it back, until the agenda is published."""
    item = queries.item_to_arrange(key, number)
    actions.arrange_item(by=token_holder(request), item=item, place=given.place, why=given.why)
    return made_at(f"item:{key}/{number}", f"/meeting/{key}")


@writes("/meetings/{key}/agenda/publication", "governance.publish_agenda", "Publish an agenda")
def publish_agenda(request: HttpRequest, key: str) -> Written:
    """Publish the agenda and its papers, once; from then on its items stay."""
    actions.publish_agenda(by=token_holder(request), meeting=queries.meeting(key))
    return made_at(f"meeting:{key}", f"/meeting/{key}")
