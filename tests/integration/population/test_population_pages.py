"""The population pages over the committed pack: the published figures they must show, and what each costs."""

import gzip
import json
import re

import pytest
from django.test import Client

from endeavour.population.queries import areas, deprivation, people, series

pytestmark = pytest.mark.django_db


# Guide to the data, section 1, and the strategy's Appendix One.
@pytest.mark.parametrize(
    ("edition", "base", "people_in", "share"),
    [
        ("2019", "mid2020", 120_992, 10.09),
        ("2019", "census2021", 119_654, 9.98),
        ("2025", "census2021", 143_841, 11.99),
    ],
)
def test_the_explorer_counts_the_core20_as_published(pack, edition, base, people_in, share) -> None:
    system = deprivation.most_deprived_fifth("imd", edition, base)[0]
    assert (system.kind, system.people, round(100 * system.share, 2)) == ("system", people_in, share)


def test_places_and_districts_are_not_confused(pack) -> None:
    found = {
        (f.kind, f.name): round(100 * f.share, 1)
        for f in deprivation.most_deprived_fifth("imd", "2019", "mid2020")
    }
    assert found["place", "Basildon and Brentwood"] == 16.8
    assert found["place", "South East Essex"] == 14.5
    assert found["place", "Mid Essex"] == 1.2
    assert found["district", "Basildon"] == 23.8
    assert found["district", "Southend-on-Sea"] == 23.5


def test_the_system_is_the_census(pack) -> None:
    whole = people.size(areas.system_lsoas())
    assert (whole.persons, whole.households, whole.neighbourhoods) == (1_199_519, 494_652, 720)
    shares = {(t.key, s.label): s for t in people.topics(areas.system_lsoas()) for s in t.shares}
    assert shares["ethnicity", "White"].count == 1_064_295
    assert shares["disability", "Disabled"].count == 194_327
    assert shares["overcrowding", "Too few bedrooms"].count == 18_024
    assert shares["dimensions", "Three or four"].count == 16_861


def test_life_is_shorter_in_the_most_deprived_fifth(pack) -> None:
    years = {(f.sex, f.quintile): round(f.years, 1) for f in series.life_expectancy()}
    assert [years["male", q] for q in range(1, 6)] == [75.0, 78.2, 80.1, 81.3, 82.7]
    assert [years["female", q] for q in range(1, 6)] == [79.6, 82.1, 83.4, 84.4, 85.6]


def test_the_parts_of_a_wider_area_add_up_to_it(pack) -> None:
    wide = areas.wide_areas()
    total = sum(a.persons for a in wide["system"])
    for kind in ("place", "district", "sub_icb"):
        assert sum(a.persons for a in wide[kind]) == total


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/area", 0),
        ("/area/E54000026", 5),
        ("/area/E01021527", 5),
        ("/area/U27924", 5),
        ("/area/E01021527.csv", 0),
        ("/inequality", 0),
        ("/inequality.csv?measure=overcrowded", 0),
        ("/core20", 0),
        ("/core20.csv", 0),
        ("/measure", 0),
        ("/measure/ae_attendances", 0),
        ("/measure/ae_attendances.csv", 0),
        ("/calibration", 0),
        ("/api/population/areas", 0),
        ("/api/population/core20", 0),
    ],
)
def test_each_page_costs_what_it_says(pack, client: Client, django_assert_num_queries, path, queries) -> None:
    with django_assert_num_queries(queries):
        assert client.get(path).status_code == 200


def test_every_kind_of_area_has_a_page(pack, client: Client) -> None:
    kinds = {}
    for words in ("mid and south essex", "thurrock", "castle", "benfleet", "basildon 001", "basildon 0"):
        for found in areas.search(words):
            kinds.setdefault(found.kind, found.code)
    assert {"system", "place", "upper_tier", "district", "ward", "pcn", "lsoa21"} - {"upper_tier"} <= set(
        kinds
    )
    for code in kinds.values():
        assert client.get(f"/area/{code}").status_code == 200, code


