"""Who decides: the map and list of bodies, and one body's page, on any day."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from endeavour.charts.bodymap import Line, Node, bodymap
from endeavour.charts.chart import Chart
from endeavour.charts.words import day_words
from endeavour.core.public import Body, Route, csv_response, parse_day, today
from endeavour.strategy import public as strategy
from endeavour.website import queries

DRAWN = (Route.Kind.FEEDS, Route.Kind.NOMINATES)


def _asked_day(request: HttpRequest) -> date:
    asked = request.GET.get("as_at", "").strip()
    return parse_day(asked) if asked else today()


@require_safe
def bodies(request: HttpRequest) -> HttpResponse:
    """Every body of a day, as a map of who feeds whom and as a list by kind of partner."""
    day = _asked_day(request)
    found, routes = queries.bodies_on(day), queries.routes_on(day)
    groups: dict[str, list[Body]] = {}
    for label, value in ((choice.label, choice.value) for choice in Body.PartnerClass):
        members = [body for body in found if body.partner_class == value]
        if members:
            groups[label] = members
    context = {
        "day": day,
        "is_today": day == today(),
        "groups": groups,
        "count": len(found),
        "chart": _map(found, routes, day) if any(r.kind in DRAWN for r in routes) else None,
        "milestones": [(moment.day, moment.words) for moment in strategy.outline().bodies],
        "csv": f"/bodies.csv?as_at={day:%Y-%m-%d}",
    }
    return render(request, "website/bodies.html", context)


def _map(found: list[Body], routes: list[Route], day: date) -> Chart:
    lines, seen = [], set()
    for route in routes:
        pair = (route.source.key, route.target.key)
        if route.kind in DRAWN and pair not in seen:
            seen.add(pair)
            lines.append(Line(*pair, route.get_kind_display()))
    ends = {line.target for line in lines}
    return bodymap(
        [Node(b.key, b.short_name or b.name, b.partner_class, b.get_partner_class_display()) for b in found],
        lines,
        title=f"{len(lines)} lines along which words and decisions should travel",
        subtitle=f"Bodies and who feeds or nominates to whom, {day_words(day)}",
        summary=f"Read from left to right. Lines arrive at {len(ends)} bodies. Every body is a link to its page.",
        source="The partnership’s strategy and its board papers; each body’s page names its own source.",
    )


@require_safe
def bodies_csv(request: HttpRequest) -> HttpResponse:
    """Every body of a day as CSV."""
    day = _asked_day(request)
    columns = (
        "key",
        "name",
        "legal_form",
        "partner_class",
        "area_code",
        "valid_from",
        "valid_to",
        "certainty",
        "source",
    )
    rows = ([getattr(body, name) for name in columns] for body in queries.bodies_on(day))
    return csv_response(f"bodies-{day:%Y-%m-%d}.csv", columns, rows)


@require_safe
def body(request: HttpRequest, key: str) -> HttpResponse:
    """One body on a day: what it is, since when, what came before and after, and how words reach it."""
    day = _asked_day(request)
    on = queries.body_on(key, day)
    context = {
        "on": on,
        "slips": strategy.slips_of(on.body.key, on.body.valid_from, day),
        "day": day,
        "is_today": day == today(),
    }
    return render(request, "website/body.html", context)
