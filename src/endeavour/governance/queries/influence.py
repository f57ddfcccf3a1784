"""Whose words moved something: what each class of partner said, and how often it reached an agenda and a decision (W3)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import Max

from endeavour.core.public import Body, Link
from endeavour.engine.disclosure.published import Published
from endeavour.governance.models import Contribution, Reply
from endeavour.pack import Pack

_COUNTS = """
    WITH reached AS (
        SELECT l.target AS name, MAX(CASE WHEN d.id IS NULL THEN 0 ELSE 1 END) AS decided
        FROM core_link l LEFT JOIN core_link d ON d.source = l.source AND d.kind = 'decided_by'
        WHERE l.kind = 'responds_to' AND l.target LIKE 'contribution:%%'
        GROUP BY l.target
    )
    SELECT c.partner_class, c."group", COUNT(*), COUNT(r.name), COALESCE(SUM(r.decided), 0)
    FROM governance_contribution c LEFT JOIN reached r ON r.name = 'contribution:' || c.receipt
    GROUP BY c.partner_class, c."group" """


@dataclass(frozen=True)
class Influence:
    """How often one class of partner contributed, and how often that reached an agenda and a decision."""

    partner_class: str
    label: str
    contributed: int
    on_agenda: int
    decided: int

    @property
    def has_none(self) -> bool:
        """Whether nothing that this class said has moved anything: no decision, or nothing said."""
        return not self.decided


@dataclass(frozen=True)
class GroupInfluence:
    """The same for one PLUS group; the counts are of what people said of themselves, so they pass the gate."""

    group: str
    label: str
    contributed: Published
    on_agenda: Published
    decided: Published


def influence() -> list[Influence]:
    """Contributions by class of partner and how many reached an agenda and a decision; every class has its row."""
    sums: dict[str, list[int]] = {value: [0, 0, 0] for value in Body.PartnerClass.values}
    for partner_class, _, *counts in _counts():
        sums[partner_class] = [a + b for a, b in zip(sums[partner_class], counts, strict=True)]
    labels = dict(Body.PartnerClass.choices)
    return [Influence(key, str(labels[key]), *counts) for key, counts in sums.items()]


def group_influence() -> list[GroupInfluence]:
    """The same by PLUS group, for those who chose to say that they belong to one; small numbers stay hidden."""
    from endeavour.engine.disclosure import About, Count, publish

    groups = {group.id: group.name for group in Pack.open(settings.PACK).plus_groups}
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for _, group, *counts in _counts():
        sums[group] = [a + b for a, b in zip(sums[group], counts, strict=True)]
    stages = ("said", "on an agenda", "decided")
    cells = {(group, stage): Count(sums[group][n]) for group in groups for n, stage in enumerate(stages)}
    if not cells:
        return []
    about = About("influence", "contributions", "all", ("plus", "stage"))
    table = publish(about, cells, overlapping=frozenset(("plus", "stage")))
    return [
        GroupInfluence(key, name, *(table[key, stage] for stage in stages)) for key, name in groups.items()
    ]


def refusals() -> int:
    """How many contributions were refused with a reason and nothing else followed."""
    taken_up = Reply.objects.exclude(outcome=Reply.Outcome.REFUSED).values("contribution")
    refused = Contribution.objects.filter(replies__outcome=Reply.Outcome.REFUSED)
    return refused.exclude(pk__in=taken_up).distinct().count()


def _counts() -> list[tuple[str, str, int, int, int]]:
    """The counts, kept until something new is said or linked: among a million links they take seconds."""
    newest = (
        Contribution.objects.aggregate(n=Max("pk"))["n"] or 0,
        Link.objects.aggregate(n=Max("pk"))["n"] or 0,
    )
    kept = cache.get("governance-influence")
    if kept and kept[0] == newest:
        found: list[tuple[str, str, int, int, int]] = kept[1]
        return found
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS)
        found = [tuple(row) for row in cursor.fetchall()]  # type: ignore[misc]
    cache.set("governance-influence", (newest, found), 86_400)
    return found
