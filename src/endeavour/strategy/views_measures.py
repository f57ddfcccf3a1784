"""The page of one measure of one promise: its figures, its path and who agreed it; every figure has its release."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from endeavour.charts.chart import Chart
from endeavour.core.public import may, today
from endeavour.strategy import measuring, observations, queries
from endeavour.strategy.asking import signed_in
from endeavour.strategy.models import PromiseMeasure
from endeavour.strategy.observations import Observed
from endeavour.strategy.reading import FEWEST_FOR_LIMITS, Path, expected_on
from endeavour.strategy.views import as_at_of, csv_response


@require_GET
def measure(request: HttpRequest, ref: str, measure: str) -> HttpResponse:
    """How one promise is measured, and what the figures say."""
    day = as_at_of(request)
    said = queries.statement(ref, at=day)
    item = queries.measure_of(ref, measure, at=day)
    seen = observations.observed(measure, item.grouping, item.group, at=day)
    path = measuring.path_of(item)
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
            "rows": [(o, expected_on(path.steps, o.end)) for o in reversed(seen)],
            "steps": path.steps,
            "picture": picture(item, seen, path) if any(o.value is not None for o in seen) else None,
            "history": queries.measure_history(ref, measure),
            "may_measure": may(signed_in(request), "strategy.measure"),
        },
    )


@require_GET
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
    subtitle = f"{item.title}, {item.unit}, {observations.group_words(item.grouping, item.group)}"
    source = catalogued.source if catalogued else ""
    if len(known) >= FEWEST_FOR_LIMITS:
        return spc_chart(
            values, labels, measure=item.title, subtitle=subtitle, source=source, direction=direction, target=path.target,
            places=1,
        )  # fmt: skip
    return line_chart(
        Line(item.title, values), labels, title=f"{item.title}, {labels[0]} to {labels[-1]}", subtitle=subtitle,
        source=source, better=direction,
    )  # fmt: skip
