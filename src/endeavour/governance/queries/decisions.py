"""Decisions, their actions, and what became of them."""

from __future__ import annotations

from datetime import date

from django.db.models import Prefetch, Q

from endeavour.errors import NotFound
from endeavour.governance.findings import (
    Finding,
)
from endeavour.governance.models import (
    Action,
    ActionReport,
    Decision,
)
from endeavour.governance.queries.meetings import end_of


def decisions(*, level: str = "", search: str = "") -> list[Decision]:
    """Decisions that stand, newest first."""
    found = Decision.objects.filter(superseded_by__isnull=True).select_related("item__meeting__body")
    if level:
        found = found.filter(level=level)
    if search:
        found = found.filter(Q(title__icontains=search) | Q(decided__icontains=search))
    return list(found.order_by("-recorded_at")[:500])


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


def action_finding(action: Action, as_at: date) -> Finding:
    """Whether an action is done, open or late, from its reports."""
    subject = f"action:{action.decision_id}/{action.number}"
    known = [r for r in action.reports.all() if r.recorded_at < end_of(as_at)]
    done = next((r for r in known if r.done), None)
    if done:
        return Finding(
            subject,
            "done",
            f"Done on {done.happened_on.day} {done.happened_on:%B %Y}.",
            (f"report:{done.pk}",),
        )
    if as_at > action.due_on:
        return Finding(subject, "overdue", f"Late by {(as_at - action.due_on).days} days.")
    return Finding(subject, "due", f"Due on {action.due_on.day} {action.due_on:%B %Y}.")


def open_actions(as_at: date) -> list[tuple[Action, Finding]]:
    """Every action of a standing decision that is not done, soonest due first."""
    found = (
        Action.objects.filter(decision__superseded_by__isnull=True, decision__recorded_at__lt=end_of(as_at))
        .select_related("owner", "decision")
        .prefetch_related("reports")
        .order_by("due_on")
    )
    judged = [(action, action_finding(action, as_at)) for action in found]
    return [(action, finding) for action, finding in judged if finding.state != "done"]
