"""Putting the pack's made-up paper before its boards, for a demonstration alone."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction

from endeavour.core.public import LONDON, Body, Person, today
from endeavour.errors import Conflict
from endeavour.governance.actions.agenda import add_item
from endeavour.governance.actions.meetings import call_meeting, meeting_key, publish_minutes
from endeavour.governance.actions.papers import add_paper, carry_paper, record_consultation, resolve_paper
from endeavour.governance.definitions_illustration import Illustration, ShownBoard, illustration
from endeavour.governance.models import AgendaItem, Meeting
from endeavour.governance.word_document import word_document


@transaction.atomic
def illustrate(*, by: Person) -> str:
    """Show one made-up paper before two boards; its checksum, by which its page is found, or '' where there is none.

    Nothing is decided, nobody attends and no partner wrote it, so that it counts for nobody. Nothing is shown where its
    meetings are there already, where their days are still to come or where a body that it names is not. `Conflict`
    outside a demonstration.
    """
    if not settings.DEMO:
        raise Conflict(
            "Made-up papers are only for a demonstration.", hint="Unset ENDEAVOUR_MODE=production."
        )
    shown = illustration(settings.PACK)
    if shown is None or max(board.meets_on for board in shown.boards) > today():
        return ""
    named = {shown.consulted.body, *(board.body for board in shown.boards)}
    bodies = {body.key: body for body in Body.objects.filter(key__in=named)}
    if named - bodies.keys():
        return ""
    keys = [meeting_key(bodies[b.body], b.meets_on) for b in shown.boards]
    if Meeting.objects.filter(key__in=keys).exists():
        return ""
    first, *others = [_item(by, shown, board, bodies[board.body]) for board in shown.boards]
    paper = add_paper(
        by=by,
        item=first,
        title=shown.paper.title,
        content=word_document(shown.paper.title, shown.paper.words),
        implications=shown.paper.implications,
        verified_by=shown.paper.verified_by,
        topics=shown.paper.topics,
        recommendation=shown.paper.recommendation,
    )
    papers = [paper, *(carry_paper(by=by, paper=paper, item=item) for item in others)]
    record_consultation(
        by=by,
        paper=paper,
        body=bodies[shown.consulted.body],
        happened_on=shown.consulted.happened_on,
        words=shown.consulted.words,
    )
    for row, board in zip(papers, shown.boards, strict=True):
        resolve_paper(by=by, paper=row, outcome=board.outcome, words=board.words)
    return paper.sha256


def _item(by: Person, shown: Illustration, board: ShownBoard, body: Body) -> AgendaItem:
    """The item of a made-up meeting, noticed in time and with its minutes, so that it waits for nobody."""
    meeting = call_meeting(
        by=by,
        body=body,
        title=f"Illustration: {body.name} meeting",
        starts_at=datetime.combine(board.meets_on, time(14), tzinfo=LONDON),
        minutes=60,
        place="No room: nobody met",
        join_words=shown.notice,
    )
    Meeting.objects.filter(pk=meeting.pk).update(noticed_on=board.meets_on - timedelta(days=14))
    item = add_item(by=by, meeting=meeting, title=shown.paper.title, words=shown.notice, minutes=30)
    publish_minutes(by=by, meeting=meeting, words=f"{shown.notice} {board.words}")
    return item
