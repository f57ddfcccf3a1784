"""What is to be done because of decisions and is not done: a page at a time, by owner, on any day, and as a file."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from endeavour.core.public import csv_response
from endeavour.errors import BadInput
from endeavour.governance import queries
from endeavour.governance.asking import as_at_of


@require_safe
def actions(request: HttpRequest) -> HttpResponse:
    """Actions that are late on a day, or not yet due, or both; of one owner or of all; soonest due first."""
    day = as_at_of(request)
    which, owner = request.GET.get("which", "late"), request.GET.get("owner", "")
    found = queries.action_list(day, which=which, owner=owner, number=_page(request))
    kept = {name: request.GET[name] for name in ("which", "owner", "as_at") if request.GET.get(name)}
    context = {
        "as_at": day,
        "found": found,
        "which": which,
        "choices": queries.WHICH.items(),
        "owner": owner,
        "everybody": sum(number for _, _, number in found.owners),
        "csv": f"/actions.csv?{urlencode(kept)}" if kept else "/actions.csv",
        "earlier": f"/actions?{urlencode(kept | {'page': found.number - 1})}" if found.number > 1 else "",
        "later": f"/actions?{urlencode(kept | {'page': found.number + 1})}"
        if found.number < found.last
        else "",
    }
    return render(request, "governance/actions.html", context)


def _page(request: HttpRequest) -> int:
    asked = request.GET.get("page", "1")
    if not asked.isdecimal() or len(asked) > 6:
        raise BadInput(f"'{asked[:10]}' is not a page.", hint="Start at the first page.")
    return int(asked)


@require_safe
def actions_csv(request: HttpRequest) -> HttpResponse:
    """The same list, whole, as a file."""
    day = as_at_of(request)
    found = queries.open_actions(day, request.GET.get("owner", ""), request.GET.get("which", "late"))
    header = ["decision", "number", "words", "owner", "due_on", "state", "days_late"]
    rows = (
        [a.decision.key, a.number, a.words, a.owner.key, a.due_on, f.state, max(0, (day - a.due_on).days)]
        for a, f in found
    )
    return csv_response(f"actions-{day}.csv", header, rows)
