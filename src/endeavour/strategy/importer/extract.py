"""Turning a .txt, .md, .docx, .odt or .pdf file into lines. Refuses, in words, what cannot be read safely."""

from __future__ import annotations

import logging
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from endeavour.errors import BadInput, Missing, NotFound
from endeavour.strategy.importer.document import Line
from endeavour.strategy.importer.opendocument import read_opendocument

MOST_BYTES = {
    ".txt": 5_000_000,
    ".md": 5_000_000,
    ".docx": 50_000_000,
    ".odt": 50_000_000,
    ".pdf": 50_000_000,
}
MOST_UNPACKED = 200_000_000
MOST_PAGES = 1_000
MOST_LINES = 200_000


def read_lines(path: Path) -> tuple[list[Line], bytes]:
    """The lines of a document and its bytes; raises `BadInput` with a reason for anything that is not readable text."""
    if not path.exists():
        raise NotFound(
            f"There is no file {path}.", hint="Check the path; put it in quotes if it holds a space."
        )
    if not path.is_file():
        raise BadInput(f"{path} is not a file.", hint="Give one .txt, .md, .docx, .odt or .pdf file.")
    kind = path.suffix.lower()
    if kind not in MOST_BYTES:
        raise BadInput(
            f"Files ending in '{kind or 'nothing'}' are not read.",
            file=path.name,
            hint="Save the strategy as .txt, .md, .docx, .odt or .pdf.",
        )
    size = path.stat().st_size
    if size == 0:
        raise BadInput(
            "The file is empty.", file=path.name, hint="Export it again from where it was written."
        )
    if size > MOST_BYTES[kind]:
        raise BadInput(
            f"The file holds {size / 1e6:,.0f} MB; at most {MOST_BYTES[kind] / 1e6:,.0f} MB are read.",
            file=path.name,
            hint="Save it without its pictures.",
        )
    content = path.read_bytes()
    if kind == ".docx":
        lines = _docx(path)
    elif kind == ".odt":
        lines = [
            Line(number, text, marked) for number, (text, marked) in enumerate(read_opendocument(path), 1)
        ]
    elif kind == ".pdf":
        lines = _pdf(path)
    else:
        lines = text_lines(content, name=path.name)
    if len(lines) > MOST_LINES:
        raise BadInput(f"The file has {len(lines):,} lines; at most {MOST_LINES:,} are read.", file=path.name)
    return lines, content


def text_lines(content: bytes, *, name: str) -> list[Line]:
    """The lines of a UTF-8 text; a byte that is no text is refused, because a guess would not be verbatim."""
    if b"\x00" in content:
        raise BadInput(
            "This is not text: it holds NUL bytes.",
            file=name,
            hint="Save the strategy as text, .docx, .odt or .pdf.",
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadInput(
            "This is not UTF-8 text.",
            file=name,
            line=line,
            hint="Save it again and choose the encoding UTF-8.",
        ) from error
    return [Line(number, line) for number, line in enumerate(text.split("\n"), start=1)]


def _docx(path: Path) -> list[Line]:
    try:
        import docx
    except ModuleNotFoundError as error:
        raise Missing("Reading .docx needs python-docx.", hint="Run: make setup") from error
    try:
        with zipfile.ZipFile(path) as packed:
            unpacked = sum(item.file_size for item in packed.infolist())
        if unpacked > MOST_UNPACKED:
            raise BadInput(
                f"The file unpacks to {unpacked / 1e6:,.0f} MB.",
                file=path.name,
                hint="Save it without its pictures.",
            )
        document = docx.Document(str(path))
        found = list(_docx_blocks(document))
    except BadInput:
        raise
    except Exception as error:
        raise BadInput(
            "This is not a Word document that can be read.",
            file=path.name,
            hint="Open it in Word and save it again as .docx.",
        ) from error
    return [Line(number, text, marked) for number, (text, marked) in enumerate(found, start=1)]


def _docx_blocks(document: Any) -> Iterator[tuple[str, bool]]:
    """Paragraphs and table rows in the order they stand; a row is its cells with tabs between."""
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    for block in document.iter_inner_content():
        if isinstance(block, Paragraph):
            style = (block.style.name or "") if block.style else ""
            yield block.text, style.startswith(("Heading", "Title"))
        elif isinstance(block, Table):
            for row in block.rows:
                yield "\t".join(cell.text.replace("\n", " ") for cell in row.cells), False


def _pdf(path: Path) -> list[Line]:
    try:
        import pypdf
    except ModuleNotFoundError as error:
        raise Missing("Reading .pdf needs pypdf.", hint="Run: make setup") from error
    # What is wrong with the file is said once, in our words.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    lines: list[Line] = []
    try:
        reader = pypdf.PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise BadInput("The PDF needs a password.", file=path.name, hint="Save it without one.")
        if len(reader.pages) > MOST_PAGES:
            raise BadInput(
                f"The PDF has {len(reader.pages):,} pages; at most {MOST_PAGES:,} are read.", file=path.name
            )
        for number, page in enumerate(reader.pages, start=1):
            for text in page.extract_text().split("\n"):
                lines.append(Line(len(lines) + 1, text, page=number))
    except BadInput:
        raise
    except Exception as error:
        raise BadInput(
            "This is not a PDF that can be read.", file=path.name, hint="Export it again as PDF."
        ) from error
    if not any(line.text.strip() for line in lines):
        raise BadInput(
            "The PDF holds no text, only pictures.", file=path.name, hint="Ask for the original, not a scan."
        )
    return lines
