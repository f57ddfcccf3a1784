"""Everything open that belongs to a body on a day: one function a kind, each a line for whoever takes it over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Q

from endeavour.core.public import LONDON, AuditEntry, Body, Membership, Post, Route, end_of, entry, now
from endeavour.governance.definitions import meeting_rules
from endeavour.governance.definitions_consultees import consulted_topics
from endeavour.governance.models import Meeting, MembershipProposal, Paper
from endeavour.governance.queries.action_list import open_actions
from endeavour.governance.queries.agreements import agreements
from endeavour.governance.queries.compact import compact
from endeavour.governance.queries.duties import register
from endeavour.governance.queries.escalations import open_escalations
from endeavour.governance.queries.partners import working_body
from endeavour.governance.queries.registers import entries
from endeavour.governance.queries.voices import unanswered
from endeavour.strategy.public import (
    Held,
    campaigns_held,
    judged,
    plans_held,
    pledges_held,
    proposals_held,
    resources_held,
)

OPEN_DUTY = {"due", "breached", "unproven", "met", "not_triggered"}
MOST_PAPERS = 500
# The subject by which an heir is named, and what it is in words.
Belonging = tuple[str, str]


def _promises(body: Body, as_at: date) -> Iterator[Belonging]:
    for item in judged("we", "i", "duty", at=as_at):
        if item.statement.owner == body.key and item.judgement.standing.state != "done":
            yield f"statement:{item.statement.ref}", item.statement.words


def _duties(body: Body, as_at: date) -> Iterator[Belonging]:
    hub = meeting_rules(settings.PACK).hub
    for row in register(as_at):
        if (row.duty.owner or hub) == body.key and row.finding.state in OPEN_DUTY:
            yield row.finding.subject, f"{row.duty.title} ({row.finding.words})"


def _actions(body: Body, as_at: date) -> Iterator[Belonging]:
    for action, finding in open_actions(as_at, body.key):
        yield f"action:{action.decision.key}/{action.number}", f"{action.words} ({finding.words})"


def _meetings(body: Body, as_at: date) -> Iterator[Belonging]:
    """Meetings of the body that were called and not held by the day."""
    start = datetime.combine(as_at, time(), tzinfo=LONDON)
    coming = Meeting.objects.filter(body=body, starts_at__gte=start, cancelled_on__isnull=True)
    names = {entry("meeting", meeting.key): meeting for meeting in coming.order_by("starts_at")}
    known = AuditEntry.objects.filter(
        action="governance.call_meeting", subject__in=names, at__lt=end_of(as_at)
    ).values_list("subject", flat=True)
    for name in known:
        yield name, f"{names[name].title}, {names[name].starts_at.astimezone(LONDON):%-d %B %Y}"


def _papers(body: Body, as_at: date) -> Iterator[Belonging]:
    """Papers that the body wrote or has before it, and that no board resolved on."""
    known = Paper.objects.filter(
        Q(author_body=body) | Q(item__meeting__body=body),
        recorded_at__lt=end_of(as_at),
        item__place__isnull=False,
    )
    waiting = known.exclude(resolutions__recorded_at__lt=end_of(as_at)).select_related("item__meeting__body")
    for paper in waiting.order_by("-pk")[:MOST_PAPERS]:
        yield entry("paper", paper.pk), f"{paper.title}, before {paper.item.meeting.body}"


def _questions(body: Body, as_at: date) -> Iterator[Belonging]:
    """What residents and partners said to the partnership and nobody has answered."""
    if body.key == meeting_rules(settings.PACK).hub:
        for said in unanswered(None):
            if said.recorded_at < end_of(as_at):
                yield (
                    entry("contribution", said.receipt),
                    f"Contribution {said.receipt}, of {said.recorded_at:%-d %B %Y}",
                )


def _last_day_of(body: Body, as_at: date) -> date:
    """The day asked about, or the last day of a body that had ended by then."""
    if body.held_on(as_at) or not body.valid_to:
        return as_at
    return body.valid_to - timedelta(days=1)


def _seats(body: Body, as_at: date) -> Iterator[Belonging]:
    """Seats on the body and those it names somebody to, with who holds them."""
    day = _last_day_of(body, as_at)
    posts = Post.objects.at(day).filter(Q(body=body) | Q(nominated_by=body))  # type: ignore[attr-defined]
    holding = Membership.objects.at(day).filter(post__in=posts).values_list("post_id", "holder")  # type: ignore[attr-defined]
    holders = dict(holding)
    for post in posts.select_related("body").order_by("key"):
        who = f", held by {holders[post.pk]}" if post.pk in holders else ", with nobody recorded in it"
        yield f"post:{post.key}", f"{post.title}, {post.body}{who}"


def _routes(body: Body, as_at: date) -> Iterator[Belonging]:
    routes = Route.objects.at(_last_day_of(body, as_at)).filter(Q(source=body) | Q(target=body))  # type: ignore[attr-defined]
    for route in routes.select_related("source", "target").order_by("pk"):
        name = f"route:{route.source.key}/{route.kind}/{route.target.key}"
        yield name, f"{route.source} {route.get_kind_display()} {route.target}"


def _agreements(body: Body, as_at: date) -> Iterator[Belonging]:
    for row in agreements(as_at):
        if row.is_open and body.key in row.terms.everybody:
            yield row.terms.name, f"{row.terms.title} ({row.findings[0].words})"


def _entries(body: Body, as_at: date) -> Iterator[Belonging]:
    for row in entries(as_at):
        if row.findings[0].state not in {"expired", "not_started"} and body.key in row.kept.everybody:
            yield row.kept.name, f"{row.register.title}: {row.kept.title} ({row.findings[0].words})"


def _documents(body: Body, as_at: date) -> Iterator[Belonging]:
    for row in working_body(body.key, as_at).practices:
        words = f"{row.document.get_kind_display().capitalize()}, version {row.document.version}"
        yield f"document:{body.key}/{row.document.kind}", f"{words} ({row.review.words})"


def _memberships(body: Body, as_at: date) -> Iterator[Belonging]:
    """Memberships that a person put up for the body, and that wait to be decided."""
    for row in MembershipProposal.objects.filter(body=body, recorded_at__lt=end_of(as_at)):
        yield entry("membership", row.key), f"To be weighed: {row.title}"


def _signatures(body: Body, as_at: date) -> Iterator[Belonging]:
    for row in compact(_last_day_of(body, as_at)).rows:
        if row.body.pk == body.pk and row.signature:
            yield f"compact:{body.key}", f"What it offers under the compact: {row.signature.offers}"


def _worries(body: Body, as_at: date) -> Iterator[Belonging]:
    for row in open_escalations(body, min(now(), end_of(as_at))):
        words = f"A safeguarding worry ({row.finding.words})"
        yield entry("escalation", row.escalation.pk), words


def _consultations(body: Body, as_at: date) -> Iterator[Belonging]:
    del as_at
    for topic in consulted_topics(settings.PACK):
        if body.key in topic.bodies:
            yield f"topic:{topic.key}", f"It is always consulted on: {topic.title}"


def _held(
    find: Callable[..., Iterator[Held]],
) -> Callable[[Body, date], Iterator[Belonging]]:
    """What the strategy keeps of a body, as a belonging."""
    return lambda body, as_at: ((held.name, held.words) for held in find(body, at=as_at))


# Each kind with its title and where it is found, in the order of a handover.
BELONGINGS: dict[str, tuple[str, Callable[[Body, date], Iterator[Belonging]]]] = {
    "promise": ("Promises", _promises),
    "duty": ("Duties", _duties),
    "plan": ("Plans of its own", _held(plans_held)),
    "proposal": ("Proposals that nobody has decided", _held(proposals_held)),
    "resource": ("What it pledged and has still to give", _held(resources_held)),
    "campaign": ("Campaigns that it owns with others", _held(campaigns_held)),
    "pledge": ("What it promised in campaigns", _held(pledges_held)),
    "action": ("Actions", _actions),
    "meeting": ("Meetings called", _meetings),
    "paper": ("Papers that wait for an outcome", _papers),
    "question": ("Questions without an answer", _questions),
    "worry": ("Safeguarding worries", _worries),
    "seat": ("Seats", _seats),
    "membership": ("Memberships to weigh up", _memberships),
    "route": ("Routes", _routes),
    "agreement": ("Data agreements", _agreements),
    "entry": ("Entries of registers", _entries),
    "document": ("How it works", _documents),
    "compact": ("Its part in the compact", _signatures),
    "consultee": ("What it is consulted on", _consultations),
}


def belongings(body: Body, as_at: date) -> list[tuple[str, str, str]]:
    """The kind, the name and the words of each open thing of a body on a day; what was recorded later is unknown.

    Of a body that had ended by then, seats and routes are those of its last day.
    """
    return [
        (kind, name, words) for kind, (_, find) in BELONGINGS.items() for name, words in find(body, as_at)
    ]
