"""Dashboards, measures and lists over a published release: the numbers, the words, what is hidden, and what each costs."""

import csv
import html
import io
import re
from pathlib import Path

import pytest
from django.test import Client

from builders.figures import HIDDEN, LINKAGE, write_release
from endeavour.population.queries import figures

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="session")
def published(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The committed pack and a small release of figures."""
    var = tmp_path_factory.mktemp("published")
    (var / "pack").symlink_to(built / "pack")
    write_release(var)
    return var


@pytest.fixture(autouse=True)
def _installed(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENDEAVOUR_VAR", str(published))


def read(client: Client, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(path).content.decode())))


def test_the_dashboard_says_value_target_gap_owner_inequality_and_trend(client: Client) -> None:
    page = client.get("/core20plus5/adults").content.decode()
    for words in (
        "57.0%",
        "between 56.0% and 58.0%".capitalize(),
        "and section 4.2 of the strategy). It is 3.0 percentage points away.",
        "percentage points lower for the most deprived than for the least",
        "Mental health programme lead",
        "Local definition",
        "synthetic residents",
    ):
        assert words in page, words
    assert "cyp-asthma-admissions" not in page
    assert "cyp-asthma-admissions" in client.get("/core20plus5/children").content.decode()
    assert client.get("/core20plus5/cats").status_code == 404


def test_the_dashboard_says_who_was_counted_and_what_linking_does_to_each_figure(client: Client) -> None:
    page = client.get("/core20plus5/adults").content.decode()
    counted = "Counted: 1,180,500 people linked from the records of 5 agencies. 15,230 more are known only to agencies"
    assert counted in page
    assert 'id="linkage"' in page
    assert "Linkage makes this 0.3 percentage points too low." in page
    assert 'data-label="Linked perfectly">57.3</td>' in page
    assert 'data-label="Inequality, linked perfectly">hidden</td>' in page
    assert 'id="linkage"' not in client.get("/core20plus5/children").content.decode()
    told = client.get("/api/population/core20plus5/adults").json()
    assert told["counted"] == "linked"
    assert told["counted_words"].startswith(counted)
    assert told["linkage"] == [{k: v for k, v in LINKAGE[0].items() if k != "title"}]


def test_the_dashboard_as_data_says_the_target_or_why_there_is_none(client: Client) -> None:
    adults = client.get("/api/population/core20plus5/adults").json()
    children = client.get("/api/population/core20plus5/children").json()
    (smi,) = (one for one in adults["measures"] if one["measure"] == "smi-health-check")
    (asthma,) = (one for one in children["measures"] if one["measure"] == "cyp-asthma-admissions")
    assert (smi["area"], smi["value"], smi["target"]) == ("Severe mental illness", 57.0, 60.0)
    assert "and section 4.2 of the strategy). It is 3.0 percentage" in smi["target_words"]
    assert asthma["target"] is None
    assert asthma["target_words"].startswith("No target has been set here. ")
    page = client.get("/core20plus5/children").content.decode()
    assert html.escape(asthma["target_words"]) in page
    rows = {row["measure"]: row for row in read(client, "/core20plus5/children.csv")}
    assert rows["cyp-asthma-admissions"]["target_words"] == asthma["target_words"]
    definition = client.get("/api/population/catalogue/cyp-asthma-admissions").json()
    assert asthma["target_words"].endswith(definition["no_target"])
    assert client.get("/api/population/catalogue/smi-health-check").json()["no_target"] == ""
    aimed = client.get("/api/population/catalogue/hypertension-controlled").json()
    assert aimed["trajectory"] == [{"by": "2024-03-31", "value": 77.0}]
    assert aimed["target"] == 80
    assert client.get("/api/population/core20plus5/cats").status_code == 422


def test_a_measure_is_a_question_that_its_address_says(client: Client) -> None:
    whole = client.get("/measure/smi-health-check").content.decode()
    assert "From 50.0% (fifth 1) to 62.4% (fifth 5)" in whole
    here = client.get("/measure/smi-health-check?area=thurrock").content.decode()
    assert "worse than the whole system" in here
    assert '<option value="thurrock" selected' in here
    assert 'href="/measure/smi-health-check?area=thurrock' in here


def test_the_explorer_leads_to_our_own_measures(client: Client) -> None:
    assert '<option value="smi-health-check">' in client.get("/inequality").content.decode()
    answer = client.get("/inequality?measure=smi-health-check&edition=2025&base=census2021")
    assert (answer.status_code, answer["Location"]) == (302, "/measure/smi-health-check")


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("/compare/smi-health-check", "/measure/smi-health-check#where"),
        ("/measure/life-expectancy", "/inequality/slope?measure=life-expectancy-men"),
        ("/measure/core20", "/core20"),
    ],
)
def test_every_measure_of_the_catalogue_leads_to_where_it_is_shown(
    client: Client, asked: str, led_to: str
) -> None:
    answer = client.get(asked)
    assert (answer.status_code, answer["Location"]) == (302, led_to)


def test_a_measure_says_how_late_its_figures_come_and_how_new_they_are(client: Client) -> None:
    page = client.get("/measure/smi-health-check").content.decode()
    assert "Figures come about 2 months after the period ends." in page
    assert "Newest figures: 2023/24." in page


@pytest.mark.parametrize(
    ("query", "status"),
    [("area=atlantis", 404), ("by=star_sign", 422), ("area=thurrock&by=star_sign", 422)],
)
def test_a_question_that_nothing_answers_is_refused(client: Client, query: str, status: int) -> None:
    answer = client.get(f"/measure/smi-health-check?{query}")
    assert answer.status_code == status
    assert "at /measure/smi-health-check" in html.unescape(answer.content.decode()), (
        "it says where the list is"
    )


def test_choosing_an_area_that_is_not_told_by_that_grouping_is_no_dead_end(client: Client) -> None:
    """The form sends both choices: another area may not be published by the grouping that was shown."""
    answer = client.get("/measure/smi-health-check?area=thurrock&by=imd_quintile")
    assert answer.status_code == 200
    page = html.unescape(answer.content.decode())
    assert "Figures of Thurrock are not published by deprivation, in fifths." in page
    assert 'href="?area=E54000026&by=imd_quintile#groups"' in page, "where they are"
    assert 'href="/measure/smi-health-check?area=thurrock&by="' in page, "the link says what is shown"
    assert "are not published by" not in client.get("/measure/smi-health-check").content.decode()


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/measure.csv?by=star_sign", 422, "No figure has the by ‘star_sign’."),
        ("/measure.csv?area=atlantis", 404, "No figure has the area ‘atlantis’."),
        ("/measure.csv?period=1066", 422, "No figure has the period ‘1066’."),
        ("/measure.csv?area_kind=moon", 422, "Ask for one of: "),
        ("/measure/smi-health-check.csv?by=star_sign", 422, "imd_quintile"),
        ("/measure/smi-health-check.csv?area=atlantis", 404, "The codes of areas are at /area."),
    ],
)
def test_a_download_that_nothing_can_be_in_is_refused_in_words(
    client: Client, path: str, status: int, said: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert said in html.unescape(answer.content.decode())


def test_a_download_of_what_is_known_but_never_together_is_empty(client: Client) -> None:
    assert read(client, "/measure/smi-health-check.csv?area=thurrock&by=imd_quintile") == []


def test_what_the_gate_hid_stays_hidden_everywhere(client: Client) -> None:
    page = client.get("/measure/smi-health-check?by=ethnicity").content.decode()
    assert HIDDEN in page
    hidden = [
        r for r in read(client, "/measure/smi-health-check.csv?by=ethnicity") if r["subgroup"] == "other"
    ]
    assert hidden
    assert all(not r[name] for r in hidden for name in ("numerator", "denominator", "value", "low", "high"))
    answer = client.get("/api/population/figures?measure=smi-health-check&by=ethnicity").json()
    assert {f["value"] for f in answer["figures"] if f["subgroup"] == "other"} == {None}


def test_only_published_counts_leave(client: Client) -> None:
    for row in read(client, "/measure/smi-health-check.csv"):
        assert all(not row[name] or int(row[name]) % 5 == 0 for name in ("numerator", "denominator"))


def test_what_is_worse_and_worsening_is_listed_with_its_evidence(client: Client) -> None:
    page = client.get("/inequality/worsening").content.decode()
    assert "Thurrock" in page
    assert "Mid Essex" not in page
    assert re.search(r"41\.7%\s*<span[^>]*>\d\d\.\d% to \d\d\.\d%<", page), "how sure it is stands by"
    assert "Per cent, 2023/24" in page
    (row,) = [r for r in read(client, "/inequality/worsening.csv") if r["measure"] == "smi-health-check"]
    assert (row["area"], row["value"], row["previous"]) == ("thurrock", "41.7", "47.5")
    assert (
        "No figure is worse but improving"
        in client.get("/inequality/worsening?verdict=worse+but+improving").content.decode()
    )
    assert client.get("/inequality/worsening?verdict=splendid").status_code == 422
    assert client.get("/inequality/worsening?kind=planet").status_code == 422


@pytest.mark.parametrize(
    "path",
    [
        "/core20plus5/adults.csv",
        "/core20plus5/adults.csv-metadata.json",
        "/measure/smi-health-check.csv",
        "/measure/smi-health-check.csv-metadata.json",
        "/inequality/worsening.csv",
        "/inequality/worsening.csv-metadata.json",
        "/area/thurrock/data-pack.csv",
        "/area/thurrock/data-pack.json",
        "/area/thurrock/data-pack.csv-metadata.json",
        "/api/population/figures?limit=3",
        "/api/population/worsening",
    ],
)
def test_an_unchanged_answer_is_not_sent_twice(client: Client, path: str, published: Path) -> None:
    first = client.get(path)
    again = client.get(path, headers={"if-none-match": first["ETag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    (published / "measures" / "current").write_text("fedcba9876543210\n")
    (published / "measures" / "fedcba9876543210.parquet").symlink_to(
        published / "measures" / "0123456789abcdef.parquet"
    )
    try:
        assert client.get(path, headers={"if-none-match": first["ETag"]}).status_code == 200, (
            "a new release is sent"
        )
    finally:
        (published / "measures" / "current").write_text("0123456789abcdef\n")
        (published / "measures" / "fedcba9876543210.parquet").unlink()


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/core20plus5/adults", 0),
        ("/measure/smi-health-check", 0),
        ("/inequality/worsening", 0),
        ("/area/thurrock/data-pack", 0),
        ("/measure/smi-health-check.csv", 0),
        ("/first-5000", 0),
        ("/first-5000/model", 0),
        ("/segments", 0),
        ("/api/population/figures", 0),
        ("/api/population/catalogue", 0),
        ("/api/population/releases", 0),
    ],
)
def test_each_page_costs_what_it_says(
    client: Client, django_assert_num_queries, path: str, queries: int
) -> None:
    with django_assert_num_queries(queries):
        assert client.get(path).status_code == 200


def test_metadata_names_every_column_of_its_csv(client: Client) -> None:
    for path in (
        "/core20plus5/adults",
        "/measure/smi-health-check",
        "/inequality/worsening",
        "/area/thurrock/data-pack",
    ):
        header = next(csv.reader(io.StringIO(client.get(f"{path}.csv").content.decode())))
        told = client.get(f"{path}.csv-metadata.json").json()
        assert [c["name"] for c in told["tableSchema"]["columns"]] == header
        assert told["@context"] == "http://www.w3.org/ns/csvw"


def test_figures_come_a_page_at_a_time_and_none_twice(client: Client) -> None:
    offset, seen = 0, []
    while offset is not None:
        answer = client.get(
            f"/api/population/figures?measure=smi-health-check&limit=7&offset={offset}"
        ).json()
        seen += [(f["period"], f["area"], f["by"], f["subgroup"]) for f in answer["figures"]]
        offset = answer["next_offset"]
    assert len(seen) == answer["count"] == len(set(seen)) == 30


@pytest.mark.parametrize(
    ("path", "status"),
    [("figures?limit=0", 422), ("figures?limit=x", 422), ("figures?area_kind=moon", 422), ("figures?measure=nope", 404),
     ("catalogue/nope", 404), ("worsening?verdict=fine", 422), ("plus-groups?as_at=yesterday", 422), ("first-5000", 503)],
)  # fmt: skip
def test_every_error_has_one_shape(client: Client, path: str, status: int) -> None:
    answer = client.get(f"/api/population/{path}")
    assert answer.status_code == status
    assert set(answer.json()) == {"error", "message", "hint"}


def test_releases_name_what_is_served(client: Client) -> None:
    told = client.get("/api/population/releases").json()
    assert told["measures"] == "0123456789abcdef"
    assert told["first_5000"] == ""


def test_before_any_release_each_page_says_what_to_run(client: Client, built: Path, monkeypatch) -> None:
    monkeypatch.setenv("ENDEAVOUR_VAR", str(built))
    for path in ("/core20plus5/adults", "/inequality/worsening"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "endeavour measure release" in answer.content.decode()
    measure = client.get("/measure/smi-health-check")
    assert measure.status_code == 200
    for words in (
        "endeavour measure release",
        "It has not been counted here yet",
        "The target is 60%",
        "Counted",
        "Out of",
    ):
        assert words in measure.content.decode(), words
    assert "<form class=" not in measure.content.decode(), "there is nothing to choose from"
    pack = client.get("/area/thurrock/data-pack").content.decode()
    assert "No measures have been published here yet" in pack


def test_a_release_that_cannot_be_read_is_named(
    client: Client, published: Path, monkeypatch, tmp_path
) -> None:
    monkeypatch.setenv("ENDEAVOUR_VAR", str(tmp_path))
    (tmp_path / "pack").symlink_to(published / "pack")
    (tmp_path / "measures").mkdir()
    (tmp_path / "measures" / "current").write_text("broken\n")
    (tmp_path / "measures" / "broken.parquet").write_bytes(b"PAR1 cut short")
    answer = client.get("/api/population/figures")
    assert (answer.status_code, answer.json()["error"]) == (500, "corrupt")


def test_the_data_pack_holds_census_deprivation_and_measures(client: Client) -> None:
    rows = read(client, "/area/thurrock/data-pack.csv")
    assert {r["section"] for r in rows} >= {"Who lives here", "Deprivation", "Core20PLUS5 for adults"}
    (smi,) = [r for r in rows if r["row"].startswith("People with severe mental illness")]
    assert (smi["value"], smi["system_value"]) == ("41.7", "57.0")
    assert client.get("/area/THURROCK/data-pack").status_code == 301
    assert client.get("/area/nowhere/data-pack").status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize("code", ["thurrock", "E01021527"])
def test_the_printed_pack_passes_the_checks_of_pdf_ua_and_is_the_same_twice(
    client: Client, code: str, tmp_path
) -> None:
    from pdfua import validate

    first, again = (client.get(f"/area/{code}/data-pack.pdf") for _ in range(2))
    assert first["Content-Type"] == "application/pdf"
    assert first.content == again.content
    made = tmp_path / "pack.pdf"
    made.write_bytes(first.content)
    findings = [f for f in validate(str(made)).findings if f.severity.name != "INFO"]
    assert [(f.rule_id, f.message) for f in findings] == []


def test_pages_read_the_release_and_nothing_nearer_to_people() -> None:
    source = Path(figures.__file__).parents[1]
    for path in source.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "open_backend" not in text, path.name
        assert "lake.backends" not in text or path.name == "strata.py", path.name


def test_the_data_pack_opens_with_what_stands_out(client: Client) -> None:
    page = client.get("/area/thurrock/data-pack").content.decode()
    head = page.partition("Who lives here")[0]
    assert "What stands out" in head
    assert "1 is worse here than across Mid and South Essex by more than chance" in head
    assert "People with severe mental illness who had their yearly health check: 41.7%, against 57.0%" in head
    assert "Where no target is named, none has been set" in head
    (smi,) = [
        r for r in read(client, "/area/thurrock/data-pack.csv") if "severe mental illness who" in r["row"]
    ]
    assert smi["beside_system"] == "worse"
    assert "What stands out" not in client.get("/area/E54000026/data-pack").content.decode()


ADULTS = (
    "Ageing well", "End of life", "High-intensity users", "Learning disability and autism",
    "Loneliness and isolation", "Mental health and suicide prevention",
)  # fmt: skip
CHILDREN = (
    "Children&#x27;s end of life", "Children&#x27;s mental health", "Healthy schools", "Healthy weight",
    "Looked-after children and care leavers", "Maternity and early years", "Preventing adult conditions in childhood",
    "Special educational needs and disabilities",
)  # fmt: skip


def test_every_part_of_the_strategy_is_seen_to_have_a_measure(client: Client) -> None:
    whole = client.get("/measure").content.decode()
    contents = whole.partition('aria-label="On this page"')[2].partition("</nav>")[0]
    parts = re.findall(r'href="#([^"]+)"', contents)
    assert len(parts) > 4
    assert all(f'id="{part}"' in whole for part in parts), "the list of parts leads to each of them"
    page = whole.partition('id="part-1"')[2]
    adults, _, rest = page.partition("as section 4.3 of the strategy asks")[2].partition(
        "as section 4.4 asks"
    )
    children = rest.partition("as section 4.1 asks")[0]
    assert (
        page.index("as section 4.1 asks")
        < page.index("<h2>Core20PLUS5 for adults</h2>")
        < page.index("Other measures of our own")
    )
    for section, parts in ((adults, ADULTS), (children, CHILDREN)):
        for part in parts:
            assert 'href="/measure/' in section.partition(f"<h3>{part}</h3>")[2].partition("<h3>")[0], part
    assert 'href="/measure/prevalence-diabetes"' in page, "one that answers to no part is listed all the same"
    one = client.get("/measure/cyp-mental-health-access").content.decode()
    assert "4.2 Core20PLUS5; 4.4 Children&#x27;s mental health" in one
