"""The strategy's own Appendix Two, run through the register: what it must find, and that our reading of it is right."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from builders.strategy_text import sections_of_the_strategy
from endeavour.governance import queries
from endeavour.governance.definitions import offered_evidence, statutory_register

TODAY = date(2026, 11, 22)
# The findings that the requirements ask for, by the number of the row: the duty, its state, and words that say why.
MUST_FIND = [
    ("A2.1", "meet-needs", "unproven", "No need is tied to a commitment"),
    ("A2.2", "consider-section-75", "unproven", "Partly shown."),
    ("A2.3", "health-related-services", "not_used", "The cross-reference fails: section 7 never says ‘health-related’"),
    ("A2.4", "mandate", "unproven", "The cross-reference fails: section 1.8 never says ‘mandate’"),
    ("A2.5", "involve", "met", "Shown on 1 November 2022"),
    ("A2.6", "publish-and-copy", "unproven", "cannot prove what it says of itself"),
    ("A2.7", "revise-strategy", "not_triggered", ""),
    ("A2.8", "guidance-watch", "unproven", "Nothing recorded"),
    ("A2.9", "guidance-strategies", "unproven", "came before 1 February 2024"),
    ("A2.10", "contents", "unproven", "health protection; research and innovation"),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("row", "duty", "state", "words"), MUST_FIND)
def test_the_strategys_own_register_finds(row: str, duty: str, state: str, words: str) -> None:
    found = {r.duty.key: r for r in queries.register(TODAY)}[duty]
    assert found.duty.seed == row
    assert (found.finding.state, words in found.finding.words) == (state, True), found.finding.words
    if row not in {"A2.7", "A2.8"}:
        assert found.evidence_words


@pytest.mark.django_db
def test_the_guidance_was_not_stale_before_it_was_replaced_and_the_law_is_softer_than_the_promise() -> None:
    rows = {r.duty.key: r for r in queries.register(date(2024, 1, 31))}
    assert "stricter" in rows["revise-strategy"].duty.note
    assert {key for key, row in rows.items() if row.finding.state == "not_in_force"} == set()
    before = {r.duty.key: r.finding.state for r in queries.register(date(2022, 6, 30))}
    assert {key for key, state in before.items() if state != "not_in_force"} == {"equality-duty"}


def test_every_row_of_the_appendix_stands_in_the_register() -> None:
    seeds = {duty.seed for duty in statutory_register("mse").duties}
    assert {f"A2.{n}" for n in range(1, 11)} <= seeds
    known = {duty.key for duty in statutory_register("mse").duties}
    assert {offer.duty for offer in offered_evidence("mse")} <= known


def test_what_we_say_of_its_cross_references_is_true_of_its_words(shared: Path) -> None:
    said = sections_of_the_strategy(shared)
    assert "the first 5,000 households" in said["4.5"]
    checked = [offer for offer in offered_evidence("mse") if offer.points_to]
    assert len(checked) >= 3
    for offer in checked:
        assert (offer.looks_for in said[offer.points_to]) == offer.holds, offer


def test_the_matters_called_thin_are_hardly_spoken_of(shared: Path) -> None:
    text = (shared / "mission" / "integrated-care-strategy-2022.txt").read_text(encoding="utf-8").lower()
    body = text[: text.rindex("# appendix two")]
    thin = {content.topic for content in statutory_register("mse").contents if content.thin}
    assert thin == {"Health protection", "Research and innovation", "Health-related services"}
    assert [body.count(words) for words in ("health protection", "research", "health-related")] == [1, 3, 1]
