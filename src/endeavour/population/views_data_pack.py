"""The data pack of an area: page to print, CSV with metadata, JSON, and tagged PDF."""

from __future__ import annotations

from dataclasses import asdict
from threading import Lock
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from endeavour.core.public import today
from endeavour.errors import Missing
from endeavour.population.data_pack import Pack, as_data, data_pack
from endeavour.population.data_pack_lines import COLUMNS
from endeavour.population.downloads import Table
from endeavour.population.presenters_measures import METHOD
from endeavour.population.releases import unchanged

# Fonts and layout take memory: one document at a time.
_ONE_AT_A_TIME = Lock()


@require_safe
def page(request: HttpRequest, code: str) -> HttpResponse:
    """The whole pack as one page, which prints as it stands."""
    pack = data_pack(code)
    if pack.area.code != code:
        return redirect("population:data-pack", code=pack.area.code, permanent=True)
    return render(
        request,
        "population/data_pack.html",
        {"pack": pack, "today": today(), "csv": f"{pack.address}/data-pack.csv"},
    )


def table(request: HttpRequest, code: str) -> Table:
    """One figure a line."""
    pack = data_pack(code)
    told = (asdict(line) | {"area": pack.area.code} for line in pack.lines)
    return Table(
        f"data-pack-{pack.area.code}",
        pack.title,
        COLUMNS,
        ([line[name] for name in COLUMNS] for line in told),
        source="; ".join(dict.fromkeys(line.source for line in pack.lines)),
        method=METHOD,
        release=pack.digest,
    )


@require_safe
@unchanged
def as_json(request: HttpRequest, code: str) -> JsonResponse:
    """Everything of the pack as data."""
    return JsonResponse(as_data(data_pack(code)))


@require_safe
@unchanged
def as_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The pack as PDF/UA-1, tagged for a screen reader."""
    pack = data_pack(code)
    response = HttpResponse(pdf(pack), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="data-pack-{pack.area.code}.pdf"'
    return response


def pdf(pack: Pack) -> bytes:
    """The printed pack; the same figures give the same bytes."""
    try:
        from weasyprint import HTML
    except (ModuleNotFoundError, OSError) as error:
        raise Missing(
            "Making a PDF needs WeasyPrint and Pango.", hint="Install the part 'common-endeavour[pdf]'."
        ) from error
    text = render_to_string("population/data_pack_print.html", {"pack": pack})
    with _ONE_AT_A_TIME:
        document = HTML(string=text, url_fetcher=_nothing_outside)
        made: bytes = document.write_pdf(
            pdf_variant="pdf/ua-1", pdf_identifier=bytes.fromhex(pack.digest)[:16], finisher=_scope_headers
        )
    return made


def _scope_headers(_document: Any, made: Any) -> None:
    """Say of every table's header cell whether it heads a column or a row: the layout engine leaves that out."""
    objects: list[Any] = made.objects
    tagged = {bytes(o.reference): o for o in objects if hasattr(o, "get") and o.get("Type") == "/StructElem"}
    for cell in tagged.values():
        if cell.get("S") == "/TH":
            row = tagged.get(bytes(cell["P"]))
            part = tagged.get(bytes(row["P"])) if row else None
            cell["A"]["Scope"] = "/Column" if part and part["S"] == "/THead" else "/Row"


def _nothing_outside(url: str, *_: object, **__: object) -> dict[str, object]:
    """A pack is whole in itself: it reads no file and no address."""
    raise ValueError(f"a data pack may not read {url}")
