"""`endeavour cohort`: choose the First 5,000 by the published rule, and say what the choice costs and whom it misses."""

from __future__ import annotations

from typing import Annotated, Any

import typer

app = typer.Typer(
    no_args_is_help=True,
    help="Choose households by a published rule. Aggregates only; nothing about one household is printed.\n\n"
    "Example: endeavour cohort first-5000 --json",
)


@app.callback()
def cohort() -> None:
    """Choose households by a published rule."""


@app.command("first-5000")
def first_5000(
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print data on standard output, nothing else.")
    ] = False,
    pack: Annotated[str, typer.Option("--pack", help="Whose rule: a pack's name or folder.")] = "mse",
    size: Annotated[
        int | None, typer.Option(help="Choose so many instead, every floor in proportion; for a small lake.")
    ] = None,
    sensitive: Annotated[
        bool,
        typer.Option("--sensitivity/--no-sensitivity", help="Move every weight by 10% and choose again."),
    ] = True,
) -> None:
    """Choose, audit and freeze the cohort: size, gap, limits with their prices, fairness.

    Example: endeavour cohort first-5000 --json > cohort.json
    """
    from endeavour.engine.cohort.release import as_words, build_release
    from endeavour.engine.cohort.rule import open_rule
    from endeavour.engine.lake.backends import open_backend
    from endeavour.engine.lake.store import Lake

    rule = open_rule(pack) if size is None else open_rule(pack).for_size(size)
    lake = Lake.open()
    with open_backend(lake.sources()) as backend:
        summary = build_release(
            rule,
            backend,
            lake_id=lake.id,
            with_sensitivity=sensitive,
            say=lambda text: typer.echo(text, err=True),
        )
    if as_json:
        import json

        typer.echo(json.dumps(summary, ensure_ascii=False, indent=2))
        return
    for line in as_words(summary):
        typer.echo(line)
    _print("Limits", summary["constraints"], ["words", "chosen", "is_kept", "price"])
    ours = [row for row in summary["fairness"] if row["rule"] == "our rule"]
    _print("Fairness", ours, ["kind", "group", "in_need", "chosen", "chosen_per_1000_in_need"])
    if summary["sensitivity"]:
        _print(
            "Share of households that change when a weight moves 10%",
            summary["sensitivity"],
            ["weight", "percent_changed_less", "percent_changed_more"],
        )


def _print(title: str, rows: list[dict[str, Any]], columns: list[str]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title)
    for column in columns:
        table.add_column(column.replace("_", " "))
    for row in rows:
        table.add_row(*(_shown(row[column]) for column in columns))
    Console().print(table)


def _shown(value: Any) -> str:
    if value is None:
        return "hidden"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int | float) else str(value)
