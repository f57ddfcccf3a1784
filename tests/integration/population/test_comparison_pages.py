"""Funnels, slopes and groups: published figures, words, downloads, costs and what is said where nothing is built."""

import csv
import io
import json
from datetime import date
from itertools import product
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.test import Client

from endeavour.engine.lake.manifest import Manifest, describe
from endeavour.engine.lake.schema import REFERENCE_DATE, SCHEMA_VERSION
from endeavour.engine.lake.store import building, finish
from endeavour.engine.statistics.slope_index import slope_index
from endeavour.population import presenters_funnel, presenters_slope
from endeavour.population.queries import comparisons, strata

pytestmark = pytest.mark.django_db


def _people() -> tuple[pa.Table, pa.Table]:
    """Four thousand residents whose diabetes follows age and deprivation, and one group of three."""
    draw = np.random.default_rng(5)
    size = 4000
    age, decile = draw.integers(0, 95, size), draw.integers(1, 11, size)
    sex, ethnicity = draw.choice(["F", "M"], size), draw.choice(["white", "asian"], size, p=[0.8, 0.2])
    small = np.arange(3)
    age[small], decile[small], sex[small], ethnicity[small] = 70, 1, "F", "black"
    has = draw.random(size) < 0.02 + 0.002 * age + 0.05 * (decile <= 2)
    has[small] = [True, True, False]
    ids = np.arange(1, size + 1)
    person = pa.table(
        {"person_id": ids, "age": age, "imd2025_decile": decile, "sex": sex.tolist(), "ethnicity": ethnicity.tolist()}
    )  # fmt: skip
    return person, pa.table({"person_id": ids[has], "condition": ["DM"] * int(has.sum())})


def _build_lake(var: Path) -> str:
    with building(var / "lake") as part:
        entries = []
        for name, table in zip(("person", "condition"), _people(), strict=True):
            path = part / f"{name}.parquet"
            pq.write_table(table, path)
            entries.append(describe(part, path, name, table.num_rows))
        lake = finish(var / "lake", part, Manifest({"schema_version": SCHEMA_VERSION}, tuple(entries)))
    return lake.id


