"""Pages that set places, fifths and groups of people side by side."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from endeavour.errors import Missing
from endeavour.population import presenters_funnel, presenters_groups, presenters_slope
from endeavour.population.downloads import SYNTHETIC, Table, of_chart
from endeavour.population.presenters_series import grouped
from endeavour.population.queries import comparisons, figures, series, store, strata

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
    """One measure by kind of place, as a funnel; ours have theirs on their own page."""
    if figures.is_published(identity):
        return redirect(f"/measure/{identity}#where")
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
            "permalink": f"{here}?by={found.kind}",
        },
    )


COMPARE_COLUMNS = {
    "measure": "the measure's id",
    "kind": "kind of place",
    "period": "financial year",
    "code": "the place's code",
    "name": "its name",
    "numerator": "how many",
    "denominator": "out of how many",
    "per_cent": "numerator as a percentage of denominator",
    "average": "all these places together, per cent",
    "limit_95_lower": "chance alone would put 95 in 100 places of this size between this and limit_95_upper",
    "limit_95_upper": "the upper end",
    "limit_998_lower": "the same for 998 in 1,000 places",
    "limit_998_upper": "the upper end",
    "significance": "; ".join(f"{k}: {v}" for k, v in presenters_funnel.SIGNIFICANCE.items()),
}


def compare_table(request: HttpRequest, identity: str) -> Table:
    """One place a line, with its control limits."""
    worked = presenters_funnel.funnel(comparisons.comparison(identity, request.GET.get("by", "")))
    of, indicator = worked.comparison, worked.comparison.indicator
    counted = {"numerator": indicator.numerator, "denominator": indicator.denominator}
    return Table(
        f"{identity}-{of.kind}",
        f"{worked.chart.title}. {worked.chart.subtitle}",
        COMPARE_COLUMNS | {name: words for name, words in counted.items() if words},
        (
            [identity, of.kind, of.period, p.code, p.name, round(p.numerator, 1), round(p.denominator, 1),
             *(round(v, 4) for v in (p.value, worked.average, p.lower_95, p.upper_95, p.lower_998, p.upper_998)), p.significance]
            for p in worked.points
        ),
        source=worked.chart.source,
        method=presenters_funnel.METHOD,
        release=store.edition(),
        licence=indicator.licence,
        more={"notes": list(worked.chart.notes)},
    )  # fmt: skip


@require_safe
def slope(request: HttpRequest) -> HttpResponse:
    """One measure along deprivation with its slope, and every measure's two indices."""
    asked = request.GET.get("measure") or FIRST_SLOPE
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


SLOPE_COLUMNS = {
    "measure": "the measure's id",
    "name": "its name",
    "row": "group: one fifth or tenth of deprivation; sii: slope index; rii: relative index",
    "group": "the fifth or tenth; empty for an index",
    "people": "how many people the group has; empty for an index",
    "value": "group: in unit; sii: least deprived end of the line less most deprived; rii: least divided by most",
    "lower_95": "lower end of the 95% interval",
    "upper_95": "upper end of the 95% interval",
    "unit": "the value's unit",
    "period": "of when",
    "source": "who counted it",
}


def slope_table(request: HttpRequest) -> Table:
    """Groups and both indices, one a line, of one measure or of all."""
    asked = request.GET.get("measure", "")
    found = [presenters_slope.sloped(asked)] if asked else presenters_slope.all_sloped()
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
    return Table(
        f"slope-{asked or 'all'}",
        found[0].finding if asked else "Slope and relative index of inequality of every measure, England",
        SLOPE_COLUMNS,
        rows,
        source="; ".join(dict.fromkeys(one.source for one in found)),
        method=presenters_slope.METHOD,
        release=store.edition(),
        licence="Open Government Licence v3.0; Open Parliament Licence",
    )


@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    """Groups by several characteristics at once among synthetic residents; words and a command where there are none."""
    asked = request.GET.get("measure", "")
    choices = _options(presenters_groups.choices(asked), asked)
    query = f"?measure={asked}" if asked else ""
    context: dict[str, object] = {
        "asked": asked,
        "choices": choices,
        "method": presenters_groups.METHOD,
        "csv": f"/inequality/groups.csv{query}",
        "permalink": f"/inequality/groups{query}",
    }
    try:
        found, gate, _ = _groups(asked)
        context |= {"found": found, "gate": gate}
    except Missing as few:
        context |= {"none": few.message, "hint": few.hint}
    return render(request, "population/groups.html", context)


GROUPS_COLUMNS = {
    "group": "sex, age, ethnicity and deprivation, in words",
    "people": "synthetic residents, rounded to the nearest 5; empty where hidden",
    "with_diabetes": "those on the register, rounded to the nearest 5; empty where hidden",
    "predicted_per_cent": "the model's prediction, drawn towards the average where a group is small",
    "lower_95": "lower end of its 95% interval",
    "upper_95": "upper end of its 95% interval",
    "beside_the_average": "higher, lower or no clear difference; or why the group is hidden",
}
MEASURE_COLUMNS = {
    "group": "deprivation, ethnicity and sex, in words",
    "out_of": "people, or cases, of the group, rounded to the nearest 5; empty where hidden",
    "counted": "those of them that the measure counts, rounded to the nearest 5; empty where hidden",
} | {
    name: GROUPS_COLUMNS[name]
    for name in ("predicted_per_cent", "lower_95", "upper_95", "beside_the_average")
}


def groups_table(request: HttpRequest) -> Table:
    """One group a line, of diabetes or of a measure; hidden counts are empty, with the reason."""
    asked = request.GET.get("measure", "")
    found, gate, lake = _groups(asked)
    told = {"lake": lake, "gate": gate, "notes": list(found.chart.notes)}
    return of_chart(
        f"groups-{asked}" if asked else "groups",
        found.chart,
        MEASURE_COLUMNS if asked else GROUPS_COLUMNS,
        source=SYNTHETIC,
        method=presenters_groups.METHOD,
        release=found.asked.release,
        more={name: value for name, value in told.items() if value},
    )


def _groups(asked: str) -> tuple[presenters_groups.Groups, str, str]:
    """What is compared, what the gate says of its work, and the lake's id where the groups have a table of their own."""
    if asked:
        return presenters_groups.of_measure(asked), "", ""
    found = strata.strata()
    if found is None:
        raise Missing(presenters_groups.NO_LAKE, hint=presenters_groups.BUILD_LAKE)
    return presenters_groups.groups(found), found.audit, found.lake


def _options(names: dict[str, str], chosen: str) -> list[dict[str, object]]:
    return [{"value": k, "text": capfirst(v), "selected": k == chosen} for k, v in names.items()]
