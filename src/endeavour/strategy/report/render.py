"""The report in every form: web, tagged PDF, large print, plain text, CSV, JSON. Each is made from the content alone."""

from __future__ import annotations

import csv
import io
import textwrap
import threading
from datetime import date
from typing import Any

from django.template.loader import render_to_string

from endeavour.errors import Missing, NotFound
from endeavour.strategy.report.content import canonical, digest

FORMS = {
    "pdf": "application/pdf",
    "large.pdf": "application/pdf",
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
    out = [content["title"], "=" * 72, "", *_wrap(content["headline"]), ""]
    for part in content["narrative"]:
        if part["words"]:
            out += [part["title"], "-" * 72, *_wrap(part["words"]), ""]
    out += ["The figures", "-" * 72]
    for f in content["figures"]:
        label = textwrap.wrap(f["label"], 56)
        out += [f"{f['value']:>5} of {f['of']:<4} {label[0]}", *(" " * 14 + more for more in label[1:])]
    if content.get("observations"):
        out += ["", "What the measures say", "-" * 72]
        for seen in content["observations"]:
            out += [*_wrap(f"{seen['statement']}: {seen['title']}"), *_wrap(_observed(seen), "    ")]
    for title, rows in (
        ("What we promised", content["promises"]),
        ("What you should notice", content["outcomes"]),
    ):
        out += ["", title, "-" * 72]
        for row in rows:
            out += [
                *_wrap(f"{row['id']} {row['words']}"),
                *_wrap(f"Due {row['due']}. {_upper(row['standing'])}.", "    "),
            ]
            if row["not_going_well"]:
                out += _wrap(f"Why: {row['why']}", "    ")
    if content["gaps"] or content["notes"]:
        out += ["", "Faults in the strategy itself", "-" * 72]
        for fault in [*content["gaps"], *content["notes"]]:
            out += _wrap(f"{fault['id']}: {fault['note']}")
    out += ["", f"Release {digest(content)}", ""]
    return "\n".join(out)


def _observed(seen: dict[str, Any]) -> str:
    """One observation in a line: its figure, its interval and what may be said of it."""
    figure = "not known" if seen["value"] is None else f"{seen['value']:,.1f} {seen['unit']}"
    between = "" if seen["low"] is None else f", between {seen['low']:,.1f} and {seen['high']:,.1f}"
    return f"{seen['period'] or 'No period'}: {figure}{between}. {' '.join(seen['words'])}"


def _wrap(words: str, indent: str = "") -> list[str]:
    return textwrap.wrap(words, 72, initial_indent=indent, subsequent_indent=indent) or [""]


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]


def figures_csv(content: dict[str, Any]) -> str:
    """Every figure with what it counts and where to see it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["figure", "label", "value", "of", "as_at", "counts", "see", "release"])
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
            ]
        )
    for seen in content.get("observations", []):
        name = f"measure-{seen['statement']}-{seen['measure']}"
        label = f"{seen['title']} ({seen['unit']}, {seen['period'] or 'no period'})"
        counts = f"release:{seen['release'] or 'none'}"
        writer.writerow(
            [name, label, seen["value"], seen["target"], content["as_at"], counts, seen["href"], sha]
        )
    return out.getvalue()
