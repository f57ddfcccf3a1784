"""One migrated database for a run of the tests: its first process migrates, and the others copy what that made.

It lasts as long as the run, so that a migration changed in between is never missed.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest import mock

from django.core.management import call_command
from django.db import connection

from builders.once import made_once

ON_POSTGRESQL = "migrated-on-postgresql"
MIGRATE = "import django; django.setup(); from django.core.management import call_command as c; c('migrate', verbosity=0)"


def migrated_installation() -> Path:
    """A folder that holds the database of an installation with nothing in it; to copy, never to change."""
    return made_once("migrated", _migrate)


def _migrate(var: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    surroundings = {**kept, "ENDEAVOUR_VAR": str(var), "DJANGO_SETTINGS_MODULE": "endeavour.settings"}
    subprocess.run([sys.executable, "-W", "error", "-c", MIGRATE], env=surroundings, check=True, timeout=600)


def copied_in_place_of_migrating() -> None:
    """From now on, Django's test database in this process is a copy of the one that the run migrated."""
    copy = {"sqlite": _copy_file, "postgresql": _copy_database}[connection.vendor]
    create = connection.creation.create_test_db

    def command(name: str, *given: str, **options: Any) -> None:
        if name == "migrate":
            copy()
        else:
            call_command(name, *given, **options)

    def created(*given: Any, **options: Any) -> str:
        with mock.patch("django.core.management.call_command", command):
            return create(*given, **options)

    connection.creation.create_test_db = created


def _copy_file() -> None:
    connection.ensure_connection()
    with closing(sqlite3.connect(migrated_installation() / "endeavour.sqlite3")) as migrated:
        migrated.backup(connection.connection)


def _copy_database() -> None:
    own = connection.settings_dict["NAME"]
    template = f"{connection.creation._get_test_db_name().rsplit('_gw', 1)[0]}_migrated"

    def make(folder: Path) -> None:
        call_command("migrate", interactive=False, verbosity=0, run_syncdb=True)
        _replace(template, by=own)
        (folder / "name").write_text(template)

    made_once(ON_POSTGRESQL, make)
    _replace(own, by=template)


def forget_what_was_migrated() -> None:
    """Drop what a run kept on PostgreSQL; what it kept in files goes with their folder."""
    kept = Path(os.environ["ENDEAVOUR_TESTS_RUN"]) / ON_POSTGRESQL / "name"
    if kept.is_file():
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(kept.read_text())}")


def _replace(name: str, *, by: str) -> None:
    """Make a database anew as a copy of another, to which nobody may be connected."""
    quote = connection.ops.quote_name
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {quote(name)}")
        cursor.execute(f"CREATE DATABASE {quote(name)} TEMPLATE {quote(by)}")
