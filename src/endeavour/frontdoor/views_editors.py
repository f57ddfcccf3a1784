"""The editors' queue: which records are hard to read, which words to change, and which are due to be checked."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from endeavour.core.public import csv_response, today
from endeavour.errors import BadInput, NotFound
from endeavour.frontdoor import queries, readability, renditions, rules
from endeavour.frontdoor.models import Rendition, Service
from endeavour.frontdoor.views import allowed

FORM_FIELDS = ("kind", "language", "author", "review_by", "words", "link")


@login_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Every record an eleven-year-old could not read, those with most words of the trade first; CSV by `?as=csv`."""
    allowed(request, rules.PROPOSE_EDIT)
    services = queries.listed_services()
    rows = readability.hardest(services)
    if request.GET.get("as") == "csv":
        return _csv(rows)
    content = queries.checked_safety()
    context = {
        "rows": rows,
        "count": len(services),
        "late": [(s, fresh) for s in services if not (fresh := queries.freshness(s)).kept],
        "overdue": content.overdue(today()),
        "lines_overdue": content.lines_overdue(today()),
        "safety": content,
        "forms": [form for form in renditions.every() if form.warnings],
    }
    return render(request, "frontdoor/editors.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_form(request: HttpRequest, part: str, key: str) -> HttpResponse:
    """Publish another form of a page: Easy Read, a translation, a film. Nothing typed is lost when something is missing."""
    person = allowed(request, rules.APPROVE_EDIT)
    subject = f"{part}:{key}"
    if not renditions.version_of(subject):
        raise NotFound("There is nothing here to make another form of.", hint="Start from the page itself.")
    name, address = renditions.about(subject)
    given = {field: request.POST.get(field, "") for field in FORM_FIELDS}
    error = ""
    if request.method == "POST":
        try:
            renditions.publish(subject=subject, by=person, **given)
        except BadInput as wrong:
            error = str(wrong)
        else:
            messages.success(request, f"{name}: the new form is published.")
            return redirect(address)
    context = {"about": name, "address": address, "kinds": Rendition.Kind.choices, "given": given, "error": error,
               "stands": renditions.of(subject)}  # fmt: skip
    return render(request, "frontdoor/new_form.html", context, status=422 if error else 200)


def _csv(rows: list[tuple[Service, readability.Reading]]) -> HttpResponse:
    header = ["service", "name", "reading_age", "flesch_kincaid_grade", "smog_grade", "words_to_change"]
    told = (
        [service.given_id, service.name, reading.age, f"{reading.grade:.1f}", f"{reading.smog:.1f}",
         "; ".join(f"{word}: {say}" for word, say in reading.jargon)]
        for service, reading in rows
    )  # fmt: skip
    return csv_response("hard-to-read.csv", header, told)
