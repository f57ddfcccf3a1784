"""Open the lake to read, and replace it whole: a reader meets a finished build or the one before it.

lake/current             the id of the build in use, replaced in one step
lake/builds/ID/          one finished build: manifest.json and the tables' Parquet files
lake/builds/*.part/      a build under way, or one that was killed; never read, cleared by the next build
lake/people.csv          whose every build is that ever stood here; see `whose.py`
lake/build.lock          held by the builder at work, with its process number
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from endeavour.engine.lake.manifest import MENDING, NAME, FileEntry, Manifest, describe
from endeavour.engine.lake.schema import SCHEMA_VERSION
from endeavour.engine.lake.whose import note, peoples, standing, whose
from endeavour.errors import Conflict, Corrupt, Missing
from endeavour.paths import flush_folder, lake_dir, room_for, write_atomically

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

BUILD = "Build it with: endeavour lake build"
ROOM = "Free some space (about 1 KB a resident) and build again; the lake in use is untouched."
MAGIC = b"PAR1"


@dataclass(frozen=True)
class Lake:
    """One finished build, to read. Open it with `Lake.open()`; ask `is_stale()` when you keep one for long."""

    root: Path
    id: str
    manifest: Manifest

    @classmethod
    def open(cls, root: Path | None = None) -> Lake:
        """The current build under `root` (the installation's lake by default), after a quick look at every file.

        Missing when none was built or its schema is of another version; Corrupt when a file is absent, of another
        size, or not whole Parquet. Checksums are for `verify`.
        """
        root = root or lake_dir()
        build = current_id(root)
        if build is None:
            raise Missing(f"There is no lake in {root}.", hint=BUILD)
        folder = root / "builds" / build
        if not folder.is_dir():
            raise Corrupt(f"The lake points at the build {build}, which is not there.", hint=MENDING)
        manifest = Manifest.read(folder)
        version = manifest.recipe.get("schema_version")
        if version != SCHEMA_VERSION:
            raise Missing(
                f"The lake was built with schema {version}; this release reads {SCHEMA_VERSION}.", hint=BUILD
            )
        for entry in manifest.files:
            _look_at(folder / entry.path, entry)
        return cls(root=root, id=build, manifest=manifest)

    @property
    def folder(self) -> Path:
        """The build's own folder."""
        return self.root / "builds" / self.id

    @property
    def people(self) -> str:
        """Whom its tables count, as the release log names them: the same words for the same people.

        A lake is rebuilt from newer data and people are linked again, and most figures are those of before. Called by
        one name, new tables are checked against all earlier ones; a figure that changed counts as a revision.
        """
        return peoples(self.root).get(self.id) or whose(self.id, self.manifest.recipe)

    def is_stale(self) -> bool:
        """Whether a newer build has taken this one's place."""
        return current_id(self.root) != self.id

    def files(self, table: str) -> list[Path]:
        """The Parquet files of one table, in order."""
        return [self.folder / e.path for e in self.manifest.files if e.table == table]

    def rows(self) -> dict[str, int]:
        """How many rows each table has, from the manifest."""
        return self.manifest.rows

    def read(self, table: str, columns: list[str] | None = None) -> pa.Table:
        """A whole table (or some columns of it) in memory as Arrow. Ask DuckDB for anything of `event`."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        parts = [pq.read_table(path, columns=columns, partitioning=None) for path in self.files(table)]
        return pa.concat_tables(parts).unify_dictionaries()

    def connect(self, *, threads: int | None = None) -> duckdb.DuckDBPyConnection:
        """A DuckDB connection of your own with a view for each table; close it, or let it go with you.

        Reads only. Give each thread its own `cursor()` of it.
        """
        from endeavour.engine.lake.backends import DuckBackend

        return DuckBackend(self.sources(), threads=threads).connection

    def sources(self) -> dict[str, list[Path]]:
        """Each table's files, by table name: what `backends.open_backend` takes."""
        names = dict.fromkeys(entry.table for entry in self.manifest.files)
        return {name: self.files(name) for name in names}

    def verify(self) -> None:
        """Read every byte; Corrupt with the names of the files whose checksum differs from the manifest's."""
        wrong = [
            entry.path
            for entry in self.manifest.files
            if describe(self.folder, self.folder / entry.path, entry.table, entry.rows) != entry
        ]
        if wrong:
            raise Corrupt(f"The lake's files are not as they were written: {', '.join(wrong)}.", hint=MENDING)


def current_id(root: Path) -> str | None:
    """The id of the build in use, or None; Corrupt when the pointer holds anything but an id."""
    try:
        written = (root / "current").read_bytes().strip().decode("ascii", "replace")
    except (FileNotFoundError, NotADirectoryError):
        return None
    if not re.fullmatch(r"[0-9a-f]{16}", written):
        raise Corrupt(f"The lake's pointer {root / 'current'} does not hold the id of a build.", hint=MENDING)
    return written


def _look_at(path: Path, entry: FileEntry) -> None:
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            stream.seek(-4, os.SEEK_END)
            whole = stream.read() == MAGIC
    except (OSError, ValueError):
        size, whole = -1, False
    if size != entry.size or not whole:
        found = (
            "is missing"
            if size < 0
            else f"has {size} bytes of {entry.size}"
            if size != entry.size
            else "is torn"
        )
        raise Corrupt(f"The lake's file {path} {found}.", hint=MENDING)


@contextmanager
def building(root: Path) -> Iterator[Path]:
    """Hold the builder's lock and give an empty folder to build in; it is removed unless `finish` took it.

    Conflict when another builder is at work. What a killed builder left is cleared first. A disk that fills up, or
    a file that grows past its limit, becomes Missing with what to do.
    """
    try:
        (root / "builds").mkdir(parents=True, exist_ok=True)
        held = (root / "build.lock").open("a+", encoding="ascii")
    except OSError as error:
        raise Missing(
            f"The lake cannot be written in {root} ({error.strerror}).",
            hint="Make the folder writable, or name another in ENDEAVOUR_VAR.",
        ) from error
    with held as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise Conflict(
                f"Another build is under way (process {lock.read().strip() or 'unknown'}).",
                hint="Wait for it to end; nothing needs doing.",
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        for left in (root / "builds").glob("*.part"):
            shutil.rmtree(left)
        part = root / "builds" / "building.part"
        part.mkdir()
        try:
            with room_for(f"the lake in {root}", hint=ROOM):
                yield part
        finally:
            shutil.rmtree(part, ignore_errors=True)


def finish(root: Path, part: Path, manifest: Manifest) -> Lake:
    """Make the build in `part` the current one: write its manifest, flush, rename, switch the pointer.

    The build it replaces stays until the next, for readers that are in the middle of it; older ones go.
    """
    (part / NAME).write_text(manifest.text(), encoding="utf-8")
    for path in [*part.rglob("*.parquet"), part / NAME]:
        with path.open("rb") as stream:
            os.fsync(stream.fileno())
    before = _pointed_at(root)
    folder = root / "builds" / manifest.id
    lake = Lake(root=root, id=manifest.id, manifest=manifest)
    if not _is_sound(lake):
        if folder.exists():  # the same build, but damaged: there is nothing in it to lose
            folder.rename(root / "builds" / "damaged.part")
        part.rename(folder)
        flush_folder(root / "builds")
    note(root, standing(root, before) | {manifest.id: manifest})
    with write_atomically(root / "current") as pointer:
        pointer.write_text(manifest.id + "\n", encoding="ascii")
    flush_folder(root)
    for old in (root / "builds").iterdir():
        if old.name not in (manifest.id, before) and old.is_dir():
            shutil.rmtree(old, ignore_errors=True)
    return lake


def _pointed_at(root: Path) -> str | None:
    """What the pointer says, for the one who is about to replace it: a broken one says nothing."""
    try:
        return current_id(root)
    except Corrupt:
        return None


def _is_sound(lake: Lake) -> bool:
    """Whether the very same build is in place already, every byte of it."""
    try:
        if Manifest.read(lake.folder) != lake.manifest:
            return False
        lake.verify()
    except (Corrupt, OSError):
        return False
    return True
