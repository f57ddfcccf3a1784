"""On paper and without a server: the guide is tagged, dated and has the card first; the static pages stand alone."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from pypdf import PdfReader

from endeavour.errors import NotFound
from endeavour.frontdoor.guides import guide_html, guide_pdf
from endeavour.frontdoor.models import Service
from endeavour.frontdoor.public import load_directory
from endeavour.frontdoor.static_pages import write_site

pytestmark = pytest.mark.django_db


def test_the_guide_is_tagged_and_the_card_is_first() -> None:
    load_directory("mse", by=None)
    page = guide_html(place="Tilbury")
    assert page.index("Call 999") < page.index("<h1")
    assert "Printed " in page
    assert page.count('<section class="s">') >= 60
    pdf = guide_pdf(place="Tilbury", large=True)
    assert pdf.startswith(b"%PDF")
    catalog = PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "en-GB"
    assert "/StructTreeRoot" in catalog
    with pytest.raises(NotFound):
        guide_html(place="Atlantis")


def test_the_static_pages_link_only_to_each_other(tmp_path: Path) -> None:
    load_directory("mse", by=None)
    Service.objects.exclude(given_id__in=["gp", "falls_clin", "strength"]).update(status="inactive")
    done = write_site(tmp_path / "site")
    assert done == {"pages": 6, "services": 3}
    for page in (tmp_path / "site").glob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert 'id="emergency-card"' in text
        assert "<form" not in text
        for target in re.findall(r'(?:href|src)="([^":#]+)"', text):
            assert (tmp_path / "site" / target).is_file() or target.endswith(".js"), target
    assert json.loads((tmp_path / "site/openreferral.json").read_text())["total_items"] == 370
