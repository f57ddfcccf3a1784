"""The editors' queue: which records are hard to read, which words to change, and which are due to be checked."""

from __future__ import annotations

import csv

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from endeavour.core.public import require, today
from endeavour.frontdoor import queries, readability, renditions, rules
from endeavour.frontdoor.models import Service
from endeavour.frontdoor.views import signed_in


@login_required
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """Every record an eleven-year-old could not read, those with most words of the trade first; CSV by `?as=csv`."""
    require(signed_in(request), rules.PROPOSE_EDIT)
    services = queries.all_services()
    rows = readability.hardest(services)
    if request.GET.get("as") == "csv":
        return _csv(rows)
    content = queries.safety()
    context = {
        "rows": rows,
        "count": len(services),
        "late": [(s, fresh) for s in services if not (fresh := queries.freshness(s)).kept],
        "overdue": content.overdue(today()),
        "lines_overdue": content.lines_overdue(today()),
        "safety": content,
        "forms": [form for form in renditions.every() if form.warnings],
    }
    return render(request, "frontdoor/editors.html", context)


def _csv(rows: list[tuple[Service, readability.Reading]]) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="hard-to-read.csv"'
    writer = csv.writer(response)
    writer.writerow(
        ["service", "name", "reading_age", "flesch_kincaid_grade", "smog_grade", "words_to_change"]
    )
    for service, reading in rows:
        changes = "; ".join(f"{word}: {say}" for word, say in reading.jargon)
        writer.writerow(
            [
                service.given_id,
                service.name,
                reading.age,
                f"{reading.grade:.1f}",
                f"{reading.smog:.1f}",
                changes,
            ]
        )
    return response
