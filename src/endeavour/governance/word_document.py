"""A plain Word document of a title and paragraphs, written by the standard library: the same words, the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from xml.sax.saxutils import escape

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_FORMATS = "http://schemas.openxmlformats.org"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_PARTS = {
    "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_FORMATS}/package/2006/content-types"><Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_MAIN}"/></Types>',
    "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_FORMATS}/package/2006/relationships"><Relationship Id="r1"'
    f' Type="{_FORMATS}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
}


def word_document(title: str, paragraphs: Iterable[str]) -> bytes:
    """The document as a .docx file; its first paragraph is the title, a heading to a screen reader."""
    heading = '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>'
    body = _paragraph(title, heading) + "".join(_paragraph(words) for words in paragraphs)
    document = f'{_HEAD}<w:document xmlns:w="{_FORMATS}/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as packed:
        for name, words in (_PARTS | {"word/document.xml": document}).items():
            entry = zipfile.ZipInfo(name)  # its time is the first that a zip can hold
            entry.create_system = 3
            packed.writestr(entry, words.encode())
    return made.getvalue()


def _paragraph(words: str, properties: str = "") -> str:
    return f'<w:p>{properties}<w:r><w:t xml:space="preserve">{escape(words)}</w:t></w:r></w:p>'
