"""Every page's figures are data too, asked for in the page's own words, and the document's examples work."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from endeavour.population.urls import urlpatterns

pytestmark = pytest.mark.django_db

BASE = "/api/population"
# The page by its name, and the address that gives its figures; None where the page only leads elsewhere or is not public.
OF_PAGE = {
    "areas": "/areas",
    "area": "/areas/{code}",
    "data-pack": "/areas/{code}/data-pack",
    "inequality": "/inequality",
    "core20": "/core20",
    "core20plus5-index": None,
    "core20plus5": "/core20plus5/{who}",
    "measures": "/catalogue",
    "measure": "/figures",
    "compare-index": "/comparisons",
    "compare": "/funnel/{identity}",
    "worsening": "/worsening",
    "slope": "/slope",
    "groups": "/groups",
    "methods": "/methods",
    "first-5000": "/first-5000",
    "model": "/first-5000/model",
    "segments": "/segments",
    "calibration": "/calibration",
    "plus-groups": "/plus-groups",
    "plus-groups-review": None,
    "caseload": None,
    "caseload-open": None,
    "caseload-looks": None,
    "household": None,
    "household-record": None,
    "linkage-review": None,
}
RENDITIONS = ("-csv", "-metadata", "-json", "-pdf", "-card")
# A page's question and the same asked of the API: the words are the page's own.
QUESTIONS = (
    ("inequality", {"measure": "income", "edition": "2019", "base": "mid2020"}),
    ("measure", {"area": "thurrock", "by": "imd_quintile"}),
    ("compare", {"by": "district"}),
    ("worsening", {"verdict": "worse", "kind": "place"}),
    ("slope", {"measure": "copd"}),
    ("plus-groups", {"as_at": "2026-03-31"}),
    ("areas", {"q": "thurrock"}),
)
NEED_A_LAKE = ("/groups", "/calibration", "/segments")


@pytest.fixture
def document(client: Client) -> dict[str, Any]:
    """The population part of the document."""
    paths = client.get("/api/openapi.json").json()["paths"]
    return {path: one["get"] for path, one in paths.items() if path.startswith(f"{BASE}/")}


def test_every_page_has_its_figures_as_data(document: dict[str, Any]) -> None:
    pages = {str(one.name) for one in urlpatterns if not str(one.name).endswith(RENDITIONS)}
    assert pages == set(OF_PAGE)
    assert {f"{BASE}{path}" for path in OF_PAGE.values() if path} <= set(document)


@pytest.mark.parametrize(("page", "asked"), QUESTIONS)
def test_a_permalink_is_the_query(document: dict[str, Any], page: str, asked: dict[str, str]) -> None:
    known = {one["name"] for one in document[f"{BASE}{OF_PAGE[page]}"]["parameters"]}
    assert asked.keys() <= known


def test_every_parameter_says_what_it_is_and_shows_one(document: dict[str, Any]) -> None:
    for path, operation in document.items():
        for one in operation.get("parameters", []):
            assert one.get("description"), (path, one["name"])
            assert "example" in one, (path, one["name"])


def test_every_example_of_the_document_is_answered(
    whole: Path, client: Client, document: dict[str, Any]
) -> None:
    asked = 0
    for path, operation in document.items():
        given = operation.get("parameters", [])
        address = path
        for one in given:
            address = address.replace(f"{{{one['name']}}}", str(one["example"]))
        query = urlencode({one["name"]: one["example"] for one in given if one["in"] == "query"})
        answer = client.get(f"{address}?{query}")
        if path.removeprefix(BASE) in NEED_A_LAKE:
            assert answer.status_code == 503
            assert set(answer.json()) == {"error", "message", "hint"}
            continue
        assert answer.status_code == 200, (address, query, answer.content[:200])
        again = client.get(f"{address}?{query}", headers={"if-none-match": answer["ETag"]})
        assert again.status_code == 304, address
        asked += 1
    assert asked > 20


def test_the_map_is_the_same_as_data(whole: Path, client: Client) -> None:
    told = client.get(f"{BASE}/inequality?measure=income&edition=2025").json()
    page = client.get("/inequality?measure=income&edition=2025").content.decode()
    assert told["finding"] in page
    assert len(told["neighbourhoods"]) == 720
    worst = sum(1 for one in told["neighbourhoods"] if one["value"] <= 2)
    assert told["finding"].startswith(f"{worst} of 720 ")
    assert {one["kind"] for one in told["areas"]} == {"system", "place", "district"}
    assert client.get(f"{BASE}/inequality?measure=luck").status_code == 422
    assert client.get(f"{BASE}/inequality?measure=overcrowded").json()["areas"] == []


def test_a_data_pack_is_the_same_at_both_addresses(whole: Path, client: Client) -> None:
    told = client.get(f"{BASE}/areas/thurrock/data-pack").json()
    assert told == client.get("/area/thurrock/data-pack.json").json()
    asthma = next(one for one in told["figures"] if one["row"].startswith("Children"))
    assert "No target has been set here." in asthma["note"], "why there is no target is told too"


def test_an_area_says_its_deprivation_and_its_practices(whole: Path, client: Client) -> None:
    told = client.get(f"{BASE}/areas/E01021527").json()
    assert told["counted"] == "Census 2021"
    assert {one["domain"] for one in told["deprivation"]} >= {"imd", "income", "health"}
    assert told["practices"]
    assert all(one["miles"] is not None for one in told["practices"])


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/measure.csv", 0),
        ("/plus-groups", 5),
        ("/plus-groups.csv", 5),
        ("/first-5000", 2),
        ("/first-5000.csv", 0),
        ("/first-5000/model-weights.csv", 0),
        ("/life-expectancy.csv", 0),
        (f"{BASE}/areas/E01021527", 0),
        (f"{BASE}/areas/thurrock/data-pack", 0),
        (f"{BASE}/inequality", 0),
        (f"{BASE}/life-expectancy", 0),
        (f"{BASE}/prevalence", 0),
        (f"{BASE}/comparisons", 0),
        (f"{BASE}/methods", 0),
        (f"{BASE}/first-5000", 0),
        (f"{BASE}/first-5000/results", 1),
        (f"{BASE}/first-5000/model", 0),
        (f"{BASE}/plus-groups", 5),
        (f"{BASE}/worsening", 0),
        (f"{BASE}/core20plus5/adults", 0),
    ],
)
def test_each_address_costs_what_it_says(
    whole: Path, client: Client, django_assert_num_queries: Any, path: str, queries: int
) -> None:
    with django_assert_num_queries(queries):
        assert client.get(path).status_code == 200
