"""The golden thread: links between public entries, walked both ways.

An entry is named `kind:id` ('statement:W16', 'decision:2026-12-03-icp/4'). Observations stay out of the thread, so a
walk touches a handful of index pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
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


# Which end of a link comes first on the way from words to a difference: 'item responds to contribution' runs from the
# contribution to the item, 'item decided by decision' from the item to the decision.
_FORWARD = ("heard_in", "decided_by", "contributes_to", "measured_by", "feeds")
_BACKWARD = ("responds_to", "delivers", "supersedes", "depends_on")


def walk(
    start: str,
    *,
    way: str = "both",
    kinds: Iterable[str] = (),
    depth: int = 6,
    limit: int = 500,
    at: date | None = None,
) -> list[Step]:
    """Follow the thread from `start`: 'onward' to what came of it, 'back' to what led to it, or both; nearest first.

    A walk never turns round, so that from one resident's words it does not flood into everybody else's who spoke of
    the same theme. Each link comes once. It is one query a way, which stops reading after `limit` links.
    """
    assert way in {"onward", "back", "both"}, f"{way} is no way to walk"
    ways = ("onward", "back") if way == "both" else (way,)
    found = sorted(step for each in ways for step in _walk(start, each, frozenset(kinds), depth, limit, at))
    met: dict[int, Step] = {}
    for distance, key, kind, source, target in found:
        met.setdefault(key, Step(distance, kind, source, target))
    return list(met.values())[:limit]


def _walk(
    start: str, way: str, kinds: frozenset[str], depth: int, limit: int, at: date | None
) -> list[tuple[int, int, str, str, str]]:
    """One recursive statement in SQL that both databases answer from the two indexes of links."""
    ends = ("source", "target") if way == "onward" else ("target", "source")
    following, against = (
        ", ".join(f"'{kind}'" for kind in chosen if not kinds or kind in kinds) or "''"
        for chosen in (_FORWARD, _BACKWARD)
    )
    held = (
        " AND (l.valid_from IS NULL OR l.valid_from <= %s) AND (l.valid_to IS NULL OR l.valid_to > %s)"
        if at
        else ""
    )
    statement = f"""
        WITH RECURSIVE reached (name, distance, id, kind, source, target) AS (
            SELECT CAST(%s AS VARCHAR(100)), 0, CAST(0 AS BIGINT), CAST('' AS VARCHAR(16)),
                   CAST('' AS VARCHAR(100)), CAST('' AS VARCHAR(100))
            UNION
            SELECT CASE WHEN l.source = r.name THEN l.target ELSE l.source END, r.distance + 1,
                   l.id, l.kind, l.source, l.target
            FROM reached r JOIN core_link l
              ON (l.{ends[0]} = r.name AND l.kind IN ({following}))
              OR (l.{ends[1]} = r.name AND l.kind IN ({against}))
            WHERE r.distance < %s{held}
        )
        SELECT distance, id, kind, source, target FROM reached LIMIT %s"""
    given: list[str | int | date] = [start, depth, *([at, at] if at else []), limit + 1]
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return [row for row in cursor.fetchall() if row[1]]
