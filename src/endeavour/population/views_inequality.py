"""Pages about inequality: the explorer and the Core20."""

from __future__ import annotations

import csv

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from endeavour.charts.hexmap import key
from endeavour.population import explorer, presenters_health
from endeavour.population.presenters_measures import listed
from endeavour.population.queries import areas, definitions, deprivation, figures, series


def _question(request: HttpRequest) -> explorer.Question:
    given = request.GET
    return explorer.question(
        given.get("measure", "imd"), given.get("edition", "2025"), given.get("base", "census2021")
    )


def _system_name() -> str:
    return areas.wide_areas()["system"][0].name


@require_safe
def inequality(request: HttpRequest) -> HttpResponse:
    """One measure over every neighbourhood, and what it means for places and districts."""
    if figures.is_published(request.GET.get("measure", "")):
        return redirect("population:measure", identity=request.GET["measure"])
    asked = _question(request)
    system = _system_name()
    chart, bands, cells = explorer.picture(asked, system)
    context = {
        "asked": asked,
        "chart": chart,
        "key": key(bands, cells),
        "domains": [
            {"value": k, "text": v, "selected": k == asked.measure} for k, v in deprivation.DOMAINS.items()
        ],
        "census": [
            {"value": k, "text": v[0], "selected": k == asked.measure}
            for k, v in explorer.CENSUS_WORDS.items()
        ],
        "measures": [
            {"value": m.id, "text": m.title} for _, ones in listed(figures.catalogue()) for m in ones
        ],
        "editions": [
            {"value": e, "text": f"{e} edition", "selected": e == asked.edition} for e in ("2025", "2019")
        ],
        "bases": [{"value": b, "text": w, "selected": b == asked.base} for b, w in deprivation.BASES.items()],
        "csv": f"/inequality.csv?{asked.query}",
    }
    if not asked.is_census:
        found = deprivation.most_deprived_fifth(asked.measure, asked.edition, asked.base)
        context |= {
            "districts": explorer.by_area(asked, found, "district", system),
            "places": explorer.by_area(asked, found, "place", system),
        }
    return render(request, "population/inequality.html", context)


@require_safe
def inequality_csv(request: HttpRequest) -> HttpResponse:
    """The same map as CSV, one neighbourhood a line."""
    chart, _, _ = explorer.picture(_question(request), _system_name())
    return _csv(chart.csv(), "inequality.csv")


@require_safe
def core20(request: HttpRequest) -> HttpResponse:
    """The Core20 by edition, base and geography, with the strategy's own figures reconciled."""
    found = definitions.core20_figures()
    expectancy = presenters_health.life_expectancy_chart(series.life_expectancy())
    context = {
        "rows": presenters_health.core20_groups(found.figures),
        "reconciliation": found.reconciliation,
        "headline": presenters_health.core20_headline(found.figures),
        "expectancy": expectancy,
        "prevalence": presenters_health.prevalence_charts(series.prevalence_by_decile()),
    }
    return render(request, "population/core20.html", context)


@require_safe
def core20_csv(request: HttpRequest) -> HttpResponse:
    """Every Core20 figure, one a line, with base, edition, geography and source."""
    response = _csv("", "core20.csv")
    found = [figure.as_json() for figure in definitions.core20_figures().figures]
    writer = csv.DictWriter(response, fieldnames=list(found[0]))
    writer.writeheader()
    writer.writerows(found)
    return response


@require_safe
def life_expectancy_csv(request: HttpRequest) -> HttpResponse:
    """Life expectancy by sex and deprivation fifth."""
    chart = presenters_health.life_expectancy_chart(series.life_expectancy())
    return _csv(chart.csv() if chart else "", "life-expectancy.csv")


def _csv(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
