"""Governance for everybody: meetings, decisions, duties and the check of the map."""

from __future__ import annotations

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from endeavour.core.public import may, now, today
from endeavour.errors import BadInput, NotFound
from endeavour.governance import queries
from endeavour.governance.agenda import WITHOUT_DEBATE
from endeavour.governance.asking import as_at_of, signed_in
from endeavour.governance.definitions import meeting_rules
from endeavour.governance.models import Level, Meeting
from endeavour.paths import var_dir
from endeavour.strategy.public import assessed_decisions, assessment_of_decision


@require_safe
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


@require_safe
def meeting(request: HttpRequest, key: str) -> HttpResponse:
    """One meeting: when, where, agenda, papers, attendance, decisions, minutes."""
    sitting = queries.meeting(key)
    person = signed_in(request)
    is_past = sitting.starts_at <= now()
    takes = [item.minutes for item in sitting.items.all()]
    context = {
        "meeting": sitting,
        "changes": queries.agenda_changes(sitting),
        "may_arrange": may(person, "governance.arrange_item") and not sitting.agenda_on and not is_past,
        "findings": queries.meeting_findings(sitting, today()),
        "minutes": sorted(sitting.minutes_versions.all(), key=lambda m: m.version),
        "secretary": may(person, "governance.draft_agenda"),
        "minutes_of_agenda": sum(takes),
        "undebated": sum(minutes <= WITHOUT_DEBATE for minutes in takes),
        "overrun": sum(takes) - sitting.lasts,
        "is_past": is_past,
    }
    return render(request, "governance/meeting.html", context)


@require_safe
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


@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    """Decisions that stand, by level, with the share taken at each."""
    level, search = request.GET.get("level", ""), request.GET.get("q", "").strip()
    if level and level not in Level.values:
        raise BadInput(f"'{level[:20]}' is not a level.", hint=f"Choose {', '.join(Level.values)}.")
    found = queries.decisions(level=level, search=search)
    standing, reaches = queries.decision_counts()
    context = {
        "decisions": found,
        "without_quorum": queries.without_quorum(found),
        "counts": standing,
        "reach": reaches,
        "total": sum(count for _, count, _ in standing),
        "level": level,
        "q": search,
        "levels": Level.choices,
        "assessed": {
            name.removeprefix("decision:")
            for name in assessed_decisions([f"decision:{d.key}" for d in found], at=today())
        },
    }
    return render(request, "governance/decisions.html", context)


@require_safe
def decision(request: HttpRequest, key: str) -> HttpResponse:
    """One decision: options, reason, level, effects, dissent, actions, and the thread either way."""
    found = queries.decision(key)
    day = today()
    context = {
        "decision": found,
        "impact": assessment_of_decision(found.key),
        "without_quorum": queries.without_quorum([found]).get(key),
        "named": queries.named_in(found, at=day),
        "money": queries.money_moved_by(found.key, day),
        "actions": [(action, queries.action_finding(action, day)) for action in found.actions.all()],
        "secretary": may(signed_in(request), "governance.record_decision"),
        "reporter": may(signed_in(request), "governance.report_action"),
    }
    return render(request, "governance/decision.html", context)


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """The statutory register and the annual business cycle on a day."""
    day = as_at_of(request)
    context = {
        "as_at": day,
        "rows": queries.register(day),
        "cycle": queries.waiting_in_cycle(day),
        "contents": queries.contents(),
        "may_record": may(signed_in(request), "governance.record_duty_evidence"),
    }
    return render(request, "governance/register.html", context)


@require_safe
def map_check(request: HttpRequest) -> HttpResponse:
    """What is wrong with the map of boards and forums on a day."""
    day = as_at_of(request)
    routes = queries.routes(day)
    faults = queries.board_map_faults(day, routes)
    names = {f"body:{key}": name for key, name in queries.body_names().items()}
    names |= {f"route:{row.name}": row.words for row in routes}
    groups: dict[str, list[tuple[str, str]]] = {}
    for fault in faults:
        groups.setdefault(fault.state, []).append((names.get(fault.subject, ""), fault.words))
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
        "routes": routes,
        "may_record": may(signed_in(request), "governance.record_message"),
    }
    return render(request, "governance/map_check.html", context)
