"""What pulls against what: pairs of published figures, plainly none where there is none, on every page that needs them."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from endeavour.errors import BadInput, NotFound
from endeavour.strategy import observations, tensions
from endeavour.strategy.figures import Observed
from endeavour.strategy.pack_files_shared import read_tensions
from endeavour.strategy.report.blocks import Heading, Points, blocks
from endeavour.strategy.report.content import build
from endeavour.strategy.report.render import figures_csv
from endeavour.strategy.views_tensions import pictures

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
PAIR = """
reviewed_on: 2026-11-01
section: "1.3"
tensions:
  - key: one-pair
    title: Two things that pull
    one: {words: Those who ask, measure: rtt_new}
    other: {words: Those who answer, lacks: Nobody counts them., takes: Count them.}
"""


def month(year: int, number: int, value: float | None) -> Observed:
    after = date(year + number // 12, number % 12 + 1, 1)
    last = date.fromordinal(after.toordinal() - 1)
    return Observed(
        date(year, number, 1), last, value, None, None, "" if value is not None else "not reported", "r1"
    )


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Observed]]:
    """Known figures in the place of the pack's tables, by measure."""
    given = {
        "rtt_new": [month(2024, n, 100.0 + n) for n in range(1, 7)],
        "rtt_completed": [month(2024, n, 90.0) for n in range(2, 7)] + [month(2024, 7, None)],
        "ae_attendances": [month(2024, 1, 50.0)],
    }
    monkeypatch.setattr(observations, "series", lambda key, grouping, group: tuple(given.get(key, ())))
    return given


def test_the_pack_names_five_pairs_under_one_that_heads_them_and_says_what_each_lacks() -> None:
    found = tensions.tensions(at=TODAY)
    assert [t.row.overall for t in found] == [True] + [False] * 5
    for pair in found:
        for side in pair.sides:
            assert bool(side.measure) != bool(side.row.lacks and side.row.takes)
            assert not side.is_synthetic, "what is set side by side in public is published"


def test_both_sides_are_paired_by_period_and_drawn_with_their_table(
    figures: dict[str, list[Observed]],
) -> None:
    found = tensions.tension("demand-and-capacity", at=TODAY)
    assert [(a.value, b.value) for a, b in found.pairs] == [(100.0 + n, 90.0) for n in range(2, 7)]
    assert found.words == "Both sides have a figure."
    (drawn,) = pictures(found)
    assert drawn.title == "16.0 more new referrals to treatment than treatments completed in June 2024"
    assert drawn.headers == ("Period", "New referrals to treatment", "Treatments completed")
    assert drawn.rows[-1] == ("June 2024", 106.0, 90.0)
    figures["rtt_new"][-1] = month(2024, 6, 80.0)
    fewer = tensions.tension("demand-and-capacity", at=TODAY)
    assert pictures(fewer)[0].title.startswith("10.0 fewer new referrals")


def test_a_pair_is_replayed_on_a_day_with_the_figures_that_were_out(
    figures: dict[str, list[Observed]],
) -> None:
    assert figures
    before = tensions.tension("demand-and-capacity", at=date(2024, 2, 15))
    assert (before.one.figure, before.other.figure) == (
        "101.0 pathways in the month, January 2024",
        "No figure yet",
    )
    assert pictures(before) == [], "one point is no picture"
    assert (
        tensions.tension("demand-and-capacity", at=date(2019, 1, 1)).words == "Neither side has a figure yet."
    )


def test_the_pages_say_no_figure_yet_and_what_it_would_take(
    client: Client, figures: dict[str, list[Observed]]
) -> None:
    assert figures
    page = client.get("/tensions").content.decode()
    assert "The strategy names 5 things that pull against each other (section 1.3)." in page
    assert page.count("No figure yet.") == 9
    one = client.get("/tension/best-supported").content.decode()
    assert "What a figure would take:" in one
    assert "50.0 attendances, January 2024." in one
    assert "There is one figure: too few to tell a change from chance." in one
    assert client.get("/tension/none").status_code == 404
    assert client.get("/tensions?as_at=0022-01-01").status_code == 422
    assert "As it stood on 1 January 2020" in client.get("/tensions?as_at=2020-01-01").content.decode()


