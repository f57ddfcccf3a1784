"""Draw a lake's systems on Spark, one task each: the workers write the very files that one machine would."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from endeavour.engine.synthetic.one_system import System, write_system

if TYPE_CHECKING:
    from endeavour.engine.lake.manifest import FileEntry
    from endeavour.engine.synthetic.margins import Margins
    from endeavour.engine.synthetic.sampling import Ints


def systems_on_spark(
    part: Path, margins: Margins, systems: Sequence[System], *, years: int, seed: int
) -> list[tuple[list[FileEntry], Ints]]:
    """Every system's files and residents by practice, in order; `part` is a folder that every worker can write in.

    Missing when Spark is absent. A task that fails is tried again by Spark and writes over what it left.
    """
    from endeavour.engine.lake.spark import spark_session

    context = spark_session().sparkContext
    shared = context.broadcast(margins)
    tasks = context.parallelize(systems, len(systems))
    return tasks.map(  # type: ignore[no-any-return]
        lambda system: write_system(part, shared.value, system, years=years, seed=seed)
    ).collect()
