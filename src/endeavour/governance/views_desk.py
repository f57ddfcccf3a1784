"""The secretariat's desk: call a meeting, draft its agenda, record what was decided, publish the minutes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from endeavour.core.public import LONDON, Body, Person, parse_day, require, today
from endeavour.errors import BadInput, Conflict, NotFound
from endeavour.governance import actions, queries
from endeavour.governance.actions import DecisionWords
from endeavour.governance.findings import Finding
from endeavour.governance.forms import Field, Form
from endeavour.governance.models import AgendaItem, Attendance, Level, Reply
from endeavour.governance.views import ask, signed_in
from endeavour.strategy.public import judged

LEVELS = tuple(Level.choices)
UNRECORDED = "unrecorded"


def _person(request: HttpRequest, action: str) -> Person:
    person = signed_in(request)
    require(person, action)
    assert person is not None
    return person


def _asked(request: HttpRequest, form: Form, work: Callable[[dict[str, str]], HttpResponse]) -> HttpResponse:
    """Show the form, or do the work; a refusal comes back with what was typed."""
    if request.method != "POST":
        return ask(request, form)
    form = form.filled({name: str(value) for name, value in request.POST.items()})
    try:
        return work({f.name: f.value for f in form.fields})
    except (BadInput, Conflict) as error:
        return ask(request, form.wrong(str(error)))


@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """Today: what is due, overdue and waiting."""
    _person(request, "governance.call_meeting")
    day = today()
    coming, _ = queries.meetings(as_at=day)
    context = {
        "as_at": day,
        "coming": [(m, queries.meeting_findings(m, day)[0]) for m in coming[:5]],
        "cycle": queries.waiting_in_cycle(day),
        "duties": [r for r in queries.register(day) if r.finding.state in {"due", "breached", "unproven"}],
        "actions": queries.open_actions(day),
        "waiting": queries.unanswered(),
        "faults": len(queries.board_map_faults(day)),
    }
    return render(request, "governance/desk.html", context)


@require_http_methods(["GET", "POST"])
def new_meeting(request: HttpRequest) -> HttpResponse:
    """Call a meeting."""
    person = _person(request, "governance.call_meeting")
    form = Form(
        title="Call a meeting",
        button="Call this meeting",
        back=("/meetings", "Meetings"),
        fields=(
            Field("body", "Which board or forum?", "choice", options=tuple((b.key, b.name) for b in queries.boards(today()))),
            Field("day", "Which day?", "date"),
            Field("time", "At what time?", "time", value="14:00"),
            Field("minutes", "How many minutes?", "number", value="120"),
            Field("place", "Where?", hint="A building with step-free access, and its address"),
            Field("join_words", "How can people join?", "area", hint="Online link, phone number, interpreters, hearing loop"),
            Field("title", "Title, if not simply its name"),
            Field("closed_ground", "Ground for meeting in private, if any", hint="Leave empty: meetings are in public"),
        ),
    )  # fmt: skip

    def work(values: dict[str, str]) -> HttpResponse:
        body = Body.objects.filter(key=values["body"]).first()
        if body is None:
            raise BadInput("Choose a board or forum.")
        if not values["place"].strip():
            raise BadInput("Say where the meeting is.")
        meeting = actions.call_meeting(
            by=person,
            body=body,
            title=values["title"],
            starts_at=_moment(values["day"], values["time"]),
            minutes=_number(values["minutes"]),
            place=values["place"],
            join_words=values["join_words"],
            closed_ground=values["closed_ground"],
        )
        return redirect("governance:meeting", key=meeting.key)

    return _asked(request, form, work)


@require_POST
def give_notice(request: HttpRequest, key: str) -> HttpResponse:
    """Give public notice of a meeting today."""
    actions.give_notice(by=_person(request, "governance.give_notice"), meeting=queries.meeting(key))
    return redirect("governance:meeting", key=key)


@require_POST
def draft_agenda(request: HttpRequest, key: str) -> HttpResponse:
    """Draft the agenda from everything that is due by that day."""
    person = _person(request, "governance.draft_agenda")
    meeting = queries.meeting(key)
    actions.draft_agenda(by=person, meeting=meeting, promises=_late_promises(today()))
    return redirect("governance:meeting", key=key)


def _late_promises(day: date) -> list[Finding]:
    return [
        Finding(f"statement:{item.statement.ref}", "overdue", item.judgement.standing.words)
        for item in judged("we", at=day)
        if item.judgement.standing.state == "overdue"
    ]


@require_http_methods(["GET", "POST"])
def new_item(request: HttpRequest, key: str) -> HttpResponse:
    """Add an item to an agenda."""
    person = _person(request, "governance.draft_agenda")
    meeting = queries.meeting(key)
    form = Form(
        title="Add an agenda item",
        button="Add this item",
        back=(f"/meeting/{key}", meeting.title),
        fields=(
            Field("title", "Title"),
            Field("words", "What is it about?", "area"),
            Field("minutes", "How many minutes?", "number", value="10"),
            Field("exempt_ground", "Ground for taking it in private, if any"),
        ),
    )

    def work(values: dict[str, str]) -> HttpResponse:
        actions.add_item(
            by=person,
            meeting=meeting,
            title=values["title"],
            words=values["words"],
            minutes=_number(values["minutes"]),
            exempt_ground=values["exempt_ground"],
        )
        return redirect("governance:meeting", key=key)

    return _asked(request, form, work)


def _item(key: str, number: int) -> AgendaItem:
    item = next((i for i in queries.meeting(key).items.all() if i.number == number), None)
    if item is None:
        raise NotFound(f"This agenda has no item {number}.", hint=f"See /meeting/{key}.")
    return item


@require_http_methods(["GET", "POST"])
def new_paper(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Add a paper to an item."""
    person = _person(request, "governance.add_paper")
    item = _item(key, number)
    form = Form(
        title=f"Add a paper to item {number}, {item.title}",
        button="Add this paper",
        back=(f"/meeting/{key}", item.meeting.title),
        fields=(
            Field("title", "Its title, in words"),
            Field("file", "PDF or Word document, at most 25 MB", "file"),
        ),
    )

    def work(values: dict[str, str]) -> HttpResponse:
        upload = request.FILES.get("file")
        if upload is None or upload.size is None:
            raise BadInput("Choose a file.")
        if upload.size > actions.LARGEST_PAPER:
            raise BadInput("The paper is larger than 25 MB.", hint="Make its pictures smaller.")
        actions.add_paper(by=person, item=item, title=values["title"], content=upload.read())
        return redirect("governance:meeting", key=key)

    return _asked(request, form, work)


