"""The secretariat's desk: what is due, overdue and waiting today, and what was typed and not sent."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from endeavour.core.public import now, today
from endeavour.errors import BadInput
from endeavour.governance import actions, queries
from endeavour.governance.asking import person_for, typed_in

MOST = 10


@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """Today: what waits for the secretary, what is late, what is due, and the year's cycle."""
    person = person_for(request, "governance.call_meeting")
    day = today()
    coming, _ = queries.meetings(as_at=day)
    meetings = [(m, queries.meeting_findings(m, day)[0]) for m in coming[:5]]
    duties = [r for r in queries.register(day) if r.finding.state in {"due", "breached", "unproven"}]
    waiting, reviews = queries.unanswered(MOST), queries.late_reviews(day)
    agreements = queries.faulty_agreements(day)
    unconsulted = [row for row in queries.consultation(day) if row.is_faulty][:20]
    registers = [row for row in queries.entries(day) if row.is_faulty]
    signing = queries.compact(day)
    worries = queries.late_escalations(now())
    late, late_actions = queries.first_actions(day, "late", MOST)
    due, due_actions = queries.first_actions(day, "due", MOST)
    context = {
        "as_at": day,
        "drafts": queries.drafts_of(person),
        "waiting": waiting,
        "waiting_count": queries.count_unanswered() if len(waiting) == MOST else len(waiting),
        "notices": [(m, f) for m, f in meetings if not m.noticed_on],
        "unminuted": queries.without_minutes(day),
        "late": late,
        "late_actions": late_actions,
        "reviews": reviews,
        "agreements": agreements,
        "unconsulted": unconsulted,
        "registers": registers,
        "worries": worries,
        "unsigned": signing.unsigned if signing.practice else [],
        "due": due,
        "due_actions": due_actions,
        "duties": duties,
        "coming": meetings,
        "cycle": queries.waiting_in_cycle(day),
        "late_count": late_actions
        + len(reviews)
        + len(agreements)
        + len(unconsulted)
        + len(registers)
        + len(worries)
        + sum(row.finding.state == "breached" for row in duties),
        "faults": len(queries.board_map_faults(day)),
        "unengaged": sum(row.finding.state == "not_engaged" for row in queries.partners(day)),
    }
    return render(request, "governance/desk.html", context)


@require_POST
def keep_draft(request: HttpRequest) -> HttpResponse:
    """Keep what a form's script sends while somebody types; only forms of this part, only for who is signed in."""
    person = person_for(request, "governance.keep_draft")
    form = request.POST.get("_form", "")
    if not form.startswith(
        (
            "/meeting",
            "/decision",
            "/register",
            "/question",
            "/partner",
            "/body",
            "/bodies",
            "/data-agreements",
            "/interests",
            "/paper",
            "/registers",
        )
    ):
        raise BadInput("That is no form of the desk.")
    values = {
        name: typed
        for name, typed in typed_in(request).items()
        if not name.startswith("_") and name != "csrfmiddlewaretoken"
    }
    actions.keep_draft(by=person, form=form, values=values)
    return HttpResponse(status=204)
