"""The First 5,000 households: the rule, what it costs, and whether the choice is fair. Aggregates through the gate only."""

from __future__ import annotations

import csv
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from endeavour.engine.cohort.release import current_summary
from endeavour.errors import Missing
from endeavour.population.presenters_cohort import (
    fairness_charts,
    fairness_rows,
    limits,
    place_rows,
    rules_compared,
)


def _summary() -> dict[str, Any] | None:
    try:
        return current_summary()
    except Missing:
        return None


@require_safe
def first_5000(request: HttpRequest) -> HttpResponse:
    """Who would be worked with first, by which rule, at what price, and how fair that is."""
    summary = _summary()
    context: dict[str, Any] = {"summary": summary}
    if summary:
        context |= {
            "weights": sorted(summary["weights"].items(), key=lambda pair: -pair[1]),
            "places": place_rows(summary),
            "charts": fairness_charts(summary),
            "fairness": fairness_rows(summary),
            "limits": limits(summary),
            "compared": rules_compared(summary),
        }
    return render(request, "population/first_5000.html", context)


@require_safe
def first_5000_csv(request: HttpRequest) -> HttpResponse:
    """The fairness audit as CSV, each row with the reason why it is shown or hidden."""
    summary = current_summary()
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="first-5000-{summary["release"]}.csv"'
    columns = [
        "rule",
        "kind",
        "group",
        "in_need",
        "chosen",
        "chosen_per_1000_in_need",
        "mean_need_of_chosen",
        "reason",
    ]
    writer = csv.DictWriter(response, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(summary["fairness"])
    return response


@require_safe
def first_5000_json(request: HttpRequest) -> JsonResponse:
    """The whole published summary: the same as `endeavour cohort first-5000 --json`."""
    return JsonResponse(current_summary())