@pytest.fixture
def lake(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A var with the pack and a small lake."""
    (tmp_path / "pack").symlink_to(built / "pack")
    monkeypatch.setenv("ENDEAVOUR_VAR", str(tmp_path))
    _build_lake(tmp_path)
    return tmp_path


# Guide to the data, section 2 item 6: Fingertips 91547, 2022/23.
def test_districts_have_the_published_smoking(pack) -> None:
    found = comparisons.comparison("smoking_qof", "district")
    value = {p.name: round(100 * p.numerator / p.denominator, 1) for p in found.places}
    assert len(value) == 9
    assert found.period == "2022/23"
    assert (value["Southend-on-Sea"], value["Thurrock"], value["Basildon"]) == (16.7, 16.1, 15.6)


def test_practice_registers_are_whole_patients_of_the_list(pack) -> None:
    found = comparisons.comparison("qof_hyp", "practice")
    assert len(found.places) == 144
    assert sum(p.denominator for p in found.places) == 1_243_772  # the guide, item 5
    assert all(p.numerator == int(p.numerator) for p in found.places)
    networks = comparisons.comparison("qof_hyp", "pcn")
    assert 20 <= len(networks.places) <= 26
    assert sum(p.numerator for p in networks.places) <= sum(p.numerator for p in found.places)


def test_limits_are_spiegelhalters_and_the_words_follow_them(pack) -> None:
    worked = presenters_funnel.funnel(comparisons.comparison("qof_af", "practice"))
    total = sum(p.numerator for p in worked.points) / sum(p.denominator for p in worked.points)
    assert worked.average == pytest.approx(100 * total)
    for p in worked.points:
        reach = 100 * np.sqrt(total * (1 - total) / p.denominator)
        assert p.upper_95 == pytest.approx(100 * total + 1.959964 * reach, rel=1e-6)
        assert p.upper_998 == pytest.approx(100 * total + 3.090232 * reach, rel=1e-6)
        assert (p.significance == "High (0.001)") == (p.value > p.upper_998)
        assert (p.significance == "Low (0.001)") == (p.value < p.lower_998)
    outside = sum(p.significance.endswith("(0.001)") for p in worked.points)
    assert f"{outside} of {len(worked.points)} places" in worked.chart.title
    assert len(worked.chart.rows) == len(worked.points)


# Guide to the data, section 2 item 9: our abridged life tables, 2014 to 2016.
@pytest.mark.parametrize(
    ("measure", "years"),
    [
        ("life-expectancy-men", [75.0, 78.2, 80.1, 81.3, 82.7]),
        ("life-expectancy-women", [79.6, 82.1, 83.4, 84.4, 85.6]),
    ],
)
def test_the_slope_of_life_expectancy(pack, measure, years) -> None:
    found = presenters_slope.sloped(measure)
    assert [round(g.value, 1) for g in found.groups] == years
    plain = slope_index([g.value for g in found.groups], [g.people for g in found.groups], [0.1] * 5)
    assert found.sii.value == pytest.approx(float(plain.sii.value))
    assert found.sii.lower < found.sii.value < found.sii.upper
    assert found.rii.lower < found.rii.value < found.rii.upper
    assert found.least - found.most == pytest.approx(found.sii.value)
    assert found.finding.startswith("The most deprived can expect lives")


def test_the_slope_of_a_register_names_the_gap_and_the_ratio(pack) -> None:
    found = presenters_slope.sloped("copd")
    assert found.sii.value < 0 < found.most - found.least
    assert found.rii.value == pytest.approx(found.least / found.most)
    assert "more (between" in found.finding
    assert found.ratio_words.startswith("The most deprived are 1.57 times as likely")
    assert len(presenters_slope.measures()) == 23


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/compare", "Compare places fairly"),
        ("/compare/smoking_qof", "more than chance"),
        ("/compare/qof_dm?by=district", "estimates"),
        ("/compare/qof_dm?by=sub_icb", '<th scope="row">06Q</th>'),
        ("/inequality/slope", "/inequality/slope.csv-metadata.json?measure=life-expectancy-men"),
        ("/inequality/slope?measure=ob", "percentage points higher for the most deprived"),
        ("/measure", 'href="/compare"'),
        ("/progress", 'href="/inequality/slope"'),
        ("/measure/qof_dm", 'href="/compare/qof_dm"'),
        ("/inequality", 'href="/inequality/groups"'),
        ("/inequality/groups", "have not been made yet"),
    ],
)
def test_pages_say_what_they_show(pack, client: Client, path: str, words: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert words in page
    assert "style=" not in page
    if path.startswith(("/compare/", "/inequality/slope")):
        assert "<svg" in page
        assert "<table" in page
        assert "Link to this chart" in page
        assert 'href="/methods#' in page


@pytest.mark.parametrize("indicator", ["no_criteria_to_reside", "discharges", "discharges_by_5pm"])
def test_daily_reports_are_charted_by_the_week_and_say_so(pack, client: Client, indicator: str) -> None:
    page = client.get(f"/measure/{indicator}").content.decode()
    assert "weekday cycle; we chart whole weeks" in page
    assert "week from" in page
    assert "/compare/" not in page


def test_links_to_methods_lead_somewhere(pack, client: Client) -> None:
    page = client.get("/methods").content.decode()
    for anchor in ("comparison-between-places", "inequality", "intersections"):
        assert f'id="{anchor}"' in page


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/compare", 0),
        ("/compare/smoking_qof", 0),
        ("/compare/smoking_qof.csv", 0),
        ("/compare/smoking_qof.csv-metadata.json", 0),
        ("/inequality/slope", 0),
        ("/inequality/slope.csv", 0),
        ("/inequality/slope.csv-metadata.json", 0),
        ("/inequality/groups", 0),
        ("/inequality/groups.csv", 0),
        ("/inequality/groups.csv-metadata.json", 0),
        ("/api/population/funnel/smoking_qof", 0),
        ("/api/population/slope", 0),
        ("/api/population/groups", 0),
    ],
)
def test_each_page_costs_the_database_nothing(
    lake, client: Client, django_assert_num_queries, path, queries
) -> None:
    with django_assert_num_queries(queries):
        assert client.get(path).status_code == 200


def _lines(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def test_downloads_hold_the_numbers_and_say_what_they_mean(pack, client: Client) -> None:
    lines = _lines(client.get("/compare/smoking_qof.csv?by=district"))
    assert len(lines) == 9
    assert {line["kind"] for line in lines} == {"district"}
    southend = next(line for line in lines if line["code"] == "E06000033")
    assert (southend["numerator"], southend["significance"]) == ("26500.0", "High (0.001)")
    about = client.get("/compare/smoking_qof.csv-metadata.json?by=district").json()
    assert about["url"] == "/compare/smoking_qof.csv?by=district"
    assert "Spiegelhalter" in about["dc:description"]
    slopes = _lines(client.get("/inequality/slope.csv"))
    assert len(slopes) == 2 * (5 + 2) + 21 * (10 + 2)
    one = _lines(client.get("/inequality/slope.csv?measure=dm"))
    assert [line["row"] for line in one] == ["group"] * 10 + ["sii", "rii"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/compare/nothing", 404),
        ("/compare/discharges", 404),
        ("/compare/smoking_qof?by=planet", 422),
        ("/compare/qof_dm?by=practice", 422),
        ("/inequality/slope?measure=luck", 422),
        ("/inequality/groups.csv", 503),
    ],
)
def test_what_there_is_not_is_said_in_words(pack, client: Client, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_a_choice_left_empty_is_the_first_measure(pack, client: Client) -> None:
    page = client.get("/inequality/slope?measure=")
    assert 'value="life-expectancy-men" selected' in page.content.decode()


@pytest.mark.parametrize(
    ("path", "status"),
    [("funnel/nothing", 404), ("funnel/smoking_qof?by=planet", 422), ("funnel/qof_dm?by=practice", 422),
     ("slope?measure=luck", 422), ("groups", 503)],
)  # fmt: skip
def test_the_api_errs_in_one_shape(pack, client: Client, path: str, status: int) -> None:
    answer = client.get(f"/api/population/{path}")
    assert answer.status_code == status
    assert set(answer.json()) == {"error", "message", "hint"}


def test_the_api_gives_what_the_pages_show(pack, client: Client) -> None:
    funnel = client.get("/api/population/funnel/qof_af").json()
    assert (funnel["kind"], len(funnel["places"])) == ("practice", 144)
    assert all(p["words"] for p in funnel["places"])
    (slope,) = client.get("/api/population/slope?measure=life-expectancy-men").json()
    assert slope["sii"]["value"] == pytest.approx(presenters_slope.sloped("life-expectancy-men").sii.value)
    assert len(client.get("/api/population/slope").json()) == 23
    long_name = "health_index_young_people_in_education_employment_and_apprenticeships"
    assert client.get(f"/api/population/measures/{long_name}/observations").status_code == 200


def test_groups_come_through_the_gate_and_say_synthetic(lake, client: Client) -> None:
    page = client.get("/inequality/groups").content.decode()
    assert "synthetic residents" in page
    assert "65+ Black women, deprived: hidden to protect a small group" in page
    assert f"{REFERENCE_DATE:%B %Y}" in page
    found = client.get("/api/population/groups").json()
    assert found["population"].startswith("synthetic residents")
    assert 0 < found["vpc"] < 100
    shown = [g for g in found["groups"] if g["people"] is not None]
    assert shown
    assert all(g["people"] % 5 == 0 and (g["with_condition"] or 0) % 5 == 0 for g in shown)
    hidden = next(g for g in found["groups"] if g["ethnicity"] == "black")
    assert (hidden["with_condition"], hidden["reason"]) == (None, "hidden to protect a small group")
    line = next(one for one in _lines(client.get("/inequality/groups.csv")) if "Black" in one["group"])
    assert (line["people"], line["with_diabetes"], line["predicted_per_cent"]) == ("", "", "")
    about = client.get("/inequality/groups.csv-metadata.json").json()
    assert (about["lake"], about["dc:identifier"]) == (found["lake"], found["release"])


def test_the_lake_is_asked_once_and_a_torn_cache_is_made_again(lake, monkeypatch) -> None:
    first = strata.strata()
    (path,) = (lake / "strata").glob("*.json")
    assert json.loads(path.read_text())["lake"] == first.lake
    asked = []
    real = strata._asked
    monkeypatch.setattr(strata, "_asked", lambda lake: asked.append(lake) or real(lake))
    strata._kept.cache_clear()
    assert strata.strata() == first
    assert asked == []
    path.write_text("{torn")
    strata._kept.cache_clear()
    again = strata.strata()
    assert (again.lake, again.release, again.strata) == (first.lake, first.release, first.strata)
    assert len(asked) == 1
    assert json.loads(path.read_text())["release"] == first.release


def test_a_lake_too_small_to_compare_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from endeavour.population.queries import strata

    hidden = strata.Stratum(
        "M", "65_over", "white", "elsewhere", None, None, "hidden to protect a small group"
    )
    few = strata.Strata(as_at=date(2021, 3, 21), lake="l", release="r", audit="", strata=(hidden,) * 56)
    monkeypatch.setattr(strata, "strata", lambda: few)
    page = client.get("/inequality/groups")
    assert page.status_code == 200
    assert "Too few groups can be told here" in page.content.decode()
    for address in ("/inequality/groups.csv", "/api/population/groups"):
        assert client.get(address).status_code == 503


def test_groups_are_still_compared_where_one_characteristic_has_nobody_counted(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No effect can be fitted for a characteristic that nobody counted has; how the groups differ is told all the same."""
    from endeavour.population.queries import strata

    told = tuple(
        strata.Stratum(sex, age, "white", deprived, 0 if age == "17_44" else 40 + 30 * step, 400, "shown")
        for step, (sex, age, deprived) in enumerate(
            product("FM", ("17_44", "45_64", "65_over"), ("most_deprived_fifth", "elsewhere"))
        )
    )
    found = strata.Strata(as_at=date(2021, 3, 21), lake="l", release="r", audit="", strata=told)
    monkeypatch.setattr(strata, "strata", lambda: found)
    page = client.get("/inequality/groups").content.decode()
    assert "between these 12 groups" in page
    assert "How much each characteristic explains by itself cannot be worked out here." in page
    answer = client.get("/api/population/groups")
    assert answer.status_code == 200
    assert answer.json()["pcv"] is None
