"""One measure of the catalogue: its page is a question that the address says whole, and the same as CSV."""

from __future__ import annotations

import csv

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from endeavour.charts.hexmap import key
from endeavour.core.public import today
from endeavour.errors import BadInput, NotFound
from endeavour.population import presenters_measure_charts as charts
from endeavour.population import presenters_measures as words
from endeavour.population import releases
from endeavour.population.queries import figures
from endeavour.population.queries.figures import Figure

FIRST_GROUPING = "imd_quintile"
COLUMNS = {
    "measure": "the measure's id",
    "period": "financial year, or month",
    "area_kind": "system, place, district or neighbourhood (primary care network)",
    "area": "the area's code",
    "area_name": "its name",
    "by": "what people are grouped by; empty for everybody",
    "subgroup": "the group's code",
    "subgroup_words": "the group in words",
    "numerator": "people or events counted, to the nearest 5; empty where hidden",
    "denominator": "out of, to the nearest 5; empty where hidden",
    "value": "per cent, unless the measure's own unit is another",
    "low": "lower end of the 95% interval",
    "high": "upper end of the 95% interval",
    "standardised": "the value at the European Standard Population's ages; empty where an age is hidden",
    "sii": "slope index of inequality, percentage points",
    "rii": "relative index of inequality, least deprived end divided by most deprived",
    "change": "beside the year before, by more than chance",
    "beside_system": "beside the whole system, by more than chance",
    "reason": "why the figure is shown or hidden",
}


def measure(request: HttpRequest, identity: str) -> HttpResponse:
    """One measure in one area, by one grouping."""
    definition = figures.definition(identity)
    areas = figures.known_areas(identity)
    if not areas:
        raise NotFound(
            f"'{definition.title}' has no published figures yet.",
            hint="Publish them with: endeavour measure release",
        )
    area = _area(request.GET.get("area", ""), areas)
    groupings = figures.groupings(identity, area)
    by = _grouping(request.GET.get("by", ""), groupings)
    years = figures.years(identity, area)
    newest = years[-1]
    whole = figures.years(identity, areas[0][1])[-1] if areas[0][0] == "system" else None
    groups = figures.groups(identity, area, by) if by else []
    networks = figures.areas(identity, "neighbourhood")
    mapped = charts.neighbourhood_map(definition, networks)
    query = f"area={area}&by={by}".replace("by by", "by").replace(" ", "+")
    context = {
        "measure": definition, "one": words.standing(definition, newest, today()), "beside": words.BESIDE.get(newest.beside_system or ""),
        "standardised": _standardised(definition, newest),
        "areas": _grouped_areas(areas, area), "groupings": [(g, words.grouping_words(g), g == by) for g in groupings],
        "groups_chart": charts.groups_chart(definition, newest, groups), "groups": groups, "table": _crossed(groups), "by_words": words.grouping_words(by) if by else "",
        "deprivation": charts.deprivation_chart(definition, newest, _tenths(identity, area)),
        "years": charts.years_chart(definition, years), "months": charts.months_chart(definition, figures.months(identity, area)),
        "map": mapped[0] if mapped else None, "key": key(mapped[1], mapped[2]) if mapped else [],
        "places": charts.places_chart(definition, whole, figures.areas(identity, "place")),
        "districts": charts.places_chart(definition, whole, figures.areas(identity, "district")),
        "funnel": charts.funnel(definition, networks),
        "permalink": f"/measure/{identity}?{query}", "csv": f"/measure/{identity}.csv?{query}",
        "metadata": f"/measure/{identity}.csv-metadata.json", "release": figures.release(),
    }  # fmt: skip
    return render(request, "population/catalogue_measure.html", context)


def measure_csv(request: HttpRequest, identity: str) -> HttpResponse:
    """Every published figure of a measure, or those of one area and grouping."""
    return _csv(request, identity)


@releases.etag
def _csv(request: HttpRequest, identity: str) -> HttpResponse:
    clauses, given = ["measure = ?"], [identity]
    for name in ("area", "by"):
        if name in request.GET:
            clauses.append(f'"{name}" = ?')
            given.append(request.GET[name])
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{identity}.csv"'
    writer = csv.writer(response)
    writer.writerow(COLUMNS)
    for figure in figures.find(
        f'{" and ".join(clauses)} order by period_kind, area_kind, area, "by", subgroup, period', *given
    ):
        writer.writerow([getattr(figure, name) for name in COLUMNS])
    return response


@require_safe
@releases.etag
def measure_metadata(request: HttpRequest, identity: str) -> JsonResponse:
    """What the columns of a measure's CSV mean, and the measure's definition."""
    definition = figures.definition(identity)
    told = definition.model_dump(mode="json", exclude_defaults=True)
    return releases.csvw(f"/measure/{identity}.csv", definition.title, COLUMNS, definition=told)


def _area(asked: str, areas: list[tuple[str, str, str]]) -> str:
    if not asked:
        return areas[0][1]
    if asked not in {code for _, code, _ in areas}:
        raise NotFound(
            f"This measure has no figures for '{asked[:40]}'.", hint="Choose an area from the list."
        )
    return asked


def _grouping(asked: str, groupings: list[str]) -> str:
    if not asked:
        return FIRST_GROUPING if FIRST_GROUPING in groupings else (groupings or [""])[0]
    if asked not in groupings:
        raise BadInput(
            f"This area's figures are not published by '{asked[:40]}'.",
            hint="Choose a grouping from the list.",
        )
    return asked


def _grouped_areas(
    areas: list[tuple[str, str, str]], chosen: str
) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    kinds: dict[str, list[tuple[str, str, bool]]] = {}
    for kind, code, name in areas:
        kinds.setdefault(words.KINDS.get(kind, kind), []).append((code, name, code == chosen))
    return list(kinds.items())


def _tenths(identity: str, area: str) -> list[Figure]:
    """Tenths where all are shown, else fifths: what the slope was worked out on."""
    tenths = figures.groups(identity, area, "imd_decile")
    if len(tenths) == 10 and all(t.value is not None for t in tenths):
        return tenths
    return figures.groups(identity, area, "imd_quintile")


def _standardised(definition: object, newest: Figure) -> str:
    if newest.standardised is None:
        return ""
    return f"{newest.standardised:.1f}% (between {newest.standardised_low:.1f}% and {newest.standardised_high:.1f}%)"


def _crossed(groups: list[Figure]) -> dict[str, object] | None:
    """Two groupings at once as rows and columns; None where there is one."""
    if not groups or " by " not in groups[0].by or groups[0].by.count(" by ") > 1:
        return None
    cells: dict[str, dict[str, Figure]] = {}
    for figure in groups:
        first, _, second = figure.subgroup_words.partition(", ")
        cells.setdefault(first, {})[second] = figure
    columns = list(dict.fromkeys(name for row in cells.values() for name in row))
    return {
        "columns": columns,
        "rows": [(name, [row.get(column) for column in columns]) for name, row in cells.items()],
    }
