"""Help that is not a screen: the printed guide, plain text, and the same words in other forms."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from endeavour.core.public import may, slow_down
from endeavour.frontdoor import guides, presenters, queries, renditions, rules
from endeavour.frontdoor.models import Rendition
from endeavour.frontdoor.views import signed_in


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """Choose a town or a kind of help to print a guide for."""
    context = {"places": queries.places(), "topics": presenters.topics(), "longest": guides.LONGEST}
    return render(request, "frontdoor/guide.html", context)


@require_safe
def guide_file(request: HttpRequest) -> HttpResponse:
    """The guide as a tagged PDF, dated, in standard or large print."""
    slow_down(request, "guide")
    made = guides.guide_pdf(**_of_what(request), large=request.GET.get("large") == "yes")
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="help-near-you.pdf"'
    return response


@require_safe
def guide_text(request: HttpRequest) -> HttpResponse:
    """The same guide as plain text, for a braille display, a text message or a slow line."""
    return HttpResponse(guides.guide_text(**_of_what(request)), content_type="text/plain; charset=utf-8")


@require_safe
def everything(request: HttpRequest, number: int = 1) -> HttpResponse:
    """Every service in one plain list, a hundred on a page, for those who want text only and for the printer."""
    return render(request, "frontdoor/list.html", {"page": queries.page_of_services(number)})


@require_safe
def forms(request: HttpRequest) -> HttpResponse:
    """Every rendition: what it is of, who wrote it, and whether it can be trusted today."""
    every = renditions.every()
    context = {
        "forms": every,
        "signed": any(f.kind == Rendition.Kind.BSL and f.part in {"service", "topic"} for f in every),
        "languages": presenters.languages_offered(),
        "may_publish": may(signed_in(request), rules.APPROVE_EDIT),
    }
    return render(request, "frontdoor/forms.html", context)


@require_safe
def form(request: HttpRequest, part: str, key: str, kind: str, language: str) -> HttpResponse:
    """One rendition."""
    return render(request, "frontdoor/form.html", {"form": renditions.one(f"{part}:{key}", kind, language)})


def _of_what(request: HttpRequest) -> dict[str, str]:
    return {"place": request.GET.get("place", "")[:60], "tag": request.GET.get("topic", "")[:60]}
