"""Whose words moved something: what each class of partner said, and how often it reached an agenda and a decision (W3)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import Max

from endeavour.core.public import LONDON, Body, Link, today
from endeavour.engine.disclosure.published import Published
from endeavour.governance.models import AgendaChange, Contribution, Reply
from endeavour.pack import Pack

_COUNTS = """
    WITH reached AS (
        SELECT l.target AS name, MAX(CASE WHEN d.id IS NULL THEN 0 ELSE 1 END) AS decided
        FROM core_link l
        LEFT JOIN core_link d ON d.source = l.source AND d.kind = 'decided_by' AND d.recorded_at < %(before)s
        WHERE l.kind = 'responds_to' AND l.target LIKE 'contribution:%%' AND l.valid_to IS NULL
            AND l.recorded_at < %(before)s
        GROUP BY l.target
    )
    SELECT c.partner_class, c."group", COUNT(*), COUNT(r.name), COALESCE(SUM(r.decided), 0)
    FROM governance_contribution c LEFT JOIN reached r ON r.name = 'contribution:' || c.receipt
    WHERE c.recorded_at < %(before)s
    GROUP BY c.partner_class, c."group" """


EVER = date(2101, 1, 1)


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
    """The same for one PLUS group; the counts are of what people said of themselves, so they pass the gate.

    `until` is the last day that counts.
    """

    group: str
    label: str
    until: date
    contributed: Published
    on_agenda: Published
    decided: Published


def influence() -> list[Influence]:
    """Contributions by class of partner and how many reached an agenda and a decision; every class has its row."""
    sums: dict[str, list[int]] = {value: [0, 0, 0] for value in Body.PartnerClass.values}
    for partner_class, _, *counts in _counts(EVER):
        sums[partner_class] = [a + b for a, b in zip(sums[partner_class], counts, strict=True)]
    labels = dict(Body.PartnerClass.choices)
    return [Influence(key, str(labels[key]), *counts) for key, counts in sums.items()]


def group_influence() -> list[GroupInfluence]:
    """The same by PLUS group, for those who chose to say that they belong to one; small numbers stay hidden.

    Counted as it stood when this quarter began: were it counted afresh for each reader, whoever looks before and after
    somebody speaks would see which group they belong to.
    """
    from endeavour.engine.disclosure import About, Count, FileLog, publish

    day = today()
    begins = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    until = begins - timedelta(days=1)
    groups = {group.id: group.name for group in Pack.open(settings.PACK).plus_groups}
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for _, group, *counts in _counts(begins):
        sums[group] = [a + b for a, b in zip(sums[group], counts, strict=True)]
    stages = ("said", "on an agenda", "decided")
    cells = {(group, stage): Count(sums[group][n]) for group in groups for n, stage in enumerate(stages)}
    if not cells:
        return []
    about = About("influence", "contributions", f"to {until}", ("plus", "stage"))
    table = publish(about, cells, overlapping=frozenset(("plus", "stage")), log=FileLog.of_installation())
    return [
        GroupInfluence(key, name, until, *(table[key, stage] for stage in stages))
        for key, name in groups.items()
    ]


def refusals() -> int:
    """How many contributions were refused with a reason and nothing else followed."""
    taken_up = Reply.objects.exclude(outcome=Reply.Outcome.REFUSED).values("contribution")
    refused = Contribution.objects.filter(replies__outcome=Reply.Outcome.REFUSED)
    return refused.exclude(pk__in=taken_up).distinct().count()


def _counts(before: date) -> list[tuple[str, str, int, int, int]]:
    """What was said and linked before a day began, kept until something is new: among a million links it takes seconds."""
    newest = (
        AgendaChange.objects.aggregate(n=Max("pk"))["n"] or 0,
        Contribution.objects.aggregate(n=Max("pk"))["n"] or 0,
        Link.objects.aggregate(n=Max("pk"))["n"] or 0,
    )
    name = f"governance-influence-{before}"
    kept = cache.get(name)
    if kept and kept[0] == newest:
        found: list[tuple[str, str, int, int, int]] = kept[1]
        return found
    moment = connection.ops.adapt_datetimefield_value(datetime.combine(before, time(), tzinfo=LONDON))
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"before": moment})
        found = [tuple(row) for row in cursor.fetchall()]  # type: ignore[misc]
    cache.set(name, (newest, found), 86_400)
    return found
