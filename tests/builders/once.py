"""What a run of the tests makes once, in whichever of its processes asks first; the others wait for it and share it."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path


def made_once(name: str, make: Callable[[Path], object]) -> Path:
    """The folder of that name that `make` fills; to read and never to change, for every process of the run reads it.

    It stands at its place while it is made, so that what is in it may name its own paths; where making it fails, nothing
    stays and the next to ask tries again.
    """
    run = Path(os.environ["ENDEAVOUR_TESTS_RUN"])
    folder, done = run / name, run / f"{name}.done"
    with (run / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            done.touch()
    return folder
