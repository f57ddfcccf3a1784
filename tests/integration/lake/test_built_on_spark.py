"""The lake's tables built by Spark's workers: the very files that one machine writes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import rich.progress  # noqa: F401  (its import draws a number from the global generator; ours may not)
from typer.testing import CliRunner

from builders.lake import small_lake
from endeavour.cli.main import build as whole_command
from endeavour.engine.lake.store import Lake
from endeavour.engine.synthetic import build
from endeavour.engine.synthetic.one_system import systems_of
from endeavour.errors import Missing

RESIDENTS = 4_000


@pytest.fixture
def in_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """So small a lake as two systems."""
    monkeypatch.setattr(build, "LARGEST_SYSTEM", RESIDENTS // 2)


@pytest.mark.spark
@pytest.mark.slow
@pytest.mark.filterwarnings("default")
@pytest.mark.usefixtures("in_two")
def test_spark_writes_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = small_lake(tmp_path / "here", residents=RESIDENTS)
    monkeypatch.setenv("ENDEAVOUR_ENGINE", "spark")
    there = small_lake(tmp_path / "there", residents=RESIDENTS)
    assert len(there.files("person")) == 2
    assert there.manifest == here.manifest
    there.verify()


@pytest.mark.slow
@pytest.mark.usefixtures("in_two")
def test_ids_of_two_systems_are_apart(tmp_path: Path) -> None:
    lake = small_lake(tmp_path, residents=RESIDENTS)
    first, second = (
        lake.connect(threads=1).sql(f"SELECT DISTINCT household_id FROM '{path}'").fetchall()
        for path in lake.files("household")
    )
    assert not set(first) & set(second)
    people = lake.read("person", ["person_id", "household_id"])
    assert people["person_id"].to_pylist() == list(range(1, RESIDENTS + 1))
    assert set(people["household_id"].to_pylist()) == {row for (row,) in first + second}


@pytest.mark.parametrize("residents", [1, 5, 6, 1_199_519, 12_000_000])
def test_systems_share_the_residents_among_them(residents: int) -> None:
    systems = systems_of(residents, 5) if residents < 10 else systems_of(residents)
    assert sum(s.residents for s in systems) == residents
    assert [s.first_id for s in systems] == [
        1 + sum(s.residents for s in systems[:n]) for n in range(len(systems))
    ]


@pytest.fixture
def without_spark(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation with a lake that asks for Spark and has none."""
    small_lake(var, residents=RESIDENTS)
    monkeypatch.setenv("ENDEAVOUR_ENGINE", "spark")
    monkeypatch.setitem(sys.modules, "pyspark", None)


@pytest.mark.slow
@pytest.mark.usefixtures("without_spark")
@pytest.mark.parametrize(
    "words",
    [
        "lake build --residents 3000", "measure smoking", "measure release", "cohort segments", "cohort model",
        "cohort first-5000", "linkage run", "linkage run --pseudonymised",
    ],
)  # fmt: skip
def test_every_command_honours_the_engine_and_says_what_to_install(words: str, var: Path) -> None:
    before = Lake.open().id
    done = CliRunner().invoke(whole_command(), words.split())
    assert isinstance(done.exception, Missing)
    assert "Spark is not installed" in done.exception.message
    assert "common-endeavour[spark]" in done.exception.hint
    assert Lake.open().id == before
    assert not list(var.rglob("*.part"))


@pytest.mark.slow
@pytest.mark.spark
def test_without_java_the_error_names_it() -> None:
    code = "from endeavour.engine.lake.spark import spark_session; spark_session()"
    surroundings = {**os.environ, "JAVA_HOME": "/nowhere"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=surroundings, check=False
    )
    assert "Missing: Spark did not start" in done.stderr
    assert "Java 17" in done.stderr
