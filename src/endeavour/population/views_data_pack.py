"""The data pack of an area: page to print, CSV with metadata, JSON, and tagged PDF."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import asdict
from threading import Lock
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import condition, require_safe

from endeavour.core.public import today
from endeavour.errors import Missing
from endeavour.population import releases
from endeavour.population.data_pack import COLUMNS, Pack, data_pack, edition

# Fonts and layout take memory: one document at a time.
_ONE_AT_A_TIME = Lock()


def _tag(form: str) -> Callable[..., str]:
    return lambda _request, code: f'"{edition(code)}-{form}"'


@require_safe
def page(request: HttpRequest, code: str) -> HttpResponse:
    """The whole pack as one page, which prints as it stands."""
    pack = data_pack(code)
    if pack.area.code != code:
        return redirect("population:data-pack", code=pack.area.code, permanent=True)
    return render(request, "population/data_pack.html", {"pack": pack, "today": today()})


@require_safe
@condition(etag_func=_tag("csv"))
def as_csv(request: HttpRequest, code: str) -> HttpResponse:
    """One figure a line."""
    pack = data_pack(code)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="data-pack-{pack.area.code}.csv"'
    writer = csv.writer(response)
    writer.writerow(COLUMNS)
    for line in pack.lines:
        told = asdict(line) | {"area": pack.area.code}
        writer.writerow([told[name] for name in COLUMNS])
    return response


@require_safe
@condition(etag_func=_tag("json"))
def as_json(request: HttpRequest, code: str) -> JsonResponse:
    """Everything of the pack as data."""
    pack = data_pack(code)
    return JsonResponse(
        {"area": pack.area.code, "name": pack.area.name, "kind": pack.area.kind, "persons": pack.persons,
         "households": pack.households, "neighbourhoods": pack.neighbourhoods, "core20_2025": pack.core20,
         "release": pack.release, "digest": pack.digest, "figures": [asdict(line) for line in pack.lines]}
    )  # fmt: skip


@require_safe
@condition(etag_func=_tag("metadata"))
def metadata(request: HttpRequest, code: str) -> JsonResponse:
    """What the columns of the CSV mean."""
    pack = data_pack(code)
    return releases.csvw(
        f"/area/{pack.area.code}/data-pack.csv", pack.title, COLUMNS, **{"dc:identifier": pack.digest}
    )


@require_safe
@condition(etag_func=_tag("pdf"))
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
