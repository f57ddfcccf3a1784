"""Pages about areas: the index, one area, and its numbers as CSV."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from endeavour.population import presenters, presenters_crossed
from endeavour.population.downloads import Table
from endeavour.population.queries import areas, bodies, care, deprivation, people, provenance, store
from endeavour.population.queries.areas import KIND_PLURALS
from endeavour.population.queries.deprivation import INDICES


@require_safe
def area_index(request: HttpRequest) -> HttpResponse:
    """Find an area by name, or choose one from the lists."""
    words = request.GET.get("q", "").strip()[:80]
    found = areas.search(words) if words else []
    groups = [(KIND_PLURALS[kind], names) for kind, names in areas.wide_areas().items() if names]
    return render(
        request,
        "population/areas.html",
        {"q": words, "found": found, "groups": groups, "credit": provenance.credit()},
    )


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
        "census": provenance.period(),
        "practices": care.practices(area.code, area.kind, area.lsoas),
        "gaps": presenters_crossed.widest_of_area(area.code),
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


AREA_COLUMNS = {
    "area_code": "the area's code",
    "area_name": "its name",
    "topic": "what is asked",
    "group": "the group, or the kind of deprivation",
    "unit": "who is counted: people or households",
    "count": "how many; empty where only a share is known",
    "total": "out of how many",
    "percent": "the share, per cent; empty where nobody is counted",
    "system_percent": "the same for the whole system",
    "source": "who counted it, and of when",
}


def area_table(request: HttpRequest, code: str) -> Table:
    """Every census share and deprivation figure of one area, beside the system's."""
    area = areas.area(code)
    rows: list[list[object]] = []
    for topic in people.topics(area.lsoas):
        source = provenance.credit(topic.table)
        for s in topic.shares:
            share = "" if s.share is None else round(100 * s.share, 2)
            rows.append([area.code, area.name, topic.title, s.label, topic.unit, s.count, s.total, share,
                             round(100 * s.system_share, 2), source])  # fmt: skip
    whole = {d.domain: d for d in deprivation.by_domain(areas.system_lsoas())}
    for domain in deprivation.by_domain(area.lsoas):
        for edition in ("2025", "2019"):
            here, system = (getattr(d, f"share_{edition}") for d in (domain, whole[domain.domain]))
            rows.append([area.code, area.name, f"In England’s most deprived fifth, index of {edition}", domain.label, "people",
                             "", "", round(100 * here, 2), round(100 * system, 2), INDICES.format(edition=edition)])  # fmt: skip
    return Table(
        f"area-{area.code}",
        f"{area.name}: people, homes and deprivation",
        AREA_COLUMNS,
        rows,
        source=f"{provenance.credit()}; {INDICES.format(edition='2019 and 2025')}.",
        method="Counts as published; shares of them are ours. Deprivation is the share of people who live in neighbourhoods "
        "of England's most deprived fifth; the 2019 index by each neighbourhood's 2011 parent.",
        release=store.edition(),
    )
