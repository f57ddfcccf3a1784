"""On paper and without a server: the guide is tagged, dated and has the card first; the static pages stand alone."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from endeavour.errors import NotFound
from endeavour.frontdoor import assets, queries
from endeavour.frontdoor.guides import guide_html, guide_pdf, guide_text
from endeavour.frontdoor.models import Location, Service
from endeavour.frontdoor.public import load_directory
from endeavour.frontdoor.static_pages import write_site

pytestmark = pytest.mark.django_db


@pytest.mark.slow
def test_the_guide_is_tagged_and_the_card_is_first() -> None:
    load_directory("mse", by=None)
    page = guide_html(place="Tilbury")
    assert page.index("Call 999") < page.index("<h1")
    assert "Printed " in page
    assert page.count('<section class="s">') >= 50 + len(queries.safety().topics)
    assert "Home from hospital" in page or "Steady and Strong" in page
    pdf = guide_pdf(place="Tilbury", large=True)
    assert pdf.startswith(b"%PDF")
    catalog = PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "en-GB"
    assert "/StructTreeRoot" in catalog
    assert "If you want to die" not in page[: page.index("<h1")]
    assert PdfReader(io.BytesIO(pdf)).pages[0].extract_text().lstrip().startswith("In danger or very ill?")
    with pytest.raises(NotFound):
        guide_html(place="Atlantis")


@pytest.mark.slow
@pytest.mark.parametrize(
    "of_what", [{"place": "Tilbury"}, {"place": "Tilbury", "large": True}, {"tag": "falls", "place": "Grays"}]
)
def test_a_guide_passes_the_checks_of_pdf_ua(of_what: dict[str, object], tmp_path: Path) -> None:
    from pdfua import validate

    load_directory("mse", by=None)
    made = tmp_path / "guide.pdf"
    made.write_bytes(guide_pdf(**of_what))  # type: ignore[arg-type]
    report = validate(str(made))
    assert [(f.rule_id, f.message) for f in report.findings if f.severity.name != "INFO"] == []


def test_the_plain_text_guide_begins_with_the_emergency_words() -> None:
    load_directory("mse", by=None)
    text = guide_text(tag="falls", place="Tilbury")
    assert text.startswith("In danger or very ill? Call 999\nCall 999 if a life is at risk.")
    assert "Steady and Strong" in text
    assert "Crisis numbers last checked" in text
    assert "<" not in text
    assert "&" not in text


@pytest.mark.slow
def test_the_static_pages_link_only_to_each_other(tmp_path: Path) -> None:
    load_directory("mse", by=None)
    Service.objects.exclude(given_id__in=["gp", "falls_clin", "strength"]).update(status="inactive")
    done = write_site(tmp_path / "site")
    assert done["services"] == 3
    assert done["pages"] == len(list((tmp_path / "site").glob("*.html")))
    assert (tmp_path / "site/find-help-form-page-how-it-works-translation-ar.html").is_file()
    assert (tmp_path / "site/find-help-how-it-works-gp.html").is_file()
    for page in (tmp_path / "site").glob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert 'id="emergency-card"' in text
        assert "<form" not in text
        for target in re.findall(r'(?:href|src)="([^":#]+)"', text):
            assert (tmp_path / "site" / target).is_file() or target.endswith(".js"), target
        assert "A copy of " in text
    falls = (tmp_path / "site/service-falls_clin.html").read_text(encoding="utf-8")
    assert "Monday to Friday" in falls
    for live in ("Ask to be contacted", "ask to be contacted", "Opens ", "Open now", "Sign in</a>"):
        assert live not in falls, "what only a server can answer is left out"
    assert json.loads((tmp_path / "site/openreferral.json").read_text())["total_items"] == 370


def test_the_list_of_everything_is_read_a_page_at_a_time(
    directory: int, client: Client, django_assert_max_num_queries: Any
) -> None:
    first = client.get("/find-help/all").content.decode()
    assert f"Page 1 of {-(-directory // queries.ON_A_PAGE)}" in first
    assert 'href="/find-help/all/2" rel="next"' in first
    assert 'rel="prev"' not in first
    names: list[str] = []
    for number in range(1, -(-directory // queries.ON_A_PAGE) + 1):
        with django_assert_max_num_queries(4):
            page = client.get(f"/find-help/all/{number}").content.decode()
        names += re.findall(r'<dt><a href="/service/([^"]+)"', page)
    assert 'rel="next"' not in page
    assert len(names) == len(set(names)) == directory
    for beyond in ("0", "999", "9" * 30):
        assert client.get(f"/find-help/all/{beyond}").status_code == 404


def test_a_district_is_described_without_reading_what_it_does_not_show(
    directory: int, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(3):
        held = assets.assets_in("E07000066")
    assert held.doors == sorted(set(held.doors))
    Location.objects.filter(name=held.doors[0]).update(is_confidential=True)
    assert held.doors[0] not in assets.assets_in("E07000066").doors
