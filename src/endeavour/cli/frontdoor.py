"""`endeavour frontdoor`: search, index, export, import, validate."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from endeavour.cli.talk import say, table
from endeavour.errors import BadInput

app = typer.Typer(no_args_is_help=True, help="One front door: find help, exchange directories, print guides.")
Json = Annotated[bool, typer.Option("--json", help="Print data instead of words.")]


def _ready() -> None:
    from endeavour.cli.building import django_ready

    django_ready()


def _directory_is_loaded() -> bool:
    from django.db import DatabaseError

    from endeavour.frontdoor.queries import services_exist

    try:
        return services_exist()
    except DatabaseError:
        return False


def _prepare() -> None:
    """Make sure there is something to search: the directory, loaded from the pack on first use."""
    from django.conf import settings

    from endeavour.cli.building import migrate
    from endeavour.frontdoor.public import load_directory
    from endeavour.frontdoor.queries import rebuild_index, search_root

    if not _directory_is_loaded():
        say("Loading the pack's services first.")
        migrate()
        load_directory(settings.PACK, by=None)
    elif not (search_root() / "current").is_file():
        rebuild_index()


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="What you need, in your own words and language.")],
    near: Annotated[str, typer.Option(help="A town or a postcode.")] = "",
    age: Annotated[int | None, typer.Option(help="The age of the person it is for.", min=0, max=120)] = None,
    free: Annotated[bool, typer.Option("--free", help="Only what costs nothing.")] = False,
    open_now: Annotated[bool, typer.Option("--open-now", help="Only what is open now.")] = False,
    limit: Annotated[int, typer.Option(help="How many services at most.", min=1, max=20)] = 5,
    as_json: Json = False,
) -> None:
    """Find help in your own words.

    Example: endeavour frontdoor search "mum keeps falling" --near Tilbury
    """
    _ready()
    _prepare()
    from endeavour.frontdoor.presenters import ranked_rows
    from endeavour.frontdoor.queries import find_help

    found = find_help(query, near=near, age=age, free_only=free, open_now=open_now, limit=limit)
    rows = ranked_rows(found)
    if found.answer and not found.answer.meaning_used:
        say("Searching by words only: the encoder is not installed (pip install 'common-endeavour[search]').")
    if found.place_unknown:
        say(f"We do not know the place '{found.place_unknown}'; the answers are for everywhere.")
    if found.answer and found.answer.weak and not found.topics:
        say("Nothing fits well; these are the nearest. Try other words, or ring 111.")
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))  # noqa: T201
        return
    for topic in found.topics:
        say(f"[bold]{topic.heading}[/bold]\n{topic.words}\n")
    table("Help for what you wrote", ["", "service", "id", "because"], [
        [str(at), row["name"], row["id"], "; ".join(row["because"])] for at, row in enumerate(rows, 1)
    ])  # fmt: skip


@app.command()
def index(as_json: Json = False) -> None:
    """Bring the search index up to date with the directory.

    Example: endeavour frontdoor index
    """
    _ready()
    from endeavour.frontdoor.queries import rebuild_index

    done = rebuild_index()
    _report(done, as_json, f"The index holds {done['services']} services; {done['encoded']} texts were new.")


@app.command()
def validate(
    feed: Annotated[
        Path, typer.Argument(help="A file of services, or a folder with service_list.json and the rest.")
    ],
    schemas: Annotated[
        Path | None, typer.Option(help="Use the standard's own schemas in this folder.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Say whether an Open Referral UK 3.0 feed is valid: pass, warn or fail.

    Example: endeavour frontdoor validate partner/feed --json

    Without --schemas it uses our own short schema: the standard's are CC BY-SA and are not part of this project.
    """
    from endeavour.frontdoor.oruk.validate import validate_feed

    report = validate_feed(feed, schemas=schemas)
    lines = [
        f"{e['endpoint']} {e['record']}: {'; '.join(e['problems'])}"
        for e in [*report.failures, *report.warnings]
    ]
    _report(
        report.as_data(),
        as_json,
        "\n".join([f"{report.verdict}: {report.records} records, {report.schemas}", *lines[:50]]),
    )
    if report.verdict == "fail":
        raise typer.Exit(65)


