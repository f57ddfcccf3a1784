"""What `endeavour doctor` looks at: each finding says what is wrong and the command that mends it."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from endeavour.errors import PART_OF, UserError
from endeavour.paths import var_dir

MARKS = {"well": "[green]✓[/green]", "ill": "[red]✗[/red]", "absent": "[yellow]–[/yellow]"}
PURPOSES = {
    "engine": "statistics, the lake and packs",
    "linkage": "record linkage",
    "documents": "reading strategies from .docx and .pdf",
    "search": "search in other languages",
    "feeds": "checking directory feeds and meetings' calendars",
    "models": "a second model of need",
    "spark": "running on Spark",
}
"""What each optional part is for; `_printing` tries that of PDF itself."""


@dataclass(frozen=True)
class Finding:
    """One thing looked at: `well`, `ill` (must be mended) or `absent` (optional)."""

    what: str
    state: str
    words: str
    mend: str = ""

    def row(self) -> list[str]:
        """As a row of the table for a person."""
        from rich.markup import escape

        return [MARKS[self.state], *map(escape, (self.what, self.words, self.mend))]


def examine(*, verify: bool = False) -> list[Finding]:
    """Look at everything; never raises, so that one fault does not hide another."""
    looks: list[tuple[str, Callable[[], Iterator[Finding]]]] = [
        ("settings", _settings),
        ("database", _database),
        ("pack", _pack),
        ("lake", lambda: _lake(verify)),
        ("disk", _disk),
        ("design system", _assets),
        ("printing", _printing),
        ("extras", _extras),
    ]
    findings: list[Finding] = []
    for what, look in looks:
        try:
            findings += look()
        except UserError as error:
            findings.append(Finding(what, "ill", error.message, error.hint))
        except Exception as error:  # noqa: BLE001 - a doctor that faints helps nobody; the words say what happened
            findings.append(Finding(what, "ill", f"{type(error).__name__}: {error}", "endeavour up"))
    return findings


def _settings() -> Iterator[Finding]:
    from endeavour.cli.building import django_ready

    django_ready()
    from django.conf import settings
    from django.core.checks import run_checks

    faults = run_checks()
    for fault in faults:
        yield Finding("settings", "ill", str(fault.msg), str(fault.hint or ""))
    if not faults:
        yield Finding(
            "settings", "well", f"{settings.MODE} mode, pack {settings.PACK}, engine {settings.ENGINE}"
        )


def migrations_waiting() -> int:
    """How many changes the database still lacks; Django is set up."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _database() -> Iterator[Finding]:
    from django.db import connection

    if waiting := migrations_waiting():
        yield Finding("database", "ill", f"{waiting} migrations are waiting", "endeavour up --build-only")
        return
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
            sound = cursor.execute("PRAGMA quick_check").fetchone()[0]
        if mode != "wal" or sound != "ok":
            yield Finding(
                "database",
                "ill",
                f"SQLite in {mode} mode, check says {sound}",
                "endeavour restore YOUR-BACKUP",
            )
            return
    yield Finding("database", "well", f"{connection.vendor}, up to date")
    from endeavour.core.public import Area, Body

    areas, bodies = Area.objects.count(), Body.objects.count()
    state = "well" if areas and bodies else "ill"
    yield Finding(
        "facts", state, f"{areas:,} areas, {bodies:,} bodies", "" if areas else "endeavour up --build-only"
    )


def _pack() -> Iterator[Finding]:
    from django.conf import settings

    from endeavour.pack import Pack

    pack = Pack.open(settings.PACK)
    yield Finding("pack", "well", f"{settings.PACK}: {len(pack.table_names())} tables")


def _lake(verify: bool) -> Iterator[Finding]:
    from endeavour.engine.lake import Lake

    lake = Lake.open()
    if verify:
        lake.verify()
    rows = ", ".join(f"{count:,} {name}" for name, count in lake.rows().items())
    yield Finding("lake", "well", rows + (" (every checksum agrees)" if verify else ""))


def _disk() -> Iterator[Finding]:
    folder = var_dir()
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free / 1e9
    enough = free > 5
    yield Finding(
        "disk",
        "well" if enough else "ill",
        f"{free:.0f} GB free",
        "" if enough else "free 5 GB or set ENDEAVOUR_VAR",
    )


def _assets() -> Iterator[Finding]:
    from django.conf import settings
    from django.contrib.staticfiles import finders

    if not finders.find("vendor/nhsuk/nhsuk-frontend.min.css"):
        yield Finding("design system", "ill", "not installed", "make setup")
    elif settings.PRODUCTION and not (settings.STATIC_ROOT / "staticfiles.json").is_file():
        yield Finding("design system", "ill", "installed, not laid out", "endeavour up --build-only")
    else:
        yield Finding("design system", "well", "installed")


def _printing() -> Iterator[Finding]:
    try:
        from weasyprint import HTML

        HTML(string="<p>Well</p>").write_pdf()
    except (ImportError, OSError) as error:
        yield Finding(
            "printing", "absent", f"no PDF: {error}"[:120], "apt-get install libpango-1.0-0 libpangoft2-1.0-0"
        )
        return
    yield Finding("printing", "well", "PDF can be written")


def _extras() -> Iterator[Finding]:
    for part, purpose in PURPOSES.items():
        needed = [package for package, of in PART_OF.items() if of == part]
        present = all(importlib.util.find_spec(package) is not None for package in needed)
        mend = "" if present else f"pip install 'common-endeavour[{part}]'"
        yield Finding(part, "well" if present else "absent", purpose, mend)
