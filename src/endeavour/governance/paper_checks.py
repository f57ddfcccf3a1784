"""What may come in as a paper: a PDF or Word document that holds no script, no attached file and no password."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from endeavour.errors import BadInput

LARGEST_PAPER = 25 * 1024 * 1024
_LARGEST_UNPACKED = 400 * 1024 * 1024
_LARGEST_PART = 64 * 1024 * 1024
PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_ACTIVE = {
    "/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/RichMedia", "/XFA", "/SubmitForm", "/ImportData"
}  # fmt: skip
_ACTIVE_PARTS = re.compile(r"vbaproject|oleobject|activex|embeddings/|macros/", re.IGNORECASE)
_LINK = re.compile(rb"<Relationship\b[^>]*>")
_HYPERLINK = re.compile(rb"Type\s*=\s*[\"'][^\"']*/hyperlink[\"']")
_OUTSIDE = re.compile(rb"TargetMode\s*=\s*[\"']External[\"']")
# A field that starts another program; Word may split an instruction over runs, so the tags are taken out first.
_STARTS = re.compile(rb"\bDDE(AUTO)?\b")
_INSTRUCTION = re.compile(rb"<w:instrText[^>]*>([^<]*)</w:instrText>|w:instr\s*=\s*[\"']([^\"']*)[\"']")
_SCRIPT = BadInput(
    "The paper holds a script or an attached file.", hint="Save a copy without it and try again."
)


def checked(content: bytes) -> tuple[str, bool | None]:
    """The media type of a paper and whether a PDF is tagged for screen readers; refuses what may not come in.

    A name in a PDF may be written in code (`/J#61vaScript`) or lie inside a packed stream, so the document is read as
    a viewer would read it, object by object, rather than searched as text.
    """
    if content.startswith(b"%PDF-"):
        return PDF, _checked_pdf(content)
    if content.startswith(b"PK\x03\x04"):
        _check_word(content)
        return WORD, None
    raise BadInput("A paper must be a PDF or a Word document.", hint="Save it as PDF and try again.")


def _checked_pdf(content: bytes) -> bool:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise BadInput("The paper has a password.", hint="Save a copy without it and try again.")
        places = [(number, generation) for generation, row in reader.xref.items() for number in row]
        places += [(number, 0) for number in reader.xref_objStm]
        for number, generation in places:
            if _is_active(reader.get_object(_reference(number, generation, reader))):
                raise _SCRIPT
        marked = reader.trailer["/Root"].get("/MarkInfo", {})
        return bool(marked and marked.get("/Marked"))
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError) as error:
        raise BadInput(
            "The paper cannot be read as a PDF.", hint="Save it as PDF again and try once more."
        ) from error


def _reference(number: int, generation: int, reader: object) -> object:
    from pypdf.generic import IndirectObject

    return IndirectObject(number, generation, reader)


def _is_active(found: object, depth: int = 0) -> bool:
    """Whether an object, or one written inside it, is or names something that runs."""
    if depth > 20:
        raise ValueError("objects lie too deep inside one another")
    if isinstance(found, dict):
        if _ACTIVE & set(found) or found.get("/S") in _ACTIVE or found.get("/Type") in _ACTIVE:
            return True
        return any(_is_active(value, depth + 1) for value in dict.values(found))
    if isinstance(found, list):
        return any(_is_active(value, depth + 1) for value in list.__iter__(found))
    return False


def _check_word(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names = parts.namelist()
            unpacked = sum(info.file_size for info in parts.infolist())
            written = [info for info in parts.infolist() if info.filename.endswith((".rels", ".xml"))]
            if unpacked > _LARGEST_UNPACKED or any(info.file_size > _LARGEST_PART for info in written):
                raise BadInput(
                    "The paper unpacks to far more than it may.", hint="Make its pictures smaller."
                )
            said = [(info.filename, parts.read(info)) for info in written]
    except (zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, EOFError) as error:
        raise BadInput(
            "The paper cannot be read as a Word document.", hint="Save it as PDF and try again."
        ) from error
    if any(_ACTIVE_PARTS.search(name) for name in names) or any(map(_starts_a_program, dict(said).values())):
        raise _SCRIPT
    if any(_reaches_out(part) for name, part in said if name.endswith(".rels")):
        raise BadInput(
            "The paper fetches something from elsewhere when it is opened.",
            hint="Put its template and pictures into the file, or save it as PDF.",
        )
    if "word/document.xml" not in names:
        raise BadInput("A paper must be a PDF or a Word document.", hint="Save it as PDF and try again.")


def _reaches_out(links: bytes) -> bool:
    """Whether a part is tied to something outside the file, other than by a link that a reader may follow."""
    return any(_OUTSIDE.search(link) and not _HYPERLINK.search(link) for link in _LINK.findall(links))


def _starts_a_program(part: bytes) -> bool:
    return bool(_STARTS.search(b"".join(b"".join(found) for found in _INSTRUCTION.findall(part))))
