"""What came of it: the method finds what is planted at its stated rate, and nothing where nothing was done."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from builders.lake import small_lake
from endeavour.engine.cohort.follow_up import at_the_line, current_follow_up, follow_up
from endeavour.engine.cohort.model_data import years_of
from endeavour.engine.cohort.release import build_release
from endeavour.engine.cohort.rule import Rule, open_rule
from endeavour.engine.lake.backends import open_backend
from endeavour.engine.lake.store import Lake
from endeavour.errors import BadInput, Conflict, Missing

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Four years: three to choose by, and the one after."""
    return small_lake(tmp_path_factory.mktemp("four"), residents=20_000, years=4)


def rule(compared: int = 100) -> Rule:
    small = open_rule().for_size(100)
    return small.model_copy(update={"comparison": small.comparison.model_copy(update={"size": compared})})


def choose(lake: Lake, chosen_by: Rule) -> None:
    with open_backend(lake.sources(), engine="duckdb", threads=1) as backend:
        build_release(chosen_by, backend, lake_id=lake.id, with_sensitivity=False, say=lambda _: None)


def followed(lake: Lake, **more: Any) -> dict[str, Any]:
    with open_backend(lake.sources(), engine="duckdb", threads=1) as backend:
        return follow_up(backend, lake_id=more.pop("lake_id", lake.id), **more)


def test_the_interval_holds_a_planted_effect_in_95_of_100_years(lake: Lake, var: Path) -> None:
    with pytest.raises(Missing, match="Nothing has been followed up"):
        current_follow_up()
    choose(lake, rule())
    for share in (0.0, 0.4):
        summary = followed(lake, planted=share, runs=200)
        drawn = summary["planted"]
        assert drawn["runs"] == 200
        assert 181 <= drawn["covered"] <= 198, drawn  # 95%, within what chance allows 999 times in 1,000
        assert (drawn["truth"] < 0) == (share > 0)
    assert current_follow_up() == json.loads(json.dumps(summary))
    assert summary["offered"] == summary["compared"] == 100
    assert "household" in summary["effect"]["words"]


def test_the_year_that_is_followed_is_never_learnt_from(lake: Lake) -> None:
    with open_backend(lake.sources(), engine="duckdb", threads=1) as backend:
        assert years_of(backend) == [2021, 2022, 2023]


def test_nobody_was_helped_in_the_lake_so_no_effect_is_found(lake: Lake, var: Path) -> None:
    choose(lake, rule())
    summary = followed(lake)
    assert summary["planted"] is None
    effect = summary["effect"]
    # One lake in twenty would lie outside its 95% interval by chance, so three standard errors, not two, are judged.
    assert abs(effect["estimate"]) < 3 * (effect["high"] - effect["low"]) / (2 * 1.96)
    assert followed(lake)["release"] == summary["release"]


def test_what_cannot_be_followed_is_said(lake: Lake, var: Path) -> None:
    with pytest.raises(Missing, match="have not been chosen"):
        followed(lake)
    choose(lake, rule())
    with pytest.raises(Missing, match="nothing of the year from April 2031") as refused:
        followed(lake, year=2031)
    assert "--planted" in str(refused.value.hint)
    with pytest.raises(Conflict, match="another lake"):
        followed(lake, lake_id="other")
    with pytest.raises(BadInput, match="not a share"):
        followed(lake, planted=1.5)
    with pytest.raises(Conflict, match="before distances"):
        at_the_line(pa.table({"household_id": [1], "role": ["chosen"]}))
    choose(lake, rule(compared=6))
    with pytest.raises(Conflict, match="6 households are too few"):
        followed(lake)
