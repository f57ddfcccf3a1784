"""Every neighbourhood has a hexagon of its own, near its neighbours, the same every time."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from endeavour.pack import Pack
from endeavour.pack.compile.hexes import hexagons

PLACES = st.lists(
    st.tuples(
        st.floats(51.4, 52.0).map(lambda x: round(x, 5)), st.floats(0.1, 1.0).map(lambda x: round(x, 5))
    ),
    min_size=0,
    max_size=25,
)


def distance(a: tuple[int, int], b: tuple[int, int]) -> int:
    q, r = a[0] - b[0], a[1] - b[1]
    return (abs(q) + abs(r) + abs(q + r)) // 2


@settings(deadline=None, max_examples=8)
@given(PLACES)
def test_no_two_share_a_cell_even_where_they_share_a_spot(places: list[tuple[float, float]]) -> None:
    spots = hexagons(places)
    assert len(set(spots)) == len(places)
    assert hexagons(places) == spots


def test_a_grid_keeps_its_shape() -> None:
    places = [(52 - row * 0.01, column * 0.016) for row in range(6) for column in range(6)]
    spots = hexagons(places)
    for index in range(35):
        if index % 6 != 5:
            assert distance(spots[index], spots[index + 1]) <= 2, "east and west neighbours stay near"
    assert spots[0][1] < spots[-1][1], "r grows southwards"


def test_the_cartogram_of_the_pack_keeps_neighbours_near() -> None:
    rows = Pack.open("mse").table("lsoa21").to_pylist()
    spots = {(row["hex_q"], row["hex_r"]): row for row in rows}
    assert len(spots) == 720
    around = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, -1), (-1, 1))
    same = joined = 0
    for (q, r), row in spots.items():
        for east, south in around:
            other = spots.get((q + east, r + south))
            if other:
                joined += 1
                same += other["district"] == row["district"]
    assert joined / (6 * 720) > 0.9, "one compact figure"
    assert same / joined > 0.88, "districts hold together"
    lonely = [
        row["code"]
        for (q, r), row in spots.items()
        if not any(spots.get((q + e, r + s), {}).get("district") == row["district"] for e, s in around)
    ]
    assert len(lonely) <= 7, lonely
