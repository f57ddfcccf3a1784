"""One measure of the catalogue: its page is a question that the address says whole, and the same as CSV."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from endeavour.charts.hexmap import key
from endeavour.core.public import today
from endeavour.errors import BadInput, Missing, NotFound
from endeavour.population import presenters_crossed as crossed
from endeavour.population import presenters_measure_charts as charts
from endeavour.population import presenters_measures as words
from endeavour.population.downloads import Table
from endeavour.population.presenters_headline import headline, lag_words
from endeavour.population.queries import figures
from endeavour.population.queries.figures import Figure
from endeavour.population.rules import review_due

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
    "standardised": "the value at the European Standard Population's ages, of the newest year; empty where an age is hidden",
    "sii": "slope index of inequality, percentage points",
    "rii": "relative index of inequality, least deprived end divided by most deprived",
    "change": "beside the year before, by more than chance",
    "beside_system": "beside the whole system, by more than chance",
    "reason": "why the figure is shown or hidden",
}


def measure(request: HttpRequest, identity: str) -> HttpResponse:
    """One measure in one area, by one grouping."""
    definition = figures.definition(identity)
    about = {
        "measure": definition, "review": review_due(definition.reviewed_on, None, today()), "is_local": words.is_local(definition),
        "target": words.aim_words(definition), "method": words.METHOD, "lag": lag_words(definition),
        "none_counted": words.NONE_COUNTED,
    }  # fmt: skip
    try:
        areas = figures.known_areas(identity)
    except Missing as error:
        return render(request, "population/catalogue_measure.html", about | {"missing": error.message})
    if not areas:
        # A definition that is newer than the release.
        return render(
            request, "population/catalogue_measure.html", about | {"missing": "The release does not hold it."}
        )
    area = _area(identity, request.GET.get("area", ""), areas)
    groupings = figures.groupings(identity, area)
    asked = request.GET.get("by", "")
    by = _grouping(identity, asked, groupings, figures.groupings(identity, areas[0][1]))
    years = figures.years(identity, area)
    newest = years[-1]
    whole = figures.years(identity, areas[0][1])[-1] if areas[0][0] == "system" else None
    groups = figures.groups(identity, area, by) if by else []
    networks, places, districts = (
        figures.areas(identity, kind) for kind in ("neighbourhood", "place", "district")
    )
    mapped = charts.neighbourhood_map(definition, networks)
    query = urlencode({"area": area, "by": by})
    context = about | {
        "one": words.standing(definition, newest, today()),
        "tiles": headline(definition, newest, words.BESIDE.get(newest.beside_system or "", "")),
        "standardised": _standardised(definition, newest),
        "not_by": {"words": words.grouping_words(asked).lower(), "by": asked, "area": areas[0][1], "name": areas[0][2]} if asked not in ("", by) else None,
        "areas": _grouped_areas(areas, area), "groupings": [(g, words.grouping_words(g), g == by) for g in groupings],
        "groups_chart": charts.groups_chart(definition, newest, groups), "groups": groups, "table": crossed.of_groups(groups), "by": by, "by_words": words.grouping_words(by) if by else "",
        "deprivation": charts.deprivation_chart(definition, newest, _tenths(identity, area)),
        "years": charts.years_chart(definition, years), "months": charts.months_chart(definition, figures.months(identity, area)),
        "map": mapped[0] if mapped else None, "key": key(mapped[1], mapped[2]) if mapped else [],
        "places": charts.places_chart(definition, whole, places),
        "districts": charts.places_chart(definition, whole, districts),
        "gaps": crossed.gaps(definition, [*([whole] if whole else []), *places, *districts]),
        "network_gaps": crossed.widest_first(crossed.gaps(definition, networks)),
        "crossings": _crossings(identity, by),
        "funnel": charts.funnel(definition, networks),
        "permalink": f"/measure/{identity}?{query}", "csv": f"/measure/{identity}.csv?{query}",
        "release": figures.release(),
    }  # fmt: skip
    return render(request, "population/catalogue_measure.html", context)


def table(request: HttpRequest, identity: str) -> Table:
    """Every published figure of a measure, or those of one area and grouping."""
    definition = figures.definition(identity)
    asked = {name: request.GET[name] for name in ("area", "by") if name in request.GET}
    found = _asked_for({"measure": identity} | asked, months=True)
    return Table(
        identity,
        definition.title,
        COLUMNS,
        (figure.values() for figure in found),
        source=definition.source,
        method=words.METHOD,
        release=figures.release(),
        more={"definition": definition.model_dump(mode="json", exclude_defaults=True)},
    )


WHOLE_COLUMNS = {
    "title": "what is counted, in words",
    **COLUMNS,
    "unit": "the value's unit",
    "method": "how the value and its interval were worked out, and by whose method",
    "source": "who counted it",
}
# The question in the address, in the API's own words for it.
NARROWED = ("measure", "area", "area_kind", "by", "period")


def whole_table(request: HttpRequest) -> Table:
    """Every measure in every area for everybody, year by year; `by` asks for a grouping of people instead."""
    asked = {name: request.GET[name] for name in NARROWED if name in request.GET}
    if "measure" in asked:
        figures.definition(asked["measure"])
    known = {m.id: ((m.title,), (m.unit, words.how(m), m.source)) for m in figures.catalogue()}
    rows = []
    for figure in _asked_for({"by": ""} | asked):
        before, after = known[figure["measure"]]
        rows.append((*before, *figure.values(), *after))
    return Table(
        "measures",
        "Every measure in every area, with its 95% interval",
        WHOLE_COLUMNS,
        rows,
        source="Each row names its own.",
        method=words.METHOD,
        release=figures.release(),
    )


def _asked_for(wanted: dict[str, str], *, months: bool = False) -> list[dict[str, Any]]:
    """The figures asked for; where there are none because a word is known to no figure, that word and what to ask instead."""
    found = figures.columns(tuple(COLUMNS), wanted, months=months)
    if found:
        return found
    for name, value in wanted.items():
        known = figures.known_values(name)
        if not value or name == "measure" or value in known:
            continue
        said = f"No figure has the {name.replace('_', ' ')} ‘{value[:40]}’."
        if name == "area":
            raise NotFound(said, hint="The codes of areas are at /area.")
        raise BadInput(said, hint=f"Ask for one of: {', '.join(known)}.")
    return []


def _area(identity: str, asked: str, areas: list[tuple[str, str, str]]) -> str:
    if not asked:
        return areas[0][1]
    if asked not in {code for _, code, _ in areas}:
        raise NotFound(
            f"This measure has no figures for '{asked[:40]}'.",
            hint=f"Choose an area from the list at /measure/{identity}.",
        )
    return asked


def _grouping(identity: str, asked: str, groupings: list[str], of_widest: list[str]) -> str:
    """What an area's people are grouped by: what was asked, or what is nearest to it where that is told of wider areas only.

    The page's form sends the grouping that was shown together with another area, which may not be published by it.
    """
    if asked in groupings:
        return asked
    if asked and asked not in of_widest:
        raise BadInput(
            f"This measure's figures are not published by '{asked[:40]}'.",
            hint=f"Choose a grouping from the list at /measure/{identity}.",
        )
    return FIRST_GROUPING if FIRST_GROUPING in groupings else (groupings or [""])[0]


def _grouped_areas(
    areas: list[tuple[str, str, str]], chosen: str
) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    kinds: dict[str, list[tuple[str, str, bool]]] = {}
    for kind, code, name in areas:
        kinds.setdefault(words.KINDS.get(kind, kind), []).append((code, name, code == chosen))
    return list(kinds.items())


def _crossings(identity: str, by: str) -> list[tuple[str, crossed.Crossed]]:
    """Areas of each kind by the grouping asked for, each under the words for its rows."""
    found = [
        (words.KINDS[kind], crossed.of_areas(figures.crossed(identity, kind, by)))
        for kind in ("place", "district", "neighbourhood")
        if by
    ]
    return [(title, table) for title, table in found if table]


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
