"""The pages of the strategy: promises, each promise, and what is not going well."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from endeavour.core.public import csv_response, entry, links_of, may, parse_day, today
from endeavour.errors import BadInput, NotFound
from endeavour.strategy import language, measuring, observations, presenters, queries, resources
from endeavour.strategy.asking import signed_in
from endeavour.strategy.findings import LABELS, NOT_GOING_WELL, State
from endeavour.strategy.guides import aims_of_statement
from endeavour.strategy.models import PromiseMeasure
from endeavour.strategy.outline import outline, parts_of
from endeavour.strategy.reading import Reading
from endeavour.strategy.rules import may_explain
from endeavour.strategy.tensions import tensions_about

MOST_LINKS = 100
KINDS = {"we": ("we",), "i": ("i",), "all": ("we", "i")}
FILTERS = ("kind", "state", "level", "also", "without")
KIND_CHOICES = [
    {"value": "we", "text": "What we promised (We)"},
    {"value": "i", "text": "What you should notice (I)"},
    {"value": "all", "text": "Both"},
]


def as_at_of(request: HttpRequest) -> date:
    """The day asked about: `?as_at=2024-04-01`, from 2017 to today.

    A slider that was moved, so that `month` differs from the `was` it started at, counts before the box beside it.
    """
    month = request.GET.get("month", "")
    if month and month != request.GET.get("was", ""):
        return presenters.day_of_month(month)
    text = request.GET.get("as_at", "").strip()
    if not text:
        return today()
    day = parse_day(text)
    if not queries.EARLIEST <= day <= today():
        raise BadInput(
            f"We can look at days from {queries.EARLIEST} to today, not {day}.", hint="Choose another day."
        )
    return day


def at_its_proper_address(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Lead from /promise/w16 to /promise/W16: people type a promise's number in either size of letter."""

    @wraps(page)
    def answer(request: HttpRequest, ref: str, **rest: str) -> HttpResponse:
        try:
            return page(request, ref, **rest)
        except NotFound:
            given = queries.ref_as_given(ref)
            if given in {"", ref} or request.resolver_match is None:
                raise
            proper = reverse(request.resolver_match.view_name, kwargs={"ref": given, **rest})
            asked = request.META.get("QUERY_STRING", "")
            return HttpResponsePermanentRedirect(f"{proper}?{asked}" if asked else proper)

    return answer


def _finding(request: HttpRequest, name: str) -> State | None:
    """A finding that every row must have (`also`) or not have (`without`): the annual report's figures link so."""
    text = request.GET.get(name, "")
    if text and text not in list(State):
        raise BadInput(f"'{text[:30]}' is not a finding.", hint="See the columns of promises.csv.")
    return State(text) if text else None


def _chosen(request: HttpRequest, day: date) -> tuple[str, list[queries.Judged], list[queries.Judged], str]:
    """What the filters ask for: the kind, everything of it, what is left, and the state filtered by."""
    kind = request.GET.get("kind", "we")
    if kind not in KINDS:
        raise BadInput(f"'{kind[:20]}' is not a kind of statement.", hint="Choose we, i or all.")
    rows = queries.judged(*KINDS[kind], at=day)
    state = request.GET.get("state", "")
    level = request.GET.get("level", "")
    if state not in {"", "any", *State}:
        raise BadInput(f"'{state[:20]}' is not a way to stand.", hint="Choose one from the list.")
    if level and level not in presenters.LEVELS:
        raise BadInput(f"'{level[:20]}' is not a level.", hint=f"Choose {', '.join(presenters.LEVELS)}.")
    also, without = _finding(request, "also"), _finding(request, "without")
    left = [
        row
        for row in rows
        if (state in {"", "any"} or row.judgement.standing.state == state)
        and (not level or row.statement.level == level)
        and (also is None or row.judgement.has(also))
        and (without is None or not row.judgement.has(without))
    ]
    return kind, rows, left, state


