"""NHS numbers: the check digit, by hand and in SQL."""

from __future__ import annotations

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from endeavour.engine.linkage.nhs_number import check_digits, is_valid, valid_sql


def slow_check_digit(nine: str) -> int:
    """As the NHS Data Dictionary tells it, a step at a time."""
    total = 0
    for digit, weight in zip(nine, range(10, 1, -1), strict=True):
        total += int(digit) * weight
    remainder = 11 - total % 11
    return 0 if remainder == 11 else remainder


@given(st.integers(100_000_000, 999_999_999))
def test_the_check_digit_is_the_dictionarys(nine: int) -> None:
    assert check_digits(np.array([nine]))[0] == slow_check_digit(str(nine))


@given(st.integers(100_000_000, 999_999_999), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(nine: int, place: int, shift: int) -> None:
    last = slow_check_digit(str(nine))
    if last == 10:
        return
    wrong = list(str(nine))
    wrong[place] = str((int(wrong[place]) + shift) % 10)
    assert not is_valid("".join(wrong) + str(last))


@pytest.mark.parametrize("number", ["9434765919", "943 476 5919", "943-476-5919"])
def test_spaces_and_dashes_are_nothing(number: str) -> None:
    assert is_valid(number)


@pytest.mark.parametrize("number", ["", "943476591", "94347659190", "943476591X", "1111111111", "٩٤٣٤٧٦٥٩١٩"])
def test_what_is_no_number(number: str) -> None:
    assert not is_valid(number)


def test_sql_says_the_same() -> None:
    numbers = [str(one) for one in range(9434765900, 9434766100)] + ["1111111111"]
    found = duckdb.sql(f"SELECT {valid_sql('n')} FROM (SELECT unnest({numbers}) AS n)").fetchall()
    assert [row[0] for row in found] == [is_valid(one) for one in numbers]
