"""Pairs of records to judge, one at a time; for practitioners, each look written down."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from endeavour.core.public import Person
from endeavour.population import actions, presenters_linkage
from endeavour.population.models import PairJudgement
from endeavour.population.queries import linkage


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest) -> HttpResponse:
    """The next pair, side by side with its evidence; an answer leads to the one after."""
    person = request.user
    assert isinstance(person, Person), "login_required lets nobody else in"
    if request.method == "POST":
        _answer(person, {name: str(value) for name, value in request.POST.items()})
        return redirect("population:linkage-review")
    found = actions.see_next_pair(by=person)
    context: dict[str, Any] = {
        "pair": found.pair,
        "waiting": found.waiting,
        "verdicts": PairJudgement.Verdict.choices,
        "judged": linkage.judgements(person),
        "body": person.body,
    }
    if found.pair and found.pair.is_pattern:
        context |= {
            "pattern": presenters_linkage.pattern(found.pair),
            "agencies": presenters_linkage.agencies(found.pair),
        }
    elif found.pair:
        context |= {
            "lines": presenters_linkage.lines(found.pair),
            "chart": presenters_linkage.waterfall(found.pair),
        }
    return render(request, "population/linkage_review.html", context)


def _answer(person: Person, given: dict[str, str]) -> None:
    said = given.get
    pair = {"left_id": said("left_id", ""), "right_id": said("right_id", "")}
    if "take_back" in given:
        actions.take_back_judgement(by=person, why=said("why", ""), **pair)
    else:
        actions.judge_pair(by=person, verdict=said("verdict", ""), why=said("why", ""), **pair)