@require_safe
def promises(request: HttpRequest) -> HttpResponse:
    """Every We and I statement and how it stood on a day."""
    day = as_at_of(request)
    kind, rows, left, state = _chosen(request, day)
    level = request.GET.get("level", "")
    counts = queries.standing_counts(rows)
    document = queries.current_document()
    shown = [presenters.row(item) for item in left]
    return render(
        request,
        "strategy/promises.html",
        {
            "as_at": day,
            "is_today": day == today(),
            "kind": kind,
            "state": state,
            "level": level,
            "headline": presenters.headline(counts, day),
            "total": len(rows),
            "groups": _grouped(shown),
            "shown": shown,
            "without_measure": sum(item.judgement.has(State.NO_MEASURE) for item in rows),
            "without_evidence": sum(item.judgement.has(State.NO_EVIDENCE) for item in rows),
            "kind_items": [{**c, "selected": c["value"] == kind} for c in KIND_CHOICES],
            "state_items": [
                {"value": "any", "text": "Any", "selected": state in {"", "any"}},
                *({**c, "selected": c["value"] == state} for c in presenters.standing_choices(rows)),
            ],
            "stops": presenters.stops(day),
            "slider": presenters.slider(day),
            "earlier": presenters.step(day, -1),
            "later": presenters.step(day, 1),
            "gaps": document.gaps if document and document.published_on <= day else [],
            "document": document,
            "paraphrased": any(not item.verbatim for item in shown),
            "narrowed": [
                f"{words}: {LABELS[finding]}"
                for name, words in (("also", "only those with"), ("without", "all but those with"))
                if (finding := _finding(request, name))
            ],
            "query": urlencode({"as_at": day, **{n: request.GET[n] for n in FILTERS if n in request.GET}}),
        },
    )


def _grouped(rows: list[presenters.Row]) -> list[tuple[str, str, list[presenters.Row]]]:
    """The rows under the strategy's chapters; empty chapters are left out."""
    found = []
    for chapter in outline().chapters:
        inside = [row for row in rows if presenters.section_group(row.section) == chapter.number]
        if inside:
            found.append((chapter.title, chapter.about, inside))
    chapters = {chapter.number for chapter in outline().chapters}
    if rest := [row for row in rows if presenters.section_group(row.section) not in chapters]:
        found.append(("Other", "", rest))
    return found


@require_safe
def promises_csv(request: HttpRequest) -> HttpResponse:
    """The list as CSV, with the same filters."""
    day = as_at_of(request)
    _, _, left, _ = _chosen(request, day)
    header = [
        "id",
        "kind",
        "words",
        "verbatim",
        "section",
        "due",
        "recurrence",
        "owner",
        "as_at",
        "standing",
        "state",
        "also",
    ]
    rows: list[list[object]] = []
    for item in left:
        row = presenters.row(item)
        said = item.statement
        due = f"{said.due_on:%Y-%m}" if said.due_on else ""
        facts = [
            said.ref,
            said.kind,
            said.words,
            said.is_verbatim,
            said.section,
            due,
            said.recurrence,
            said.owner,
        ]
        rows.append([*facts, day, row.standing.words, row.standing.state.value, row.flag_words])
    return csv_response(f"promises-{day}.csv", header, rows)


@require_safe
def promises_metadata(request: HttpRequest) -> HttpResponse:
    """What the columns of the CSV mean."""
    return JsonResponse(
        {
            "title": "Promises and outcomes of the strategy and how they stood",
            "as_at": str(as_at_of(request)),
            "source": "The strategy's numbered statements; states are computed, never entered.",
            "columns": {
                "id": "the strategy's own number",
                "words": "the strategy's words where verbatim is True, else our paraphrase",
                "due": "month; the strategy gives no day",
                "standing": "how it stood on as_at, in words",
                "state": ", ".join(state.value for state in State),
                "also": "other findings, separated by semicolons",
            },
        }
    )


