"""Whatever leads to one person is refused however it is written; the ways to promise survive being typed again."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from endeavour.paths import pack_dir
from endeavour.strategy.campaigns import points_to_a_person, read_ways
from endeavour.strategy.pack_files_shared import read_campaigns

LETTER = st.sampled_from("ABCDEFGHJKLMNPRSTUVWXYZ")
POSTCODES = st.builds(
    lambda area, district, gap, sector, unit: f"{area}{district}{gap}{sector}{unit}",
    st.text(LETTER, min_size=1, max_size=2), st.integers(1, 99), st.sampled_from(["", " "]), st.integers(0, 9),
    st.text(LETTER, min_size=2, max_size=2),
)  # fmt: skip
NUMBERS = st.builds(
    lambda digits, gaps: "".join(digit + gap for digit, gap in zip(digits, gaps, strict=False)).rstrip(),
    st.text("0123456789", min_size=9, max_size=13),
    st.lists(st.sampled_from(["", "", " ", "-", ". "]), min_size=13, max_size=13),
)
ADDRESSES = st.emails()
PLAIN = st.text("abcdefghijklmnopqrstuvwxyz ,.'", max_size=80)


@given(before=PLAIN, secret=st.one_of(POSTCODES, NUMBERS, ADDRESSES), after=PLAIN)
def test_what_leads_to_one_person_is_found_wherever_it_stands(before: str, secret: str, after: str) -> None:
    assert points_to_a_person(f"{before} {secret} {after}")


@given(PLAIN)
def test_words_without_figures_or_signs_are_left_alone(words: str) -> None:
    assert not points_to_a_person(words)


@given(st.data())
def test_ways_typed_again_keep_their_keys(data: st.DataObject) -> None:
    known = [way.model_dump() for way in read_campaigns(pack_dir("mse"))[0].ways]
    kept = data.draw(st.lists(st.sampled_from(known), unique_by=lambda way: way["key"]))
    added = data.draw(st.from_regex(re.compile(r"[A-Z][a-z]{3,20} [a-z]{3,20}\Z"), fullmatch=True))
    typed = "\n\n".join([f"{way['side'].upper()} :  {way['words']}" for way in kept] + [f"services: {added}"])
    read = read_ways(typed, known)
    assert read[:-1] == kept
    assert read[-1]["words"] == added
