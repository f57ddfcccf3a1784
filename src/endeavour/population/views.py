"""Pages about areas: the index, one area, and its numbers as CSV."""

from __future__ import annotations

import csv

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from endeavour.population import presenters
from endeavour.population.queries import areas, bodies, care, deprivation, people
from endeavour.population.queries.areas import KIND_PLURALS


@require_safe
def area_index(request: HttpRequest) -> HttpResponse:
    """Find an area by name, or choose one from the lists."""
    words = request.GET.get("q", "").strip()[:80]
    found = areas.search(words) if words else []
    groups = [(KIND_PLURALS[kind], names) for kind, names in areas.wide_areas().items() if names]
    return render(request, "population/areas.html", {"q": words, "found": found, "groups": groups})


@require_safe
def area_page(request: HttpRequest, code: str) -> HttpResponse:
    """One area of any kind: its people, what stands out, who decides, and the way to wider and narrower areas."""
    area = areas.area(code)
    if area.code != code:
        return redirect("population:area", code=area.code, permanent=True)
    system = next((a for a in area.wider if a.kind == "system"), None)
    system_name = area.name if area.kind == "system" else (system.name if system else "the whole system")
    context = {
        "area": area,
        "system_name": system_name,
        "practices": care.practices(area.code, area.kind, area.lsoas),
    }
    if area.lsoas:
        asked = people.topics(area.lsoas)
        needs, strengths = people.stands_out(asked)
        size = people.size(area.lsoas)
        context |= {
            "csv_address": f"/area/{area.code}.csv",
            "size": size,
            "core20_share": size.core20_2025 / size.persons if size.persons else None,
            "charts": [presenters.topic_chart(topic, area, system_name) for topic in asked],
            "needs": needs,
            "strengths": strengths,
            "domains": presenters.deprivation_rows(deprivation.by_domain(area.lsoas)),
        }
    context["bodies"] = bodies.serving([area.code, *(wider.code for wider in area.wider)])
    return render(request, "population/area.html", context)


@require_safe
def area_csv(request: HttpRequest, code: str) -> HttpResponse:
    """Every census share and deprivation figure of one area, beside the system's."""
    area = areas.area(code)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="area-{area.code}.csv"'
    writer = csv.writer(response)
    writer.writerow(
        [
            "area_code",
            "area_name",
            "topic",
            "group",
            "unit",
            "count",
            "total",
            "percent",
            "system_percent",
            "source",
        ]
    )
    for topic in people.topics(area.lsoas):
        for s in topic.shares:
            share = "" if s.share is None else round(100 * s.share, 2)
            writer.writerow([area.code, area.name, topic.title, s.label, topic.unit, s.count, s.total, share,
                             round(100 * s.system_share, 2), "Census 2021"])  # fmt: skip
    for domain in deprivation.by_domain(area.lsoas):
        for edition, value in (("2019", domain.share_2019), ("2025", domain.share_2025)):
            writer.writerow([area.code, area.name, "In England's most deprived fifth", domain.label, "people", "", "",
                             "" if value is None else round(100 * value, 2), "", f"Indices of Deprivation {edition}"])  # fmt: skip
    return response
