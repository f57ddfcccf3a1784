"""The pages of the strategy: promises, each promise, and what is not going well."""

from __future__ import annotations

import csv
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from endeavour.core.public import Person, entry, links_of, may, parse_day, today
from endeavour.errors import BadInput
from endeavour.strategy import actions, language, presenters, queries, resources
from endeavour.strategy.findings import NOT_GOING_WELL, State

MOST_LINKS = 100
KINDS = {"we": ("we",), "i": ("i",), "all": ("we", "i")}
KIND_CHOICES = [
    {"value": "we", "text": "What we promised (We)"},
    {"value": "i", "text": "What you should notice (I)"},
    {"value": "all", "text": "Both"},
]


def as_at_of(request: HttpRequest) -> date:
    """The day asked about: `?as_at=2024-04-01`, from 2017 to today."""
    text = request.GET.get("as_at", "").strip()
    if not text:
        return today()
    day = parse_day(text)
    if not queries.EARLIEST <= day <= today():
        raise BadInput(
            f"We can look at days from {queries.EARLIEST} to today, not {day}.", hint="Choose another day."
        )
    return day


def signed_in(request: HttpRequest) -> Person | None:
    """The person signed in, or nobody."""
    return request.user if isinstance(request.user, Person) else None


def say_how_it_reads(request: HttpRequest, text: str) -> None:
    """Tell whoever published words which of them are hard; what was published stays published."""
    for warning in language.check_words(text).warnings[:6]:
        messages.warning(request, warning)


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
            "level": request.GET.get("level", ""),
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
            "earlier": presenters.step(day, -1),
            "later": presenters.step(day, 1),
            "gaps": document.gaps if document and document.published_on <= day else [],
            "document": document,
            "paraphrased": any(not item.verbatim for item in shown),
            "query": request.GET.urlencode(),
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
            "measures": queries.measures_of(ref, at=day),
            "balances": resources.balances([ref], at=day).get(ref, []),
            "history": [(item, presenters.deed_words(item.action)) for item in queries.history(ref)],
            "wordings": queries.wordings(ref),
            "variants": language.variants_of(name, item.statement.words),
            "linked": linked,
            "more_links": max(0, len(links) - MOST_LINKS),
            "stops": presenters.stops(day),
            "may_record": may(person, "strategy.evidence"),
            "may_explain": may(person, "strategy.explain"),
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
            "unanswered": sum(not answers for _, answers in heard),
            "loose": queries.statements("prose", at=day),
            "stops": presenters.stops(day),
        },
    )


@require_http_methods(["GET", "POST"])
def evidence(request: HttpRequest, ref: str) -> HttpResponse:
    """Record what shows how a promise stands."""
    said = queries.statement(ref)
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        field = "#happened-day"
        try:
            happened_on = _day(request.POST)
            field = "#title" if not request.POST.get("title", "").strip() else "#source"
            actions.record_evidence(
                by=signed_in(request),
                ref=ref,
                title=request.POST.get("title", ""),
                happened_on=happened_on,
                words=request.POST.get("words", ""),
                url=request.POST.get("url", "").strip(),
                source=request.POST.get("source", ""),
                settles=request.POST.get("settles") == "yes",
            )
        except BadInput as error:
            errors.append({"text": str(error), "href": field})
        else:
            return redirect(reverse("strategy:promise", args=[ref]) + "#evidence")
    else:
        queries.require_to("strategy.evidence", signed_in(request))
    status = 422 if errors else 200
    when = {part: request.POST.get(f"happened-{part}", "") for part in ("day", "month", "year")}
    context = {"said": said, "errors": errors, "form": request.POST, "when": when}
    return render(request, "strategy/evidence_form.html", context, status=status)


def _day(form: object) -> date:
    """The day from the three boxes of a date input."""
    get = form.get  # type: ignore[attr-defined]
    year, month, day = (str(get(f"happened-{part}", "")).strip() for part in ("year", "month", "day"))
    if not (year and month and day):
        raise BadInput("Give the day, the month and the year it happened.")
    if len(year) != 4:
        raise BadInput(f"The year '{year[:10]}' has not four digits.", hint="Write it as 2024.")
    return parse_day(f"{year}-{month:>02}-{day:>02}")


@require_http_methods(["GET", "POST"])
def reason(request: HttpRequest, ref: str) -> HttpResponse:
    """The owner says why a promise is not going well, what we do, and what you can do."""
    item = queries.judged_one(ref)
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            actions.explain(
                by=signed_in(request),
                ref=ref,
                why=request.POST.get("why", ""),
                we_do=request.POST.get("we_do", ""),
                you_can=request.POST.get("you_can", ""),
            )
        except BadInput as error:
            errors.append({"text": str(error), "href": "#why"})
        else:
            say_how_it_reads(
                request, " ".join(request.POST.get(name, "") for name in ("why", "we_do", "you_can"))
            )
            return redirect(reverse("strategy:promise", args=[ref]) + "#why")
    else:
        queries.require_to("strategy.explain", signed_in(request))
    return render(
        request,
        "strategy/reason_form.html",
        {"said": item.statement, "row": presenters.row(item), "errors": errors, "form": request.POST},
        status=422 if errors else 200,
    )
