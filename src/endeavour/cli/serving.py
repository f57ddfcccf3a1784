"""Serving the site with the application server."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

from endeavour.errors import Conflict


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


def serve(host: str, port: int, workers: int) -> None:
    """Become the application server; returns never."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "endeavour.settings")
    server = Path(sys.executable).with_name("gunicorn")
    arguments = [
        str(server),
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
    os.execv(server, arguments)  # noqa: S606 - a fixed program with fixed arguments
