"""From a small lake to a frozen cohort: the same every time, nobody who opted out, aggregates only."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from builders.lake import the_small_lake
from endeavour.engine.cohort.first_5000 import Cohort, select, sensitivity
from endeavour.engine.cohort.release import build_release, cohort_dir, current_summary
from endeavour.engine.cohort.rule import Rule, open_rule
from endeavour.engine.lake.backends import open_backend
from endeavour.errors import Corrupt, Missing

SIZE = 40


@pytest.fixture(scope="module")
def rule() -> Rule:
    return open_rule().for_size(SIZE)


@pytest.fixture(scope="module")
def cohort(rule: Rule) -> Cohort:
    with open_backend(the_small_lake().sources(), engine="duckdb", threads=1) as backend:
        return select(rule, backend)


def release(rule: Rule) -> dict[str, Any]:
    lake = the_small_lake()
    with open_backend(lake.sources(), engine="duckdb", threads=1) as backend:
        return build_release(rule, backend, lake_id=lake.id, with_sensitivity=False, say=lambda _: None)


def test_nobody_who_opted_out_or_lives_in_an_establishment_is_chosen_or_compared(cohort: Cohort) -> None:
    touched = cohort.chosen | cohort.comparison
    for flag in ("opt_out_national", "opt_out_type_1", "is_communal"):
        assert cohort.columns[flag].any()
        assert not cohort.columns[flag][touched].any()


def test_the_size_gap_and_groups_are_as_the_rule_says(cohort: Cohort, rule: Rule) -> None:
    assert cohort.chosen.sum() == SIZE
    assert cohort.choice.gap <= 1e-4
    assert not (cohort.chosen & cohort.comparison).any()
    for floor in rule.floors:
        assert cohort.columns[f"in_{floor.group}"][cohort.chosen].sum() >= floor.least


def test_need_is_the_points_of_the_rule_worked_by_hand(cohort: Cohort, rule: Rule) -> None:
    columns = cohort.columns
    points = (
        3.0 * (columns["domestic_incidents"] >= 1)
        + (columns["victim_contacts"] >= 1)
        + (columns["missing_reports"] >= 1)
    )
    expected = np.minimum(points, rule.need["crime"].most) / rule.need["crime"].most
    np.testing.assert_allclose(columns["need_crime"].astype(float), expected, atol=1e-9)
    assert expected.any()


def test_the_draw_only_changes_ties(cohort: Cohort) -> None:
    drawn = cohort.value[cohort.chosen].sum()
    assert drawn == pytest.approx(cohort.choice.value)


def test_moving_a_weight_changes_some_and_not_all(cohort: Cohort) -> None:
    rows = sensitivity(cohort)
    assert len(rows) == 7
    assert all(0 <= row["percent_changed_more"] <= 60 for row in rows)  # type: ignore[operator]


def test_a_release_is_named_by_its_contents_and_holds_aggregates_only(rule: Rule, var: Path) -> None:
    first, again = release(rule), release(rule)
    assert first["release"] == again["release"]
    folder = cohort_dir() / str(first["release"])
    before = (folder / "summary.json").read_bytes()
    assert current_summary()["release"] == first["release"]
    release(rule)
    assert (folder / "summary.json").read_bytes() == before
    assert sorted(path.name for path in cohort_dir().iterdir()) == sorted([first["release"], "current"])
    households = pq.read_table(folder / "households.parquet")
    assert (folder / "households.parquet").stat().st_mode & 0o077 == 0
    assert set(households["role"].to_pylist()) == {"chosen", "comparison"}
    assert all(reasons for reasons in households["reasons"].to_pylist())
    text = json.dumps(first)
    assert "household_id" not in text
    for row in [*first["fairness"], *first["areas"]]:
        for name in ("chosen", "in_need", "numerator", "denominator"):
            assert row.get(name) is None or row[name] % 5 == 0, row


def test_another_version_of_the_rule_is_another_release_and_the_old_stays(rule: Rule, var: Path) -> None:
    old = release(rule)
    new = release(rule.model_copy(update={"version": "1.0.1"}))
    assert new["release"] != old["release"]
    assert (cohort_dir() / str(old["release"]) / "summary.json").is_file()
    assert current_summary()["release"] == new["release"]


def test_changed_households_are_noticed(rule: Rule, var: Path) -> None:
    with pytest.raises(Missing, match="have not been chosen"):
        current_summary()
    folder = cohort_dir() / str(release(rule)["release"])
    path = folder / "households.parquet"
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(Corrupt, match="not those that were frozen"):
        current_summary()
