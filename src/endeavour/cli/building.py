"""What `endeavour up` builds, step by step; each step is whole or absent, and skipped when nothing it reads changed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

from endeavour.cli.talk import say, step
from endeavour.errors import UserError
from endeavour.paths import pack_dir, var_dir, write_atomically

# 5,000 households of a system of 1.2 million residents.
RESIDENTS_A_HOUSEHOLD_CHOSEN = 240


def django_ready() -> None:
    """Set Django up for a command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "endeavour.settings")
    import django

    django.setup()


def migrate() -> None:
    """Bring the database up to date; nothing happens when it is."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)


def fingerprint(folder: Path) -> str:
    """A checksum of every file of a folder, by name and content."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".pyc"):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


class Built:
    """What is already built, from which inputs, remembered in `var/built.json`."""

    def __init__(self) -> None:
        self.path = var_dir() / "built.json"
        self.seen: dict[str, str] = json.loads(self.path.read_text()) if self.path.is_file() else {}

    def once(
        self,
        name: str,
        inputs: str,
        words: str,
        work: Callable[[], object],
        *,
        still: bool = True,
        draws_itself: bool = False,
    ) -> None:
        """Do `work` unless it was done with the same inputs and its result is `still` there."""
        if still and self.seen.get(name) == inputs:
            say(f"[dim]✓ {words}: already done[/dim]")
            return
        with step(words, draws_itself=draws_itself):
            work()
        self.seen[name] = inputs
        with write_atomically(self.path) as part:
            part.write_text(json.dumps(self.seen, indent=1))


def build(*, residents: int | None = None) -> None:
    """Build the embedded system: database, pack, directory, lake, and what is known of its residents."""
    from django.conf import settings

    with step("Starting"):
        django_ready()
    built = Built()
    with step("Preparing the database"):
        migrate()
    load_facts(built, settings.PACK)
    build_lake(built, settings.PACK, residents)
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
    from endeavour.frontdoor.public import load_directory
    from endeavour.pack import Pack

    load_directory(Pack.open(name), by=None)


def _figures(name: str) -> None:
    from endeavour.pack import Pack
    from endeavour.pack.store import compile_store

    compile_store(Pack.open(name), var_dir())


def _people(name: str, residents: int | None) -> None:
    from endeavour.cli.lake import progress
    from endeavour.engine.synthetic.build import build_lake as draw
    from endeavour.pack import Pack

    with progress() as talk:
        draw(Pack.open(name), residents=residents, talk=talk)


def _segments(name: str) -> None:
    from endeavour.engine.cohort.segments import open_scores, open_segments
    from endeavour.engine.cohort.segments_release import build_segments
    from endeavour.engine.lake.backends import open_backend
    from endeavour.engine.lake.store import Lake

    lake = Lake.open()
    with open_backend(lake.sources()) as backend:
        build_segments(open_segments(name), open_scores(name), backend, lake_id=lake.id)


def _model(name: str) -> None:
    from endeavour.engine.cohort.model_release import build_model
    from endeavour.engine.cohort.need_model import open_need_model
    from endeavour.engine.lake.backends import open_backend
    from endeavour.engine.lake.store import Lake

    lake = Lake.open()
    with open_backend(lake.sources()) as backend:
        build_model(open_need_model(name), backend, lake_id=lake.id)


def _cohort(name: str, residents: int | None) -> None:
    from endeavour.engine.cohort.release import build_release
    from endeavour.engine.cohort.rule import open_rule
    from endeavour.engine.lake.backends import open_backend
    from endeavour.engine.lake.store import Lake

    lake = Lake.open()
    rule = open_rule(name)
    if residents is not None:
        # A smaller demonstration chooses in proportion: the rule's floors cannot be met by fewer people.
        rule = rule.for_size(max(10, residents // RESIDENTS_A_HOUSEHOLD_CHOSEN))
    with open_backend(lake.sources()) as backend:
        build_release(rule, backend, lake_id=lake.id, with_sensitivity=False, say=lambda _: None)


def _measures(name: str) -> None:
    from endeavour.engine.lake.store import Lake
    from endeavour.engine.measures.catalogue import Catalogue
    from endeavour.engine.measures.release import build_release

    build_release(Catalogue.open(name), Lake.open(), say=lambda _: None)


def build_lake(built: Built, name: str, residents: int | None) -> None:
    """Draw the synthetic residents."""
    from endeavour.engine import synthetic
    from endeavour.engine.lake.store import Lake

    try:
        whole = Lake.open() is not None
    except UserError:
        whole = False
    drawn = f"{fingerprint(pack_dir(name) / 'tables')} {fingerprint(Path(synthetic.__path__[0]))} {residents}"
    words = "Drawing the synthetic residents"
    built.once("lake", drawn, words, lambda: _people(name, residents), still=whole, draws_itself=True)


def build_results(built: Built, name: str, residents: int | None) -> None:
    """What is known of the residents: segments, a model of need, the cohort chosen with both, and the measures.

    Each passes its figures through the gate. The model comes before the cohort, whose reasons and audit use it.
    """
    from endeavour.engine.lake.store import Lake

    steps: tuple[tuple[str, str, str, Callable[[], object]], ...] = (
        ("segments", "segments", "Finding who needs what kind of care", lambda: _segments(name)),
        ("model", "protocols", "Learning what need looks like", lambda: _model(name)),
        ("cohort", "protocols", "Choosing the First 5,000 households", lambda: _cohort(name, residents)),
        ("measures", "measures", "Measuring Core20PLUS5", lambda: _measures(name)),
    )
    lake = Lake.open().id
    for shelf, folder, words, work in steps:
        there = (var_dir() / shelf / "current").is_file()
        built.once(shelf, f"{lake} {fingerprint(pack_dir(name) / folder)}", words, work, still=there)


def open_demonstration(built: Built) -> None:
    """Make the demo sign-ins and, for them to see, a caseload of the cohort in use."""
    from endeavour.core.accounts import ensure_demo_people
    from endeavour.core.public import Person, Role

    ensure_demo_people()
    cohort = (var_dir() / "cohort" / "current").read_text(encoding="ascii").strip()

    def opened() -> None:
        from endeavour.population.public import open_caseload

        open_caseload(by=Person.objects.get(username=Role.SECRETARY.value))

    built.once("caseload", cohort, "Opening the demonstration's caseload", opened)


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
