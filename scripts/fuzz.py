"""Fuzz every interface that the platform documents: build a small system, serve it, let schemathesis try it, stop it.

It needs `requirements/fuzz.lock` in an environment of its own (`make fuzz` makes one): schemathesis wants other versions
of what the platform runs on. Everything is on this machine and in a folder that is removed at the end.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
FUZZ = ROOT / ".tools" / "fuzz" / "bin" / "schemathesis"
CLI = [sys.executable, "-c", "from endeavour.cli import main; main()"]
RESIDENTS = "20000"
WRITER, SCOPES = "secretary", ("strategy", "governance")
SEED, EXAMPLES = "6", os.environ.get("ENDEAVOUR_FUZZ_EXAMPLES", "10")
DOCUMENTS = ("/openreferral/v3/openapi.json", "/api/openapi.json")
# Which measures, bodies, routes and days there are is data: here a well-shaped name or day that nothing has, or a day that
# comes before another, is refused with 422, which no document can tell beforehand. These addresses keep every check but
# the one that takes this for a fault.
DATA_DECIDES = (
    "GET /api/governance/answering",
    "GET /api/governance/bodies/{body}/membership",
    "GET /api/governance/compact",
    "GET /api/governance/cycle",
    "GET /api/governance/data-agreements",
    "GET /api/governance/handover/{body}",
    "GET /api/governance/map/faults",
    "GET /api/governance/papers/{sha256}",
    "GET /api/governance/partners",
    "GET /api/governance/register",
    "GET /api/governance/registers/{name}",
    "GET /api/governance/thread/{kind}/{key}",
    "GET /api/population/slope",
    "GET /api/strategy/statements",
    "GET /api/strategy/statements/{ref}",
    "GET /api/strategy/statements/{ref}/measures",
    "POST /api/governance/bodies/{body}/documents",
    "POST /api/governance/bodies/{body}/memberships",
    "POST /api/governance/contributions",
    "POST /api/governance/data-agreements",
    "POST /api/governance/handover/{body}/heirs",
    "POST /api/governance/imports/{kind}",
    "POST /api/governance/meetings",
    "POST /api/governance/meetings/{key}/cancel",
    "POST /api/governance/meetings/{key}/items",
    "POST /api/governance/meetings/{key}/items/{number}/decisions",
    "POST /api/governance/meetings/{key}/items/{number}/papers",
    "POST /api/governance/messages",
    "POST /api/governance/partners/{group}/approaches",
    "POST /api/governance/register/{duty}/evidence",
    "POST /api/strategy/campaigns",
    "POST /api/strategy/campaigns/{key}/materials",
    "POST /api/strategy/campaigns/{key}/owners",
    "POST /api/strategy/campaigns/{key}/promises",
    "POST /api/strategy/effects",
    "POST /api/strategy/evidence/{number}/withdraw",
    "POST /api/strategy/meanings",
    "POST /api/strategy/promised/{number}/reading",
    "POST /api/strategy/proposals",
    "POST /api/strategy/proposals/{key}/effects",
    "POST /api/strategy/statements/{ref}/resources",
)
SETTINGS = """[[operations]]
include-name = {names}
checks.positive_data_acceptance.enabled = false
"""


def data_decides(document: dict[str, Any]) -> list[str]:
    """The addresses named above, and each that may be asked about a day: the record begins and ends where it does.

    >>> day = {"schema": {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]}}
    >>> data_decides({"paths": {"/days": {"get": {"parameters": [day]}}, "/all": {"get": {}}}})[-1]
    'GET /days'
    """
    dated = [
        f"{method.upper()} {path}"
        for path, methods in document["paths"].items()
        for method, does in methods.items()
        if any("'format': 'date'" in repr(asked.get("schema")) for asked in does.get("parameters", ()))
    ]
    return [*DATA_DECIDES, *dated]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(240):
        if server.poll() is not None:
            raise SystemExit("The server stopped before it answered.")
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own address
                return
        except OSError:
            time.sleep(0.25)
    raise SystemExit("The server did not answer in a minute.")


def main() -> int:
    """Fuzz each document; returns how many had a finding."""
    with tempfile.TemporaryDirectory(prefix="endeavour-fuzz-") as var:
        (Path(var) / "static").mkdir()
        environment = os.environ | {
            "ENDEAVOUR_VAR": var, "DJANGO_SETTINGS_MODULE": "endeavour.settings", "ENDEAVOUR_MODE": "demo",
            "DATABASE_URL": f"sqlite:///{var}/fuzz.sqlite3",
        }  # fmt: skip
        subprocess.run([*CLI, "up", "--build-only", "--residents", RESIDENTS], env=environment, check=True)
        port = _free_port()
        command = [sys.executable, "-m", "gunicorn", "endeavour.wsgi:application", "-b", f"127.0.0.1:{port}"]
        server = subprocess.Popen(
            [*command, "--threads=4", "--timeout=120", "--log-level=error"], env=environment
        )
        issue = ["strategy", "token", "issue", WRITER, "--name", "fuzz", "--json"]
        issue += [part for scope in SCOPES for part in ("--scope", scope)]
        told = subprocess.run([*CLI, *issue], env=environment, check=True, capture_output=True, text=True)
        writes = f"Authorization: Bearer {json.loads(told.stdout)['token']}"
        failed = 0
        try:
            _wait(f"http://127.0.0.1:{port}/healthy", server)
            for document in DOCUMENTS:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}{document}", timeout=60) as answer:
                    names = data_decides(json.load(answer))
                settings = SETTINGS.format(names=json.dumps(names))
                Path(var, "schemathesis.toml").write_text(settings, encoding="utf-8")
                print(f"\n== {document}", flush=True)
                # Every check is on unless the settings take it off; `--checks all` would overrule them.
                run = [str(FUZZ), "run", f"http://127.0.0.1:{port}{document}"]
                run += ["--header", writes] if document.startswith("/api/") else []
                # A busy machine makes requests slowly; that says nothing of the interface.
                run += ["--seed", SEED, "--max-examples", EXAMPLES, "--suppress-health-check=too_slow"]
                failed += subprocess.run(run, cwd=var, check=False).returncode != 0
        finally:
            server.terminate()
            server.wait(timeout=30)
    return failed


if __name__ == "__main__":
    sys.exit(main())