@require_http_methods(["GET", "POST"])
def attendance(request: HttpRequest, key: str) -> HttpResponse:
    """Record how each seat was filled."""
    person = _person(request, "governance.record_attendance")
    meeting = queries.meeting(key)
    seats = queries.seats(meeting.body, meeting.starts_at.astimezone(LONDON).date())
    if not seats:
        raise NotFound(
            f"{meeting.body} has no seats recorded.", hint="Add its posts to the pack and load it again."
        )
    recorded = {a.post_id: a.how for a in meeting.attendance.all()}
    form = Form(
        title="Who attended?",
        button="Record attendance",
        back=(f"/meeting/{key}", meeting.title),
        fields=tuple(
            Field(
                s.key,
                s.title,
                "choice",
                options=((UNRECORDED, "Not recorded"), *Attendance.How.choices),
                value=recorded.get(s.pk, UNRECORDED),
            )
            for s in seats
        ),
    )

    def work(values: dict[str, str]) -> HttpResponse:
        for seat in seats:
            how = values[seat.key]
            if how == UNRECORDED:
                continue
            if how not in Attendance.How.values:
                raise BadInput(f"'{how[:20]}' is not a way of attending.")
            if how != recorded.get(seat.pk):
                actions.record_attendance(by=person, meeting=meeting, post=seat, how=how)
        return redirect("governance:meeting", key=key)

    return _asked(request, form, work)


