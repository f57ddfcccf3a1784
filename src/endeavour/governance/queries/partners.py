"""Who is at the table: groups of partners, seats and who holds them, how a body works, bodies still to be set up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Q, QuerySet

from endeavour.core.public import LONDON, Body, Event, Membership, Post, end_of
from endeavour.errors import NotFound
from endeavour.governance.definitions import meeting_rules
from endeavour.governance.definitions_partners import (
    BodyTemplate,
    PartnerGroup,
    body_templates,
    partner_groups,
)
from endeavour.governance.engagement import Sign, engagement
from endeavour.governance.findings import Finding, how_late, in_words
from endeavour.governance.models import (
    AgendaItem,
    Attendance,
    Contribution,
    Meeting,
    Outreach,
    Paper,
    Reply,
    WorkingDocument,
)
from endeavour.governance.queries.boards import body as body_of


@dataclass(frozen=True)
class PartnerRow:
    """One group of partners: whether it takes part, the bodies that speak for it, and the next step towards it."""

    group: PartnerGroup
    class_words: str
    finding: Finding
    members: list[Body]
    approaches: list[Outreach]

    @property
    def state(self) -> str:
        """The state in words."""
        return {"engaged": "Takes part", "lapsed": "Took part once", "not_engaged": "Not yet engaged"}[
            self.finding.state
        ]

    @property
    def next_step(self) -> tuple[str, str, date | None]:
        """What is next, who does it and by when: the newest that was recorded, or what the pack proposes."""
        for row in self.approaches:
            if row.next_step:
                return row.next_step, row.next_owner, row.next_on
        return self.group.next_step, self.group.next_owner, None


def partners(as_at: date) -> list[PartnerRow]:
    """Every group that belongs at the table and whether it took part by a day, those not yet engaged first."""
    groups = partner_groups(settings.PACK)
    keys = {member for group in groups for member in group.members}
    bodies = {body.key: body for body in Body.objects.filter(key__in=keys)}
    signs = _signs(keys, as_at)
    approaches: dict[str, list[Outreach]] = defaultdict(list)
    for row in Outreach.objects.filter(recorded_at__lt=end_of(as_at), happened_on__lte=as_at).order_by(
        "-happened_on", "-pk"
    ):
        approaches[row.group].append(row)
    labels = dict(Body.PartnerClass.choices)
    rows = []
    for group in groups:
        tried = approaches[group.key]
        shown = [sign for member in group.members for sign in signs[member]]
        shown += [Sign(row.happened_on, "joined in") for row in tried if row.took_part]
        finding = engagement(group.key, shown, tried[0].happened_on if tried else None, as_at)
        members = [bodies[key] for key in group.members if key in bodies]
        rows.append(PartnerRow(group, str(labels.get(group.partner_class, "")), finding, members, tried))
    order = ("not_engaged", "lapsed", "engaged")
    return sorted(rows, key=lambda row: order.index(row.finding.state))


def _signs(keys: Iterable[str], as_at: date) -> dict[str, list[Sign]]:
    """What each body did by a day: attended through its seat, wrote a paper, raised something."""
    found: dict[str, list[Sign]] = defaultdict(list)
    known = end_of(as_at)
    came = {Attendance.How.PRESENT, Attendance.How.DEPUTY}
    sat = Attendance.objects.filter(how__in=came, recorded_at__lt=known).filter(
        Q(post__nominated_by__key__in=keys) | Q(post__body__key__in=keys)
    )
    for nominator, own, at in sat.values_list(
        "post__nominated_by__key", "post__body__key", "meeting__starts_at"
    ):
        found[nominator or own].append(Sign(at.astimezone(LONDON).date(), "attended"))
    for key, at in Paper.objects.filter(author_body__key__in=keys, recorded_at__lt=known).values_list("author_body__key", "recorded_at"):  # fmt: skip
        found[key].append(Sign(at.astimezone(LONDON).date(), "wrote a paper"))
    for key, at in Contribution.objects.filter(body__key__in=keys, recorded_at__lt=known).values_list("body__key", "recorded_at"):  # fmt: skip
        found[key].append(Sign(at.astimezone(LONDON).date(), "raised something"))
    return found


def partner(group: str, as_at: date) -> PartnerRow:
    """One group of partners."""
    found = next((row for row in partners(as_at) if row.group.key == group), None)
    if found is None:
        raise NotFound(f"There is no group of partners '{group[:40]}'.", hint="See /partners.")
    return found


@dataclass(frozen=True)
class Step:
    """One thing a promised body still needs or has: the words say which."""

    title: str
    done: bool
    words: str


@dataclass(frozen=True)
class Promised:
    """A body that the strategy promised: its draft, the body where it exists, and how far it has come (W5)."""

    template: BodyTemplate
    body: Body | None
    steps: list[Step]

    @property
    def may_start(self) -> bool:
        """Whether its draft can still be taken up."""
        return not self.steps[0].done


def promised_bodies(as_at: date) -> list[Promised]:
    """The bodies that were promised, each with its terms, its first meeting, what it carried and what came back."""
    drafts = body_templates(settings.PACK)
    hub = meeting_rules(settings.PACK).hub
    bodies = {b.key: b for b in Body.objects.filter(key__in=[t.body for t in drafts])}
    keys, known = list(bodies), end_of(as_at)
    terms = dict(
        WorkingDocument.objects.filter(body__key__in=keys, kind=WorkingDocument.Kind.TERMS, agreed_on__lte=as_at)
        .order_by("version").values_list("body__key", "version")
    )  # fmt: skip
    met: dict[str, int] = defaultdict(int)
    for key in Meeting.objects.filter(body__key__in=keys, starts_at__lt=known, cancelled_on__isnull=True).values_list("body__key", flat=True):  # fmt: skip
        met[key] += 1
    raised = dict(
        Contribution.objects.filter(body__key__in=keys, recorded_at__lt=known).values_list(
            "receipt", "body__key"
        )
    )
    on_agenda = AgendaItem.objects.filter(meeting__body__key=hub, place__isnull=False)
    carried = {raised[s[13:]] for s in on_agenda.filter(subject__in=[f"contribution:{r}" for r in raised]).values_list("subject", flat=True)}  # fmt: skip
    carried |= set(
        on_agenda.filter(papers__author_body__key__in=keys).values_list("papers__author_body__key", flat=True)
    )
    answered = set(Reply.objects.filter(contribution__body__key__in=keys, recorded_at__lt=known).values_list("contribution__body__key", flat=True))  # fmt: skip
    sent = Event.objects.filter(kind="message", subject__startswith=f"route:{hub}/", happened_at__lt=known)
    answered |= {subject.rsplit("/", 1)[1] for subject in sent.values_list("subject", flat=True)}
    return [
        Promised(
            draft,
            bodies.get(draft.body),
            [
                Step("Terms of reference", draft.body in terms, f"version {terms[draft.body]}" if draft.body in terms else "none agreed"),
                Step("A first meeting", bool(met[draft.body]), f"{met[draft.body]} held" if met[draft.body] else "none held"),
                Step("Something carried to the partnership’s agenda", draft.body in carried, "yes" if draft.body in carried else "nothing yet"),
                Step("An answer returned to it", draft.body in answered, "yes" if draft.body in answered else "none yet"),
            ],
        )
        for draft in drafts
    ]  # fmt: skip


@dataclass(frozen=True)
class SeatRow:
    """One seat on a day and who holds it; an empty holder is a vacancy."""

    post: Post
    holder: str
    since: date | None


@dataclass(frozen=True)
class Practice:
    """How a body works on a day: the version of each document in force, and whether its review is late."""

    document: WorkingDocument
    versions: int
    review: Finding


@dataclass(frozen=True)
class WorkingBody:
    """A body with its seats and its ways of working on a day (W24)."""

    body: Body
    seats: list[SeatRow]
    practices: list[Practice]
    missing: list[str]

    @property
    def vacancies(self) -> int:
        """How many seats nobody holds."""
        return sum(not seat.holder for seat in self.seats)


def working_body(key: str, as_at: date) -> WorkingBody:
    """How one body works on a day: seats, holders, documents, what is missing."""
    body = body_of(key)
    holding = {m.post_id: m for m in Membership.objects.at(as_at).filter(post__body=body)}  # type: ignore[attr-defined]
    posts = Post.objects.at(as_at).filter(body=body).select_related("nominated_by").order_by("pk")  # type: ignore[attr-defined]
    seats = [
        SeatRow(post, holding[post.pk].holder if post.pk in holding else "", holding[post.pk].valid_from if post.pk in holding else None)
        for post in posts
    ]  # fmt: skip
    practices = _practices(WorkingDocument.objects.filter(body=body), as_at)
    has = {p.document.kind for p in practices}
    missing = [str(label) for value, label in WorkingDocument.Kind.choices if value not in has]
    return WorkingBody(body, seats, practices, missing)


def late_reviews(as_at: date) -> list[Practice]:
    """Every document in force whose review is late, longest first."""
    found = [p for p in _practices(WorkingDocument.objects.all(), as_at) if p.review.state == "overdue"]
    return sorted(found, key=lambda p: p.document.review_on)


def _practices(documents: QuerySet[WorkingDocument], as_at: date) -> list[Practice]:
    newest: dict[tuple[int, str], WorkingDocument] = {}
    counts: dict[tuple[int, str], int] = defaultdict(int)
    known = documents.filter(agreed_on__lte=as_at, recorded_at__lt=end_of(as_at))
    for row in known.select_related("body").order_by("version"):
        key = (row.body_id, row.kind)
        newest[key] = row
        counts[key] += 1
    return [Practice(row, counts[key], _review(row, as_at)) for key, row in newest.items()]


def _review(row: WorkingDocument, as_at: date) -> Finding:
    subject, day = f"document:{row.pk}", f"{in_words(row.review_on)}"
    if as_at > row.review_on:
        return Finding(
            subject,
            "overdue",
            f"Its review was due on {day} and is late by {how_late(row.review_on, as_at)}.",
        )
    return Finding(subject, "due", f"To be reviewed by {day}.")
