"""The annual report: every figure resolves, the same release gives the same bytes, nothing flatters."""

from __future__ import annotations

import io
import json
import time
from datetime import date
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from endeavour.core.public import Person
from endeavour.errors import BadInput, NotFound
from endeavour.strategy.models import Release, Statement
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
    import csv

    content = build(DAY)
    for figure in content["figures"]:
        if figure["href"].startswith("/promises") and "state=" in figure["href"]:
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
