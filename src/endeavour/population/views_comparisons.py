"""Pages that set places, fifths and groups of people side by side."""

from __future__ import annotations

import csv
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from endeavour.charts.chart import Chart
from endeavour.errors import Missing
from endeavour.population import presenters_funnel, presenters_groups, presenters_slope
from endeavour.population.presenters_series import grouped
from endeavour.population.queries import comparisons, series, strata

FIRST_SLOPE = "life-expectancy-men"


@require_safe
def compare_index(request: HttpRequest) -> HttpResponse:
    """Every measure whose places can be compared fairly."""
    known = comparisons.comparables()
    groups = grouped([c.indicator for c in known], series.coverage())
    kinds = {c.indicator.id: ", ".join(comparisons.KINDS[k] for k in c.kinds) for c in known}
    listed = [(title, [(one, kinds[one.id]) for one in found]) for title, found in groups]
    return render(request, "population/compare_index.html", {"groups": listed})


@require_safe
def compare(request: HttpRequest, identity: str) -> HttpResponse:
    """One measure by kind of place, as a funnel."""
    found = comparisons.comparison(identity, request.GET.get("by", ""))
    here = f"/compare/{identity}"
    return render(
        request,
        "population/compare.html",
        {
            "found": found,
            "kind_words": comparisons.KINDS[found.kind],
            "chart": presenters_funnel.funnel(found).chart,
            "choices": _options({k: comparisons.KINDS[k] for k in found.kinds}, found.kind),
            "method": presenters_funnel.METHOD,
            "csv": f"{here}.csv?by={found.kind}",
            "metadata": f"{here}.csv-metadata.json?by={found.kind}",
            "permalink": f"{here}?by={found.kind}",
        },
    )


@require_safe
def compare_csv(request: HttpRequest, identity: str) -> HttpResponse:
    """One place a line, with its control limits."""
    worked = presenters_funnel.funnel(comparisons.comparison(identity, request.GET.get("by", "")))
    header = ["measure", "kind", "period", "code", "name", "numerator", "denominator", "per_cent", "average",
              "limit_95_lower", "limit_95_upper", "limit_998_lower", "limit_998_upper", "significance"]  # fmt: skip
    of = worked.comparison
    rows = [
        [identity, of.kind, of.period, p.code, p.name, round(p.numerator, 1), round(p.denominator, 1),
         *(round(v, 4) for v in (p.value, worked.average, p.lower_95, p.upper_95, p.lower_998, p.upper_998)), p.significance]
        for p in worked.points
    ]  # fmt: skip
    return _csv(f"{identity}-{of.kind}.csv", header, rows)


@require_safe
def compare_metadata(request: HttpRequest, identity: str) -> HttpResponse:
    """What the columns of the CSV mean."""
    worked = presenters_funnel.funnel(comparisons.comparison(identity, request.GET.get("by", "")))
    indicator = worked.comparison.indicator
    return _metadata(
        worked.chart,
        method=presenters_funnel.METHOD,
        licence=indicator.licence,
        columns={
            "numerator": indicator.numerator,
            "denominator": indicator.denominator,
            "per_cent": "numerator as a percentage of denominator",
            "average": "all these places together, per cent",
            "limit_95_lower": "chance alone would put 95 in 100 places of this size between this and limit_95_upper",
            "limit_998_lower": "the same for 998 in 1,000 places",
            "significance": "; ".join(f"{k}: {v}" for k, v in presenters_funnel.SIGNIFICANCE.items()),
        },
    )


@require_safe
def slope(request: HttpRequest) -> HttpResponse:
    """One measure along deprivation with its slope, and every measure's two indices."""
    asked = request.GET.get("measure", FIRST_SLOPE)
    found = presenters_slope.sloped(asked)
    return render(
        request,
        "population/slope.html",
        {
            "found": found,
            "chart": presenters_slope.slope_chart(found),
            "choices": _options(presenters_slope.measures(), asked),
            "every": presenters_slope.all_sloped(),
            "method": presenters_slope.METHOD,
            "csv": f"/inequality/slope.csv?measure={asked}",
            "permalink": f"/inequality/slope?measure={asked}",
        },
    )


