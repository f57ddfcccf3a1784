"""`endeavour stats`: formats, files, notes and errors."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from endeavour.cli._stats_methods import METHODS
from endeavour.cli.stats import app
from endeavour.errors import BadInput, NotFound, UserError

RATES = ["--numerator", "deaths", "--denominator", "people", "--group-by", "area"]


@pytest.fixture
def deaths(tmp_path: Path) -> Path:
    file = tmp_path / "deaths.csv"
    file.write_text('area,deaths,people\n"North, upper",20,1000\nSouth,0,500\nEast,,800\n')
    return file


def run(*arguments: object) -> str:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def fails(*arguments: object) -> UserError:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert isinstance(result.exception, UserError)
    return result.exception


def test_json_is_a_list_of_rows_and_nothing_else(deaths):
    rows = json.loads(run("rate", deaths, *RATES, "--multiplier", 1000, "--json"))
    assert [row["area"] for row in rows] == ["North, upper", "South", "East"]
    assert rows[0]["value"] == 20
    assert rows[1]["lower_0.95"] == 0
    assert rows[2] == {
        "area": "East", "value": None, "lower_0.95": None, "upper_0.95": None, "reason": "missing-input",
    }  # fmt: skip


def test_csv_quotes_only_when_it_must(deaths):
    assert run("rate", deaths, *RATES).splitlines()[1].startswith('"North, upper",2000')
    deaths.write_text(deaths.read_text().replace('"North, upper"', "North"))
    assert run("rate", deaths, *RATES).splitlines()[1].startswith("North,2000")


def test_several_levels_and_none(deaths):
    header = run("rate", deaths, *RATES, "--confidence", "0.95", "--confidence", "0.998").splitlines()[0]
    assert header == "area,value,lower_0.95,upper_0.95,lower_0.998,upper_0.998,reason"
    assert run("rate", deaths, *RATES, "--no-intervals").splitlines()[0] == "area,value,reason"


def test_parquet_is_read_too(tmp_path):
    file = tmp_path / "deaths.parquet"
    pq.write_table(pa.table({"area": ["A"], "deaths": [20], "people": [1000]}), file)
    assert json.loads(run("rate", file, *RATES, "--json"))[0]["value"] == 2000


def test_an_option_the_method_does_not_use_is_noted_not_obeyed(deaths):
    result = CliRunner().invoke(app, ["rate", str(deaths), *RATES, "--age", "people"], catch_exceptions=False)
    assert "rate does not use --age" in result.stderr


def test_errors_name_the_file_and_its_line(deaths):
    deaths.write_text("area,deaths,people\nA,1,10\nB,-1,10\n")
    error = fails("rate", deaths, *RATES)
    assert isinstance(error, BadInput)
    assert f"{deaths}: 'deaths' is negative (line 3)" in str(error)
    deaths.write_text("area,deaths,people\nA,1,10\n,2,10\n")
    assert "is empty (line 3)" in str(fails("rate", deaths, *RATES))
    deaths.write_text("area,deaths,people\nA,x,10\n")
    assert "'x' in column 'deaths' is not a number (line 2)" in str(fails("rate", deaths, *RATES))


def test_errors_say_what_is_wanted(deaths, tmp_path):
    assert isinstance(fails("rate", tmp_path / "none.csv", *RATES), NotFound)
    assert "Methods: proportion, rate" in str(fails("frog", deaths))
    assert "needs --denominator" in str(fails("rate", deaths, "--numerator", "deaths"))
    assert (
        "the columns are" in str(fails("rate", deaths, "--numerator", "x", "--denominator", "people")).lower()
    )
    assert "Write 95% as 0.95" in str(fails("rate", deaths, *RATES, "--confidence", 95))
    assert "cannot both" in str(fails("rate", deaths, *RATES, "--json", "--csv"))
    twice = tmp_path / "twice.csv"
    twice.write_text("a,a\n1,2\n")
    assert "comes twice" in str(fails("rate", twice, *RATES))


def test_help_teaches_every_method():
    assert app.info.help is not None
    assert "Example" in app.info.help
    for name in METHODS:
        assert f"[bold]{name}[/bold]" in app.info.help


def test_the_whole_command_ends_in_one_line_and_a_status(deaths):
    command = [sys.executable, "-m", "endeavour", "stats", "frog", str(deaths)]
    from importlib.util import find_spec

    if find_spec("endeavour.__main__") is None:
        command = [sys.executable, "-c", "from endeavour.cli import main; main()", *command[3:]]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 66
    assert "there is no method 'frog'" in done.stderr
    assert "Traceback" not in done.stderr


AGES = "age,deaths,people,well,asked,deaths2,people2\n0,60,40000,95,100,30,40000\n15,40,80000,180,200,20,80000\n50,600,60000,140,200,500,60000\n80,1300,9000,40,100,1200,9000\n"


@pytest.mark.parametrize(
    ("method", "options", "value"),
    [
        ("health-expectancy", ["--healthy", "well", "--surveyed", "asked", "--denominator", "people"], 64.02),
        ("years-of-life-lost", [], 60 * 67.5 + 40 * 42.5 + 600 * 10),
        ("years-of-life-lost", ["--limit", "65"], 60 * 57.5 + 40 * 32.5),
    ],
)
def test_lives_and_years(tmp_path: Path, method: str, options: list[str], value: float) -> None:
    file = tmp_path / "lives.csv"
    file.write_text(AGES)
    rows = json.loads(run(method, file, "--numerator", "deaths", "--age", "age", *options, "--json"))
    assert rows[0]["value"] == pytest.approx(value, abs=0.01)


def test_what_each_age_adds_comes_to_the_whole_difference(tmp_path: Path) -> None:
    file = tmp_path / "lives.csv"
    file.write_text(AGES)
    ours, theirs = (
        ["--numerator", f"deaths{n}", "--denominator", f"people{n}", "--age", "age"] for n in ("", "2")
    )
    lives = [
        json.loads(run("life-expectancy", file, *who, "--at", 0, "--json"))[0]["value"]
        for who in (ours, theirs)
    ]
    other = ["--reference-numerator", "deaths2", "--reference-denominator", "people2"]
    rows = json.loads(run("arriaga", file, *ours, *other, "--json"))
    assert sum(row["value"] for row in rows) == pytest.approx(lives[1] - lives[0])


def test_a_comparison_with_a_benchmark_speaks_words(tmp_path: Path) -> None:
    file = tmp_path / "areas.csv"
    file.write_text("area,v,low,high,england\nA,8.5,8,9,10\nB,10,9,11,10\n")
    options = ["--value", "v", "--lower", "low", "--upper", "high", "--polarity", "low-is-good"]
    for benchmark in ("10", "england"):
        rows = json.loads(run("benchmark", file, *options, "--benchmark", benchmark, "--json"))
        assert [row["comparison"] for row in rows] == ["better (95%)", "similar"]
    assert "column" in fails("benchmark", file, *options, "--benchmark", "wales").message
