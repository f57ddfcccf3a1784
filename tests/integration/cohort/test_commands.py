"""The four commands: data on standard output only, aggregates only, and help that teaches."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import rich.progress  # noqa: F401  (its import draws a number from the global generator; ours may not)
from typer.testing import CliRunner

from builders.lake import the_small_lake
from endeavour.cli.cohort import app

pytestmark = pytest.mark.slow
RUN = CliRunner()


@pytest.fixture
def lake_in_place(var: Path) -> None:
    (var / "lake").symlink_to(the_small_lake().folder.parents[1])


@pytest.mark.usefixtures("lake_in_place")
def test_the_whole_story_in_four_commands() -> None:
    found = {}
    for command in (
        ["segments"],
        ["model"],
        ["first-5000", "--size", "60", "--no-sensitivity"],
        ["follow-up", "--planted", "0.3", "--runs", "2"],
    ):
        answer = RUN.invoke(app, [*command, "--json"])
        assert answer.exit_code == 0, answer.output
        found[command[0]] = json.loads(answer.stdout)
        assert "household_id" not in answer.stdout
        assert "person_id" not in answer.stdout
        plain = RUN.invoke(app, command)
        assert plain.exit_code == 0, plain.output
        assert "ynthetic residents" in plain.stdout
    assert len(found["segments"]["segments"]) == 8
    assert found["model"]["model"] == "logistic"
    chosen = found["first-5000"]
    assert chosen["size"] == 60
    assert chosen["gap"] <= 1e-4
    assert {"constraints", "fairness", "areas", "weights"} <= set(chosen)
    assert all(row["price_words"] for row in chosen["constraints"])
    assert all("need_at_threshold" in row for row in chosen["fairness"])
    assert found["follow-up"]["cohort"] == chosen["release"]


@pytest.mark.usefixtures("lake_in_place")
def test_a_rule_nobody_can_keep_is_refused_with_the_conflict_as_data() -> None:
    answer = RUN.invoke(app, ["first-5000", "--size", "4000", "--json"])
    assert answer.exit_code == 75
    told = json.loads(answer.stdout)
    assert told["conflicting"]
    assert told["nearest"]
    assert all(" rather than " in change for change in told["nearest"])


@pytest.mark.parametrize("command", ["segments", "model", "first-5000", "follow-up"])
def test_help_shows_an_example(command: str) -> None:
    text = RUN.invoke(app, [command, "--help"]).stdout
    assert f"endeavour cohort {command}" in " ".join(text.split())
    assert "--json" in text
