"""The judgement of a model: ranking by brute force, and groups that it passes over found out."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from endeavour.engine.cohort.judging import (
    area_under_curve,
    calibration,
    found_by_threshold,
    label_audit,
    performance,
)

PEOPLE = 40_000


@pytest.fixture(scope="module")
def world() -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """True chances that a model halves for group b, and outcomes drawn from the truth."""
    rng = np.random.default_rng(8)
    true = rng.beta(1, 9, PEOPLE)
    group = np.where(rng.random(PEOPLE) < 0.2, "b", "a").astype(object)
    told = np.where(group == "b", true / 2, true)
    return told, rng.random(PEOPLE) < true, {"ethnicity": group}


def test_ranking_is_the_share_of_pairs_in_the_right_order() -> None:
    rng = np.random.default_rng(1)
    chance, happened = rng.integers(0, 5, 30) / 5.0, rng.random(30) < 0.4
    pairs = [
        1.0 if yes > no else 0.5 if yes == no else 0.0
        for yes, no in itertools.product(chance[happened], chance[~happened])
    ]
    assert area_under_curve(chance, happened) == pytest.approx(np.mean(pairs))


def test_a_model_that_is_too_sure_has_a_slope_under_one() -> None:
    rng = np.random.default_rng(2)
    odds = rng.normal(-2, 1, PEOPLE)
    happened = rng.random(PEOPLE) < 1 / (1 + np.exp(-odds))
    right, sure = 1 / (1 + np.exp(-odds)), 1 / (1 + np.exp(-(2 * odds + 2)))
    assert performance(right, happened)["calibration_slope"] == pytest.approx(1, abs=0.05)
    assert performance(sure, happened)["calibration_slope"] == pytest.approx(0.5, abs=0.03)
    assert performance(right, happened)["log_loss"] < performance(sure, happened)["log_loss"]


def test_a_group_passed_over_stands_out_in_the_calibration(world: tuple) -> None:
    told, happened, groups = world
    rows = {(r["kind"], r["group"]): r for r in calibration(told, happened, groups, population="r")}
    a, b = rows["ethnicity", "a"], rows["ethnicity", "b"]
    assert a["ratio"] == pytest.approx(1, abs=0.05)
    assert b["ratio"] == pytest.approx(2, abs=0.15)
    assert b["low"] > b["expected"], "the interval rules chance out"
    assert [k for k in rows if k[0] == "tenth"][1:] == [
        ("tenth", f"tenth {i:02d} of 10") for i in range(1, 11)
    ]
    for row in rows.values():
        assert row["people"] is None or row["people"] % 5 == 0


def test_one_threshold_finds_more_where_chances_are_higher() -> None:
    rng = np.random.default_rng(4)
    number = rng.integers(1, 11, PEOPLE)
    true = rng.beta(1, 6 + number, PEOPLE)
    happened = rng.random(PEOPLE) < true
    decile = np.array([f"decile {n}" for n in number], dtype=object)
    found = found_by_threshold(true, happened, decile, share=0.05, population="r")
    rows = {row["group"]: row for row in found["rows"]}
    assert list(rows) == ["all", *(f"decile {n}" for n in range(1, 11))]
    assert rows["decile 1"]["found_percent"] > 1.5 * rows["decile 10"]["found_percent"]
    by_hand = ((true >= found["threshold"]) & happened & (number == 1)).sum() / (
        happened & (number == 1)
    ).sum()
    assert rows["decile 1"]["found_percent"] == pytest.approx(100 * by_hand, abs=2)


def test_the_label_audit_counts_whom_each_label_would_choose(world: tuple) -> None:
    told, happened, groups = world
    true = np.where(groups["ethnicity"] == "b", told * 2, told)
    rows = label_audit(
        true, told, happened, groups | {"deprivation": groups["ethnicity"]}, share=0.1, population="r"
    )
    share = {
        r["label"]: r["percent_of_chosen"] for r in rows if r["kind"] == "ethnicity" and r["group"] == "b"
    }
    assert share["need"] == pytest.approx(20, abs=1.5)
    assert share["cost"] < 6
