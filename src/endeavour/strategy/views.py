"""The pages of the strategy: promises, each promise, and what is not going well."""

from __future__ import annotations

import csv
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from endeavour.core.public import entry, links_of, may, parse_day, today
from endeavour.errors import BadInput
from endeavour.strategy import language, measuring, presenters, queries, resources
from endeavour.strategy.asking import signed_in
from endeavour.strategy.findings import NOT_GOING_WELL, State

MOST_LINKS = 100
KINDS = {"we": ("we",), "i": ("i",), "all": ("we", "i")}
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


def csv_response(name: str, header: list[str], rows: list[list[object]]) -> HttpResponse:
    """A CSV file whose cells no spreadsheet will run as a formula."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(response)
    writer.writerow(header)
    for cells in rows:
        writer.writerow([f"'{c}" if isinstance(c, str) and c[:1] in "=+-@\t\r" and c else c for c in cells])
    return response


def _chosen(request: HttpRequest, day: date) -> tuple[str, list[queries.Judged], list[queries.Judged], str]:
    """What the filters ask for: the kind, everything of it, what is left, and the state filtered by."""
    kind = request.GET.get("kind", "we")
    if kind not in KINDS:
        raise BadInput(f"'{kind[:20]}' is not a kind of statement.", hint="Choose we, i or all.")
    rows = queries.judged(*KINDS[kind], at=day)
    state = request.GET.get("state", "")
    level = request.GET.get("level", "")
    left = [
        row
        for row in rows
        if (state in {"", "any"} or row.judgement.standing.state == state)
        and (not level or row.statement.level == level)
    ]
    return kind, rows, left, state


@require_GET
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
            "query": urlencode({"kind": kind, "state": state, "level": level, "as_at": day}),
        },
    )


def _grouped(rows: list[presenters.Row]) -> list[tuple[str, str, list[presenters.Row]]]:
    """The rows under the strategy's chapters; empty chapters are left out."""
    found = []
    for number, title, about in presenters.PRIORITIES:
        inside = [row for row in rows if presenters.section_group(row.section) == number]
        if inside:
            found.append((title, about, inside))
    chapters = {number for number, _, _ in presenters.PRIORITIES}
    if rest := [row for row in rows if presenters.section_group(row.section) not in chapters]:
        found.append(("Other", "", rest))
    return found


@require_GET
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


@require_GET
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


@require_GET
def promise(request: HttpRequest, ref: str) -> HttpResponse:
    """One statement: its words, how it stands and why, evidence, measures, history and thread."""
    day = as_at_of(request)
    item = queries.judged_one(ref, at=day)
    name = entry("statement", ref)
    links = links_of(name)
    linked = queries.neighbours(links[:MOST_LINKS], name)
    person = signed_in(request)
    return render(
        request,
        "strategy/promise.html",
        {
            "as_at": day,
            "is_today": day == today(),
            "row": presenters.row(item, queries.body_names()),
            "said": item.statement,
            "findings": [
                (finding, queries.because_words(finding.because)) for finding in item.judgement.findings
            ],
            "evidence": queries.evidence_of(ref, at=day),
            "explanations": queries.explanations(at=day, refs=[ref]).get(ref, []),
            "measures": [(m, measuring.reading_of(m, at=day)) for m in queries.measures_of(ref, at=day)],
            "measured": not item.judgement.has(State.NO_MEASURE),
            "balances": resources.balances([ref], at=day).get(ref, []),
            "history": [(item, presenters.deed_words(item.action)) for item in queries.history(ref)],
            "wordings": queries.wordings(ref),
            "variants": language.variants_of(name, item.statement.words),
            "linked": linked,
            "more_links": max(0, len(links) - MOST_LINKS),
            "stops": presenters.stops(day),
            "slider": presenters.slider(day),
            "may": {
                part: may(person, f"strategy.{part}")
                for part in ("evidence", "explain", "measure", "resource", "variant")
            },
        },
    )


@require_GET
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
            "explained": sum(1 for _, words in items if words),
            "gaps": queries.gaps(),
            "truncated": [s for s in queries.statements("we", "i", at=day) if s.note],
            "heard": heard,
            "may_answer": may(signed_in(request), "strategy.answer"),
            "unanswered": sum(not answers for _, answers in heard),
            "loose": queries.statements("prose", at=day),
            "stops": presenters.stops(day),
            "slider": presenters.slider(day),
        },
    )
