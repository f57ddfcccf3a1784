"""Everything that was said, promised, required or heard: one long list, searched and paged."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from endeavour.errors import BadInput
from endeavour.strategy import presenters, queries
from endeavour.strategy.models import Statement
from endeavour.strategy.views import as_at_of

LONGEST_SEARCH = 100


@require_safe
def statements(request: HttpRequest) -> HttpResponse:
    """A page of the statements of one kind, or of all, with the words looked for."""
    day = as_at_of(request)
    kind, words = request.GET.get("kind", ""), request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    if kind and kind not in Statement.Kind.values:
        raise BadInput(f"'{kind[:20]}' is not a kind of statement.", hint="Choose one from the list.")
    asked = request.GET.get("page", "1")
    if not asked.isdecimal() or len(asked) > 6:
        raise BadInput(f"'{asked[:10]}' is not a page.", hint="Start at the first page.")
    page = queries.page_of(*([kind] if kind else []), at=day, words=words, number=int(asked))
    kinds = [
        {"value": v, "text": t[:1].upper() + t[1:], "selected": v == kind} for v, t in Statement.Kind.choices
    ]
    return render(
        request,
        "strategy/statements.html",
        {
            "as_at": day,
            "slider": presenters.slider(day),
            "page": page,
            "rows": [presenters.row(item) for item in page.rows],
            "kinds": kinds,
            "words": words,
            "kind": kind,
            "earlier_page": _address(request, page.number - 1) if page.number > 1 else "",
            "later_page": _address(request, page.number + 1) if page.number < page.last else "",
        },
    )


def _address(request: HttpRequest, number: int) -> str:
    kept = {name: request.GET[name] for name in ("kind", "q", "as_at") if request.GET.get(name)}
    return f"/statements?{urlencode({**kept, 'page': number})}"
