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
    """A checksum of every file of a pack, by name and content."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
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
    """Build the embedded system: database, pack, lake, first cohort, directory."""
    from django.conf import settings

    with step("Starting"):
        django_ready()
    built = Built()
    with step("Preparing the database"):
        migrate()
    load_facts(built, settings.PACK)
    build_lake(built, settings.PACK, residents)
    if settings.DEMO:
        from endeavour.core.accounts import ensure_demo_people

        ensure_demo_people()


def load_facts(built: Built, name: str) -> None:
    """Load the pack's areas, bodies, statements and services, and the figures that pages read."""
    from endeavour.core.loading import load_pack
    from endeavour.core.public import Body
    from endeavour.frontdoor.public import load_directory
    from endeavour.pack import Pack
    from endeavour.pack.store import compile_store
    from endeavour.strategy.public import load_statements

    inputs = fingerprint(pack_dir(name))
    filled = Body.objects.exists()
    pack = Pack.open(name)
    built.once("areas", inputs, "Loading areas and bodies", lambda: load_pack(pack, by=None), still=filled)
    built.once(
        "statements", inputs, "Loading statements", lambda: load_statements(pack, by=None), still=filled
    )
    built.once("directory", inputs, "Loading services", lambda: load_directory(pack, by=None), still=filled)
    stored = (var_dir() / "pack").is_dir()
    built.once(
        "figures", inputs, "Preparing the figures", lambda: compile_store(pack, var_dir()), still=stored
    )


def build_lake(built: Built, name: str, residents: int | None) -> None:
    """Build the synthetic residents, then choose the first cohort from them by the pack's rule."""
    from endeavour.cli.lake import progress
    from endeavour.engine.cohort.release import build_release, cohort_dir
    from endeavour.engine.cohort.rule import open_rule
    from endeavour.engine.lake.backends import open_backend
    from endeavour.engine.lake.schema import SCHEMA_VERSION
    from endeavour.engine.lake.store import Lake
    from endeavour.engine.synthetic.build import GENERATOR_VERSION
    from endeavour.engine.synthetic.build import build_lake as draw
    from endeavour.pack import Pack

    try:
        lake: Lake | None = Lake.open()
    except UserError:
        lake = None

    def people() -> None:
        with progress() as talk:
            draw(Pack.open(name), residents=residents, talk=talk)

    drawn = f"{fingerprint(pack_dir(name) / 'tables')} {residents} {SCHEMA_VERSION} {GENERATOR_VERSION}"
    built.once(
        "lake", drawn, "Drawing the synthetic residents", people, still=lake is not None, draws_itself=True
    )
    lake = Lake.open()

    def choose() -> None:
        with open_backend(lake.sources()) as backend:
            build_release(
                open_rule(name), backend, lake_id=lake.id, with_sensitivity=False, say=lambda _: None
            )

    inputs = f"{lake.id} {fingerprint(pack_dir(name) / 'protocols')}"
    built.once(
        "cohort",
        inputs,
        "Choosing the First 5,000 households",
        choose,
        still=(cohort_dir() / "current").is_file(),
    )


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
