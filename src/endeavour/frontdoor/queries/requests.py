"""Requests to be contacted: one by its receipt, and those that wait for somebody's service."""

from __future__ import annotations

from django.db.models import OuterRef, QuerySet, Subquery

from endeavour.core.public import Person, require
from endeavour.errors import NotFound
from endeavour.frontdoor import rules
from endeavour.frontdoor.models import ContactRequest, ContactStep
from endeavour.frontdoor.queries.paging import Page, page_of


def request_with_receipt(receipt: str) -> ContactRequest:
    """What became of one request; whoever holds the number may see its steps, never the name or the words."""
    try:
        return (
            ContactRequest.objects.select_related("service")
            .prefetch_related("steps__service")
            .get(receipt=receipt.upper())
        )
    except ContactRequest.DoesNotExist as error:
        raise NotFound(
            "We have no request with that number.",
            hint="Check the number on your receipt, like FD-7K2M-9QXR.",
        ) from error


def state_of(request: ContactRequest) -> ContactStep:
    """The last step of a request: where it stands."""
    return max(request.steps.all(), key=lambda step: step.pk)


def _waiting(viewer: Person | None) -> QuerySet[ContactRequest]:
    """The requests this person may see and that are not finished: a partner's stand with their own body, or with nobody's."""
    require(viewer, rules.SEE_REQUESTS)
    last = ContactStep.objects.filter(request=OuterRef("pk")).order_by("-pk")
    found = ContactRequest.objects.annotate(
        stands=Subquery(last.values("state")[:1]),
        stands_with=Subquery(last.values("service__organisation__body_key")[:1]),
    ).filter(stands__in=[state for state, onward in rules.MOVES.items() if onward])
    if viewer is not None and viewer.role == "partner" and viewer.body is not None:
        found = found.filter(stands_with__in=["", viewer.body.key])
    return found.order_by("id")


def waiting_requests(viewer: Person | None, number: int = 1) -> Page[ContactRequest]:
    """A page of the requests this person's service answers, oldest first, with their steps; finished ones are left out.

    A practitioner sees all. Each look at one is audited by the caller's action.
    """
    return page_of(_waiting(viewer).prefetch_related("steps__service"), number)


def count_waiting(viewer: Person | None) -> int:
    """How many requests wait for this person's service."""
    return _waiting(viewer).count()


def waiting_request(viewer: Person | None, receipt: str) -> ContactRequest:
    """One request that waits for this person's service; `NotFound` where it is finished or another's."""
    found = request_with_receipt(receipt)
    if not _waiting(viewer).filter(pk=found.pk).exists():
        raise NotFound("This request is finished or stands with another organisation.")
    return found
