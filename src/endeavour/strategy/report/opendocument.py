"""The report as an OpenDocument text, for those who change the print, the colours or the language of what they read.

Headings, lists and the table are marked as such, the table's header row and column too, and the document says its title
and language, so that a screen reader can follow it. The standard library writes it: parts are stored as they are, with
no clock, machine or compressor in them, so the same content gives the same bytes anywhere.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from endeavour.strategy.report.blocks import Block, Figures, Heading, Paragraph, Point, Points, blocks
from endeavour.strategy.report.content import digest

MIMETYPE = "application/vnd.oasis.opendocument.text"
LANGUAGE = "en-GB"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
_NAMES = (
    f'xmlns:office="{_OASIS}:office:1.0" xmlns:style="{_OASIS}:style:1.0" xmlns:text="{_OASIS}:text:1.0"'
    f' xmlns:table="{_OASIS}:table:1.0" xmlns:fo="{_OASIS}:xsl-fo-compatible:1.0" xmlns:meta="{_OASIS}:meta:1.0"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2"'
)
# What XML 1.0 cannot hold, even escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_COLUMNS = "".join(
    f'<style:style style:name="{name}" style:family="table-column">'
    f'<style:table-column-properties style:column-width="{width}"/></style:style>'
    for name, width in (("Wide", "120mm"), ("Narrow", "27mm"))
)
_WIDTHS = f"<office:automatic-styles>{_COLUMNS}</office:automatic-styles>"
_FIGURES = ("What is counted", "Number", "Out of")


def odt(content: dict[str, Any], *, site: str = "") -> bytes:
    """The report as an .odt file; every number and statement leads to its page on `site`."""
    parts = {
        "mimetype": MIMETYPE,
        "META-INF/manifest.xml": _manifest(),
        "content.xml": _content(
            [*blocks(content), Paragraph(f"Release {digest(content)}")], site.rstrip("/")
        ),
        "meta.xml": _meta(content),
        "styles.xml": _STYLES,
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as packed:
        for name, words in parts.items():
            entry = zipfile.ZipInfo(name)  # its time is the first that a zip can hold
            entry.create_system = 3
            packed.writestr(entry, words.encode())
    return made.getvalue()


def _content(said: list[Block], site: str) -> str:
    body = "\n".join(line for block in said for line in _block(block, site))
    return (
        f"{_HEAD}<office:document-content {_NAMES}>{_WIDTHS}<office:body><office:text>\n{body}\n"
        "</office:text></office:body></office:document-content>\n"
    )


def _block(block: Block, site: str) -> Iterator[str]:
    match block:
        case Heading(words, level):
            style = f"Heading_20_{level}"
            yield f'<text:h text:style-name="{style}" text:outline-level="{level}">{_safe(words)}</text:h>'
        case Paragraph(words):
            yield from (_p("Text_20_body", _safe(line)) for line in words.splitlines() if line.strip())
        case Figures(rows):
            cells = ((_safe(f.label[:1].upper() + f.label[1:]), _link(f"{f.value:,}", f.href, site, f.label), f"{f.of:,}") for f in rows)  # fmt: skip
            yield from _table("The figures", _FIGURES, cells)
        case Points(items):
            yield '<text:list text:style-name="Points">'
            yield from (f"<text:list-item>{_point(item, site)}</text:list-item>" for item in items)
            yield "</text:list>"


def _table(name: str, header: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    """A table whose first row heads its columns and whose first column heads its rows; the rest are numbers."""
    yield f"<table:table table:name={_attribute(name)}><table:title>{_safe(name)}</table:title>"
    yield "<table:table-header-columns>"
    yield '<table:table-column table:style-name="Wide"/></table:table-header-columns>'
    yield f'<table:table-column table:style-name="Narrow" table:number-columns-repeated="{len(header) - 1}"/>'
    yield f"<table:table-header-rows>{_row(header, 'Table_20_Heading')}</table:table-header-rows>"
    yield from (_row(cells, "Table_20_Contents") for cells in rows)
    yield "</table:table>"


def _row(cells: tuple[str, ...], style: str) -> str:
    made = "".join(
        f'<table:table-cell office:value-type="string">{_p(style, cell)}</table:table-cell>' for cell in cells
    )
    return f"<table:table-row>{made}</table:table-row>"


def _point(item: Point, site: str) -> str:
    first = _link(item.words, item.href, site) if item.href else _safe(item.words)
    return _p("List_20_Contents", first) + "".join(_p("Note", _safe(note)) for note in item.notes)


def _link(words: str, href: str, site: str, about: str = "") -> str:
    """A link to a page; `about` says where it leads if its words, a number, do not."""
    title = f" office:title={_attribute(about)}" if about else ""
    return f'<text:a xlink:type="simple" xlink:href={_attribute(site + href)}{title}>{_safe(words)}</text:a>'


def _p(style: str, inner: str) -> str:
    return f'<text:p text:style-name="{style}">{inner}</text:p>'


def _safe(words: str) -> str:
    return escape(_NOT_XML.sub("", words))


def _attribute(words: str) -> str:
    return quoteattr(_NOT_XML.sub("", words))


def _meta(content: dict[str, Any]) -> str:
    return (
        f"{_HEAD}<office:document-meta {_NAMES}><office:meta>"
        f"<meta:generator>Common Endeavour</meta:generator><dc:title>{_safe(content['title'])}</dc:title>"
        f"<dc:description>{_safe(content['headline'])}</dc:description>"
        f"<dc:creator>The partnership's secretariat</dc:creator><dc:date>{content['as_at']}T00:00:00</dc:date>"
        f"<dc:language>{LANGUAGE}</dc:language></office:meta></office:document-meta>\n"
    )


def _manifest() -> str:
    kinds = {"/": MIMETYPE} | dict.fromkeys(("content.xml", "meta.xml", "styles.xml"), "text/xml")
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
        for path, kind in kinds.items()
    )
    return f'{_HEAD}<manifest:manifest xmlns:manifest="{_OASIS}:manifest:1.0" manifest:version="1.2">{entries}</manifest:manifest>\n'


def _style(name: str, parent: str, paragraph: str = "", text: str = "", more: str = "") -> str:
    shown = f' style:display-name="{name.replace("_20_", " ")}"' if "_20_" in name else ""
    above = f' style:parent-style-name="{parent}"' if parent else ""
    return (
        f'<style:style style:name="{name}"{shown} style:family="paragraph"{above}{more}>'
        f"<style:paragraph-properties {paragraph}/><style:text-properties {text}/></style:style>"
    )


def _heading(level: int, size: str) -> str:
    return _style(
        f"Heading_20_{level}",
        "Standard",
        'fo:margin-top="4mm" fo:margin-bottom="3mm" fo:keep-with-next="always"',
        f'{_INK} fo:font-size="{size}"',
        f' style:default-outline-level="{level}"',
    )


_LANGUAGE, _, _COUNTRY = LANGUAGE.partition("-")
_INK = 'fo:color="#17324d" fo:font-weight="bold"'
_STYLES = (
    f"{_HEAD}<office:document-styles {_NAMES}><office:styles>"
    '<style:default-style style:family="paragraph"><style:paragraph-properties fo:line-height="145%"/>'
    f'<style:text-properties fo:font-family="Arial" fo:font-size="12pt" fo:language="{_LANGUAGE}"'
    f' fo:country="{_COUNTRY}" fo:color="#212b32"/></style:default-style>'
    + _style("Standard", "")
    + _style("Text_20_body", "Standard", 'fo:margin-bottom="3mm"')
    + _heading(1, "24pt")
    + _heading(2, "17pt")
    + _style("List_20_Contents", "Standard", 'fo:keep-with-next="auto"')
    + _style("Note", "Standard", 'fo:margin-bottom="2mm"')
    + _style("Table_20_Contents", "Standard", 'fo:margin-bottom="1mm"')
    + _style("Table_20_Heading", "Table_20_Contents", "", _INK)
    + '<text:list-style style:name="Points"><text:list-level-style-bullet text:level="1" text:bullet-char="&#8226;">'
    '<style:list-level-properties text:space-before="3mm" text:min-label-width="5mm"/>'
    "</text:list-level-style-bullet></text:list-style></office:styles>"
    '<office:automatic-styles><style:page-layout style:name="A4"><style:page-layout-properties fo:page-width="210mm"'
    ' fo:page-height="297mm" fo:margin="18mm"/></style:page-layout></office:automatic-styles>'
    '<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="A4"/>'
    "</office:master-styles></office:document-styles>\n"
)
