"""What `endeavour up` builds, step by step; each step is whole or absent, and skipped when nothing it reads changed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from endeavour.cli.talk import say, step
from endeavour.errors import Conflict, UserError
from endeavour.paths import pack_dir, var_dir, write_atomically

if TYPE_CHECKING:
    from endeavour.engine.cohort.rule import Rule
    from endeavour.engine.lake.store import Lake

# 5,000 households of a system of 1.2 million residents.
RESIDENTS_A_HOUSEHOLD_CHOSEN = 240
ABOUT_ALL = 0.9

LINKED_AT_ONCE = 200_000
"""A demonstration of so many residents links its records at its first start; more would take a minute too long."""
PLANTED, YEARS_DRAWN = 0.2, 200


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

    def has(self, name: str, inputs: str) -> bool:
        """Whether it was done with the same inputs."""
        return self.seen.get(name) == inputs

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
        if still and self.has(name, inputs):
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
    # Residents need no database, and the database takes one core only: a process of its own draws them meanwhile.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as beside:
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


def _segments(name: str) -> None:
    from endeavour.engine.cohort.segments import open_scores, open_segments
    from endeavour.engine.cohort.segments_release import build_segments

    build_segments(open_segments(name), open_scores(name), _people_in_use())


def _model(name: str) -> None:
    from endeavour.engine.cohort.model_release import build_model
    from endeavour.engine.cohort.need_model import open_need_model

    build_model(open_need_model(name), _people_in_use())


def _rule(name: str, size: int | None) -> Rule:
    """The pack's rule; for a small lake, of so many households in proportion: few people cannot meet its floors."""
    from endeavour.engine.cohort.rule import open_rule
    from endeavour.engine.lake.store import Lake

    rule = open_rule(name)
    residents = Lake.open().rows()["person"]
    if size is None and residents < rule.size * RESIDENTS_A_HOUSEHOLD_CHOSEN * ABOUT_ALL:
        size = max(10, residents // RESIDENTS_A_HOUSEHOLD_CHOSEN)
    return rule if size is None else rule.for_size(size)


def _measures(name: str) -> None:
    from endeavour.engine.cohort.linkage_effect import beside_measures
    from endeavour.engine.lake.store import Lake
    from endeavour.engine.measures.catalogue import Catalogue
    from endeavour.engine.measures.release import build_release

    catalogue, lake = Catalogue.open(name), Lake.open()
    beside = beside_measures(catalogue, lake, pack=name)
    build_release(
        catalogue,
        _people_in_use(),
        say=lambda _: None,
        warn=lambda words: say(f"  [dim]{words}[/dim]"),
        beside=beside,
    )


def _people_in_use() -> Lake:
    """Whom measures, segments and the model of need count: linked people, or the residents where nobody was linked."""
    from endeavour.engine.cohort.linked_lake import people_in_use
    from endeavour.engine.lake.store import Lake

    return people_in_use(Lake.open())


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

    Each passes its figures through the gate. The model comes before the cohort, whose reasons and audit use it.
    """
    from endeavour.cli.from_extracts import gather, link
    from endeavour.engine.lake.store import Lake

    if residents is not None and residents <= LINKED_AT_ONCE:
        link(built, Lake.open())
    gather(built, name)
    build_needs(built, name)
    choose_cohort(built, name)
    rehearse_follow_up(built)
    build_measures(built, name)


def build_needs(built: Built, name: str) -> None:
    """Everybody's segment and the model of need, both of the people whom measures count."""
    _shelved(
        built, name, "segments", "segments", "Finding who needs what kind of care", lambda: _segments(name),
        counts=_people_in_use(),
    )  # fmt: skip
    _shelved(
        built, name, "model", "protocols", "Learning what need looks like", lambda: _model(name),
        counts=_people_in_use(),
    )  # fmt: skip


def build_measures(built: Built, name: str) -> None:
    """Every measure of the catalogue."""
    from endeavour.engine.measures.release import MADE_BY

    _shelved(
        built, name, "measures", "measures", "Measuring Core20PLUS5", lambda: _measures(name),
        counts=_people_in_use(), also=MADE_BY,
    )  # fmt: skip


def choose_cohort(
    built: Built, name: str, *, size: int | None = None, with_sensitivity: bool | None = None
) -> None:
    """Choose by the pack's rule, among linked households where records were linked, else among the lake's own.

    What happens when a weight moves is worked out with it, unless it is asked without.
    """
    from endeavour.engine.cohort.agency_facts import facts_dir
    from endeavour.engine.cohort.proposal import propose, sources_in_use
    from endeavour.engine.lake.store import Lake

    lake = Lake.open()
    sources = sources_in_use(lake, pack=name)

    def work() -> None:
        moved = with_sensitivity is not False
        propose(_rule(name, size), lake, sources=sources, with_sensitivity=moved, say=lambda _: None)

    base = f"{sources.result.name} {fingerprint(facts_dir(sources.root))}" if sources else "lake"
    # Who asks for a size or for sensitivity wants it now; a plain start keeps what they chose.
    keeps = size is None and (not with_sensitivity or _has_sensitivity())
    _shelved(
        built, name, "cohort", "protocols", "Choosing the First 5,000 households", work,
        also=f"{base} {built.seen.get('model', '')}", still=keeps,
    )  # fmt: skip


def _has_sensitivity() -> bool:
    from endeavour.engine.cohort.release import current_summary

    try:
        return bool(current_summary()["sensitivity"])
    except UserError:
        return False


def rehearse_follow_up(built: Built) -> None:
    """Show the method of follow-up on a drawn year with a planted effect, which says that it is a rehearsal."""
    from endeavour.engine.cohort.follow_up import follow_up
    from endeavour.engine.lake.backends import open_backend
    from endeavour.engine.lake.store import Lake

    lake = Lake.open()
    if "truth" not in lake.sources():
        return  # only a synthetic lake knows what would have happened

    def work() -> None:
        with open_backend(lake.sources()) as backend:
            try:
                follow_up(backend, lake_id=lake.id, planted=PLANTED, runs=YEARS_DRAWN)
            except Conflict as error:
                say(f"  [dim]{error.message} Nothing was followed up.[/dim]")

    cohort = (var_dir() / "cohort" / "current").read_text(encoding="ascii").strip()
    built.once("follow-up", cohort, "Rehearsing the follow-up", work)


def _shelved(
    built: Built,
    name: str,
    shelf: str,
    folder: str,
    words: str,
    work: Callable[[], object],
    *,
    also: str = "",
    still: bool = True,
    counts: Lake | None = None,
) -> None:
    """Do the work of one shelf unless it was done with this lake and these definitions, and is `still` wanted so.

    `counts` is the lake whose people are counted, the installation's own unless given.
    """
    from endeavour.engine.lake.store import Lake

    there = still and (var_dir() / shelf / "current").is_file()
    inputs = f"{(counts or Lake.open()).id} {fingerprint(pack_dir(name) / folder)} {also}".rstrip()
    built.once(shelf, inputs, words, work, still=there)


def open_demonstration(built: Built) -> None:
    """Make the demo sign-ins and, for them to see, a paper before two boards, a caseload of the cohort in use and requests."""
    from endeavour.core.accounts import ensure_demo_people
    from endeavour.core.public import Person, Role
    from endeavour.frontdoor.public import rehearse
    from endeavour.governance.public import illustrate

    ensure_demo_people()
    illustrate(by=Person.objects.get(username=Role.SECRETARY.value))
    rehearse(by=Person.objects.get(username=Role.SECRETARY.value))
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
