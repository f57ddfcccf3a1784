"""The editors' queue of records that may be one service."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from endeavour.errors import BadInput, NotFound
from endeavour.frontdoor import rules
from endeavour.frontdoor.duplicates import actions, queries
from endeavour.frontdoor.views import allowed

DECISIONS = ("left", "right", "two", "undo")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def duplicates(request: HttpRequest) -> HttpResponse:
    """Judge a pair, or take a decision back."""
    person = allowed(request, rules.JUDGE_DUPLICATE)
    count, waiting = queries.pairs_to_judge(person)
    judged = queries.judged_pairs(person)
    if request.method == "POST":
        decision = request.POST.get("decision", "")
        if decision not in DECISIONS:
            raise BadInput("Choose one of the answers.")
        found = judged if decision == "undo" else waiting
        pair = next((p for p in found if str(p.pk) == request.POST.get("pair")), None)
        if pair is None:
            raise NotFound("Somebody has already decided this.", hint="Go back to the list.")
        if decision == "undo":
            actions.take_back(pair=pair, by=person)
        else:
            keep = pair.right if decision == "right" else pair.left
            actions.judge_duplicate(pair=pair, is_same=decision != "two", keep=keep, by=person)
        return redirect("/find-help/duplicates")
    context = {
        "count": count,
        "pairs": [(pair, queries.side_by_side(pair)) for pair in waiting],
        "judged": judged,
    }
    return render(request, "frontdoor/duplicates.html", context)
