"""Deciding that two records are one service, or two, and taking a decision back."""

from __future__ import annotations

from django.db import transaction

from endeavour.core.public import Person, now, require, write_audit
from endeavour.errors import BadInput, Conflict
from endeavour.frontdoor import rules
from endeavour.frontdoor.models import Duplicate, Service
from endeavour.frontdoor.queries import rebuild_index


def survivor_of(service: Service) -> Service:
    """The record that is shown for this one: itself, or the one it was merged into, however often."""
    while service.merged_into is not None:
        service = service.merged_into
    return service


def settle_merged() -> None:
    """Let each merged record stand aside while the one it was merged into is shown, and stand again when it is not."""
    merged = Service.objects.filter(merged_into__isnull=False).select_related("merged_into", "feed")
    for service in merged:
        told = service.extra.get("_status", "active")
        historic = service.feed is not None and service.feed.is_historic
        aside = historic or survivor_of(service).status == Service.Status.ACTIVE
        status = Service.Status.INACTIVE if aside else told
        if service.status != status:
            service.status = status
            service.save(update_fields=["status"])


@transaction.atomic
def judge_duplicate(*, pair: Duplicate, is_same: bool, by: Person, keep: Service | None = None) -> Duplicate:
    """Say whether two records are one service; `keep` is the record to show, the left one unless it is given.

    The other record stands aside with everything its feed says of it: later readings of that feed go on writing to it,
    and the decision can be taken back.
    """
    require(by, rules.JUDGE_DUPLICATE)
    pair = Duplicate.objects.select_for_update().select_related("left", "right").get(pk=pair.pk)
    if pair.is_same is not None:
        raise Conflict("Somebody has already judged this pair.", hint="Take that decision back first.")
    kept = keep or pair.left
    if kept.pk not in {pair.left_id, pair.right_id}:
        raise BadInput("Keep one of the two records.")
    if is_same:
        other = pair.right if kept.pk == pair.left_id else pair.left
        if other.status == Service.Status.ACTIVE != kept.status:
            raise Conflict(
                "That record is not offered any more: to keep it would hide a service that is.",
                hint="Keep the other one.",
            )
        if other.merged_into_id or survivor_of(kept).pk == other.pk:
            raise Conflict("One of these records is already part of another.", hint="Judge that pair first.")
        other.merged_into, other.status = kept, Service.Status.INACTIVE
        other.save(update_fields=["merged_into", "status", "modified_at"])
        transaction.on_commit(rebuild_index)
    pair.is_same, pair.judged_by, pair.judged_at = is_same, by, now()
    pair.save()
    write_audit(
        by=by, action="frontdoor.duplicate", subject=f"service:{kept.given_id}", same=is_same, pair=pair.pk
    )
    return pair


@transaction.atomic
def take_back(*, pair: Duplicate, by: Person) -> Duplicate:
    """Undo a decision: both records stand as their feeds say, and the pair waits to be judged again."""
    require(by, rules.JUDGE_DUPLICATE)
    pair = Duplicate.objects.select_for_update().select_related("left", "right").get(pk=pair.pk)
    if pair.is_same is None:
        raise Conflict("Nobody has judged this pair.")
    for side, other in ((pair.left, pair.right), (pair.right, pair.left)):
        if pair.is_same and side.merged_into_id == other.pk:
            historic = side.feed is not None and side.feed.is_historic
            side.merged_into = None
            side.status = Service.Status.INACTIVE if historic else side.extra.get("_status", "active")
            side.save(update_fields=["merged_into", "status", "modified_at"])
            transaction.on_commit(rebuild_index)
    pair.is_same, pair.judged_by, pair.judged_at = None, None, None
    pair.save()
    write_audit(
        by=by, action="frontdoor.duplicate_undone", subject=f"service:{pair.left.given_id}", pair=pair.pk
    )
    return pair
