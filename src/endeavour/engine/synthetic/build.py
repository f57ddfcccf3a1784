"""Build the lake: draw the population of a pack's system and its service events, and put them in place whole."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from endeavour.engine.lake import schema
from endeavour.engine.lake.manifest import FileEntry, Manifest, describe
from endeavour.engine.lake.store import Lake, building, finish
from endeavour.engine.lake.writing import PartWriter
from endeavour.engine.synthetic import population
from endeavour.engine.synthetic.events import expected_emergencies, write_events
from endeavour.engine.synthetic.from_pack import PackTables, margins_from
from endeavour.engine.synthetic.margins import Margins, at_size
from endeavour.errors import BadInput
from endeavour.paths import lake_dir

if TYPE_CHECKING:
    import pyarrow as pa

GENERATOR_VERSION = 2
"""Raised whenever the same seed would draw other people."""

SEED = 20210321
LARGEST_SYSTEM = 1_250_000
"""More residents than this are drawn as several systems, one after another, so that memory stays flat."""

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
    """Write every table, one system at a time; give the entry of each finished file."""
    systems = math.ceil(recipe.residents / LARGEST_SYSTEM)
    registered = np.zeros(len(margins.practices.code), np.int64)
    person_from = household_from = 1
    for system in range(systems):
        rng = np.random.Generator(np.random.SFC64([recipe.seed, recipe.years, system]))
        size = recipe.residents * (system + 1) // systems - recipe.residents * system // systems
        done = system / systems

        def step(what: str, done: float = done) -> None:
            talk(what, done)

        pop = population.draw_population(at_size(margins, size), years=recipe.years, rng=rng, step=step)
        registered += np.bincount(pop.practice, minlength=len(registered))
        talk("writing residents and households", done + 0.12 / systems)
        number = f"part-{system + 1:04d}.parquet"
        truth = _truth_table(pop, person_from)
        for table, rows in (
            (
                schema.PERSON,
                population.person_table(pop, person_from=person_from, household_from=household_from, rng=rng),
            ),
            (schema.HOUSEHOLD, population.household_table(pop, household_from=household_from)),
            (schema.CONDITION, population.condition_table(pop, person_from=person_from, rng=rng)),
            (schema.TRUTH, truth),
        ):
            yield _write_whole(part, table, part / table.name / number, rows)
        for path in write_events(
            pop,
            part / "event",
            number,
            years=recipe.years,
            person_from=person_from,
            household_from=household_from,
            rng=rng,
            talk=lambda share, done=done: talk("service events", done + (0.15 + 0.8 * share) / systems),  # type: ignore[misc]
        ):
            yield describe(part, path.path, "event", path.rows)
        person_from += len(pop)
        household_from += len(pop.families) + len(pop.establishments)
    table = population.practice_table(margins, registered)
    yield _write_whole(part, schema.PRACTICE, part / "practice" / "part-0001.parquet", table)


def _write_whole(part: Path, table: schema.Table, path: Path, rows: pa.Table) -> FileEntry:
    with PartWriter(table, path) as writer:
        writer.write(rows)
    return describe(part, path, table.name, rows.num_rows)


def _truth_table(pop: population.Population, person_from: int) -> pa.Table:
    import pyarrow as pa

    need = pop.health
    return pa.table(
        {
            "person_id": np.arange(person_from, person_from + len(pop), dtype=np.int64),
            "household_need": need.household_need.astype(np.float32),
            "person_need": need.need.astype(np.float32),
            "expected_emergency": expected_emergencies(pop).astype(np.float32),
        },
        schema=schema.TRUTH.arrow(),
    )


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
