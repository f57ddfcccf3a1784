"""`endeavour frontdoor`: search, index, export, import, validate."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from endeavour.cli.talk import say, table

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


def _report(data: Any, as_json: bool, words: str) -> None:
    if as_json:
        print(json.dumps(data, ensure_ascii=False, indent=1))  # noqa: T201
    else:
        say(words)
