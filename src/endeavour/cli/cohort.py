"""`endeavour cohort`: segments, the model of need, the First 5,000 by a published rule, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from endeavour.engine.lake.backends import Backend
    from endeavour.engine.lake.store import Lake

app = typer.Typer(
    no_args_is_help=True,
    help="Who needs what, who would be helped first, and what came of it. Only figures that passed the gate are "
    "printed; nothing about one person or household.\n\n"
    "In order: segments, model, first-5000, follow-up. Each result is kept under its own name in the var folder, and "
    "the pages show the latest.\n\n"
    "Example: endeavour cohort first-5000 --json",
)


@app.callback()
def cohort() -> None:
    """Who needs what, who would be helped first, and what came of it."""


Json = Annotated[bool, typer.Option("--json", help="Print data on standard output, nothing else.")]
PackName = Annotated[str, typer.Option("--pack", help="Whose definitions: a pack's name or folder.")]


@app.command()
def segments(*, as_json: Json = False, pack: PackName = "mse") -> None:
    """Put everybody in one segment by the kind of care needed, with a multimorbidity and a frailty score.

    Definitions are the pack's segments/segments.yaml and scores.yaml: conditions in order of precedence, published
    weights, and what is not collected. Every figure passes the gate; people who opted out are not counted.

    Example: endeavour cohort segments --json > segments.json
    """
    from endeavour.engine.cohort.linked_lake import people_in_use
    from endeavour.engine.cohort.segments import open_scores, open_segments
    from endeavour.engine.cohort.segments_release import build_segments
    from endeavour.engine.lake.store import Lake

    summary = build_segments(open_segments(pack), open_scores(pack), people_in_use(Lake.open()))
    if as_json:
        _print_json(summary)
        return
    columns = ["name", "people", "percent", "mean_age", "mean_multimorbidity", "mean_emergency_admissions"]
    typer.echo(f"Counted: {summary['population']['words']}. Synthetic residents.")
    _print(summary["title"], summary["segments"], columns)
    frail = [row for row in summary["frailty"]["rows"] if row["kind"] == "place"]
    _print(f"{summary['frailty']['title']}, aged 65 or over", frail, ["group", "band", "people", "percent"])


class ModelKind(StrEnum):
    """The two learners."""

    logistic = "logistic"
    lightgbm = "lightgbm"


@app.command()
def model(
    *,
    as_json: Json = False,
    pack: PackName = "mse",
    kind: Annotated[ModelKind, typer.Option(help="lightgbm needs the 'models' part.")] = ModelKind.logistic,
    beside: Annotated[
        bool, typer.Option("--beside/--alone", help="Fit the other kind too and compare; takes longer.")
    ] = False,
) -> None:
    """Fit the model of need (not cost), test it on a later year, and write its weights and its card.

    The card says how good it is and for whom: calibration by deprivation, ethnicity and sex; whom one threshold finds
    in each decile; and whom a model of cost would have chosen instead. Look in the folder it names for weights.csv
    and card.md. People who opted out are in none of it.

    Example: endeavour cohort model --json > card.json
    """
    from endeavour.engine.cohort.linked_lake import people_in_use
    from endeavour.engine.cohort.model_release import SHELF, build_model
    from endeavour.engine.cohort.need_model import open_need_model
    from endeavour.engine.lake.store import Lake

    definition = open_need_model(pack)
    people = people_in_use(Lake.open())
    summary = build_model(definition, people, kind=kind.value, beside=beside, say=_tell)
    if as_json:
        _print_json(summary)
        return
    found = summary["performance"]
    typer.echo(f"{summary['title']}: {summary['model']}, release {summary['release']}. Synthetic residents.")
    typer.echo(
        f"It ranks a person who met a crisis above one who did not {found['auc']:.1%} of the time; expected "
        f"{found['expected']:.2%}, observed {found['observed']:.2%}."
    )
    _print(
        "Calibration (per cent)", summary["calibration"], ["kind", "group", "expected", "observed", "ratio"]
    )
    _print(
        "Found by one threshold", summary["threshold"]["rows"], ["group", "crises", "found", "found_percent"]
    )
    _print(
        "Chosen by need and by cost", summary["label_audit"], ["label", "kind", "group", "percent_of_chosen"]
    )
    typer.echo(f"The card and the weights are in {SHELF.current_folder()}.")


@app.command("first-5000")
def first_5000(
    *,
    as_json: Json = False,
    pack: PackName = "mse",
    size: Annotated[
        int | None, typer.Option(help="Choose so many instead, every floor in proportion; for a small lake.")
    ] = None,
    sensitive: Annotated[
        bool,
        typer.Option("--sensitivity/--no-sensitivity", help="Move every weight by 10% and choose again."),
    ] = True,
    lake_only: Annotated[
        bool, typer.Option("--lake", help="Among the lake's own households, even where records were linked.")
    ] = False,
) -> None:
    """Choose, audit and freeze the cohort: size, gap, limits with their prices, fairness.

    The rule is the pack's protocols/first-5000.yaml. Households are those linked from the agencies' records where they
    were linked (endeavour cohort from-extracts), else the lake's own; the answer says which. The gap says by how much any other choice could at most be
    better; each limit's price says what it costs in need. Beside our rule stand simpler ones: most hospital use,
    highest cost, postcode alone and, where a model was fitted on this lake, highest predicted risk. A rule that nobody
    could keep is refused with the fewest limits that conflict and the nearest rule that could be kept.

    Example: endeavour cohort first-5000 --json > cohort.json
    """
    from endeavour.engine.cohort.proposal import propose, sources_in_use
    from endeavour.engine.cohort.rule import open_rule
    from endeavour.engine.lake.store import Lake

    rule, lake = open_rule(pack) if size is None else open_rule(pack).for_size(size), Lake.open()
    with _conflict_as_data(as_json):
        summary = propose(
            rule,
            lake,
            sources=None if lake_only else sources_in_use(lake),
            with_sensitivity=sensitive,
            say=_tell,
        )
    _show_cohort(summary, as_json=as_json)


@app.command("from-extracts")
def from_extracts(
    *,
    as_json: Json = False,
    pack: PackName = "mse",
    size: Annotated[
        int | None, typer.Option(help="Choose so many instead, every floor in proportion.")
    ] = None,
    most: Annotated[int | None, typer.Option(help="The most records that one agency may give.")] = None,
    sensitive: Annotated[
        bool,
        typer.Option("--sensitivity/--no-sensitivity", help="Move every weight by 10% and choose again."),
    ] = True,
    pseudonymised: Annotated[
        bool, typer.Option("--pseudonymised", help="Link by the agencies' codes: no name is read.")
    ] = False,
) -> None:
    """From agencies' extracts to the published First 5,000, in one command.

    Links people and households, counts each linked person once in segments and in Core20PLUS5 with its inequality,
    chooses by the rule, audits fairness and what imperfect linkage does to both, keeps a comparison group, and publishes
    only what passed the gate.
    Steps done already are skipped; one that fails leaves what was published. Extracts and
    facts stand in the var folder under linkage; without any, synthetic ones are drawn from the lake. What they hold:
    docs/how-to/link-agencies.md.

    Example: endeavour cohort from-extracts --json > cohort.json
    """
    from endeavour.cli.from_extracts import propose_from_extracts

    with _conflict_as_data(as_json):
        summary = propose_from_extracts(
            pack=pack, size=size, most=most, with_sensitivity=sensitive, keyed=pseudonymised
        )
    _show_cohort(summary, as_json=as_json)


@app.command("pseudonymise-facts")
def pseudonymise_facts(
    folder: Annotated[Path, typer.Option("--from", help="The folder of facts, one folder an agency.")],
    to: Annotated[Path, typer.Option("--to", help="The folder to write in; replaced whole.")],
) -> None:
    """Put codes in the place of property numbers in what is known of homes, as whoever holds the secret does.

    Facts about records bear no name and go as they are. Extracts become codes with: endeavour linkage pseudonymise.

    Example: endeavour cohort pseudonymise-facts --from facts --to keyed-facts
    """
    from endeavour.engine.cohort.keyed_facts import pseudonymise_facts as write_coded

    typer.echo(f"{write_coded(folder, to):,} homes. Send {to}; keep {folder}.")


@contextmanager
def _conflict_as_data(as_json: bool) -> Iterator[None]:
    """A rule that nobody could keep, as data where data were asked for."""
    from endeavour.engine.cohort.choose import InfeasibleRule

    try:
        yield
    except InfeasibleRule as error:
        if not as_json:
            raise
        _print_json(
            {
                "error": error.kind, "message": error.message, "hint": error.hint,
                "conflicting": error.conflicting, "nearest": error.nearest,
            }
        )  # fmt: skip
        raise typer.Exit(error.exit_code) from error


def _show_cohort(summary: dict[str, Any], *, as_json: bool) -> None:
    from endeavour.engine.cohort.release import as_words

    if as_json:
        _print_json(summary)
        return
    for line in as_words(summary):
        typer.echo(line)
    _print("Limits", summary["constraints"], ["words", "chosen", "is_kept", "price", "price_words"])
    ours = [row for row in summary["fairness"] if row["rule"] == "our rule"]
    _print("Fairness", ours, ["kind", "group", "chosen", "chosen_per_1000_in_need", "need_at_threshold"])
    if summary["sensitivity"]:
        _print(
            "Share of households that change when a weight moves 10%",
            summary["sensitivity"],
            ["weight", "percent_changed_less", "percent_changed_more"],
        )
    if summary.get("linkage", {}).get("missed"):
        _print(
            "People known by several records, and whose records lie apart",
            summary["linkage"]["missed"],
            ["kind", "group", "people", "apart", "percent_apart"],
        )


@app.command("follow-up")
def follow_up(
    *,
    as_json: Json = False,
    year: Annotated[int | None, typer.Option(help="The year to look at, by the April it began in.")] = None,
    planted: Annotated[
        float | None,
        typer.Option(
            help="Show the method: draw a year in which this share of stays is prevented, 0 to 0.99."
        ),
    ] = None,
    runs: Annotated[int, typer.Option(help="Draw so many such years and count the intervals that hold.")] = 1,
) -> None:
    """Say what the offer changed: the chosen nearest the line beside the comparison group, with a 95% interval.

    Looks in the lake for the year after the choice. A lake without it can still show the method on a planted effect.

    Example: endeavour cohort follow-up --planted 0.2 --runs 200 --json
    """
    from endeavour.engine.cohort.features import LATEST_YEAR
    from endeavour.engine.cohort.follow_up import follow_up as compare

    with _lake() as (lake, backend):
        summary = compare(
            backend, lake_id=lake.id, year=year or LATEST_YEAR + 1, planted=planted, runs=runs
        )  # fmt: skip
    if as_json:
        _print_json(summary)
        return
    typer.echo(f"Change in {summary['outcome']}: {summary['effect']['words']}. Synthetic residents.")
    typer.echo(f"{summary['offered']:,} offered beside {summary['compared']:,} compared.")
    drawn = summary["planted"]
    if drawn:
        typer.echo(
            f"The year was drawn by computer with an effect of {drawn['truth']:+.2f}. Drawn again, the interval held the "
            f"effect in {drawn['covered']:,} of {drawn['runs']:,} years."
        )


@contextmanager
def _lake() -> Iterator[tuple[Lake, Backend]]:
    """The lake in use and an engine over it."""
    from endeavour.engine.lake.backends import open_backend
    from endeavour.engine.lake.store import Lake

    lake = Lake.open()
    with open_backend(lake.sources()) as backend:
        yield lake, backend


def _tell(text: str) -> None:
    typer.echo(text, err=True)


def _print_json(summary: dict[str, Any]) -> None:
    import json

    typer.echo(json.dumps(summary, ensure_ascii=False, indent=2))


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
