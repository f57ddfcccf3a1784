"""How promises are measured: what was agreed, what is proposed, and what was said before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from endeavour.core.public import today
from endeavour.errors import NotFound
from endeavour.strategy.models import PromiseMeasure


def measures(refs: Iterable[str] | None = None, *, at: date) -> list[PromiseMeasure]:
    """What stood agreed on a day, and beside it the newest proposal that nobody had decided; one query.

    A proposal to change an agreed measure leaves the agreed one in force until somebody else agrees.
    """
    found = PromiseMeasure.objects.order_by("recorded_at", "id")
    if refs is not None:
        found = found.filter(ref__in=list(refs))
    agreed: dict[tuple[str, str], PromiseMeasure] = {}
    waiting: dict[tuple[str, str], PromiseMeasure] = {}
    for item in found:
        if timezone.localdate(item.recorded_at) > at:
            continue
        key = item.ref, item.measure_key
        if item.state == PromiseMeasure.State.PROPOSED:
            waiting[key] = item
            continue
        waiting.pop(key, None)
        if item.state == PromiseMeasure.State.CONFIRMED:
            agreed[key] = item
        elif item.state == PromiseMeasure.State.WITHDRAWN:
            agreed.pop(key, None)
    return [*agreed.values(), *waiting.values()]


def measures_of(ref: str, *, at: date | None = None) -> list[PromiseMeasure]:
    """The measures of one statement on a day, the agreed ones first."""
    found = measures([ref], at=at or today())
    return sorted(found, key=lambda m: (m.state != PromiseMeasure.State.CONFIRMED, m.title))


def measure_of(ref: str, key: str, *, at: date | None = None) -> PromiseMeasure:
    """One measure of a statement as it stood on a day: what was agreed, else what was proposed."""
    if found := [item for item in measures_of(ref, at=at) if item.measure_key == key]:
        return found[0]
    raise NotFound(f"{ref} is not measured by '{key[:60]}'.", hint=f"See /promise/{ref}#measure.")


def proposal_of(ref: str, key: str, *, at: date | None = None) -> PromiseMeasure | None:
    """What was proposed for a measure of a statement and not decided by a day."""
    proposed = PromiseMeasure.State.PROPOSED
    found = (m for m in measures_of(ref, at=at) if m.measure_key == key and m.state == proposed)
    return next(found, None)


def measure_history(ref: str, key: str) -> list[PromiseMeasure]:
    """Everything ever said about measuring a statement this way, newest first."""
    return list(
        PromiseMeasure.objects.filter(ref=ref, measure_key=key)
        .select_related("by")
        .order_by("-recorded_at", "-id")
    )
