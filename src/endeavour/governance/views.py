"""Governance for everybody: meetings, decisions, duties, the check of the map, and having your say."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from endeavour.core.public import Body, Person, entry, may, parse_day, today, walk
from endeavour.errors import BadInput, NotFound
from endeavour.governance import actions, queries
from endeavour.governance.definitions import meeting_rules
from endeavour.governance.forms import Field, Form
from endeavour.governance.models import Level, Meeting
from endeavour.paths import var_dir

EARLIEST = date(2017, 1, 1)


def as_at_of(request: HttpRequest) -> date:
    """The day asked about: `?as_at=2024-04-01`, from 2017 to today."""
    text = request.GET.get("as_at", "").strip()
    day = parse_day(text) if text else today()
    if not EARLIEST <= day <= today():
        raise BadInput(
            f"We can look at days from {EARLIEST} to today, not {day}.", hint="Choose another day."
        )
    return day


def signed_in(request: HttpRequest) -> Person | None:
    """The person signed in, or nobody."""
    return request.user if isinstance(request.user, Person) else None


def ask(request: HttpRequest, form: Form, status: int = 200) -> HttpResponse:
    """Draw a form, with its errors where it has any."""
    return render(request, "governance/form.html", {"form": form}, status=422 if form.errors else status)


@require_GET
def meetings(request: HttpRequest) -> HttpResponse:
    """Meetings to come and past."""
    day = as_at_of(request)
    body = request.GET.get("body", "")
    coming, past = queries.meetings(as_at=day, body=body)
    context = {
        "as_at": day,
        "coming": coming,
        "past": past,
        "may_call": may(signed_in(request), "governance.call_meeting"),
        "notice": meeting_rules(settings.PACK).notice,
    }
    return render(request, "governance/meetings.html", context)


@require_GET
def meeting(request: HttpRequest, key: str) -> HttpResponse:
    """One meeting: when, where, agenda, papers, attendance, decisions, minutes."""
    sitting = queries.meeting(key)
    context = {
        "meeting": sitting,
        "findings": queries.meeting_findings(sitting, today()),
        "minutes": sorted(sitting.minutes_versions.all(), key=lambda m: m.version),
        "secretary": may(signed_in(request), "governance.draft_agenda"),
        "is_past": sitting.starts_at.date() <= today(),
    }
    return render(request, "governance/meeting.html", context)


@require_GET
def paper(request: HttpRequest, key: str, sha256: str) -> FileResponse:
    """One paper of a meeting in public, as it was uploaded."""
    sitting: Meeting = queries.meeting(key)
    for item in sitting.items.all():
        for found in item.papers.all():
            if found.sha256 == sha256:
                if (item.exempt_ground or sitting.closed_ground) and not may(
                    signed_in(request), "governance.draft_agenda"
                ):
                    raise NotFound("This paper is not public.", hint="The agenda gives the ground.")
                content = (var_dir() / "papers" / sha256[:2] / sha256).open("rb")
                ending = "pdf" if found.media_type == "application/pdf" else "docx"
                return FileResponse(content, as_attachment=True, filename=f"{found.title}.{ending}")
    raise NotFound("There is no such paper at this meeting.")


@require_GET
def decisions(request: HttpRequest) -> HttpResponse:
    """Decisions that stand, by level, with the share taken at each."""
    level, search = request.GET.get("level", ""), request.GET.get("q", "").strip()
    if level and level not in Level.values:
        raise BadInput(f"'{level[:20]}' is not a level.", hint=f"Choose {', '.join(Level.values)}.")
    found = queries.decisions(level=level, search=search)
    counts = [(value, label, sum(d.level == value for d in found)) for value, label in Level.choices]
    context = {"decisions": found, "counts": counts, "level": level, "q": search, "levels": Level.choices}
    return render(request, "governance/decisions.html", context)


@require_GET
def decision(request: HttpRequest, key: str) -> HttpResponse:
    """One decision: options, reason, level, effects, dissent, actions, and the thread either way."""
    found = queries.decision(key)
    day = today()
    context = {
        "decision": found,
        "actions": [(action, queries.action_finding(action, day)) for action in found.actions.all()],
        "thread": walk(entry("decision", found.key), depth=3, limit=40),
        "secretary": may(signed_in(request), "governance.record_decision"),
        "reporter": may(signed_in(request), "governance.report_action"),
    }
    return render(request, "governance/decision.html", context)


@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """The statutory register and the annual business cycle on a day."""
    day = as_at_of(request)
    context = {
        "as_at": day,
        "rows": queries.register(day),
        "cycle": queries.waiting_in_cycle(day),
        "may_record": may(signed_in(request), "governance.record_duty_evidence"),
    }
    return render(request, "governance/register.html", context)


@require_GET
def map_check(request: HttpRequest) -> HttpResponse:
    """What is wrong with the map of boards and forums on a day."""
    day = as_at_of(request)
    faults = queries.board_map_faults(day)
    names = {f"body:{key}": name for key, name in Body.objects.values_list("key", "name")}
    groups: dict[str, list[tuple[str, str]]] = {}
    for fault in faults:
        groups.setdefault(fault.state, []).append(
            (names.get(fault.subject, fault.subject.partition(":")[2]), fault.words)
        )
    titles = {
        "no_route_in": "Nothing comes in",
        "no_route_out": "Nothing goes out",
        "silent": "Silent for longer than agreed",
        "no_owner": "Nobody keeps the route",
        "vacant": "Empty seats",
    }
    context = {
        "as_at": day,
        "groups": [(titles[state], rows) for state, rows in groups.items()],
        "total": len(faults),
    }
    return render(request, "governance/map_check.html", context)


QUESTION = Form(
    title="Ask a question or tell us something",
    button="Send",
    intro="You do not have to give a name. You get a receipt, and with it you can see what became of your words.",
    back=("/have-your-say", "Have your say"),
    fields=(
        Field("words", "What would you like to ask or tell us?", "area", hint="Please leave out names and anything private."),
        Field("kind", "What is it?", "choice", options=(("question", "A question for a public meeting"), ("contribution", "Something you should know"))),
        Field("theme", "What is it about, in a word or two?", hint="For example, falls, housing, GP appointments"),
        Field("partner_class", "Who are you?", "choice", options=tuple(Body.PartnerClass.choices), value="residents"),
        Field("publish", "May we publish your words?", "choice", options=(("yes", "Yes"), ("no", "No, only the answer"))),
    ),
)  # fmt: skip


@require_GET
def have_your_say(request: HttpRequest) -> HttpResponse:
    """How to be heard, what others asked, and whose words moved something."""
    coming, _ = queries.meetings(as_at=today())
    influence = queries.influence()
    context = {
        "coming": coming[:3],
        "questions": queries.public_questions()[:10],
        "influence": influence if any(row.contributed for row in influence) else [],
        "receipt": request.GET.get("receipt", ""),
    }
    return render(request, "governance/have_your_say.html", context)


@require_http_methods(["GET", "POST"])
def question(request: HttpRequest) -> HttpResponse:
    """Ask, and get a receipt."""
    if request.method != "POST":
        return ask(request, QUESTION)
    form = QUESTION.filled(request.POST)
    values = {f.name: f.value for f in form.fields}
    if values["partner_class"] not in Body.PartnerClass.values or values["kind"] not in {
        "question",
        "contribution",
    }:
        return ask(request, form.wrong("Choose one of the answers given."))
    try:
        taken = actions.contribute(
            by=signed_in(request),
            words=values["words"],
            kind=values["kind"],
            theme=values["theme"],
            partner_class=values["partner_class"],
            may_publish=values["publish"] != "no",
        )
    except BadInput as error:
        return ask(request, form.wrong(str(error)))
    return redirect("governance:contribution", receipt=taken.receipt)


@require_GET
def contribution(request: HttpRequest, receipt: str) -> HttpResponse:
    """What became of somebody's words: the receipt, the replies, the thread."""
    found = queries.contribution(receipt)
    context = {
        "contribution": found,
        "replies": list(found.replies.order_by("recorded_at")),
        "thread": walk(entry("contribution", found.receipt), depth=5, limit=40),
        "may_reply": may(signed_in(request), "governance.reply"),
    }
    return render(request, "governance/contribution.html", context)


@require_GET
def follow(request: HttpRequest) -> HttpResponse:
    """Go to what a receipt stands for."""
    return redirect("governance:contribution", receipt=request.GET.get("receipt", "").strip().upper() or "-")
