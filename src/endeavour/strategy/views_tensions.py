"""What pulls against what: a page for all pairs, one for each, and their figures as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from endeavour.charts.chart import Chart
from endeavour.core.public import csv_response, today
from endeavour.strategy import observations, queries
from endeavour.strategy.figures import Observed
from endeavour.strategy.presenters import figure_words, places_for
from endeavour.strategy.tensions import Side, Tension, section, tension, tensions
from endeavour.strategy.views import as_at_of

if TYPE_CHECKING:
    from endeavour.charts.line import Line

COLUMNS = [
    "tension", "title", "side", "words", "measure", "unit", "whose", "about", "from", "to", "value", "low", "high",
    "reason", "release", "lacks", "takes",
]  # fmt: skip


@require_safe
def every(request: HttpRequest) -> HttpResponse:
    """Every pair with its newest figures."""
    day = as_at_of(request)
    found = tensions(at=day)
    context = {
        "as_at": day,
        "is_today": day == today(),
        "section": section(),
        "overall": [t for t in found if t.row.overall],
        "tensions": [t for t in found if not t.row.overall],
        "both": sum(all(side.latest for side in t.sides) for t in found),
        "neither": sum(not any(side.latest for side in t.sides) for t in found),
        "total": len(found),
    }
    return render(request, "strategy/tensions.html", context)


@require_safe
def one(request: HttpRequest, key: str) -> HttpResponse:
    """One pair: both sides, what each shows, the picture and what is lacking."""
    day = as_at_of(request)
    found = tension(key, at=day)
    context = {
        "as_at": day,
        "is_today": day == today(),
        "section": section(),
        "tension": found,
        "pictures": pictures(found),
        "promises": queries.statements(at=day, refs=found.row.statements),
    }
    return render(request, "strategy/tension.html", context)


@require_safe
def every_csv(request: HttpRequest) -> HttpResponse:
    """Every figure of every pair; a side without figures has one row that says what is lacking."""
    day = as_at_of(request)
    return csv_response("tensions.csv", COLUMNS, (row for t in tensions(at=day) for row in _rows(t)))


@require_safe
def one_csv(request: HttpRequest, key: str) -> HttpResponse:
    """Every figure of one pair."""
    found = tension(key, at=as_at_of(request))
    return csv_response(f"tension-{key}.csv", COLUMNS, _rows(found))


def _rows(found: Tension) -> Iterator[list[object]]:
    for name, side in (("one", found.one), ("other", found.other)):
        row, measure = side.row, side.measure
        start = [found.row.key, found.row.title, name, row.words, row.measure]
        start += [measure.unit, f"{row.grouping}:{row.group}", measure.about] if measure else ["", "", ""]
        if not side.seen:
            yield [*start, "", "", "", "", "", row.lacks and "no figure yet", "", row.lacks, row.takes]
        for o in side.seen:
            yield [*start, o.start, o.end, o.value, o.low, o.high, o.reason, o.release, "", ""]


def pictures(found: Tension) -> list[Chart]:
    """One picture of both sides where they have a unit and periods in common, else one of each side with figures."""
    from endeavour.charts.line import Line

    if len(pairs := found.pairs) > 1:
        last = pairs[-1]
        measure, other = found.one.measure, found.other.measure
        assert measure, "a side without a measure has no pairs"
        assert other, "a side without a measure has no pairs"
        return [
            _drawn(
                Line(measure.title, [float(a.value or 0) for a, _ in pairs]),
                [a.period for a, _ in pairs],
                comparison=Line(other.title, [float(b.value or 0) for _, b in pairs]),
                title=f"{_apart(measure.title, other.title, *last)} in {last[0].period}",
                subtitle=_subtitle(found.one, found.row.title),
                source=measure.source,
                from_zero=True,
                places=places_for(max(abs(o.value or 0.0) for pair in pairs for o in pair)),
            )
        ]
    return [_picture(side) for side in found.sides if len(side.known) > 1]


def _picture(side: Side) -> Chart:
    from endeavour.charts.line import Line

    measure, known = side.measure, side.known
    assert measure is not None, "a side without a measure has no figures"
    return _drawn(
        Line(measure.title, [float("nan") if o.value is None else float(o.value) for o in side.seen]),
        [o.period for o in side.seen],
        title=f"{figure_words(known[-1].value)} in {known[-1].period}; {figure_words(known[0].value)} in {known[0].period}",
        subtitle=_subtitle(side, side.row.words),
        source=measure.source,
        from_zero=True,
        places=places_for(max(abs(o.value or 0.0) for o in known)),
    )


def _drawn(line: Line, periods: list[str], **given: Any) -> Chart:
    """A line chart whose table has no columns for limits: published counts come without."""
    from endeavour.charts.line import line_chart

    drawn = line_chart(line, periods, **given)
    limits = {drawn.headers.index("Lower limit"), drawn.headers.index("Upper limit")}
    kept = [place for place in range(len(drawn.headers)) if place not in limits]
    return replace(
        drawn,
        headers=tuple(drawn.headers[place] for place in kept),
        rows=tuple(tuple(row[place] for place in kept) for row in drawn.rows),
        numeric_columns=frozenset(range(1, len(kept))),
    )


def _apart(one: str, other: str, first: Observed, second: Observed) -> str:
    """How far two figures of one period lie apart, in words."""
    gap = (first.value or 0.0) - (second.value or 0.0)
    if not gap:
        return f"As many {_low(one)} as {_low(other)}"
    return f"{figure_words(abs(gap))} {'more' if gap > 0 else 'fewer'} {_low(one)} than {_low(other)}"


def _low(title: str) -> str:
    """A title inside a sentence; one that starts with capitals, such as A&E, keeps them."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title


def _subtitle(side: Side, what: str) -> str:
    assert side.measure is not None
    whose = observations.group_words(side.row.grouping, side.row.group)
    words = f"{what}, {side.measure.unit}, {whose}"
    return f"{words}, {side.measure.about}" if side.is_synthetic else words
