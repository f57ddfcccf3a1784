"""Measures are counted beside the learning and the choosing: once, with their warnings and errors said where they are waited for."""

from __future__ import annotations

from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path

import pytest
import rich.progress  # noqa: F401  (its import draws a number from the global generator; ours may not)

from builders.lake import the_small_lake
from endeavour.cli import results
from endeavour.cli.built import Built
from endeavour.errors import BadInput, Conflict
from endeavour.paths import write_atomically

pytestmark = pytest.mark.slow


class Nobody(Executor):
    """Whoever is asked for anything says so."""

    def submit(self, *args: object, **words: object) -> None:
        pytest.fail("the measures are there already")


@pytest.fixture
def residents(var: Path) -> Path:
    var.mkdir(exist_ok=True)
    (var / "lake").symlink_to(the_small_lake().folder.parents[1])
    return var


def test_measures_are_begun_beside_and_only_once(
    residents: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def measured(_name: str) -> list[str]:
        with write_atomically(residents / "measures" / "current") as part:
            part.write_text("a release\n")
        return ["Somebody was given away."]

    monkeypatch.setattr(results, "_measures", measured)
    with ThreadPoolExecutor(1) as beside:
        finish = results.begin_measures(Built(), "mse", beside)
        assert "measures" not in Built().seen, "done is what was waited for"
        finish()
    assert "Somebody was given away." in " ".join(capsys.readouterr().err.split())
    results.begin_measures(Built(), "mse", Nobody())()
    assert "Measuring Core20PLUS5: already done" in " ".join(capsys.readouterr().err.split())


def test_what_goes_wrong_beside_leaves_them_to_be_done(
    residents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_name: str) -> list[str]:
        raise BadInput("The measure counts nobody.")

    monkeypatch.setattr(results, "_measures", fails)
    with ThreadPoolExecutor(1) as beside:
        finish = results.begin_measures(Built(), "mse", beside)
        with pytest.raises(BadInput, match="counts nobody"):
            finish()
    assert "measures" not in Built().seen


def test_measures_that_are_not_safe_beside_the_last_leave_the_last_in_use(
    residents: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(_name: str) -> list[str]:
        raise Conflict("They would give a small group away.", hint="Publish fewer.")

    monkeypatch.setattr(results, "_measures", refused)
    with pytest.raises(Conflict):
        results.build_measures(Built(), "mse")
    with write_atomically(residents / "measures" / "current") as part:
        part.write_text("the last\n")
    results.build_measures(Built(), "mse")
    said = " ".join(capsys.readouterr().err.split())
    assert "They would give a small group away. What was published of measures stays. Publish fewer." in said
    assert (residents / "measures" / "current").read_text() == "the last\n"
