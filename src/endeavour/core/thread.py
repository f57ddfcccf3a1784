"""The golden thread: links between public entries, walked both ways.

An entry is named `kind:id` ('statement:W16', 'decision:2026-12-03-icp/4'). Observations stay out of the thread, so a
walk touches a handful of index pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q

from endeavour.core.audit import write_audit
from endeavour.core.models import Link, Person
from endeavour.errors import BadInput

ENTRY = re.compile(r"^[a-z][a-z_]{1,30}:[A-Za-z0-9][A-Za-z0-9._/\-]{0,66}$")


@dataclass(frozen=True)
class Step:
    """One link met on a walk: how far from the start, and which way it was followed."""

    distance: int
    kind: str
    source: str
    target: str


def entry(kind: str, identifier: object) -> str:
    """The name of a public entry.

    >>> entry("statement", "W16")
    'statement:W16'
    """
    name = f"{kind}:{identifier}"
    if not ENTRY.match(name):
        raise BadInput(f"'{name[:60]}' is not the name of an entry.", hint="Names look like statement:W16.")
    return name


@transaction.atomic
def add_link(
    *,
    by: Person | None,
    kind: Link.Kind | str,
    source: str,
    target: str,
    valid_from: date | None = None,
    note: str = "",
) -> Link:
    """Tie two entries together; tying them twice in the same way changes nothing."""
    kind = Link.Kind(kind)
    for name in (source, target):
        if not ENTRY.match(name):
            raise BadInput(
                f"'{name[:60]}' is not the name of an entry.", hint="Names look like statement:W16."
            )
    if source == target:
        raise BadInput(f"{source} cannot be linked to itself.")
    link, created = Link.objects.get_or_create(
        kind=kind,
        source=source,
        target=target,
        valid_to=None,
        defaults={"by": by, "note": note[:300], "valid_from": valid_from},
    )
    if created:
        write_audit(by=by, action="thread.link", subject=source, kind=kind.value, target=target)
    return link


def links_of(name: str, *, at: date | None = None) -> list[Link]:
    """Every link that touches one entry, oldest first."""
    found = Link.objects.filter(Q(source=name) | Q(target=name))
    return list((found.at(at) if at else found).order_by("id"))  # type: ignore[attr-defined]


def walk(
    start: str, *, kinds: Iterable[str] = (), depth: int = 6, limit: int = 500, at: date | None = None
) -> list[Step]:
    """Follow the thread both ways from `start`, nearest first, each link once; stops at `limit` links."""
    seen, met, frontier, steps = {start}, set(), [start], []
    chosen = list(kinds)
    for distance in range(1, depth + 1):
        found = Link.objects.filter(Q(source__in=frontier) | Q(target__in=frontier))
        if chosen:
            found = found.filter(kind__in=chosen)
        if at:
            found = found.at(at)  # type: ignore[attr-defined]
        following = []
        for key, kind, source, target in found.order_by("id").values_list("id", "kind", "source", "target")[
            :limit
        ]:
            if key in met:
                continue
            met.add(key)
            steps.append(Step(distance, kind, source, target))
            for name in (source, target):
                if name not in seen:
                    seen.add(name)
                    following.append(name)
            if len(steps) >= limit:
                return steps
        if not following:
            break
        frontier = following[:400]
    return steps
