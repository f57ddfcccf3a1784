"""`endeavour measure`: a measure's figures, its definition and its SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from endeavour.engine.lake.store import Lake


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

    found = figures(name, people=_people, pack=pack, year=year, by=by)
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
        typer.echo(f"{label.replace('_', ' ')}:\n  " + _told(text).strip().replace("\n", "\n  "))


def _told(value: Any) -> str:
    """A field of a definition as a person reads it.

    >>> _told(["sex", "place"]), _told([{"of": ["place", "sex"]}, {"of": ["sex", "plus"]}])
    ('sex, place', 'place by sex, sex by plus')
    >>> _told({"value": 60.0, "by": None, "set_by": "Core20PLUS5", "trajectory": [{"by": "2026-03-31", "value": 50.0}]})
    'value 60, set by Core20PLUS5, trajectory by 2026-03-31, value 50'
    """
    if isinstance(value, dict):
        if set(value) == {"of"}:
            return " by ".join(value["of"])
        parts = ((name.replace("_", " "), part) for name, part in value.items() if part not in (None, "", []))
        return ", ".join(f"{name} {_told(part)}" for name, part in parts)
    if isinstance(value, list):
        return ", ".join(_told(one) for one in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


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
    from endeavour.engine.cohort.linkage_effect import beside_measures
    from endeavour.engine.lake.store import Lake
    from endeavour.engine.measures.catalogue import Catalogue
    from endeavour.engine.measures.release import YEARS, about_release, build_release, published_figures

    catalogue, years = Catalogue.open(pack), YEARS if all_years else YEARS[-1:]
    beside = beside_measures(catalogue, Lake.open(), pack=pack)
    build_release(
        catalogue, _people(), years=years, say=lambda text: typer.echo(text, err=True), beside=beside
    )
    told = about_release() | {"years": years, "figures": published_figures().num_rows}
    if as_json:
        _print_json(told)
        return
    typer.echo(f"{told['figures']:,} figures in release {told['release']}. Synthetic residents.")
    typer.echo(f"Counted: {told['population']['words']}.")
    if told["linkage"]:
        columns = ["title", "value", "perfect_value", "sii", "perfect_sii", "words"]
        _print_table("What linkage does to Core20PLUS5", columns, told["linkage"])


def _people() -> Lake:
    """The lake whose people are counted: that of linked people where records were linked."""
    from endeavour.engine.cohort.linked_lake import people_in_use
    from endeavour.engine.lake.store import Lake

    return people_in_use(Lake.open())


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