@require_safe
def slope_csv(request: HttpRequest) -> HttpResponse:
    """Groups and both indices, one a line, of one measure or of all."""
    asked = request.GET.get("measure", "")
    found = [presenters_slope.sloped(asked)] if asked else presenters_slope.all_sloped()
    header = [
        "measure",
        "name",
        "row",
        "group",
        "people",
        "value",
        "lower_95",
        "upper_95",
        "unit",
        "period",
        "source",
    ]
    rows: list[list[Any]] = []
    for one in found:
        of_group = "years" if one.is_life else "per cent"
        lines: list[tuple[str, str, int | str, presenters_slope.Group | presenters_slope.Index, str]] = [
            ("group", g.name, round(g.people), g, of_group) for g in one.groups
        ]
        lines += [("sii", "", "", one.sii, one.unit), ("rii", "", "", one.rii, "ratio")]
        rows += [
            [one.id, one.name, row, name, people, *(round(v, 6) for v in (at.value, at.lower, at.upper)), unit, one.period, one.source]
            for row, name, people, at, unit in lines
        ]  # fmt: skip
    return _csv(f"slope-{asked or 'all'}.csv", header, rows)


@require_safe
def slope_metadata(request: HttpRequest) -> HttpResponse:
    """What the columns of the CSV mean."""
    found = presenters_slope.sloped(request.GET.get("measure", FIRST_SLOPE))
    return _metadata(
        presenters_slope.slope_chart(found),
        method=presenters_slope.METHOD,
        licence="Open Government Licence v3.0; Open Parliament Licence",
        columns={
            "row": "group: one fifth or tenth of deprivation; sii: slope index; rii: relative index",
            "value": "group: in unit; sii: least deprived end of the line less most deprived; rii: least divided by most",
            "lower_95": "lower end of the 95% interval",
            "upper_95": "upper end of the 95% interval",
        },
    )


@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    """Groups by four characteristics at once among synthetic residents; words and a command where there is no lake."""
    found = strata.strata()
    if found is None:
        return render(
            request,
            "population/groups.html",
            {"none": presenters_groups.NO_LAKE, "hint": presenters_groups.BUILD_LAKE},
        )
    try:
        compared = presenters_groups.groups(found)
    except Missing as few:
        return render(request, "population/groups.html", {"none": few.message, "hint": few.hint})
    context = {
        "found": compared,
        "method": presenters_groups.METHOD,
        "csv": "/inequality/groups.csv",
    }
    return render(request, "population/groups.html", context)


@require_safe
def groups_csv(request: HttpRequest) -> HttpResponse:
    """One group a line; hidden counts are empty, with the reason."""
    chart = _groups().chart
    header = [
        "group",
        "people",
        "with_diabetes",
        "predicted_per_cent",
        "lower_95",
        "upper_95",
        "beside_the_average",
    ]
    return _csv("groups.csv", header, [list(row) for row in chart.rows])


@require_safe
def groups_metadata(request: HttpRequest) -> HttpResponse:
    """What the columns of the CSV mean."""
    found = _groups()
    return _metadata(
        found.chart,
        method=presenters_groups.METHOD,
        licence="Open Government Licence v3.0",
        columns={
            "people": "synthetic residents, rounded to the nearest 5; empty where hidden",
            "with_diabetes": "those on the register, rounded to the nearest 5; empty where hidden",
            "predicted_per_cent": "the model's prediction, drawn towards the average where a group is small",
            "beside_the_average": "higher, lower or no clear difference; or why the group is hidden",
        },
        release=found.strata.release,
        lake=found.strata.lake,
        gate=found.strata.audit,
    )


def _groups() -> presenters_groups.Groups:
    found = strata.strata()
    if found is None:
        raise Missing(presenters_groups.NO_LAKE, hint=presenters_groups.BUILD_LAKE)
    return presenters_groups.groups(found)


def _options(names: dict[str, str], chosen: str) -> list[dict[str, object]]:
    return [{"value": k, "text": v[:1].upper() + v[1:], "selected": k == chosen} for k, v in names.items()]


def _csv(name: str, header: list[str], rows: list[list[Any]]) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(response)
    writer.writerow(header)
    writer.writerows(rows)
    return response


def _metadata(
    chart: Chart, *, method: str, licence: str, columns: dict[str, str | None], **more: str
) -> JsonResponse:
    return JsonResponse(
        {"title": chart.title, "subtitle": chart.subtitle, "summary": chart.summary, "source": chart.source,
         "method": method, "methods_page": "/methods", "licence": licence, "notes": list(chart.notes), "columns": columns}
        | more
    )  # fmt: skip
