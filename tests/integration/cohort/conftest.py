"""Installations in which the one command ran, made once and copied for each test."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from builders.from_extracts import installed, without_the_long_steps

SECRET = "a secret of the agencies, long enough"


@pytest.fixture(scope="session")
def done_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """An installation in which the command ran once, and what it said."""
    var = tmp_path_factory.mktemp("done")
    return var, installed(var)


@pytest.fixture
def told(
    done_once: tuple[Path, dict[str, Any]], var: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Any]:
    """A copy of it to try things on, and what the command said."""
    return copied(done_once, var, monkeypatch)


@pytest.fixture(scope="session")
def keyed_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The same without names."""
    var = tmp_path_factory.mktemp("keyed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ENDEAVOUR_LINKAGE_KEY", SECRET)
        return var, installed(var, "--pseudonymised")


@pytest.fixture
def told_keyed(
    keyed_once: tuple[Path, dict[str, Any]], var: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Any]:
    """A copy of the one without names, and what the command said."""
    return copied(keyed_once, var, monkeypatch)


def copied(once: tuple[Path, dict[str, Any]], var: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    without_the_long_steps(monkeypatch)
    shutil.copytree(once[0], var, symlinks=True, dirs_exist_ok=True)
    return once[1]
