"""Serving the site with the application server."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

from endeavour.cli.talk import step
from endeavour.errors import Conflict
from endeavour.paths import var_dir


def refuse_taken_port(host: str, port: int) -> None:
    """Raise `Conflict` when something already listens there, before anything is built."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Conflict(
                f"Something already listens on {host}:{port}, perhaps this platform.",
                hint=f"Open http://localhost:{port}, stop it first, or choose another: endeavour up --port {port + 1}",
            ) from error


def lay_out_static() -> None:
    """Put styles, scripts and pictures where production serves them from; a demonstration serves them as they lie."""
    from django.conf import settings
    from django.core.management import call_command

    if settings.PRODUCTION:
        with step("Laying out styles and pictures"):
            call_command("collectstatic", interactive=False, verbosity=0)


def serve(host: str, port: int, workers: int) -> None:
    """Serve until stopped.

    After a build this process holds engines whose threads do not survive a fork, so it becomes a fresh one; a start
    that found everything built goes on as it is, with Django set up already, and answers the sooner.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "endeavour.settings")
    # The server of static files warns of a missing folder, even where nobody collected any into it.
    (var_dir() / "static").mkdir(parents=True, exist_ok=True)
    arguments = [
        "gunicorn",
        "endeavour.wsgi:application",
        f"--bind={host}:{port}",
        f"--workers={workers}",
        "--threads=4",
        "--preload",
        "--timeout=60",
        "--graceful-timeout=10",
        "--log-level=warning",
        # Workers leave their heartbeat where a full disk cannot stop it.
        "--worker-tmp-dir=/dev/shm" if Path("/dev/shm").is_dir() else "--worker-tmp-dir=.",  # noqa: S108
    ]
    if {"duckdb", "pyarrow.lib"} & set(sys.modules):
        os.execv(sys.executable, [sys.executable, "-m", *arguments])  # noqa: S606 - a fixed program
    from gunicorn.app.wsgiapp import run

    sys.argv = arguments
    run()
