"""Core20PLUS5 for adults and for children: every measure with its target, gap, owner, inequality and trend."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from endeavour.core.public import today
from endeavour.errors import Missing
from endeavour.population import presenters_measures
from endeavour.population.downloads import SYNTHETIC, Table
from endeavour.population.presenters_glance import glance, widest
from endeavour.population.presenters_measures import TITLES
from endeavour.population.queries import figures


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Adults first; the other is one link away."""
    return redirect("population:core20plus5", who="adults")


@require_safe
def core20plus5(request: HttpRequest, who: str) -> HttpResponse:
    """One dashboard."""
    try:
        found = presenters_measures.board(who, today())
        counted = presenters_measures.counted_words(figures.about()["population"])
    except Missing as error:
        return render(
            request, "population/core20plus5.html", {"title": TITLES[who], "missing": error, "who": who}
        )
    rows = glance(found, figures.ends_of_deprivation(figures.FRAMEWORKS[who]))
    context = {
        "glance": rows, "widest": widest(rows), "who": who, "title": TITLES[who], "areas": presenters_measures.dashboard(who, found),
        "summary": presenters_measures.summary(found), "release": figures.release(), "csv": f"/core20plus5/{who}.csv",
        "counted": counted, "linkage": presenters_measures.linkage_of(who),
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
    "target_words": "the target and how far away it is, or that none was set and why",
    "more_to_reach": "how many more (or fewer) would meet the target, to the nearest 5",
    "sii": "slope index of inequality: least deprived end less most deprived, percentage points",
    "sii_low": "lower end of its 95% interval",
    "sii_high": "upper end of its 95% interval",
    "rii": "relative index: least deprived end divided by most deprived",
    "previous": "the value of the year before",
    "change": "beside the year before, by more than chance",
    "reason": "why a figure is shown or hidden",
}


def core20plus5_table(request: HttpRequest, who: str) -> Table:
    """One measure a line."""
    rows = []
    for one in presenters_measures.board(who, today()):
        told = {"title": one.measure.title, "owner": one.measure.owner, "target_words": one.target}
        rows.append([told[name] if name in told else getattr(one.figure, name) for name in COLUMNS])
    return Table(
        f"core20plus5-{who}",
        TITLES[who],
        COLUMNS,
        rows,
        source=SYNTHETIC,
        method=presenters_measures.METHOD,
        release=figures.release(),
    )
