"""One system's residents and events: drawn and written by themselves, here or on a Spark worker.

A system is at most LARGEST_SYSTEM residents. Each has random numbers, ids and files of its own, so that systems can be
drawn one after another or all at once and the files are the same, byte for byte.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from endeavour.engine.lake import schema
from endeavour.engine.lake.manifest import FileEntry, describe
from endeavour.engine.lake.writing import PartWriter
from endeavour.engine.synthetic import population
from endeavour.engine.synthetic.events import expected_emergencies, write_events
from endeavour.engine.synthetic.margins import Margins, at_size
from endeavour.engine.synthetic.sampling import Ints

if TYPE_CHECKING:
    import pyarrow as pa

LARGEST_SYSTEM = 1_250_000
"""More residents than this are drawn as several systems, so that memory stays flat."""


@dataclass(frozen=True)
class System:
    """Which system of a lake this is, from nought, how many residents it has, and the id of the first of them.

    Its households are numbered from the same id on: there are never more of them than residents.
    """

    number: int
    residents: int
    first_id: int


def systems_of(residents: int, largest: int = LARGEST_SYSTEM) -> list[System]:
    """The systems that so many residents are drawn as, of nearly one size.

    >>> systems_of(11, largest=5)
    [System(number=0, residents=3, first_id=1), System(number=1, residents=4, first_id=4),
     System(number=2, residents=4, first_id=8)]
    """
    count = math.ceil(residents / largest)
    ends = [residents * n // count for n in range(count + 1)]
    return [System(n, ends[n + 1] - ends[n], ends[n] + 1) for n in range(count)]


def write_system(
    part: Path,
    margins: Margins,
    system: System,
    *,
    years: int,
    seed: int,
    talk: Callable[[str, float], None] = lambda _what, _done: None,
) -> tuple[list[FileEntry], Ints]:
    """Draw a system and write its files into the build `part`: their entries, and its residents by practice.

    `talk` is told what is being done and how much of this system is done, 0 to 1.
    """
    rng = np.random.Generator(np.random.SFC64([seed, years, system.number]))
    pop = population.draw_population(
        at_size(margins, system.residents), years=years, rng=rng, step=lambda what: talk(what, 0.0)
    )
    talk("writing residents and households", 0.12)
    name = f"part-{system.number + 1:04d}.parquet"
    ids = {"person_from": system.first_id, "household_from": system.first_id}
    truth = _truth_table(pop, system.first_id)
    tables = (
        (schema.PERSON, population.person_table(pop, **ids, rng=rng)),
        (schema.HOUSEHOLD, population.household_table(pop, household_from=system.first_id)),
        (schema.CONDITION, population.condition_table(pop, person_from=system.first_id, rng=rng)),
        (schema.TRUTH, truth),
    )
    entries = [write_whole(part, table, part / table.name / name, rows) for table, rows in tables]
    del tables, truth
    entries += [
        describe(part, file.path, "event", file.rows)
        for file in write_events(
            pop,
            part / "event",
            name,
            years=years,
            **ids,
            rng=rng,
            talk=lambda done: talk("service events", 0.15 + 0.8 * done),
        )
    ]
    return entries, np.bincount(pop.practice, minlength=len(margins.practices.code))


def write_whole(part: Path, table: schema.Table, path: Path, rows: pa.Table) -> FileEntry:
    """Write one table's file at once, and describe it."""
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
