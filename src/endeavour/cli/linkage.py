"""`endeavour linkage`: link people and households across agencies, say why, and how well."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from endeavour.engine.linkage.results import Result

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Link the agencies' extracts into people and households. Nothing about one person is printed.",
    epilog="Start with: [bold]endeavour linkage extracts[/bold], then [bold]endeavour linkage run[/bold].",
)
Json = Annotated[bool, typer.Option("--json", help="Print data as JSON on standard output.")]
From = Annotated[
    Path | None, typer.Option("--from", help="The folder of extracts; the installation's own unless given.")
]
Pseudonymised = Annotated[bool, typer.Option("--pseudonymised", help="Without names: work with keyed codes.")]


@app.command(
    epilog="Example: [bold]endeavour linkage extracts --csv[/bold]. The same lake and seed give the same bytes."
)
def extracts(
    seed: Annotated[int | None, typer.Option(help="Another seed draws other names and mistakes.")] = None,
    csv: Annotated[bool, typer.Option("--csv", help="Write CSV instead of Parquet.")] = False,
    as_json: Json = False,
) -> None:
    """Write five agencies' synthetic extracts, with every usual mistake in them, from the lake's residents."""
    from endeavour.cli.talk import say, table
    from endeavour.engine.lake.store import Lake
    from endeavour.engine.linkage.paths import linkage_dir
    from endeavour.engine.synthetic.extracts.build import SEED, build_extracts

    rows = build_extracts(Lake.open(), seed=SEED if seed is None else seed, csv=csv, talk=_talk)
    if as_json:
        _print({"records": rows, "folder": str(linkage_dir() / "extracts"), "synthetic": True})
        return
    table("Extracts", ("agency", "records"), [(name, f"{count:,}") for name, count in rows.items()])
    say(
        "Every person is synthetic. The truth, for `endeavour linkage evaluate` alone, stands in a folder of its own."
    )


@app.command(epilog="Example: [bold]endeavour linkage run --json[/bold]. Known people keep their numbers.")
def run(
    folder: From = None,
    pseudonymised: Pseudonymised = False,
    afresh: Annotated[bool, typer.Option("--afresh", help="Forget known people and learnt weights.")] = False,
    most: Annotated[int | None, typer.Option(help="The most records that one agency may give.")] = None,
    as_at: Annotated[
        datetime | None, typer.Option(help="The day the extracts speak of.", formats=["%Y-%m-%d"])
    ] = None,
    as_json: Json = False,
) -> None:
    """Link the extracts; the result in use is replaced only when the new one is whole."""
    from endeavour.engine.linkage.extract_format import MOST_RECORDS
    from endeavour.engine.linkage.keyed_run import run_keyed
    from endeavour.engine.linkage.run import run_linkage

    link = run_keyed if pseudonymised else run_linkage
    result = link(
        extracts=folder,
        afresh=afresh,
        most=most or MOST_RECORDS,
        as_at=as_at.date() if as_at else None,
        talk=_talk,
    )
    _show(result, as_json=as_json)


@app.command(epilog="Example: [bold]endeavour linkage pseudonymise --from extracts --to keyed[/bold]")
def pseudonymise(
    to: Annotated[Path, typer.Option("--to", help="The folder to write keyed extracts in.")],
    folder: From = None,
) -> None:
    """Turn extracts into keyed codes, as each agency does before it sends anything: no name, date or number is left."""
    from endeavour.cli.talk import say
    from endeavour.engine.linkage.keys import pseudonymise_extracts
    from endeavour.engine.linkage.paths import linkage_dir

    rows = pseudonymise_extracts(folder or linkage_dir() / "extracts", to)
    say(f"{sum(rows.values()):,} records of {len(rows)} agencies. Send these; keep the extracts.")


@app.command(epilog="Example: [bold]endeavour linkage explain nhs:17 housing:204[/bold]")
def explain(
    left: Annotated[str, typer.Argument(help="A record, as AGENCY:RECORD.")],
    right: Annotated[str, typer.Argument(help="Another.")],
    folder: From = None,
    pseudonymised: Pseudonymised = False,
    as_json: Json = False,
) -> None:
    """Say why two records are, or are not, one person: each comparison's weight, in words."""
    from endeavour.engine.linkage.explain import explain as told_of
    from endeavour.engine.linkage.paths import keyed_dir

    told = told_of(left, right, root=keyed_dir() if pseudonymised else None, extracts=folder)
    if as_json:
        _print(told)
        return
    for line in _words(told):
        sys.stdout.write(line + "\n")


