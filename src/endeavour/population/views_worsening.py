"""What is worse than the whole system and getting worse: every area and group of every measure, and the same as CSV."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from endeavour.errors import BadInput, Missing
from endeavour.population import presenters_worsening
from endeavour.population.downloads import SYNTHETIC, Table
from endeavour.population.presenters_measures import METHOD
from endeavour.population.queries import figures

COLUMNS = {
    "verdict": "beside the whole system, and beside the year before",
    "measure": "the measure's id",
    "period": "financial year",
    "area_kind": "system, place, district or neighbourhood",
    "area": "the area's code",
    "area_name": "its name",
    "by": "what people are grouped by; empty for everybody",
    "subgroup": "the group's code",
    "value": "per cent, unless the measure's own unit is another",
    "low": "lower end of the 95% interval",
    "high": "upper end of the 95% interval",
    "previous": "the value of the year before",
}


# How many measures stand on a page, and of each how many areas and groups; a measure's own page of the list has every one.
MEASURES, MOST = 10, 5


def _asked(request: HttpRequest) -> tuple[str, str, str]:
    verdict = request.GET.get("verdict", presenters_worsening.FIRST)
    kind = request.GET.get("kind", "")
    if verdict not in presenters_worsening.VERDICTS:
        raise BadInput(
            f"There is no list '{verdict[:40]}'.", hint="Choose one from the list at /inequality/worsening."
        )
    if kind not in presenters_worsening.KINDS:
        raise BadInput(
            f"'{kind[:20]}' is not a kind of area here.",
            hint="Choose one from the list at /inequality/worsening.",
        )
    return verdict, kind, request.GET.get("measure", "")


@require_safe
def worsening(request: HttpRequest) -> HttpResponse:
    """The list, by measure."""
    verdict, kind, measure = _asked(request)
    try:
        found = presenters_worsening.by_measure(verdict, kind, measure)
    except Missing as error:
        return render(
            request,
            "population/worsening.html",
            {"missing": error, "title": presenters_worsening.VERDICTS[verdict][0]},
        )
    query = urlencode({"verdict": verdict, "kind": kind})
    most = None if measure else MOST
    title, lede = presenters_worsening.VERDICTS[verdict]
    page = Paginator(found, MEASURES).get_page(request.GET.get("page"))
    context = {
        "page": [(one, rows[:most], len(rows[most:]) if most else 0) for one, rows in page],
        "found": {"number": page.number, "pages": page.paginator.num_pages, "measures": len(found)},
        "query": query,
        "count": sum(len(rows) for _, rows in found),
        "compared": figures.compared(kind, measure),
        "by_chance": presenters_worsening.by_chance(verdict),
        "measure": measure,
        "verdict": verdict,
        "title": title,
        "lede": lede,
        "verdicts": [(v, v == verdict) for v in presenters_worsening.VERDICTS],
        "kinds": [(k, words, k == kind) for k, words in presenters_worsening.KINDS.items()],
        "csv": f"/inequality/worsening.csv?{query}" + (f"&measure={measure}" if measure else ""),
    }
    return render(request, "population/worsening.html", context)


def worsening_table(request: HttpRequest) -> Table:
    """One area or group a line."""
    verdict, kind, measure = _asked(request)
    found = presenters_worsening.by_measure(verdict, kind, measure)
    return Table(
        "worsening",
        f"Figures that are {verdict}",
        COLUMNS,
        ([getattr(row.figure, name) for name in COLUMNS] for _, ones in found for row in ones),
        source=SYNTHETIC,
        method=METHOD,
        release=figures.release(),
    )
