"""Gaps within places, districts and networks, and areas by group: on the measure's page, in the data pack and in the API."""

from __future__ import annotations

import csv
import html
import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client

from builders.figures import write_release
from endeavour.errors import Missing
from endeavour.population import presenters_groups

pytestmark = pytest.mark.django_db
MALDON, BASILDON = "E07000074", "E07000066"
TILBURY = "U06243"
NOBODY = "Nobody counted here lives in the most deprived fifth."
# Of Maldon's 3,500 people 500 are at 20%, 1,500 at 40%, 1,000 at 50% and 500 at 70%; from the middle of them all the four
# groups' middles are -6, -2, 3 and 6 fourteenths away: 360 / 98 over 102 / 1,372 is 49.4.
GAP = "49.4 percentage points lower for the most deprived here than for the least."


@pytest.fixture(autouse=True)
def _installed(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pack").symlink_to(built / "pack")
    write_release(tmp_path, districts=True, networks=True, name="1123456789abcdef")
    monkeypatch.setenv("ENDEAVOUR_VAR", str(tmp_path))


def text_of(client: Client, path: str) -> str:
    """A page's words without its tags."""
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", client.get(path).content.decode()).split()))


def read(client: Client, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(path).content.decode())))


def test_a_district_has_its_own_gap_and_says_which_fifth_nobody_lives_in(client: Client) -> None:
    page = text_of(client, f"/measure/smi-health-check?area={MALDON}")
    assert "49.4 percentage points lower for the most deprived here than for the least" in page
    page, _, _ = page.partition("The gap within each neighbourhood")
    assert page.count(NOBODY) == 3, "at the head, under the chart and beside the other areas"
    assert "Across everyone from the most to the least deprived, the gap is 49.4 percentage points" in page


def test_where_a_fifth_is_hidden_there_is_no_gap_and_no_chart(client: Client) -> None:
    page = text_of(client, f"/measure/smi-health-check?area={BASILDON}")
    assert "Gap not known" in page
    assert "too much of it is hidden, or fewer than three of the fifths have people" in page
    assert "Across everyone from the most to the least deprived" not in page


def test_a_place_that_is_not_told_by_deprivation_does_not_call_it_hidden(client: Client) -> None:
    diabetes = "cyp-diabetes-admissions"
    from endeavour.paths import var_dir

    write_release(var_dir(), (diabetes,), name="2123456789abcdef")
    page = text_of(client, f"/measure/{diabetes}?area=thurrock")
    assert "It is not published by deprivation within a place, so the gap is not known." in page


def test_areas_stand_side_by_side_by_gap_and_by_group(client: Client) -> None:
    page = client.get("/measure/smi-health-check").content.decode()
    assert f'<a href="?area={MALDON}#deprivation">Maldon</a>' in page
    words = text_of(client, "/measure/smi-health-check")
    assert f"Maldon district 49.4 points lower 43.9 to 54.9 {NOBODY}" in words
    assert "Basildon district not known" in words
    assert f'href="?area={MALDON}&amp;by=imd_quintile#groups"' in page
    table = words.partition("Districts: deprivation, in fifths")[2]
    assert re.search(r"Area Fifth 1 Fifth 2 Fifth 3 Fifth 4 Fifth 5 Basildon 25\.0 .* hidden 50\.0", table)
    assert re.search(r"Maldon nobody 20\.0", table)
    by_ethnicity = text_of(client, "/measure/smi-health-check?by=ethnicity")
    assert "Districts: ethnicity" not in by_ethnicity, "districts are not told by it here"


def test_networks_stand_apart_from_districts_with_the_widest_clear_gap_first(client: Client) -> None:
    words = text_of(client, "/measure/smi-health-check")
    areas, _, networks = words.partition("The gap within each neighbourhood")
    assert "Tilbury and Chadwell PCN" not in areas.partition("The gap within each area")[2]
    assert re.search(
        r"Tilbury and Chadwell PCN 49\.4 points lower 43\.9 to 54\.9 .* SS9 PCN no clear gap", networks
    )
    assert "Neighbourhoods (primary care networks): deprivation, in fifths" in networks
    page = text_of(client, f"/measure/smi-health-check?area={TILBURY}")
    assert "49.4 percentage points lower for the most deprived here than for the least" in page
    page = client.get(f"/area/{TILBURY}").content.decode()
    assert f'href="/measure/smi-health-check?area={TILBURY}#deprivation"' in page
    assert GAP in page


