"""Pairs of records that may be one person: whose they are to judge, and what was judged."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from endeavour.core.public import Body, Person, require
from endeavour.engine.linkage.review import ReviewPair, results_in_use, waiting_anywhere
from endeavour.population import rules
from endeavour.population.models import PairJudgement

AGENCIES = {
    "nhs": "NHS",
    "social_care": "Adult and children’s social care",
    "housing": "Council housing and revenues",
    "police_fire": "Police and fire",
    "voluntary": "A voluntary provider",
}
# Which agencies' records a body of each class may read beside another's; an Alliance acts for all of them.
OWN = {
    Body.PartnerClass.NHS: {"nhs"},
    Body.PartnerClass.PRIMARY_CARE: {"nhs"},
    Body.PartnerClass.LOCAL_AUTHORITY: {"social_care", "housing"},
    Body.PartnerClass.BLUE_LIGHT: {"police_fire"},
    Body.PartnerClass.VCSE: {"voluntary"},
}


@dataclass(frozen=True)
class Queue:
    """The pair to judge next, or None, and how many wait."""

    pair: ReviewPair | None
    waiting: int


def queue(viewer: Person | None) -> Queue:
    """The most doubtful pair in this person's scope that nobody has judged; one at a time, never a list of names."""
    mine = _in_scope(viewer)
    return Queue(mine[0] if mine else None, len(mine))


def pair(viewer: Person | None, left_id: str, right_id: str) -> ReviewPair | None:
    """One waiting pair of this person's scope, or None."""
    return next((p for p in _in_scope(viewer) if (p.left_id, p.right_id) == (left_id, right_id)), None)


def judgements(viewer: Person | None, limit: int = 20) -> list[PairJudgement]:
    """What this person judged last and can take back; the pairs by their ids, without names."""
    require(viewer, rules.SEE_PAIR)
    return list(PairJudgement.objects.filter(by=viewer, superseded_by__isnull=True).order_by("-id")[:limit])


def in_force() -> list[PairJudgement]:
    """Every judgement that nothing supersedes."""
    return list(PairJudgement.objects.filter(superseded_by__isnull=True).select_related("by"))


def _in_scope(viewer: Person | None) -> list[ReviewPair]:
    """Waiting pairs with a record of an agency of the viewer's body; all of them for an Alliance, none without a body."""
    require(viewer, rules.SEE_PAIR)
    assert viewer is not None, "require() refuses nobody"
    if viewer.body is None:
        return []
    done = set(
        PairJudgement.objects.filter(superseded_by__isnull=True, is_undone=False).values_list(
            "left_id", "right_id"
        )
    )
    waiting = [p for p in _pairs(results_in_use()) if (p.left_id, p.right_id) not in done]
    if viewer.body.partner_class == Body.PartnerClass.PARTNERSHIP:
        return waiting
    own = OWN.get(Body.PartnerClass(viewer.body.partner_class), set())
    return [p for p in waiting if own & {p.left["agency"], p.right["agency"]}]


@lru_cache(maxsize=1)
def _pairs(results: str) -> tuple[ReviewPair, ...]:
    """The pairs of the results in use, read once; `results` is only the key."""
    return tuple(waiting_anywhere())
