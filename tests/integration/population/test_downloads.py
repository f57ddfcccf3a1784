"""Every table that is handed out says what its columns mean, who counted it and how, and each page leads to both."""

from __future__ import annotations

import csv
import html
import io
import re
from pathlib import Path

import pytest
from django.test import Client

from endeavour.population.downloads import metadata_of
from endeavour.population.urls import urlpatterns

pytestmark = pytest.mark.django_db

NAMED = {"code": "thurrock", "who": "adults"}
IDENTITIES = {"measure": ("smi-health-check", "ae_attendances"), "compare": ("smoking_qof",)}
NEEDS_A_LAKE = {"groups"}
PAGES = ("/area/thurrock", "/area/thurrock/data-pack", "/inequality?measure=income&edition=2019", "/core20",
         "/core20plus5/adults", "/measure/smi-health-check?area=thurrock", "/measure/ae_attendances",
         "/compare/smoking_qof?by=district", "/inequality/slope?measure=copd",
         "/inequality/worsening?verdict=worse&kind=place", "/first-5000", "/plus-groups")  # fmt: skip


def addresses() -> list[str]:
    """Every address of a table, with a value for each name in it."""
    found = []
    for one in urlpatterns:
        kind, _, last = str(one.name).rpartition("-")
        if last != "csv" or kind in NEEDS_A_LAKE:
            continue
        for identity in IDENTITIES.get(kind, ("",)):
            values = NAMED | {"identity": identity}
            route = re.sub(r"<slug:([a-z]+)>", lambda at, values=values: values[at[1]], str(one.pattern))
            found.append(f"/{route}")
    return found


def test_every_address_that_ends_in_csv_is_made_the_one_way() -> None:
    routes = {str(one.pattern) for one in urlpatterns}
    tables = {route for route in routes if route.endswith(".csv")}
    assert len(tables) >= 14
    assert {metadata_of(route) for route in tables} <= routes


@pytest.mark.parametrize("address", addresses())
def test_a_table_and_its_metadata_agree(whole: Path, client: Client, address: str) -> None:
    table = client.get(address)
    assert table.status_code == 200
    lines = list(csv.reader(io.StringIO(table.content.decode())))
    assert len(lines) > 1 or address == "/plus-groups.csv", (
        "a table with no row shows nothing; no place is loaded here"
    )
    about = client.get(metadata_of(address))
    assert table["Link"] == f'<{metadata_of(address)}>; rel="describedby"; type="application/csvm+json"'
    told = about.json()
    assert [one["name"] for one in told["tableSchema"]["columns"]] == lines[0]
    assert all(one["dc:description"] for one in told["tableSchema"]["columns"])
    assert told["@context"] == "http://www.w3.org/ns/csvw"
    assert told["url"] == address
    assert all(told[name] for name in ("dc:title", "dc:source", "dc:license", "dc:description"))
    assert all(len(line) == len(lines[0]) for line in lines)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_leads_to_each_table_and_to_what_its_columns_mean(
    whole: Path, client: Client, page: str
) -> None:
    text = client.get(page).content.decode()
    linked = {html.unescape(one) for one in re.findall(r'href="([^"]+)"', text)}
    tables = {one for one in linked if one.partition("?")[0].endswith(".csv")}
    assert tables
    described = {metadata_of(one) for one in tables}
    assert described <= linked or {one.partition("?")[0] for one in described} <= {
        one.partition("?")[0] for one in linked
    }
    for one in sorted(tables | described):
        assert client.get(one).status_code == 200, one
