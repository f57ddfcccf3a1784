"""The annual report: every figure resolves, the same release gives the same bytes, nothing flatters."""

from __future__ import annotations

import csv
import io
import json
import time
import xml.etree.ElementTree as ET
import zipfile
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import resolve

from endeavour.core.public import Person
from endeavour.errors import BadInput, NotFound
from endeavour.strategy.importer.opendocument import read_opendocument
from endeavour.strategy.models import Release, Statement
from endeavour.strategy.report.blocks import Figures, Heading, Points, blocks
from endeavour.strategy.report.content import build, canonical, digest
from endeavour.strategy.report.freezing import freeze_report, release_named, write_narrative
from endeavour.strategy.report.render import FORMS, pdf, render, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pack")]
DAY = date(2026, 11, 22)


def test_every_figure_names_what_it_counts() -> None:
    content = build(DAY)
    refs = {f"statement:{s.ref}" for s in Statement.objects.all()}
    for figure in content["figures"]:
        assert figure["value"] == len(figure["counts"]) <= figure["of"], figure["id"]
        assert figure["href"].startswith("/")
        assert all(c in refs or c.startswith("theory:") for c in figure["counts"])
    values = {f["id"]: (f["value"], f["of"]) for f in content["figures"]}
    assert values["we-overdue"] == (26, 26)
    assert values["i-overdue"] == (16, 16)
    assert values["we-no_measure"] == (26, 26)
    assert values["late-explained"] == (0, 26)


def test_every_figure_shows_itself_on_the_page_it_links_to(client: object) -> None:
    content = build(DAY)
    for figure in content["figures"]:
        if figure["href"].startswith("/promises"):
            address = figure["href"].replace("/promises", "/promises.csv")
            rows = list(csv.DictReader(io.StringIO(client.get(address).content.decode())))  # type: ignore[attr-defined]
            assert [f"statement:{row['id']}" for row in rows] == figure["counts"]


def test_the_report_prints_its_own_faults() -> None:
    words = text(build(DAY))
    assert "I15: The numbering goes from I14" in words
    assert "W22:" in words
    assert "late by 43 months" in words.lower()
    assert "no reason given" in words
    assert max(len(line) for line in words.splitlines()) <= 72


def test_a_release_is_named_by_its_content_and_never_changes(secretary: Person) -> None:
    first = freeze_report(by=secretary, as_at=DAY)
    assert freeze_report(by=secretary, as_at=DAY).pk == first.pk
    assert first.sha256 == digest(first.content) == digest(json.loads(canonical(first.content)))
    write_narrative(by=secretary, section="foreword", words="A new word.")
    assert release_named(first.sha256[:12]).content == first.content
    assert freeze_report(by=secretary).sha256 != first.sha256
    with pytest.raises(DatabaseError), transaction.atomic():
        Release.objects.filter(pk=first.pk).update(as_at=date(2020, 1, 1))
    with pytest.raises(BadInput, match="to come"):
        freeze_report(by=secretary, as_at=date(2099, 1, 1))
    with pytest.raises(NotFound):
        release_named("abcdef01")


@pytest.mark.parametrize("form", [f for f in FORMS if "pdf" not in f])
def test_every_form_rebuilds_to_the_same_bytes(form: str) -> None:
    content = build(DAY)
    again = build(DAY)
    assert render(content, form, site="http://localhost") == render(again, form, site="http://localhost")


@pytest.mark.slow
@pytest.mark.parametrize("large", [False, True])
def test_pdf_is_tagged_titled_quick_and_byte_identical(large: bool) -> None:
    from pypdf import PdfReader

    content = build(DAY)
    started = time.perf_counter()
    first = pdf(content, site="http://localhost:8000", large=large)
    assert time.perf_counter() - started < 20
    assert pdf(json.loads(canonical(content)), site="http://localhost:8000", large=large) == first
    reader = PdfReader(io.BytesIO(first))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value is True
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == content["title"]
    metadata = root["/Metadata"].get_object().get_data()
    assert b"pdfuaid" in metadata
    words = "".join(page.extract_text() for page in reader.pages)
    assert "I15 is missing" in words
    links = [a.get_object() for page in reader.pages for a in page.get("/Annots", [])]
    addresses = {str(a["/A"]["/URI"]) for a in links if "/A" in a}
    assert {f"http://localhost:8000{f['href']}" for f in content["figures"]} <= addresses


def test_the_report_may_not_read_files_or_addresses() -> None:
    from endeavour.strategy.report.render import _nothing_outside

    with pytest.raises(ValueError, match="may not read"):
        _nothing_outside(Path("/etc/passwd").as_uri())


