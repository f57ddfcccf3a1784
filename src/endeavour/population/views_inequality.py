"""Pages about inequality: the explorer and the Core20."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from endeavour.charts.hexmap import key
from endeavour.errors import Missing
from endeavour.population import explorer, presenters_health
from endeavour.population.downloads import Table, of_chart
from endeavour.population.presenters_measures import listed
from endeavour.population.queries import areas, definitions, deprivation, figures, series, store

INEQUALITY_COLUMNS = {
    "measure": "what the map shows",
    "code": "the neighbourhood's code (LSOA 2021)",
    "name": "its name",
    "district": "the district it lies in",
    "value": "national tenth, 1 the most deprived; for a census measure the share, per cent; empty where not known",
    "words": "the value in words",
}
CORE20_COLUMNS = {
    "measure": "the measure's id",
    "geography_kind": "system, place or district",
    "geography_code": "the area's code",
    "geography_name": "its name",
    "edition": "of the Indices of Deprivation",
    "population_base": "which people are counted",
    "numerator": "people in the most deprived fifth of England's neighbourhoods; 0 where only a share was printed",
    "denominator": "out of how many",
    "value": "per cent",
    "source": "who counted them",
    "standing": "calculated here, or reported elsewhere",
    "note": "what to know about it",
}


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
            "finding": explorer.finding(asked, found, system),
            "districts": explorer.by_area(asked, found, "district", system),
            "places": explorer.by_area(asked, found, "place", system),
        }
    return render(request, "population/inequality.html", context)


def inequality_table(request: HttpRequest) -> Table:
    """The same map, one neighbourhood a line."""
    asked = _question(request)
    chart, _, cells = explorer.picture(asked, _system_name())
    return Table(
        "inequality",
        f"{chart.title}. {chart.subtitle}",
        INEQUALITY_COLUMNS,
        ([asked.measure, c.code, c.name, c.group, c.value, c.words] for c in cells),
        source=chart.source,
        method="As published; no figure is shared out between neighbourhoods.",
        release=store.edition(),
        more={"notes": list(chart.notes)},
    )


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
        "prevalence": [chart for _, _, chart in presenters_health.prevalences(series.prevalence_by_decile())],
    }
    return render(request, "population/core20.html", context)


def core20_table(request: HttpRequest) -> Table:
    """Every Core20 figure, one a line, with base, edition, geography and source."""
    found = definitions.core20_figures()
    rows = [figure.as_json() for figure in found.figures]
    return Table(
        "core20",
        "Core20: people in England's most deprived fifth of neighbourhoods",
        CORE20_COLUMNS,
        ([row[name] for name in CORE20_COLUMNS] for row in rows),
        source=f"{deprivation.INDICES.format(edition='2019 and 2025')}; each row names who counted its people.",
        method=found.reconciliation,
        release=store.edition(),
    )


def life_expectancy_table(request: HttpRequest) -> Table:
    """Life expectancy by sex and deprivation fifth."""
    chart = presenters_health.life_expectancy_chart(series.life_expectancy())
    if chart is None:
        raise Missing("This pack has no life tables.", hint="Add calibration/life_tables.csv to the pack.")
    return of_chart(
        "life-expectancy",
        chart,
        {
            "group": "deprivation fifth of the neighbourhood, and sex",
            "years": "life expectancy at birth, years",
        },
        method="Abridged life tables (Chiang 1968).",
        release=store.edition(),
    )
