"""`endeavour lake`: build the synthetic population, see what is there, and how it compares with its sources."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from endeavour.engine.lake.store import Lake
    from endeavour.engine.synthetic.build import Talk

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="The person-level lake: synthetic residents, households, conditions and service events as Parquet.",
    epilog="Start with: [bold]endeavour lake build --residents 10000[/bold] (a second), or without a number for "
    "everybody.",
)
Json = Annotated[bool, typer.Option("--json", help="Print data as JSON on standard output.")]


@app.command(
    epilog="Example: [bold]endeavour lake build --residents 50000 --seed 7[/bold]. The same numbers give the same "
    "bytes; a lake that is already there is kept."
)
def build(
    residents: Annotated[
        int | None, typer.Option(help="How many people; the system's published number unless given.")
    ] = None,
    years: Annotated[int, typer.Option(help="Financial years of events, from April 2021.")] = 3,
    seed: Annotated[int | None, typer.Option(help="Another seed draws other people.")] = None,
    pack: Annotated[str, typer.Option(help="Whose margins to draw from.", envvar="ENDEAVOUR_PACK")] = "mse",
    force: Annotated[bool, typer.Option("--force", help="Build even when an equal lake is there.")] = False,
    as_json: Json = False,
) -> None:
    """Draw the synthetic population from the pack's published margins, and write the lake."""
    from endeavour.engine.synthetic.build import SEED, build_lake
    from endeavour.pack import Pack

    with progress() as talk:
        lake = build_lake(
            Pack.open(pack),
            residents=residents,
            years=years,
            seed=SEED if seed is None else seed,
            force=force,
            talk=talk,
        )
    _show_info(lake, as_json=as_json)


@app.command(epilog="Example: [bold]endeavour lake info --verify[/bold]")
def info(
    verify: Annotated[bool, typer.Option("--verify", help="Read every byte and compare checksums.")] = False,
    as_json: Json = False,
) -> None:
    """Say what the lake holds and what it was made from."""
    from endeavour.engine.lake.store import Lake

    lake = Lake.open()
    if verify:
        lake.verify()
    _show_info(lake, as_json=as_json, verified=verify)


@app.command(epilog="Example: [bold]endeavour lake calibration --all --json > calibration.json[/bold]")
def calibration(
    every: Annotated[bool, typer.Option("--all", help="Every figure, not one line a margin.")] = False,
    as_json: Json = False,
) -> None:
    """Compare the lake with every published margin: how many figures agree, and the largest difference."""
    from endeavour.engine.lake.store import Lake
    from endeavour.engine.synthetic.calibration import calibration_report, summary

    report = calibration_report(Lake.open())
    if as_json:
        _print_json(report.to_pylist() if every else summary(report))
        return
    if every:
        for row in report.to_pylist():
            sys.stdout.write("\t".join(str(row[name]) for name in report.column_names) + "\n")
        return
    _show_summary(summary(report))


def _show_summary(rows: list[dict[str, Any]]) -> None:
    from endeavour.cli.talk import table

    table(
        "The lake beside its sources",
        ("margin", "by", "figures", "within", "largest difference", "allowed there", "where"),
        [
            (
                row["margin"],
                row["level"],
                f"{row['figures']:,}",
                f"{row['within']:,}",
                f"{row['largest_difference']:,.4g} {row['unit']}",
                f"{row['tolerance_there']:,.4g}",
                row["where"],
            )
            for row in rows
        ],
    )


def _show_info(lake: Lake, *, as_json: bool, verified: bool = False) -> None:
    from endeavour.cli.talk import say, table

    facts = {
        "id": lake.id,
        "folder": str(lake.folder),
        "rows": lake.rows(),
        "files": len(lake.manifest.files),
        "bytes": lake.manifest.size,
        "recipe": lake.manifest.recipe,
        "verified": verified,
        "synthetic": True,
    }
    if as_json:
        _print_json(facts)
        return
    table(f"Lake {lake.id}", ("table", "rows"), [(name, f"{n:,}") for name, n in lake.rows().items()])
    recipe = lake.manifest.recipe
    say(
        f"{lake.manifest.size / 1e6:,.0f} MB in {len(lake.manifest.files)} files, seed {recipe['seed']}, "
        f"{recipe['years']} years. Every person is synthetic."
        + (" Every checksum agrees." if verified else "")
    )


def _print_json(data: Any) -> None:
    json.dump(data, sys.stdout, indent=1)
    sys.stdout.write("\n")


@contextmanager
def progress() -> Iterator[Talk]:
    """A progress bar on standard error that `build_lake` can talk to."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from endeavour.cli.talk import console

    columns = (TextColumn("{task.description:32}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console()) as bar:
        task = bar.add_task("reading the sources", total=1.0)
        yield lambda what, done: bar.update(task, description=what, completed=done)