def test_a_past_day_can_be_reported_again() -> None:
    content = build(date(2023, 5, 10))
    values = {f["id"]: f["value"] for f in content["figures"]}
    assert values["we-overdue"] == 5
    assert values["we-on_time"] == 21
    assert build(date(2017, 6, 1))["promises"] == []


@pytest.mark.slow
@pytest.mark.parametrize("large", [False, True])
def test_the_report_passes_the_checks_of_pdf_ua_that_a_machine_can_make(large: bool, tmp_path: Path) -> None:
    from pdfua import validate

    made = tmp_path / "report.pdf"
    made.write_bytes(pdf(build(DAY), site="http://localhost:8000", large=large))
    report = validate(str(made))
    assert [(f.rule_id, f.message) for f in report.findings if f.severity.name != "INFO"] == []


def test_an_agreed_measure_enters_the_report_with_its_page_and_release(secretary: Person) -> None:
    from endeavour.strategy.public import decide_measure

    before = {f["id"]: f["value"] for f in build(DAY)["figures"]}
    assert before["measured"] == 0
    assert build(DAY)["observations"] == []
    decide_measure(by=secretary, ref="W20", measure_key="ae_within_4_hours", agree=True)
    content = build(DAY)
    [seen] = content["observations"]
    assert {f["id"]: f["value"] for f in content["figures"]}["measured"] == 1
    assert seen["href"] == f"/promise/W20/measure/ae_within_4_hours?as_at={DAY}#figures"
    assert "ae_within_4_hours" in render(content, "csv").decode()
    rows = list(csv.DictReader(io.StringIO(render(content, "csv").decode(), newline="")))
    assert all(None not in row and None not in row.values() for row in rows)
    assert [row["label"] for row in rows if row["figure"] == "measure-W20-ae_within_4_hours"] == [
        f"{seen['title']} (per cent, no period, published statistics)"
    ]
    assert "Its publisher names no day on which figures come out." in seen["words"]
    assert "four hours" in " ".join(render(content, "txt").decode().split())
    assert seen["href"].replace("&", "&amp;") in render(content, "html", site="http://localhost").decode()


def test_every_late_promise_and_the_missing_number_print_themselves_in_every_form() -> None:
    content = build(DAY)
    late = [row["id"] for row in content["promises"] if row["not_going_well"]]
    assert len(late) == 26
    for form in ("txt", "html"):
        printed = render(content, form).decode()
        assert all(ref in printed for ref in late)
        assert printed.count("no reason given") >= 26
        assert "I15" in printed


def test_a_frozen_report_is_downloaded_in_every_form(client: Client, secretary: Person) -> None:
    made = freeze_report(by=secretary, as_at=DAY)
    page = client.get(f"/report/{made.sha256[:12]}").content.decode()
    for form, kind in FORMS.items():
        if "pdf" in form:
            assert f'href="/report/{made.sha256[:12]}.{form}"' in page
            match = resolve(f"/report/{made.sha256[:12]}.{form}")
            assert match.kwargs == {"release": made.sha256[:12], "form": form}
            continue
        answer = client.get(f"/report/{made.sha256[:12]}.{form}")
        assert (answer.status_code, answer["Content-Type"]) == (200, kind)
        assert answer.content == render(made.content, form, site=settings.PUBLIC_URL)
    assert client.get(f"/report/{made.sha256[:12]}.doc").status_code == 404


def test_an_easy_read_version_says_who_made_it_and_when_and_ages_with_its_report(
    client: Client, secretary: Person
) -> None:
    assert "So far there is no such version of any frozen report." in client.get("/report").content.decode()
    first = freeze_report(by=secretary, as_at=DAY)
    page = f"/report/{first.sha256[:12]}"
    client.force_login(secretary)
    typed = {"kind": "easy_read", "language": "en", "words": "We are late.", "step": "publish"}
    assert "Say who made it" in client.post(f"{page}/version", typed).content.decode()
    done = client.post(f"{page}/version", typed | {"made_by": "Thurrock Lifestyle Solutions"})
    assert done["Location"] == page
    client.logout()
    for address in (page, "/report"):
        shown = client.get(address).content.decode()
        assert "Easy Read" in shown
        assert "Made by Thurrock Lifestyle Solutions. Published on 22 November 2026." in shown
        assert "Out of date" not in shown
    write_narrative(by=secretary, section="foreword", words="A new word.")
    second = freeze_report(by=secretary)
    assert "earlier report than the newest" in client.get("/report").content.decode()
    shown = client.get(f"/report/{second.sha256[:12]}").content.decode()
    assert "So far there is no such version of this report." in shown
    client.force_login(secretary)
    typed |= {"words": "We are still late.", "made_by": "The same group"}
    client.post(f"/report/{second.sha256[:12]}/version", typed)
    client.logout()
    shown = client.get("/report").content.decode()
    assert "Made by The same group" in shown
    assert "Out of date" not in shown


