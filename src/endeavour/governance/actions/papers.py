"""Taking papers for an agenda: what may come in, and where it is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from django.conf import settings
from django.db import transaction

from endeavour.core.public import (
    LONDON,
    Body,
    Link,
    Person,
    add_link,
    entry,
    require,
    today,
    write_audit,
)
from endeavour.errors import BadInput, Conflict
from endeavour.governance.actions.agenda import item_entry, refuse_taken_off
from endeavour.governance.actions.lengths import whole
from endeavour.governance.definitions_consultees import consulted_topics
from endeavour.governance.findings import in_words
from endeavour.governance.models import AgendaItem, Consultation, Decision, Paper, Resolution
from endeavour.governance.paper_checks import LARGEST_PAPER, checked
from endeavour.paths import var_dir, write_atomically

# In 2020 a paper could say 'N/A' to all four and be approved; now each has words, or the reason for none.
IMPLICATIONS = {
    "consultation": "consultation",
    "finance": "money",
    "legal": "the law",
    "equality": "equality",
}
# What another board sees of a paper: the same file and the same words.
CARRIED = ("title", "author_body", "media_type", "bytes", "sha256", "is_tagged", "implications", "verified_by", "topics", "recommendation")  # fmt: skip


@transaction.atomic
def add_paper(
    *,
    by: Person,
    item: AgendaItem,
    title: str,
    content: bytes | Iterable[bytes],
    author_body: Body | None = None,
    theme: str = "",
    implications: Mapping[str, str] | None = None,
    verified_by: str = "",
    topics: Collection[str] | None = None,
    recommendation: str = "",
) -> Paper:
    """Keep a paper by its checksum: a PDF or Word document of at most 25 MB, with no active content.

    `implications` says what the paper means for each of `IMPLICATIONS`, or why for none, and `verified_by` who saw to it.
    `topics` are keys of the pack's consultees.yaml; `recommendation` is what the board is asked to resolve.
    `content` may come in pieces: reading stops at the first beyond the limit. A paper on a theme that residents spoke
    of is tied to it in the thread.
    """
    require(by, "governance.add_paper")
    refuse_taken_off(item)
    if not title.strip() or "." in title.strip()[-5:]:
        raise BadInput(
            "Give the paper a title in words, not a file name.", hint="A screen reader reads it aloud."
        )
    if implications is not None:
        unsaid = [words for key, words in IMPLICATIONS.items() if not implications.get(key, "").strip()]
        if unsaid:
            raise BadInput(
                f"The paper does not yet say what it means for {', '.join(unsaid)}.",
                hint="Where it means nothing, say why.",
            )
        if not verified_by.strip():
            raise BadInput("Say who verified what the paper means.")
    if strange := sorted(set(topics or ()) - {topic.key for topic in consulted_topics(settings.PACK)}):
        raise BadInput(f"There is no topic '{strange[0][:40]}'.", hint="See /consultation.")
    kept_title, verifier = whole(Paper, "title", title), whole(Paper, "verified_by", verified_by)
    document = _gathered([content] if isinstance(content, bytes) else content)
    media_type, is_tagged = checked(document)
    digest = hashlib.sha256(document).hexdigest()
    with write_atomically(var_dir() / "papers" / digest[:2] / digest) as part:
        part.write_bytes(document)
    paper = Paper.objects.create(
        by=by,
        item=item,
        title=kept_title,
        author_body=author_body,
        media_type=media_type,
        bytes=len(document),
        sha256=digest,
        is_tagged=is_tagged,
        implications={key: implications[key].strip() for key in IMPLICATIONS} if implications else None,
        verified_by=verifier or None,
        topics=sorted(set(topics)) if topics is not None else None,
        recommendation=recommendation.strip() or None,
    )
    _put_on(by, paper)
    if theme:
        add_link(
            by=by, kind=Link.Kind.RESPONDS_TO, source=entry("paper", paper.pk), target=entry("theme", theme)
        )
    return paper


@transaction.atomic
def carry_paper(*, by: Person, paper: Paper, item: AgendaItem) -> Paper:
    """Put the same paper, word for word, before another board; each board then has an outcome of its own.

    Raises `Conflict` where the item has it already. Who was consulted on it counts for every board that sees it.
    """
    require(by, "governance.add_paper")
    refuse_taken_off(item)
    if item.papers.filter(sha256=paper.sha256).exists():
        raise Conflict("That item has this paper already.")
    same = {name: getattr(paper, name) for name in CARRIED}
    copy = Paper.objects.create(by=by, item=item, **same)
    _put_on(by, copy)
    return copy


def _put_on(by: Person, paper: Paper) -> None:
    name = item_entry(paper.item)
    add_link(by=by, kind=Link.Kind.FEEDS, source=entry("paper", paper.pk), target=name)
    write_audit(by=by, action="governance.add_paper", subject=name, sha256=paper.sha256)


@transaction.atomic
def record_consultation(
    *, by: Person, paper: Paper, body: Body, happened_on: date, words: str
) -> Consultation:
    """Record that a body was consulted on a paper, when, and what it said, if only that it had nothing to add."""
    require(by, "governance.record_consultation")
    if not words.strip():
        raise BadInput("Say what they said, or that they had nothing to add.")
    if happened_on > today():
        raise BadInput("What has not happened cannot be recorded.")
    if not body.held_on(happened_on):
        raise BadInput(f"{body} did not exist on {in_words(happened_on)}.", hint="Choose its successor.")
    row = Consultation.objects.create(
        by=by, sha256=paper.sha256, body=body, happened_on=happened_on, words=words.strip()
    )
    write_audit(
        by=by, action="governance.record_consultation", subject=entry("paper", paper.pk), body=body.key
    )
    return row


@transaction.atomic
def resolve_paper(
    *, by: Person, paper: Paper, outcome: str, words: str, decision: Decision | None = None
) -> Resolution:
    """Record what the board made of a paper's recommendation; the newest stands, the others stay readable.

    Approving, changing and refusing need the decision of that board on that paper's item: a resolution is no way round
    a quorum. Raises `BadInput` without it, and for a board that has not met yet.
    """
    require(by, "governance.resolve_paper")
    if outcome not in Resolution.Outcome.values:
        raise BadInput("Choose what the board made of it.")
    if not words.strip():
        raise BadInput("Say what the board resolved, or why it did not.")
    if paper.item.meeting.starts_at.astimezone(LONDON).date() > today():
        raise BadInput("That board has not met yet.")
    if decision and decision.item_id != paper.item_id:
        raise BadInput("That decision was taken on another item.")
    if decision is None and outcome in {"approved", "amended", "refused"}:
        raise BadInput("Record the board's decision first, and name it here.")
    row = Resolution.objects.create(
        by=by, paper=paper, outcome=outcome, words=words.strip(), decision=decision
    )
    name = entry("paper", paper.pk)
    if decision:
        add_link(by=by, kind=Link.Kind.DECIDED_BY, source=name, target=entry("decision", decision.key))
    write_audit(by=by, action="governance.resolve_paper", subject=name, outcome=outcome)
    return row


def _gathered(pieces: Iterable[bytes]) -> bytes:
    gathered = bytearray()
    for piece in pieces:
        gathered += piece
        if len(gathered) > LARGEST_PAPER:
            raise BadInput("The paper is larger than 25 MB.", hint="Make its pictures smaller.")
    return bytes(gathered)
