"""The hexagon map, the map of bodies and the bars: whole numbers, safe text, nothing lost."""

import itertools
import re
import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endeavour.charts.bodymap import Line, Node, bodymap
from endeavour.charts.hexmap import FILLS, Band, Hex, hexmap, key
from endeavour.charts.shares import Bar, amounts, shares
from endeavour.charts.words import count_words, number_words

WORDS = {"title": "Finding", "subtitle": "s", "summary": "s", "source": "src"}
BANDS = (Band("high", 5, 11), Band("low", 0, 5))
SVG = "{http://www.w3.org/2000/svg}"


def _hexes(values):
    return [
        Hex(f"E{n}", f"Name <{n}>", "North" if n % 2 else "South", n % 5, n // 5, value, f"{value}")
        for n, value in enumerate(values)
    ]


@given(st.lists(st.one_of(st.none(), st.floats(0, 10.9)), min_size=1, max_size=40))
def test_every_neighbourhood_is_drawn_once_and_counted_once(values) -> None:
    cells = _hexes(values)
    chart = hexmap(cells, BANDS, value_header="Value", **WORDS)
    tree = ElementTree.fromstring(chart.svg)
    links = [a.get("href") for a in tree.iter(f"{SVG}a")]
    assert sorted(links) == sorted(f"/area/{c.code}" for c in cells)
    assert sum(count for _, _, count in key(BANDS, cells)) == len(cells)
    assert len(chart.rows) == len(cells)
    spots = [(u.get("x"), u.get("y")) for u in tree.iter(f"{SVG}use")]
    assert len(set(spots)) == len(cells)
    assert all(re.fullmatch(r"\d+", part) for spot in spots for part in spot)


def test_a_value_outside_every_band_is_refused() -> None:
    with pytest.raises(ValueError, match="lies in no band"):
        hexmap(_hexes([99.0]), BANDS, value_header="Value", **WORDS)
    with pytest.raises(ValueError, match="cannot be told apart"):
        hexmap(_hexes([1.0]), BANDS * 3, value_header="Value", **WORDS)


def test_the_fills_are_told_apart_in_grey() -> None:
    def grey(fill: str) -> float:
        red, green, blue = (int(fill[n : n + 2], 16) for n in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    steps = [grey(b) - grey(a) for a, b in itertools.pairwise(FILLS)]
    assert min(steps) > 30


def test_borders_run_only_between_different_groups() -> None:
    same = [Hex("a", "a", "N", 0, 0, 1.0, "1"), Hex("b", "b", "N", 1, 0, 1.0, "1")]
    other = [same[0], Hex("b", "b", "S", 1, 0, 1.0, "1")]
    draw = lambda cells: hexmap(cells, BANDS, value_header="v", **WORDS).svg  # noqa: E731
    assert 'd="" fill="none"' in draw(same)
    assert 'd="" fill="none"' not in draw(other)


NODES = [Node(k, f"Body & {k}", "nhs", "NHS") for k in "abcd"]


def test_bodies_stand_in_columns_by_their_distance() -> None:
    lines = [
        Line("a", "b", "feeds"),
        Line("b", "c", "feeds"),
        Line("c", "b", "feeds"),
        Line("d", "c", "feeds"),
    ]
    chart = bodymap(NODES, [*lines, Line("a", "gone", "feeds")], **WORDS)
    tree = ElementTree.fromstring(chart.svg)
    assert {a.get("href") for a in tree.iter(f"{SVG}a")} == {f"/body/{k}" for k in "abcd"}
    assert len(chart.rows) == 4
    columns = {a.get("href")[-1]: int(a.find(f"{SVG}rect").get("x")) for a in tree.iter(f"{SVG}a")}
    assert columns["a"] < columns["b"] or columns["c"] > columns["b"]


def test_no_body_is_said_in_words() -> None:
    assert "No bodies" in bodymap([], [], **WORDS).svg


@given(st.lists(st.one_of(st.none(), st.floats(0, 1)), max_size=8))
def test_a_bar_is_as_long_as_its_share(values) -> None:
    bars = [Bar(f"Group {n}", value, 0.5) for n, value in enumerate(values)]
    chart = shares(bars, here="Here", wider="All", unit="people", **WORDS)
    ElementTree.fromstring(chart.svg)
    lengths = [int(n) for n in re.findall(r'd="M4 \d+h(\d+)v18', chart.svg)]
    known = [v for v in values if v is not None]
    assert len(lengths) == len(known)
    assert [lengths[i] for i in sorted(range(len(known)), key=known.__getitem__)] == sorted(lengths)
    assert chart.svg.count("not known") == len(values) - len(known)


def test_amounts_begin_at_zero() -> None:
    svg = amounts([("a", 10.0), ("b", 5.0)], headers=("x", "y"), unit="%", **WORDS).svg
    first, second = (int(n) for n in re.findall(r"h(\d+)v18", svg))
    assert first == pytest.approx(2 * second, abs=1)


def test_words_never_show_a_dash_for_nothing() -> None:
    assert number_words(None) == number_words(float("nan")) == "not known"
    assert number_words(-0.04, 1) == "0.0"
    assert count_words(None, "gap,gaps") == "gaps: not known"
