"""Loading a pack's strategy: all or nothing, and twice changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.db import transaction

from endeavour.core.public import AuditEntry, Link, Person, entry, require, write_audit
from endeavour.errors import Conflict
from endeavour.strategy import observations
from endeavour.strategy.loading_shared import load_campaigns, load_proposals
from endeavour.strategy.models import Document, Evidence, GlossaryTerm, Plan, PromiseMeasure, Statement
from endeavour.strategy.moments import this_moment
from endeavour.strategy.pack_files import (
    GlossaryFile,
    StatementRow,
    StatementsFile,
    folder_of,
    read_glossary,
    read_measures,
    read_plans,
    read_statements,
)
from endeavour.strategy.theory.loading import load_theory


@transaction.atomic
def load_statements(pack: object, by: Person | None = None) -> dict[str, int]:
    """Load a pack's documents, statements, links, evidence, theory of change, glossary, campaigns and proposals.

    `pack` is a name, a folder or an opened `Pack`; `by` is None for the system's own load. Our paraphrases follow the
    pack; ids, kinds, months and words already stored never change, and a pack that says otherwise is a `Conflict`.
    """
    if by is not None:
        require(by, "strategy.import")
    folder = folder_of(pack)
    read = read_statements(folder)
    documents = _load_documents(read)
    counts = {"documents": len(documents), "statements": len(read.statements), "changed": 0}
    notes = {row.id: row.note for row in read.notes}
    known = {said.ref: said for said in Statement.objects.order_by("version")}
    new = []
    for row in read.statements:
        if row.id in known:
            counts["changed"] += _refresh(known[row.id], row, notes.get(row.id, ""))
        else:
            new.append(_made(row, documents[row.document], notes.get(row.id, "")))
    counts["changed"] += len(Statement.objects.bulk_create(new))
    counts["links"] = _load_links(read, documents, by)
    counts["evidence"] = _load_evidence(read)
    counts["measures"] = _load_measures(folder, {row.id for row in read.statements})
    counts["plans"] = _load_plans(folder)
    counts["terms"] = _load_glossary(read_glossary(folder))
    counts["theory"] = load_theory(folder, by=by)
    counts["campaigns"], counts["proposals"] = load_campaigns(folder), load_proposals(folder)
    if any(counts[name] for name in set(counts) - {"documents", "statements"}):
        write_audit(by=by, action="strategy.load", subject=f"pack:{folder.name}", **counts)
    return counts


def _load_documents(read: StatementsFile) -> dict[str, Document]:
    gaps: dict[str, list[dict[str, str]]] = {}
    for gap in read.gaps:
        gaps.setdefault(gap.document, []).append({"id": gap.id, "note": gap.note})
    found = {}
    for row in read.documents:
        start, end = row.period or (None, None)
        document, created = Document.objects.get_or_create(
            key=row.key,
            defaults={
                "title": row.title,
                "kind": row.kind,
                "version": row.version,
                "published_on": row.published,
                "period_from": start,
                "period_to": end,
                "is_current": row.current and not Document.objects.filter(is_current=True).exists(),
                "gaps": gaps.get(row.key, []),
            },
        )
        if not created and document.gaps != gaps.get(row.key, []) and not document.sha256:
            document.gaps = gaps.get(row.key, [])
            document.save(update_fields=["gaps"])
        found[row.key] = document
    return found


def _soft(row: StatementRow, note: str) -> dict[str, object]:
    """What the pack may say anew: our paraphrase and what is ours about a statement."""
    return {
        "paraphrase": row.says,
        "note": note,
        "owner": row.owner,
        "level": row.level,
        "theme": row.theme,
        "review_months": row.review_months,
    }


def _hard(row: StatementRow) -> dict[str, object]:
    """What was promised: written once."""
    return {"kind": row.kind, "recurrence": row.recurrence, "due_on": row.due}


def _made(row: StatementRow, document: Document, note: str) -> Statement:
    return Statement(
        ref=row.id,
        document=document,
        section=row.section,
        stated_on=document.published_on,
        **_hard(row),
        **_soft(row, note),
    )


def _refresh(known: Statement, row: StatementRow, note: str) -> bool:
    """Bring what is ours about a stored statement up to the pack; whether anything changed."""
    if known.version == 1:
        for name, value in _hard(row).items():
            if getattr(known, name) != value:
                raise Conflict(
                    f"The pack gives {row.id} another {name} than is stored.",
                    hint="What was promised never changes; correct the pack, or import a newer document.",
                )
    changed = [name for name, value in _soft(row, note).items() if getattr(known, name) != value]
    for name in changed:
        setattr(known, name, _soft(row, note)[name])
    if changed:
        known.save(update_fields=changed)
    return bool(changed)


def _links(read: StatementsFile) -> Iterator[tuple[Link.Kind, str, str]]:
    for row in read.statements:
        for ref in row.answers:
            yield Link.Kind.CONTRIBUTES_TO, row.id, ref
        for ref in row.depends_on:
            yield Link.Kind.DEPENDS_ON, row.id, ref
        for ref in row.becomes:
            yield Link.Kind.SUPERSEDES, ref, row.id
        for ref in row.answered_by:
            yield Link.Kind.RESPONDS_TO, ref, row.id


def _load_links(read: StatementsFile, documents: dict[str, Document], by: Person | None) -> int:
    """Tie statements together from the day the later one was said; existing ties are left alone."""
    said = {row.id: documents[row.document].published_on for row in read.statements}
    existing = set(
        Link.objects.filter(source__startswith="statement:").values_list("kind", "source", "target")
    )
    made = []
    for kind, source, target in _links(read):
        names = entry("statement", source), entry("statement", target)
        if (kind.value, *names) not in existing:
            day = max(said[source], said[target])
            made.append(
                Link(kind=kind, source=names[0], target=names[1], by=by, valid_from=day, note="from the pack")
            )
    Link.objects.bulk_create(made)
    return len(made)


def _load_evidence(read: StatementsFile) -> int:
    """Evidence that documents offer for themselves: stored as offered, judged by the rules."""
    made = 0
    for row in read.evidence:
        _, created = Evidence.objects.get_or_create(
            ref=row.statement,
            title=row.title,
            happened_on=row.happened_on,
            source_document=row.source_document,
            defaults={
                "anchor": row.anchor,
                "settles": row.settles,
                "source": "offered by the document itself",
            },
        )
        made += created
    return made


def _load_measures(folder: Path, refs: set[str]) -> int:
    """Measures that the pack proposes: a proposal that the pack has changed since is proposed again.

    Where a person once proposed, agreed, turned down or withdrew, that is left as it stands: a pack is not a person.
    """
    if not (folder / "promise-measures.yaml").is_file():
        return 0
    known = observations.measurables()
    rows = read_measures(folder, refs, known)
    newest: dict[tuple[str, str], PromiseMeasure] = {}
    decided: set[tuple[str, str]] = set()
    for item in PromiseMeasure.objects.order_by("recorded_at", "id"):
        key = item.ref, item.measure_key
        newest[key] = item
        if item.by_id or item.proposed_by_id:
            decided.add(key)
    new = []
    for row in rows:
        key = row.statement, row.measure
        said: dict[str, object] = {
            "title": known[row.measure].title, "unit": known[row.measure].unit, "polarity": known[row.measure].polarity,
            "why": row.why, "grouping": row.grouping, "group": row.group, "target": row.target,
            "target_on": row.target_on, "lag_months": row.lag_months,
        }  # fmt: skip
        there = newest.get(key)
        if key in decided or (there and all(getattr(there, name) == value for name, value in said.items())):
            continue
        new.append(
            PromiseMeasure(
                recorded_at=this_moment(),
                ref=row.statement,
                measure_key=row.measure,
                state="proposed",
                **said,
            )
        )
    PromiseMeasure.objects.bulk_create(new)
    return len(new)


def _load_plans(folder: Path) -> int:
    """Plans that documents name: listed once, without objectives, which only their owners add."""
    there = set(Plan.objects.values_list("key", flat=True))
    new = [row for row in read_plans(folder) if row.key not in there]
    Plan.objects.bulk_create(Plan(**row.model_dump()) for row in new)
    return len(new)


def _load_glossary(read: GlossaryFile | None) -> int:
    """The pack's meanings. A word whose meaning people agreed since is theirs, and is left as they left it."""
    if read is None:
        return 0
    agreed = set(AuditEntry.objects.filter(action="strategy.glossary").values_list("subject", flat=True))
    made = 0
    for row in read.terms:
        if f"term:{row.key}" in agreed:
            continue
        _, created = GlossaryTerm.objects.update_or_create(
            key=row.key,
            valid_from=row.valid_from,
            defaults={
                "term": row.term,
                "meaning": row.meaning,
                "source": row.source,
                "valid_to": row.valid_to,
            },
        )
        made += created
    return made
