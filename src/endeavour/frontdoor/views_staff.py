"""The pages of those who answer: requests, suggestions to approve, duplicates and gaps."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from endeavour.core.public import require
from endeavour.errors import NotFound
from endeavour.frontdoor import actions, presenters, queries, readability, rules
from endeavour.frontdoor.referral.capacity import capacity_words
from endeavour.frontdoor.referral.fields import as_told
from endeavour.frontdoor.views import signed_in


@never_cache
@login_required
@require_GET
def requests(request: HttpRequest) -> HttpResponse:
    """The queue of requests, oldest first."""
    return render(request, "frontdoor/requests.html", {"rows": queries.waiting_requests(signed_in(request))})


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def one_request(request: HttpRequest, number: str) -> HttpResponse:
    """One request and the next step; opening it is written down."""
    person = signed_in(request)
    require(person, rules.SEE_REQUESTS)
    assert person is not None, "require() refuses nobody"
    found = queries.request_with_receipt(number)
    if found.pk not in {r.pk for r, _ in queries.waiting_requests(person)}:
        raise NotFound("This request is finished or stands with another organisation.")
    if request.method == "POST":
        key = request.POST.get("onward", "").strip()
        onward = queries.one_service(key) if key else None
        actions.move_request(
            request=found,
            to=request.POST.get("to", ""),
            by=person,
            words=request.POST.get("words", ""),
            onward=onward,
        )
        return redirect("/find-help/requests")
    actions.record_look(request=found, by=person)
    last = queries.state_of(found)
    context = {
        "found": found, "last": last, "moves": presenters.moves(last.state),
        "told": as_told(found.referral.told) if hasattr(found, "referral") else [],
        "referrer": found.referral.referrer if hasattr(found, "referral") else None,
        "services": [{"value": "", "text": "Nobody: we will help"}]
        + [{"value": s.given_id, "text": f"{s.name}. {capacity_words(s)}"} for s in queries.all_services()],
    }  # fmt: skip
    return render(request, "frontdoor/request.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Suggest new words for a service, with how hard they are to read."""
    person = signed_in(request)
    require(person, rules.PROPOSE_EDIT)
    assert person is not None, "require() refuses nobody"
    found = queries.one_service(key)
    if request.method == "POST":
        if request.POST.get("assure"):
            actions.assure(service=found, by=person)
            messages.success(request, "Marked as checked today.")
        else:
            changes = {k: request.POST[k] for k in actions.EDITABLE if k in request.POST}
            actions.propose_edit(service=found, changes=changes, by=person)
            messages.success(request, "Your words wait for a colleague to read them.")
        return redirect(f"/service/{found.given_id}")
    values = actions.editable_values(found)
    fields = [
        {"key": k, "label": presenters.FIELDS[k], "value": v, "long": actions.EDITABLE[k] > 500}
        for k, v in values.items()
    ]
    context = {"service": found, "fields": fields, "reading": readability.of_service(found)}
    return render(request, "frontdoor/edit.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def approve(request: HttpRequest) -> HttpResponse:
    """Suggestions to approve or refuse, what it says now beside what it would say."""
    person = signed_in(request)
    waiting = queries.proposals(person)
    assert person is not None, "the query refuses nobody"
    if request.method == "POST":
        chosen = next((r for r in waiting if str(r.pk) == request.POST.get("revision")), None)
        if chosen is None:
            raise NotFound("Somebody has already decided this.")
        actions.decide_edit(revision=chosen, approve=request.POST.get("decision") == "approve", by=person)
        return redirect("/find-help/approve")
    rows = [(revision, presenters.changes(revision.before, revision.after)) for revision in waiting]
    return render(request, "frontdoor/approve.html", {"rows": rows})
