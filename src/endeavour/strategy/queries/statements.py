"""Statements in the wording of a day, by their numbers, and the documents that they stand in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from endeavour.core.public import AuditEntry, entry, today
from endeavour.errors import NotFound
from endeavour.strategy.models import Document, Statement


def ref_order(ref: str) -> tuple[str, int, str]:
    """W2 before W10.

    >>> sorted(["W10", "W2", "I1"], key=ref_order)
    ['I1', 'W2', 'W10']
    """
    letters = ref.rstrip("0123456789.abcdefghijklmnopqrstuvwxyz")
    number = ref[len(letters) :].split(".", maxsplit=1)[0].rstrip("abcdefghijklmnopqrstuvwxyz")
    return letters, int(number) if number.isdecimal() else 0, ref


def statements(*kinds: str, at: date | None = None, refs: Iterable[str] | None = None) -> list[Statement]:
    """Statements in the wording that held on a day (today by default), in the order of their numbers."""
    day = at or today()
    found: QuerySet[Statement] = Statement.objects.filter(stated_on__lte=day).select_related("document")
    found = found.exclude(superseded_by__stated_on__lte=day)
    if kinds:
        found = found.filter(kind__in=kinds)
    if refs is not None:
        found = found.filter(ref__in=list(refs))
    return sorted(found, key=lambda s: (s.kind == "i", ref_order(s.ref)))


def statement(ref: str, *, at: date | None = None) -> Statement:
    """One statement by its given id; `NotFound` says when it is a known gap or was not yet said."""
    found = statements(at=at, refs=[ref])
    if found:
        return found[0]
    for document in Document.objects.exclude(gaps=[]):
        for gap in document.gaps:
            if gap["id"] == ref:
                raise NotFound(f"There is no {ref}. {gap['note']}", hint=f"See {document.title}.")
    if Statement.objects.filter(ref=ref).exists():
        raise NotFound(f"{ref} had not been said on {at or today()}.", hint="Choose a later day.")
    raise NotFound(f"There is no statement '{ref[:40]}'.", hint="See /promises for the numbers there are.")


def ref_as_given(ref: str) -> str:
    """The number of a statement as its document writes it, whatever the letters' size; '' where there is none such.

    A gap has a number too: it is skipped, and its page says so.
    """
    found = Statement.objects.filter(ref__iexact=ref).values_list("ref", flat=True).first()
    skipped = (gap["id"] for document in Document.objects.exclude(gaps=[]) for gap in document.gaps)
    return found or next((given for given in skipped if given.casefold() == ref.casefold()), "")


def gaps() -> list[dict[str, str]]:
    """Numbers that current documents skip, with the note about each."""
    return [gap for document in Document.objects.filter(is_current=True) for gap in document.gaps]


def current_document() -> Document | None:
    """The strategy in force, if one is loaded."""
    return Document.objects.filter(is_current=True).first()


def wordings(ref: str) -> list[Statement]:
    """Every wording a statement ever had, newest first."""
    return list(Statement.objects.filter(ref=ref).order_by("-version").select_related("document"))


def history(ref: str) -> list[AuditEntry]:
    """Who did what to a statement, newest first."""
    return list(
        AuditEntry.objects.filter(subject=entry("statement", ref)).select_related("by").order_by("-id")[:200]
    )


def exported(said: Statement) -> dict[str, object]:
    """A statement as it is exported and as the API gives it."""
    return {
        "id": said.ref,
        "kind": said.kind,
        "text": said.text,
        "paraphrase": said.paraphrase,
        "verbatim": said.is_verbatim,
        "note": said.note,
        "document": said.document.key,
        "document_version": said.document.version,
        "section": said.section,
        "anchor": said.anchor,
        "owner": said.owner,
        "area": said.area_code,
        "level": said.level,
        "stated_on": said.stated_on.isoformat(),
        "due": f"{said.due_on:%Y-%m}" if said.due_on else None,
        "recurrence": said.recurrence,
        "version": said.version,
    }
