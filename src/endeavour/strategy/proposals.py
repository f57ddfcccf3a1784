"""What partners propose outside health: local plans, planning, licences, rents and the like, from hearing to outcome.

Health is shaped by what councils and others decide, so each proposal stands here with what it does to each group (see
`impact`) and until when people can still say something. Nothing is rewritten: a change is another version.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from endeavour.core.public import Body, Person, entry, require, today, write_audit
from endeavour.errors import BadInput, Conflict, NotFound
from endeavour.strategy.models import Proposal
from endeavour.strategy.moments import this_moment
from endeavour.strategy.rules import require_own_body


@dataclass(frozen=True)
class Proposed:
    """A proposal as it stood on a day: its newest version, and every version, newest first."""

    now: Proposal
    versions: tuple[Proposal, ...]

    @property
    def name(self) -> str:
        """Its name as an entry."""
        return entry("proposal", self.now.key)

    def standing(self, day: date) -> str:
        """Where it is on a day, in words."""
        if self.now.decided_on and self.now.decided_on <= day:
            return f"Decided on {_words(self.now.decided_on)}"
        if self.now.comments_by is None:
            return "Not decided; nobody has said until when people can comment"
        if day <= self.now.comments_by:
            return f"People can comment until {_words(self.now.comments_by)}"
        return f"Not decided; comments closed on {_words(self.now.comments_by)}"


def proposals(*, at: date) -> list[Proposed]:
    """Every proposal recorded by a day: those still open to comment first, then the newest; one query."""
    versions: dict[str, list[Proposal]] = {}
    for row in Proposal.objects.order_by("-recorded_at", "-id"):
        if timezone.localdate(row.recorded_at) <= at:
            versions.setdefault(row.key, []).append(row)
    found = [Proposed(rows[0], tuple(rows)) for rows in versions.values()]
    return sorted(found, key=lambda p: not _is_open(p.now, at))


def proposal(key: str, *, at: date | None = None) -> Proposed:
    """One proposal by its key; `NotFound` where none of that name was known by the day."""
    if found := [p for p in proposals(at=at or today()) if p.now.key == key]:
        return found[0]
    raise NotFound(f"There is no proposal '{key[:60]}'.", hint="See /proposals.")


@transaction.atomic
def record_proposal(
    *,
    by: Person | None,
    title: str,
    body: str,
    kind: str,
    words: str,
    source: str,
    comments_by: date | None = None,
    decided_on: date | None = None,
    outcome: str = "",
    url: str = "",
    key: str = "",
) -> Proposal:
    """List what a body proposes; with the `key` of a known proposal, its next version, such as its outcome.

    A partner lists only its own. Raises `BadInput` where a part is missing, `Conflict` where the title is taken.
    """
    require(by, "strategy.propose")
    known = proposal(key).now if key else None
    if known is not None and known.body != body:
        raise BadInput("A proposal stays with the body that made it.", hint="List another one instead.")
    require_own_body(by, body)
    if not Body.objects.filter(key=body).exists():
        raise BadInput("Choose whose proposal it is.")
    if kind not in Proposal.Kind.values:
        raise BadInput(f"'{kind[:20]}' is no kind of proposal.", hint=", ".join(Proposal.Kind.values))
    if not (title.strip() and words.strip() and source.strip()):
        raise BadInput("Give its title, what is proposed, and where it can be checked.")
    if bool(outcome.strip()) != (decided_on is not None):
        raise BadInput("Give the outcome and its day together, or neither.")
    if decided_on is not None and decided_on > today():
        raise BadInput(
            f"{_words(decided_on)} has not come yet.", hint="Record the outcome once it is decided."
        )
    chosen = key or slugify(title)[:60].strip("-")
    if not chosen or (not key and (chosen == "new" or Proposal.objects.filter(key=chosen).exists())):
        raise Conflict(
            "A proposal of that title is known.", hint="Give it another title, or change that one."
        )
    made = Proposal.objects.create(
        by=by, recorded_at=this_moment(), key=chosen, title=title.strip()[:200], body=body, kind=kind,
        words=words.strip(), comments_by=comments_by, decided_on=decided_on, outcome=outcome.strip(), url=url,
        source=source.strip()[:300], is_illustrative=known.is_illustrative if known else False,
    )  # fmt: skip
    write_audit(by=by, action="strategy.propose", subject=entry("proposal", chosen), body=body)
    return made


def _is_open(row: Proposal, day: date) -> bool:
    return row.decided_on is None and row.comments_by is not None and day <= row.comments_by


def _words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
