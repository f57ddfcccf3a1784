"""`endeavour measure`: a measure's figures, its definition and its SQL."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup


class _NameFirst(TyperGroup):
    """Takes `measure NAME` as `measure show NAME`, so that the everyday form needs no verb."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            args = ["show", *args]
        return super().resolve_command(ctx, args)


app = typer.Typer(
    cls=_NameFirst,
    no_args_is_help=True,
    help="Measures: their figures, definitions and SQL.\n\n"
    "Example: endeavour measure core20 --json\n\nExample: endeavour measure explain smi-health-check",
)

PackName = Annotated[str, typer.Option("--pack", help="Whose measures: a pack's name or folder.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print data on standard output, nothing else.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="A measure's id; see endeavour measure list.")]


@app.command()
def show(
    name: Name,
    *,
    as_json: AsJson = False,
    pack: PackName = "mse",
    year: Annotated[int | None, typer.Option(help="Financial year's first year, such as 2023.")] = None,
    by: Annotated[
        list[str] | None, typer.Option(help="Only these groupings, such as place or imd_decile.")
    ] = None,
) -> None:
    """Print a measure's figures: endeavour measure core20 --json."""
    from endeavour.engine.measures.figures import figures

    found = figures(name, pack=pack, year=year, by=by)
    if as_json:
        _print_json(found.rows)
        return
    _print_table(found.title, found.columns, found.rows)
    for line in found.words:
        typer.echo(f"\n{line}", err=True)


@app.command()
def explain(name: Name, *, as_json: AsJson = False, pack: PackName = "mse") -> None:
    """Print a measure's definition and the one SQL statement it becomes."""
    from endeavour.engine.measures.figures import explanation

    found = explanation(name, pack=pack)
    if as_json:
        _print_json(found)
        return
    for label, text in found.items():
        typer.echo(f"{label.replace('_', ' ')}:\n  " + str(text).strip().replace("\n", "\n  "))


@app.command("list")
def list_measures(*, as_json: AsJson = False, pack: PackName = "mse") -> None:
    """List the catalogue: id, title, owner and whether the definition is the national one."""
    from endeavour.engine.measures.catalogue import Catalogue

    rows = [
        {"id": m.id, "title": m.title, "owner": m.owner, "standing": m.standing}
        for m in Catalogue.open(pack).measures
    ]
    if as_json:
        _print_json(rows)
        return
    _print_table("Measures", ["id", "title", "owner", "standing"], rows)


@app.command()
def release(
    *,
    pack: PackName = "mse",
    all_years: Annotated[
        bool,
        typer.Option("--all-years/--newest-year", help="Every year of the lake, for trends, or the newest."),
    ] = True,
    as_json: AsJson = False,
) -> None:
    """Publish every measure of the lake through the gate, for pages and the API to read: endeavour measure release."""
    from endeavour.engine.lake.store import Lake
    from endeavour.engine.measures.catalogue import Catalogue
    from endeavour.engine.measures.release import YEARS, build_release, current_release, published_figures

    lake = Lake.open()
    years = YEARS if all_years else YEARS[-1:]
    build_release(Catalogue.open(pack), lake, years=years, say=lambda text: typer.echo(text, err=True))
    told = {
        "release": current_release(),
        "lake": lake.id,
        "years": years,
        "figures": published_figures().num_rows,
    }
    if as_json:
        _print_json(told)
        return
    typer.echo(f"{told['figures']:,} figures in release {told['release']}. Synthetic residents.")


def _print_json(data: Any) -> None:
    import json

    typer.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))


def _print_table(title: str, columns: list[str], rows: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title)
    for column in columns:
        numeric = column in {"numerator", "denominator", "value", "low", "high"}
        table.add_column(column.replace("_", " "), justify="right" if numeric else "left")
    for row in rows:
        # Under a figure that is shown, the reason says nothing that the figure does not.
        told = row | {"reason": ""} if row.get("numerator") is not None else row
        table.add_row(*(_shown(told.get(column)) for column in columns))
    Console().print(table)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.1f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
