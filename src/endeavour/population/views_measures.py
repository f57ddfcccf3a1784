"""Pages of published measures over time, calibration and sources."""

from __future__ import annotations

import csv

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from endeavour.errors import NotFound
from endeavour.population import methods as method_pages
from endeavour.population import presenters_measures, presenters_series, views_catalogue
from endeavour.population.queries import calibration as calibration_queries
from endeavour.population.queries import comparisons, definitions, figures, series


@require_safe
def measures(request: HttpRequest) -> HttpResponse:
    """Every published measure, grouped by what it is about."""
    coverage = series.coverage()
    groups = presenters_series.grouped(definitions.indicators(), coverage)
    return render(
        request,
        "population/measures.html",
        {
            "groups": groups,
            "count": len(coverage),
            "catalogue": presenters_measures.listed(figures.catalogue()),
        },
    )


@require_safe
def measure(request: HttpRequest, identity: str) -> HttpResponse:
    """One measure: what it means, how it moved, where it stands in each area."""
    if identity == "core20":
        return redirect("population:core20")
    if figures.is_published(identity):
        return views_catalogue.measure(request, identity)
    indicator = definitions.indicator(identity)
    found = series.series(identity)
    chosen = _chosen(found, request.GET.get("area", ""))
    context = {
        "indicator": indicator,
        "chart": presenters_series.time_chart(indicator, chosen),
        "compare": presenters_series.comparison(indicator, found),
        "series": chosen,
        "choices": presenters_series.choices(found, chosen),
        "csv": f"/measure/{identity}.csv",
        "is_comparable": any(c.indicator.id == identity for c in comparisons.comparables()),
    }
    return render(request, "population/measure.html", context)


@require_safe
def measure_csv(request: HttpRequest, identity: str) -> HttpResponse:
    """Every observation of a measure, as published; an unreported period has an empty value."""
    if figures.is_published(identity):
        return views_catalogue.measure_csv(request, identity)
    indicator = definitions.indicator(identity)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{identity}.csv"'
    writer = csv.writer(response)
    writer.writerow(
        ["measure", "area_code", "area_name", "subgroup", "period_start", "period_end", "value", "lower", "upper",
         "numerator", "denominator", "status", "unit", "source"]
    )  # fmt: skip
    for one in series.series(identity):
        for p in one.points:
            writer.writerow(
                [identity, one.area_code, one.area_name, one.subgroup, p.start, p.end, p.value, p.lower, p.upper,
                 p.numerator, p.denominator, p.status, indicator.unit, indicator.source]
            )  # fmt: skip
    return response


@require_safe
def calibration(request: HttpRequest) -> HttpResponse:
    """How closely the synthetic residents follow each published table."""
    return render(request, "population/calibration.html", {"report": calibration_queries.report()})


@require_safe
def methods(request: HttpRequest) -> HttpResponse:
    """How each kind of number is worked out, from the statistics' own words."""
    return render(request, "population/methods.html", {"families": method_pages.families()})


def _chosen(found: list[series.Series], asked: str) -> series.Series:
    for one in found:
        if asked and presenters_series.choice_value(one) == asked:
            return one
    if asked:
        raise NotFound(
            f"This measure has no figures for '{asked[:40]}'.", hint="Choose an area from the list."
        )
    return found[0]
