"""Commands of the person who runs the installation: `up`, `doctor`, `backup`, `restore`."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from endeavour.cli.talk import say, table
from endeavour.errors import Conflict

if TYPE_CHECKING:
    from endeavour.core.backup import TableSum


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    for command in (up, doctor, backup, restore):
        app.command()(command)


def up(
    port: Annotated[int, typer.Option(help="Serve on this port.")] = 8000,
    host: Annotated[str, typer.Option(help="Serve on this address.")] = "127.0.0.1",
    residents: Annotated[
        int | None, typer.Option(help="Synthetic residents; all of the system's where omitted.")
    ] = None,
    build_only: Annotated[
        bool, typer.Option("--build-only", help="Build, then stop without serving.")
    ] = False,
    workers: Annotated[int, typer.Option(help="Server processes.")] = 2,
) -> None:
    """Build what is missing, then serve the site.

    Example: endeavour up --port 8080

    Building is safe to interrupt: every step is whole or absent, and the next start goes on from there.
    """
    from endeavour.cli import building, serving

    if not build_only:
        serving.refuse_taken_port(host, port)
    building.build(residents=residents)
    serving.lay_out_static()
    if build_only:
        return
    building.print_welcome(host, port)
    serving.serve(host, port, workers)


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print data instead of words.")] = False,
    verify: Annotated[
        bool, typer.Option("--verify", help="Read every file of the lake against its checksum.")
    ] = False,
    remove_demo_people: Annotated[
        bool, typer.Option(help="Close every demonstration sign-in first.")
    ] = False,
) -> None:
    """Say what is missing or wrong, and the command that mends it.

    Example: endeavour doctor --json | jq '.[] | select(.state != "well")'
    """
    from endeavour.cli import doctoring

    if remove_demo_people:
        from endeavour.cli.building import django_ready

        django_ready()
        from endeavour.core.accounts import deactivate_demo_people

        say(f"Closed {deactivate_demo_people(by=None)} demonstration sign-ins.")
    findings = doctoring.examine(verify=verify)
    if as_json:
        print(json.dumps([finding.__dict__ for finding in findings], indent=1))  # noqa: T201
    else:
        table("How this installation is", ["", "what", "state", "to mend it"], [f.row() for f in findings])
    if any(f.state == "ill" for f in findings):
        sys.exit(69)


def backup(
    path: Annotated[
        Path | None,
        typer.Argument(help="Where to write it; a dated name in the current folder where omitted."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the tables and checksums as JSON.")] = False,
) -> None:
    """Write the whole database, its papers and who was chosen to one file that either database can restore.

    Example: endeavour backup /backups/monday.tar.gz

    The synthetic or linked lake is not in it: it is rebuilt from its sources. Keep the file as carefully as the
    database: it holds what the database holds, and the chosen households.
    """
    from endeavour.cli.building import django_ready

    django_ready()
    _refuse_another_version()
    from endeavour.core.backup import write_backup
    from endeavour.core.clock import now

    target = path or Path(f"endeavour-{now():%Y-%m-%d-%H%M}.tar.gz")
    _report(write_backup(target), as_json, f"Backed up to {target}")


def restore(
    path: Annotated[Path, typer.Argument(help="A file that endeavour backup wrote.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the tables and checksums as JSON.")] = False,
) -> None:
    """Restore a backup into an empty database, all or nothing, and check it against its checksums.

    Example: ENDEAVOUR_VAR=/srv/new endeavour restore monday.tar.gz
    """
    from endeavour.cli.building import django_ready, migrate

    django_ready()
    from endeavour.core.backup import require_backup, restore_backup

    require_backup(path)
    migrate()
    from endeavour.population.public import hand_over_judgements

    sums = restore_backup(path)
    # What people judged of doubtful pairs is in the database; linkage reads it from a file, which no backup holds.
    hand_over_judgements()
    _report(sums, as_json, f"Restored {path.name}")


def _refuse_another_version() -> None:
    from endeavour.cli.doctoring import migrations_waiting

    if waiting := migrations_waiting():
        raise Conflict(
            f"This database is of an earlier version: {waiting} migrations are waiting.",
            hint="Back it up with the version that wrote it, or bring it up to date first: endeavour up --build-only",
        )


def _report(sums: Sequence[TableSum], as_json: bool, words: str) -> None:
    if as_json:
        print(json.dumps([s.__dict__ for s in sums], indent=1))  # noqa: T201
        return
    rows = [[s.table, f"{s.rows:,}", s.sha256[:16]] for s in sums if s.rows]
    table(words, ["table", "rows", "checksum"], rows)
