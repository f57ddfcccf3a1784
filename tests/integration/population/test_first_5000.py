"""The page of the first 5,000: empty, built, and nothing but published aggregates."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test import Client

from builders.people import summary_of
from endeavour.engine.cohort import release
from endeavour.population import presenters_cohort

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
    assert "proved to within 0.004%" in page
    assert "Its seed is <code>a-public-seed</code>" in page
    assert "at most 9 of U1" not in page.lower(), "a neighbourhood whose limit costs nothing is left out"


def test_limits_that_cost_nothing_are_told_together(client: Client, monkeypatch) -> None:
    from endeavour.population.queries import cohort

    free = [
        {"limit": f"floor g{n}", "words": f"at least {n} of group {n}", "chosen": 300, "price": 0.0, "price_words": "costs nothing"}
        for n in range(2)
    ]  # fmt: skip
    monkeypatch.setattr(
        cohort, "current_summary", lambda: SUMMARY | {"constraints": [*SUMMARY["constraints"], *free]}
    )
    page = client.get("/first-5000").content.decode()
    assert "2 limits cost nothing: as many would be chosen without them" in page
    assert page.count("At least 1 of group 1") == 1
    assert "40.9" in page.partition("2 limits cost nothing")[0]


@pytest.mark.usefixtures("built")
def test_the_same_as_data(client: Client) -> None:
    rows = client.get("/first-5000.csv").content.decode().splitlines()
    assert len(rows) == 1 + len(SUMMARY["fairness"])
    about = client.get("/first-5000.csv-metadata.json").json()
    assert [column["name"] for column in about["tableSchema"]["columns"]] == rows[0].split(",")
    assert about["dc:identifier"] == SUMMARY["release"]
    assert json.loads(client.get("/first-5000.json").content)["size"] == SUMMARY["size"]


def test_every_kind_of_group_that_the_audit_looks_at_has_its_table(client: Client, monkeypatch) -> None:
    from endeavour.engine.cohort import fairness
    from endeavour.population.queries import cohort

    assert set(presenters_cohort.KINDS) == set(fairness.KINDS)
    eldest = {"rule": "our rule", "kind": "eldest", "group": "80 or over", "chosen": 805, "in_need": 3475,
              "chosen_per_1000_in_need": 231.7, "need_at_threshold": 40.9, "reason": "shown"}  # fmt: skip
    audited = SUMMARY | {"fairness": [*SUMMARY["fairness"], eldest]}  # type: ignore[misc]
    monkeypatch.setattr(cohort, "current_summary", lambda: audited)
    page = client.get("/first-5000").content.decode()
    assert "By age of the eldest" in page
    assert "By disability or bad health" not in page, "a kind that was not counted has no empty table"


def test_the_page_says_among_which_households_and_what_linking_gets_wrong(
    client: Client, monkeypatch
) -> None:
    from endeavour.population.queries import cohort

    missed = {"kind": "ethnicity", "people": 12160, "mixed": None, "reason": "shown"}
    linked = SUMMARY | {
        "base": {"kind": "linked", "numbers": "linked:a", "words": "households linked from the records of 5 agencies",
                 "run": "72e3983714f6824e", "as_at": "2021-03-21"},
        "linkage": {"people": 1143520, "households": 488795, "usable": 485635,
                    "choice": {"same_percent": 97.5},
                    "missed": [missed | {"group": "black", "apart": 100, "percent_apart": 0.82},
                               missed | {"group": "asian", "apart": None, "percent_apart": None,
                                         "reason": "hidden to protect a small group"}]},
    }  # fmt: skip
    monkeypatch.setattr(cohort, "current_summary", lambda: linked)
    page = client.get("/first-5000").content.decode()
    assert "Among households linked from the records of 5 agencies: linkage run 72e3983714f6824e" in page
    assert "21 March 2021" in page
    assert "97.5% of the households chosen would also be chosen" in page
    assert "0.82%" in page
    assert "Hidden to protect a small group" in page
    own = SUMMARY | {"base": {"kind": "lake", "numbers": "def", "words": "the lake's own households"}}
    monkeypatch.setattr(cohort, "current_summary", lambda: own)
    page = client.get("/first-5000").content.decode()
    assert "endeavour cohort from-extracts" in page
    assert "What linking gets wrong" not in page


@pytest.mark.usefixtures("built")
def test_a_rehearsed_effect_is_said_to_be_one_and_another_cohorts_is_not_shown(
    client: Client, var: Path
) -> None:
    folder = var / "follow-up" / "f"
    folder.mkdir(parents=True)
    (folder.parent / "current").write_text("f")
    found = {
        "cohort": "abc", "outcome": "emergency stays a household", "offered": 1000, "compared": 1000,
        "effect": {"estimate": -0.07, "low": -0.28, "high": 0.14},
        "planted": {"share": 0.2, "truth": -0.196, "runs": 200, "covered": 190, "covered_percent": 95.0},
    }  # fmt: skip
    (folder / "summary.json").write_text(json.dumps(found))
    page = client.get("/first-5000").content.decode()
    assert page.index("A rehearsal with synthetic residents") < page.index(
        "Found: 0.07 fewer a household (between 0.28 fewer and 0.14 more)"
    )
    assert "prevents 20 of every 100 hospital stays" in page
    (folder / "summary.json").write_text(json.dumps(found | {"cohort": "an earlier one"}))
    assert "Nothing has been followed up yet" in client.get("/first-5000").content.decode()


def test_only_the_audited_door_opens_the_file_of_households() -> None:
    source = Path(release.__file__).parents[2] / "population"
    naming = {p.name for p in source.rglob("*.py") if "households.parquet" in p.read_text(encoding="utf-8")}
    assert naming == {"households.py"}
    asking = {p.relative_to(source).as_posix() for p in source.rglob("*.py") if "households." in p.read_text(encoding="utf-8")
              and "import caseload, households" in p.read_text(encoding="utf-8")}  # fmt: skip
    assert asking == {"actions/caseload.py"}
