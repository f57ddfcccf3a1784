"""The pages of those who answer: requests, suggestions to approve, duplicates and gaps."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from endeavour.core.public import Person
from endeavour.errors import BadInput, Missing, NotFound
from endeavour.frontdoor import actions, presenters, queries, readability, rules
from endeavour.frontdoor.models import ContactRequest, Service
from endeavour.frontdoor.referral.capacity import capacity_words
from endeavour.frontdoor.referral.fields import as_told
from endeavour.frontdoor.referral.pages import WAYS
from endeavour.frontdoor.views import allowed, signed_in

# Among thousands nobody chooses from a list: the nearest few are offered, and other words bring others.
MOST_OFFERED = 8


@never_cache
@login_required
@require_safe
def requests(request: HttpRequest, page: int = 1) -> HttpResponse:
    """The queue of requests, oldest first, a hundred on a page."""
    found = queries.waiting_requests(signed_in(request), page)
    context = {"page": found, "rows": [(asked, queries.state_of(asked)) for asked in found.rows]}
    return render(request, "frontdoor/requests.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def one_request(request: HttpRequest, number: str) -> HttpResponse:
    """One request and the next step; opening it is written down."""
    person = allowed(request, rules.SEE_REQUESTS)
    found = queries.waiting_request(person, number)
    error = ""
    if request.method == "POST":
        try:
            return _step(request, found, person)
        except BadInput as wrong:
            error = str(wrong)
    actions.record_look(request=found, by=person)
    last, look_for = queries.state_of(found), request.GET.get("find", "").strip()[:300]
    context = {
        "found": found, "last": last, "way": WAYS.get(found.contact_by, ""), "when": presenters.TIMES.get(found.good_time, ""),
        "moves": presenters.moves(last.state),
        "told": as_told(found.referral.told) if hasattr(found, "referral") else [],
        "referrer": found.referral.referrer if hasattr(found, "referral") else None,
        "steps": sorted(found.steps.all(), key=lambda step: step.pk), "look_for": look_for,
        "services": [("", "Nobody: we will help"), *_who_else(look_for or found.need or last.service.name, last.service)],
        "error": error, "chosen": request.POST.get("to", ""), "words": request.POST.get("words", ""),
    }  # fmt: skip
    return render(request, "frontdoor/request.html", context, status=422 if error else 200)


def _step(request: HttpRequest, found: ContactRequest, person: Person) -> HttpResponse:
    key = request.POST.get("onward", "").strip()
    actions.move_request(
        request=found, to=request.POST.get("to", ""), by=person, words=request.POST.get("words", ""),
        onward=queries.one_service(key) if key else None,
    )  # fmt: skip
    return redirect("/find-help/requests")


def _who_else(words: str, than: Service) -> list[tuple[str, str]]:
    """The few services that best answer some words, each with its free places; never the one that passes it on.

    None while there is no index: a request must be read and answered all the same.
    """
    try:
        found = presenters.every_shown(queries.find_help(words, limit=MOST_OFFERED))
    except Missing:
        return []
    return [
        (shown.service.given_id, f"{shown.service.name}. {capacity_words(shown.service)}")
        for shown in found
        if shown.service.pk != than.pk
    ]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Suggest new words for a service, with how hard they are to read."""
    person = allowed(request, rules.PROPOSE_EDIT)
    found = queries.one_service(key)
    values, error = actions.editable_values(found), ""
    if request.POST.get("assure"):
        actions.assure(service=found, by=person)
        messages.success(request, "Marked as checked today.")
        return redirect(f"/service/{found.given_id}")
    if request.method == "POST":
        values |= {k: request.POST[k] for k in values if k in request.POST}
        try:
            actions.propose_edit(service=found, changes=values, by=person)
        except BadInput as wrong:
            error = str(wrong)
        else:
            messages.success(request, "Your words wait for a colleague to read them.")
            return redirect(f"/service/{found.given_id}")
    fields = [
        {"key": k, "label": presenters.FIELDS[k], "value": v, "long": actions.EDITABLE[k] > 500}
        for k, v in values.items()
    ]
    context = {"service": found, "fields": fields, "reading": readability.of_service(found), "error": error}
    return render(request, "frontdoor/edit.html", context, status=422 if error else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: HttpRequest) -> HttpResponse:
    """Suggestions to approve or refuse, what it says now beside what it would say."""
    person = allowed(request, rules.APPROVE_EDIT)
    waiting = queries.proposals(person)
    if request.method == "POST":
        chosen = next((r for r in waiting if str(r.pk) == request.POST.get("revision")), None)
        if chosen is None:
            raise NotFound("Somebody has already decided this.")
        actions.decide_edit(revision=chosen, approve=request.POST.get("decision") == "approve", by=person)
        return redirect("/find-help/approve")
    rows = [(revision, presenters.changes(revision.before, revision.after)) for revision in waiting]
    return render(request, "frontdoor/approve.html", {"rows": rows})
