"""The longest lists come a page at a time, every figure comes in one file, and a board is led to the few that matter."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from django.test import Client

from builders.figures import write_release
from endeavour.population import presenters_worsening, public, views_worsening
from endeavour.population.queries import figures

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def published(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The pack and a small release: Thurrock is worse than the whole, and worsening."""
    (tmp_path / "pack").symlink_to(built / "pack")
    write_release(tmp_path)
    monkeypatch.setenv("ENDEAVOUR_VAR", str(tmp_path))
    return tmp_path


def test_every_measure_of_every_area_is_one_file(client: Client) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/measure.csv").content.decode())))
    assert len(rows) == figures.count({"by": ""})
    assert {row["by"] for row in rows} == {""}
    assert {row["area"] for row in rows} == {"E54000026", "thurrock", "mid-essex"}
    assert all(row["low"] and row["high"] for row in rows)
    assert {"Wilson 1927" in row["method"] for row in rows} == {True}
    fifths = client.get(
        "/measure.csv?by=imd_quintile&measure=smi-health-check&period=2023/24"
    ).content.decode()
    assert len(fifths.splitlines()) == 1 + 5
    assert client.get("/measure.csv?measure=luck").status_code == 404
    page = client.get("/measure").content.decode()
    assert f"{len(rows)} figures in one file" in page
    assert "/measure.csv-metadata.json" in page


def test_a_long_list_shows_a_few_of_each_measure_and_leads_to_the_rest(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    ((measure, (row,)),) = presenters_worsening.by_measure("worse and worsening")
    many = [(measure, [row] * 30)] * 23
    asked = []

    def by_measure(verdict: str, kind: str = "", measure: str = "") -> list[object]:
        asked.append(measure)
        return many[:1] if measure else many

    monkeypatch.setattr(presenters_worsening, "by_measure", by_measure)
    page = client.get("/inequality/worsening").content.decode()
    assert page.count('<th scope="row"') == views_worsening.MEASURES * views_worsening.MOST
    assert "See 25 more" in page
    assert f"690 of {figures.compared():,} figures compared are" in page
    assert "Page 1 of 3" in page
    following = re.search(r'href="(\?[^"]*page=2)"', page)
    assert following
    assert (
        "Page 2 of 3"
        in client.get(f"/inequality/worsening{following[1]}".replace("&amp;", "&")).content.decode()
    )
    assert "Page 3 of 3" in client.get("/inequality/worsening?page=99").content.decode()
    whole = client.get(f"/inequality/worsening?measure={measure.id}").content.decode()
    assert asked[-1] == measure.id
    assert whole.count('<th scope="row"') == 30
    assert "See 25 more" not in whole


def test_a_list_says_how_many_were_compared_and_what_chance_alone_would_do(client: Client) -> None:
    page = client.get("/inequality/worsening").content.decode()
    compared = figures.compared()
    assert compared > 0
    assert f"of {compared:,} figures compared" in page
    assert "chance alone would put about 1 in 120 here" in page
    assert figures.compared("place", "smi-health-check") < compared
    assert figures.compared("district") == 0
    assert "about 1 in 40 " in presenters_worsening.by_chance("worse")


def test_each_list_is_headed_by_what_it_holds(client: Client) -> None:
    for verdict, (title, lede) in presenters_worsening.VERDICTS.items():
        page = client.get("/inequality/worsening", {"verdict": verdict}).content.decode()
        assert f"<h1>{title}</h1>" in page
        assert lede in page


def test_a_board_sees_what_to_worry_about_with_its_evidence_one_click_away(client: Client) -> None:
    told = public.notables()
    assert told is not None
    (worry,) = told.worries
    assert worry.row.name == "Thurrock"
    page = client.get("/progress").content.decode()
    assert "What to worry about, and what to be proud of" in page
    assert worry.title in page
    assert client.get(worry.row.address).status_code == 200
    (pride,) = told.prides
    assert pride.title in page
    assert client.get(pride.row.address).status_code == 200


def test_before_a_release_the_board_is_told_nothing(client: Client, published: Path) -> None:
    (published / "measures" / "current").unlink()
    assert public.notables() is None
    assert "What to worry about" not in client.get("/progress").content.decode()
