"""Fixtures and guards that every test gets."""

from __future__ import annotations

import os
import random
import shutil
import socket
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import hypothesis
import pytest

# Before Django reads its settings: a test never touches an installation's own files.
_SCRATCH = tempfile.mkdtemp(prefix="endeavour-tests-")
os.environ["ENDEAVOUR_VAR"] = _SCRATCH
Path(_SCRATCH, "static").mkdir(exist_ok=True)  # WhiteNoise warns where there is none
# What is made once for all processes of a run stands in the folder of the first of them.
_IS_FIRST = os.environ.setdefault("ENDEAVOUR_TESTS_RUN", _SCRATCH) == _SCRATCH
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

# No deadline: a busy machine is no fault of the code. In CI the same examples each time; elsewhere new ones.
hypothesis.settings.register_profile("endeavour", deadline=None, derandomize=bool(os.environ.get("CI")))
hypothesis.settings.load_profile("endeavour")

REQUIRED = frozenset(filter(None, os.environ.get("ENDEAVOUR_REQUIRE", "").split(",")))
SHARED = Path(os.environ.get("ENDEAVOUR_SHARED") or Path(__file__).parents[2] / "shared")
CHROMIUM = os.environ.get("ENDEAVOUR_CHROMIUM", "/usr/bin/chromium")


def _postgres_listens() -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", 5432)) == 0


def _reason_to_skip(name: str) -> str | None:
    """Why tests that need `name` cannot run here, or None."""
    reasons = {
        "data": None if SHARED.is_dir() else f"the official statistics are not at {SHARED}",
        "browser": None if Path(CHROMIUM).exists() else f"Chromium is not at {CHROMIUM}",
        "postgres": None if _postgres_listens() else "PostgreSQL does not listen on 127.0.0.1:5432",
        "spark": None if shutil.which("java") else "Java is not installed",
    }
    return reasons[name]


def pytest_configure() -> None:
    """Passwords of test people need no slow hash."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what this machine cannot run, with the reason; where it is required, let it fail instead."""
    reasons = {name: _reason_to_skip(name) for name in ("data", "browser", "postgres", "spark")}
    for item in items:
        needs = {name for name in reasons if item.get_closest_marker(name)}
        if "spark" in needs:
            item.add_marker(pytest.mark.xdist_group("spark"))  # one process, so that Spark starts once
        if "shared" in getattr(item, "fixturenames", ()):
            needs.add("data")
        for name in needs:
            reason = reasons[name]
            if reason and name in REQUIRED:
                item.add_marker(pytest.mark.usefixtures("_required_but_missing"))
            elif reason:
                item.add_marker(pytest.mark.skip(reason=reason))
        group = item.get_closest_marker("xdist_group")
        if group and "PYTEST_XDIST_WORKER" in os.environ:
            # Xdist 3.8 writes a test's group where pytest 9.2 no longer reads it, and would share a group out.
            *outer, name = item._id.names
            item._id = replace(item._id, names=(*outer, f"{name}@{group.args[0]}"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """One process for each group: what stands after an @ in a test's name, before its parameters."""
    if config.getvalue("dist") != "loadgroup":
        return None
    from xdist.scheduler import LoadGroupScheduling

    class ByGroup(LoadGroupScheduling):
        def _split_scope(self, nodeid: str) -> str:
            name = nodeid.partition("[")[0]
            return name.rpartition("@")[2] if "@" in name else nodeid

    return ByGroup(config, log)


@pytest.fixture
def _required_but_missing() -> None:
    pytest.fail("This run requires a tool or data that this machine does not have (see ENDEAVOUR_REQUIRE).")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of official statistics and reference answers."""
    return SHARED


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty installation folder."""
    folder = tmp_path / "var"
    folder.mkdir()
    monkeypatch.setenv("ENDEAVOUR_VAR", str(folder))
    return folder


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only addresses of this machine can be reached."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else "unix"
        if host not in {"127.0.0.1", "::1", "localhost", "unix"}:
            raise AssertionError(f"a test tried to reach {host}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def _global_randomness_stands_still() -> Iterator[None]:
    """Nothing we run may draw from the global generator: same seed, same bytes."""
    before = random.getstate()
    yield
    assert random.getstate() == before, "the global random generator moved"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """A run migrates one database; the test database of each of its processes is a copy."""
    from builders.database import copied_in_place_of_migrating

    copied_in_place_of_migrating()


@pytest.fixture(autouse=True, scope="session")
def _flush_may_empty_append_only_tables() -> Iterator[None]:
    """Between tests with real transactions Django empties every table, which our triggers rightly refuse.

    On SQLite the triggers against deletion are lifted for that moment only (PostgreSQL truncates, which fires none).
    """
    from django.db import connection
    from django.test import TransactionTestCase

    teardown = TransactionTestCase._fixture_teardown

    def lifted(self: TransactionTestCase) -> None:
        if connection.vendor != "sqlite":
            teardown(self)
            return
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%\\_no\\_delete' ESCAPE '\\'"
            )
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
            teardown(self)
            for _, sql in triggers:
                cursor.execute(sql)

    TransactionTestCase._fixture_teardown = lifted  # type: ignore[method-assign]
    yield
    TransactionTestCase._fixture_teardown = teardown  # type: ignore[method-assign]


@pytest.hookimpl(trylast=True)  # once the database may be reached again
def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    if _IS_FIRST:
        from builders.database import forget_what_was_migrated

        forget_what_was_migrated()
    shutil.rmtree(_SCRATCH, ignore_errors=True)