def test_a_map_of_720_neighbourhoods_is_small_and_whole(pack, client: Client) -> None:
    page = client.get("/inequality").content.decode()
    svg = re.search(r"<svg class=\"ce-hexmap\".*?</svg>", page, re.DOTALL).group(0)
    assert svg.count("<use ") == 720
    assert len(gzip.compress(svg.encode())) < 60_000
    assert not re.search(r"\d\.\d", re.sub(r"<title>.*?</title>", "", svg)), "integer coordinates only"
    assert "style=" not in page


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("", "143,841 people, 12.0% of Mid and South Essex, live in England’s most deprived fifth of neighbourhoods: "
             "24.9% of people in Southend-on-Sea, nobody in Brentwood or Maldon."),
        ("?measure=overcrowded", "Overcrowded homes: from"),
    ],
)  # fmt: skip
def test_the_map_opens_with_how_unequal_it_is(pack, client: Client, asked: str, said: str) -> None:
    page = client.get(f"/inequality{asked}").content.decode()
    assert f'<p class="ce-lede">{said}' in page


def test_unlawful_questions_are_refused_in_words(pack, client: Client) -> None:
    for query in ("measure=nope", "edition=2015", "base=martians"):
        answer = client.get(f"/inequality?{query}")
        assert answer.status_code == 422
        assert b"Choose" in answer.content
    assert client.get("/area/nowhere").status_code == 404
    assert client.get("/measure/nothing").status_code == 404


def test_nothing_built_is_said_with_the_command_that_mends_it(var, client: Client) -> None:
    for path in ("/area", "/inequality", "/core20", "/measure", "/data-sources"):
        answer = client.get(path)
        assert answer.status_code == 503, path
        assert b"endeavour" in answer.content
    assert client.get("/").status_code == 200
    assert b"have not been built" in client.get("/").content


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("areas/nowhere", 404),
        ("core20?kind=planet", 422),
        ("measures/nothing/observations", 404),
        ("areas/a%20b", 422),
    ],
)
def test_every_error_of_the_api_has_one_shape(pack, client: Client, path: str, status: int) -> None:
    answer = client.get(f"/api/population/{path}")
    assert answer.status_code == status
    assert set(answer.json()) == {"error", "message", "hint"}


def test_the_api_says_what_it_may_answer(client: Client) -> None:
    document = json.loads(client.get("/api/openapi.json").content)
    ours = {p: m for p, m in document["paths"].items() if p.startswith("/api/population/")}
    for methods in ours.values():
        for does in methods.values():
            assert {"200", "404", "422", "503"} <= {str(code) for code in does["responses"]}
    assert b"cdn" not in client.get("/api/docs").content.lower()


def test_calibration_reads_the_build_in_use_and_says_synthetic(
    pack, client: Client, monkeypatch, tmp_path
) -> None:
    import duckdb

    build = tmp_path / "lake" / "builds" / ("a" * 16)
    build.mkdir(parents=True)
    (tmp_path / "lake" / "current").write_text("a" * 16)
    duckdb.execute(
        f"copy (select 'age' as margin, 'lsoa21' as level, 'census_age' as source_table, 'people' as unit,"
        f" 10.0 as source, 12.0 as lake, 2.0 as difference, false as within) to '{build / 'calibration.parquet'}'"
    )
    monkeypatch.setattr("endeavour.population.queries.calibration.lake_dir", lambda: tmp_path / "lake")
    page = client.get("/calibration").content.decode()
    assert "synthetic residents" in page
    assert "5.00" in page, "differences of people are told in steps of 5"
    assert "2.00" not in page
    assert "By neighbourhood" in page


def test_the_practices_of_a_network_need_no_column_for_the_network(pack, client: Client) -> None:
    """Each would say the same beside the page's own name, and a phone has no room to say it."""
    page = client.get("/area/U02453").content.decode()
    assert "Registered patients</th>" in page
    assert "Network</th>" not in page


def test_an_area_says_how_many_promises_of_how_many(pack, promised, client: Client) -> None:
    page = client.get("/area/U02453").content.decode()
    assert re.search(r'ce-fact__value">(\d+) of \1</span><span class="ce-fact__label">late<', page)