@app.command(name="import")
def import_(
    feed: Annotated[
        str, typer.Argument(help="An address, a JSON or CSV file, a folder of either, or a feed of the pack.")
    ],
    key: Annotated[str, typer.Option(help="The short name of this feed; the same name reads it again.")] = "",
    name: Annotated[str, typer.Option(help="Who publishes it.")] = "",
    licence: Annotated[str, typer.Option(help="Under which licence.")] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change; change nothing.")
    ] = False,
    seconds: Annotated[float, typer.Option(help="The longest an address may take.", min=1)] = 600,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Read an address inside a private network.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Read a partner's Open Referral feed into the directory; reading it again changes only what it changed.

    Example: endeavour frontdoor import https://council.example/services --key council --dry-run
    """
    _ready()
    _prepare()
    from endeavour.frontdoor.oruk.feed import About, import_feed
    from endeavour.frontdoor.oruk.fetching import Limits
    from endeavour.frontdoor.queries import rebuild_index
    from endeavour.frontdoor.shipped import shipped_feed

    shipped = shipped_feed(feed)
    reading = import_feed(
        source=shipped.folder if shipped else feed,
        key=key or (shipped.key if shipped else _key_needed()),
        about=shipped.about if shipped else About(name, licence),
        dry_run=dry_run,
        limits=Limits(seconds=seconds, allow_private=allow_private),
    )
    if not dry_run:
        rebuild_index()
    words = (f"{reading.added} added, {reading.changed} changed, {reading.same} the same, {reading.closed} closed, "
             f"{reading.rejected} rejected, {reading.cleaned} cleaned, {reading.duplicates} pairs to judge.")  # fmt: skip
    if dry_run:
        words = f"Nothing was changed. It would be: {words}"
    lines = reading.notes[:50]
    lines += [f"{r['record']} ({r['outcome']}): {'; '.join(r['problems'])}" for r in reading.report[:50]]
    _report(reading.as_data(), as_json, "\n".join([words, *lines]))


def _key_needed() -> str:
    raise BadInput("Give the feed a short name.", hint="Add --key, like --key council.")


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="Write here.")],
    feed: Annotated[str, typer.Option(help="Only this feed's records.")] = "",
    as_json: Json = False,
) -> None:
    """Write the whole directory as static pages and as an Open Referral file.

    Example: endeavour frontdoor export site
    """
    _ready()
    _prepare()
    from endeavour.frontdoor.static_pages import write_site

    done = write_site(folder, feed)
    _report(done, as_json, f"Wrote {done['pages']} pages and {done['services']} services to {folder}.")


@app.command()
def guide(
    path: Annotated[Path, typer.Argument(help="The PDF to write.")],
    place: Annotated[str, typer.Option(help="A town or a postcode.")] = "",
    topic: Annotated[str, typer.Option(help="A kind of help, like food.")] = "",
    large: Annotated[bool, typer.Option("--large", help="Large print.")] = False,
) -> None:
    """Print a guide to local help as a tagged PDF.

    Example: endeavour frontdoor guide tilbury.pdf --place Tilbury --large
    """
    _ready()
    _prepare()
    from endeavour.frontdoor.guides import guide_pdf
    from endeavour.paths import write_atomically

    with write_atomically(path) as part:
        part.write_bytes(guide_pdf(place=place, tag=topic, large=large))
    say(f"Wrote {path}.")


@app.command()
def remind(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be sent; send nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Remind people of records to check, changes to decide and requests that wait; run it once a day.

    Example: endeavour frontdoor remind --dry-run
    """
    _ready()
    from endeavour.frontdoor.reminders.actions import plan, send_reminders

    done = plan() if dry_run else send_reminders()
    data = {
        "letters": {address: [d.words for d in dues] for address, dues in done.letters.items()},
        "nobody_to_remind": [d.words for d in done.unaddressed],
        "reminded_this_week": done.waiting,
    }
    things = sum(map(len, done.letters.values()))
    words = [f"{'Would send' if dry_run else 'Sent'} {len(done.letters)} letters about {things} things.",
             f"{len(done.unaddressed)} things have nobody to remind; {done.waiting} were named within the week."]  # fmt: skip
    _report(data, as_json, "\n".join([*words, *(d.words for d in done.unaddressed[:20])]))


def _report(data: Any, as_json: bool, words: str) -> None:
    if as_json:
        print(json.dumps(data, ensure_ascii=False, indent=1))  # noqa: T201
    else:
        say(words)
