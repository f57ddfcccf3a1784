"""The report in every form: web, tagged PDF, large print, OpenDocument, plain text, CSV, JSON. Each is made from the content alone."""

from __future__ import annotations

import csv
import io
import textwrap
import threading
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.template.loader import render_to_string

from endeavour.errors import Missing, NotFound
from endeavour.strategy.report import opendocument
from endeavour.strategy.report.blocks import Block, Figures, Heading, Paragraph, Points, blocks
from endeavour.strategy.report.content import canonical, digest

FORMS = {
    "pdf": "application/pdf",
    "large.pdf": "application/pdf",
    "odt": opendocument.MIMETYPE,
    "txt": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "html": "text/html; charset=utf-8",
}
_ONE_AT_A_TIME = threading.Lock()


def render(content: dict[str, Any], form: str, *, site: str = "") -> bytes:
    """One form of the report; the same content and site give the same bytes."""
    if form in {"pdf", "large.pdf"}:
        return pdf(content, site=site, large=form == "large.pdf")
    if form == "odt":
        return opendocument.odt(content, site=site)
    if form == "txt":
        return text(content).encode()
    if form == "csv":
        return figures_csv(content).encode()
    if form == "json":
        return canonical(content)
    if form == "html":
        return page(content, site=site).encode()
    raise NotFound(
        f"There is no form '{form[:20]}' of the report.", hint=f"Choose one of {', '.join(FORMS)}."
    )


def page(content: dict[str, Any], *, site: str = "", large: bool = False) -> str:
    """The report as one page that stands by itself, for printing."""
    context = {"report": content, "sha": digest(content), "site": site.rstrip("/"), "large": large}
    context["day"] = date.fromisoformat(content["as_at"])
    return render_to_string("strategy/report_print.html", context)


def pdf(content: dict[str, Any], *, site: str = "", large: bool = False) -> bytes:
    """The report as a tagged PDF (PDF/UA-1), with nothing in it of the clock, the machine or chance."""
    try:
        from weasyprint import HTML
    except (ModuleNotFoundError, OSError) as error:
        raise Missing("Making a PDF needs WeasyPrint and Pango.", hint="Run: make setup") from error
    with _ONE_AT_A_TIME:
        document = HTML(string=page(content, site=site, large=large), url_fetcher=_nothing_outside)
        identifier = bytes.fromhex(digest(content))[:16]
        made: bytes = document.write_pdf(
            finisher=_scope_headers, pdf_variant="pdf/ua-1", pdf_identifier=identifier
        )
    return made


def _scope_headers(_document: object, made: Any) -> None:
    """Say of every header cell whether it heads a row or a column: cells name their headers, but not all readers look.

    A header cell with data cells beside it heads its row; one among headers alone heads its column.
    """
    cells = [o for o in made.objects if isinstance(o, dict) and o.get("S") in {"/TH", "/TD"}]
    with_data = {str(cell["P"]) for cell in cells if cell["S"] == "/TD"}
    for cell in cells:
        if cell["S"] == "/TH":
            cell["A"]["Scope"] = "/Row" if str(cell["P"]) in with_data else "/Column"


def _nothing_outside(url: str, *_: object, **__: object) -> dict[str, object]:
    """The report is whole in itself: it reads no file and no address."""
    raise ValueError(f"the report may not read {url}")


def text(content: dict[str, Any]) -> str:
    """The report as plain text, 72 characters wide."""
    lines = [line for block in blocks(content) for line in _lines(block)]
    return "\n".join([*lines, "", f"Release {digest(content)}", ""])


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading(words, level):
            yield from (words, "=" * 72, "") if level == 1 else ("", words, "-" * 72)
        case Paragraph(words):
            yield from _wrap(words)
        case Figures(rows):
            for row in rows:
                first, *rest = textwrap.wrap(row.label, 56)
                yield f"{row.value:>5} of {row.of:<4} {first}"
                yield from (" " * 14 + more for more in rest)
        case Points(items):
            for item in items:
                yield from _wrap(item.words)
                yield from (line for note in item.notes for line in _wrap(note, "    "))


def _wrap(words: str, indent: str = "") -> list[str]:
    return textwrap.wrap(words, 72, initial_indent=indent, subsequent_indent=indent) or [""]


def figures_csv(content: dict[str, Any]) -> str:
    """Every figure with what it counts and where to see it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    header = ["figure", "label", "value", "of", "as_at", "counts", "see", "release", "low", "high", "target"]
    writer.writerow(header)
    sha = digest(content)
    for f in content["figures"]:
        writer.writerow(
            [
                f["id"],
                f["label"],
                f["value"],
                f["of"],
                content["as_at"],
                " ".join(f["counts"]),
                f["href"],
                sha,
                "",
                "",
                "",
            ]
        )
    for seen in content.get("observations", []):
        name = f"measure-{seen['statement']}-{seen['measure']}"
        about = f", {seen['about']}" if seen.get("about") else ""
        label = f"{seen['title']} ({seen['unit']}, {seen['period'] or 'no period'}{about})"
        counts = f"release:{seen['release'] or 'none'}"
        writer.writerow(
            [
                name,
                label,
                seen["value"],
                "",
                content["as_at"],
                counts,
                seen["href"],
                sha,
                seen["low"],
                seen["high"],
                seen["target"],
            ]
        )
    for pair in content.get("tensions", []):
        for side in pair["sides"]:
            if side["value"] is None:
                continue
            name = f"tension-{pair['id']}-{side['measure']}"
            label = f"{side['words']} ({side['figure']}, {side['about']})"
            counts = f"release:{side['release'] or 'none'}"
            writer.writerow(
                [name, label, side["value"], "", content["as_at"], counts, pair["href"], sha, "", "", ""]
            )
    return out.getvalue()
