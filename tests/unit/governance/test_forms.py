"""A form reads the answers back as a person would read them."""

from __future__ import annotations

import pytest

from endeavour.governance.forms import Field


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        (Field("a", "A", value=" falls "), "falls"),
        (Field("a", "A"), "Nothing written"),
        (Field("a", "A", "choice", options=(("x", "x-ray"), ("", "none of them"))), "None of them"),
        (Field("a", "A", "choice", options=(("x", "x-ray"),), value="x"), "X-ray"),
        (Field("a", "A", "choice", value=""), "Nothing chosen"),
        (Field("a", "A", "date", value="2027-01-02"), "2 January 2027"),
        (Field("a", "A", "date"), "Nothing written"),
    ],
)
def test_an_answer_is_read_back_in_words(field: Field, shown: str) -> None:
    assert field.shown == shown
