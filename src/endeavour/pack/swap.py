"""Putting a new folder in the place of an old one, so that a crash leaves one of the two, whole."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
import tempfile
from pathlib import Path

from endeavour.paths import flush_folder

_STAGE_PREFIX = ".compiling-"
_RENAME_EXCHANGE = 2
_AT_FDCWD = -100


def new_stage(folder: Path) -> Path:
    """A folder beside the tables to build new ones in; what dead processes left behind is removed first."""
    for left in folder.glob(f"{_STAGE_PREFIX}*"):
        owner = left.name.removeprefix(_STAGE_PREFIX).split("-")[0]
        if owner.isdigit() and not _lives(int(owner)):
            shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(dir=folder, prefix=f"{_STAGE_PREFIX}{os.getpid()}-"))


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def put_in_place(new: Path, place: Path) -> None:
    """Make `new` stand at `place`. On Linux the two are exchanged in one step.

    Elsewhere there is a moment between two renames; `recover` ends it if the process died there.
    """
    _flush(new)
    if not place.exists():
        new.rename(place)
    elif _exchange(new, place):
        shutil.rmtree(new, ignore_errors=True)
    else:
        old = place.with_name(f".{place.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        place.rename(old)
        new.rename(place)
        shutil.rmtree(old, ignore_errors=True)
    flush_folder(place.parent)


def recover(place: Path) -> None:
    """Put the old folder back where a swap was cut off between its two renames."""
    old = place.with_name(f".{place.name}.old")
    if old.is_dir() and not place.exists():
        old.rename(place)


def _exchange(new: Path, place: Path) -> bool:
    """Exchange two names in one step; false where the system cannot."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    done: int = rename(_AT_FDCWD, os.fsencode(new), _AT_FDCWD, os.fsencode(place), _RENAME_EXCHANGE)
    return done == 0


def _flush(folder: Path) -> None:
    """Write every file of a folder through to the disk, before a rename that must not outlive its contents."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as stream:
                os.fsync(stream.fileno())
    flush_folder(folder)
