"""What serves the aims of care systems, and what follows the principles of 2020: a page and its CSV for each."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from endeavour.core.public import csv_response, parse_day, today
from endeavour.errors import BadInput
from endeavour.governance import queries
from endeavour.governance.asking import EARLIEST
from endeavour.strategy.public import GuideKind

COLUMNS = ["kind", "name", "words", "day", "see"]


def _covered(request: HttpRequest, kind: GuideKind) -> queries.Coverage:
    """The time asked about: `?from=2023-01-01&to=2023-12-31`, each from 2017 to today; without them all of it."""
    days = {name: parse_day(text) for name in ("from", "to") if (text := request.GET.get(name, "").strip())}
    for day in days.values():
        if not EARLIEST <= day <= today():
            raise BadInput(
                f"We can look at days from {EARLIEST} to today, not {day}.", hint="Choose another day."
            )
    return queries.guides_covered(kind, days.get("from"), days.get("to", today()))


@require_safe
def guides(request: HttpRequest, kind: GuideKind) -> HttpResponse:
    """Each aim, or principle, with the decisions and promises that serve it, and those that serve none."""
    return render(
        request,
        "governance/guides.html",
        {"covered": _covered(request, kind), "asked": request.GET.urlencode()},
    )


@require_safe
def guides_csv(request: HttpRequest, kind: GuideKind) -> HttpResponse:
    """Every decision and promise beside each aim, or principle, that it serves, or beside 'none', as CSV."""
    covered = _covered(request, kind)
    one = covered.named.one
    rows = (
        [row.key, row.title, serving.kind, serving.name, serving.words, serving.on or "", serving.see]
        for row in (*covered.rows, covered.unserving)
        for serving in (*row.decisions, *row.promises)
    )
    return csv_response(f"{kind}.csv", [one, f"{one}_title", *COLUMNS], rows)
