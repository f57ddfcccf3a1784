"""The one command from agencies' extracts to a cohort, run in a small installation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import rich.progress  # noqa: F401  (its import draws a number from the global generator; ours may not)
from typer.testing import CliRunner

from builders.lake import the_small_lake
from endeavour.cli.cohort import app

RUN = CliRunner()
SAID = "said.json"
SIZE = ("--size", "40", "--no-sensitivity")


def without_the_long_steps(patch: pytest.MonkeyPatch) -> None:
    """Measures, segments and the model have tests of their own, and take far longer than all the rest."""
    import endeavour.cli.from_extracts as steps

    for name in ("build_needs", "build_measures"):
        patch.setattr(steps, name, lambda *_given: None)


def command(*words: str) -> dict[str, Any]:
    """What the one command prints, as data; its error, raised."""
    done = RUN.invoke(app, ["from-extracts", *SIZE, "--json", *words])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    assert "household_id" not in done.stdout
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def installed(var: Path, *words: str) -> None:
    """Make an installation in `var` in which the command ran once."""
    with pytest.MonkeyPatch.context() as patch:
        (var / "lake").symlink_to(the_small_lake().folder.parents[1])
        patch.setenv("ENDEAVOUR_VAR", str(var))
        without_the_long_steps(patch)
        (var / SAID).write_text(json.dumps(command(*words)))


def said_in(var: Path) -> dict[str, Any]:
    """What the command said in an installation or a copy of it."""
    said: dict[str, Any] = json.loads((var / SAID).read_text())
    return said
