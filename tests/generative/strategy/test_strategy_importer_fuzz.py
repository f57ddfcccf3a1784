"""Whatever the file holds, the reader gives a result or one clear refusal, and what it reads it can read again."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from endeavour.errors import BadInput
from endeavour.strategy.importer import parse
from endeavour.strategy.importer.extract import text_lines

FRAGMENTS = st.sampled_from(
    ["W1", "I1", "W2\t", "(W1 - 09/23)", "(I1 - 03/24 and ongoing)", "We will ", "I will ", "<b>", "</b>", "**", "# 1. A",
     "## 2.3. B\n", "\n", "\t", "(W99 - 99/99)", "(W1 - 09/0022)", "December 0022", "2022-2033", "&lt;", "|", "\r\n", "1. Context\t1\n"]
)  # fmt: skip
WORDS = st.lists(
    st.sampled_from(["care", "people", "help", "town", "early", "and", "river", "plan"]),
    min_size=3,
    max_size=12,
)


def assert_one_line(refusal: str) -> None:
    assert refusal.startswith("any.txt")
    assert "\n" not in refusal


@given(
    st.one_of(
        st.binary(max_size=400), st.lists(FRAGMENTS, max_size=40).map(lambda parts: "".join(parts).encode())
    )
)
@settings(max_examples=400, deadline=None)
def test_any_bytes_give_a_result_or_one_refusal(content: bytes) -> None:
    try:
        found = parse(text_lines(content, name="any.txt"), name="any.txt")
    except BadInput as error:
        refusal = error.message
        assert_one_line(refusal)
    else:
        assert found.statements
        assert len({s.id for s in found.statements}) == len(found.statements)


@given(
    st.dictionaries(
        st.integers(1, 60),
        st.tuples(WORDS, st.integers(1, 12), st.integers(20, 35), st.sampled_from([0, 1, 2])),
        min_size=1,
    ),
    st.sampled_from(["\t", " ", "\n"]),
)
@settings(max_examples=150, deadline=None)
def test_what_is_written_is_read_back_word_for_word(
    rows: dict[int, tuple[list[str], int, int, int]], gap: str
) -> None:
    endings = ["", " and ongoing", " and annually"]
    text = "# 1. Context\n" + "".join(
        f"W{n}{gap}We will {' '.join(words)}. (W{n} - {month:02}/{year}{endings[again]})\n"
        for n, (words, month, year, again) in sorted(rows.items())
    )
    found = parse(text_lines(text.encode(), name="w.txt"), name="w.txt")
    assert [s.id for s in found.statements] == [f"W{n}" for n in sorted(rows)]
    for statement in found.statements:
        words, month, year, again = rows[int(statement.id[1:])]
        assert statement.text == f"We will {' '.join(words)}."
        assert statement.due_month == f"20{year}-{month:02}"
        assert statement.recurrence == ("none", "ongoing", "annual")[again]
    assert set(found.gaps) == {f"W{n}" for n in range(1, max(rows))} - {f"W{n}" for n in rows}
