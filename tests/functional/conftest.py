"""A whole installation, served on this machine, and a real browser to look at it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

CHROMIUM = os.environ.get("ENDEAVOUR_CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-background-networking"]
RESIDENTS = "20000"
"""Enough for a few figures to pass the disclosure gate, few enough to be drawn in seconds."""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a built installation of its own, served by the production server."""
    if given := os.environ.get("ENDEAVOUR_TEST_SITE"):
        yield given.rstrip("/")
        return
    var = tmp_path_factory.mktemp("site")
    environment = surroundings(var)
    build = [sys.executable, "-c", "from endeavour.cli import main; main()", "up", "--build-only"]
    subprocess.run([*build, "--residents", RESIDENTS], env=environment, check=True, timeout=600)
    with served(var, environment) as address:
        yield address


def surroundings(var: Path) -> dict[str, str]:
    """The environment of a demonstration that keeps everything in one folder and stands on one day."""
    (var / "static").mkdir(exist_ok=True)
    return os.environ | {
        "ENDEAVOUR_VAR": str(var),
        "DJANGO_SETTINGS_MODULE": "endeavour.settings",
        "DATABASE_URL": f"sqlite:///{var / 'site.sqlite3'}",
        "ENDEAVOUR_TODAY": "2026-11-22",
        "ENDEAVOUR_MODE": "demo",
    }


@contextmanager
def served(var: Path, environment: dict[str, str]) -> Iterator[str]:
    """The address at which the production server answers until the block ends."""
    port = _free_port()
    gunicorn = [sys.executable, "-m", "gunicorn", "endeavour.wsgi:application", "-b", f"127.0.0.1:{port}"]
    with Path(var / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [*gunicorn, "--threads", "4", "--timeout", "120"], env=environment, stdout=log, stderr=log
        )
        try:
            _wait(f"http://127.0.0.1:{port}/healthy", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=20)


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(240):
        if server.poll() is not None:
            pytest.fail("the server stopped before it answered")
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.25)
    pytest.fail("the server did not answer in a minute")


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """Debian's Chromium, driven by Playwright."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()
