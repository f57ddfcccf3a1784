"""Core20PLUS5 for adults and for children: every measure with its target, gap, owner, inequality and trend."""

from __future__ import annotations

import csv

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from endeavour.core.public import today
from endeavour.errors import Missing, NotFound
from endeavour.population import presenters_measures, releases
from endeavour.population.queries import figures

TITLES = {"adults": "Core20PLUS5 for adults", "children": "Core20PLUS5 for children and young people"}


def _standings(who: str) -> list[presenters_measures.Standing]:
    if who not in figures.FRAMEWORKS:
        raise NotFound(
            f"There is no Core20PLUS5 for '{who[:20]}'.", hint="See it for adults or for children."
        )
    day = today()
    return [
        presenters_measures.standing(figures.definition(f.measure), f, day)
        for f in figures.headlines(figures.FRAMEWORKS[who])
    ]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Adults first; the other is one link away."""
    return redirect("population:core20plus5", who="adults")


@require_safe
def core20plus5(request: HttpRequest, who: str) -> HttpResponse:
    """One dashboard."""
    try:
        found = _standings(who)
    except Missing as error:
        return render(
            request, "population/core20plus5.html", {"title": TITLES[who], "missing": error, "who": who}
        )
    context = {
        "who": who, "title": TITLES[who], "areas": presenters_measures.dashboard(who, found),
        "summary": presenters_measures.summary(found), "release": figures.release(),
        "period": max((one.figure.period for one in found), default=""),
    }  # fmt: skip
    return render(request, "population/core20plus5.html", context)


COLUMNS = {
    "measure": "the measure's id; its page is /measure/<id>",
    "title": "what is counted, in words",
    "owner": "who answers for it",
    "standing": "verified against the national definition, or a local definition",
    "period": "financial year",
    "numerator": "people or events counted, to the nearest 5; empty where hidden",
    "denominator": "out of, to the nearest 5; empty where hidden",
    "value": "per cent, unless the measure's own unit is another",
    "low": "lower end of the 95% interval",
    "high": "upper end of the 95% interval",
    "target": "the value to reach; empty where none was set",
    "target_by": "the day by which",
    "more_to_reach": "how many more (or fewer) would meet the target, to the nearest 5",
    "sii": "slope index of inequality: least deprived end less most deprived, percentage points",
    "sii_low": "lower end of its 95% interval",
    "sii_high": "upper end of its 95% interval",
    "rii": "relative index: least deprived end divided by most deprived",
    "previous": "the value of the year before",
    "change": "beside the year before, by more than chance",
    "reason": "why a figure is shown or hidden",
}


@require_safe
@releases.etag
def core20plus5_csv(request: HttpRequest, who: str) -> HttpResponse:
    """One measure a line."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="core20plus5-{who}.csv"'
    writer = csv.writer(response)
    writer.writerow(COLUMNS)
    for one in _standings(who):
        told = {"title": one.measure.title, "owner": one.measure.owner}
        writer.writerow([told.get(name) or getattr(one.figure, name) for name in COLUMNS])
    return response


@require_safe
@releases.etag
def core20plus5_metadata(request: HttpRequest, who: str) -> JsonResponse:
    """What the columns mean, as CSV on the Web."""
    return releases.csvw(f"/core20plus5/{who}.csv", TITLES[who], COLUMNS)
