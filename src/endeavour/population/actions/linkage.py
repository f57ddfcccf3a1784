"""Looking at doubtful pairs of records and judging them, each with its audit entry in the same transaction."""

from __future__ import annotations

from django.db import transaction

from endeavour.core.public import Person, require, today, write_audit
from endeavour.engine.linkage.review import keep_everywhere
from endeavour.errors import BadInput, Conflict
from endeavour.population import rules
from endeavour.population.actions.words import said_words
from endeavour.population.models import PairJudgement
from endeavour.population.queries import linkage


@transaction.atomic
def see_next_pair(*, by: Person) -> linkage.Queue:
    """The next pair of records to judge; that these two were shown is written down first."""
    require(by, rules.SEE_PAIR)
    found = linkage.queue(by)
    if found.pair:
        write_audit(
            by=by, action=rules.SEE_PAIR, subject=_pair_subject(found.pair.left_id, found.pair.right_id)
        )
    return found


@transaction.atomic
def judge_pair(*, by: Person, left_id: str, right_id: str, verdict: str, why: str = "") -> PairJudgement:
    """Record whether two records are one person; every later run of the linkage is bound by it."""
    require(by, rules.JUDGE_PAIR)
    if verdict not in PairJudgement.Verdict.values:
        raise BadInput("Choose an answer.", hint="The same person, two people, or cannot tell.")
    if linkage.pair(by, left_id, right_id) is None:
        raise Conflict("This pair no longer waits for an answer.", hint="Somebody else may have judged it.")
    before = PairJudgement.objects.filter(
        left_id=left_id, right_id=right_id, superseded_by__isnull=True
    ).first()
    return _judged(by, left_id, right_id, verdict, why, before)


@transaction.atomic
def take_back_judgement(*, by: Person, left_id: str, right_id: str, why: str) -> PairJudgement:
    """Take one's own judgement back: 'cannot tell' supersedes it, and the next run decides by the evidence."""
    require(by, rules.JUDGE_PAIR)
    before = PairJudgement.objects.filter(
        left_id=left_id, right_id=right_id, superseded_by__isnull=True, by=by
    ).first()
    if before is None or before.verdict == PairJudgement.Verdict.UNSURE:
        raise Conflict("There is nothing of yours to take back here.")
    return _judged(by, left_id, right_id, PairJudgement.Verdict.UNSURE, said_words(why, "why"), before)


def _judged(
    by: Person, left_id: str, right_id: str, verdict: str, why: str, before: PairJudgement | None
) -> PairJudgement:
    judged = PairJudgement.objects.create(
        left_id=left_id, right_id=right_id, verdict=verdict, decided_on=today(), by=by, why=why.strip()[:300],
        supersedes=before,
    )  # fmt: skip
    write_audit(by=by, action=rules.JUDGE_PAIR, subject=_pair_subject(left_id, right_id), verdict=verdict)
    transaction.on_commit(hand_over_judgements)
    return judged


def hand_over_judgements() -> int:
    """Give the linkage every judgement in force, so that the next run is bound; repeating it changes nothing."""
    return keep_everywhere(
        {
            "left_id": one.left_id,
            "right_id": one.right_id,
            "verdict": one.verdict,
            "decided_on": one.decided_on,
            "decided_by": f"person:{one.by_id}",
        }
        for one in linkage.in_force()
    )


def _pair_subject(left_id: str, right_id: str) -> str:
    return f"pair:{left_id} {right_id}"