@require_http_methods(["GET", "POST"])
def new_decision(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Record a decision; `?supersedes=KEY` puts another in the place of an earlier one."""
    person = _person(request, "governance.record_decision")
    item = _item(key, number)
    earlier = queries.decision(request.GET["supersedes"]) if request.GET.get("supersedes") else None
    form = Form(
        title=f"Record a decision on item {number}, {item.title}",
        button="Record this decision",
        intro="A decision is never edited afterwards. If it was wrong, another takes its place and both stay readable.",
        back=(f"/meeting/{key}", item.meeting.title),
        fields=(
            Field("title", "The decision in one line"),
            Field("options", "Which options were considered?", "area"),
            Field("decided", "What was decided?", "area"),
            Field("reason", "Why?", "area"),
            Field("level", "At which level?", "choice", options=LEVELS, value=Level.NEIGHBOURHOOD),
            Field("level_reason", "Why no more locally?", "area", hint="Needed for place and system"),
            Field("effect_health", "Effect on people’s health and wellbeing", "area"),
            Field("effect_quality", "Effect on the quality of services", "area"),
            Field("effect_resources", "Effect on the sustainable use of resources", "area"),
            Field("effect_inequality", "Effect on inequalities, in each of the three", "area"),
            Field("equality_impact", "Equality impact: which groups, how, what will be done", "area"),
            Field("dissent", "Who disagreed, and why?", "area"),
        ),
    )

    def work(values: dict[str, str]) -> HttpResponse:
        if values["level"] not in Level.values:
            raise BadInput("Choose a level.")
        made = actions.record_decision(
            by=person, item=item, words=DecisionWords(**values), supersedes=earlier
        )
        return redirect("governance:decision", key=made.key)

    return _asked(request, form, work)


@require_http_methods(["GET", "POST"])
def new_action(request: HttpRequest, key: str) -> HttpResponse:
    """Give a body something to do because of a decision."""
    person = _person(request, "governance.record_decision")
    decision = queries.decision(key)
    bodies = tuple((b.key, b.name) for b in queries.bodies(today()))
    form = Form(
        title="Add an action",
        button="Add this action",
        back=(f"/decision/{key}", decision.title),
        fields=(
            Field("words", "What is to be done?", "area"),
            Field("owner", "By whom?", "choice", options=bodies),
            Field("due", "By when?", "date"),
        ),
    )

    def work(values: dict[str, str]) -> HttpResponse:
        owner = Body.objects.filter(key=values["owner"]).first()
        if owner is None:
            raise BadInput("Choose who is to do it.")
        actions.add_action(
            by=person, decision=decision, words=values["words"], owner=owner, due_on=parse_day(values["due"])
        )
        return redirect("governance:decision", key=key)

    return _asked(request, form, work)


@require_http_methods(["GET", "POST"])
def report_action(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Report on an action."""
    person = _person(request, "governance.report_action")
    decision = queries.decision(key)
    action = next((a for a in decision.actions.all() if a.number == number), None)
    if action is None:
        raise NotFound(f"This decision has no action {number}.")
    form = Form(
        title=f"Report on: {action.words}",
        button="Send this report",
        back=(f"/decision/{key}", decision.title),
        fields=(
            Field("words", "What happened?", "area"),
            Field("day", "When?", "date"),
            Field("evidence", "Where can it be seen?"),
            Field("done", "Is it done?", "choice", options=(("no", "Not yet"), ("yes", "Yes, it is done"))),
        ),
    )

    def work(values: dict[str, str]) -> HttpResponse:
        actions.report_action(
            by=person,
            action=action,
            happened_on=parse_day(values["day"]),
            words=values["words"],
            evidence=values["evidence"],
            done=values["done"] == "yes",
        )
        return redirect("governance:decision", key=key)

    return _asked(request, form, work)


@require_http_methods(["GET", "POST"])
def minutes(request: HttpRequest, key: str) -> HttpResponse:
    """Publish minutes, or a corrected version."""
    person = _person(request, "governance.publish_minutes")
    meeting = queries.meeting(key)
    standing = max(meeting.minutes_versions.all(), key=lambda m: m.version, default=None)
    form = Form(
        title="Publish minutes",
        button="Publish",
        intro="Earlier versions stay readable beside this one." if standing else "",
        back=(f"/meeting/{key}", meeting.title),
        fields=(Field("words", "The minutes", "area", value=standing.words if standing else ""),),
    )

    def work(values: dict[str, str]) -> HttpResponse:
        actions.publish_minutes(by=person, meeting=meeting, words=values["words"])
        return redirect("governance:meeting", key=key)

    return _asked(request, form, work)


@require_http_methods(["GET", "POST"])
def reply(request: HttpRequest, receipt: str) -> HttpResponse:
    """Answer somebody, or say why not."""
    person = _person(request, "governance.reply")
    found = queries.contribution(receipt)
    form = Form(
        title=f"Reply to {receipt}",
        button="Publish this reply",
        intro=found.words,
        back=("/desk/today", "Today"),
        fields=(
            Field("words", "Your reply", "area"),
            Field("outcome", "What becomes of it?", "choice", options=tuple(Reply.Outcome.choices)),
        ),
    )

    def work(values: dict[str, str]) -> HttpResponse:
        if values["outcome"] not in Reply.Outcome.values:
            raise BadInput("Choose what becomes of it.")
        actions.reply(by=person, contribution=found, outcome=values["outcome"], words=values["words"])
        return redirect("governance:contribution", receipt=receipt)

    return _asked(request, form, work)


@require_http_methods(["GET", "POST"])
def duty_evidence(request: HttpRequest, duty: str) -> HttpResponse:
    """Record something that bears on a duty."""
    person = _person(request, "governance.record_duty_evidence")
    row = next((r for r in queries.register(today()) if r.duty.key == duty), None)
    if row is None:
        raise NotFound(f"There is no duty '{duty}'.", hint="See /register.")
    kinds = tuple((k, k.replace("-", " ")) for k in (row.duty.needs, row.duty.answers_trigger, "note") if k)
    form = Form(
        title=f"Record evidence: {row.duty.title}",
        button="Record",
        back=("/register", "Statutory register"),
        fields=(
            Field("words", "What happened?", "area"),
            Field("kind", "What kind of evidence is it?", "choice", options=kinds),
            Field("day", "When did it happen?", "date"),
            Field("source", "Where can it be checked?"),
        ),
    )

    def work(values: dict[str, str]) -> HttpResponse:
        actions.record_duty_evidence(
            by=person,
            duty=duty,
            kind=values["kind"],
            happened_on=parse_day(values["day"]),
            words=values["words"],
            source=values["source"],
        )
        return redirect("governance:register")

    return _asked(request, form, work)


def _moment(day: str, at: str) -> datetime:
    try:
        clock = time.fromisoformat(at.strip())
    except ValueError as error:
        raise BadInput(f"'{at[:20]}' is not a time.", hint="Write it as 14:00.") from error
    return datetime.combine(parse_day(day), clock, tzinfo=LONDON)


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise BadInput(f"'{text[:20]}' is not a number of minutes.") from error
