"""The secretariat's desk over HTTP: what waits, what is late, what is due, line by line, for who may open the desk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Schema

from endeavour.core.api_shapes import Problem, token_holder
from endeavour.core.public import TokenFor, require, today
from endeavour.governance import queries
from endeavour.governance.api_writes import router

MOST = 50


class DeskLineOut(Schema):
    """One thing on the desk: of which kind, what it is, why it is there, and the page where it is done."""

    kind: str
    title: str
    words: str
    see: str


class DeskOut(Schema):
    """The desk of today: how many wait, how many things are late, and its lines, kind by kind as on the page."""

    as_at: date
    waiting: int
    late: int
    faults_of_the_map: int
    groups_not_engaged: int
    lines: list[DeskLineOut]


@router.get(
    "/desk",
    auth=TokenFor("governance.call_meeting"),
    response={200: DeskOut, 401: Problem, 403: Problem},
    summary="The secretariat's desk today",
)
def desk(request: HttpRequest) -> dict[str, Any]:
    """What waits, is late and is due. Of people who wait and of actions the first ten, of other kinds the first fifty.

    The counts are of all.
    """
    # A token covers what its person may do; who holds it may have lost the right, or never had this one.
    require(token_holder(request), "governance.call_meeting")
    found = queries.desk_on(today())
    return {
        "as_at": found.as_at,
        "waiting": found.waiting_count,
        "late": found.late_count,
        "faults_of_the_map": found.faults,
        "groups_not_engaged": found.unengaged,
        "lines": [
            {"kind": kind, "title": title, "words": words, "see": see}
            for kind, title, words, see in _lines(found)
        ],
    }


def _lines(desk: queries.Desk) -> Iterator[tuple[str, str, str, str]]:
    yield from _waiting(desk)
    yield from _late(desk)
    for action, standing in desk.due:
        yield "action_due", action.words, f"{action.owner}. {standing.words}", _action(action)
    for meeting, notice in desk.coming:
        yield "meeting", meeting.title, notice.words, f"/meeting/{meeting.key}"
    for title, waits in desk.cycle:
        yield "cycle", title, "; ".join(waits), "/register"
    for row in desk.duties:
        yield "duty", row.duty.title, row.finding.words, f"/register#{row.duty.key}"


def _waiting(desk: queries.Desk) -> Iterator[tuple[str, str, str, str]]:
    for meeting, notice in desk.notices:
        yield "notice", meeting.title, notice.words, f"/meeting/{meeting.key}"
    for meeting in desk.unminuted:
        yield (
            "minutes",
            meeting.title,
            f"It met on {meeting.starts_at:%Y-%m-%d}.",
            f"/meeting/{meeting.key}/minutes",
        )
    for said in desk.waiting:
        yield "answer", said.receipt, said.words, f"/question/{said.receipt}"


def _late(desk: queries.Desk) -> Iterator[tuple[str, str, str, str]]:
    for worry in desk.worries:
        title = f"{worry.escalation.reference}: {worry.escalation.body} to {worry.escalation.other}"
        yield "worry", title, worry.finding.words, f"/escalation/{worry.escalation.pk}/answer"
    for action, standing in desk.late:
        yield "action_late", action.words, f"{action.owner}. {standing.words}", _action(action)
    for review in desk.reviews[:MOST]:
        title = f"{review.document.body}: {review.document.get_kind_display()}"
        yield "review", title, review.review.words, f"/body/{review.document.body.key}/ways"
    for row in desk.agreements[:MOST]:
        yield "agreement", row.terms.title, _said(row.findings), f"/data-agreement/{row.terms.key}"
    for before in desk.unconsulted:
        words = _said(finding for finding, _ in before.findings)
        yield "consultation", before.paper.title, words, f"/paper/{before.paper.sha256}"
    for entry in desk.registers[:MOST]:
        see = f"/registers/{entry.register.key}/{entry.kept.key}"
        yield "register", f"{entry.register.title}: {entry.kept.title}", _said(entry.findings), see
    for signer in desk.unsigned:
        yield "compact", str(signer.body), signer.finding.words, "/compact"


def _action(action: Any) -> str:
    return f"/decision/{action.decision.key}#action-{action.number}"


def _said(findings: Iterable[Any]) -> str:
    return " ".join(finding.words for finding in findings)
