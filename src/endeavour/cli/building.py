"""What `endeavour up` builds, step by step; each step is whole or absent, and skipped when nothing it reads changed."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path

from endeavour.cli.built import Built, fingerprint
from endeavour.cli.linking import gather, link
from endeavour.cli.results import begin_measures, build_needs, choose_cohort, rehearse_follow_up
from endeavour.cli.talk import say, step
from endeavour.errors import UserError
from endeavour.paths import pack_dir, var_dir
from endeavour.processes import processes

LINKED_AT_ONCE = 200_000
"""A demonstration of so many residents links its records at its first start; more would take a minute too long."""


def django_ready() -> None:
    """Set Django up for a command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "endeavour.settings")
    import django

    django.setup()


def migrate() -> None:
    """Bring the database up to date; nothing happens when it is."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)


def build(*, residents: int | None = None) -> None:
    """Build the embedded system: database, pack, directory, lake, and what is known of its residents."""
    from django.conf import settings

    with step("Starting"):
        django_ready()
    built = Built()
    # Residents need no database, and the database takes one core only: a process of its own draws them meanwhile.
    with processes(1) as beside:
        finish_lake = begin_lake(built, settings.PACK, residents, beside)
        with step("Preparing the database"):
            migrate()
        load_facts(built, settings.PACK)
        finish_lake()
    build_results(built, settings.PACK, residents)
    if settings.DEMO:
        open_demonstration(built)


def load_facts(built: Built, name: str) -> None:
    """Load the pack's areas, bodies, statements and services, and the figures that pages read."""
    from endeavour.core.public import Body

    inputs = fingerprint(pack_dir(name))
    filled = Body.objects.exists()
    stored = (var_dir() / "pack").is_dir()
    built.once("areas", inputs, "Loading areas and bodies", lambda: _areas(name), still=filled)
    built.once("statements", inputs, "Loading statements", lambda: _statements(name), still=filled)
    built.once("directory", inputs, "Loading services", lambda: _services(name), still=filled)
    built.once("figures", inputs, "Preparing the figures", lambda: _figures(name), still=stored)


# Each step imports what it needs when it is needed: a start that finds everything built loads no NumPy and no Arrow.
def _areas(name: str) -> None:
    from endeavour.core.loading import load_pack
    from endeavour.pack import Pack

    load_pack(Pack.open(name), by=None)


def _statements(name: str) -> None:
    from endeavour.pack import Pack
    from endeavour.strategy.public import load_statements

    load_statements(Pack.open(name), by=None)


def _services(name: str) -> None:
    from endeavour.frontdoor.public import load_directory, load_shipped_feeds
    from endeavour.pack import Pack

    load_directory(Pack.open(name), by=None)
    load_shipped_feeds()


def _figures(name: str) -> None:
    from endeavour.pack import Pack
    from endeavour.pack.store import compile_store

    compile_store(Pack.open(name), var_dir())


def _people(name: str, residents: int | None) -> None:
    from endeavour.engine.synthetic.build import build_lake
    from endeavour.pack import Pack

    build_lake(Pack.open(name), residents=residents)


def begin_lake(built: Built, name: str, residents: int | None, beside: Executor) -> Callable[[], None]:
    """Begin to draw the synthetic residents unless they are there; what is given back waits for them."""
    from endeavour.engine import synthetic
    from endeavour.engine.lake.store import Lake

    try:
        whole = Lake.open() is not None
    except UserError:
        whole = False
    drawn = f"{fingerprint(pack_dir(name) / 'tables')} {fingerprint(Path(synthetic.__path__[0]))} {residents}"
    words = "Drawing the synthetic residents, begun at the start"
    if whole and built.has("lake", drawn):
        return lambda: built.once("lake", drawn, words, lambda: None)
    drawing = beside.submit(_people, name, residents)
    return lambda: built.once("lake", drawn, words, drawing.result, still=False)


def build_results(built: Built, name: str, residents: int | None) -> None:
    """What is known of the residents: segments, a model of need, the cohort chosen with both, and the measures.

    Each passes its figures through the gate. The model comes before the cohort, whose reasons and audit use it; the
    measures need neither, and most of what those do takes one core only.
    """
    from endeavour.engine.lake.store import Lake

    if residents is not None and residents <= LINKED_AT_ONCE:
        link(built, Lake.open())
    gather(built, name)
    with processes(1) as beside:
        finish_measures = begin_measures(built, name, beside)
        build_needs(built, name)
        choose_cohort(built, name)
        rehearse_follow_up(built)
        finish_measures()


def open_demonstration(built: Built) -> None:
    """Make the demo sign-ins and, for them to see, a paper before two boards, a caseload of the cohort in use and requests."""
    from endeavour.core.accounts import ensure_demo_people
    from endeavour.core.public import Person, Role
    from endeavour.engine.cohort.release import choice_of, current_summary
    from endeavour.frontdoor.public import rehearse
    from endeavour.governance.public import illustrate

    ensure_demo_people()
    illustrate(by=Person.objects.get(username=Role.SECRETARY.value))
    rehearse(by=Person.objects.get(username=Role.SECRETARY.value))

    def opened() -> None:
        from endeavour.population.public import open_caseload

        open_caseload(by=Person.objects.get(username=Role.SECRETARY.value))

    built.once("caseload", choice_of(current_summary()), "Opening the demonstration's caseload", opened)


def print_welcome(host: str, port: int) -> None:
    """Print the address and, in a demonstration, how to sign in."""
    from django.conf import settings

    shown = "localhost" if host in {"127.0.0.1", "0.0.0.0", "::1"} else host  # noqa: S104 - only compared
    say(f"\n[bold]Common Endeavour is at http://{shown}:{port}[/bold]")
    if settings.DEMO:
        from endeavour.core.accounts import DEMO_PASSWORD
        from endeavour.core.public import Role

        say(f"Sign in as {', '.join(role.value for role in Role)}; the password of each is {DEMO_PASSWORD}.")
    say("Every resident is synthetic; the areas, statistics and statements are real. Stop with Ctrl-C.\n")
