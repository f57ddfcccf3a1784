"""The compiled copy of a pack that pages and the engine query: Parquet behind DuckDB views.

Copies stand at `var/pack/ID/DIGEST/`, named by their content and never changed. `current` names the one to read and
is replaced in one step, so a reader sees the old copy or the new one, whole.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from endeavour.errors import Corrupt, Missing
from endeavour.pack.packs import Pack
from endeavour.paths import var_dir, write_atomically

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

_VIEWS = {
    "area_kinds": """
        SELECT code, kind, name FROM areas UNION ALL
        SELECT code, also_kind AS kind, name FROM areas WHERE also_kind IS NOT NULL
    """,
    "lsoa_areas": """
        SELECT o.from_code AS lsoa, f.kind AS vintage, t.kind AS kind, o.to_code AS area, o.weight
        FROM area_overlaps AS o
        JOIN area_kinds AS f ON f.code = o.from_code AND f.kind IN ('lsoa21', 'lsoa11')
        JOIN area_kinds AS t ON t.code = o.to_code AND t.kind NOT IN ('lsoa21', 'lsoa11')
    """,
}
_VIEW_NEEDS = {"area_kinds": {"areas"}, "lsoa_areas": {"areas", "area_overlaps"}}
_OLD_COPIES_KEPT = 2


def compile_store(pack: Pack, var: Path | None = None) -> Path:
    """Write the Parquet copy of a pack and make it current; gives its folder. Nothing is written when it is there."""
    home = (var or var_dir()) / "pack" / pack.meta.id
    copy = home / pack.digest()[:20]
    if not copy.is_dir():
        _write_copy(pack, home, copy)
    current = home / "current"
    if not current.is_file() or current.read_text(encoding="utf-8") != copy.name:
        with write_atomically(current) as part:
            part.write_text(copy.name, encoding="utf-8")
        _forget_old(home, copy)
    return copy


def connect(name: str = "mse", var: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection of the caller's own, with one view for each table of the current copy.

    Open one for each request or thread; fetch at once. `Missing` says what to run where no copy was made.
    """
    import duckdb

    copy = current_copy(name, var)
    connection = duckdb.connect(
        config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    )
    tables = sorted(path for path in copy.glob("*.parquet"))
    for path in tables:
        quoted = str(path).replace("'", "''")
        connection.execute(f"CREATE VIEW {path.stem} AS SELECT * FROM read_parquet('{quoted}')")
    present = {path.stem for path in tables}
    for view, query in _VIEWS.items():
        if _VIEW_NEEDS[view] <= present:
            connection.execute(f"CREATE VIEW {view} AS {query}")
    return connection


def current_copy(name: str = "mse", var: Path | None = None) -> Path:
    """The folder of the current copy; its name is the pack's digest, fit for an ETag."""
    home = (var or var_dir()) / "pack" / name
    current = home / "current"
    if not current.is_file():
        raise Missing(f"The pack '{name}' has not been loaded.", hint=f"Run endeavour pack load {name}.")
    copy = home / current.read_text(encoding="utf-8").strip()
    if not (copy / "areas.parquet").is_file():
        raise Corrupt(
            f"The compiled copy of the pack '{name}' is gone.", hint=f"Run endeavour pack load {name}."
        )
    return copy


def _write_copy(pack: Pack, home: Path, copy: Path) -> None:
    import pyarrow.parquet as pq

    home.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=home, prefix=".part-"))
    try:
        for name in pack.table_names():
            pq.write_table(pack.table(name), part / f"{name}.parquet", compression="zstd")
        pq.write_table(_provenance(pack), part / "provenance.parquet")
        part.chmod(0o755)
        try:
            part.rename(copy)
        except OSError:
            if not copy.is_dir():  # another process wrote the same content first
                raise
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _provenance(pack: Pack) -> pa.Table:
    import pyarrow as pa

    rows = []
    for name in pack.table_names():
        known = pack.provenance(name)
        rows.append(
            {
                "table": name,
                "publisher": known.publisher,
                "licence": known.licence,
                "vintage": known.vintage,
                "source": known.source,
                "attribution": known.attribution,
                "rows": pack.table(name).num_rows,
            }
        )
    return pa.Table.from_pylist(rows)


def _forget_old(home: Path, keep: Path) -> None:
    """Keep the last few copies, for readers that still have one open."""
    copies = [p for p in home.iterdir() if p.is_dir() and not p.name.startswith(".") and p != keep]
    copies.sort(key=lambda p: p.stat().st_mtime, reverse=True)
    for old in copies[_OLD_COPIES_KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
    for part in home.glob(".part-*"):
        if part.stat().st_mtime < keep.stat().st_mtime - 3600:
            shutil.rmtree(part, ignore_errors=True)
