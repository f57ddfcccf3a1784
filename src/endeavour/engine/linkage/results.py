"""A linkage result: a folder named by its contents, put in place whole, with a pointer to the one in use.

people.parquet      agency, record_id, person_id (never changes), counted_as, linked_on, left_on
assertions.parquet  left_id, right_id, by, weight, asserted_on, ended_on, ended_because: every link ever made
homes.parquet       person_id, household_id, address_from
households.parquet  household_id, home, size, last_seen_on, area, decile, has_opted_out, doubts
review.parquet      the doubtful pairs (see `review.py`); holds names
names.parquet       how common each name is, for explanations
fillers.parquet     agency, birth_date, uprn, digits: what stands where nothing was known, for explanations
model.json          the learnt weights     summary.json  counts only
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from endeavour.engine.linkage.paths import current_result, results_dir
from endeavour.errors import Conflict, Corrupt, Missing
from endeavour.paths import room_for, write_atomically

PEOPLE, ASSERTIONS, REVIEW = "people.parquet", "assertions.parquet", "review.parquet"
FILLERS = "fillers.parquet"
RUN = "Link them with: endeavour linkage run"


@dataclass(frozen=True)
class Result:
    """One finished result, to read."""

    folder: Path
    summary: dict[str, Any]

    @property
    def name(self) -> str:
        """Made of the contents: equal results have one name."""
        return self.folder.name

    def path(self, name: str) -> Path:
        """One of its files."""
        return self.folder / name

    @property
    def weights(self) -> dict[str, Any]:
        """The model's learnt weights."""
        found: dict[str, Any] = json.loads(self.path("model.json").read_text(encoding="utf-8"))
        return found


def open_result(root: Path | None = None) -> Result:
    """The result in use; Missing before the first run, Corrupt when a file of it is not there or cannot be read."""
    folder = current_result(root)
    if folder is None:
        raise Missing("No records have been linked.", hint=RUN)
    try:
        summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Corrupt(f"The linkage result in {folder} cannot be read.", hint=RUN) from error
    absent = [name for name in summary["files"] if not (folder / name).is_file()]
    if absent:
        raise Corrupt(f"The linkage result in {folder} lacks {absent[0]}.", hint=RUN)
    return Result(folder, summary)


def before_this(root: Path) -> Result | None:
    """The result in use, for a run to build on; None before the first."""
    return open_result(root) if current_result(root) else None


@contextmanager
def writing(root: Path) -> Iterator[Path]:
    """Hold the lock and give an empty folder to write in; what a killed run left there is cleared first.

    Conflict when another run is under way; a full disk becomes Missing. The result in use is never touched.
    """
    folder = results_dir(root)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "run.lock").open("a+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict("Another linkage run is under way.", hint="Wait for it to end.") from None
        part = folder / "running.part"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
        try:
            with room_for("the result", hint="Free some space and run again."):
                yield part
        finally:
            shutil.rmtree(part, ignore_errors=True)


def finish(root: Path, part: Path, summary: dict[str, Any]) -> Result:
    """Name what was written by its contents, put it in place, and point to it; the result before it is kept."""
    names = sorted(path.name for path in part.iterdir())
    digests = {name: hashlib.sha256((part / name).read_bytes()).hexdigest() for name in names}
    summary = summary | {"files": digests}
    (part / "summary.json").write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    name = hashlib.sha256(json.dumps(summary, sort_keys=True).encode()).hexdigest()[:16]
    for path in part.iterdir():
        path.chmod(0o600)
        with path.open("rb") as stream:
            os.fsync(stream.fileno())
    folder = results_dir(root)
    before = current_result(root)
    target = folder / name
    if before is None or before.name != name:
        shutil.rmtree(target, ignore_errors=True)
        part.rename(target)
        with write_atomically(folder / "current") as pointer:
            pointer.write_text(name + "\n", encoding="ascii")
        for old in folder.iterdir():
            if old.is_dir() and old.name not in (name, before.name if before else name):
                shutil.rmtree(old, ignore_errors=True)
    return Result(target, summary)
