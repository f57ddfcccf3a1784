"""Every write to the strategy: checked, audited in the same transaction, and never over what was written before."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from endeavour.core.public import Person, add_link, record_event, require, today, write_audit
from endeavour.errors import BadInput, Conflict, NotFound
from endeavour.strategy import queries
from endeavour.strategy.importer import StatementRead, StrategyRead
from endeavour.strategy.models import Document, Evidence, Explanation, Statement
from endeavour.strategy.moments import this_moment
from endeavour.strategy.rules import voice_of

LONGEST_WORDS = 20_000


@transaction.atomic
def import_document(
    read: StrategyRead, *, by: Person | None, filename: str = "", supersede: bool = False
) -> dict[str, int | str]:
    """Store a strategy that was read: its sections, its statements word for word, its gaps and truncations.

    The same file twice changes nothing. Where a pack gave paraphrases of this document, the words join them, and ids,
    months and recurrence must agree. Another document than the current one needs `supersede`: statements whose words
    or months changed get a new version, and the old one stays.
    """
    if by is not None:
        require(by, "strategy.import")
    # The lock first: of two imports of one file, the second must see what the first stored.
    current = Document.objects.select_for_update().filter(is_current=True).first()
    if known := Document.objects.filter(sha256=read.sha256).first():
        return _result(known, added=0, unchanged=len(read.statements), superseded=0)
    if current is not None and current.sha256 and not supersede:
        raise Conflict(
            f"'{current.title}' ({current.version}) is imported already and this file differs from it.",
            hint="If this is a newer strategy, import it with --supersede.",
        )
    first = current is None or not current.sha256
    document = _document(read, current if first else None, filename)
    if not first and current is not None:
        Document.objects.filter(pk=current.pk).update(is_current=False)
    document.is_current = True
    try:
        document.save()
    except IntegrityError as error:
        raise Conflict("Somebody else imported a strategy at the same moment.", hint="Try again.") from error
    counts = _store(read, document, strict=first)
    when = this_moment()
    record_event(
        by=by, kind="strategy.imported", subject=f"document:{document.key}", happened_at=when, **counts
    )
    write_audit(
        by=by, action="strategy.import", subject=f"document:{document.key}", sha256=read.sha256, **counts
    )
    return _result(document, **counts)


def _document(read: StrategyRead, fill: Document | None, filename: str) -> Document:
    """The document to store under: the pack's entry for it, or a new one. Not yet saved."""
    start, end = read.period or (None, None)
    published = read.published or today()
    if fill is not None:
        if fill.period_from and start and fill.period_from != start:
            raise Conflict(
                f"The pack describes a strategy of {fill.period_from}; this one starts in {start}.",
                hint="Import the document that the pack describes, or correct the pack.",
            )
        document = fill
    else:
        key = slugify(f"{read.title}-{published:%Y-%m}")[:72] or "strategy"
        while Document.objects.filter(key=key).exists():
            key += "-2"
        document = Document(
            key=key,
            title=read.title,
            kind="strategy",
            published_on=published,
            period_from=start,
            period_to=end,
        )
        document.version = f"{start}-{end}" if start else f"{published:%B %Y}"
    document.sha256, document.filename, document.imported_at = read.sha256, filename[:255], this_moment()
    document.sections = [{"number": s.number, "title": s.title, "line": s.line} for s in read.sections]
    notes = {gap["id"]: gap["note"] for gap in document.gaps}
    document.gaps = [{"id": g, "note": notes.get(g, "The document's numbering skips it.")} for g in read.gaps]
    document.truncated = list(read.truncated)
    return document


def _store(read: StrategyRead, document: Document, *, strict: bool) -> dict[str, int]:
    newest: dict[str, Statement] = {}
    for row in Statement.objects.filter(ref__in=[s.id for s in read.statements]).order_by("version"):
        newest[row.ref] = row
    if strict:
        _check_complete(read, document)
    counts = {"added": 0, "unchanged": 0, "superseded": 0}
    for said in read.statements:
        known = newest.get(said.id)
        if known is None:
            _create(said, document)
            counts["added"] += 1
        elif known.text is None:
            _fill(known, said)
            counts["added"] += 1
        elif (known.text, known.due_on, known.recurrence) == (said.text, said.due, said.recurrence):
            counts["unchanged"] += 1
        else:
            _create(said, document, supersedes=known)
            counts["superseded"] += 1
    return counts


def _check_complete(read: StrategyRead, document: Document) -> None:
    """Every We and I that the pack names stands in the document, or the pack describes another document."""
    if document.pk is None:
        return
    expected = set(
        Statement.objects.filter(document=document, kind__in=["we", "i"]).values_list("ref", flat=True)
    )
    if missing := sorted(expected - {s.id for s in read.statements}, key=queries.ref_order):
        raise Conflict(
            f"The pack names {', '.join(missing[:5])}, which this document does not hold.",
            hint="Import the document that the pack describes, or correct the pack.",
        )


def _fill(known: Statement, said: StatementRead) -> None:
    if (known.due_on, known.recurrence) != (said.due, said.recurrence):
        raise Conflict(
            f"{said.id} is '{said.marker}' in the document but the pack gives another month or recurrence.",
            hint="Correct the pack: the document decides.",
        )
    known.text, known.section, known.anchor = said.text, said.section, f"line {said.source_line}"
    known.save(update_fields=["text", "section", "anchor"])


