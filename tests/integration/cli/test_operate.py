"""The operator's commands: what they print, how they fail, what they need."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from endeavour.cli import doctoring
from endeavour.cli.main import build
from endeavour.errors import PART_OF

APP = build()
ENDEAVOUR = [sys.executable, "-c", "from endeavour.cli import main; main()"]


def endeavour(var: Path, *arguments: str, timeout: int = 300) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    return subprocess.run(
        [*ENDEAVOUR, *arguments],
        env={**kept, "ENDEAVOUR_VAR": str(var)},
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from endeavour.cli.main import build; build();"
        "print(sorted({'numpy','scipy','duckdb','pyarrow','django','pandas','splink','pyspark'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_command_that_opens_the_database_loads_no_interface_over_http(var: Path) -> None:
    code = (
        "import sys, django; django.setup(); import endeavour.core.public, endeavour.strategy.public;"
        "import endeavour.governance.public, endeavour.population.public, endeavour.frontdoor.public;"
        "print(sorted({'ninja', 'endeavour.core.api_shapes', 'endeavour.website.api'} & set(sys.modules)))"
    )
    kept = {**os.environ, "ENDEAVOUR_VAR": str(var), "DJANGO_SETTINGS_MODULE": "endeavour.settings"}
    done = subprocess.run([sys.executable, "-c", code], env=kept, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.slow
def test_what_an_empty_page_asks_for_works_on_an_empty_installation(tmp_path: Path) -> None:
    """'The pack has not been loaded. Run endeavour pack load mse': and then it is."""
    done = endeavour(tmp_path, "pack", "load", "mse", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["added"]["area"] > 0


@pytest.mark.parametrize(
    "arguments",
    [[], ["up"], ["doctor"], ["backup"], ["restore"], ["pack", "compile"], ["pack", "check"], ["pack", "load"],
     ["lake", "build"], ["lake", "info"], ["lake", "calibration"], ["strategy", "import"], ["strategy", "report"],
     ["cohort", "first-5000"], ["frontdoor", "search"]],
)  # fmt: skip
def test_every_command_has_help_that_teaches(arguments: list[str]) -> None:
    done = CliRunner().invoke(APP, [*arguments, "--help"])
    assert done.exit_code == 0
    assert "endeavour" in done.output
    if arguments:
        assert "xample" in done.output, "no example"


@pytest.mark.slow
def test_doctor_on_an_empty_installation_says_what_to_do(var: Path) -> None:
    done = endeavour(var, "doctor", "--json")
    assert done.returncode == 69
    findings = {f["what"]: f for f in json.loads(done.stdout)}
    assert findings["settings"]["state"] == "well"
    assert findings["lake"]["state"] == "ill"
    assert "endeavour" in findings["lake"]["mend"]
    assert "endeavour up" in findings["database"]["mend"]


def test_doctor_knows_every_optional_part() -> None:
    assert {*doctoring.PURPOSES, "pdf"} == set(PART_OF.values())


def test_an_error_is_one_clear_line_and_its_own_exit_status(var: Path) -> None:
    done = endeavour(var, "restore", str(var / "none.tar.gz"))
    assert done.returncode == 66
    assert done.stderr.strip().startswith("endeavour: There is no backup at")
    assert "Traceback" not in done.stderr
    assert list(var.glob("*.sqlite3*")) == [], "no database is prepared for a name that was mistyped"


def test_an_error_with_json_is_data_too(var: Path) -> None:
    done = endeavour(var, "lake", "info", "--json")
    assert done.returncode == 69
    assert json.loads(done.stdout)["error"] == "missing"


@pytest.mark.slow
def test_backup_and_restore_give_equal_checksums(var: Path, tmp_path: Path) -> None:
    archive, other = tmp_path / "b.tar.gz", tmp_path / "other"
    other.mkdir()
    setting_up = "import django; django.setup(); from django.core.management import call_command as c; c('migrate', verbosity=0);"
    code = (
        setting_up + "from endeavour.core.accounts import ensure_demo_people as e; e();"
        "from endeavour.core.models import Person; from endeavour.population.models import PairJudgement as J;"
        "J.objects.create(by=Person.objects.first(), left_id='housing:1', right_id='nhs:2', verdict='different', decided_on='2026-11-22')"
    )
    subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "ENDEAVOUR_VAR": str(var), "DJANGO_SETTINGS_MODULE": "endeavour.settings"},
        check=True,
    )
    written = endeavour(var, "backup", str(archive), "--json")
    restored = endeavour(other, "restore", str(archive), "--json")
    assert written.returncode == restored.returncode == 0, restored.stderr
    assert json.loads(written.stdout) == json.loads(restored.stdout)
    assert sum(t["rows"] for t in json.loads(written.stdout)) > 10
    (decision,) = json.loads((other / "linkage" / "decisions.json").read_text())
    assert (decision["left_id"], decision["right_id"], decision["verdict"]) == (
        "housing:1",
        "nhs:2",
        "different",
    )


def test_a_second_server_is_refused_before_anything_is_built(var: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = endeavour(var, "up", "--port", str(port))
    assert done.returncode == 75
    assert f"endeavour up --port {port + 1}" in done.stderr
    assert not list(var.iterdir())


def test_building_alone_minds_no_port(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int | None] = []
    monkeypatch.setattr("endeavour.cli.building.build", lambda *, residents: asked.append(residents))
    monkeypatch.setattr("endeavour.cli.serving.lay_out_static", lambda: None)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = CliRunner().invoke(APP, ["up", "--build-only", "--residents", "9", "--port", port])
    assert done.exit_code == 0
    assert asked == [9]


def test_a_backup_of_another_version_is_refused_in_words(var: Path) -> None:
    done = endeavour(var, "backup", str(var / "b.tar.gz"))
    assert done.returncode == 75
    assert "migrations are waiting" in done.stderr
    assert "Traceback" not in done.stderr


def test_doctor_prints_its_words_whole(capsys: pytest.CaptureFixture[str]) -> None:
    from rich.console import Console

    row = doctoring.Finding(
        "spark", "absent", "running on Spark", "pip install 'common-endeavour[spark]'"
    ).row()
    console = Console(width=200)
    for cell in row:
        console.print(cell)
    assert "'common-endeavour[spark]'" in capsys.readouterr().out


def test_production_shows_its_pages_dressed(var: Path) -> None:
    code = (
        "import django; django.setup()\n"
        "from django.core.management import call_command; call_command('migrate', verbosity=0)\n"
        "from endeavour.cli import doctoring, serving\n"
        "before = [f.words for f in doctoring.examine() if f.what == 'design system']\n"
        "serving.lay_out_static()\n"
        "from django.test import Client\n"
        "client = Client(headers={'host': 'care.example.org'})\n"
        "page = client.get('/sign-in', secure=True)\n"
        'import re; styles = re.findall(r\'href="(/static/[^"]+\\.css)"\', page.content.decode())\n'
        "after = [f.state for f in doctoring.examine() if f.what == 'design system']\n"
        "print(before, page.status_code, after, [client.get(s, secure=True).status_code for s in styles])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={
            **os.environ,
            "ENDEAVOUR_VAR": str(var),
            "DJANGO_SETTINGS_MODULE": "endeavour.settings",
            "ENDEAVOUR_MODE": "production",
            "SECRET_KEY": "k" * 60,
            "ENDEAVOUR_HOSTS": "care.example.org",
            "DATABASE_URL": f"sqlite:///{var / 'production.sqlite3'}",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "['installed, not laid out'] 200 ['well'] [200, 200]\n"


def test_production_refuses_demonstration_sign_ins(var: Path) -> None:
    environment = {
        **os.environ,
        "ENDEAVOUR_VAR": str(var),
        "DJANGO_SETTINGS_MODULE": "endeavour.settings",
        "SECRET_KEY": "k" * 60,
        "ENDEAVOUR_HOSTS": "example.org",
    }
    code = (
        "import django; django.setup(); from django.core.management import call_command as c; c('migrate', verbosity=0);"
        "from endeavour.core.accounts import ensure_demo_people as e; e()"
    )
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    started = subprocess.run(
        [sys.executable, "-c", "import endeavour.wsgi"],
        env={**environment, "ENDEAVOUR_MODE": "production"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode != 0
    assert "demonstration sign-ins" in started.stderr
