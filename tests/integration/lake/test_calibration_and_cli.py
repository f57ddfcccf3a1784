"""The comparison with the sources, and the commands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import rich.progress  # noqa: F401  (its import draws a number from the global generator; ours may not)
from typer.testing import CliRunner

from builders.lake import the_small_lake
from endeavour.cli.lake import app
from endeavour.engine.synthetic.calibration import COLUMNS, calibration_report, summary
from endeavour.errors import Missing

pytestmark = pytest.mark.slow


def test_every_margin_of_the_small_lake_is_within_its_allowance() -> None:
    report = calibration_report(the_small_lake())
    assert tuple(report.column_names) == COLUMNS
    wrong = [
        row for row in report.to_pylist() if not row["within"] and row["margin"] != "communal establishments"
    ]
    assert wrong == []


def test_the_summary_counts_every_figure_and_finds_the_largest_difference() -> None:
    report = calibration_report(the_small_lake())
    lines = summary(report)
    assert sum(line["figures"] for line in lines) == report.num_rows
    age = next(line for line in lines if (line["margin"], line["level"]) == ("age", "lsoa21"))
    assert age["figures"] == 720 * 18
    differences = [
        abs(r["difference"]) for r in report.to_pylist() if (r["margin"], r["level"]) == ("age", "lsoa21")
    ]
    assert abs(age["largest_difference"]) == max(differences)


def test_every_kind_of_margin_is_compared() -> None:
    margins = {line["margin"] for line in summary(calibration_report(the_small_lake()))}
    assert margins >= {
        "residents", "age", "ethnicity", "disability", "households", "tenure", "occupancy", "deprivation dimensions",
        "accommodation", "women", "household composition", "smoking", "registers", "life expectancy at birth",
        "practice lists", "groups", "communal establishments", "contacts", "tables' disagreement",
    }  # fmt: skip


def test_commands_print_data_on_standard_output_only(var: Path) -> None:
    run = CliRunner()
    built = run.invoke(app, ["build", "--residents", "2000", "--json"])
    assert built.exit_code == 0, built.output
    facts = json.loads(built.stdout)
    assert facts["rows"]["person"] == 2000
    assert facts["synthetic"] is True
    again = json.loads(run.invoke(app, ["info", "--verify", "--json"]).stdout)
    assert again["id"] == facts["id"]
    assert again["verified"] is True
    lines = json.loads(run.invoke(app, ["calibration", "--json"]).stdout)
    assert {"margin", "figures", "within"} <= lines[0].keys()
    every = run.invoke(app, ["calibration", "--all"]).stdout.splitlines()
    assert len(every) == sum(line["figures"] for line in lines)
    shown = run.invoke(app, ["calibration"])
    assert shown.stdout == ""


def test_commands_without_a_lake_say_what_to_run(var: Path) -> None:
    for command in (["info"], ["calibration"]):
        result = CliRunner().invoke(app, command)
        assert isinstance(result.exception, Missing)
        assert "endeavour lake build" in result.exception.hint
