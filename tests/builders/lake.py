"""Small lakes for tests: the real pack's system at another size, all areas in it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from builders.once import made_once
from endeavour.engine.lake.store import Lake
from endeavour.engine.synthetic.build import build_lake
from endeavour.pack import Pack

SMALL = 10_000


@lru_cache(maxsize=1)
def the_pack() -> Pack:
    """The worked example's pack, read once a session."""
    return Pack.open("mse")


def small_lake(
    root: Path, *, residents: int = SMALL, years: int = 3, seed: int = 1, force: bool = False
) -> Lake:
    """A lake of `residents` in `root`/lake, the same bytes for the same seed; under a second after the first."""
    return build_lake(
        the_pack(), residents=residents, years=years, seed=seed, root=root / "lake", force=force
    )


@lru_cache(maxsize=1)
def the_small_lake() -> Lake:
    """One lake of 10,000 residents for the whole run, to read and never to change."""
    return Lake.open(made_once("the-small-lake", small_lake) / "lake")