def _create(said: StatementRead, document: Document, supersedes: Statement | None = None) -> None:
    carried = {
        name: getattr(supersedes, name)
        for name in ("owner", "level", "theme", "area_code", "review_months")
        if supersedes
    }
    Statement.objects.create(
        ref=said.id,
        version=supersedes.version + 1 if supersedes else 1,
        kind=said.kind,
        document=document,
        section=said.section,
        anchor=f"line {said.source_line}",
        text=said.text,
        stated_on=document.published_on,
        due_on=said.due,
        recurrence=said.recurrence,
        supersedes=supersedes,
        **carried,
    )


def _result(document: Document, **counts: int) -> dict[str, int | str]:
    return {"document": document.key, **counts}


@transaction.atomic
def record_evidence(
    *,
    by: Person | None,
    ref: str,
    title: str,
    happened_on: date,
    words: str = "",
    url: str = "",
    source: str = "",
    source_document: str = "",
    anchor: str = "",
    settles: bool = False,
) -> Evidence:
    """Record what shows how a statement stands. A document's word about itself, and the future, are refused."""
    require(by, "strategy.evidence")
    said = queries.statement(ref)
    check_length(title, "title", required=True)
    check_length(words, "words")
    check_day(happened_on, "It happened")
    if happened_on < said.stated_on:
        raise BadInput(
            f"{ref} was first said on {said.stated_on}; what happened on {happened_on} cannot show that it was kept.",
            hint="Give the day it happened, on or after that day.",
        )
    document = Document.objects.filter(key=source_document).first() if source_document else None
    own = {said.document.key} | {d.key for d in [queries.current_document()] if d}
    if document and document.key in own and happened_on >= document.published_on:
        raise BadInput(
            f"'{document.title}' cannot prove what it says of itself.",
            hint="Give evidence from somewhere else: minutes, a publication, a count, a receipt.",
        )
    if url and not url.startswith(("https://", "http://")):
        raise BadInput("The address must start with https://.", hint="Copy it from the address bar.")
    if not (url or words or source):
        raise BadInput(
            "Say where this can be checked.", hint="Give an address, a source or the words themselves."
        )
    made = Evidence.objects.create(
        by=by, recorded_at=this_moment(), ref=ref, title=title.strip(), words=words.strip(), url=url, source=source.strip(),
        source_document=source_document, anchor=anchor, happened_on=happened_on, settles=settles,
    )  # fmt: skip
    write_audit(
        by=by, action="strategy.evidence", subject=f"statement:{ref}", evidence=made.pk, settles=settles
    )
    return made


@transaction.atomic
def withdraw_evidence(*, by: Person | None, evidence: int, why: str) -> Evidence:
    """Take a piece of evidence back, from today on; it stays visible with the reason. Twice changes nothing."""
    require(by, "strategy.evidence")
    known = Evidence.objects.filter(pk=evidence, withdraws__isnull=True).first()
    if known is None:
        raise NotFound(f"There is no evidence {evidence}.", hint="See the promise's page.")
    check_length(why, "reason", required=True)
    if earlier := known.withdrawn_by.first():
        return earlier
    made = Evidence.objects.create(
        by=by, recorded_at=this_moment(), ref=known.ref, title=f"Withdrawn: {known.title}"[:300], words=why.strip(),
        happened_on=today(), withdraws=known,
    )  # fmt: skip
    write_audit(
        by=by, action="strategy.withdraw_evidence", subject=f"statement:{known.ref}", evidence=known.pk
    )
    return made


@transaction.atomic
def answer_challenge(*, by: Person | None, challenge: str, ref: str) -> None:
    """Say that a promise answers something people told us; the tie is dated and stays in the thread."""
    require(by, "strategy.answer")
    heard, said = queries.statement(challenge), queries.statement(ref)
    if heard.kind not in {"challenge", "plan_theme", "need", "contribution", "question"}:
        raise BadInput(
            f"{heard.ref} is not something that was heard.", hint="Choose a challenge, such as C9."
        )
    if said.kind not in {"we", "prose"}:
        raise BadInput(f"{said.ref} is not a promise.", hint="Choose a promise, such as W1.")
    add_link(
        by=by, kind="responds_to", source=f"statement:{said.ref}", target=f"statement:{heard.ref}",
        valid_from=today(), note="answered by a person",
    )  # fmt: skip


@transaction.atomic
def explain(*, by: Person | None, ref: str, why: str, we_do: str = "", you_can: str = "") -> Explanation:
    """Record the owner's words, or the secretariat's marked as such, on why something is not going well.

    Earlier words stay visible. Only the body that answers for the statement speaks as its owner.
    """
    require(by, "strategy.explain")
    voice = voice_of(by, queries.statement(ref).owner)
    check_length(why, "reason", required=True)
    check_length(we_do, "words")
    check_length(you_can, "words")
    made = Explanation.objects.create(
        by=by,
        recorded_at=this_moment(),
        ref=ref,
        voice=voice,
        why=why.strip(),
        we_do=we_do.strip(),
        you_can=you_can.strip(),
    )
    write_audit(by=by, action="strategy.explain", subject=f"statement:{ref}", explanation=made.pk)
    return made


def check_length(words: str, what: str, *, required: bool = False) -> None:
    """Refuse words that are missing or too many."""
    if required and not words.strip():
        raise BadInput(f"The {what} is empty.", hint="Say it in a sentence.")
    if len(words) > LONGEST_WORDS:
        raise BadInput(f"The {what} has {len(words):,} characters; at most {LONGEST_WORDS:,} are kept.")


def check_day(day: date, what: str) -> None:
    """Refuse a day to come, or one before the century."""
    if day > today():
        raise BadInput(f"{what} in the future ({day}).", hint="Give a day up to today.")
    if day.year < 2000:
        raise BadInput(
            f"The year {day.year} is not between 2000 and today.", hint="Write the day as 2026-11-22."
        )