OASIS = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"


def test_a_file_that_a_reader_holds_already_is_not_made_again(
    secretary: Person, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/report/{freeze_report(by=secretary).sha256[:12]}.txt"
    first = client.get(address)

    def made(*_: object, **__: object) -> bytes:
        raise AssertionError("the file was made again")

    monkeypatch.setattr("endeavour.strategy.views_report.render", made)
    again = client.get(address, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_opendocument_text_says_all_that_the_plain_text_says(secretary: Person, tmp_path: Path) -> None:
    write_narrative(by=secretary, section="foreword", words="We tried & <failed>.\n\nWe say \x08so.")
    content = build(DAY)
    (tmp_path / "report.odt").write_bytes(render(content, "odt", site="http://localhost:8000"))
    read = read_opendocument(tmp_path / "report.odt")
    assert [words for words, marked in read if marked] == [b.words for b in blocks(content) if isinstance(b, Heading)]  # fmt: skip
    assert ("We tried & <failed>.", False) in read
    assert ("We say so.", False) in read

    def words(lines: list[str]) -> list[str]:
        return sorted(" ".join(lines).replace("\x08", "").casefold().split())

    figures = next(b for b in blocks(content) if isinstance(b, Figures)).rows
    plain = [line for line in text(content).splitlines() if set(line) - set("-=")]
    printed = [line for line, _ in read if line != "What is counted\tNumber\tOut of"]
    of = ["of"] * len(figures)  # plain text says '5 of 26' where the table has a column
    assert words(plain) == words([*printed, *of])


def test_the_opendocument_text_can_be_followed_by_a_screen_reader() -> None:
    content = build(DAY)
    made = render(content, "odt", site="http://localhost:8000")
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        first = packed.infolist()[0]
        assert (first.filename, first.compress_type, first.extra) == ("mimetype", zipfile.ZIP_STORED, b"")
        assert packed.read("mimetype").decode() == FORMS["odt"]
        parts = {n: ET.fromstring(packed.read(n)) for n in packed.namelist() if n != "mimetype"}
    # A reader knows the kind of file by these bytes alone, before it unpacks anything.
    assert made[30:38] + made[38 : 38 + len(FORMS["odt"])] == b"mimetype" + FORMS["odt"].encode()
    listed = {e.get(OASIS % "manifest" + "full-path") for e in parts["META-INF/manifest.xml"]}
    assert listed == {"/", "content.xml", "meta.xml", "styles.xml"}
    facts = {e.tag.rpartition("}")[2]: e.text for e in parts["meta.xml"].iter()}
    assert (facts["title"], facts["language"]) == (content["title"], "en-GB")
    standard = parts["styles.xml"].find(f".//{OASIS % 'style'}default-style/{OASIS % 'style'}text-properties")
    assert standard is not None
    assert standard.get("{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}language") == "en"
    named = {e.get(OASIS % "style" + "name") for p in parts.values() for e in p.iter()}
    used = {
        value
        for e in parts["content.xml"].iter()
        for name, value in e.items()
        if name.endswith("}style-name")
    }
    assert used <= named
    # What the styles themselves rest on is there too: a parent, a page, the bullets of a list.
    leaning = {
        value
        for e in parts["styles.xml"].iter()
        for name, value in e.items()
        if name.endswith(("}parent-style-name", "}page-layout-name"))
    }
    assert leaning
    assert leaning <= {e.get(OASIS % "style" + "name") for e in parts["styles.xml"].iter()}
    roots = {n: e.tag.rpartition("}")[2] for n, e in parts.items() if n != "META-INF/manifest.xml"}
    assert roots == {f"{n}.xml": f"document-{n}" for n in ("content", "meta", "styles")}
    assert {e.get(OASIS % "office" + "version") for n, e in parts.items() if n in roots} == {"1.2"}
    body = parts["content.xml"]
    levels = [int(e.get(OASIS % "text" + "outline-level", "0")) for e in body.iter(OASIS % "text" + "h")]
    assert levels[0] == 1
    assert set(levels[1:]) == {2}
    [table] = body.iter(OASIS % "table" + "table")
    assert len(table.findall(OASIS % "table" + "table-header-rows")) == 1
    assert len(table.findall(OASIS % "table" + "table-header-columns")) == 1
    points = [item for b in blocks(content) if isinstance(b, Points) for item in b.items]
    assert len(list(body.iter(OASIS % "text" + "list-item"))) == len(points)
    links = {e.get("{http://www.w3.org/1999/xlink}href") for e in body.iter(OASIS % "text" + "a")}
    pages = {f["href"] for f in content["figures"]} | {p.href for p in points if p.href}
    assert links == {f"http://localhost:8000{page}" for page in pages}
