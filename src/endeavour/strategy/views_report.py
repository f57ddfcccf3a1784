"""The annual report on the web: the draft of a day, and every frozen release in every form."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.shortcuts import render as render_page
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_POST, require_safe

from endeavour.core.public import entry, may
from endeavour.errors import NotFound
from endeavour.strategy import language
from endeavour.strategy.asking import signed_in
from endeavour.strategy.queries import require_to
from endeavour.strategy.report import freezing
from endeavour.strategy.report.content import build, digest
from endeavour.strategy.report.render import FORMS, render
from endeavour.strategy.views import as_at_of


@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """The report as it would be frozen for a day."""
    day = as_at_of(request)
    content = build(day)
    releases = freezing.releases()
    context = {
        "report": content,
        "sha": digest(content),
        "day": day,
        "releases": releases,
        "frozen": None,
        "variants": language.variants_of_reports([r.sha256 for r in releases]),
        "may_freeze": may(signed_in(request), "strategy.release"),
        "base": "/report",
        "query": f"?as_at={day}",
    }
    return render_page(request, "strategy/report.html", context)


@require_safe
def report_file(request: HttpRequest, form: str) -> HttpResponse:
    """The draft of a day in another form."""
    day = as_at_of(request)
    return _file(request, build(day), form, f"report-{day}-draft")


@require_safe
def release(request: HttpRequest, release: str) -> HttpResponse:
    """A frozen report, exactly as it was."""
    found = freezing.release_named(release)
    context = {
        "report": found.content,
        "sha": found.sha256,
        "day": found.as_at,
        "releases": freezing.releases(),
        "frozen": found,
        "variants": language.variants_of(entry("release", found.sha256[:12]), found.sha256),
        "may_variant": may(signed_in(request), "strategy.variant"),
        "base": f"/report/{found.sha256[:12]}",
        "query": "",
    }
    return render_page(request, "strategy/report.html", context)


@require_safe
def release_file(request: HttpRequest, release: str, form: str) -> HttpResponse:
    """A frozen report in another form: the same bytes every time."""
    found = freezing.release_named(release)
    return _file(request, found.content, form, f"report-{found.as_at}-{found.sha256[:12]}")


def _file(request: HttpRequest, content: dict[str, object], form: str, name: str) -> HttpResponse:
    """The file, or 304 where the reader holds it already: a PDF takes a second to make."""
    if form not in FORMS:
        raise NotFound(
            f"There is no form '{form[:20]}' of the report.", hint=f"Choose one of {', '.join(FORMS)}."
        )
    etag = f'"{digest(content)[:32]}-{form}"'
    if unchanged := get_conditional_response(request, etag=etag):
        return unchanged
    response = HttpResponse(render(content, form, site=settings.PUBLIC_URL), content_type=FORMS[form])
    if form != "html":
        response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    response["ETag"] = etag
    return response


@require_POST
def freeze(request: HttpRequest) -> HttpResponse:
    """The secretariat freezes the report as it stands today."""
    require_to("strategy.release", signed_in(request))
    made = freezing.freeze_report(by=signed_in(request))
    return redirect("strategy:release", made.sha256[:12])