@app.command(epilog="Example: [bold]endeavour linkage evaluate --json[/bold]")
def evaluate(pseudonymised: Pseudonymised = False, as_json: Json = False) -> None:
    """Compare the result in use with the truth of the synthetic extracts: precision and recall over pairs."""
    from endeavour.cli.talk import table
    from endeavour.engine.linkage.evaluate import evaluate as judged
    from endeavour.engine.linkage.paths import keyed_dir
    from endeavour.engine.linkage.results import open_result

    told = judged(open_result(keyed_dir() if pseudonymised else None))
    if as_json:
        _print(told)
        return
    rows = [("everybody", told["people"]), *told["by_agency"].items()]
    if "households" in told:
        rows.append(("households without doubts", told["households"]))
    table(
        "Pairs of records (households: pairs of people)",
        ("among", "precision", "recall", "pairs found", "true pairs"),
        [
            (
                name,
                f"{r['precision']:.4%}",
                f"{r['recall']:.3%}",
                f"{r['pairs_found']:,}",
                f"{r['pairs_true']:,}",
            )
            for name, r in rows
        ],
    )


def _show(result: Result, *, as_json: bool) -> None:
    from endeavour.cli.talk import say, table

    summary = result.summary
    if as_json:
        _print({"result": result.name, **summary})
        return
    made = [(f"links: {name}", f"{count:,}") for name, count in summary["links_made"].items()]
    waiting = [(f"to review: {name}", f"{count:,}") for name, count in summary["to_review"].items()]
    table(
        f"Linkage {result.name}",
        ("what", "how many"),
        [
            *((f"records of {name}", f"{count:,}") for name, count in summary["given"].items()),
            ("left out: national data opt-out", f"{summary['opted_out']:,}"),
            ("people", f"{summary['people']:,}"),
            ("of them new", f"{summary['new_people']:,}"),
            *made,
            *(
                (f"pairs {name}", f"{count:,}")
                for name, count in summary["pairs"].items()
                if name.startswith("kept")
            ),
            *waiting,
            *((name, f"{count:,}") for name, count in summary["households"].items()),
        ],
    )
    say("Explain a pair with: endeavour linkage explain AGENCY:RECORD AGENCY:RECORD")


def _words(told: dict[str, Any]) -> list[str]:
    """The explanation as lines to read."""
    left, right = told["left"], told["right"]
    if told["is_one_person"]:
        lines = [f"{left} and {right} count as one person, number {told['person'][left]}."]
    else:
        numbers = " and ".join(str(told["person"][name]) for name in (left, right))
        lines = [f"{left} and {right} count as two people, numbers {numbers}."]
    lines += [
        f"  {link['left_id']} and {link['right_id']}: {link['by']}, {link['asserted_on']}. {link['reason']}"
        for link in told["links"]
    ]
    lines += [f"  The guard keeps them apart: {words}." for words in told["guard"]]
    if told["factors"]:
        lines.append("The evidence, in bits (each doubles the odds that they are one person):")
        lines += [
            f"  {f['weight']:+7.2f}  {f['field'].replace('_', ' ')}: {f['words']}" for f in told["factors"]
        ]
        lines.append(
            f"  {told['weight']:+7.2f}  together: a chance of {told['probability']:.2%}, before the guard"
        )
    return lines


def _talk(what: str) -> None:
    from endeavour.cli.talk import say

    say(what)


def _print(data: Any) -> None:
    json.dump(data, sys.stdout, indent=1)
    sys.stdout.write("\n")
