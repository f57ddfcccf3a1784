"""What may come in as a paper: nothing that runs, nothing that cannot be read, nothing too large to keep."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from endeavour.core.models import Person
from endeavour.errors import BadInput
from endeavour.governance import actions, queries
from endeavour.governance.definitions import meeting_rules
from endeavour.governance.models import Meeting, Paper
from endeavour.governance.paper_checks import LARGEST_PAPER, checked
from endeavour.governance.uploads import LimitedUpload

pytestmark = pytest.mark.django_db
MEANS = {"consultation": "Asked 200", "finance": "Within budget", "legal": "None: nothing changes in law",
         "equality": "Helps older people", "verified_by": "Head of law"}  # fmt: skip


def pdf(*, script: bool = False, attached: bool = False, password: str = "", launch: bool = False) -> bytes:
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    if script:
        deed = {
            NameObject("/S"): NameObject("/JavaScript"),
            NameObject("/JS"): TextStringObject("app.alert(1)"),
        }
        writer._root_object[NameObject("/OpenAction")] = DictionaryObject(deed)
    if attached:
        writer.add_attachment("a.exe", b"MZ")
    if launch:
        deed = DictionaryObject(
            {NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("a")}
        )
        page[NameObject("/AA")] = DictionaryObject({NameObject("/O"): deed})
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def word(*names: str, **words: str) -> bytes:
    """A Word document of these parts; `document` and `links` give the words of two of them."""
    said = {"word/document.xml": words.get("document"), "word/_rels/settings.xml.rels": words.get("links")}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        for name in names:
            parts.writestr(name, "<x/>")
        for name, text in said.items():
            if text is not None:
                parts.writestr(name, text)
    return out.getvalue()


def link(kind: str, target: str, mode: str = 'TargetMode="External"') -> str:
    return f'<Relationships><Relationship Id="1" Type="http://x/{kind}" Target="{target}" {mode}/></Relationships>'


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(pdf(script=True), id="script"),
        pytest.param(pdf(script=True).replace(b"/JavaScript", b"/J#61vaScript").replace(b"/JS", b"/J#53"), id="script in code"),
        pytest.param(pdf(attached=True), id="attached file"),
        pytest.param(pdf(launch=True), id="launches a program"),
        pytest.param(word("word/document.xml", "word/vbaProject.bin"), id="macro"),
        pytest.param(word("word/document.xml", "word/embeddings/oleObject1.bin"), id="embedded object"),
        pytest.param(word(document="<w:instrText>DDE</w:instrText><w:instrText>AUTO c:\\a</w:instrText>"), id="starts a program"),
        pytest.param(word(document='<w:fldSimple w:instr="DDE a b"/>'), id="starts a program in short"),
    ],
)  # fmt: skip
def test_what_runs_is_refused(content: bytes) -> None:
    with pytest.raises(BadInput, match="script or an attached file"):
        checked(content)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (pdf(password="x"), "password"),
        (b"%PDF-1.7 half", "cannot be read"),
        (b"PK\x03\x04 half", "cannot be read"),
        (word("xl/workbook.xml"), "PDF or a Word"),
        (b"MZ", "PDF or a Word"),
        (b"", "PDF or a Word"),
    ],
)
def test_what_cannot_be_read_or_is_something_else_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        checked(content)


@pytest.mark.parametrize("kind", ["attachedTemplate", "image", "frame", "subDocument"])
def test_a_paper_that_fetches_something_when_it_is_opened_is_refused(kind: str) -> None:
    with pytest.raises(BadInput, match="fetches something from elsewhere"):
        checked(word(document="<x/>", links=link(kind, "https://example.org/a")))


def test_links_that_a_reader_may_follow_and_parts_of_its_own_are_no_fault() -> None:
    for links in (link("hyperlink", "https://example.org"), link("image", "media/a.png", mode="")):
        assert checked(word(document="<x>Say DDE aloud</x>", links=links))[1] is None


def test_a_document_that_unpacks_without_end_is_refused() -> None:
    with pytest.raises(BadInput, match="unpacks to far more"):
        checked(word(document=" " * (65 * 1024 * 1024)))


def test_an_honest_paper_is_kept_by_its_checksum_and_read_back(
    desk: Client, held: Meeting, secretary: Person, var: Path
) -> None:
    actions.contribute(by=None, words="Mum keeps falling", theme="falls")
    upload = SimpleUploadedFile("f.pdf", pdf(), content_type="application/pdf")
    address = f"/meeting/{held.key}/item/1/paper"
    answer = desk.post(address, {"title": "Falls in our places", "theme": "falls", "file": upload, **MEANS})
    assert answer.status_code == 302
    paper = Paper.objects.get()
    assert paper.is_tagged is False
    assert (var / "papers" / paper.sha256[:2] / paper.sha256).read_bytes() == pdf()
    assert "not tagged" in desk.get(f"/meeting/{held.key}").content.decode()
    back = desk.get(f"/meeting/{held.key}/paper/{paper.sha256}")
    assert b"".join(back.streaming_content) == pdf()  # type: ignore[attr-defined]
    assert "Falls in our places" in [k.entry.words for k in queries.thread_of("theme:falls").onward]


def test_a_paper_says_what_it_means_or_why_nothing(
    desk: Client, held: Meeting, secretary: Person, var: Path
) -> None:
    address = f"/meeting/{held.key}/item/1/paper"
    upload = SimpleUploadedFile("f.pdf", pdf(), content_type="application/pdf")
    page = desk.post(address, {"title": "Falls paper", "file": upload, **MEANS, "legal": " "})
    assert page.status_code == 422
    assert "Say what it means for the law, or why nothing." in page.content.decode()
    item = held.items.all()[0]
    with pytest.raises(BadInput, match="consultation, the law"):
        actions.add_paper(by=secretary, item=item, title="A paper", content=pdf(), implications={"finance": "x", "equality": "y"})  # fmt: skip
    with pytest.raises(BadInput, match="who verified"):
        actions.add_paper(by=secretary, item=item, title="A paper", content=pdf(), implications=MEANS)
    assert not Paper.objects.exists()
    actions.add_paper(by=secretary, item=item, title="An older paper", content=pdf())
    desk.post(address, {"title": "Falls paper", "file": SimpleUploadedFile("f.pdf", pdf()), **MEANS})
    page = desk.get(f"/meeting/{held.key}").content.decode()
    assert "None: nothing changes in law" in page
    assert "Verified by Head of law." in page
    assert page.count("It does not say what it means") == 1


def test_a_paper_taken_in_private_is_named_and_not_given(
    client: Client, held: Meeting, secretary: Person, var: Path
) -> None:
    ground = meeting_rules("mse").private.grounds[0]
    item = actions.add_item(by=secretary, meeting=held, title="A claim", exempt_ground=ground)
    paper = actions.add_paper(
        by=secretary, item=item, title="The claim", content=pdf(), implications=MEANS, verified_by="X"
    )
    address = f"/meeting/{held.key}/paper/{paper.sha256}"
    page = client.get(f"/meeting/{held.key}").content.decode()
    assert "The claim" in page
    assert address not in page
    assert MEANS["finance"] not in page
    assert client.get(address).status_code == 404
    client.force_login(secretary)
    assert client.get(address).status_code == 200


def test_a_paper_is_not_gathered_beyond_the_limit(held: Meeting, secretary: Person, var: Path) -> None:
    taken = []

    def endless() -> Iterator[bytes]:
        yield b"%PDF-1.7"
        while True:
            taken.append(1)
            yield bytes(1024 * 1024)

    with pytest.raises(BadInput, match="larger than 25 MB"):
        actions.add_paper(by=secretary, item=held.items.all()[0], title="A large one", content=endless())
    assert len(taken) <= 26
    assert not (var / "papers").exists()


def test_a_too_large_upload_is_refused_with_the_reason_and_what_was_typed(
    desk: Client, held: Meeting, var: Path
) -> None:
    upload = SimpleUploadedFile("f.pdf", b"%PDF-1.7" + bytes(LARGEST_PAPER))
    answer = desk.post(f"/meeting/{held.key}/item/1/paper", {"title": "Falls paper", "file": upload, **MEANS})
    assert answer.status_code == 422
    assert "larger than 25 MB" in answer.content.decode()
    assert 'value="Falls paper"' in answer.content.decode()
    assert not Paper.objects.exists()


def test_the_upload_still_asks_for_the_forms_token(held: Meeting, secretary: Person) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(secretary)
    upload = SimpleUploadedFile("f.pdf", pdf())
    assert (
        strict.post(
            f"/meeting/{held.key}/item/1/paper", {"title": "Falls paper", "file": upload, **MEANS}
        ).status_code
        == 403
    )
    assert not Paper.objects.exists()


def test_beyond_the_limit_each_piece_is_thrown_away() -> None:
    limit = LimitedUpload()
    assert limit.receive_data_chunk(b"x", 0) == b"x"
    limit.seen = LARGEST_PAPER
    assert limit.receive_data_chunk(b"x", LARGEST_PAPER) is None
    assert limit.is_too_large
