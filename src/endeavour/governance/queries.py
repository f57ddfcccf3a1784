"""Every read of governance that joins, counts or scopes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Max, Prefetch, Q

from endeavour.core.public import LONDON, Body, Event, Link, Membership, Post, Route
from endeavour.errors import NotFound
from endeavour.governance.definitions import DutyEntry, meeting_rules, offered_evidence, statutory_register
from endeavour.governance.findings import (
    Disposal,
    Finding,
    RouteFact,
    Shown,
    cycle,
    duty_state,
    map_faults,
    notice,
    quorum,
)
from endeavour.governance.models import (
    Action,
    ActionReport,
    AgendaItem,
    Attendance,
    Contribution,
    Decision,
    DutyEvidence,
    Meeting,
    Reply,
)
from endeavour.strategy.public import judged


def end_of(day: date) -> datetime:
    """The first moment after `day` in England: what was recorded before it was known on that day."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=LONDON)


def meetings(*, as_at: date, body: str = "") -> tuple[list[Meeting], list[Meeting]]:
    """Meetings to come (soonest first) and past ones (newest first), with their body."""
    found = Meeting.objects.select_related("body")
    if body:
        found = found.filter(body__key=body)
    start = datetime.combine(as_at, time(), tzinfo=LONDON)
    return (
        list(found.filter(starts_at__gte=start).order_by("starts_at")[:100]),
        list(found.filter(starts_at__lt=start).order_by("-starts_at")[:200]),
    )


def meeting(key: str) -> Meeting:
    """One meeting with everything its page shows."""
    items = AgendaItem.objects.prefetch_related(
        "papers",
        Prefetch(
            "decisions", Decision.objects.select_related("superseded_by").prefetch_related("actions__owner")
        ),
    )
    found = (
        Meeting.objects.select_related("body")
        .prefetch_related(
            Prefetch("items", items),
            Prefetch("attendance", Attendance.objects.select_related("post", "post__nominated_by")),
            "minutes_versions",
        )
        .filter(key=key)
        .first()
    )
    if found is None:
        raise NotFound(f"There is no meeting '{key}'.", hint="See every meeting at /meetings.")
    return found


def meeting_findings(sitting: Meeting, as_at: date) -> list[Finding]:
    """Notice and, once somebody's attendance is recorded, quorum."""
    rules = meeting_rules(settings.PACK)
    subject = f"meeting:{sitting.key}"
    day = sitting.starts_at.astimezone(LONDON).date()
    found = [notice(subject, day, sitting.noticed_on, rules.notice.clear_working_days, as_at)]
    attended = list(sitting.attendance.all())
    if attended:
        filled = [
            a.post.nominated_by.partner_class if a.post.nominated_by else "partnership"
            for a in attended
            if a.post.votes and a.how in {Attendance.How.PRESENT, Attendance.How.DEPUTY}
        ]
        found.append(quorum(subject, filled, rules.quorum_rule()))
    return found


def decisions(*, level: str = "", search: str = "") -> list[Decision]:
    """Decisions that stand, newest first."""
    found = Decision.objects.filter(superseded_by__isnull=True).select_related("item__meeting__body")
    if level:
        found = found.filter(level=level)
    if search:
        found = found.filter(Q(title__icontains=search) | Q(decided__icontains=search))
    return list(found.order_by("-recorded_at")[:500])


def decision(key: str) -> Decision:
    """One decision with its meeting, actions and their reports."""
    reports = ActionReport.objects.order_by("recorded_at")
    found = (
        Decision.objects.select_related("item__meeting__body", "supersedes", "superseded_by")
        .prefetch_related(
            Prefetch(
                "actions",
                Action.objects.select_related("owner").prefetch_related(Prefetch("reports", reports)),
            )
        )
        .filter(key=key)
        .first()
    )
    if found is None:
        raise NotFound(f"There is no decision '{key}'.", hint="See every decision at /decisions.")
    return found


def action_finding(action: Action, as_at: date) -> Finding:
    """Whether an action is done, open or late, from its reports."""
    subject = f"action:{action.decision_id}/{action.number}"
    known = [r for r in action.reports.all() if r.recorded_at < end_of(as_at)]
    done = next((r for r in known if r.done), None)
    if done:
        return Finding(
            subject,
            "done",
            f"Done on {done.happened_on.day} {done.happened_on:%B %Y}.",
            (f"report:{done.pk}",),
        )
    if as_at > action.due_on:
        return Finding(subject, "overdue", f"Late by {(as_at - action.due_on).days} days.")
    return Finding(subject, "due", f"Due on {action.due_on.day} {action.due_on:%B %Y}.")


