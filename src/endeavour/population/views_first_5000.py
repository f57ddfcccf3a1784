"""The First 5,000 households: the rule, what it costs, whether the choice is fair, and what came of it.

Aggregates that passed the gate only; one household is shown by the caseload's pages alone.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from endeavour.core.public import Person, may
from endeavour.engine.cohort.release import choice_of, current_summary
from endeavour.population import presenters_model, rules
from endeavour.population.downloads import SYNTHETIC, Table
from endeavour.population.presenters_cohort import (
    area_rows,
    effect_words,
    fairness_charts,
    fairness_rows,
    limits,
    linkage_words,
    place_rows,
    proof_words,
    rule_parts,
    rules_compared,
    sensitivity_rows,
)
from endeavour.population.queries import caseload, cohort
from endeavour.population.releases import unchanged

COLUMNS = {
    "rule": "our rule, or one of the simpler rules beside it",
    "kind": "what the groups differ in",
    "group": "the group; 'all' is every household in need",
    "in_need": "households in need, to the nearest 5; empty where hidden",
    "chosen": "households chosen, to the nearest 5; empty where hidden",
    "chosen_per_1000_in_need": "chosen of every 1,000 in need",
    "mean_need_of_chosen": "mean need of those chosen, of 100",
    "need_at_threshold": "need, of 100, of those of the group who were only just chosen",
    "reason": "why a figure is shown or hidden",
}


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
        followed = cohort.follow_up_of(summary["release"])
        context |= {
            "base_day": _day(summary),
            "linkage": linkage_words(summary),
            "proof": proof_words(summary["gap"]),
            "parts": rule_parts(cohort.rule()),
            "places": place_rows(summary),
            "districts": area_rows(summary, "district", names),
            "charts": fairness_charts(summary),
            "fairness": fairness_rows(summary),
            "limits": [limit for limit in whole if limit["price"] != 0],
            "free": [limit for limit in whole if limit["price"] == 0],
            "full": near,
            "compared": rules_compared(summary),
            "sensitivity": sensitivity_rows(summary),
            "follow_up": followed,
            "effect": effect_words(followed["effect"]) if followed else "",
            "rehearsed": round(100 * followed["planted"]["share"])
            if followed and followed["planted"]
            else None,
            "has_model": cohort.kept("model") is not None,
            "progress": caseload.progress_of(choice_of(summary)),
        }
    return render(request, "population/first_5000.html", context)


def _day(summary: dict[str, Any]) -> date | None:
    """The day of which linked records speak."""
    told = summary.get("base", {}).get("as_at")
    return date.fromisoformat(told) if told else None


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
@unchanged
def model_card(request: HttpRequest) -> HttpResponse:
    """The whole card, as the run that fitted the model wrote it."""
    response = HttpResponse(cohort.kept_file("model", "card.md"), content_type="text/markdown; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="card.md"'
    return response


def weights_table(request: HttpRequest) -> Table:
    """Every weight of the model of need, one a line."""
    card = cohort.needed("model")
    rows = card["weights"]
    columns = {name: presenters_model.WEIGHT_COLUMNS[name] for row in rows for name in row}
    return Table(
        "weights",
        f"{card['title']}: every weight",
        columns,
        ([row.get(name, "") for name in columns] for row in rows),
        source=SYNTHETIC,
        method=presenters_model.LEARNERS.get(card["model"], card["model"]),
        release=card["release"],
    )


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


def fairness_table(request: HttpRequest) -> Table:
    """The fairness audit, each row with the reason why it is shown or hidden."""
    summary = current_summary()
    release = str(summary["release"])
    return Table(
        f"first-5000-{release}",
        "First 5,000: fairness audit",
        COLUMNS,
        ([row.get(name, "") for name in COLUMNS] for row in summary["fairness"]),
        source=SYNTHETIC,
        method="Households chosen of every 1,000 of their group in need, under our rule and under simpler ones.",
        release=release,
    )


@require_safe
@unchanged
def first_5000_json(request: HttpRequest) -> JsonResponse:
    """The whole published summary: the same as `endeavour cohort first-5000 --json`."""
    return JsonResponse(current_summary())
