"""Settings are strict about every value and start with none."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def start(var: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {
        k: v
        for k, v in os.environ.items()
        if not k.startswith(("ENDEAVOUR_", "DJANGO", "SECRET", "DATABASE"))
    }
    code = "import endeavour.settings as s; print(s.MODE, s.DATABASES['default']['ENGINE'].rsplit('.', 1)[1])"
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**kept, "ENDEAVOUR_VAR": str(var), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_starts_with_no_environment_at_all(tmp_path: Path) -> None:
    assert start(tmp_path).stdout == "demo sqlite3\n"
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"ENDEAVOUR_MODE": "staging"}, "ENDEAVOUR_MODE is 'staging'. Set it to one of: demo, production."),
        ({"DATABASE_URL": "mysql://a/b"}, "DATABASE_URL starts with 'mysql'"),
        ({"ENDEAVOUR_MODE": "production"}, "Set SECRET_KEY"),
        ({"SECRET_KEY_FILE": "/nowhere/key"}, "SECRET_KEY_FILE names /nowhere/key"),
    ],
)
def test_a_wrong_value_says_what_to_set(tmp_path: Path, environment: dict[str, str], words: str) -> None:
    done = start(tmp_path, **environment)
    assert done.returncode != 0
    assert words in done.stderr


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text("k" * 60 + "\n")
    done = start(
        tmp_path, ENDEAVOUR_MODE="production", SECRET_KEY_FILE=str(secret), ENDEAVOUR_HOSTS="example.org"
    )
    assert done.stdout.startswith("production")