def test_the_files_hold_every_figure_and_a_row_for_what_is_lacking(
    client: Client, figures: dict[str, list[Observed]]
) -> None:
    text = client.get("/tensions.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    counted = [r for r in rows if r["tension"] == "demand-and-capacity" and r["side"] == "one"]
    assert [float(r["value"]) for r in counted] == [o.value for o in figures["rtt_new"]]
    hidden = next(r for r in rows if r["from"] == "2024-07-01")
    assert (hidden["value"], hidden["reason"]) == ("", "not reported")
    lacking = [r for r in rows if r["reason"] == "no figure yet"]
    assert all(r["lacks"] and r["takes"] for r in lacking)
    own = list(
        csv.DictReader(client.get("/tension/best-supported.csv").content.decode("utf-8-sig").splitlines())
    )
    assert {r["tension"] for r in own} == {"best-supported"}
    told = client.get("/api/strategy/tensions?as_at=2024-02-15").json()
    assert (told[0]["one"]["value"], told[0]["other"]["value"]) == (101.0, None)
    assert client.get("/api/strategy/tensions?as_at=1999-01-01").status_code == 422


@pytest.mark.usefixtures("pack")
def test_the_promise_the_theory_and_the_report_lead_to_them(
    client: Client, figures: dict[str, list[Observed]]
) -> None:
    assert figures
    assert 'href="/tension/prevention-and-urgent-care"' in client.get("/promise/W22").content.decode()
    assert 'href="/tensions"' in client.get("/statements?kind=challenge").content.decode()
    assert 'href="/tensions"' not in client.get("/statements?kind=duty").content.decode()
    content = build(date(2024, 2, 15))
    sides = content["tensions"][0]["sides"]
    assert [side["figure"] for side in sides] == [
        "101.0 pathways in the month, January 2024",
        "No figure yet",
    ]
    figure = next(
        r for r in csv.DictReader(figures_csv(content).splitlines()) if r["figure"].startswith("tension-")
    )
    assert (figure["value"], figure["counts"], figure["see"]) == (
        "101.0", "release:r1", "/tension/demand-and-capacity?as_at=2024-02-15"
    )  # fmt: skip
    said = blocks(content)
    at = said.index(Heading("What pulls against what"))
    points = said[at + 1]
    assert isinstance(points, Points)
    assert points.items[0].notes[1] == "Planned treatments that were completed: No figure yet."


def test_no_page_of_them_asks_the_database_more_than_it_must(
    client: Client, figures: dict[str, list[Observed]]
) -> None:
    assert figures
    for page, most in (("/tensions", 0), ("/tension/best-supported", 1), ("/tensions.csv", 0)):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page).status_code == 200
        assert len(asked) <= most, page


@pytest.mark.parametrize(
    ("was", "becomes", "words"),
    [
        ("measure: rtt_new", "measure: moon", "there is no measure 'moon'"),
        ("measure: rtt_new", "measure: rtt_new, lacks: A., takes: B.", "a measure, or says what it lacks"),
        ("measure: rtt_new", "lacks: Nobody counts.", "a measure, or says what it lacks"),
        ("one:", "first:", "one"),
        ("takes: Count them.", "takes: Count them., see: 'https://example.org'", "see"),
    ],
)
def test_a_pair_that_could_show_nothing_is_refused_with_its_line(
    tmp_path: Path, was: str, becomes: str, words: str
) -> None:
    (tmp_path / "tensions.yaml").write_text(PAIR.replace(was, becomes), encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        read_tensions(tmp_path, {"rtt_new"})
    assert words in str(refused.value)


def test_a_pair_twice_is_refused_and_a_pack_may_have_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read_tensions(tmp_path, {"rtt_new"}) is None
    pair = PAIR.partition("tensions:\n")[2]
    (tmp_path / "tensions.yaml").write_text(PAIR + pair, encoding="utf-8")
    with pytest.raises(BadInput, match="stands twice"):
        read_tensions(tmp_path, {"rtt_new"})
    monkeypatch.setattr(tensions, "_file", lambda pack: None)
    assert tensions.tensions(at=TODAY) == []
    assert tensions.section() == ""
    with pytest.raises(NotFound):
        tensions.tension("one-pair", at=TODAY)


def test_a_pack_without_pairs_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tensions, "_file", lambda pack: None)
    assert "names no such pairs" in client.get("/tensions").content.decode()
