"""The First 5,000 households: the rule, what it costs, whether the choice is fair, and what came of it.

Aggregates that passed the gate only; one household is shown by the caseload's pages alone.
"""

from __future__ import annotations

import csv
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from endeavour.core.public import Person, may
from endeavour.engine.cohort.release import current_summary
from endeavour.population import presenters_model, rules
from endeavour.population.presenters_cohort import (
    area_rows,
    fairness_charts,
    fairness_rows,
    limits,
    place_rows,
    rule_parts,
    rules_compared,
    sensitivity_rows,
)
from endeavour.population.queries import caseload, cohort

COLUMNS = (
    "rule",
    "kind",
    "group",
    "in_need",
    "chosen",
    "chosen_per_1000_in_need",
    "mean_need_of_chosen",
    "need_at_threshold",
    "reason",
)


@require_safe
def first_5000(request: HttpRequest) -> HttpResponse:
    """Who would be worked with first, by which rule, at what price, how fair that is, and what changed."""
    summary = cohort.summary()
    person = request.user if isinstance(request.user, Person) else None
    context: dict[str, Any] = {
        "summary": summary,
        "rule": cohort.rule(),
        "may_see_caseload": may(person, rules.SEE_CASELOAD),
    }
    if summary:
        names = caseload.area_names()
        whole, near = limits(summary, names)
        context |= {
            "parts": rule_parts(cohort.rule()),
            "places": place_rows(summary),
            "districts": area_rows(summary, "district", names),
            "charts": fairness_charts(summary),
            "fairness": fairness_rows(summary),
            "limits": whole,
            "full": near,
            "compared": rules_compared(summary),
            "sensitivity": sensitivity_rows(summary),
            "follow_up": cohort.kept("follow-up"),
            "has_model": cohort.kept("model") is not None,
            "progress": caseload.progress_of(summary["release"]),
        }
    return render(request, "population/first_5000.html", context)


@require_safe
def model(request: HttpRequest) -> HttpResponse:
    """The card of the model of need: what it is for, how good it is, for whom it is not."""
    card = cohort.kept("model")
    context: dict[str, Any] = {"card": card}
    if card:
        context |= {
            "label": card["label"].strip().rstrip("."),
            "learner": presenters_model.LEARNERS.get(card["model"], ""),
            "performance": presenters_model.performance_words(card),
            "calibration": presenters_model.calibration(card),
            "threshold": presenters_model.threshold_chart(card),
            "labels": presenters_model.label_rows(card),
            "weights": presenters_model.strongest(card),
        }
    return render(request, "population/model.html", context)


@require_safe
def model_file(request: HttpRequest, name: str) -> HttpResponse:
    """The card as Markdown, or every weight as CSV."""
    kind = {"card.md": "text/markdown", "weights.csv": "text/csv"}[name]
    response = HttpResponse(cohort.kept_file("model", name), content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
def segments(request: HttpRequest) -> HttpResponse:
    """Who needs what kind of care: everybody in one segment, by place and deprivation."""
    found = cohort.kept("segments")
    context: dict[str, Any] = {"found": found}
    if found:
        context |= {
            "chart": presenters_model.segments_chart(found),
            "tables": presenters_model.segment_tables(found, caseload.area_names()),
        }
    return render(request, "population/segments.html", context)


@require_safe
def first_5000_csv(request: HttpRequest) -> HttpResponse:
    """The fairness audit as CSV, each row with the reason why it is shown or hidden."""
    summary = current_summary()
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="first-5000-{summary["release"]}.csv"'
    writer = csv.DictWriter(response, COLUMNS, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(summary["fairness"])
    return response


@require_safe
def first_5000_json(request: HttpRequest) -> JsonResponse:
    """The whole published summary: the same as `endeavour cohort first-5000 --json`."""
    return JsonResponse(current_summary())
