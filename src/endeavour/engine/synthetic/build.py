"""Build the lake: draw the population of a pack's system and its service events, and put them in place whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from endeavour.engine.lake import schema
from endeavour.engine.lake.backends import engine_name, require_engine
from endeavour.engine.lake.manifest import FileEntry, Manifest, describe
from endeavour.engine.lake.store import Lake, building, finish
from endeavour.engine.synthetic import population
from endeavour.engine.synthetic.from_pack import PackTables, margins_from
from endeavour.engine.synthetic.margins import Margins
from endeavour.engine.synthetic.one_system import LARGEST_SYSTEM, systems_of, write_system, write_whole
from endeavour.engine.synthetic.sampling import Ints
from endeavour.errors import BadInput
from endeavour.paths import lake_dir

GENERATOR_VERSION = 2
"""Raised whenever the same seed would draw other people."""

SEED = 20210321
FEWEST_RESIDENTS = 2_000
"""With fewer, some small area would have children and no adult to live with."""

MOST_RESIDENTS = 60_000_000
MOST_YEARS = 10


class LakePack(PackTables, Protocol):
    """A pack as the builder needs it: tables, and a digest that changes when any fact does."""

    def digest(self) -> str:
        """SHA-256 of the pack's facts."""


@dataclass(frozen=True)
class Recipe:
    """What a lake is made from. Two equal recipes give the same bytes."""

    residents: int
    years: int
    seed: int
    pack: str
    schema_version: int = schema.SCHEMA_VERSION
    generator_version: int = GENERATOR_VERSION

    def as_dict(self) -> dict[str, Any]:
        """For the manifest."""
        return dict(self.__dict__)


Talk = Callable[[str, float], None]
"""Told what is being done and how much of the whole is done, 0 to 1."""


def build_lake(
    pack: LakePack,
    *,
    residents: int | None = None,
    years: int = 3,
    seed: int = SEED,
    root: Path | None = None,
    force: bool = False,
    talk: Talk = lambda _what, _done: None,
) -> Lake:
    """Build the lake of a pack and make it the current one; keep the one there is when it has the same recipe.

    `residents` is the published number unless given. BadInput for a size or span out of range, Conflict when
    another build is under way, Missing when the pack lacks tables or the disk is full. Until the last moment readers
    see the lake that was there before.
    """
    require_engine()
    root = root or lake_dir()
    margins = margins_from(pack)
    recipe = Recipe(
        residents=_checked(int(margins.residents.sum()) if residents is None else residents, years, seed),
        years=years,
        seed=seed,
        pack=pack.digest(),
    )
    ready = None if force else _ready(root, recipe)
    if ready is not None:
        talk("nothing to do: the lake is up to date", 1.0)
        return ready
    with building(root) as part:
        entries = list(_write(part, margins, recipe, talk))
        talk("checking against the sources", 0.97)
        entries.append(_calibrate(part, margins, recipe, entries))
        talk("putting it in place", 0.99)
        return finish(root, part, Manifest(recipe=recipe.as_dict(), files=tuple(entries)))


def _ready(root: Path, recipe: Recipe) -> Lake | None:
    from endeavour.errors import UserError

    try:
        lake = Lake.open(root)
    except UserError:
        return None
    return lake if lake.manifest.recipe == recipe.as_dict() else None


def _checked(residents: int, years: int, seed: int) -> int:
    if not FEWEST_RESIDENTS <= residents <= MOST_RESIDENTS:
        raise BadInput(
            f"{residents:,} residents are out of range.",
            hint=f"Ask for {FEWEST_RESIDENTS:,} to {MOST_RESIDENTS:,}.",
        )
    if not 1 <= years <= MOST_YEARS:
        raise BadInput(f"{years} years are out of range.", hint=f"Ask for 1 to {MOST_YEARS}.")
    if not 0 <= seed < 2**32:
        raise BadInput(
            f"The seed {seed} is out of range.", hint="Ask for a whole number from 0 to 4,294,967,295."
        )
    return residents


def _write(part: Path, margins: Margins, recipe: Recipe, talk: Talk) -> Iterator[FileEntry]:
    """Write every table, one system at a time or, on Spark, all at once; give the entry of each finished file."""
    registered = np.zeros(len(margins.practices.code), np.int64)
    for entries, patients in _systems(part, margins, recipe, talk):
        registered += patients
        yield from entries
    table = population.practice_table(margins, registered)
    yield write_whole(part, schema.PRACTICE, part / "practice" / "part-0001.parquet", table)


def _systems(
    part: Path, margins: Margins, recipe: Recipe, talk: Talk
) -> Iterator[tuple[list[FileEntry], Ints]]:
    systems = systems_of(recipe.residents, LARGEST_SYSTEM)
    if engine_name() == "spark":
        from endeavour.engine.synthetic.on_spark import systems_on_spark

        talk("drawing on Spark", 0.0)
        yield from systems_on_spark(part, margins, systems, years=recipe.years, seed=recipe.seed)
        return
    for system in systems:

        def step(what: str, done: float, before: int = system.number) -> None:
            talk(what, (before + done) / len(systems))

        yield write_system(part, margins, system, years=recipe.years, seed=recipe.seed, talk=step)


def _calibrate(part: Path, margins: Margins, recipe: Recipe, entries: list[FileEntry]) -> FileEntry:
    """Compare what was written with its sources, and keep the comparison with the build."""
    import pyarrow.parquet as pq

    from endeavour.engine.synthetic.calibration import compare

    lake = Lake(root=part.parent, id="building.part", manifest=Manifest(recipe.as_dict(), tuple(entries)))
    report = compare(_InPart(lake, part), margins)
    path = part / "calibration.parquet"
    pq.write_table(report, path, compression="snappy")
    return describe(part, path, "calibration", report.num_rows)


class _InPart:
    """A build not yet in place, to query."""

    def __init__(self, lake: Lake, part: Path) -> None:
        self.manifest, self.part = lake.manifest, part

    def sources(self) -> dict[str, list[Path]]:
        names = dict.fromkeys(entry.table for entry in self.manifest.files)
        return {n: [self.part / e.path for e in self.manifest.files if e.table == n] for n in names}
