"""Actions of decisions that stand and are not done on a day: how many, whose, and one page of them at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, Exists, OuterRef, QuerySet, Window

from endeavour.core.public import Body, end_of
from endeavour.errors import NotFound
from endeavour.governance.findings import Finding
from endeavour.governance.models import Action, ActionReport
from endeavour.governance.queries.decisions import due_finding

PAGE = 50
# Which actions are asked for, in words; the first is what a person sees who chose nothing.
WHICH = {"late": "Late", "due": "Not yet due", "open": "All that are open"}


@dataclass(frozen=True)
class ActionList:
    """One page of the actions open on a day, soonest due first: its rows, how many in all, whose they are."""

    rows: list[tuple[Action, Finding]]
    total: int
    number: int
    owners: list[tuple[str, str, int]]

    @property
    def last(self) -> int:
        """The number of the last page; an empty list has one."""
        return max(1, -(-self.total // PAGE))


def open_on(as_at: date, which: str = "open", owner: str = "") -> QuerySet[Action]:
    """Actions of decisions that stood on a day and that nobody had reported done by it, soonest due first.

    `which` is late, due or open (both); `owner` the key of the body that is to do it.
    """
    if which not in WHICH:
        raise NotFound(f"There is no list of actions '{which[:20]}'.", hint=f"One of {', '.join(WHICH)}.")
    until = end_of(as_at)
    done = ActionReport.objects.filter(action=OuterRef("pk"), done=True, recorded_at__lt=until)
    found = (
        Action.objects.filter(decision__recorded_at__lt=until, recorded_at__lt=until)
        .exclude(decision__superseded_by__recorded_at__lt=until)
        .exclude(Exists(done))
    )
    if which == "late":
        found = found.filter(due_on__lt=as_at)
    elif which == "due":
        found = found.filter(due_on__gte=as_at)
    return (found.filter(owner__key=owner) if owner else found).order_by("due_on", "pk")


def action_list(as_at: date, *, which: str = "late", owner: str = "", number: int = 1) -> ActionList:
    """One page of the actions open on a day; `NotFound` past the end. The queries do not grow with the list."""
    grouped = (
        open_on(as_at, which).order_by().values_list("owner__key", "owner__name").annotate(n=Count("pk"))
    )
    owners = sorted(grouped, key=lambda row: (-row[2], row[1]))
    mine = [count for key, _, count in owners if owner in {"", key}]
    if owner and not mine and not Body.objects.filter(key=owner).exists():
        raise NotFound(f"There is no body '{owner[:40]}'.", hint="See /bodies for the bodies there are.")
    page = ActionList([], sum(mine), number, owners)
    if not 1 <= number <= page.last:
        raise NotFound(f"There is no page {number} of {page.last}.", hint="Start at the first page.")
    start = (number - 1) * PAGE
    chosen = open_on(as_at, which, owner)[start : start + PAGE]
    return replace(page, rows=list(_judged(chosen, as_at)))


def first_actions(as_at: date, which: str, most: int) -> tuple[list[tuple[Action, Finding]], int]:
    """The first few actions open on a day and how many there are in all, in one query: for a desk or an agenda."""
    found = open_on(as_at, which).annotate(in_all=Window(Count("pk")))
    rows = list(_judged(found[:most], as_at))
    return rows, rows[0][0].in_all if rows else 0  # type: ignore[attr-defined]


def open_actions(as_at: date, owner: str = "", which: str = "open") -> list[tuple[Action, Finding]]:
    """Every action open on a day, of one owner or of all, soonest due first: for a file or a handover."""
    return list(_judged(open_on(as_at, which, owner), as_at))


def _judged(found: QuerySet[Action], as_at: date) -> Iterator[tuple[Action, Finding]]:
    for action in found.select_related("owner", "decision"):
        yield action, due_finding(action, as_at)
