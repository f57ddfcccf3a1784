"""The slope beside an area's figure: reckoned by hand, with fifths in which nobody is, and beside hidden ones."""

from __future__ import annotations

from typing import Any

import pytest

from endeavour.engine.measures.catalogue import Catalogue
from endeavour.engine.measures.context import Z, in_context
from endeavour.engine.measures.rows import shares

SMOKING = Catalogue.open("mse").named("smoking")
Terms = tuple[int | None, int | None]
INDICES = ("sii", "sii_low", "sii_high", "rii", "rii_low", "rii_high")
# Counted and out of, by fifth of England; everybody of the district is 3,000.
MIDDLE = {"2": (200, 500), "3": (300, 1500), "4": (100, 1000)}


def row(
    kind: str, numerator: int | None, denominator: int | None, by: str = "", subgroup: str = ""
) -> dict[str, Any]:
    return {
        "period": "2023/24", "period_kind": "year", "area_kind": kind, "area": "d1", "by": by, "subgroup": subgroup,
        "numerator": numerator, "denominator": denominator,
    } | shares(numerator, denominator)  # fmt: skip


def sloped(fifths: dict[str, Terms], kind: str = "district", by: str = "imd_quintile") -> dict[str, Any]:
    """The whole area's row, once its fifths stand beside it."""
    rows = [row(kind, 600, 3000), *(row(kind, *terms, by, fifth) for fifth, terms in fifths.items())]
    return in_context(SMOKING, rows)[0]


def test_a_slope_over_three_fifths_is_the_line_that_a_hand_draws() -> None:
    # The middles of the three groups lie at 1/12, 5/12 and 5/6 of the way through their 3,000 people, on average at 1/2.
    # Weighted by people, distance times value is 1/6 x -5/12 x 40 + 1/2 x -1/12 x 20 + 1/3 x 1/3 x 10 = -2.5, distance
    # squared 60/864: the line leans by -36, around a middle of 20, and so runs from 38 down to 2.
    lean = 60 / 864
    weights = [1 / 6 * -5 / 12 / lean, 1 / 2 * -1 / 12 / lean, 1 / 3 * 1 / 3 / lean]
    errors = [(s["high"] - s["low"]) / (2 * Z) for s in (shares(*terms) for terms in MIDDLE.values())]
    error = sum((w * e) ** 2 for w, e in zip(weights, errors, strict=True)) ** 0.5
    found = sloped(MIDDLE)
    assert found["sii"] == -36.0
    assert found["rii"] == pytest.approx(2 / 38, abs=0.005)
    assert found["sii_low"] == pytest.approx(-36 - Z * error, abs=0.01)
    assert found["sii_high"] == pytest.approx(-36 + Z * error, abs=0.01)
    assert found["slope_words"] == (
        "36.0 percentage points higher for the most deprived here than for the least. "
        "Nobody counted here lives in the most deprived fifth or the least deprived fifth."
    )


def test_a_fifth_with_no_row_is_one_that_counts_nobody() -> None:
    empty = MIDDLE | {"1": (0, 0), "5": (0, 0)}
    assert {name: sloped(empty)[name] for name in (*INDICES, "slope_words")} == {
        name: sloped(MIDDLE)[name] for name in (*INDICES, "slope_words")
    }


@pytest.mark.parametrize(
    "fifths",
    [
        MIDDLE | {"5": (None, 400)},
        MIDDLE | {"1": (None, None)},
        {"1": (50, 500), "2": (100, 500)},
        {"1": (50, 500), "2": (100, 500), "3": (0, 0), "4": (0, 0), "5": (0, 0)},
        {},
    ],
    ids=["a hidden count", "hidden people", "two groups", "two with people", "not crossed"],
)
def test_there_is_no_slope_where_people_are_hidden_or_fewer_than_three_groups_have_any(
    fifths: dict[str, Terms],
) -> None:
    found = sloped(fifths)
    assert [found.get(name) for name in (*INDICES, "slope_words")] == [None] * 7


def test_nobody_counted_of_those_who_are_there_is_a_nought_and_not_an_empty_group() -> None:
    found = sloped(MIDDLE | {"5": (0, 500)})
    assert found["slope_words"].endswith("Nobody counted here lives in the most deprived fifth.")
    assert found["sii"] != sloped(MIDDLE)["sii"]


# What the release of a system and a place said before districts had slopes, from the same counts.
FIFTHS: dict[str, Terms] = {
    "1": (300, 1000),
    "2": (250, 1000),
    "3": (200, 1000),
    "4": (150, 1000),
    "5": (100, 1000),
}
WHOLE = (-25.0, -28.82, -21.18, 0.23, 0.16, 0.3)


@pytest.mark.parametrize(("kind", "here"), [("system", ""), ("place", " here")])
def test_a_system_and_a_place_with_people_in_every_fifth_keep_their_slope(kind: str, here: str) -> None:
    found = sloped(FIFTHS, kind)
    assert tuple(found[name] for name in INDICES) == pytest.approx(WHOLE, abs=0.001)
    assert found["slope_words"] == (
        f"25.0 percentage points higher for the most deprived{here} than for the least."
    )


def test_tenths_come_before_fifths_only_where_all_ten_are_shown() -> None:
    tenths = {str(n): (30 * n, 500) for n in range(1, 11)}
    rows = [
        row("system", 600, 5000),
        *(row("system", *terms, "imd_quintile", n) for n, terms in FIFTHS.items()),
    ]
    by_tenth = [row("system", *terms, "imd_decile", n) for n, terms in tenths.items()]
    assert in_context(SMOKING, [*rows, *by_tenth])[0]["sii"] > 0
    for r in rows:
        r.pop("sii", None)
    assert in_context(SMOKING, [*rows, *by_tenth[:9]])[0]["sii"] == -25.0