def test_the_table_of_areas_by_group_is_downloaded_from_the_address_beside_it(client: Client) -> None:
    page = html.unescape(client.get("/measure/smi-health-check").content.decode())
    (address,) = set(re.findall(r'href="(/measure\.csv\?measure=[^"]*)"', page))
    rows = read(client, f"{address}&area_kind=district&period=2023/24")
    assert {(r["area"], r["subgroup"]) for r in rows} == {
        *((BASILDON, n) for n in "12345"),
        *((MALDON, n) for n in "2345"),
    }
    whole = read(client, f"/measure.csv?measure=smi-health-check&area={MALDON}&period=2023/24")
    assert [float(r["sii"]) for r in whole] == pytest.approx([49.4], abs=0.05)


def test_the_data_pack_tells_the_widest_gaps_and_each_measure_by_group(client: Client) -> None:
    page = text_of(client, f"/area/{MALDON}/data-pack")
    widest = page.partition("The widest gaps by deprivation")[2].partition("Who lives here")[0]
    assert f"People with severe mental illness who had their yearly health check: {GAP} {NOBODY}" in widest
    groups = page.partition("Each measure by group")[2]
    assert "Measure Fifth 2 Fifth 3 Fifth 4 Fifth 5" in groups
    rows = read(client, f"/area/{MALDON}/data-pack.csv")
    (whole,) = [r for r in rows if r["row"].startswith("People with severe mental") and not r["group"]]
    assert (whole["sii"], whole["gap"]) == ("49.41", f"{GAP} {NOBODY}")
    assert f"By deprivation: {GAP}" in whole["note"]
    fifths = [r for r in rows if r["row"].startswith("People with severe mental") and r["group"]]
    assert [(r["group"], r["value"]) for r in fifths] == [
        ("fifth 2", "20.0"), ("fifth 3", "40.0"), ("fifth 4", "50.0"), ("fifth 5", "70.0"),
    ]  # fmt: skip
    told = client.get(f"/api/population/areas/{MALDON}/data-pack").json()["figures"]
    assert len(told) == len(rows)
    assert {f["group"] for f in told} == {"", "fifth 2", "fifth 3", "fifth 4", "fifth 5"}


def test_a_hidden_gap_is_no_gap_in_the_pack_and_a_group_counts_as_no_measure_that_stands_out(
    client: Client,
) -> None:
    page = text_of(client, f"/area/{BASILDON}/data-pack")
    assert "The widest gaps by deprivation" not in page
    assert "Of 2 measures that can be compared" in page


def test_the_api_gives_a_districts_groups_and_its_slope(client: Client) -> None:
    asked = f"/api/population/figures?measure=smi-health-check&area={MALDON}&period=2023/24"
    fifths = client.get(f"{asked}&by=imd_quintile").json()["figures"]
    assert [(f["subgroup"], f["value"]) for f in fifths] == [
        ("2", 20.0),
        ("3", 40.0),
        ("4", 50.0),
        ("5", 70.0),
    ]
    (whole,) = client.get(f"{asked}&by=").json()["figures"]
    assert (whole["sii"], whole["rii_low"] > 1) == (49.41, True)


@pytest.fixture
def by_three(tmp_path: Path) -> None:
    """Smoking by deprivation, ethnicity and sex: one group hidden, nobody in another."""
    write_release(tmp_path, ("smoking",), name="3123456789abcdef", by_three=True)


@pytest.mark.usefixtures("by_three")
def test_any_measure_is_compared_by_several_characteristics_at_its_own_address(client: Client) -> None:
    page = client.get("/inequality/groups?measure=smoking").content.decode()
    words = text_of(client, "/inequality/groups?measure=smoking")
    assert "Adults who smoke, by deprivation, ethnicity and sex together." in words
    assert '<option value="smoking" selected>' in page
    assert 'href="/inequality/groups?measure=smoking">Link to this chart' in page
    assert "between these 18 groups" in words
    assert "White, male, fifth 1: hidden to protect a small group" in words
    assert "each by itself, explain all of the difference between the groups" in words
    assert "All of that is explained by each characteristic alone" in words, (
        "the picture says the same as the page"
    )
    rows = read(client, "/inequality/groups.csv?measure=smoking")
    assert len(rows) == 19
    (hidden,) = [r for r in rows if r["group"] == "White, male, fifth 1"]
    assert (hidden["out_of"], hidden["counted"], hidden["predicted_per_cent"]) == ("", "", "")
    told = client.get("/api/population/groups?measure=smoking").json()
    assert (told["condition"], told["release"], len(told["groups"])) == (
        "Adults who smoke",
        "3123456789abcdef",
        19,
    )
    assert {g["age"] for g in told["groups"]} == {"all"}


