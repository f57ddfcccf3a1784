"""What serves the aims of care systems: a page and its CSV."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from endeavour.core.public import csv_response, parse_day, today
from endeavour.errors import BadInput
from endeavour.governance import queries
from endeavour.governance.asking import EARLIEST

COLUMNS = ["aim", "aim_title", "kind", "name", "words", "day", "see"]


def _covered(request: HttpRequest) -> queries.Coverage:
    """The time asked about: `?from=2023-01-01&to=2023-12-31`, each from 2017 to today; without them all of it."""
    days = {name: parse_day(text) for name in ("from", "to") if (text := request.GET.get(name, "").strip())}
    for day in days.values():
        if not EARLIEST <= day <= today():
            raise BadInput(
                f"We can look at days from {EARLIEST} to today, not {day}.", hint="Choose another day."
            )
    return queries.aims_covered(days.get("from"), days.get("to", today()))


@require_safe
def aims(request: HttpRequest) -> HttpResponse:
    """Each aim of care systems with the decisions and promises that serve it, and those that serve none."""
    return render(
        request, "governance/aims.html", {"covered": _covered(request), "asked": request.GET.urlencode()}
    )


@require_safe
def aims_csv(request: HttpRequest) -> HttpResponse:
    """Every decision and promise beside each aim that it serves, or beside 'none', as CSV."""
    covered = _covered(request)
    rows = (
        [row.key, row.title, serving.kind, serving.name, serving.words, serving.on or "", serving.see]
        for row in (*covered.aims, covered.unserving)
        for serving in (*row.decisions, *row.promises)
    )
    return csv_response("aims.csv", COLUMNS, rows)
