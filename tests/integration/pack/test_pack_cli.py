"""`endeavour pack` as a person uses it, and the how-to page as an officer follows it."""

from __future__ import annotations

import json
import random
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from endeavour.cli.pack import app
from endeavour.errors import BadInput, NotFound

CHECKOUT = Path(__file__).parents[3]
PAGE = CHECKOUT / "docs" / "how-to" / "make-a-pack.md"
run = CliRunner()


@pytest.fixture(autouse=True)
def _rich_may_draw() -> Iterator[None]:
    """Rich draws the ids of its links from the global generator; what it drew is put back."""
    before = random.getstate()
    yield
    random.setstate(before)


def test_check_prints_data_on_standard_output_alone() -> None:
    done = run.invoke(app, ["check", "mse", "--json"], catch_exceptions=False)
    assert done.exit_code == 0
    data = json.loads(done.stdout)
    assert data["rows"]["lsoa21"] == 720
    assert data["well"] is True


def test_info_names_publisher_and_licence() -> None:
    done = run.invoke(app, ["info", "mse", "--json"], catch_exceptions=False)
    tables = {row["table"]: row for row in json.loads(done.stdout)["tables"]}
    assert tables["deprivation"]["publisher"].startswith("Ministry of Housing")
    assert tables["deprivation"]["licence"] == "Open Government Licence v3.0"


def test_an_unknown_pack_is_a_user_error() -> None:
    with pytest.raises(NotFound, match="There is no pack 'narnia'"):
        run.invoke(app, ["check", "narnia"], catch_exceptions=False)


@pytest.mark.slow
@pytest.mark.django_db
def test_the_how_to_page_works_for_another_system(
    shared: Path, tmp_path: Path, var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every command of the page, in its order, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "downloads").symlink_to(shared / "data")
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    commands = [line for block in blocks for line in block.strip().splitlines()]
    assert len(commands) == 5
    for command in commands:
        words = shlex.split(command)
        assert words[:2] == ["endeavour", "pack"]
        done = run.invoke(app, words[2:], catch_exceptions=False)
        assert done.exit_code == 0, command
        if command == commands[0]:
            page = tmp_path / "packs" / "cambridgeshire" / "pack.yaml"
            text = page.read_text(encoding="utf-8")
            text = text.replace("place-06h", "cambridgeshire").replace("trusts: []", "trusts: [RGT]")
            page.write_text(text, encoding="utf-8")
    observations = (tmp_path / "packs/cambridgeshire/tables/observations.csv").read_text(encoding="utf-8")
    assert "ae_attendances,RGT," in observations


def test_the_fault_shown_on_the_page_is_what_the_checker_says(tmp_path: Path) -> None:
    from endeavour.pack.reading import read_table
    from endeavour.pack.schema import BY_NAME

    lines = (CHECKOUT / "packs/mse/bodies.csv").read_text(encoding="utf-8").splitlines()
    lines[6] = lines[6].replace(",partnership,,", ",NHS,,")
    (tmp_path / "bodies.csv").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(BadInput) as raised:
        read_table(tmp_path, BY_NAME["bodies"])
    shown = re.search(r"```\n(bodies.csv, line 7, .*?)\.\.\.\n```", PAGE.read_text(encoding="utf-8"))
    assert shown
    assert str(raised.value).startswith(shown[1].strip().removesuffix(","))
