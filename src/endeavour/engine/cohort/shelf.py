"""Frozen results: each a folder named by its contents, written whole or not at all, and the name of the one in use.

var/SHELF/current            the name of the result in use
var/SHELF/NAME/summary.json  aggregates that passed the gate; pages and the API read this
var/SHELF/NAME/...           what else was kept, each with its SHA-256 in the summary
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from endeavour.engine.disclosure.rules import GATE
from endeavour.errors import Corrupt, Missing
from endeavour.paths import var_dir, write_atomically

Write = Callable[[Path], object]


@dataclass(frozen=True)
class Shelf:
    """One kind of result. `files` are kept beside the summary; those of `private` are the person plane's."""

    name: str
    files: tuple[str, ...]
    private: frozenset[str]
    absent: str
    build: str

    @property
    def home(self) -> Path:
        """The folder of all results of this kind."""
        return var_dir() / self.name

    def freeze(self, name: str, writers: Mapping[str, Write], summary: dict[str, Any]) -> Path:
        """Write the result beside the others and make it current; a reader sees the old one or the new.

        `writers` gives for each of `files` what writes it; the digest of each is added to `summary`.
        """
        assert set(writers) == set(self.files), "every file of the shelf is written"
        self.home.mkdir(parents=True, exist_ok=True)
        folder = self.home / name
        part = Path(tempfile.mkdtemp(dir=self.home, prefix=f".{name}."))
        try:
            for file, write in writers.items():
                write(part / file)
                (part / file).chmod(0o600 if file in self.private else 0o644)
                summary[_digest_of(file)] = _sha256(part / file, self.build)
            text = json.dumps(summary, indent=1, ensure_ascii=False)
            if not (folder / "summary.json").is_file() or _text(folder) != text:
                (part / "summary.json").write_text(text, encoding="utf-8")
                _sync(part)
                part.chmod(0o755)
                if folder.exists():
                    shutil.rmtree(folder)
                part.rename(folder)
        finally:
            shutil.rmtree(part, ignore_errors=True)
        with write_atomically(self.home / "current") as pointer:
            pointer.write_text(name + "\n", encoding="ascii")
        return folder

    def current(self) -> dict[str, Any]:
        """The summary in use; `Missing` when none was made, `Corrupt` when a file beside it was changed."""
        folder = self.current_folder()
        summary = self._summary(folder)
        for file in self.files:
            if summary.get(_digest_of(file)) != _sha256(folder / file, self.build):
                stem = Path(file).stem
                raise Corrupt(
                    f"The {stem} of release {folder.name} are not those that were frozen.", hint=self.build
                )
        return summary

    def current_folder(self) -> Path:
        """The folder in use; `Missing` when there is none."""
        try:
            return self.home / (self.home / "current").read_text(encoding="ascii").strip()
        except FileNotFoundError:
            raise Missing(self.absent, hint=self.build) from None

    def _summary(self, folder: Path) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads(_text(folder))
        except (OSError, ValueError) as error:
            raise Corrupt(
                f"The summary of release {folder.name} cannot be read ({error}).", hint=self.build
            ) from error
        return found


def name_of(*contents: object) -> str:
    """Sixteen hexadecimal digits that change whenever any of the (plain) contents does.

    >>> name_of("rule", 1) == name_of("rule", 1), name_of("rule", 1) == name_of("rule", 2)
    (True, False)
    """
    text = json.dumps(contents, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def told_name(*contents: object) -> str:
    """The same of figures that passed the gate: another whenever the gate is, so that all are published again."""
    return name_of(f"gate {GATE}", *contents)


def _digest_of(file: str) -> str:
    return f"{Path(file).stem}_sha256"


def _text(folder: Path) -> str:
    return (folder / "summary.json").read_text(encoding="utf-8")


def _sync(folder: Path) -> None:
    for path in folder.iterdir():
        with path.open("rb") as stream:
            os.fsync(stream.fileno())


def _sha256(path: Path, build: str) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise Corrupt(f"{path.name} cannot be read ({error}).", hint=build) from error
