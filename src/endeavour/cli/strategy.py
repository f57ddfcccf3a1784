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
    file: Annotated[Path, typer.Argument(help="The strategy as .txt, .md, .docx, .odt or .pdf.")],
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
    odt: Annotated[Path | None, typer.Option(help="Write an OpenDocument text here.")] = None,
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
    files = {"pdf": pdf, "large.pdf": large, "odt": odt, "txt": text, "csv": csv, "html": html}
    for form, path in files.items():
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
        str, typer.Option(help="The user name of whoever adds it: somebody who signs in for the owner.")
    ],
    as_json: Json = False,
) -> None:
    """Put a partner's plan in the library and propose which promises its objectives serve.

    Example: [bold]endeavour strategy plan objectives.csv --key council-2025 --title "Council plan" --owner a-council
    --start 2025-04-01 --end 2029-03-31 --by anna[/bold]
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


@app.command()
def measure(
    ref: Annotated[str, typer.Argument(help="The statement's number, such as W12.")],
    key: Annotated[str, typer.Argument(help="An id of the catalogue; see endeavour measure list.")],
    by: Annotated[str, typer.Option(help="The user name of whoever says so.")],
    agree: Annotated[bool, typer.Option("--agree", help="Agree to what somebody else proposed.")] = False,
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="Turn the proposal down, or withdraw what was agreed.")
    ] = False,
    baseline: Annotated[float | None, typer.Option(help="Where it starts.")] = None,
    baseline_on: Annotated[str, typer.Option(help="The day of that figure.")] = "",
    target: Annotated[float | None, typer.Option(help="Where it should get to.")] = None,
    target_on: Annotated[str, typer.Option(help="By which day.")] = "",
    as_json: Json = False,
) -> None:
    """Propose, agree or withdraw a measure of a promise; nobody agrees to what they proposed themselves.

    Example: [bold]endeavour strategy measure W12 early-cancer --target 75 --target-on 2028-12-31 --by analyst[/bold]
    """
    _django()
    from endeavour.core.public import today
    from endeavour.errors import BadInput
    from endeavour.strategy import measuring, plans

    person = plans.person_named(by)
    if agree and withdraw:
        raise BadInput("Give --agree or --withdraw, not both.")
    if agree or withdraw:
        made = measuring.decide_measure(by=person, ref=ref, measure_key=key, agree=agree)
    else:
        made = measuring.propose_measure(
            by=person, ref=ref, measure_key=key, baseline=baseline,
            baseline_on=_day(baseline_on) if baseline_on else None, target=target,
            target_on=_day(target_on) if target_on else None,
        )  # fmt: skip
    if as_json:
        _print(measuring.as_plain(made, at=today()) | {"statement": ref})
    _say(f"{ref}, {made.title}: {made.get_state_display()}.")


token_app = typer.Typer(help="Tokens with which programs write through the API.", no_args_is_help=True)
app.add_typer(token_app, name="token")


@token_app.command("issue")
def issue(
    person: Annotated[str, typer.Argument(help="The user name of whoever the program acts for.")],
    name: Annotated[str, typer.Option(help="What will use it.")],
    scope: Annotated[list[str], typer.Option(help="An action, or a part such as strategy; may be repeated.")],
    days: Annotated[int, typer.Option(help="For how many days it lasts, 1 to 366.")] = 90,
    as_json: Json = False,
) -> None:
    """Make a token and print it, this once; only its digest is kept.

    Example: [bold]endeavour strategy token issue anna --name "our plans" --scope strategy.plan[/bold]
    """
    _django()
    from endeavour.core.public import issue_token
    from endeavour.strategy import plans

    made, secret = issue_token(by=None, person=plans.person_named(person), name=name, scopes=scope, days=days)
    if as_json:
        _print({"key": made.key, "token": secret, "expires_at": made.expires_at.isoformat()})
    else:
        typer.echo(secret)
    _say(f"Token {made.key} lasts until {made.expires_at.date()}. It is shown this once.")


@token_app.command("list")
def tokens(as_json: Json = False) -> None:
    """List every token: whose, what for, until when. The secrets are nowhere."""
    _django()
    from endeavour.core.public import now, tokens_of

    moment = now()
    for token in tokens_of():
        until = f"until {token.expires_at.date()}" if token.held_at(moment) else "ended"
        if not as_json:
            typer.echo(
                f"{token.key}  {token.person.username:<20} {until:<20} {', '.join(token.scopes)}  {token.name}"
            )
    if as_json:
        _print(
            [
                {"key": t.key, "person": t.person.username, "name": t.name, "scopes": t.scopes,
                 "expires_at": t.expires_at.isoformat(), "open": t.held_at(moment)}
                for t in tokens_of()
            ]
        )  # fmt: skip


@token_app.command("revoke")
def revoke(key: Annotated[str, typer.Argument(help="The token's key, from the list.")]) -> None:
    """End a token at once."""
    _django()
    from endeavour.core.public import revoke_token

    _say(f"Token {revoke_token(by=None, key=key).key} has ended.")


def _day(text: str) -> Any:
    from endeavour.core.public import parse_day, today

    return parse_day(text) if text else today()