def _measure(item: PromiseMeasure, day: date) -> tuple[PromiseMeasure, Reading, tuple[str, ...]]:
    """A measure, what its figures say, and its newest figure with its interval in words."""
    reading = measuring.reading_of(item, at=day)
    latest = reading.latest
    shown = [latest.value, latest.low, latest.high] if latest and latest.value is not None else []
    return item, reading, tuple(presenters.figure_words(n) for n in shown if n is not None)


@require_safe
@at_its_proper_address
def promise(request: HttpRequest, ref: str) -> HttpResponse:
    """One statement: its words, how it stands and why, evidence, measures, history and thread."""
    day = as_at_of(request)
    item = queries.judged_one(ref, at=day)
    name = entry("statement", ref)
    links = links_of(name)
    linked = queries.neighbours(links[:MOST_LINKS], name)
    measures = queries.measures_of(ref, at=day)
    names = queries.body_names()
    areas = observations.area_names(m.group for m in measures if m.grouping != observations.WHOLE[0])
    person = signed_in(request)
    return render(
        request,
        "strategy/promise.html",
        {
            "as_at": day,
            "is_today": day == today(),
            "row": presenters.row(item, names),
            "said": item.statement,
            "findings": [
                (finding, queries.because_words(finding.because)) for finding in item.judgement.findings
            ],
            "evidence": queries.evidence_of(ref, at=day),
            "explanations": (said := queries.explanations(at=day, refs=[ref]).get(ref, [])),
            "owner_spoke": queries.owner_spoke(said),
            "measures": [(*_measure(m, day), areas.get(m.group, "")) for m in measures],
            "parts": [
                (part, [m for m in measures if m.measure_key in part.measures]) for part in parts_of(ref)
            ],
            "must_name": presenters.who_must_name(item.statement, names, day),
            "measured": not item.judgement.has(State.NO_MEASURE),
            "balances": resources.balances([ref], at=day).get(ref, []),
            "history": [(item, presenters.deed_words(item.action)) for item in queries.history(ref)],
            "wordings": queries.wordings(ref),
            "variants": language.variants_of(name, item.statement.words),
            "linked": linked,
            "aims": aims_of_statement(ref, day),
            "tensions": tensions_about(ref),
            "more_links": max(0, len(links) - MOST_LINKS),
            "stops": presenters.stops(day),
            "slider": presenters.slider(day),
            "may": {
                part: may(person, f"strategy.{part}")
                for part in ("evidence", "measure", "resource", "variant")
            }
            | {"explain": may_explain(person, item.statement.owner)},
        },
    )


@require_safe
def honesty(request: HttpRequest) -> HttpResponse:
    """What is not going well: late promises publish themselves."""
    day = as_at_of(request)
    rows = [r for r in queries.judged("we", "i", at=day) if r.judgement.standing.state in NOT_GOING_WELL]
    said = queries.explanations(at=day)
    rows.sort(
        key=lambda r: (
            r.judgement.standing.since or day,
            r.statement.kind == "i",
            queries.ref_order(r.statement.ref),
        )
    )
    items = [(presenters.row(r), said.get(r.statement.ref, [])) for r in rows]
    heard = queries.challenges(at=day)
    return render(
        request,
        "strategy/honesty.html",
        {
            "as_at": day,
            "is_today": day == today(),
            "promises": [pair for pair in items if pair[0].judged.statement.kind == "we"],
            "outcomes": [pair for pair in items if pair[0].judged.statement.kind == "i"],
            "explained": sum(queries.owner_spoke(words) for _, words in items),
            "gaps": queries.gaps(),
            "truncated": [s for s in queries.statements("we", "i", at=day) if s.note],
            "heard": heard,
            "heard_in": queries.heard_in(heard),
            "may_answer": may(signed_in(request), "strategy.answer"),
            "unanswered": sum(not answers for _, answers in heard),
            "loose": queries.statements("prose", at=day),
            "stops": presenters.stops(day),
            "slider": presenters.slider(day),
        },
    )
