"""`endeavour strategy`: import a strategy, say how its promises stand, write the annual report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(
    help="The strategy: import it, ask how its promises stand, write the annual report.", no_args_is_help=True
)
Json = Annotated[bool, typer.Option("--json", help="Print data as JSON on standard output.")]


def _say(*lines: str) -> None:
    for line in lines:
        typer.echo(line, err=True)


def _print(data: Any) -> None:
    typer.echo(json.dumps(data, indent=2, ensure_ascii=False, sort_keys=False))


def _django() -> None:
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "endeavour.settings")
    django.setup()


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="The strategy as .txt, .md, .docx or .pdf.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and report; store nothing.")] = False,
    supersede: Annotated[
        bool, typer.Option(help="This is a newer version of the strategy already imported.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Read a strategy into sections and verbatim statements.

    Numbers are the document's own: a gap is reported, never filled; a broken sentence is kept as printed.

    Example: [bold]endeavour strategy import integrated-care-strategy.docx --dry-run[/bold]
    """
    from endeavour.strategy.importer import read_strategy

    read = read_strategy(file)
    stored = None
    if not dry_run:
        _django()
        from endeavour.strategy.public import import_document

        stored = import_document(read, by=None, filename=file.name, supersede=supersede)
    if as_json:
        _print({**read.as_json(), "stored": stored})
    counts = read.as_json()["counts"]
    assert isinstance(counts, dict)
    _say(f"{read.title}: {counts['we']} We and {counts['i']} I statements in {counts['sections']} sections.")
    for month, number in counts["due"].items():
        _say(f"  due {month}: {number}")
    _say(*(f"  {note}" for note in read.notes))
    if stored is not None:
        _say(
            f"Stored: {stored['added']} new, {stored['unchanged']} unchanged, {stored['superseded']} superseded."
        )
    else:
        _say("Nothing was stored (--dry-run).")
