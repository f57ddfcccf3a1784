"""The pages of unmet need, and the two small doors that count how an answer was used."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from endeavour.core.public import Body, csv_response, links_of, may, slow_down, today
from endeavour.errors import NotFound
from endeavour.frontdoor import rules
from endeavour.frontdoor.gaps import actions, queries
from endeavour.frontdoor.gaps.themes import themes
from endeavour.frontdoor.languages import languages
from endeavour.frontdoor.periods import Quarter, chosen_quarter, settled_quarters
from endeavour.frontdoor.queries import listed_services
from endeavour.frontdoor.rehearsal.queries import of_whom, was_rehearsed
from endeavour.frontdoor.views import allowed


def _asked(request: HttpRequest) -> tuple[Quarter, queries.Searches | None]:
    allowed(request, rules.SEE_GAPS)
    quarter = chosen_quarter(request.GET.get("quarter", ""), today())
    return quarter, queries.searches(quarter)


@never_cache
@login_required
@require_safe
def gaps(request: HttpRequest) -> HttpResponse:
    """What people could not find in a quarter, largest first, with the published need beside each."""
    quarter, found = _asked(request)
    context = {
        "quarter": quarter, "quarters": settled_quarters(today()), "found": found,
        "gaps": queries.gaps_in(found) if found else [],
        "tables": _tables(found) if found else [], "invented": was_rehearsed(), "outcomes": queries.OUTCOMES.values(),
    }  # fmt: skip
    return render(request, "frontdoor/unmet.html", context)


def _tables(found: queries.Searches) -> list[tuple[str, list[tuple[str, object, object]]]]:
    """How searches ended, by theme, by district and by language, under the names people read."""
    named = {
        "theme": ("Theme", {t.key: t.heading for t in themes()}),
        "district": ("District", queries.districts()),
        "language": ("Language", {code: one.english for code, one in languages().items()}),
    }
    return [
        (heading, [(names.get(value, value), whole, ends) for value, whole, ends in found.lines(dimension)])
        for dimension, (heading, names) in named.items()
    ]


@never_cache
@login_required
@require_safe
def gaps_csv(request: HttpRequest) -> HttpResponse:
    """The same figures as CSV, each with its reason where it is hidden."""
    quarter, found = _asked(request)
    header = ["quarter", "outcome", "theme", "district", "language", "searches", "why"]
    rows = []
    for table in (found.by_place, found.by_language) if found else ():
        for key, cell in (table or {}).items():
            assert table is not None, "a table that is not there has no cells"
            told = dict(zip(table.about.dimensions, key, strict=True))
            rows.append([quarter.key, *(told.get(d, "all") for d in ("outcome", "theme", "district", "language")),
                             "" if cell.numerator is None else cell.numerator, str(cell.reason)])  # fmt: skip
    return csv_response(f"{of_whom()}searches-{quarter.key}.csv", header, rows)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def gap(request: HttpRequest, key: str) -> HttpResponse:
    """One gap: what stands beside it, where it was raised, and the way to raise it."""
    person = allowed(request, rules.SEE_GAPS)
    quarter = chosen_quarter(key.partition(".")[0], today())
    found = queries.searches(quarter)
    chosen = next((g for g in queries.gaps_in(found) if g.key == key), None) if found else None
    if chosen is None:
        raise NotFound("There is no gap with that name.", hint="Choose one from the list at /find-help/gaps.")
    boards = {
        b.key: b for b in Body.objects.at(today()).filter(legal_form__in=actions.BOARD_FORMS).order_by("name")
    }  # type: ignore[attr-defined]
    if request.method == "POST":
        board = boards.get(request.POST.get("board", ""))
        if board is None:
            raise NotFound("Choose a board from the list.")
        actions.raise_gap(
            gap=chosen, board=board, by=person, words=request.POST.get("words", "").strip()[:120]
        )
        return redirect(f"/find-help/gaps/{key}")
    raised = [(link, boards.get(link.target.partition(":")[2])) for link in links_of(f"gap:{chosen.key}")]
    context = {
        "gap": chosen,
        "raised": raised,
        "boards": boards.values(),
        "may_raise": may(person, rules.RAISE_GAP),
        "invented": was_rehearsed(),
    }
    return render(request, "frontdoor/gap.html", context)


@csrf_exempt  # it changes nothing that belongs to anybody, and the answers page is shown without a cookie
@require_http_methods(["GET", "HEAD", "POST"])
def none_helps(request: HttpRequest) -> HttpResponse:
    """Count that none of the answers helps, and say what to do then: there is no wrong door."""
    if request.method == "POST":
        slow_down(request, "none-helps")
        actions.count_unhelpful(trace=request.POST.get("trace", ""))
    navigators = listed_services(tag="social prescribing")
    return render(request, "frontdoor/none_helps.html", {"navigator": navigators[0] if navigators else None})
