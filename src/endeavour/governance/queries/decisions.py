"""Decisions, their actions, and what became of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Prefetch, Q

from endeavour.core.public import Body, end_of
from endeavour.errors import NotFound
from endeavour.governance.findings import (
    Finding,
    in_words,
)
from endeavour.governance.models import (
    Action,
    ActionReport,
    Decision,
    Level,
    Meeting,
    Reach,
)
from endeavour.governance.queries.meetings import WITHOUT_QUORUM, inquorate


def decisions(*, level: str = "", search: str = "") -> list[Decision]:
    """Decisions that stand, newest first."""
    found = Decision.objects.filter(superseded_by__isnull=True).select_related(
        "item__meeting__body", "superseded_by"
    )
    if level:
        found = found.filter(level=level)
    if search:
        public = Q(decided__icontains=search, item__exempt_ground="", item__meeting__closed_ground="")
        found = found.filter(Q(title__icontains=search) | public)
    return list(found.order_by("-recorded_at")[:500])


def decision_counts() -> tuple[list[tuple[str, int, int]], list[tuple[str, int]]]:
    """How decisions that stand were taken, in words: at each level, with its share in per cent; and once or varied.

    The second counts only those above a neighbourhood: what is decided for one neighbourhood is done there.
    """
    standing = Decision.objects.filter(superseded_by__isnull=True)
    counts = list(standing.values_list("level", "reach").annotate(n=Count("pk")))
    total = sum(n for _, _, n in counts)
    levels = [
        (str(label), n := sum(k for level, _, k in counts if level == value), round(100 * n / total) if total else 0)
        for value, label in Level.choices
    ]  # fmt: skip
    wider = [(reach, n) for level, reach, n in counts if level != Level.NEIGHBOURHOOD]
    reaches = [
        (str(label), sum(n for reach, n in wider if reach == value))
        for value, label in (*Reach.choices, (None, "not said"))
    ]
    return levels, reaches


def decision(key: str) -> Decision:
    """One decision with its meeting, actions and their reports."""
    reports = ActionReport.objects.order_by("recorded_at")
    found = (
        Decision.objects.select_related("item__meeting__body", "supersedes", "superseded_by")
        .prefetch_related(
            Prefetch(
                "actions",
                Action.objects.select_related("owner").prefetch_related(Prefetch("reports", reports)),
            )
        )
        .filter(key=key)
        .first()
    )
    if found is None:
        raise NotFound(f"There is no decision '{key}'.", hint="See every decision at /decisions.")
    return found


def without_quorum(among: Iterable[Decision]) -> dict[str, Finding]:
    """Which of these decisions rest on no quorum now that their meeting's attendance was corrected, by key; one query.

    A correction undoes no decision: it stays on the record with this beside it, until another is taken in its place.
    """
    standing = [d for d in among if getattr(d, "superseded_by", None) is None]
    why = inquorate({d.item.meeting_id for d in standing})
    return {
        d.key: Finding(
            f"decision:{d.key}",
            WITHOUT_QUORUM,
            "It was made without a quorum, by its meeting’s attendance as corrected. "
            f"{found.words} The next agenda asks to take it again.",
            (found.subject,),
        )
        for d in standing
        if (found := why.get(d.item.meeting_id))
    }


def to_take_again(body: Body) -> list[tuple[Decision, Finding]]:
    """The decisions of a body that rest on no quorum, the oldest first, each with why."""
    standing = Decision.objects.filter(item__meeting__body=body, superseded_by__isnull=True)
    where = inquorate(Meeting.objects.filter(pk__in=standing.values("item__meeting")))
    found = list(
        standing.filter(item__meeting__in=list(where)).select_related("item", "superseded_by").order_by("pk")
    )
    why = without_quorum(found)
    return [(d, why[d.key]) for d in found]


def action_finding(action: Action, as_at: date) -> Finding:
    """Whether an action is done, open or late, from its reports."""
    subject = f"action:{action.decision_id}/{action.number}"
    known = [r for r in action.reports.all() if r.recorded_at < end_of(as_at)]
    done = next((r for r in known if r.done), None)
    if done:
        return Finding(
            subject,
            "done",
            f"Done on {in_words(done.happened_on)}.",
            (f"report:{done.pk}",),
        )
    return due_finding(action, as_at)


def due_finding(action: Action, as_at: date) -> Finding:
    """Whether an action that is not done is late."""
    subject = f"action:{action.decision_id}/{action.number}"
    if as_at > action.due_on:
        return Finding(subject, "overdue", f"Late by {(as_at - action.due_on).days} days.")
    return Finding(subject, "due", f"Due on {in_words(action.due_on)}.")
