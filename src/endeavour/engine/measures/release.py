"""All measures at once, published and frozen: what pages and the API read, so that no request counts people.

var/measures/current        the name of the release in use
var/measures/NAME.parquet   one row a published figure; every number in it passed the gate

The name is made of the lake, the definitions and the years, so a rebuild of the same is the same file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from endeavour.engine.disclosure import FileLog
from endeavour.engine.measures.catalogue import Catalogue
from endeavour.engine.measures.compiler import LATEST_YEAR, compile_measure
from endeavour.engine.measures.lake_figures import published, rows_of
from endeavour.errors import Corrupt, Missing
from endeavour.paths import var_dir, write_atomically

if TYPE_CHECKING:
    import pyarrow as pa

    from endeavour.engine.lake.store import Lake

BUILD = "Build it with: endeavour measure release"


def measures_dir() -> Path:
    """Where releases are kept."""
    return var_dir() / "measures"


def build_release(
    catalogue: Catalogue, lake: Lake, *, years: Sequence[int] = (LATEST_YEAR,), say: Callable[[str], None]
) -> Path:
    """Publish every lake measure for the years given and make the release current; a repeat finds it done."""
    from endeavour.engine.lake.backends import open_backend

    name = release_name(catalogue, lake.id, years)
    path = measures_dir() / f"{name}.parquet"
    if not path.is_file():
        rows: list[dict[str, Any]] = []
        with open_backend(lake.sources()) as backend:
            for measure in catalogue.measures:
                if measure.reads != "lake":
                    continue
                for year in years:
                    compiled = compile_measure(measure, year=year)
                    log = FileLog(var_dir() / "disclosure")
                    table = published(compiled, backend, population=f"lake {lake.id}", log=log)
                    rows += rows_of(compiled, table)
                say(f"Published {measure.id}.")
        _write(rows, path)
    with write_atomically(measures_dir() / "current") as pointer:
        pointer.write_text(f"{name}\n", encoding="ascii")
    return path


def release_name(catalogue: Catalogue, lake_id: str, years: Sequence[int]) -> str:
    """A name made of everything the figures rest on."""
    told = [measure.model_dump(mode="json") for measure in catalogue.measures if measure.reads == "lake"]
    text = json.dumps([lake_id, sorted(years), told], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def current_release() -> str:
    """The name of the release in use, for ETags; `Missing` where none was built."""
    try:
        return (measures_dir() / "current").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise Missing("No measures have been published here.", hint=BUILD) from None


def published_figures(measure: str | None = None) -> pa.Table:
    """The release's figures, of one measure or all; `Corrupt` where the file cannot be read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = measures_dir() / f"{current_release()}.parquet"
    try:
        return pq.read_table(path, filters=None if measure is None else [("measure", "=", measure)])
    except (OSError, pa.ArrowInvalid) as error:
        raise Corrupt(f"The release of measures {path.name} cannot be read.", hint=BUILD) from error


def _write(rows: list[dict[str, Any]], path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    text = ("measure", "year", "grouping", "group", "reason", "release", "standing")
    schema = pa.schema(
        [pa.field(name, pa.string()) for name in text]
        + [pa.field(name, pa.int64()) for name in ("numerator", "denominator")]
        + [pa.field(name, pa.float64()) for name in ("value", "low", "high")]
    )
    table = pa.Table.from_pylist(rows, schema=schema)
    with write_atomically(path) as part:
        pq.write_table(table, part)
