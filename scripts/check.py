"""Everything that must hold before a change lands: runs all of it, then counts what failed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
BIN = ROOT / ".venv/bin"
UNFINISHED = re.compile(
    r"\b(TODO|FIXME|XXX)\b|\bNotImplementedError|coming soon|lorem ipsum|not yet implemented", re.I
)
# Matches addresses that a lock file might carry, without this file carrying one itself.
ADDRESS = re.compile(
    r"--(extra-)?index-url|--find-links|\"resolved\": *\"http|registry *= *\"?http|://[^ ]+\.(whl|tgz)\b"
)
PRODUCTION = {
    "ENDEAVOUR_MODE": "production",
    "SECRET_KEY": "check-only-" + "x7Kq" * 12,
    "ENDEAVOUR_HOSTS": "example.org",
    "DATABASE_URL": "sqlite:///:memory:",
}


def _tracked(*endings: str) -> list[Path]:
    names = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    return [ROOT / name for name in names if name.endswith(endings) and (ROOT / name).is_file()]


def _search(pattern: re.Pattern[str], files: list[Path]) -> list[str]:
    own = {ROOT / "scripts/check.py"}
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for path in files
        if path not in own
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]


def _run(*command: str, **environment: str) -> list[str]:
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    return (done.stdout + done.stderr).strip().splitlines()[-40:] if done.returncode else []


def _template_faults() -> list[str]:
    return _run(str(BIN / "python"), "scripts/lint_templates.py")


def main() -> int:
    """Run every check; returns how many failed."""
    python = str(BIN / "python")
    django = (python, "-m", "django")
    settings = {"DJANGO_SETTINGS_MODULE": "endeavour.settings"}
    text = _tracked(".py", ".html", ".md", ".toml", ".yaml", ".yml", ".css", ".js", ".sql", "Makefile", "run")
    checks = {
        "ruff": lambda: _run(str(BIN / "ruff"), "check", "--quiet", "."),
        "format": lambda: _run(str(BIN / "ruff"), "format", "--check", "--quiet", "."),
        "types": lambda: _run(python, "-m", "mypy", "src/endeavour"),
        "import contracts": lambda: _run(str(BIN / "lint-imports")),
        "system checks": lambda: _run(
            *django, "check", "--deploy", "--fail-level", "WARNING", **settings, **PRODUCTION
        ),
        "migrations": lambda: _run(*django, "makemigrations", "--check", "--dry-run", **settings),
        "templates": _template_faults,
        "no addresses": lambda: _search(ADDRESS, [*text, *_tracked(".lock", ".json", ".npmrc")]),
        "no unfinished words": lambda: _search(UNFINISHED, text),
    }
    failed = 0
    for name, check in checks.items():
        began = time.monotonic()
        faults = check()
        failed += bool(faults)
        print(f"{'FAILED' if faults else 'ok':>6}  {name} ({time.monotonic() - began:.1f} s)")
        for fault in faults:
            print(f"        {fault}")
    print(f"{len(checks) - failed} passed, {failed} failed")
    return failed


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
