"""The published funnel: a page for everybody, and its CSV."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from endeavour.core.public import csv_response, today
from endeavour.frontdoor.funnel import queries
from endeavour.frontdoor.periods import chosen_quarter, settled_quarters
from endeavour.frontdoor.rehearsal.queries import of_whom, was_rehearsed


@require_safe
def funnel(request: HttpRequest) -> HttpResponse:
    """What became of those who asked, by area and by group."""
    quarter = chosen_quarter(request.GET.get("quarter", ""), today())
    found = queries.funnel(quarter)
    context = {
        "quarter": quarter, "quarters": settled_quarters(today()), "found": found, "stages": queries.STAGES.values(),
        "tables": _told(found) if found else [], "invented": was_rehearsed(),
    }  # fmt: skip
    return render(request, "frontdoor/funnel.html", context)


def _told(found: queries.Funnel) -> list[tuple[str, str, list[queries.Line]]]:
    """Each grouping with its lines; one in which everybody stands in the same group tells nothing and is left out."""
    told = [(words, key, found.lines(key)) for key, (words, _) in queries.GROUPINGS.items()]
    return [(words, key, lines) for words, key, lines in told if key == "district" or len(lines) > 2]


@require_safe
def funnel_csv(request: HttpRequest) -> HttpResponse:
    """The same figures as CSV, each with its reason where it is hidden."""
    quarter = chosen_quarter(request.GET.get("quarter", ""), today())
    found = queries.funnel(quarter)
    header = ["quarter", "counted_on", "grouping", "group", "stage", "people", "why"]
    rows = []
    for grouping, table in found.tables.items() if found else ():
        for (stage, group), cell in table.items():
            rows.append([quarter.key, quarter.settled, grouping, group, stage,
                             "" if cell.numerator is None else cell.numerator, str(cell.reason)])  # fmt: skip
    return csv_response(f"{of_whom()}asked-contacted-helped-{quarter.key}.csv", header, rows)
