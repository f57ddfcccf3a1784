"""Reading answers: sound ones become data, wrong ones are named at their own question."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endeavour.strategy.forms import Form, Question, day_typed

FORM = Form(
    "A form", "Go",
    (
        Question("words", "Words", "area", need="Say something."),
        Question("when", "When?", "day", need="Give the day."),
        Question("much", "How much?", "number"),
        Question("pick", "Which?", "choice", options=(("a", "An apple"), ("b", "A bun"))),
        Question("many", "Which ones?", "several", options=(("a", "An apple"), ("b", "A bun"))),
        Question("sure", "Sure?", "yes"),
        Question("where", "Where?", "url"),
    ),
)  # fmt: skip
SOUND = {"words": " Yes. ", **day_typed("when", date(2026, 2, 3)), "much": "£1,200.50", "pick": "b", "many": "a,b",
         "sure": "yes", "where": "https://example.org"}  # fmt: skip


def test_sound_answers_become_data() -> None:
    form, given = FORM.filled(SOUND).read()
    assert form.errors == []
    assert given == {
        "words": "Yes.", "when": date(2026, 2, 3), "much": Decimal("1200.50"), "pick": "b", "many": ["a", "b"],
        "sure": True, "where": "https://example.org",
    }  # fmt: skip
    assert [q.shown() for q in form.questions[1:6]] == [
        "3 February 2026", "£1,200.50", "A bun", "An apple, A bun", "Yes",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "name", "words"),
    [
        ({"words": " "}, "words", "Say something."),
        ({"words": "x" * 20_001}, "words", "at most 20,000"),
        ({"when-day": ""}, "when", "the day, the month and the year"),
        ({"when-year": "22"}, "when", "four digits"),
        ({"when-year": "0022"}, "when", "between 2000 and 2100"),
        ({"when-month": "13"}, "when", "is not a day"),
        ({"much": "lots"}, "much", "not a number"),
        ({"much": "nan"}, "much", "not a number"),
        ({"pick": "c"}, "pick", "not one of the choices"),
        ({"many": "a,c"}, "many", "not one of the choices"),
        ({"where": "javascript:alert(1)"}, "where", "https://"),
    ],
)
def test_a_wrong_answer_is_named_at_its_question(wrong: dict[str, str], name: str, words: str) -> None:
    form, given = FORM.filled({**SOUND, **wrong}).read()
    [error] = form.errors
    assert words in error["text"]
    assert error["href"].startswith(f"#{name}")
    assert name not in given


@given(st.dictionaries(st.sampled_from(FORM.names), st.text(max_size=30)))
def test_whatever_is_typed_is_kept_and_nothing_breaks(typed: dict[str, str]) -> None:
    form, _ = FORM.filled(typed).read()
    assert {k: v for k, v in form.typed.items() if v} == {k: v for k, v in typed.items() if v}
