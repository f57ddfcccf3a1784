"""Installations in which the one command ran, made once and copied for each test."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from builders.from_extracts import installed, said_in, without_the_long_steps
from builders.once import made_once

SECRET = "a secret of the agencies, long enough"


@pytest.fixture(scope="session")
def done_once() -> Path:
    """An installation in which the command ran once."""
    return made_once("from-extracts", installed)


@pytest.fixture
def told(done_once: Path, var: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A copy of it to try things on, and what the command said."""
    return copied(done_once, var, monkeypatch)


@pytest.fixture(scope="session")
def keyed_once() -> Path:
    """The same without names."""

    def make(var: Path) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("ENDEAVOUR_LINKAGE_KEY", SECRET)
            installed(var, "--pseudonymised")

    return made_once("from-extracts-without-names", make)


@pytest.fixture
def told_keyed(keyed_once: Path, var: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A copy of the one without names, and what the command said."""
    return copied(keyed_once, var, monkeypatch)


def copied(once: Path, var: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    without_the_long_steps(monkeypatch)
    shutil.copytree(once, var, symlinks=True, dirs_exist_ok=True)
    return said_in(var)
