"""Where things are kept, and the one way a file is replaced."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from endeavour.errors import Missing, NotFound


def var_dir() -> Path:
    """The folder of everything this installation builds or stores; `ENDEAVOUR_VAR`, or `./var`."""
    return Path(os.environ.get("ENDEAVOUR_VAR", "var")).resolve()


def lake_dir() -> Path:
    """The person-level Parquet lake."""
    return var_dir() / "lake"


def packs_root() -> Path:
    """The folder of packs: inside the wheel where it was installed from one, else the checkout's `packs/`."""
    inside = Path(__file__).parent / "_packs"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "packs"


def pack_dir(name: str) -> Path:
    """The folder of one pack, by its name or by a path to it."""
    for candidate in (packs_root() / name, Path(name)):
        if (candidate / "pack.yaml").is_file():
            return candidate
    raise NotFound(
        f"There is no pack '{name}'.",
        hint="Give the name of a folder in packs/, or the path of a folder that holds a pack.yaml.",
    )


def flush_folder(folder: Path) -> None:
    """Make a rename inside the folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def room_for(what: str, *, hint: str) -> Iterator[None]:
    """Missing, with the hint, where a disk fills up, or a file grows past its limit, while `what` is written."""
    try:
        yield
    except Exception as error:
        if _is_full_disk(error):
            raise Missing(f"There is no room left for {what}.", hint=hint) from error
        raise


def _is_full_disk(error: Exception) -> bool:
    """By its number or, where an engine writes, by the system's words for it: DuckDB and Spark give no more."""
    full = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    if isinstance(error, OSError):
        return error.errno in full
    return any(os.strerror(number) in str(error) for number in full)


@contextmanager
def write_atomically(path: Path, *, mode: int = 0o644) -> Iterator[Path]:
    """Give a temporary path beside `path`; move it into place only when the block ends well.

    A reader sees the old file or the new one, never half of either, and a crash leaves the old. The data is flushed
    to the disk before the rename, because a rename may otherwise survive a power cut that its contents do not.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    os.close(handle)
    part = Path(name)
    try:
        yield part
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.chmod(mode)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
