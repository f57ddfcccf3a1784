"""The page of one measure of one promise: its figures, its path and who agreed it; every figure has its release."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from endeavour.charts.chart import Chart
from endeavour.core.public import csv_response, may, today
from endeavour.strategy import measuring, observations, queries
from endeavour.strategy.asking import signed_in
from endeavour.strategy.figures import FEWEST_FOR_LIMITS, Observed
from endeavour.strategy.models import PromiseMeasure
from endeavour.strategy.presenters import figure_words, places_for
from endeavour.strategy.reading import Path, expected_on
from endeavour.strategy.views import as_at_of, at_its_proper_address


@require_safe
@at_its_proper_address
def measure(request: HttpRequest, ref: str, measure: str) -> HttpResponse:
    """How one promise is measured, and what the figures say."""
    day = as_at_of(request)
    said = queries.statement(ref, at=day)
    item = queries.measure_of(ref, measure, at=day)
    seen = observations.observed(measure, item.grouping, item.group, at=day)
    path = measuring.path_of(item)
    proposal = queries.proposal_of(ref, measure, at=day)
    person = signed_in(request)
    return render(
        request,
        "strategy/measure.html",
        {
            "as_at": day,
            "is_today": day == today(),
            "said": said,
            "item": item,
            "known": observations.measurables().get(measure),
            "whose": observations.group_words(item.grouping, item.group),
            "reading": measuring.reading_of(item, at=day),
            "rows": [
                {
                    "o": o,
                    "figure": figure_words(o.value),
                    "between": (figure_words(o.low), figure_words(o.high)) if o.low is not None else None,
                    "due": expected_on(path.steps, o.end),
                }
                for o in reversed(seen)
            ],
            "has_intervals": any(o.low is not None for o in seen),
            "has_path": bool(path.steps),
            "steps": path.steps,
            "picture": picture(item, seen, path) if any(o.value is not None for o in seen) else None,
            "history": queries.measure_history(ref, measure),
            "waiting": proposal,
            "change": proposal if item.state == PromiseMeasure.State.CONFIRMED else None,
            "is_own": proposal is not None and person is not None and proposal.proposed_by_id == person.pk,
            "may_measure": day == today() and may(person, "strategy.measure"),
        },
    )


@require_safe
@at_its_proper_address
def measure_csv(request: HttpRequest, ref: str, measure: str) -> HttpResponse:
    """The figures with their intervals, their releases and the path."""
    day = as_at_of(request)
    item = queries.measure_of(ref, measure, at=day)
    steps = measuring.path_of(item).steps
    header = [
        "promise",
        "measure",
        "unit",
        "whose",
        "from",
        "to",
        "value",
        "low",
        "high",
        "reason",
        "path",
        "release",
    ]
    whose = f"{item.grouping}:{item.group}"
    rows: list[list[object]] = [
        [ref, measure, item.unit, whose, o.start, o.end, o.value, o.low, o.high, o.reason, expected_on(steps, o.end), o.release]
        for o in observations.observed(measure, item.grouping, item.group, at=day)
    ]  # fmt: skip
    return csv_response(f"{ref}-{measure}.csv", header, rows)


def picture(item: PromiseMeasure, seen: list[Observed], path: Path) -> Chart | None:
    """A control chart where there are points enough, else a line; one point alone is not drawn."""
    from endeavour.charts.line import Line, line_chart
    from endeavour.charts.spc import spc_chart

    known = [o for o in seen if o.value is not None]
    if len(known) < 2:
        return None
    catalogued = observations.measurables().get(item.measure_key)
    direction = {"higher": 1, "lower": -1}.get(item.polarity, 0)
    values = [float("nan") if o.value is None else float(o.value) for o in seen]
    labels = [o.period for o in seen]
    whose = observations.group_words(item.grouping, item.group)
    subtitle = f"{item.title}, {item.unit}, {whose}"
    if catalogued and catalogued.kind == "lake":
        subtitle += f", {catalogued.about}"
    source = catalogued.source if catalogued else ""
    if len(known) >= FEWEST_FOR_LIMITS:
        return spc_chart(
            values, labels, measure=item.title, subtitle=subtitle, source=source, direction=direction, target=path.target,
            places=places_for(max(abs(o.value or 0.0) for o in known)),
        )  # fmt: skip
    return line_chart(
        Line(whose[:1].upper() + whose[1:], values), labels, title=f"{item.title}, {labels[0]} to {labels[-1]}", subtitle=subtitle,
        source=source, better=direction,
    )  # fmt: skip
