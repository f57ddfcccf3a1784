"""What no likeness may overrule: examples of two birth dates that a strong pair brings together."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from endeavour.engine.linkage.guard import FIRST_DAY
from endeavour.engine.linkage.resolve import OUTCOMES, Question, join

PARENT = date(1976, 6, 20)


def together(*born: date | None, number: tuple[int, ...] = ()) -> list[str]:
    """What becomes of the pairs of each record with the one after it, strongest first."""
    count = len(born)
    days = [-1 if day is None else (day - FIRST_DAY).days for day in born]
    found = join(
        Question(
            left=np.arange(count - 1), right=np.arange(1, count), forced=np.zeros(count - 1, bool),
            number=np.array(number or [-1] * count), birth=np.array(days), person=np.zeros(count, np.int64), apart=[],
        )
    )  # fmt: skip
    return [OUTCOMES[one] for one in found.outcome]


@pytest.mark.parametrize(
    "other",
    [date(1976, 6, 2), date(1976, 8, 20), date(1967, 6, 20), date(1976, 1, 1)],
    ids=["another day", "another month", "another year", "only the year known"],
)
def test_a_slip_in_a_birth_date_keeps_nobody_apart(other: date) -> None:
    assert together(PARENT, other) == ["joined"]


def test_day_and_month_may_be_swapped() -> None:
    assert together(date(1976, 6, 2), date(1976, 2, 6)) == ["joined"]


def test_a_child_who_bears_a_parents_name_at_home_is_another_person() -> None:
    assert together(PARENT, date(2009, 7, 6))[0].startswith("kept apart: too many birth dates")


def test_a_record_without_a_birth_date_is_no_bridge_between_two_that_are_unlike() -> None:
    joined, kept = together(PARENT, None, date(2009, 7, 6))
    assert joined == "joined"
    assert kept.startswith("kept apart: too many birth dates")


def test_an_equal_nhs_number_answers_for_birth_dates_that_are_unlike() -> None:
    assert together(PARENT, date(2009, 7, 6), number=(3, 3)) == ["joined"]
    assert together(PARENT, date(2009, 7, 6), number=(3, -1)) != ["joined"]
