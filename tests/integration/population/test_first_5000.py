"""The page of the first 5,000: empty, built, and nothing but published aggregates."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test import Client

from builders.people import summary_of
from endeavour.engine.cohort import release

pytestmark = pytest.mark.django_db

SUMMARY = summary_of("abc", "def")


def test_it_says_when_nothing_is_built(client: Client, var: Path) -> None:
    answer = client.get("/first-5000")
    assert answer.status_code == 200
    assert "This has not been built" in answer.content.decode()
    assert client.get("/first-5000.json").status_code == 503


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> None:
    from endeavour.population import views_first_5000
    from endeavour.population.queries import cohort

    for module in (views_first_5000, cohort):
        monkeypatch.setattr(module, "current_summary", lambda: SUMMARY)


@pytest.mark.usefixtures("built")
def test_it_shows_the_rule_the_fairness_and_the_price(client: Client) -> None:
    page = client.get("/first-5000").content.decode()
    assert "Homeless: 517 of every 1,000 in need are chosen" in page
    assert "Our rule: 56% of those chosen live in the most deprived fifth" in page
    assert "Hidden to protect a small group" in page
    assert "synthetic residents" in page
    assert "40.9" in page
    assert "at most 9 of U1" not in page.lower(), "a neighbourhood whose limit costs nothing is left out"


@pytest.mark.usefixtures("built")
def test_the_same_as_data(client: Client) -> None:
    rows = client.get("/first-5000.csv").content.decode().splitlines()
    assert len(rows) == 1 + len(SUMMARY["fairness"])
    assert json.loads(client.get("/first-5000.json").content)["size"] == SUMMARY["size"]


def test_only_the_audited_door_opens_the_file_of_households() -> None:
    source = Path(release.__file__).parents[2] / "population"
    naming = {p.name for p in source.rglob("*.py") if "households.parquet" in p.read_text(encoding="utf-8")}
    assert naming == {"households.py"}
    asking = {p.relative_to(source).as_posix() for p in source.rglob("*.py") if "households." in p.read_text(encoding="utf-8")
              and "import caseload, households" in p.read_text(encoding="utf-8")}  # fmt: skip
    assert asking == {"actions/caseload.py"}
