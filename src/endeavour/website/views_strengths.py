"""What is strong in a place, beside what it needs: the directory's groups and doors, and what the census counts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from endeavour.errors import Missing, NotFound
from endeavour.frontdoor import public as frontdoor
from endeavour.population import public as population


@require_safe
def strengths(request: HttpRequest) -> HttpResponse:
    """Choose a district."""
    return render(request, "website/strengths.html", {"districts": frontdoor.districts()})


@require_safe
def strengths_of(request: HttpRequest, code: str) -> HttpResponse:
    """One district's strengths, with its needs beside them; the figures are left out where they were not built."""
    assets = frontdoor.assets_in(code)
    context = {"assets": assets, "towns": frontdoor.towns_of(code), "needs": [], "strengths": []}
    try:
        context["needs"], context["strengths"] = population.what_stands_out(code)
    except (Missing, NotFound) as missing:
        context["missing"] = missing
    return render(request, "website/strengths_of.html", context)
