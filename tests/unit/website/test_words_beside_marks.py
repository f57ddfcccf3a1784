"""Words in the funnel and the slope stand clear of what is drawn, and everybody outside the limits who can be named is."""

import re

import pytest

from endeavour.charts.funnel import Limits, Place, funnel_chart
from endeavour.charts.inequality import Quantile, _clear, inequality_chart


def _text(svg: str, words: str) -> list[tuple[int, int]]:
    found = re.findall(r"<text ([^>]*)>([^<]*)</text>", svg)
    at = [attributes for attributes, said in found if words in said]
    return [
        (int(re.search(r'\bx="(-?\d+)"', one).group(1)), int(re.search(r'\by="(-?\d+)"', one).group(1)))
        for one in at
    ]


def test_the_average_is_named_above_a_narrow_funnel() -> None:
    places = [
        Place("Small", 50_000, 16, 1),
        Place("Large", 150_000, 12, -1),
        Place("Middle", 100_000, 14.2, 0),
    ]
    sizes = [50_000, 100_000, 150_000]
    curves = {
        0.95: ([13.8, 13.9, 13.95], [14.2, 14.1, 14.05]),
        0.998: ([13.6, 13.8, 13.9], [14.4, 14.2, 14.1]),
    }
    chart = funnel_chart(places, Limits(sizes, 14, curves), measure="M", subtitle="s", source="x", suffix="%")
    labels, limits = _text(chart.svg, "average: 14.0%"), _text(chart.svg, "99.8%")
    assert labels
    assert limits
    assert labels[0][1] < min(y for _, y in limits[:2])
    assert "Dashed: 95%. Solid: 99.8%." in " ".join(chart.notes)
    assert _text(chart.svg, "Small")
    assert _text(chart.svg, "Large")


def test_the_average_is_named_on_its_own_line_and_hides_no_place() -> None:
    """On a phone its name once stood over the upper curves at the right, and hid the triangle of a place outside them."""
    sizes = [800, 1_500, 2_800]
    limits = Limits(
        sizes, 14.7, {0.95: ([12, 13, 13.4], [17, 16.4, 16]), 0.998: ([11, 12, 12.6], [18.6, 17.5, 16.8])}
    )
    places = [
        Place("Hidden", 1_700, 17.6, 1),
        Place("Least", 900, 15.6, 0),
        Place("A very large place", 2_800, 11.5, -1),
    ]
    svg = funnel_chart(places, limits, measure="M", subtitle="s", source="x", better=-1, suffix="%").svg
    named = _text(svg, "average: 14.7%")
    lines = [
        int(y) for y in re.findall(r'<path d="M\d+ (\d+)L\d+ \1" stroke="#212b32" stroke-width="2"', svg)
    ]
    assert [abs(y - line) <= 19 for (_, y), line in zip(named, lines, strict=True)] == [True, True]
    assert [at[0] < 200 for at in named] == [True, True], "at the left, where the curves are far from it"
    assert len(_text(svg, "A very large place")) == 2
    assert 'text-anchor="end" fill="#212b32" stroke="#ffffff"' in svg, (
        "a name on the left ends before its own mark"
    )


def test_a_name_goes_to_the_left_where_a_neighbour_stands_on_the_right() -> None:
    places = [
        Place("Westminster", 60_000, 12, -1),
        Place("Eastleigh", 64_000, 12.02, -1),
        Place("Far", 200_000, 18, 1),
    ]
    limits = Limits([50_000, 200_000], 15, {0.998: ([14, 14.5], [16, 15.5])})
    svg = funnel_chart(places, limits, measure="M", subtitle="s", source="x").svg
    assert _text(svg, "Westminster")
    assert _text(svg, "Eastleigh")
    assert _text(svg, "Westminster")[0][0] < _text(svg, "Eastleigh")[0][0]


@pytest.mark.parametrize(
    "drawn", [[], [(50, 90)], [(50, y) for y in range(60, 140)], [(50, y) for y in range(400)]]
)
def test_a_clear_spot_covers_nothing_and_stays_inside(drawn) -> None:
    spot = _clear(100, (30, 80), drawn, 300)
    assert 18 <= spot <= 300
    if len(drawn) < 200:
        assert not any(spot - 22 < y < spot + 9 for _, y in drawn)


def test_neither_good_nor_bad_is_not_called_worse() -> None:
    quantiles = [Quantile(str(n), 100, 2 + 0.1 * n, 1.9 + 0.1 * n, 2.1 + 0.1 * n) for n in range(10)]
    said = {
        better: inequality_chart(
            quantiles, measure="M", subtitle="s", source="x", higher_is_better=better
        ).summary
        for better in (True, False, None)
    }
    assert "fare worse" in said[True]
    assert "fare better" in said[False]
    assert "fare" not in said[None]