def open_actions(as_at: date) -> list[tuple[Action, Finding]]:
    """Every action of a standing decision that is not done, soonest due first."""
    found = (
        Action.objects.filter(decision__superseded_by__isnull=True, decision__recorded_at__lt=end_of(as_at))
        .select_related("owner", "decision")
        .prefetch_related("reports")
        .order_by("due_on")
    )
    judged = [(action, action_finding(action, as_at)) for action in found]
    return [(action, finding) for action, finding in judged if finding.state != "done"]


@dataclass(frozen=True)
class DutyRow:
    """One duty of the register with its computed state and what that rests on."""

    duty: DutyEntry
    finding: Finding
    evidence_words: Sequence[str]

    @property
    def state(self) -> str:
        """The state in words, such as 'Not used'."""
        return self.finding.state.replace("_", " ").capitalize()


def register(as_at: date) -> list[DutyRow]:
    """The statutory register on a day: every duty, its state and its evidence."""
    shown, words = _evidence(as_at)
    return [
        DutyRow(
            entry,
            duty_state(entry.as_duty(), shown, as_at),
            [words[e.id] for e in shown if e.duty == entry.key and e.on <= as_at],
        )
        for entry in statutory_register(settings.PACK).duties
    ]


def _evidence(as_at: date) -> tuple[list[Shown], dict[str, str]]:
    shown, words = [], {}
    for number, entry in enumerate(offered_evidence(settings.PACK), 1):
        key = f"offered:{number}"
        shown.append(Shown(key, entry.duty, entry.kind, entry.happened_on, entry.asserts_itself))
        words[key] = f"{entry.words} ({entry.source})"
    for row in DutyEvidence.objects.filter(recorded_at__lt=end_of(as_at)).order_by("pk"):
        key = f"evidence:{row.pk}"
        shown.append(
            Shown(
                key,
                row.duty,
                row.kind,
                row.happened_on,
                answers=f"evidence:{row.answers_id}" if row.answers_id else "",
            )
        )
        words[key] = f"{row.words} ({row.source})" if row.source else row.words
    return shown, words


def business_cycle(as_at: date) -> list[Finding]:
    """What the annual business cycle asks for on a day."""
    rules = meeting_rules(settings.PACK)
    links = Link.objects.filter(kind=Link.Kind.DECIDED_BY, source__startswith="cycle:").at(as_at)  # type: ignore[attr-defined]
    disposals = []
    for link in links:
        item, _, occurrence = link.source.removeprefix("cycle:").partition("/")
        disposals.append(
            Disposal(
                item, date.fromisoformat(occurrence), link.target, link.recorded_at.astimezone(LONDON).date()
            )
        )
    return cycle(rules.cycle_items(), disposals, as_at)


def waiting_in_cycle(as_at: date) -> list[tuple[str, list[str]]]:
    """Each cycle item that waits for a decision, with the occurrences that wait, oldest first."""
    titles = {f"cycle:{item.key}": item.title for item in meeting_rules(settings.PACK).cycle}
    waiting: dict[str, list[str]] = {}
    for finding in business_cycle(as_at):
        if finding.state != "met":
            words = finding.words.removeprefix(f"{titles[finding.subject]}: ").removesuffix(".")
            waiting.setdefault(finding.subject, []).append(words)
    return [(titles[subject], occurrences) for subject, occurrences in waiting.items()]


def board_map_faults(as_at: date) -> list[Finding]:
    """Faults of the map of boards and forums on a day."""
    bodies = Body.objects.at(as_at)  # type: ignore[attr-defined]
    boards = set(bodies.filter(legal_form__in=BOARDS).values_list("key", flat=True))
    last: dict[str, datetime] = dict(
        Event.objects.filter(kind="message", happened_at__lt=end_of(as_at))
        .values_list("subject")
        .annotate(latest=Max("happened_at"))
    )
    routes = [
        RouteFact(
            route.kind,
            route.source.key,
            route.target.key,
            route.owner,
            route.cadence_days,
            latest.astimezone(LONDON).date()
            if (latest := last.get(f"route:{route.source.key}/{route.kind}/{route.target.key}"))
            else None,
        )
        for route in Route.objects.at(as_at).select_related("source", "target")  # type: ignore[attr-defined]
    ]
    held = set(Membership.objects.at(as_at).values_list("post_id", flat=True))  # type: ignore[attr-defined]
    posts = Post.objects.at(as_at).filter(body__in=bodies).select_related("body")  # type: ignore[attr-defined]
    vacant = {
        post.key: f"{post.title}, {post.body.short_name or post.body.name}"
        for post in posts
        if post.pk not in held
    }
    return map_faults(boards, routes, vacant, as_at, meeting_rules(settings.PACK).hub)


BOARDS = ("statutory_committee", "committee", "forum", "partnership")


