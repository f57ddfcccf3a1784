"""The commands as people type them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import rich.style  # noqa: F401  (draws from the global generator when it is first imported)
from typer.testing import CliRunner

from builders.linkage import ADA, NUMBERS, write_extracts
from endeavour.cli.main import build
from endeavour.engine.linkage.extract_format import FIELDS
from endeavour.errors import BadInput, Missing, NotFound

HOW_TO = Path(__file__).parents[3] / "docs" / "how-to" / "link-agencies.md"


def run(*words: str) -> str:
    """What a command prints on standard output; its error, raised."""
    done = CliRunner().invoke(build(), ["linkage", *words])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout


def test_run_and_explain(var: Path) -> None:
    write_extracts(
        var / "linkage", nhs=[ADA | {"nhs_number": NUMBERS[0]}, ADA | {"forename": "Beatrice"}], housing=[ADA]
    )
    told = json.loads(run("run", "--json"))
    assert told["people"] == 2
    assert told["links_made"] == {"name, birth date and property": 1}
    words = run("explain", "nhs:1", "housing:1")
    assert "count as one person" in words
    assert "birth date: the same birth date" in words
    assert "Thornbury" not in words
    words = run("explain", "nhs:2", "housing:1")
    assert "count as two people" in words
    assert "twins" in words
    assert json.loads(run("explain", "nhs:2", "housing:1", "--json"))["is_one_person"] is False


def test_errors_say_what_to_do(var: Path) -> None:
    with pytest.raises(Missing, match="endeavour linkage run"):
        run("explain", "nhs:1", "nhs:2")
    write_extracts(var / "linkage", nhs=[ADA, ADA])
    run("run")
    for words, error in (
        (("nhs:1", "nhs:1"), BadInput),
        (("17", "nhs:1"), BadInput),
        (("nhs:1", "nhs:99"), NotFound),
    ):
        with pytest.raises(error):
            run("explain", *words)
    with pytest.raises(Missing, match="no truth"):
        run("evaluate")
    with pytest.raises(BadInput):
        run("run", "--most", "1")


def test_without_names(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENDEAVOUR_LINKAGE_KEY", "0123456789abcdef" * 2)
    write_extracts(
        var / "linkage", nhs=[ADA], housing=[ADA | {"surname": "Windmarsh"}, ADA | {"forename": "Beatrice"}]
    )
    run("pseudonymise", "--to", str(var / "keyed"))
    monkeypatch.delenv("ENDEAVOUR_LINKAGE_KEY")
    told = json.loads(run("run", "--pseudonymised", "--from", str(var / "keyed"), "--json"))
    assert told["is_pseudonymised"] is True
    assert told["people"] == 2
    with pytest.raises(Missing, match="ENDEAVOUR_LINKAGE_KEY_FILE"):
        run("run", "--pseudonymised")


def test_codes_replace_nothing_but_codes(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENDEAVOUR_LINKAGE_KEY", "0123456789abcdef" * 2)
    root = write_extracts(var / "linkage", nhs=[ADA])
    monkeypatch.chdir(root / "extracts")
    for to in (root / "extracts", root, Path()):
        with pytest.raises(BadInput, match="something else than codes stands here"):
            run("pseudonymise", "--to", str(to))
    assert (root / "extracts" / "nhs" / "part-0001.parquet").is_file()
    for _ in range(2):
        run("pseudonymise", "--to", str(var / "keyed"))
    assert [path.name for path in (var / "keyed").iterdir()] == ["nhs"]


def test_the_how_to_lists_every_column_as_the_format_has_it() -> None:
    page = HOW_TO.read_text(encoding="utf-8")
    listed = [line.split("`")[1] for line in page.splitlines() if line.startswith("| `")]
    assert listed == [field.name for field in FIELDS]
    assert all(f"| {field.means} |" in page for field in FIELDS)
