"""The manifest of a lake: what it was made from and every file's rows, size and checksum."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from endeavour.errors import Corrupt

NAME = "manifest.json"
MENDING = "Build it again with: endeavour lake build --force"


@dataclass(frozen=True)
class FileEntry:
    """One Parquet file: path inside the build, its table, rows, bytes and SHA-256."""

    path: str
    table: str
    rows: int
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a build is: the recipe it was made from (seed, size, years, pack, versions) and its files.

    There is no time in it, so that the same recipe gives the same manifest, byte for byte.
    """

    recipe: dict[str, Any]
    files: tuple[FileEntry, ...]

    @property
    def id(self) -> str:
        """Sixteen hexadecimal digits that change whenever the recipe or any file's content does."""
        return hashlib.sha256(self.text().encode()).hexdigest()[:16]

    @property
    def rows(self) -> dict[str, int]:
        """Rows of each table."""
        counts: dict[str, int] = {}
        for entry in self.files:
            counts[entry.table] = counts.get(entry.table, 0) + entry.rows
        return counts

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(entry.size for entry in self.files)

    def text(self) -> str:
        """The manifest as JSON, always the same for the same content."""
        return json.dumps(
            {"recipe": self.recipe, "files": [asdict(e) for e in self.files]}, indent=1, sort_keys=True
        )

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """The manifest of the build in `folder`; Corrupt when it is absent or not one."""
        path = folder / NAME
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            return cls(recipe=data["recipe"], files=tuple(FileEntry(**entry) for entry in data["files"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Corrupt(f"The lake's manifest {path} cannot be read ({error}).", hint=MENDING) from error


def describe(folder: Path, path: Path, table: str, rows: int) -> FileEntry:
    """The entry of a finished file, its checksum taken by reading it once."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return FileEntry(path.relative_to(folder).as_posix(), table, rows, path.stat().st_size, digest)
