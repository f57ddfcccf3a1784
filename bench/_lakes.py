"""Lakes of a tenth, one and ten times the system's size, kept between runs."""

from __future__ import annotations

from endeavour.engine.lake.store import Lake
from endeavour.engine.synthetic.build import build_lake
from endeavour.pack import Pack
from endeavour.paths import var_dir

FULL = 1_199_519


def lake_of(scale: float) -> Lake:
    """The lake in use as it is, or another of `scale` times its residents, drawn when first asked for."""
    here = Lake.open()
    if scale == 1:
        return here
    residents = max(2_000, round(here.rows()["person"] * scale))
    years = int(here.manifest.recipe["years"])
    return build_lake(
        Pack.open("mse"), residents=residents, years=years, root=var_dir() / "bench-lakes" / f"{scale:g}"
    )
