"""Taking papers for an agenda: what may come in, and where it is kept."""

from __future__ import annotations

import hashlib

from django.db import transaction

from endeavour.core.public import (
    Body,
    Person,
    require,
    write_audit,
)
from endeavour.errors import BadInput
from endeavour.governance.actions.meetings import item_entry
from endeavour.governance.models import (
    AgendaItem,
    Paper,
)
from endeavour.paths import var_dir, write_atomically

PAPER_TYPES = {
    b"%PDF-": "application/pdf",
    b"PK\x03\x04": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


LARGEST_PAPER = 25 * 1024 * 1024


@transaction.atomic
def add_paper(
    *, by: Person, item: AgendaItem, title: str, content: bytes, author_body: Body | None = None
) -> Paper:
    """Keep a paper by its checksum: a PDF or Word document of at most 25 MB, with no active content."""
    require(by, "governance.add_paper")
    if not title.strip() or "." in title.strip()[-5:]:
        raise BadInput(
            "Give the paper a title in words, not a file name.", hint="A screen reader reads it aloud."
        )
    if len(content) > LARGEST_PAPER:
        raise BadInput(
            f"The paper is {len(content) / 1e6:,.0f} MB; at most 25 MB is taken.",
            hint="Make its pictures smaller.",
        )
    media_type = next((kind for magic, kind in PAPER_TYPES.items() if content.startswith(magic)), "")
    if not media_type:
        raise BadInput("A paper must be a PDF or a Word document.", hint="Save it as PDF and try again.")
    if any(
        mark in content for mark in (b"/JavaScript", b"/JS ", b"/Launch", b"vbaProject.bin", b"/EmbeddedFile")
    ):
        raise BadInput(
            "The paper holds a script or an attached file.", hint="Save a copy without it and try again."
        )
    digest = hashlib.sha256(content).hexdigest()
    with write_atomically(var_dir() / "papers" / digest[:2] / digest) as part:
        part.write_bytes(content)
    paper = Paper.objects.create(
        by=by,
        item=item,
        title=title.strip()[:200],
        author_body=author_body,
        media_type=media_type,
        bytes=len(content),
        sha256=digest,
    )
    write_audit(by=by, action="governance.add_paper", subject=item_entry(item), sha256=digest)
    return paper
