"""The secretariat's desk: what is due, overdue and waiting today, and what was typed and not sent."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from endeavour.core.public import today
from endeavour.errors import BadInput
from endeavour.governance import actions, queries
from endeavour.governance.asking import person_for, typed_in


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Today: what waits for the secretary, what is late, what is due, and the year's cycle."""
    person = person_for(request, "governance.call_meeting")
    found = queries.desk_on(today())
    context = {"desk": found, "as_at": found.as_at, "drafts": queries.drafts_of(person)}
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