def contribution(receipt: str) -> Contribution:
    """One contribution by its receipt, with its replies."""
    found = Contribution.objects.prefetch_related("replies").filter(receipt=receipt.strip().upper()).first()
    if found is None:
        raise NotFound(
            "No contribution has that receipt.", hint="Check the letters and numbers on your receipt."
        )
    return found


def unanswered() -> list[Contribution]:
    """Contributions without a reply, oldest first."""
    return list(Contribution.objects.filter(replies__isnull=True).order_by("recorded_at")[:200])


def public_questions() -> list[Contribution]:
    """Published contributions with their replies, newest first."""
    replies = Prefetch("replies", Reply.objects.order_by("recorded_at"))
    found = Contribution.objects.filter(may_publish=True, replies__isnull=False).distinct()
    return list(found.prefetch_related(replies).order_by("-recorded_at")[:100])


@dataclass(frozen=True)
class Influence:
    """How often one class of partner contributed, and how often that reached a decision."""

    partner_class: str
    label: str
    contributed: int
    on_agenda: int
    decided: int


def influence() -> list[Influence]:
    """Contributions by partner class and how many reached an agenda and a decision; classes with none are named."""
    rows: dict[str, list[int]] = {value: [0, 0, 0] for value in Body.PartnerClass.values}
    entries = {
        f"contribution:{receipt}": kind
        for receipt, kind in Contribution.objects.values_list("receipt", "partner_class")
    }
    reached = dict(
        Link.objects.filter(kind=Link.Kind.RESPONDS_TO, target__startswith="contribution:").values_list(
            "target", "source"
        )
    )
    decided = set(
        Link.objects.filter(kind=Link.Kind.DECIDED_BY, source__in=set(reached.values())).values_list(
            "source", flat=True
        )
    )
    for name, partner_class in entries.items():
        counts = rows[partner_class]
        counts[0] += 1
        counts[1] += name in reached
        counts[2] += reached.get(name) in decided
    labels = dict(Body.PartnerClass.choices)
    return [Influence(key, str(labels[key]), *counts) for key, counts in rows.items()]


def seats(body: Body, as_at: date) -> list[Post]:
    """The seats of a body on a day."""
    return list(Post.objects.at(as_at).filter(body=body).select_related("nominated_by").order_by("pk"))  # type: ignore[attr-defined]


def boards(as_at: date) -> list[Body]:
    """Boards, committees and forums that exist on a day, by name."""
    return list(Body.objects.at(as_at).filter(legal_form__in=BOARDS).order_by("name"))  # type: ignore[attr-defined]


def all_seats(as_at: date) -> list[Post]:
    """Every seat of every body on a day."""
    return list(Post.objects.at(as_at).select_related("body").order_by("key"))  # type: ignore[attr-defined]


def bodies(as_at: date) -> list[Body]:
    """Every body that exists on a day, by name."""
    return list(Body.objects.at(as_at).order_by("name"))  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Handed:
    """One open thing of an ending body and the successor proposed for it; no heir is an empty string."""

    kind: str
    subject: str
    words: str
    heir: str


@dataclass(frozen=True)
class Handover:
    """What a body that ends still owes, and who could take it over."""

    body: Body
    heirs: list[Body]
    rows: list[Handed]


def handover(key: str, as_at: date) -> Handover:
    """Everything open that belongs to a body: promises, actions, seats it holds or fills, routes, proposed heirs.

    One successor is proposed for everything; with several, or none, each line waits for a person to name its heir.
    """
    body = Body.objects.filter(key=key).first()
    if body is None:
        raise NotFound(f"There is no body '{key}'.", hint="See every body at /bodies.")
    heirs = list(Body.objects.filter(succeeds__predecessor=body).order_by("key"))
    heir = heirs[0].key if len(heirs) == 1 else ""
    rows = [
        Handed("promise", f"statement:{item.statement.ref}", item.statement.words, heir)
        for item in judged("we", "i", "duty", at=as_at)
        if item.statement.owner == key and item.judgement.standing.state != "done"
    ]
    rows += [
        Handed(
            "action",
            f"action:{action.decision.key}/{action.number}",
            f"{action.words} ({finding.words})",
            heir,
        )
        for action, finding in open_actions(as_at)
        if action.owner_id == body.pk
    ]
    posts = Post.objects.filter(Q(body=body) | Q(nominated_by=body)).select_related("body").order_by("key")
    rows += [Handed("seat", f"post:{post.key}", f"{post.title}, {post.body}", heir) for post in posts]
    routes = (
        Route.objects.filter(Q(source=body) | Q(target=body))
        .select_related("source", "target")
        .order_by("pk")
    )
    rows += [
        Handed(
            "route",
            f"route:{r.source.key}/{r.kind}/{r.target.key}",
            f"{r.source} {r.get_kind_display()} {r.target}",
            heir,
        )
        for r in routes
    ]
    return Handover(body, heirs, rows)
