"""`endeavour pack`: compile, check and load one system's facts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from endeavour.cli.talk import say, step, table

app = typer.Typer(
    help="Packs: one system's areas, counts, bodies and indicators, as data.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)
Json = Annotated[bool, typer.Option("--json", help="Print data as JSON on standard output.")]


def _print(data: Any) -> None:
    typer.echo(json.dumps(data, indent=2, ensure_ascii=False, default=str))


@app.command("compile")
def compile_(
    source: Annotated[Path, typer.Option("--from", help="Folder of the publishers' files.")],
    out: Annotated[Path, typer.Option("--out", help="The pack's folder; made where it is not there.")],
    system: Annotated[str | None, typer.Option(help="Code of the ICB, for a new pack, as E54000026.")] = None,
    as_json: Json = False,
) -> None:
    """Compile the publishers' files into a pack's tables.

    Everything is checked before anything is replaced; what you wrote by hand is left alone. Tables whose files are
    not in the folder are named.

    Example: [bold]endeavour pack compile --from downloads --out packs/mse[/bold]

    A new one: [bold]endeavour pack compile --from downloads --out packs/cam --system E54000056[/bold]
    """
    from endeavour.pack.compile import compile_pack

    with step(f"Compiling {out.name}"):
        report = compile_pack(source, out, system=system)
    if as_json:
        _print({"folder": str(report.folder), "rows": report.rows, "not_compiled": report.not_compiled})
    say(f"{len(report.rows)} tables, {sum(report.rows.values()):,} rows.")
    for name, reason in report.not_compiled.items():
        say(f"  not compiled: {name} ({reason})")


@app.command()
def check(
    name: Annotated[str, typer.Argument(help="A pack's name, or its folder.")] = "mse", as_json: Json = False
) -> None:
    """Check every row of a pack: types, ranges, keys, references, and that parts add up to the whole.

    The first fault is named by file, line, column and reason.

    Example: [bold]endeavour pack check packs/mse[/bold]
    """
    from endeavour.pack import Pack
    from endeavour.pack.checks import check_pack

    pack = Pack.open(name)
    with step(f"Checking {pack.folder.name}"):
        rows = check_pack(pack)
    if as_json:
        _print({"pack": pack.meta.id, "digest": pack.digest(), "rows": rows, "well": True})
    say(f"{pack.meta.name}: {len(rows)} tables, {sum(rows.values()):,} rows, no fault.")


@app.command()
def load(name: Annotated[str, typer.Argument(help="A pack's name.")] = "mse", as_json: Json = False) -> None:
    """Load a pack: areas and bodies into the database, and the copy of its tables that pages read.

    All or nothing; loading the same pack again changes nothing.

    Example: [bold]endeavour pack load mse[/bold]
    """
    from endeavour.pack import Pack
    from endeavour.pack.checks import check_pack
    from endeavour.pack.store import compile_store

    _django()
    from endeavour.cli.building import migrate
    from endeavour.core.loading import load_pack

    pack = Pack.open(name)
    with step("Checking"):
        check_pack(pack)
    with step("Preparing the database"):
        migrate()
    with step("Loading areas and bodies"):
        loaded = load_pack(pack, by=None)
    with step("Writing the copy that pages read"):
        copy = compile_store(pack)
    if as_json:
        counts = {"added": loaded.added, "changed": loaded.changed, "removed": loaded.removed}
        _print({"pack": pack.meta.id, **counts, "copy": copy.name})
    say(
        f"{pack.meta.name}: {loaded.writes:,} rows written."
        if loaded.writes
        else "Already loaded: nothing changed."
    )


@app.command()
def info(
    name: Annotated[str, typer.Argument(help="A pack's name, or its folder.")] = "mse", as_json: Json = False
) -> None:
    """Say what a pack holds and where each table comes from.

    Example: [bold]endeavour pack info mse[/bold]
    """
    from endeavour.pack import Pack

    pack = Pack.open(name)
    tables = [
        {"table": n, "rows": pack.table(n).num_rows, **pack.provenance(n).model_dump(include={"publisher", "licence", "vintage", "source", "attribution"})}
        for n in pack.table_names()
    ]  # fmt: skip
    if as_json:
        _print({"pack": pack.meta.model_dump(), "tables": tables})
        return
    rows = [(t["table"], f"{t['rows']:,}", t["publisher"], t["vintage"]) for t in tables]
    table(f"{pack.meta.name} ({pack.meta.system})", ("table", "rows", "publisher", "vintage"), rows)


def _django() -> None:
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "endeavour.settings")
    django.setup()
