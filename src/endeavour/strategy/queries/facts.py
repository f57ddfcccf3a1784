"""What the rules may know of statements on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Q
from django.utils import timezone

from endeavour.core.public import Link, entry
from endeavour.strategy import observations
from endeavour.strategy.findings import EvidenceFact, Facts, MeasureFact, Need, add_months
from endeavour.strategy.models import Document, Evidence, PromiseMeasure, Statement
from endeavour.strategy.queries.measures import measures
from endeavour.strategy.queries.statements import ref_order


def facts_of(found: Iterable[Statement], *, at: date) -> list[Facts]:
    """What the rules may know about these statements, in four queries however many there are."""
    rows = list(found)
    refs = [row.ref for row in rows]
    documents = {d.key: d for d in Document.objects.all()}
    current = frozenset(key for key, document in documents.items() if document.is_current)
    evidence: dict[str, list[EvidenceFact]] = defaultdict(list)
    offered = list(Evidence.objects.filter(ref__in=refs).order_by("id"))
    taken_back = _taken_back(offered, at)
    for item in offered:
        if item.withdraws_id or item.pk in taken_back:
            continue
        source = documents.get(item.source_document)
        evidence[item.ref].append(
            EvidenceFact(
                id=entry("evidence", item.pk),
                happened_on=item.happened_on,
                recorded_on=timezone.localdate(item.recorded_at),
                settles=item.settles,
                source_document=item.source_document,
                document_on=source.published_on if source else None,
            )
        )
    measured: dict[str, list[MeasureFact]] = defaultdict(list)
    proposed: dict[str, int] = defaultdict(int)
    for measure in measures(refs, at=at):
        if measure.state == PromiseMeasure.State.CONFIRMED:
            measured[measure.ref].append(_measure_fact(measure))
        else:
            proposed[measure.ref] += 1
    needs = _needs(refs, at)
    return [
        Facts(
            ref=row.ref,
            kind=row.kind,
            stated_on=row.stated_on,
            due_on=row.due_on,
            recurrence=row.recurrence,
            review_months=row.review_months,
            owner=row.owner,
            document=row.document.key,
            about_documents=current if row.kind == "duty" else frozenset(),
            evidence=tuple(evidence[row.ref]),
            measures=tuple(measured[row.ref]),
            measures_proposed=proposed[row.ref],
            needs=tuple(needs[row.ref]),
        )
        for row in rows
    ]


def _measure_fact(item: PromiseMeasure) -> MeasureFact:
    """An agreed measure with its figures; one that the catalogue no longer holds has none."""
    known = observations.measurables().get(item.measure_key)
    agreed_on = timezone.localdate(item.recorded_at)
    from_on = item.baseline_on or agreed_on
    return MeasureFact(
        id=entry("measure", item.measure_key),
        agreed_on=agreed_on,
        polarity=item.polarity,
        every=known.every if known else "year",
        lag_days=known.lag_days if known else 0,
        moves_from=add_months(from_on, item.lag_months) if item.lag_months else None,
        figures=observations.series(item.measure_key, item.grouping, item.group),
    )


def _taken_back(offered: Iterable[Evidence], at: date) -> set[int]:
    """The evidence that somebody had withdrawn by a day."""
    return {e.withdraws_id for e in offered if e.withdraws_id and timezone.localdate(e.recorded_at) <= at}


def _needs(refs: list[str], at: date) -> dict[str, list[Need]]:
    """What each statement depends on, from the thread as it stood on that day."""
    names = [f"statement:{ref}" for ref in refs]
    links = Link.objects.filter(kind=Link.Kind.DEPENDS_ON, source__in=names).filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=at), Q(valid_to__isnull=True) | Q(valid_to__gt=at)
    )
    pairs = [(link.source[10:], link.target[10:]) for link in links if link.target.startswith("statement:")]
    due = {
        s.ref: s.due_on
        for s in Statement.objects.filter(ref__in=[target for _, target in pairs]).order_by("version")
    }
    found: dict[str, list[Need]] = defaultdict(list)
    for source, target in sorted(pairs, key=lambda pair: ref_order(pair[1])):
        found[source].append(Need(target, due.get(target)))
    return found
