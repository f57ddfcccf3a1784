"""The paragraphs of an OpenDocument text (.odt), in the order they stand: a zip with one XML file of the words.

The standard library reads it. Entities are refused before the XML is parsed, so nothing in a file can expand or fetch
anything, and no more than `MOST_XML` bytes are ever unpacked.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from pathlib import Path

from endeavour.errors import BadInput

MOST_XML = 50_000_000
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_HINT = "Open it in LibreOffice and save it again as .odt."
# What stands in the file beside the words of the document itself: comments, deleted words, notes.
_ASIDE = {
    f"{_OFFICE}annotation", f"{_OFFICE}annotation-end", f"{_TEXT}tracked-changes", f"{_TEXT}note",
}  # fmt: skip


def read_opendocument(path: Path) -> list[tuple[str, bool]]:
    """Each paragraph or table row with whether the document sets it as a heading; `BadInput` for anything else."""
    try:
        with zipfile.ZipFile(path) as packed:
            if packed.getinfo("content.xml").file_size > MOST_XML:
                raise BadInput("The words of the file unpack to more than 50 MB.", file=path.name, hint=_HINT)
            with packed.open("content.xml") as words:
                content = words.read(MOST_XML + 1)
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, EOFError) as error:
        raise BadInput("This is not an OpenDocument text.", file=path.name, hint=_HINT) from error
    if len(content) > MOST_XML:
        raise BadInput("The words of the file unpack to more than 50 MB.", file=path.name, hint=_HINT)
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\x00" in content:
        raise BadInput("The file declares entities, which are not read.", file=path.name, hint=_HINT)
    try:
        root = ET.fromstring(content)  # noqa: S314 - no document type, no entity: both were refused above
        body = root.find(f"{_OFFICE}body/{_OFFICE}text")
        if body is None:
            raise BadInput("This is an OpenDocument file, but not a text.", file=path.name, hint=_HINT)
        return list(_blocks(body, _headings(root)))
    except (ET.ParseError, ValueError, RecursionError) as error:
        raise BadInput("This is not an OpenDocument text.", file=path.name, hint=_HINT) from error


def _headings(root: ET.Element) -> frozenset[str]:
    """The document's own styles made from the style of a title or a heading."""
    made = {
        s.get(f"{_STYLE}name", ""): s.get(f"{_STYLE}parent-style-name", "")
        for s in root.iter(f"{_STYLE}style")
    }
    return frozenset(name for name, parent in made.items() if parent.startswith(("Heading", "Title")))


def _blocks(parent: ET.Element, headings: frozenset[str]) -> Iterator[tuple[str, bool]]:
    """Paragraphs and table rows in the order they stand; a row is its cells with tabs between."""
    for part in parent:
        if part.tag in _ASIDE:
            continue
        if part.tag in {f"{_TEXT}p", f"{_TEXT}h"}:
            style = part.get(f"{_TEXT}style-name", "")
            marked = part.tag == f"{_TEXT}h" or style in headings or style.startswith(("Heading", "Title"))
            yield from ((line, marked) for line in _words(part).split("\n"))
        elif part.tag == f"{_TABLE}table-row":
            cells = (c for c in part if c.tag == f"{_TABLE}table-cell")
            rows = (" ".join(text for text, _ in _blocks(cell, headings)).strip() for cell in cells)
            yield "\t".join(rows), False
        else:
            yield from _blocks(part, headings)


def _words(part: ET.Element) -> str:
    """The words of a paragraph: spaces, tabs and line breaks have elements of their own."""
    found = [part.text or ""]
    for child in part:
        if child.tag == f"{_TEXT}s":
            found.append(" " * min(int(child.get(f"{_TEXT}c", "1")), 1_000))
        elif child.tag == f"{_TEXT}tab":
            found.append("\t")
        elif child.tag == f"{_TEXT}line-break":
            found.append("\n")
        elif child.tag not in _ASIDE:
            found.append(_words(child))
        found.append(child.tail or "")
    return "".join(found)
