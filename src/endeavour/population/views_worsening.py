"""What is worse than the whole system and getting worse: every area and group of every measure, and the same as CSV."""

from __future__ import annotations

import csv

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from endeavour.errors import BadInput, Missing
from endeavour.population import presenters_worsening, releases

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


def _asked(request: HttpRequest) -> tuple[str, str]:
    verdict = request.GET.get("verdict", presenters_worsening.FIRST)
    kind = request.GET.get("kind", "")
    if verdict not in presenters_worsening.VERDICTS:
        raise BadInput(f"There is no list '{verdict[:40]}'.", hint="Choose one from the list.")
    if kind not in presenters_worsening.KINDS:
        raise BadInput(f"'{kind[:20]}' is not a kind of area here.", hint="Choose one from the list.")
    return verdict, kind


@require_safe
def worsening(request: HttpRequest) -> HttpResponse:
    """The list, by measure."""
    verdict, kind = _asked(request)
    try:
        found = presenters_worsening.by_measure(verdict, kind)
    except Missing as error:
        return render(request, "population/worsening.html", {"missing": error})
    context = {
        "found": found,
        "count": sum(len(rows) for _, rows in found),
        "verdict": verdict,
        "verdicts": [(v, v == verdict) for v in presenters_worsening.VERDICTS],
        "kinds": [(k, words, k == kind) for k, words in presenters_worsening.KINDS.items()],
        "csv": f"/inequality/worsening.csv?verdict={verdict.replace(' ', '+')}&kind={kind}",
    }
    return render(request, "population/worsening.html", context)


@require_safe
@releases.etag
def worsening_csv(request: HttpRequest) -> HttpResponse:
    """One area or group a line."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="worsening.csv"'
    writer = csv.writer(response)
    writer.writerow(COLUMNS)
    for _, rows in presenters_worsening.by_measure(*_asked(request)):
        writer.writerows([getattr(row.figure, name) for name in COLUMNS] for row in rows)
    return response


@require_safe
@releases.etag
def worsening_metadata(request: HttpRequest) -> JsonResponse:
    """What the columns mean."""
    return releases.csvw("/inequality/worsening.csv", "Where figures are worse and worsening", COLUMNS)