@pytest.mark.parametrize(
    ("measure", "status"),
    [("cyp-diabetes-admissions", 422), ("air-pollution", 422), ("nonsense", 422), ("obesity", 503)],
)
@pytest.mark.usefixtures("by_three")
def test_a_measure_that_is_not_published_so_is_refused(client: Client, measure: str, status: int) -> None:
    for address in ("/inequality/groups.csv", "/api/population/groups"):
        assert client.get(f"{address}?measure={measure}").status_code == status
    page = client.get(f"/inequality/groups?measure={measure}")
    assert page.status_code == (200 if status == 503 else status)


def test_a_measure_whose_groups_are_all_hidden_says_so(client: Client) -> None:
    page = client.get("/inequality/groups?measure=smi-health-check")
    assert page.status_code == 200
    words = page.content.decode()
    assert "Too few groups can be told here" in words
    assert '<a href="/measure/smi-health-check">See this measure' in words
    assert "lake build" not in words, "more residents would not help a reader of a measure"


@pytest.mark.usefixtures("by_three")
def test_only_measures_whose_groups_can_mostly_be_told_are_offered(
    client: Client, built: Path, monkeypatch
) -> None:
    def offered(path: str) -> list[str]:
        return re.findall(r'<option value="([^"]*)"', client.get(path).content.decode())

    assert offered("/inequality/groups") == ["", "smoking"]
    assert offered("/inequality/groups?measure=obesity") == ["", "obesity", "smoking"], (
        "what was asked stays chosen"
    )
    monkeypatch.setenv("ENDEAVOUR_VAR", str(built))
    assert offered("/inequality/groups") == [""], "before a release"


def made_of(counts: dict[str, tuple[int | None, int]]) -> presenters_groups.Groups:
    """Groups by three characteristics, from each ethnicity's count and people."""
    asked = presenters_groups.Asked(
        "smoking", "q", "c", "Deprivation, ethnicity and sex", "person", "s", "x", "r", -1, (), "Counted"
    )
    told = tuple(
        presenters_groups.Group(
            f"{fifth} {ethnicity} {sex}", (fifth, ethnicity, sex), events, people, "hidden"
        )
        for fifth in "12345"
        for sex in "FM"
        for ethnicity, (events, people) in counts.items()
    )
    return presenters_groups._compared(asked, told, title="M")


@pytest.mark.parametrize(
    "counts",
    [
        {"asian": (0, 100), "black": (None, 100), "white": (20, 1000)},
        {"asian": (1000, 1000), "black": (500, 1000), "white": (500, 1000)},
        {"asian": (0, 100), "black": (0, 100), "white": (0, 1000)},
    ],
    ids=["mostly hidden or nobody", "everybody of one group, all else alike", "nobody at all"],
)
def test_groups_that_cannot_be_told_apart_are_not_compared(counts: dict[str, tuple[int | None, int]]) -> None:
    with pytest.raises(Missing, match="Too few groups can be told"):
        made_of(counts)


def test_where_each_characteristic_explains_everything_nothing_is_left_for_the_rest() -> None:
    found = made_of({"asian": (200, 1000), "black": (100, 1000), "white": (50, 1000)})
    assert found.pcv_words == (
        "Deprivation, ethnicity and sex, each by itself, explain all of the difference between the groups: "
        "none of the groups stand apart from what their characteristics add up to."
    )
    assert "100.0%" not in found.chart.svg


def test_an_areas_own_page_names_its_widest_gaps_and_leads_to_them(client: Client) -> None:
    page = client.get(f"/area/{MALDON}").content.decode()
    assert f'href="/measure/smi-health-check?area={MALDON}#deprivation"' in page
    assert GAP in text_of(client, f"/area/{MALDON}").partition("The widest gaps within this area")[2]
    assert "The widest gaps" not in client.get(f"/area/{BASILDON}").content.decode(), "its gap is not known"
    assert "The widest gaps" not in client.get("/area/E01021527").content.decode(), "too small to be told"


def test_the_ends_of_an_interval_have_as_many_decimals_as_the_value(client: Client) -> None:
    """A column that says '0.700 to 2.2' cannot be read down."""
    from endeavour.population.queries.figures import Figure, groups
    from endeavour.population.templatetags.figures import interval_of, value_of

    one = groups("smi-health-check", MALDON, "imd_quintile")[-1]
    said = [
        replace(one, value=v, low=low, high=high) for v, low, high in ((1.2, 0.7, 2.2), (0.83, 0.7, 1.01))
    ]
    assert isinstance(one, Figure)
    assert [(value_of(f), interval_of(f)) for f in said] == [("1.2", "0.7 to 2.2"), ("0.83", "0.70 to 1.01")]
    page = text_of(client, "/measure/smi-health-check?by=imd_quintile")
    assert not re.search(r"\b\d\.\d to \d+\.\d\d\d\b|\b\d\.\d\d\d to \d+\.\d\b", page)
