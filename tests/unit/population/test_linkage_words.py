"""What linkage gets wrong, in words for the page of the First 5,000."""

from __future__ import annotations

from endeavour.population.presenters_cohort import linkage_words

MISSED = {
    "kind": "ethnicity",
    "group": "black",
    "people": 12160,
    "apart": 100,
    "percent_apart": 0.82,
    "reason": "shown",
}
TOLD = {"people": 1143520, "households": 488795, "usable": 485635, "missed": [MISSED],
        "choice": {"same_percent": 97.5, "passed_over_for_doubts": 20, "passed_over_otherwise": 105}}  # fmt: skip


def test_a_choice_among_the_lakes_own_households_has_none() -> None:
    assert linkage_words({}) is None


def test_the_words_say_how_many_and_how_far_the_choice_agrees() -> None:
    told = linkage_words({"linkage": TOLD})
    assert told is not None
    assert "1,143,520 people were found in 488,795 households" in told.counted
    assert told.same.startswith("97.5% of the households chosen would also be chosen")
    kind, rows = told.missed[0]
    assert (kind, [row["name"] for row in rows]) == ("ethnicity", ["Black"])


def test_real_extracts_have_no_truth_and_hidden_figures_are_not_guessed() -> None:
    told = linkage_words({"linkage": TOLD | {"missed": [], "choice": None, "usable": None}})
    assert told is not None
    assert told.same == ""
    assert told.missed == ()
    assert "few of these are fit to choose from" in told.counted
