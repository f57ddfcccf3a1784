"""Pages of published measures over time, calibration and sources."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from endeavour.errors import Missing, NotFound
from endeavour.population import methods as method_pages
from endeavour.population import presenters_measures, presenters_series, views_catalogue
from endeavour.population.downloads import Table
from endeavour.population.queries import calibration as calibration_queries
from endeavour.population.queries import comparisons, definitions, figures, series, store


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
            "whole": _whole(),
            "strategy": presenters_measures.by_strategy(figures.catalogue()),
            "catalogue": presenters_measures.apart(figures.catalogue()),
        },
    )


# Measures of the catalogue that have a page of their own making.
ELSEWHERE = {"core20": "/core20", "life-expectancy": "/inequality/slope?measure=life-expectancy-men"}


@require_safe
def measure(request: HttpRequest, identity: str) -> HttpResponse:
    """One measure: what it means, how it moved, where it stands in each area."""
    if identity in ELSEWHERE:
        return redirect(ELSEWHERE[identity])
    if figures.is_published(identity):
        return views_catalogue.measure(request, identity)
    indicator = definitions.indicator(identity)
    found = series.series(identity)
    chosen = _chosen(identity, found, request.GET.get("area", ""))
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


SERIES_COLUMNS = {
    "measure": "the measure's id",
    "area_code": "the area's or the body's code",
    "area_name": "its name",
    "subgroup": "the group of people; empty for everybody",
    "period_start": "first day",
    "period_end": "last day",
    "value": "as published; empty where the period was not reported",
    "lower": "lower end of the publisher's 95% interval",
    "upper": "upper end of it",
    "numerator": "how many",
    "denominator": "out of how many",
    "status": "reported, not reported, modelled or carried over",
    "unit": "the value's unit",
    "source": "who published it",
}


def measure_table(request: HttpRequest, identity: str) -> Table:
    """Every figure of a measure: counted by us, or as published; an unreported period has an empty value."""
    if figures.is_published(identity):
        return views_catalogue.table(request, identity)
    indicator = definitions.indicator(identity)
    rows = (
        [identity, one.area_code, one.area_name, one.subgroup, p.start, p.end, p.value, p.lower, p.upper,
         p.numerator, p.denominator, p.status, indicator.unit, indicator.source]
        for one in series.series(identity)
        for p in one.points
    )  # fmt: skip
    return Table(
        identity,
        indicator.name,
        SERIES_COLUMNS,
        rows,
        source=f"{indicator.publisher}: {indicator.source}.",
        method="As published.",
        release=store.edition(),
        licence=indicator.licence,
    )


@require_safe
def calibration(request: HttpRequest) -> HttpResponse:
    """How closely the synthetic residents follow each published table."""
    return render(request, "population/calibration.html", {"report": calibration_queries.report()})


@require_safe
def methods(request: HttpRequest) -> HttpResponse:
    """How each kind of number is worked out, from the statistics' own words."""
    return render(request, "population/methods.html", {"families": method_pages.families()})


def _whole() -> int:
    """How many figures the one file of all measures holds; none before a release."""
    try:
        return figures.count({"by": ""})
    except Missing:
        return 0


def _chosen(identity: str, found: list[series.Series], asked: str) -> series.Series:
    for one in found:
        if asked and presenters_series.choice_value(one) == asked:
            return one
    if asked:
        raise NotFound(
            f"This measure has no figures for '{asked[:40]}'.",
            hint=f"Choose an area from the list at /measure/{identity}.",
        )
    return found[0]
