"""The pages of what is shared: the plan on a page, the theory of change, and partners' plans."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from endeavour.core.public import csv_response, may
from endeavour.errors import Missing
from endeavour.strategy import impact, language, observations, plans, presenters, queries, resources
from endeavour.strategy.asking import signed_in
from endeavour.strategy.outline import outline
from endeavour.strategy.rules import may_align, owns
from endeavour.strategy.theory.draw import HEADS, draw, grade_words
from endeavour.strategy.theory.graph import SIGNS, Edge, Graph, from_content
from endeavour.strategy.theory.reading import current_theory
from endeavour.strategy.views import as_at_of


@require_safe
def plan_on_a_page(request: HttpRequest) -> HttpResponse:
    """The whole strategy on one page, made from what is stored: each promise with how it stands."""
    day = as_at_of(request)
    rows = [presenters.row(item) for item in queries.judged("we", "i", at=day)]
    points = [
        (p.point, p.title, [row for row in rows if row.section == p.section]) for p in outline().compass
    ]
    shown = {presenters.section_group(p.section) for p in outline().compass}
    others = [
        (chapter.title, chapter.about, inside)
        for chapter in outline().chapters
        if chapter.number not in shown
        and (inside := [row for row in rows if presenters.section_group(row.section) == chapter.number])
    ]
    return render(
        request,
        "strategy/plan_on_a_page.html",
        {
            "as_at": day,
            "slider": presenters.slider(day),
            "points": points,
            "others": others,
            "document": queries.current_document(),
            "crosswalk": queries.crosswalk(),
        },
    )


def _graph(request: HttpRequest) -> tuple[Graph, object]:
    found = current_theory(at=as_at_of(request))
    if found is None:
        raise Missing("No theory of change has been published by that day.", hint="Run endeavour up.")
    return from_content(found.content), found


@require_safe
def theory_of_change(request: HttpRequest) -> HttpResponse:
    """The theory of change as a picture and as a list."""
    graph, version = _graph(request)
    kinds = [(HEADS[kind], [n for n in graph.nodes if n.kind == kind]) for kind in HEADS]
    groups = [(title, [_node(graph, n.id) for n in nodes]) for title, nodes in kinds if nodes]
    untested = sum(edge.grade == "untested" for edge in graph.edges)
    return render(
        request,
        "strategy/theory.html",
        {
            "graph": graph,
            "version": version,
            "may_publish": may(signed_in(request), "strategy.theory"),
            "may_review": may(signed_in(request), "strategy.review_theory"),
            "picture": draw(graph),
            "groups": groups,
            "links": len(graph.edges),
            "untested": untested,
            "feedback": [_edge(graph, edge) for edge in graph.edges if edge.feedback],
        },
    )


def _node(graph: Graph, name: str) -> dict[str, object]:
    node = graph.names[name]
    return {
        "node": node,
        "into": [_edge(graph, e) for e in graph.into(name) if not e.feedback],
        "out": [_edge(graph, e) for e in graph.out_of(name) if not e.feedback],
    }


def _edge(graph: Graph, edge: Edge) -> dict[str, object]:
    return {
        "source": graph.names[edge.source],
        "target": graph.names[edge.target],
        "grade": grade_words(edge.grade),
        "evidence": edge.evidence,
        "lag": edge.lag_months,
        "sign": SIGNS[edge.sign] if edge.sign != "more" else "",
    }


@require_safe
def theory_svg(request: HttpRequest) -> HttpResponse:
    """The picture by itself."""
    graph, _ = _graph(request)
    return HttpResponse(draw(graph, link="/theory-of-change#box-"), content_type="image/svg+xml")


@require_safe
def theory_csv(request: HttpRequest) -> HttpResponse:
    """The links as CSV."""
    graph, _ = _graph(request)
    header = ["from", "to", "sign", "grade", "evidence", "feedback", "lag_months"]
    rows: list[list[object]] = [
        [
            graph.names[e.source].label,
            graph.names[e.target].label,
            e.sign,
            e.grade,
            e.evidence,
            e.feedback,
            e.lag_months,
        ]
        for e in graph.edges
    ]
    return csv_response("theory-of-change.csv", header, rows)


@require_safe
def partner_plans(request: HttpRequest) -> HttpResponse:
    """Which partner plans serve which shared promises, and what has no home on either side."""
    day = as_at_of(request)
    found, names = plans.matrix(at=day), queries.body_names()
    return render(
        request,
        "strategy/partner_plans.html",
        {
            "as_at": day,
            "slider": presenters.slider(day),
            "matrix": found,
            "outline": outline(),
            "library": [(p, names.get(p.owner, p.owner), found.counted.get(p.pk, 0)) for p in found.plans],
            "rows": [(s, found.served.get(s.ref, [])) for s in found.statements],
            "heard": queries.challenges(at=day),
            "may_plan": may(signed_in(request), "strategy.plan"),
            "may_align": {p.key for p in found.plans if may_align(signed_in(request), p.owner)},
        },
    )


@require_safe
def partner_plan(request: HttpRequest, key: str) -> HttpResponse:
    """One partner's plan: its days, what it sets out to do, and what each part serves."""
    found = plans.plan_page(key)
    person = signed_in(request)
    context = {
        "page": found,
        "plan": found.plan,
        "owner": queries.body_names().get(found.plan.owner, found.plan.owner),
        "owns": may(person, "strategy.plan") and owns(person, found.plan.owner),
        "may_align": may_align(person, found.plan.owner),
    }
    return render(request, "strategy/partner_plan.html", context)


