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

    from endeavour.errors import Missing

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "endeavour.settings")
    django.setup()
    from django.db import connection

    if "strategy_statement" not in connection.introspection.table_names():
        raise Missing("The database has not been set up.", hint="Run: endeavour up")


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


@app.command()
def status(
    as_at: Annotated[
        str, typer.Option(help="The day asked about, such as 2024-04-01; today by default.")
    ] = "",
    kind: Annotated[str, typer.Option(help="we, i, duty or all.")] = "all",
    as_json: Json = False,
) -> None:
    """Say how every promise stands, worked out from what was recorded by that day.

    Example: [bold]endeavour strategy status --as-at 2024-04-01 --json[/bold]
    """
    _django()
    from endeavour.errors import BadInput
    from endeavour.strategy import presenters, queries

    kinds = {"we": ("we",), "i": ("i",), "duty": ("duty",), "all": ("we", "i", "duty")}
    if kind not in kinds:
        raise BadInput(f"'{kind}' is not a kind.", hint="Give we, i, duty or all.")
    day = _day(as_at)
    rows = queries.judged(*kinds[kind], at=day)
    if as_json:
        _print([queries.as_plain(item) for item in rows])
    else:
        for item in rows:
            row = presenters.row(item)
            typer.echo(f"{row.ref:<6} {row.standing.words:<24} {row.flag_words}")
    _say(presenters.headline(queries.standing_counts(rows), day))


@app.command()
def export(as_json: Json = False) -> None:
    """Print every statement in force with its words, our paraphrase, source and dates, as JSON.

    Example: [bold]endeavour strategy export > statements.json[/bold]
    """
    del as_json
    _django()
    from endeavour.strategy import queries

    _print([queries.exported(said) for said in queries.statements()])


@app.command()
def report(
    as_at: Annotated[str, typer.Option(help="The day the report is about; today by default.")] = "",
    release: Annotated[
        str, typer.Option(help="A frozen release, by the first 8 or more characters of its name.")
    ] = "",
    freeze: Annotated[bool, typer.Option("--freeze", help="Keep this report as a release.")] = False,
    pdf: Annotated[Path | None, typer.Option(help="Write a tagged PDF here.")] = None,
    large: Annotated[Path | None, typer.Option(help="Write a large-print PDF here.")] = None,
    text: Annotated[Path | None, typer.Option(help="Write plain text here.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Write every figure here as CSV.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write one web page here.")] = None,
    as_json: Json = False,
) -> None:
    """Write the annual report; the same release gives the same bytes.

    Example: [bold]endeavour strategy report --freeze --pdf report.pdf[/bold]
    """
    _django()
    from django.conf import settings

    from endeavour.paths import write_atomically
    from endeavour.strategy.report import freezing
    from endeavour.strategy.report.content import build, digest
    from endeavour.strategy.report.render import render

    if release:
        content = freezing.release_named(release).content
    elif freeze:
        content = freezing.freeze_report(by=None, as_at=_day(as_at)).content
    else:
        content = build(_day(as_at))
    for form, path in {"pdf": pdf, "large.pdf": large, "txt": text, "csv": csv, "html": html}.items():
        if path is not None:
            with write_atomically(path.resolve()) as part:
                part.write_bytes(render(content, form, site=settings.PUBLIC_URL))
            _say(f"Wrote {path}.")
    if as_json:
        _print({"sha256": digest(content), **content})
    else:
        _say(
            content["title"],
            content["headline"],
            f"Release {digest(content)}{'' if freeze or release else ' (draft)'}",
        )


@app.command()
def plan(
    file: Annotated[Path, typer.Argument(help="A CSV with the columns ref and text: the plan's objectives.")],
    key: Annotated[str, typer.Option(help="A short name for the plan, such as council-plan-2025.")],
    title: Annotated[str, typer.Option(help="What the plan is called.")],
    owner: Annotated[str, typer.Option(help="The key of the body it belongs to, such as thurrock-council.")],
    start: Annotated[str, typer.Option(help="The plan's first day, such as 2025-04-01.")],
    end: Annotated[str, typer.Option(help="The plan's last day.")],
    by: Annotated[
        str, typer.Option(help="The user name of whoever adds it: the owner's own, or the secretariat's.")
    ],
    as_json: Json = False,
) -> None:
    """Put a partner's plan in the library and propose which promises its objectives serve.

    Example: [bold]endeavour strategy plan objectives.csv --key council-2025 --title "Council plan" --owner a-council
    --start 2025-04-01 --end 2029-03-31 --by secretary[/bold]
    """
    _django()
    from endeavour.strategy import plans

    objectives = plans.read_objectives(file)
    made = plans.add_plan(
        by=plans.person_named(by), key=key, title=title, owner=owner, period_from=_day(start), period_to=_day(end),
        objectives=objectives,
    )  # fmt: skip
    if as_json:
        _print({"plan": made.key, "objectives": len(objectives)})
    _say(
        f"{made.title}: {len(objectives)} objectives. A person must now confirm what each serves, at /partner-plans."
    )


def _day(text: str) -> Any:
    from endeavour.core.public import parse_day, today

    return parse_day(text) if text else today()
