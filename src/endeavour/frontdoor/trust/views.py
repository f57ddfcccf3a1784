"""The pages of trust: freshness for everybody, the history of a page, and the editors' desk."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from endeavour.core.public import Person, csv_response, may, require, today
from endeavour.errors import BadInput, NotFound
from endeavour.frontdoor import actions, rules
from endeavour.frontdoor.duplicates.queries import pairs_to_judge
from endeavour.frontdoor.queries import (
    checked_safety,
    count_waiting,
    crisis_lines,
    numbers_checked,
    one_service,
    phones_of,
    proposals,
)
from endeavour.frontdoor.queries import freshness as freshness_of
from endeavour.frontdoor.trust import queries
from endeavour.frontdoor.views import allowed, signed_in


@require_safe
def freshness(request: HttpRequest) -> HttpResponse:
    """How fresh the directory is: by who tells it, the crisis lines, and every record that is late."""
    found = queries.register(today())
    context = {"register": found, "coverage": queries.coverage(), "late": found.late[: queries.MOST_SHOWN], "more": max(0, len(found.late) - queries.MOST_SHOWN)}  # fmt: skip
    return render(request, "frontdoor/freshness.html", context)


@require_safe
def freshness_csv(request: HttpRequest) -> HttpResponse:
    """Every record's promise and score as CSV."""
    header = ["service", "name", "told_by", "checked_on", "promise_days", "kept", "score"]
    rows = []
    for service in queries.active_services():
        fresh = freshness_of(service)
        rows.append([service.given_id, service.name, service.feed.name if service.feed else "", fresh.assured_on or "",
                         fresh.promise_days, "yes" if fresh.kept else "no", fresh.score])  # fmt: skip
    return csv_response("freshness.csv", header, rows)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def history(request: HttpRequest, key: str) -> HttpResponse:
    """What a page said before, who changed it, and who tells of the service. An editor may suggest the old words again."""
    found = one_service(key)
    person = signed_in(request)
    versions = queries.versions(found)
    if request.method == "POST":
        editor = allowed(request, rules.PROPOSE_EDIT)
        chosen = next((v for v in versions if str(v.revision.pk) == request.POST.get("version")), None)
        if chosen is None:
            raise NotFound("There is no such change of this page.")
        words = {k: v for k, v in chosen.revision.before.items() if k in actions.EDITABLE}
        actions.propose_edit(service=found, changes=words, by=editor)
        return redirect(f"/service/{found.given_id}/history")
    context = {
        "service": found, "service_address": f"/service/{found.given_id}", "versions": versions, "tellers": queries.tellers_of(found), "fresh": freshness_of(found),
        "may_edit": may(person, rules.PROPOSE_EDIT),
    }  # fmt: skip
    return render(request, "frontdoor/history.html", context)


@never_cache
@login_required
@require_safe
def feedback(request: HttpRequest) -> HttpResponse:
    """What people said of pages since they were last checked."""
    return render(request, "frontdoor/feedback.html", {"rows": queries.open_feedback(signed_in(request))})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def lines(request: HttpRequest) -> HttpResponse:
    """Every number of the crisis cards and every crisis line, to ring one by one and then say so."""
    person = allowed(request, rules.PROPOSE_EDIT)
    error = ""
    if request.method == "POST":
        try:
            said = _check(request, person)
        except BadInput as wrong:
            error = str(wrong)
        else:
            messages.success(request, said)
            return redirect("/find-help/lines")
    content, days = checked_safety(), numbers_checked()
    on_cards = {n: [t for t in content.topics if n in t.to_ring] for n in days}
    context = {
        "safety": content, "overdue": content.lines_overdue(today()), "error": error,
        "numbers": [
            {"number": n, "text": cards[0].to_ring[n], "day": days[n], "cards": cards} for n, cards in on_cards.items()
        ],
        "rows": [(line, phones_of(line), freshness_of(line)) for line in crisis_lines()],
        "may_check": may(person, rules.APPROVE_EDIT),
    }  # fmt: skip
    return render(request, "frontdoor/lines.html", context, status=422 if error else 200)


def _check(request: HttpRequest, person: Person) -> str:
    if request.POST.get("all") == "yes":
        actions.check_lines(by=person)
        return "Written down: every crisis number was checked today."
    count = actions.check_some_lines(
        numbers=request.POST.getlist("number"), lines=request.POST.getlist("line"), by=person
    )
    return f"Written down: {count:,} {'number was' if count == 1 else 'numbers were'} checked today."


def _waiting(count: int, one: str, more: str) -> str:
    return "Nothing waits" if not count else f"{count:,} {one if count == 1 else more}"


@never_cache
@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for whoever keeps the directory or answers requests: only what they may do, with how much there is."""
    person = signed_in(request)
    found = queries.register(today())
    tasks: list[tuple[str, str, str]] = []
    if may(person, rules.SEE_REQUESTS):
        tasks.append(
            (
                "/find-help/requests",
                "Requests to be contacted",
                _waiting(count_waiting(person), "waits", "wait"),
            )
        )
    if may(person, rules.APPROVE_EDIT):
        tasks.append(
            ("/find-help/approve", "Changes to approve", _waiting(len(proposals(person)), "waits", "wait"))
        )
    if may(person, rules.JUDGE_DUPLICATE):
        tasks.append(
            (
                "/find-help/duplicates",
                "One service or two?",
                _waiting(pairs_to_judge(person, most=0)[0], "pair to judge", "pairs to judge"),
            )
        )
    if may(person, rules.SEE_FEEDBACK):
        tasks.append(
            (
                "/find-help/feedback",
                "What people said of pages",
                _waiting(len(queries.open_feedback(person)), "page", "pages"),
            )
        )
    if may(person, rules.PROPOSE_EDIT):
        tasks.append(
            (
                "/find-help/freshness",
                "How fresh our pages are",
                f"{len(found.late):,} late, {len(found.crisis_late):,} of them crisis lines",
            )
        )
        tasks.append(("/find-help/lines", "Crisis numbers", "Ring each and say that it is right"))
        tasks.append(("/find-help/readability", "Hard words", "Pages that are hard to read"))
    if may(person, rules.SEE_GAPS):
        tasks.append(("/find-help/gaps", "What people could not find", "By theme, district and language"))
    if not tasks:
        require(person, rules.PROPOSE_EDIT)
    tasks.append(
        ("/find-help/funnel", "Asked, contacted, helped", "What became of requests, for everybody to see")
    )
    return render(request, "frontdoor/desk.html", {"tasks": tasks})
