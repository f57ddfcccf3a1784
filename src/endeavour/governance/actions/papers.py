"""Taking papers for an agenda: what may come in, and where it is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.db import transaction

from endeavour.core.public import Body, Link, Person, add_link, entry, require, write_audit
from endeavour.errors import BadInput
from endeavour.governance.actions.agenda import item_entry
from endeavour.governance.models import AgendaItem, Paper
from endeavour.governance.paper_checks import LARGEST_PAPER, checked
from endeavour.paths import var_dir, write_atomically


@transaction.atomic
def add_paper(
    *,
    by: Person,
    item: AgendaItem,
    title: str,
    content: bytes | Iterable[bytes],
    author_body: Body | None = None,
    theme: str = "",
) -> Paper:
    """Keep a paper by its checksum: a PDF or Word document of at most 25 MB, with no active content.

    `content` may come in pieces: reading stops at the first beyond the limit. A paper on a theme that residents spoke
    of is tied to it in the thread.
    """
    require(by, "governance.add_paper")
    if not title.strip() or "." in title.strip()[-5:]:
        raise BadInput(
            "Give the paper a title in words, not a file name.", hint="A screen reader reads it aloud."
        )
    whole = _gathered([content] if isinstance(content, bytes) else content)
    media_type, is_tagged = checked(whole)
    digest = hashlib.sha256(whole).hexdigest()
    with write_atomically(var_dir() / "papers" / digest[:2] / digest) as part:
        part.write_bytes(whole)
    paper = Paper.objects.create(
        by=by,
        item=item,
        title=title.strip()[:200],
        author_body=author_body,
        media_type=media_type,
        bytes=len(whole),
        sha256=digest,
        is_tagged=is_tagged,
    )
    name = entry("paper", paper.pk)
    add_link(by=by, kind=Link.Kind.FEEDS, source=name, target=item_entry(item))
    if theme:
        add_link(by=by, kind=Link.Kind.RESPONDS_TO, source=name, target=entry("theme", theme))
    write_audit(by=by, action="governance.add_paper", subject=item_entry(item), sha256=digest)
    return paper


def _gathered(pieces: Iterable[bytes]) -> bytes:
    gathered = bytearray()
    for piece in pieces:
        gathered += piece
        if len(gathered) > LARGEST_PAPER:
            raise BadInput("The paper is larger than 25 MB.", hint="Make its pictures smaller.")
    return bytes(gathered)