@require_safe
def partner_plans_csv(request: HttpRequest) -> HttpResponse:
    """The matrix as CSV: a line a promise and objective; an empty objective is a promise no plan serves."""
    found = plans.matrix(at=as_at_of(request))
    rows: list[list[object]] = []
    for said in found.statements:
        pairs = found.served.get(said.ref, [])
        rows += [[said.ref, said.words, o.plan.owner, o.plan.title, o.ref, o.text, a.state] for o, a in pairs]
        if not pairs:
            rows.append([said.ref, said.words, "", "", "", "", "no partner plan"])
    return csv_response(
        "partner-plans.csv", ["id", "promise", "partner", "plan", "objective", "words", "state"], rows
    )


@require_POST
def decide_alignment(request: HttpRequest) -> HttpResponse:
    """A person says whether a partner's objective serves a promise."""
    plans.decide_alignment(
        by=signed_in(request),
        plan=request.POST.get("plan", ""),
        objective=request.POST.get("objective", ""),
        ref=request.POST.get("ref", ""),
        serves=request.POST.get("serves") == "yes",
    )
    back = request.POST.get("back", "")
    return redirect("strategy:partner-plan", back) if back else redirect("strategy:partner-plans")


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """What words are agreed to mean, and what they meant before."""
    day = as_at_of(request)
    terms = language.glossary_with_history(at=day)
    may_agree = may(signed_in(request), "strategy.glossary")
    return render(request, "strategy/glossary.html", {"terms": terms, "as_at": day, "may_agree": may_agree})


@require_safe
def impact_of(request: HttpRequest, decision: str) -> HttpResponse:
    """What a decision does to each group, and the groups nobody looked at."""
    found = impact.assessment(impact.name_of_decision(decision), impact.groups())
    context = {
        "decision": decision,
        "assessment": found,
        "effects": [(line, observations.measurables().get(line.measure_key)) for line in found.lines],
        "may_assess": may(signed_in(request), "strategy.assess"),
    }
    return render(request, "strategy/impact.html", context)


@require_safe
def resources_page(request: HttpRequest) -> HttpResponse:
    """What each promise needs, what was pledged and given, and the gap (W26)."""
    day = as_at_of(request)
    said = queries.statements("we", at=day)
    found = resources.balances([s.ref for s in said], at=day)
    context = {
        "as_at": day,
        "slider": presenters.slider(day),
        "total": len(said),
        "known": [(s, found[s.ref]) for s in said if s.ref in found],
        "unknown": [s for s in said if s.ref not in found],
        "stated": sum(any(b.required is not None for b in found.get(s.ref, [])) for s in said),
        "may_record": may(signed_in(request), "strategy.resource"),
    }
    return render(request, "strategy/resources.html", context)


@require_safe
def resources_csv(request: HttpRequest) -> HttpResponse:
    """A line a promise and kind of resource; an empty number is one that nobody has stated."""
    day = as_at_of(request)
    found = resources.balances([s.ref for s in queries.statements("we", at=day)], at=day)
    rows: list[list[object]] = [
        [ref, b.kind, b.required, b.pledged, b.given, b.gap] for ref, kinds in found.items() for b in kinds
    ]
    return csv_response("resources.csv", ["id", "kind", "required", "pledged", "given", "gap"], rows)
