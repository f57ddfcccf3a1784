"""What figures say of a promise, in words: told from chance, beside the start, the path and the target."""

from __future__ import annotations

from datetime import date

import pytest

from endeavour.strategy.figures import Observed
from endeavour.strategy.reading import Path, expected_on, read_measure


def month(number: int, value: float | None, low: float | None = None, high: float | None = None) -> Observed:
    year, left = divmod(number, 12)
    start = date(2024 + year, left + 1, 1)
    return Observed(start, date(start.year, start.month, 28), value, low, high, "not reported", "r1")


def test_nothing_published_and_nothing_shown_are_said() -> None:
    assert read_measure([], Path()).words == ("No figure is published yet.",)
    hidden = Observed(
        date(2023, 4, 1), date(2024, 3, 31), None, None, None, "hidden to protect a small group", "r"
    )
    assert read_measure([hidden], Path()).words == (
        "The figure for 2023/24 is hidden to protect a small group.",
    )


@pytest.mark.parametrize(
    ("polarity", "value", "words"),
    [("higher", 60.0, "better"), ("higher", 40.0, "worse"), ("lower", 60.0, "worse"), ("lower", 40.0, "better"),
     ("neither", 60.0, "above")],
)  # fmt: skip
def test_better_and_worse_follow_the_measure(polarity: str, value: float, words: str) -> None:
    found = read_measure([month(0, value)], Path(polarity, baseline=50.0))
    assert f"It is {words}" in found.words[1]
    assert "where it started (50.0)" in found.words[1]


def test_a_figure_that_cannot_be_told_apart_is_not_called_better() -> None:
    found = read_measure([month(0, 52.0, 45.0, 58.0)], Path("higher", baseline=50.0, target=57.0))
    assert found.words[1:] == (
        "It cannot be told apart from where it started (50.0).",
        "It cannot be told apart from the target (57.0).",
    )


def test_the_path_is_followed_between_its_steps_and_nowhere_else() -> None:
    steps = ((date(2024, 1, 1), 10.0), (date(2024, 12, 31), 20.0))
    assert expected_on(steps, date(2023, 12, 31)) is None
    assert expected_on(steps, date(2025, 1, 1)) is None
    assert expected_on(steps, date(2024, 7, 1)) == pytest.approx(15, abs=0.1)
    found = read_measure([month(5, 12.0)], Path("higher", steps=steps))
    assert any("worse than the path set for it" in words for words in found.words)


def test_few_points_are_not_called_a_change_and_many_are_judged_by_the_chart() -> None:
    assert "too few" in read_measure([month(n, 10.0) for n in range(14)], Path()).words[0]
    steady = [month(n, 10.0 + n % 2) for n in range(15)]
    assert (
        read_measure(steady, Path("higher")).words[0]
        == "The latest figure is within its usual ups and downs."
    )
    jumped = [*steady, month(15, 30.0)]
    assert "for the better, more than chance" in read_measure(jumped, Path("higher")).words[0]
    assert "for the worse, more than chance" in read_measure(jumped, Path("lower")).words[0]
    assert "This is a change, more than chance" in read_measure(jumped, Path("neither")).words[0]
